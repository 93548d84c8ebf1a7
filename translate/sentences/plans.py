"""Plans: what of a sentence is sent to the model, first and on each rung of the retry ladder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from translate.checks.terms import Terms
from translate.clauses import split_clauses
from translate.document import Flag
from translate.engines import Engine
from translate.sentences.french.holding import Hold, holds
from translate.sentences.french.protect import Protected, pieces, protect
from translate.sentences.french.rewording import Rewording, always, for_doubts
from translate.sentences.french.titles import held_titles
from translate.sentences.quotation import Opening, without_openings
from translate.settings import Decoding, Settings

#: Tokens below which a clause is not cut further in a retry: shorter ones lose what they belong to.
SHORTEST_CLAUSE = 12

#: A word of two to five capitals with none beside it.
_ACRONYM = re.compile(r"(?<![A-ZÀ-Ý][ -])(?<![\w’'-])[A-ZÀ-Ý]{2,5}(?![\w-])(?! [A-ZÀ-Ý]+(?!\w))")

#: Tokens that may not come twice where a translation loops: names of three pieces may, at the first try.
REPEATED = 3


@dataclass(frozen=True)
class Source:
    """One sentence to translate; ``markup`` tells that it holds inline Markdown."""

    text: str
    markup: bool = False


@dataclass(frozen=True)
class Stretch:
    """A stretch of a sentence that goes to the model, as one unit or, where it is long, as several.

    ``starts`` are the places of the units in ``text``, as long as ``protected.plain``; ``openings`` the quotation marks
    left out of each.
    """

    protected: Protected
    text: str
    units: tuple[str, ...]
    starts: tuple[int, ...]
    openings: tuple[tuple[Opening, ...], ...]


@dataclass(frozen=True)
class Plan:
    """One way to translate a sentence: its parts in order, strings being kept as they are.

    ``capitals`` tells that it is all in capitals, ``marks`` that no quotation mark is left out.
    """

    rung: str
    parts: tuple[Stretch | str, ...]
    capitals: bool = False
    marks: bool = False

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The parts that go to the model."""
        return tuple(part for part in self.parts if isinstance(part, Stretch))

    @property
    def units(self) -> tuple[str, ...]:
        """What goes to the model, in order."""
        return tuple(unit for stretch in self.stretches for unit in stretch.units)


def looked_for(settings: Settings, engine: Engine) -> Terms:
    """Return what to look for: words that are rare only to a model that has learnt from so little that it says so."""
    return Terms(settings.glossary, rare=engine.familiar is not None)


def decoding_on(rung: str, settings: Settings) -> Decoding:
    """Return how a rung decodes: the wider beam and the placeholders offer every hypothesis as a candidate.

    A right one often stands second or third there.
    """
    if rung == "no-repeat":
        return Decoding(settings.beam, no_repeat=REPEATED)
    width = max(8, 2 * settings.beam) if rung == "wider-beam" else max(4, settings.beam)
    return Decoding(width, width) if rung in ("wider-beam", "placeholders") else Decoding(settings.beam)


def first_plan(source: Source, engine: Engine) -> Plan:
    """Return how to try a sentence first: reworded where the model is always wrong, and in small letters."""
    titles = held_titles(source.text)
    reworded = _around_holds(always(source.text), titles)
    protected = protect(source.text, markup=source.markup, held=titles, reworded=reworded)
    if _in_capitals(protected.plain):
        # No vocabulary holds words in capitals: sent as they are, they come back garbled.
        cased = engine.true_case(protected.plain)
        return Plan("first", (_stretch(protected, cased, engine),), capitals=True)
    return Plan("first", (_stretch(protected, protected.plain, engine),))


def _in_capitals(text: str) -> bool:
    """Tell a line in capitals: five letters or more, and hardly a lower-case one."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 4 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)


def _stretch(protected: Protected, text: str, engine: Engine, limit: int = 0, *, marks: bool = False) -> Stretch:
    """Cut ``text`` into units of ``limit`` tokens at most (0: as many as the model reads)."""
    limit = min(limit or engine.max_length, engine.max_length)
    clauses = split_clauses(text, lambda piece: engine.length(piece) <= limit)
    starts, place = [], 0
    for clause in clauses:
        starts.append(place)
        place += len(clause.text) + len(clause.gap)
    kept = [(c.text, start) for c, start in zip(clauses, starts, strict=True) if c.text.strip()]
    # Only a model that aligns can be trusted to say where a mark belongs.
    sent = [without_openings(t, engine.breaks) if engine.guided and not marks else (t, ()) for t, _ in kept]
    return Stretch(protected, text, tuple(t for t, _ in sent), tuple(s for _, s in kept), tuple(o for _, o in sent))


def retry_plan(
    rung: str, source: Source, plan: Plan, doubts: tuple[Flag, ...], engine: Engine, settings: Settings
) -> Plan | None:
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
    if rung == "marks":
        if not any(stretch.openings) or all(flag.check != "quotes" for flag in doubts):
            return None
        plan = replace(plan, marks=True)
    text = changed = stretch.text
    titles, terms = held_titles(source.text), looked_for(settings, engine)
    reworded = _around_holds((*always(source.text), *for_doubts(source.text, doubts, terms)), titles)
    if rung == "reword":
        protected = protect(source.text, markup=source.markup, held=titles, reworded=reworded)
        changed = engine.true_case(protected.plain) if plan.capitals else protected.plain
    elif rung == "true-case" and any(len(word) > 3 and word.isupper() for word in text.split()):
        changed = _true_cased(text, engine)
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
            return around(
                replace(plan, rung=rung, parts=(_stretch(protected, changed, engine, marks=plan.marks),)), engine
            )
    elif rung == "clause-split":
        limit = max(SHORTEST_CLAUSE, engine.length(text) // 2 + 2)
    retry = replace(plan, rung=rung, parts=(_stretch(protected, changed, engine, limit, marks=plan.marks),))
    return retry if retry.units != plan.units else None


def _true_cased(text: str, engine: Engine) -> str:
    """Return ``text`` with its words of capitals as words, but for short ones among other words: acronyms."""
    cased = engine.true_case(text)
    for match in _ACRONYM.finditer(text):
        cased = cased[: match.start()] + match[0] + cased[match.end() :]
    return cased


def _apart(hold: Hold, other: Rewording | Hold) -> bool:
    return hold.end <= other.start or other.end <= hold.start


def _around_holds(reworded: Iterable[Rewording], held: Sequence[Hold]) -> tuple[Rewording, ...]:
    """Return the rewordings of what is not held: a held place shows what it must as it is."""
    return tuple(one for one in reworded if all(_apart(hold, one) for hold in held))


def around(plan: Plan, engine: Engine) -> Plan:
    """Plan a sentence around what the model would not copy: that is kept, and only the rest is sent."""
    parts: list[Stretch | str] = []
    for piece in pieces(plan.stretches[0].protected):
        if isinstance(piece, str):
            parts.append(piece)
        else:
            text = engine.true_case(piece.plain) if plan.capitals else piece.plain
            parts.append(_stretch(piece, text, engine, marks=plan.marks))
    return replace(plan, parts=tuple(parts))
