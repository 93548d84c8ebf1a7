"""Months and weekdays: those of the source stand in the translation, and no other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from translate.checks.words import fold
from translate.document import Flag

_FRENCH_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FRENCH_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
#: Months and weekdays, French to English.
MONTHS = dict(zip(_FRENCH_MONTHS.split("|"), _MONTHS.split("|"), strict=True))
WEEKDAYS = dict(zip(_FRENCH_DAYS.split("|"), _DAYS.split("|"), strict=True))
_FRENCH_SHORT = "janv=1|févr=2|avr=4|juil=7|sept=9|oct=10|nov=11|déc=12"
_SHORT = "jan=1|feb=2|mar=3|apr=4|jun=6|jul=7|aug=8|sept=9|sep=9|oct=10|nov=11|dec=12"


def _numbered(names: str, short: str = "", first: int = 0) -> dict[str, int]:
    """Return the numbers of the folded names, from ``first``, and of their short forms."""
    numbers = {fold(name): number for number, name in enumerate(names.split("|"), start=first)}
    return numbers | {fold(name): int(n) for name, n in (pair.split("=") for pair in short.split("|") if pair)}


_FRENCH_MONTH_NUMBER = _numbered(_FRENCH_MONTHS, _FRENCH_SHORT, first=1)
_MONTH_NUMBER = _numbered(_MONTHS, _SHORT, first=1)
_FRENCH_DAY_NUMBER = _numbered(_FRENCH_DAYS)
_DAY_NUMBER = _numbered(_DAYS)
#: Short forms need their point or a number beside them; so do months that are also words or first names.
_DOUBTFUL = {name.split("=")[0] for name in f"{fold(_FRENCH_SHORT)}|{_SHORT}".split("|")}
_DOUBTFUL |= {"mars", "mai", "may", "march", "april", "june", "august"}


def _month_pattern(names: str, short: str) -> re.Pattern[str]:
    short = re.sub(r"=\d+", "", short)
    return re.compile(
        r"(?:(?<!\d)(\d{1,2}(?:er|st|nd|rd|th)?)([ -]))?"
        rf"(?<!\w)({names}|{short})(?!\w)(\.?)(?= ?(\d)?)",
        re.IGNORECASE,
    )


_FRENCH_MONTH = _month_pattern(_FRENCH_MONTHS, _FRENCH_SHORT)
_MONTH = _month_pattern(_MONTHS, _SHORT)
_FRENCH_DAY = re.compile(rf"\b({_FRENCH_DAYS})s?\b", re.IGNORECASE)
_DAY = re.compile(rf"\b({_DAYS})s?\b")
_FEAST = re.compile(r" (?:saint|gras|noir|des |de P|[A-Z])")
_IN_MARCH = re.compile(r"\b(?:en|de|fin|début|mi)[ -]mars\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b")


def date_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each month or weekday that is missing, changed or new; texts made ``plain``."""
    numeric = numeric_dates(source + " " + target)
    months_fr, sure_months_fr = _months(source, french=True)
    months_en, sure_months_en = _months(target, french=False)
    missing = _names(sure_months_fr - months_en - numeric, _FRENCH_MONTHS, 1)
    new = _names(sure_months_en - months_fr - numeric, _MONTHS, 1)
    named_days = list(_FRENCH_DAY.finditer(source))
    days_fr = [found[1] for found in named_days]
    days_en = {_DAY_NUMBER[fold(found[1])] for found in _DAY.finditer(target)}
    # A capital within a French sentence marks a name: « le Vendredi saint », a newspaper.
    sure_days = {
        _FRENCH_DAY_NUMBER[fold(found[1])]
        for found in named_days
        if found[1].islower() or (found.start() == 0 and not _FEAST.match(source, found.end()))
    }
    missing_days = _names(sure_days - days_en, _FRENCH_DAYS, 0)
    new_days = _names(days_en - {_FRENCH_DAY_NUMBER[fold(name)] for name in days_fr}, _DAYS, 0)
    return [
        *pair_up("numbers", missing, [name for name in new if name not in source]),
        *pair_up("numbers", missing_days, [name for name in new_days if name not in source]),
    ]


def months(text: str, french: bool) -> set[int]:
    """Return the numbers, from 1, of the months that ``text`` may name."""
    return _months(text, french)[0]


def numeric_dates(text: str) -> set[int]:
    """Return the days and months of dates in digits, 12/03/2024; which is which depends on the country."""
    return {int(part) for found in _NUMERIC_DATE.findall(text) for part in found}


def pair_up(check: str, missing: Sequence[str], new: Sequence[str]) -> list[Flag]:
    """Return flags for what is missing and what is new, joined as « before -> after » as far as both go."""
    changed = min(len(missing), len(new))
    flags = [Flag(check, f"{old} -> {other}") for old, other in zip(missing, new, strict=False)]
    flags += [Flag(check, f"{text} is missing") for text in missing[changed:]]
    return flags + [Flag(check, f"{text} is not in the source") for text in new[changed:]]


def _names(numbers: set[int], names: str, first: int) -> list[str]:
    return [names.split("|")[number - first] for number in sorted(numbers)]


def _months(text: str, french: bool) -> tuple[set[int], set[int]]:
    """Return the numbers of all months that ``text`` may name, and of those that it names for sure."""
    possible: set[int] = set()
    sure: set[int] = set()
    for day, joint, name, point, year in (_FRENCH_MONTH if french else _MONTH).findall(text):
        if not french and name.islower():
            continue
        number = (_FRENCH_MONTH_NUMBER if french else _MONTH_NUMBER)[fold(name)]
        possible.add(number)
        if joint == "-" or (french and not name.islower()):
            # Feasts and squares: the 14-Juillet is Bastille Day, the 11-Septembre is 9/11.
            continue
        in_march = french and fold(name) == "mars" and _IN_MARCH.search(text)
        shortened = point and len(name) < 5 and fold(name) != "mai"
        if day or year or fold(name) not in _DOUBTFUL or shortened or in_march:
            sure.add(number)
    return possible, sure
