"""The numbers of a French sentence, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from translate.checks.quantities import DIGITS, Quantity, readings, short_years, widen_ranges
from translate.checks.words import fold

_UNIT_WORDS = "zero|un une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
_UNITS = {word: value for value, words in enumerate(_UNIT_WORDS.split("|")) for word in words.split()}
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_TENS |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
_SCALES = {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
_NUMERAL = {**_UNITS, **_TENS, "cent": 100, "cents": 100, "mille": 1000, **_SCALES}

#: Words that stand for a number without demanding it: English says the same in several ways.
_HINTS = {
    "premier premiere premiers premieres unique seul seule": (1,),
    "second seconde secondes seconds double doubler doublee doublent couple paire duo": (2,),
    "tous toutes deuxiemement": (2,),
    "moitie demi demie mi": ("1/2", 2, 50, 30),
    "tiers tierce triple tripler triple trio": ("1/3", 3, 33),
    "quart quarts quadruple quadrupler": ("1/4", 4, 25, 15),
    "dizaine dizaines decennie decennies": (10,),
    "douzaine douzaines midi": (12,),
    "minuit": (0, 12, 24),
    "quinzaine": (15, 2),
    "vingtaine": (20,),
    "trentaine trentenaire trentenaires": (30,),
    "quarantaine quadragenaire quadragenaires": (40,),
    "cinquantaine cinquantenaire quinquagenaire quinquagenaires": (50,),
    "soixantaine sexagenaire sexagenaires": (60,),
    "septuagenaire septuagenaires": (70,),
    "octogenaire octogenaires": (80,),
    "nonagenaire nonagenaires": (90,),
    "centaine centaines centenaire centieme centiemes siecle siecles": (100,),
    "bicentenaire": (200,),
    "millier milliers millenaire millenaires": (1000,),
    "semestre": (6, 2, "1/2"),
    "trimestre trimestres": (3, 4, "1/4"),
    "quinquennat": (5,),
    "septennat": (7,),
    "jumeaux jumelles deuxroues": (2,),
}
_HINT_VALUES = {
    fold(word): frozenset(Fraction(value) for value in values)
    for words, values in _HINTS.items()
    for word in words.split()
}
_ORDINAL_STEMS = {
    **{f"{word.rstrip('e')}ieme": value for word, value in _UNITS.items() if value > 1},
    **{f"{word.rstrip('e')}ieme": value for word, value in _TENS.items()},
    "unieme": 1,
    "cinquieme": 5,
    "neuvieme": 9,
    "centieme": 100,
    "millieme": 1000,
}
_ORDINALS = {word + plural: value for word, value in _ORDINAL_STEMS.items() for plural in ("", "s")}

_ROMAN = re.compile(r"\b([IVX]{2,6}|[VX](?=(?:e|ème|es)\b))(?:e|er|re|ère|ème|es)?\b")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_CLOCK = re.compile(r"(?<![\w.,])(\d{1,2}) ?(?:h|H|heures?|:) ?(\d{2})?(?![\w%])")
#: Words that count by the unit: trois décennies may be thirty years, deux douzaines two dozen or 24.
_COLLECTIVE = {"décennie": 10, "dizaine": 10, "douzaine": 12, "vingtaine": 20, "siècle": 100, "centaine": 100}
#: Minutes that English may say as part of an hour.
_HOUR_PARTS = {"30": ("1/2",), "15": ("1/4",), "45": ("1/4", "3/4")}
_EXPONENT = re.compile(r"(?<![^\W\d_])(?:[kcmdh]?m)[23²³]")
_SCALE_AFTER = re.compile(
    r"[ -]?(?:(mille\b)|(millions?\b|M(?=(?: ?[€$£]|EUR| d')))|"
    r"(milliards?\b|M[dr]s?\b)|(billions?\b)|(k(?=[€$£])))"
)
_WORD = re.compile(r"[^\W\d_]+")
_DECADE_BEFORE = re.compile(r"ann[ée]es? (?:\d+ ?(?:et|ou|-|,) ?)?$", re.IGNORECASE)
_MONTH_BEFORE = re.compile(r"(?:janvier|février|mars|avril|mai|juin|juillet|août|\w+bre) $", re.IGNORECASE)


def french_quantities(text: str) -> list[Quantity]:
    """Return the numbers of ``text`` (as ``plain`` leaves it), place by place."""
    original = text = _EXPONENT.sub(lambda found: " " * len(found[0]), text)
    clock = list(_clock_times(text))
    for time in clock:
        text = text[: time.start] + " " * (time.end - time.start) + text[time.end :]
    digits = list(_in_digits(text))
    for number in digits:
        text = text[: number.start] + "#" * (number.end - number.start) + text[number.end :]
    return clock + list(_roman(text)) + widen_ranges([*digits, *_in_words(text)], original)


def _clock_times(text: str) -> Iterator[Quantity]:
    """Hours and minutes as two numbers: 17 h 30 is 17 and 30; one hour thirty may be ninety minutes."""
    for found in _CLOCK.finditer(text):
        hour, minutes = int(found[1]), found[2]
        if hour > 24 or (":" in found[0] and minutes is None):
            continue
        total = hour * 60 + int(minutes or 0)
        yield Quantity(found[0].strip(), frozenset({Fraction(hour), Fraction(total)}), hour > 1, *found.span())
        if minutes and int(minutes):
            values = {Fraction(int(minutes)), Fraction(total)}
            values |= {Fraction(part) for part in _HOUR_PARTS.get(minutes, ())}
            yield Quantity(found[0].strip(), frozenset(values), True, *found.span())


def _in_digits(text: str) -> Iterator[Quantity]:
    for found in DIGITS.finditer(text):
        scale, end = _scale(text, found.end())
        for values in readings(found[0], english=False):
            meant = {value * scale for value in values}
            meant |= set(short_years(text, found.start(), values[0]))
            before = text[max(0, found.start() - 24) : found.start()]
            if values[0] < 100 and (_DECADE_BEFORE.search(before) or _MONTH_BEFORE.search(before)):
                meant |= {1900 + values[0], 2000 + values[0]}
            elif values[0] >= 1000 and _DECADE_BEFORE.search(before):
                meant.add(values[0] % 100)
            quantity = Quantity(text[found.start() : end].strip(), frozenset(meant), values[0] != 0, found.start(), end)
            yield quantity


def _scale(text: str, end: int) -> tuple[int, int]:
    """Return what the word after a number multiplies it by (« 3,5 millions »), and where that word ends."""
    found = _SCALE_AFTER.match(text, end)
    if found is None:
        return 1, end
    powers = (10**3, 10**6, 10**9, 10**12, 10**3)
    scale = next(power for power, group in zip(powers, found.groups(), strict=True) if group)
    further = re.compile(r" (?:de )?(milliards?)\b").match(text, found.end()) if scale < 10**9 else None
    return (scale * 10**9, further.end()) if further else (scale, found.end())


def _roman(text: str) -> Iterator[Quantity]:
    """Centuries, kings and wars: XXIe siècle, Louis XIV; optional where nothing shows that it is a number."""
    for found in _ROMAN.finditer(text):
        value = roman_value(found[1])
        if value:
            yield Quantity(found[0], frozenset({Fraction(value)}), found[0] != found[1], found.start(), found.end())


def roman_value(numeral: str) -> int:
    """Return the value of a Roman numeral of I, V and X; 0 where it is not well formed."""
    if not re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})", numeral):
        return 0
    digits = [_ROMAN_VALUES[char] for char in numeral]
    return sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))


def _in_words(text: str) -> Iterator[Quantity]:
    words = list(_WORD.finditer(text))
    run: list[re.Match[str]] = []
    for index, match in enumerate(words):
        word = fold(match[0])
        if word in _NUMERAL or (word in _ORDINALS and run):
            if run and text[run[-1].end() : match.start()] not in (" ", "-", " et ", "-et-"):
                yield from _run(text, run)
                run = []
            run.append(match)
            if word in _ORDINALS:
                yield from _run(text, run)
                run = []
            continue
        if (
            word == "et"
            and run
            and index + 1 < len(words)
            and fold(words[index + 1][0]) in ("un", "une", "onze", "unieme")
        ):
            continue
        if run:
            yield from _run(text, run)
            run = []
        if word in _ORDINALS:
            yield _ordinal(match)
        elif word in _HINT_VALUES:
            values = _HINT_VALUES[word]
            scale = re.match(r" de (millier|million|milliard)s?\b", text[match.end() : match.end() + 14])
            if scale:
                values |= {value * _SCALES.get(scale[1], 1000) for value in values}
            yield Quantity(match[0], values, demanded=False)
    yield from _run(text, run)


def _ordinal(match: re.Match[str]) -> Quantity:
    value = Fraction(_ORDINALS[fold(match[0])])
    of_finals = match.string.startswith(" de finale", match.end())
    return Quantity(match[0], frozenset({value, 1 / value}), value > 1 and not of_finals, match.start(), match.end())


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Quantity]:
    """Number words in a row, as one number or, where they do not add up (deux, trois), several."""
    group: list[re.Match[str]] = []
    total = current = 0
    for match in run:
        word = fold(match[0])
        value = _NUMERAL.get(word) or _ORDINALS.get(word, 0)
        if word in _SCALES or word == "mille":
            if group and current == 0 and total % value:
                yield from _number(text, group, total + current)
                group, total = [], 0
            total = (total + (current or (not group))) * value if word in _SCALES else total + (current or 1) * value
            current = 0
        elif value == 100:
            current = (current or 1) * 100
        elif (
            word in ("vingt", "vingts", "vingtieme") and current % 100 == 4 and group and fold(group[-1][0]) == "quatre"
        ):
            current += 76
        elif group and not _adds(current, value, total):
            yield from _number(text, group, total + current)
            group, total, current = [], 0, value
        else:
            current += value
        group.append(match)
    if group:
        yield from _number(text, group, total + current)


def _adds(current: int, value: int, total: int) -> bool:
    """Whether a number word may follow a number so far: vingt-deux does, deux trois does not."""
    rest = current % 100
    if value == 0:
        return False
    if rest == 0:
        return current > 0 or total > 0
    if value < 10:
        return rest % 10 == 0 and rest >= 10 and (rest >= 20 or value in (7, 8, 9))
    return value < 20 and rest in (60, 80)


def _number(text: str, group: list[re.Match[str]], value: int) -> Iterator[Quantity]:
    start, end = group[0].start(), group[-1].end()
    words = [fold(match[0]) for match in group]
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    values = {Fraction(value)}
    and_half = re.match(r"(?: (?:an|heure)s?| d'euros| de \w+)? et demie?\b", after)
    if and_half:
        unit = next((_SCALES[word] for word in reversed(words) if word in _SCALES), 1)
        values |= {value + Fraction(unit, 2), (value + Fraction(1, 2)) * 12, (value + Fraction(1, 2)) * 60}
    for unit_word, unit in _COLLECTIVE.items():
        if re.match(rf" {unit_word}", after):
            values |= {Fraction(value * unit)}
    if re.search(r"\bdemi-$", before):
        values |= {Fraction(value, 2)}
    if _DECADE_BEFORE.search(before) and 10 < value < 100:
        values |= {1900 + Fraction(value)}
    if words[-1] in _ORDINALS:
        values |= {1 / Fraction(value)} if value else set()
    yield Quantity(text[start:end], frozenset(values), _is_demanded(group, words, before, after, value), start, end)


def _is_demanded(group: list[re.Match[str]], words: list[str], before: str, after: str, value: int) -> bool:
    """Whether the words are surely a number: not un, « pour cent », « neuf » (new), « Deux-Sèvres »."""
    if value in (0, 1) or (words == ["cent"] and re.search(r"pour $", before)):
        return False
    if words in (["neuf"], ["mille"], ["cents"], ["six"]) and not re.match(r" [^\W\d_]+[sx]\b", after):
        return words == ["six"]
    if words[-1] in _SCALES and len(words) == 1 and re.search(r"(?:aine|ier)s? de $", before):
        return False
    if words in (["quinze"], ["huit"]) and after.startswith(" jours"):
        return False
    if re.match(r"-[^\W\d_]", after) or before.endswith("-"):
        return False
    if re.match(r" de finale", after) or (re.search(r"\b[Uu]n $", before) and words == ["cent"]):
        return False
    return not (group[0][0][0].isupper() and before.strip() and before.strip()[-1] not in '.!?:«"“-')
