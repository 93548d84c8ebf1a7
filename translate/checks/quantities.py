"""Numbers as the checks compare them: what was written, and the values it may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

#: A number in digits: groups of three parted by a space, a point or a comma; or with decimals.
DIGITS = re.compile(r"(?<!\d)(?:\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)")
_RANGE_TO = re.compile(r" ?(?:à|et|ou|to|and|or|-|/|,) ?[$£€]?")
_SCALE_WORDS = (
    (10**12, re.compile(r"trillion|tn\b")),
    (10**9, re.compile(r"milliard|billion|M[dr]|bn\b|B\b")),
    (10**6, re.compile(r"million|M\b|mn?\b")),
    (10**3, re.compile(r"mille|thousand|k\b|K\b")),
)
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")


@dataclass(frozen=True)
class Quantity:
    """A number of a sentence and where it stands.

    ``values`` are its readings (« 1,200 » is 1.2 or 1200; « 96 » in 1995-96 is also 1996). ``demanded`` tells
    that the other language must have one of them; the others only explain numbers found there.
    """

    text: str
    values: frozenset[Fraction]
    demanded: bool = True
    start: int = 0
    end: int = 0


def readings(digits: str, english: bool) -> tuple[tuple[Fraction, ...], ...]:
    """Return the numbers written in ``digits``, each with its possible values.

    Points and commas that neither group thousands nor part decimals (12.03.2024, 10.5.2) part numbers.
    """
    digits = digits.replace(" ", "")
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return ((Fraction(int(digits)),),)
    whole = Fraction(int(re.sub("[.,]", "", digits)))
    grouped = _THOUSANDS.fullmatch(digits) is not None
    if len(marks) == 1:
        decimal = Fraction(digits.replace(",", "."))
        if not grouped:
            return ((decimal,),)
        return ((whole,),) if english and marks[0] == "," else ((whole, decimal),)
    if grouped:
        return ((whole,),)
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        head, tail = digits.rsplit(marks[-1], 1)
        if _THOUSANDS.fullmatch(head):
            return ((Fraction(re.sub("[.,]", "", head) + "." + tail),),)
    return tuple((Fraction(int(part)),) for part in re.split("[.,]", digits))


def short_years(text: str, start: int, value: Fraction) -> tuple[Fraction, ...]:
    """Return the full year that two digits after a year stand for: 96 in 1995-96 is 1996."""
    before = re.search(r"(?<!\d)([12]\d)\d\d ?[-/] ?$", text[max(0, start - 8) : start])
    if before is None or not 0 <= value < 100:
        return ()
    return (int(before[1]) * 100 + value,)


def widen_ranges(quantities: Iterable[Quantity], text: str) -> list[Quantity]:
    """Return ``quantities`` by place, the first number of a range also with the scale of the second.

    « 3,5 à 4 millions » begins at 3.5 million.
    """
    ordered = sorted(quantities, key=lambda quantity: quantity.start)
    for index, (first, second) in enumerate(pairwise(ordered)):
        if first.end and _RANGE_TO.fullmatch(text[first.end : second.start]):
            for scale, words in _SCALE_WORDS:
                if words.search(second.text) and not words.search(first.text):
                    values = first.values | {value * scale for value in first.values}
                    ordered[index] = replace(first, values=values)
                    break
    return ordered
