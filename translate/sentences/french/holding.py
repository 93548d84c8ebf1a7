"""Names, numbers and dates that a model lost, held for it behind placeholders and put back in English form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translate.checks.dates import MONTHS, WEEKDAYS
from translate.checks.durations import SPANS
from translate.checks.exonyms import EXONYMS
from translate.checks.terms import SET_TERMS, Terms, doubted
from translate.checks.words import fold
from translate.document import Flag
from translate.places import english_place
from translate.typography import english


@dataclass(frozen=True)
class Hold:
    """Characters ``[start:end)`` of a sentence to be replaced by a placeholder, and what the English shows there.

    ``asked`` tells that a reader's glossary asks for it.
    """

    start: int
    end: int
    shown: str
    asked: bool = False


#: What :mod:`translate.checks` says of something of the source that the target lacks.
_LOST = re.compile(r"(?P<what>.+?) (?:is missing|-> .+)", re.DOTALL)
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
#: Particles that may stand within a name and are not translated; French ones (de, la) often are.
_PARTICLES = frozenset("al el ez an ben bin ibn abu abou von van der da di dos do".split())
_CALENDAR = MONTHS | WEEKDAYS
_SPACE = "[ \u00a0\u202f]"


def holds(text: str, flags: Iterable[Flag], terms: Terms = SET_TERMS) -> tuple[Hold, ...]:
    """Return what of the French sentence ``text`` to hold, for the doubts that ``flags`` raise.

    A lost name takes the names beside it along (Sabrina Singh, Deir ez-Zor); a lost number is shown in English
    form (1 200 as 1,200), a month, a weekday, a span of time (en une heure) and a known place (Syrie) in English;
    a name that stays as it is (Hauts-de-Seine) in French, a term of a glossary as that has it. Other names that
    English spells otherwise are left to the model. The holds are in order and do not overlap.
    """
    flags = tuple(flags)
    found = [
        Hold(one.start, one.end, one.text if one.kept else one.said, one.asked)
        for one in doubted(text, flags, terms)
        if one.kept or one.asked
    ]
    for flag in flags:
        lost = _LOST.fullmatch(flag.detail)
        if lost is None or flag.check not in ("names", "numbers"):
            continue
        what = lost["what"]
        candidates = _names(text, what) if flag.check == "names" else _numbers(text, what)
        found += [c for c in candidates if not any(c.start < h.end and h.start < c.end for h in found)]
    return tuple(sorted(found, key=lambda hold: hold.start))


def _numbers(text: str, what: str) -> Iterator[Hold]:
    """Find a number as it stands in ``text``, or a month, a weekday, a span of time."""
    pattern = _SPACE.join(map(re.escape, what.split()))
    for match in re.finditer(rf"(?<![\w.,]){pattern}(?![\w]|[.,]\d)", text, re.IGNORECASE):
        if any(map(str.isdigit, what)):
            yield Hold(*match.span(), english(match[0], match[0]))
        elif what.lower() in _CALENDAR:
            yield Hold(*match.span(), _CALENDAR[what.lower()])
        elif what.lower() in SPANS:
            yield Hold(*match.span(), SPANS[what.lower()])


def _names(text: str, what: str) -> Iterator[Hold]:
    """Find every run of names with ``what`` in it, or the place of several words that it belongs to."""
    tokens = list(_TOKEN.finditer(text))
    if fold(what) in EXONYMS:
        yield from _places(text, tokens, what)
        return
    for index, token in enumerate(tokens):
        if what not in re.split("-", token[0]) and what != token[0]:
            continue
        first, last = index, index
        while first > 0 and _joined(text, tokens[first - 1], tokens[first]) and _is_name(tokens, first - 1, text):
            first -= 1
        while (
            last + 1 < len(tokens)
            and _joined(text, tokens[last], tokens[last + 1])
            and _is_name(tokens, last + 1, text)
        ):
            last += 1
        while last > index and tokens[last][0] in _PARTICLES:
            last -= 1
        start, end = tokens[first].start(), tokens[last].end()
        yield Hold(start, end, text[start:end])


def _places(text: str, tokens: list[re.Match[str]], what: str) -> Iterator[Hold]:
    """Find the places named ``what``, or whose French name begins or ends with it, by their English names."""
    for index, token in enumerate(tokens):
        if token[0] != what:
            continue
        ranges = ((first, last) for length in (3, 2, 1) for first in range(index - length + 1, index + 1)
                  if first >= 0 and (last := first + length - 1) < len(tokens))  # fmt: skip
        for first, last in ranges:
            start, end = tokens[first].start(), tokens[last].end()
            if shown := english_place(text[start:end]):
                yield Hold(start, end, shown)
                break


def _joined(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    return re.fullmatch(_SPACE, text[left.end() : right.start()]) is not None


def _is_name(tokens: list[re.Match[str]], index: int, text: str) -> bool:
    """Tell a capitalised word that is copied, or a particle; the first word of a sentence has a capital anyway."""
    token = tokens[index][0]
    if token in _PARTICLES:
        return True
    capital = any(part[0].isupper() for part in token.split("-"))
    return capital and index > 0 and all(fold(part) not in EXONYMS for part in token.split("-"))
