"""Sentences to English: protect, translate in one call, check, and try what is doubtful again by other ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from translate.agreement import agree
from translate.bylines import english_byline
from translate.checks import check, severity
from translate.checks.loops import without_repeats
from translate.checks.omissions import omission_flags
from translate.checks.terms import Terms, as_asked, asked_line
from translate.checks.unfamiliar import unfamiliar_flags
from translate.datelines import english_dateline
from translate.document import Attempt, Flag, Hypothesis, Link, Segment
from translate.engines import Engine
from translate.holding import Hold, holds
from translate.language import is_english
from translate.mending import mend
from translate.places import in_english
from translate.protect import FOREIGN, Protected, is_symbols, pieces, protect, restore
from translate.respelling import respell
from translate.rewording import Rewording, always, for_doubts
from translate.rubrics import english_rubric
from translate.segment import split_clauses
from translate.settings import RUNGS, Decoding, Settings
from translate.titles import held_titles
from translate.typography import english, relink

#: A run of characters longer than any word (the longest French ones in use have 25 letters) is data, not language.
LONGEST_WORD = 200

#: Sentences of one engine call: an article is always one call; a book keeps its memory bounded and its progress seen.
CHUNK = 512

#: Tokens below which a clause is not cut further in a retry: shorter ones lose what they belong to.
SHORTEST_CLAUSE = 12

#: Tokens that may not come twice where a translation loops: names of three pieces may, at the first try.
REPEATED = 3

#: Words that have a capital only where a sentence begins; "I" and names keep theirs.
_SMALL_WORDS = frozenset(
    "a an the this that these those he she it we they his her its their who which what when where while if as and or "
    "but so for of in on at by to from with without after before since until because although there not no "
    "more most less least very also only even still just both each every all any some such many much few other".split()
)

_OTHER_SCRIPT = re.compile(FOREIGN)

#: A sentence translated in pieces keeps its facts but seldom its grammar: the reader is told.
_PIECED = Flag("pieced", "translated around what the model lost")
_RAN_ON = Flag("loop", "the model ran on until its limit")
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


@dataclass(frozen=True)
class Source:
    """One sentence to translate; ``markup`` tells that it holds inline Markdown."""

    text: str
    markup: bool = False


@dataclass(frozen=True)
class _Stretch:
    """A stretch of a sentence that goes to the model, as one unit or, where it is long, as several.

    ``starts`` are the places of the units in ``protected.plain``.
    """

    protected: Protected
    units: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True)
class _Plan:
    """One way to translate a sentence: its parts in order, strings being kept as they are."""

    rung: str
    parts: tuple[_Stretch | str, ...]
    capitals: bool = False

    @property
    def stretches(self) -> tuple[_Stretch, ...]:
        return tuple(part for part in self.parts if isinstance(part, _Stretch))

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(unit for stretch in self.stretches for unit in stretch.units)


@dataclass(frozen=True)
class _Candidate:
    """A translation of a whole sentence, put together and checked."""

    target: str
    score: float
    flags: tuple[Flag, ...]


_Answers = dict[str, tuple[Hypothesis, ...]]


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
    passed = [_passed(source, settings) for source in sources]
    plans = {i: _first_plan(s, engine) for i, s in enumerate(sources) if not passed[i]}
    tried: dict[int, list[tuple[_Plan, list[_Candidate]]]] = {index: [] for index in plans}
    _try(plans, tried, engine, Decoding(settings.beam, settings.alternatives), settings)
    for rung in RUNGS if settings.retry else ():
        found = {i: _best(tried[i]) for i in plans}
        doubtful = {i: plan for i, (plan, best) in found.items() if best.flags}
        again = {
            i: retry
            for i, plan in doubtful.items()
            if (retry := _retry_plan(rung, sources[i], plan, _doubts(tried[i]), engine, settings))
        }
        _try(again, tried, engine, _decoding(rung, settings), settings)
    for index, source in enumerate(sources):
        if passed[index]:
            yield Segment(source.text, _by_rule(source.text, passed[index], settings), passed=passed[index])
        else:
            yield _settle(source, tried[index], settings, engine)


def _passed(source: Source, settings: Settings) -> str:
    """Return why a sentence needs no translation, or nothing."""
    if asked_line(source.text, settings.glossary):
        return "glossary"
    if english_dateline(source.text):
        return "dateline"
    if english_rubric(source.text):
        return "rubric"
    if english_byline(source.text):
        return "byline"
    if any(len(word) > LONGEST_WORD and not _holds_address(word, source.markup) for word in source.text.split()):
        return "no words"
    if is_symbols(source.text) or not protect(source.text, markup=source.markup).translatable:
        return "script" if _OTHER_SCRIPT.search(source.text) else "symbols"
    return "english" if is_english(source.text) else ""


def _holds_address(word: str, markup: bool) -> bool:
    """Tell whether a run of characters is long for what is taken out of it before the model sees it."""
    return "://" in word[:LONGEST_WORD] or (markup and any(sign in word for sign in ("](", "<", "`", "://")))


def _by_rule(text: str, passed: str, settings: Settings) -> str:
    """Return the English of what no model is asked for."""
    if passed == "glossary":
        return english(asked_line(text, settings.glossary) or text, text, quotes=settings.quotes)
    if passed in ("dateline", "rubric", "byline"):
        return english_dateline(text) or english_rubric(text) or english_byline(text) or text
    return english(text, text, quotes=settings.quotes) if passed == "symbols" else text


def _terms(settings: Settings, engine: Engine) -> Terms:
    """Return what to look for: words that are rare only to a model that has learnt from so little that it says so."""
    return Terms(settings.glossary, rare=engine.familiar is not None)


def _decoding(rung: str, settings: Settings) -> Decoding:
    """Return how a rung decodes: the wider beam and the placeholders offer every hypothesis as a candidate.

    A right one often stands second or third there.
    """
    if rung == "no-repeat":
        return Decoding(settings.beam, no_repeat=REPEATED)
    width = max(8, 2 * settings.beam) if rung == "wider-beam" else max(4, settings.beam)
    return Decoding(width, width) if rung in ("wider-beam", "placeholders") else Decoding(settings.beam)


def _first_plan(source: Source, engine: Engine) -> _Plan:
    titles = held_titles(source.text)
    reworded = _around_holds(always(source.text), titles)
    protected = protect(source.text, markup=source.markup, held=titles, reworded=reworded)
    if _in_capitals(protected.plain):
        # No vocabulary holds words in capitals: sent as they are, they come back garbled.
        cased = engine.true_case(protected.plain)
        return _Plan("first", (_stretch(protected, cased, engine),), capitals=True)
    return _Plan("first", (_stretch(protected, protected.plain, engine),))


def _in_capitals(text: str) -> bool:
    """Tell a line in capitals: five letters or more, and hardly a lower-case one."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 4 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)


