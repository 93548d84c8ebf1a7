"""Numbers and dates: each of the source stands in the translation with the same value, and no new one does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from translate.checks.english_numbers import english_quantities
from translate.checks.french_numbers import french_quantities
from translate.checks.quantities import Quantity
from translate.checks.words import fold
from translate.document import Flag

_FRENCH_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FRENCH_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_FRENCH_MONTH_NUMBER = {fold(name): number for number, name in enumerate(_FRENCH_MONTHS, start=1)}
_FRENCH_MONTH_NUMBER |= {
    "janv": 1,
    "fevr": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH_NUMBER = {name.casefold(): number for number, name in enumerate(_MONTHS, start=1)}
_MONTH_NUMBER |= {name[:3].casefold(): number for number, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_FRENCH_DAY_NUMBER = {name: number for number, name in enumerate(_FRENCH_DAYS)}
_DAY_NUMBER = {name.casefold(): number for number, name in enumerate(_DAYS)}

#: Months that are also words; they count as months beside a number, or where the other language has that month.
_DOUBTFUL = frozenset(
    {"mars", "mai", "sept", "oct", "nov", "dec", "may", "march", "mar", "jan", "august", "april", "june"}
)
_FRENCH_NAME = re.compile(r"(?<!\w)(\d{1,2}(?:er)?[ -])?([^\W\d_]{3,9})(\.?)(?= ?(\d)?)")
_SEPTEMBER_11 = re.compile(r"\b9/11\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b")


def number_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each number or date that is missing, changed or new; both texts as ``plain`` leaves them."""
    if _SEPTEMBER_11.search(target) and not _SEPTEMBER_11.search(source):
        target = _SEPTEMBER_11.sub("September 11", target)
    return [*_quantity_flags(source, target), *_date_flags(source, target)]


def _quantity_flags(source: str, target: str) -> list[Flag]:
    wanted = french_quantities(source)
    found = english_quantities(target)
    months = _months(source, french=True)[0] | _months(target, french=False)[0]
    dated = {Fraction(month) for month in months} if _NUMERIC_DATE.search(source + " " + target) else set()
    available = _values(found) | dated
    known = _values(wanted) | dated
    missing = [q.text for q in wanted if q.demanded and not q.values & available]
    new = [
        q.text
        for q in found
        if q.demanded and not q.values & known and not (q.text.isalpha() and q.text in source)
    ]
    return _pair("numbers", list(dict.fromkeys(missing)), list(dict.fromkeys(new)))


def _values(quantities: Iterable[Quantity]) -> set[Fraction]:
    return {value for quantity in quantities for value in quantity.values}


def _pair(check: str, missing: list[str], new: list[str]) -> list[Flag]:
    """Flags for what is missing and what is new, joined as « before -> after » as far as both go."""
    changed = min(len(missing), len(new))
    flags = [Flag(check, f"{old} -> {other}") for old, other in zip(missing, new, strict=False)]
    flags += [Flag(check, f"{text} is missing") for text in missing[changed:]]
    return flags + [Flag(check, f"{text} is not in the source") for text in new[changed:]]


def _date_flags(source: str, target: str) -> list[Flag]:
    flags: list[Flag] = []
    for reader, french_names, english_names in (
        (_months, _FRENCH_MONTHS, _MONTHS),
        (_days, _FRENCH_DAYS, _DAYS),
    ):
        sure_fr, all_fr = reader(source, french=True)[::-1]
        sure_en, all_en = reader(target, french=False)[::-1]
        offset = 1 if reader is _months else 0
        dates = _NUMERIC_DATE.findall(source + " " + target) if reader is _months else []
        numeric = {int(part) for date in dates for part in date}
        missing = [french_names[number - offset] for number in sorted(sure_fr - all_en - numeric)]
        new = [english_names[number - offset] for number in sorted(sure_en - all_fr - numeric)]
        new = [name for name in new if name not in source]
        flags += _pair("numbers", missing, new)
    return flags


def _months(text: str, french: bool) -> tuple[set[int], set[int]]:
    """Return the numbers of all months that ``text`` may name, and of those that it names for sure."""
    names = _FRENCH_MONTH_NUMBER if french else _MONTH_NUMBER
    possible: set[int] = set()
    sure: set[int] = set()
    for before, word, dot, after in _FRENCH_NAME.findall(text):
        number = names.get(fold(word))
        if number is None or (not french and word.islower()):
            continue
        possible.add(number)
        short = len(word) < 5 and fold(word) not in ("juin", "aout", "june", "july", "mars", "mai")
        beside_number = bool(before.strip("- ") or after)
        hyphened = before.endswith("-")
        if (
            fold(word) not in _DOUBTFUL and not (short and not dot) and word.islower() == french
        ) or beside_number:
            sure |= set() if hyphened else {number}
        elif french and fold(word) == "mars" and re.search(r"\b(?:en|de|fin|début|mi)[ -]mars\b", text):
            sure.add(number)
    return possible, sure


def _days(text: str, french: bool) -> tuple[set[int], set[int]]:
    """Return the numbers of all weekdays that ``text`` names, and of those that are no names themselves."""
    names = _FRENCH_DAY_NUMBER if french else _DAY_NUMBER
    words = [(fold(word).removesuffix("s"), word) for word in re.findall(r"[^\W\d_]{5,10}", text)]
    possible = {names[name] for name, _ in words if name in names}
    sure = {names[name] for name, word in words if name in names and word[0].islower() == french}
    return possible, sure
