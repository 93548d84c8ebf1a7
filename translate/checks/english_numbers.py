"""The numbers of an English sentence, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from translate.checks.french_numbers import roman_value
from translate.checks.quantities import DIGITS, Quantity, readings, short_years, widen_ranges
from translate.checks.words import fold

_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS = {word: 20 + 10 * index for index, word in enumerate(_TEN_WORDS.split())}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NUMERAL = {**_UNITS, **_TENS, "hundred": 100, **_SCALES}
_ORDINALS = {
    **{f"{word}th": value for word, value in _UNITS.items() if value > 3},
    **{f"{word[:-1]}ieth": value for word, value in _TENS.items()},
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "hundredth": 100,
    "thousandth": 1000,
}
_ORDINALS |= {f"{word}s": value for word, value in _ORDINALS.items()}
_LAST_ORDINALS = {"first": 1, "second": 2}
_DECADES = {f"{word[:-1]}ies": value for word, value in _TENS.items()}

#: Words that stand for a number without being one that French must have.
_HINTS: dict[str, tuple[int | str, ...]] = {
    "a an once first firstly single only sole alone per each initial initially original prime": (1,),
    "second secondly twice both couple pair pairs double doubled doubles doubling doubly dual duo twin "
    "twins twofold bilateral seconds either neither": (2,),
    "half halves halfway halved mid middle": ("1/2", 2, 50, 30),
    "thrice triple tripled trio treble trilogy triplets": (3,),
    "quarter quarters quarterly fourfold": ("1/4", 4, 25, 15, 3),
    "dozen dozens": (12, 10),
    "noon midday": (12,),
    "midnight": (0, 12, 24),
    "fortnight": (2, 14, 15),
    "weeks": (2, 15),
    "week": (7, 8),
    "decade decades tens": (10,),
    "score scores": (20,),
    "century centuries centenary centennial hundreds": (100,),
    "bicentenary bicentennial": (200,),
    "thousands millennium millennia": (1000,),
    "no nil none": (0,),
    "teens teenage teenager teenagers": (10, 13),
    "hour hours minute minutes": (60,),
}
_HINT_VALUES = {
    word: frozenset(Fraction(value) for value in values) for words, values in _HINTS.items() for word in words.split()
}
_COLLECTIVE = {"decade": 10, "dozen": 12, "score": 20, "centur": 100}
_ROMAN = re.compile(r"\b[IVX]{1,6}\b")
_CLOCK = re.compile(
    r"(?<![\w.,:])(\d{1,2})(?:[:.h](\d{2}))?"
    r"(?: ?([ap])\.? ?m\b\.?| ?(o'clock|in the evening|in the afternoon))?(?![\w:])"
)
_EXPONENT = re.compile(r"(?<![^\W\d_])(?:[kcmdh]?m)[23²³]")
_SCALE_AFTER = re.compile(
    r"[ -]?(?:(thousands?\b(?! million)|[kK]\b)|(millions?\b|mn\b|[mM]\b)|"
    r"(billions?\b|bn\b|B\b|thousand million\b)|(trillions?\b|tn\b)|(hundreds?\b)|(dozen\b))"
)
_WORD = re.compile(r"[^\W\d_]+")


def english_quantities(text: str, *, evening: bool = True) -> list[Quantity]:
    """Return the numbers of ``text`` (as ``plain`` leaves it), place by place.

    ``evening``: 5 p.m. may stand for a 5 of the source, which says « 5 heures du soir »; else for 17 alone.
    """
    original = text = _EXPONENT.sub(lambda found: " " * len(found[0]), text)
    clock = list(_clock_times(text, evening))
    for time in clock:
        text = text[: time.start] + " " * (time.end - time.start) + text[time.end :]
    digits = list(_in_digits(text))
    for number in digits:
        text = text[: number.start] + "#" * (number.end - number.start) + text[number.end :]
    return clock + list(_roman(text)) + widen_ranges([*digits, *_in_words(text)], original)


def _clock_times(text: str, evening: bool) -> Iterator[Quantity]:
    """Hours and minutes as two numbers; an hour without a.m. may be one of the afternoon, if it is up to 12."""
    for found in _CLOCK.finditer(text):
        hour, minutes, half, words = int(found[1]), found[2], found[3], found[4]
        marked = half or words
        if hour > 24 or int(minutes or 0) > 59 or not (marked or (minutes and found[0][len(found[1])] in ":h")):
            continue
        if half and hour > 12:
            hours = {-1}  # there is no such time as 17 p.m.
        elif half == "a":
            hours = {hour % 12, 24} if hour == 12 else {hour}
        elif half == "p":
            hours = {hour % 12 + 12, hour} if evening else {hour % 12 + 12}
        else:
            hours = {hour, (hour + 12) % 24} if hour <= 12 else {hour}
            hours |= {0, 24} if hour in (0, 12, 24) else set()
        values = frozenset(Fraction(value) for value in hours)
        yield Quantity(found[0].strip(), values, True, *found.span())
        if minutes and int(minutes):
            yield Quantity(found[0].strip(), frozenset({Fraction(int(minutes))}), True, *found.span())


def _in_digits(text: str) -> Iterator[Quantity]:
    for found in DIGITS.finditer(text):
        scales, end = _scales(text, found.start(), found.end())
        for values in readings(found[0], english=True):
            meant = {value * scale for value in values for scale in scales}
            meant |= set(short_years(text, found.start(), values[0]))
            if re.match(r"'?s\b", text[end : end + 3]):
                meant |= {values[0] % 100, 1900 + values[0]} if values[0] >= 10 else set()
            quantity = Quantity(text[found.start() : end].strip(), frozenset(meant), values[0] != 0, found.start(), end)
            yield quantity


def _scales(text: str, start: int, end: int) -> tuple[tuple[int, ...], int]:
    """Return what the word after a number may multiply it by, and where it ends; « 100 m » may be metres."""
    found = _SCALE_AFTER.match(text, end)
    if found is None:
        return (1,), end
    powers = (10**3, 10**6, 10**9, 10**12, 100, 12)
    scale = next(power for power, group in zip(powers, found.groups(), strict=True) if group)
    if re.search(r"[.]\d", text[start:end]) and found[0] == "m":
        return (scale,), found.end()
    if found[0].strip(" -") in ("m", "M", "B", "K", "k") and not re.search(r"[$£€]\s?$", text[:start]):
        return (1, scale), end
    return (scale,), found.end()


def _roman(text: str) -> Iterator[Quantity]:
    for found in _ROMAN.finditer(text):
        value = roman_value(found[0])
        if value:
            yield Quantity(found[0], frozenset({Fraction(value)}), demanded=False)


def _in_words(text: str) -> Iterator[Quantity]:
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        word = fold(match[0])
        stem = word[:-1] if word.endswith("s") and word[:-1] in _SCALES else word
        if stem in _NUMERAL or word in _ORDINALS or (run and _ends_ordinal(word, run[-1])):
            if run and (
                text[run[-1].end() : match.start()] not in (" ", "-", " and ", "-and-", ", ", " a ")
                or fold(run[-1][0]) in _ORDINALS
                or (text[run[-1].end() : match.start()] == ", " and fold(run[-1][0]) not in _SCALES)
                or (text[run[-1].end() : match.start()] == " and " and fold(run[-1][0]) not in ("hundred", *_SCALES))
            ):
                yield from _run(text, run)
                run = []
            run.append(match)
            continue
        if run and word not in ("and", "a"):
            yield from _run(text, run)
            run = []
        if word in _HINT_VALUES:
            yield Quantity(match[0], _HINT_VALUES[word], demanded=False)
        elif word in _DECADES:
            value = _DECADES[word]
            yield Quantity(match[0], frozenset({Fraction(value), Fraction(1900 + value)}), demanded=False)
    yield from _run(text, run)


def _ends_ordinal(word: str, before: re.Match[str]) -> bool:
    """Whether ``word`` is first or second after a ten (twenty-first); by themselves they are only hints."""
    return word in _LAST_ORDINALS and fold(before[0]) in _TENS


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Quantity]:
    """Number words in a row, as one number or, where they do not add up (two, three), several."""
    group: list[re.Match[str]] = []
    total = current = 0
    for match in run:
        word = fold(match[0])
        stem = word[:-1] if word.endswith("s") and word[:-1] in _SCALES else word
        value = _NUMERAL.get(stem) or _ORDINALS.get(word) or _LAST_ORDINALS.get(word, 0)
        if stem in _SCALES:
            total = total + (current or 1) * value if value == 1000 else (total + current or 1) * value
            current = 0
        elif value == 100:
            current = (current or 1) * 100
        elif group and not (
            value and ((value < 10 and current % 100 >= 20 and current % 10 == 0) or current % 100 == 0)
        ):
            yield _number(text, group, total + current)
            group, total, current = [], 0, value
        else:
            current += value
        group.append(match)
    if group:
        yield _number(text, group, total + current)


def _number(text: str, group: list[re.Match[str]], value: int) -> Quantity:
    start, end = group[0].start(), group[-1].end()
    words = [fold(match[0]) for match in group]
    values = {Fraction(value)}
    after, before = text[end : end + 24], text[max(0, start - 12) : start]
    half = re.match(r"(?:[ -](?:year|hour)s?)? and (?:a )?half(?:[ -](thousand|million|billion|trillion))?", after)
    if half:
        values |= {(value + Fraction(1, 2)) * _SCALES.get(half[1] or "", 1)}
        unit = next((_SCALES[word] for word in words if word in _SCALES), 1)
        values |= {value + Fraction(unit, 2)}
    for unit_word, unit in _COLLECTIVE.items():
        if re.match(rf"[ -]{unit_word}", after):
            values |= {Fraction(value * unit)}
    if re.search(r"half(?: an?| of an?)?[ -]$", before):
        values |= {Fraction(value, 2)}
    if words[-1] in _ORDINALS and value:
        values |= {1 / Fraction(value)}
    if start >= 2 and (plural := re.search(r"(tens|dozens|hundreds|thousands) of $", before)):
        values |= {Fraction(value) * {"tens": 10, "dozens": 12, "hundreds": 100, "thousands": 1000}[plural[1]]}
    article = words in (["one"], ["zero"], ["hundred"], ["thousand"], ["thousands"])
    return Quantity(text[start:end], frozenset(values), not article, start, end)
