"""Sentences to English: protect, translate in one call, check, and try what is doubtful again by other ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from translate.checks import check, severity
from translate.checks.loops import without_repeats
from translate.checks.terms import Terms
from translate.checks.unfamiliar import unfamiliar_flags
from translate.document import Attempt, Flag, Hypothesis, Segment
from translate.engines import Engine
from translate.sentences.candidates import Answers, Candidate, put_together
from translate.sentences.passing import by_rule, why_passed
from translate.sentences.plans import Plan, Source, around, decoding_on, first_plan, looked_for, retry_plan
from translate.settings import RUNGS, Decoding, Settings

__all__ = ["Key", "Progress", "Recall", "Source", "translate_sentences"]

#: Sentences of one engine call: an article is always one call; a book keeps its memory bounded and its progress seen.
CHUNK = 512

_CUT = Flag("loop", "what was said again and again is said once")

Progress = Callable[[int, int], None]

#: A sentence, and whether it holds inline Markdown.
Key = tuple[str, bool]


class Recall(Protocol):
    """Where translations are kept from one run to the next, such as :class:`translate.memory.Recall`."""

    def get(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        """Return what is known of ``keys``; what is returned is taken as it is."""
        ...

    def put(self, items: Iterable[tuple[Key, Segment]]) -> None:
        """Keep translations."""
        ...


def translate_sentences(
    sources: Sequence[Source],
    engine: Engine,
    settings: Settings,
    progress: Progress | None = None,
    recall: Recall | None = None,
) -> list[Segment]:
    """Translate sentences; identical ones once, all in as few engine calls as memory allows.

    Returns one segment a source, in order. What a check doubts climbs the retry ladder
    (:data:`translate.settings.RUNGS`); the candidate with the least severe flags wins, the earlier one where two
    are alike. ``progress`` is told (sentences done, all sentences). What ``recall`` knows is not translated again,
    and what is translated is kept there, call by call.
    """
    unique = list(dict.fromkeys(sources))
    known = recall.get([(source.text, source.markup) for source in unique]) if recall else {}
    done = {source: known[key] for source in unique if (key := (source.text, source.markup)) in known}
    missing = [source for source in unique if source not in done]
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        made = dict(zip(chunk, _translate_chunk(chunk, engine, settings), strict=True))
        if recall:
            recall.put(((source.text, source.markup), segment) for source, segment in made.items())
        done.update(made)
        if progress:
            progress(len(done), len(unique))
    return [done[source] for source in sources]


def _translate_chunk(sources: Sequence[Source], engine: Engine, settings: Settings) -> Iterator[Segment]:
    passed = [why_passed(source, settings) for source in sources]
    plans = {i: first_plan(s, engine) for i, s in enumerate(sources) if not passed[i]}
    tried: dict[int, list[tuple[Plan, list[Candidate]]]] = {index: [] for index in plans}
    _try(plans, tried, engine, Decoding(settings.beam, settings.alternatives), settings)
    for rung in RUNGS if settings.retry else ():
        found = {i: _best(tried[i]) for i in plans}
        doubtful = {i: plan for i, (plan, best) in found.items() if best.flags}
        again = {
            i: retry
            for i, plan in doubtful.items()
            if (retry := retry_plan(rung, sources[i], plan, _doubts(tried[i]), engine, settings))
        }
        _try(again, tried, engine, decoding_on(rung, settings), settings)
    for index, source in enumerate(sources):
        if passed[index]:
            yield Segment(source.text, by_rule(source.text, passed[index], settings), passed=passed[index])
        else:
            yield _settle(source, tried[index], settings, engine)


def _try(
    plans: dict[int, Plan],
    tried: dict[int, list[tuple[Plan, list[Candidate]]]],
    engine: Engine,
    decoding: Decoding,
    settings: Settings,
) -> None:
    """Translate the units of all plans in one call.

    What lost a placeholder at the first try is translated around it in a second one; a later try is given up.
    """
    answers = _ask(plans.values(), engine, decoding)
    lost: dict[int, Plan] = {}
    for index, plan in plans.items():
        candidates = list(put_together(plan, answers, settings, engine))
        if candidates:
            tried[index].append((plan, candidates))
        elif plan.rung == "first":
            lost[index] = around(plan, engine)
    if lost:
        answers = _ask(lost.values(), engine, Decoding(decoding.beam))
        for index, plan in lost.items():
            tried[index].append((plan, list(put_together(plan, answers, settings, engine))))


def _ask(plans: Iterable[Plan], engine: Engine, decoding: Decoding) -> Answers:
    wanted = list(plans)
    units = list(dict.fromkeys(unit for plan in wanted for unit in plan.units))
    marked = any(stretch.protected.spans for plan in wanted for stretch in plan.stretches)
    decoding = replace(decoding, align=marked or engine.guided, rough=not marked)
    answers = engine.translate(units, decoding) if units else []
    return dict(zip(units, answers, strict=True))


def _best(tried: Sequence[tuple[Plan, list[Candidate]]]) -> tuple[Plan, Candidate]:
    """Return the candidate with the least severe flags, the earliest of those, and its plan."""
    return min(((p, c) for p, found in tried for c in found), key=lambda one: severity(one[1].flags))


def _doubts(tried: Sequence[tuple[Plan, list[Candidate]]]) -> tuple[Flag, ...]:
    """Return the flags of the best candidate, and those of the first for what it lost."""
    return tuple(dict.fromkeys((*_best(tried)[1].flags, *_best(tried[:1])[1].flags)))


def _unfamiliar(first: Plan, target: str, settings: Settings, engine: Engine) -> list[Flag]:
    """Return a doubt for each word that the model hardly knows, which no other try would change."""
    if engine.familiar is None:
        return []
    french = " ".join(stretch.protected.unreworded for stretch in first.stretches)
    french = engine.true_case(french) if first.capitals else french
    return unfamiliar_flags(french, target, engine.familiar, looked_for(settings, engine))


def _unlooped(source: Source, looped: Candidate, terms: Terms) -> Candidate:
    """Say once what every try repeated; the sentence stays doubtful."""
    target = without_repeats(looped.target)
    flags = check(source.text, target, terms)
    if target == looped.target or not target.strip() or any(flag.check == "loop" for flag in flags):
        return looped
    return replace(looped, target=target, flags=(*flags, _CUT))


def _settle(source: Source, tried: list[tuple[Plan, list[Candidate]]], settings: Settings, engine: Engine) -> Segment:
    """Choose the best candidate of all rungs; log the best of each rung where there was more than one."""
    plan, best = _best(tried)
    if any(flag.check == "loop" for flag in best.flags):
        best = _unlooped(source, best, looked_for(settings, engine))
    rungs = [_best([one]) for one in tried]
    log = tuple(Attempt(p.rung, " ".join(p.units), c.target, c.score, c.flags) for p, c in rungs)
    first = tried[0][1]
    # Two segmentations of one text are two hypotheses to the model, and one to the reader: the better is kept.
    scores = {c.target: c.score for c in reversed(first)}
    alternatives = tuple(Hypothesis(t, scores[t]) for t in dict.fromkeys(c.target for c in first))
    return Segment(
        source.text,
        best.target,
        score=best.score,
        flags=(*best.flags, *_unfamiliar(tried[0][0], best.target, settings, engine)),
        rung=plan.rung,
        attempts=log if len(log) > 1 else (),
        alternatives=alternatives if settings.alternatives > 1 else (),
        clauses=len(plan.units),
    )