def _stretch(protected: Protected, text: str, engine: Engine, limit: int = 0) -> _Stretch:
    """Cut ``text`` into units of ``limit`` tokens at most (0: as many as the model reads)."""
    limit = min(limit or engine.max_length, engine.max_length)
    clauses = split_clauses(text, lambda piece: engine.length(piece) <= limit)
    starts, place = [], 0
    for clause in clauses:
        starts.append(place)
        place += len(clause.text) + len(clause.gap)
    kept = [(c.text, start) for c, start in zip(clauses, starts, strict=True) if c.text.strip()]
    return _Stretch(protected, tuple(t for t, _ in kept), tuple(s for _, s in kept))


def _doubts(tried: Sequence[tuple[_Plan, list[_Candidate]]]) -> tuple[Flag, ...]:
    """Return the flags of the best candidate, and those of the first for what it lost."""
    return tuple(dict.fromkeys((*_best(tried)[1].flags, *_best(tried[:1])[1].flags)))


def _retry_plan(
    rung: str, source: Source, plan: _Plan, doubts: tuple[Flag, ...], engine: Engine, settings: Settings
) -> _Plan | None:
    """Return how to try a doubtful sentence on this rung, or None where the rung offers nothing new.

    ``plan`` is the one that led to the best candidate so far, on which the rung builds.
    """
    if len(plan.parts) > 1:
        return None
    stretch = plan.stretches[0]
    if rung == "wider-beam":
        return replace(plan, rung=rung) if len(stretch.units) == 1 else None
    if rung == "no-repeat":
        return replace(plan, rung=rung) if any(flag.check == "loop" for flag in doubts) else None
    protected, limit = stretch.protected, 0
    text = changed = " ".join(stretch.units)
    titles, terms = held_titles(source.text), _terms(settings, engine)
    reworded = _around_holds((*always(source.text), *for_doubts(source.text, doubts, terms)), titles)
    if rung == "reword":
        protected = protect(source.text, markup=source.markup, held=titles, reworded=reworded)
        changed = engine.true_case(protected.plain) if plan.capitals else protected.plain
    elif rung == "true-case" and any(len(word) > 3 and word.isupper() for word in text.split()):
        changed = engine.true_case(text)
    elif rung == "final-stop" and not text.rstrip(" \u00a0\u202f»”\"')").endswith((".", "!", "?", "…", ":", ";")):
        changed = f"{text}."
    elif rung in ("placeholders", "around") and not plan.capitals:
        # What is said otherwise is no name or number to be held, but what the reader asks for is.
        found = holds(source.text, doubts, terms)
        reworded = _around_holds(reworded, [h for h in found if h.asked])
        taken: tuple[Rewording | Hold, ...] = (*reworded, *titles)
        lost = [h for h in found if all(_apart(h, other) for other in taken)]
        held = tuple(sorted((*titles, *lost), key=lambda h: h.start))
        protected = protect(source.text, markup=source.markup, held=held, reworded=reworded)
        changed = protected.plain
        if rung == "around" and protected.holders:
            return _around(replace(plan, rung=rung, parts=(_stretch(protected, changed, engine),)), engine)
    elif rung == "clause-split":
        limit = max(SHORTEST_CLAUSE, engine.length(text) // 2 + 2)
    retry = replace(plan, rung=rung, parts=(_stretch(protected, changed, engine, limit),))
    return retry if retry.units != plan.units else None


def _apart(hold: Hold, other: Rewording | Hold) -> bool:
    return hold.end <= other.start or other.end <= hold.start


def _around_holds(reworded: Iterable[Rewording], held: Sequence[Hold]) -> tuple[Rewording, ...]:
    """Return the rewordings of what is not held: a held place shows what it must as it is."""
    return tuple(one for one in reworded if all(_apart(hold, one) for hold in held))


def _try(
    plans: dict[int, _Plan],
    tried: dict[int, list[tuple[_Plan, list[_Candidate]]]],
    engine: Engine,
    decoding: Decoding,
    settings: Settings,
) -> None:
    """Translate the units of all plans in one call.

    What lost a placeholder at the first try is translated around it in a second one; a later try is given up.
    """
    answers = _ask(plans.values(), engine, decoding)
    lost: dict[int, _Plan] = {}
    for index, plan in plans.items():
        candidates = list(_candidates(plan, answers, settings, engine))
        if candidates:
            tried[index].append((plan, candidates))
        elif plan.rung == "first":
            lost[index] = _around(plan, engine)
    if lost:
        answers = _ask(lost.values(), engine, Decoding(decoding.beam))
        for index, plan in lost.items():
            tried[index].append((plan, list(_candidates(plan, answers, settings, engine))))


def _ask(plans: Iterable[_Plan], engine: Engine, decoding: Decoding) -> _Answers:
    wanted = list(plans)
    units = list(dict.fromkeys(unit for plan in wanted for unit in plan.units))
    marked = any(stretch.protected.spans for plan in wanted for stretch in plan.stretches)
    decoding = replace(decoding, align=marked or engine.guided, rough=not marked)
    answers = engine.translate(units, decoding) if units else []
    return dict(zip(units, answers, strict=True))


def _around(plan: _Plan, engine: Engine) -> _Plan:
    """Plan a sentence around what the model would not copy: that is kept, and only the rest is sent."""
    parts: list[_Stretch | str] = []
    for piece in pieces(plan.stretches[0].protected):
        if isinstance(piece, str):
            parts.append(piece)
        else:
            text = engine.true_case(piece.plain) if plan.capitals else piece.plain
            parts.append(_stretch(piece, text, engine))
    return replace(plan, parts=tuple(parts))


def _candidates(plan: _Plan, answers: _Answers, settings: Settings, engine: Engine) -> Iterator[_Candidate]:
    """Put the answers together: every hypothesis where one unit is the sentence, else the best of each unit."""
    ranks = len(answers[plan.units[0]]) if len(plan.units) == 1 else 1
    for rank in range(ranks):
        french, plain_english, target, scores, complete = "", "", "", [], True
        omitted: list[Flag] = []
        for part in plan.parts:
            if isinstance(part, str):
                gap = " " if part[:1].isalnum() and target[-1:].isalnum() else ""
                french, plain_english, target = french + part, plain_english + gap + part, target + gap + part
                continue
            hypotheses = [answers[unit][rank] for unit in part.units]
            text, links = _joined(part, hypotheses)
            if engine.guided:
                found = zip(part.units, hypotheses, strict=True)
                omitted += [flag for unit, one in found for flag in omission_flags(unit, one.links)]
            unit = part.protected.unreworded
            mended = agree(mend(respell(in_english(text, unit), unit), unit), unit)
            dressed = as_asked(english(mended, unit, quotes=settings.quotes), unit, settings.glossary)
            if target:
                dressed = _continued(dressed, unit, target)
            french += engine.true_case(unit) if plan.capitals else unit
            plain_english += dressed
            links = relink(links, text, dressed)
            restored = restore(part.protected, dressed.upper() if plan.capitals else dressed, links)
            if restored is None:
                break
            target += restored
            scores += [h.score for h in hypotheses]
            complete = complete and all(h.complete for h in hypotheses)
        else:
            flags = check(french, plain_english, _terms(settings, engine)) + (() if complete else (_RAN_ON,))
            flags += (*omitted, *((_PIECED,) if plan.rung == "around" else ()))
            yield _Candidate(target, sum(scores) / max(1, len(scores)), flags)


def _continued(text: str, source: str, before: str) -> str:
    """Let ``text``, the translation of a stretch amid a sentence, go on from ``before``: mark, space, no capital."""
    if source[:1] in ",;:" and text[:1] != source[:1]:
        return f"{source[:1]} {_lowered(text)}"
    text = _lowered(text)
    return f" {text}" if before[-1:].isalnum() and text[:1].isalnum() else text


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text.partition(" ")[0].lower() in _SMALL_WORDS else text


def _joined(stretch: _Stretch, hypotheses: Sequence[Hypothesis]) -> tuple[str, tuple[Link, ...]]:
    """Join the translations of a stretch's units; the links tie ``protected.plain`` to the joined text."""
    text, links = "", []
    for number, (start, hypothesis) in enumerate(zip(stretch.starts, hypotheses, strict=True)):
        words = _as_clause(hypothesis.text, number, stretch.units)
        text += " " if text and words else ""
        place = len(text)
        for link in hypothesis.links:
            source = link.source_start + start, link.source_end + start
            links.append(Link(*source, link.target_start + place, link.target_end + place))
        text += words
    return text, tuple(links)


def _as_clause(words: str, number: int, units: Sequence[str]) -> str:
    """Undo what a model does to a clause because it takes it for a sentence: the capital, the full stop."""
    if number + 1 < len(units) and words.endswith(".") and not words.endswith(".."):
        ending = units[number].rstrip()[-1:]
        if ending != ".":
            words = words[:-1] + (ending if ending in ",;:" else "")
    return _lowered(words) if number and units[number][:1].islower() else words


def _best(tried: Sequence[tuple[_Plan, list[_Candidate]]]) -> tuple[_Plan, _Candidate]:
    """Return the candidate with the least severe flags, the earliest of those, and its plan."""
    return min(((p, c) for p, found in tried for c in found), key=lambda one: severity(one[1].flags))


def _unfamiliar(first: _Plan, target: str, settings: Settings, engine: Engine) -> list[Flag]:
    """Return a doubt for each word that the model hardly knows, which no other try would change."""
    if engine.familiar is None:
        return []
    french = " ".join(stretch.protected.unreworded for stretch in first.stretches)
    french = engine.true_case(french) if first.capitals else french
    return unfamiliar_flags(french, target, engine.familiar, _terms(settings, engine))


def _unlooped(source: Source, looped: _Candidate, terms: Terms) -> _Candidate:
    """Say once what every try repeated; the sentence stays doubtful."""
    target = without_repeats(looped.target)
    flags = check(source.text, target, terms)
    if target == looped.target or not target.strip() or any(flag.check == "loop" for flag in flags):
        return looped
    return replace(looped, target=target, flags=(*flags, _CUT))


def _settle(source: Source, tried: list[tuple[_Plan, list[_Candidate]]], settings: Settings, engine: Engine) -> Segment:
    """Choose the best candidate of all rungs; log the best of each rung where there was more than one."""
    plan, best = _best(tried)
    if any(flag.check == "loop" for flag in best.flags):
        best = _unlooped(source, best, _terms(settings, engine))
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
