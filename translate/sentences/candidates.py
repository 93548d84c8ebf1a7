"""Candidates: what the model answered, put together, mended and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translate.checks import check
from translate.checks.omissions import omission_flags
from translate.checks.terms import as_asked
from translate.document import Flag, Hypothesis, Link
from translate.engines import Engine
from translate.places import in_english
from translate.sentences.english.agreement import agree
from translate.sentences.english.mending import mend
from translate.sentences.english.respelling import respell
from translate.sentences.french.protect import restore
from translate.sentences.plans import Plan, Stretch, looked_for
from translate.sentences.quotation import with_openings
from translate.settings import Settings
from translate.typography import english, relink

#: Words that have a capital only where a sentence begins; "I" and names keep theirs.
_SMALL_WORDS = frozenset(
    "a an the this that these those he she it we they his her its their who which what when where while if as and or "
    "but so for of in on at by to from with without after before since until because although there not no "
    "more most less least very also only even still just both each every all any some such many much few other".split()
)

#: A sentence translated in pieces keeps its facts but seldom its grammar: the reader is told.
_PIECED = Flag("pieced", "translated around what the model lost")
_RAN_ON = Flag("loop", "the model ran on until its limit")


#: What the model said of every unit, best first.
Answers = dict[str, tuple[Hypothesis, ...]]


@dataclass(frozen=True)
class Candidate:
    """A translation of a whole sentence, put together and checked."""

    target: str
    score: float
    flags: tuple[Flag, ...]


def put_together(plan: Plan, answers: Answers, settings: Settings, engine: Engine) -> Iterator[Candidate]:
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
            flags = check(french, plain_english, looked_for(settings, engine)) + (() if complete else (_RAN_ON,))
            flags += (*omitted, *((_PIECED,) if plan.rung == "around" else ()))
            yield Candidate(target, sum(scores) / max(1, len(scores)), flags)


def _continued(text: str, source: str, before: str) -> str:
    """Let ``text``, the translation of a stretch amid a sentence, go on from ``before``: mark, space, no capital."""
    if source[:1] in ",;:" and text[:1] != source[:1]:
        return f"{source[:1]} {_lowered(text)}"
    text = _lowered(text)
    return f" {text}" if before[-1:].isalnum() and text[:1].isalnum() else text


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text.partition(" ")[0].lower() in _SMALL_WORDS else text


def _joined(stretch: Stretch, hypotheses: Sequence[Hypothesis]) -> tuple[str, tuple[Link, ...]]:
    """Join the translations of a stretch's units; the links tie ``protected.plain`` to the joined text."""
    text, links = "", []
    for number, (start, answer) in enumerate(zip(stretch.starts, hypotheses, strict=True)):
        hypothesis = with_openings(answer, stretch.units[number], stretch.openings[number])
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
