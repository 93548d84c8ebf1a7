"""Variations of a pair that news throws at a model and corpora lack; pure, and random by seed alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from translate.checks.dates import MONTHS

#: Begins the French of a back-translated pair, so that the model can tell it from French that people wrote
#: (Caswell et al. 2019); vocabularies trained here hold it as one piece.
BACK_TRANSLATED = "<bt>"

_CITIES = (
    ("Paris", "Paris"), ("Gaza", "Gaza"), ("Beyrouth", "Beirut"), ("Bagdad", "Baghdad"),
    ("Damas", "Damascus"), ("Tunis", "Tunis"), ("Alger", "Algiers"), ("Rabat", "Rabat"), ("Dakar", "Dakar"),
    ("Bamako", "Bamako"), ("Kiev", "Kyiv"), ("Moscou", "Moscow"), ("Londres", "London"),
    ("Washington", "Washington"), ("Bruxelles", "Brussels"), ("Genève", "Geneva"), ("Téhéran", "Tehran"),
    ("Jérusalem", "Jerusalem"), ("Ankara", "Ankara"), ("Niamey", "Niamey"), ("Le Caire", "Cairo"),
    ("Pékin", "Beijing"),
)  # fmt: skip
_AGENCIES = ("AFP", "Reuters", "AP", "")

# A whole numeral: grouped by spaces or dots, or plain, with or without decimals; never part of a date, an
# hour, a range, an address, a percentage of something glued to it, or a word ("G20", "1er").
_GLUED = r"(?![\w:/–-]|[.,]\d| \d)"
_FRENCH_NUMBER = re.compile(r"(?<![\w.,:/–-])(?<!\d )(\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?" + _GLUED)
_ENGLISH_NUMBER = re.compile(r"(?<![\w.,:/–-])(?<!\d )(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?![\w:/–-]|[.,]\d)")
_FRENCH_HOUR = re.compile(r"(?<![\w.,:/-])([01]?\d|2[0-3]) ?[hH] ?([0-5]\d)(?![\w:])")
_ENGLISH_HOUR = re.compile(r"(?<![\w.,:/-])([01]?\d|2[0-3]):([0-5]\d)(?![\w:]| ?[ap]\.?m)")
_CAPITALISED = re.compile(r"(?<=[a-zéèàç,] )[A-Z][a-zéèêïüöäáíóúçñ]{3,}\b")

#: Names of one word or more, not at the beginning, and numbers.
_HELD = re.compile(r"(?<=[\w,'] )[A-ZÉÈÀ][\w-]+(?: [A-ZÉÈÀ][\w-]+)*|(?<![\w.,])\d+(?![\w]|[.,]\d)")


@dataclass(frozen=True)
class Rates:
    """How often each variation is made: about as in the corpus that the bundled model learnt from."""

    number: float = 0.5
    name: float = 0.2
    placeholder: float = 0.2
    stop: float = 0.05
    capitals: float = 0.015
    half_capitals: float = 0.01
    dateline: float = 0.01
    typography: float = 0.03
    english: float = 0.003


class Augmenter:
    """Varies pairs, one at a time; the same generator state and pair give the same result.

    ``names`` are single words put in the place of names that both sides write alike; parts of two of them
    make names nobody has seen, to be copied letter by letter.
    """

    def __init__(self, names: tuple[str, ...] = (), rates: Rates | None = None) -> None:
        self._names = names
        self._rates = rates if rates is not None else Rates()

    def vary(self, french: str, english: str, rng: random.Random) -> tuple[str, str]:
        """Return the pair, varied or not; both sides normalised (typography aside, see there)."""
        if french.startswith(BACK_TRANSLATED) or not french or not english:
            return french, english
        rates = self._rates
        if rng.random() < rates.english and len(english) > 20:
            return english, english
        if rng.random() < rates.number:
            french, english = change_number(french, english, rng)
        if rng.random() < rates.name and self._names:
            french, english = self._rename(french, english, rng)
        if rng.random() < rates.placeholder:
            french, english = hold(french, english, rng)
        if rng.random() < rates.dateline:
            french, english = add_dateline(french, english, rng)
        chance = rng.random()
        if chance < rates.stop:
            french, english = drop_stop(french, english)
        elif chance < rates.stop + rates.capitals and len(french) < 90:
            french, english = french.upper(), english.upper()
        elif chance < rates.stop + rates.capitals + rates.half_capitals and len(french) < 90:
            # A French headline in capitals, wanted in ordinary case: without a final stop, as headlines are.
            french, english = drop_stop(french, english)
            french = french.upper()
        if rng.random() < rates.typography:
            french = set_typography(french)
        return french, english

    def _rename(self, french: str, english: str, rng: random.Random) -> tuple[str, str]:
        shared = [
            word
            for word in dict.fromkeys(_CAPITALISED.findall(french))
            if french.count(word) == 1 and english.count(word) == 1
        ]
        if not shared:
            return french, english
        old, new = rng.choice(shared), self._name(rng)
        return french.replace(old, new), english.replace(old, new)

    def _name(self, rng: random.Random) -> str:
        first = rng.choice(self._names)
        if rng.random() < 0.6:
            return first
        second = rng.choice(self._names)
        return first[: max(2, len(first) // 2)] + second[len(second) // 2 :].lower()


def hold(french: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Return the pair with up to three names and numbers that both sides share as Z1, Z2 ...

    That is how :mod:`translate.sentences.french.protect` sends what a model must not touch; one that has learnt to
    copy them keeps it.
    """
    shared = [
        word
        for word in dict.fromkeys(_HELD.findall(french))
        if len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", english)) == 1 and french.count(word) == 1
    ]
    chosen = set(rng.sample(shared, min(len(shared), rng.randint(1, 3))))
    for number, word in enumerate((word for word in shared if word in chosen), start=1):
        french, english = french.replace(word, f"Z{number}"), english.replace(word, f"Z{number}")
    return french, english


def drop_stop(french: str, english: str) -> tuple[str, str]:
    """Return the pair without its final full stops, where both sides end in exactly one."""
    if french.endswith(".") and english.endswith(".") and not french.endswith("..") and not english.endswith(".."):
        return french[:-1], english[:-1]
    return french, english


def set_typography(french: str) -> str:
    """Return ``french`` as French newspapers set it: « » with no-break spaces, ’, and a space before : ; ! ?.

    Models read normalised text, as a rule; this keeps them sound where a caller sends them raw text.
    """
    quotes = french.count('"')
    if quotes and quotes % 2 == 0:
        opening = True
        pieces = french.split('"')
        text = pieces[0]
        for piece in pieces[1:]:
            text += ("«\u00a0" if opening else "\u00a0»") + piece
            opening = not opening
        french = text
    return re.sub(r" (?=[:;!?])", "\u00a0", french.replace("'", "’"))


def add_dateline(french: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Return the pair with the same dateline before both sides: town, perhaps date, perhaps agency."""
    town, city = rng.choice(_CITIES)
    if rng.random() < 0.5:
        town, city = town.upper(), city.upper()
    if rng.random() < 0.6:
        day = rng.randint(1, 31)
        mois, month = rng.choice(tuple(MONTHS.items()))
        town, city = f"{town}, {'1er' if day == 1 else day} {mois}", f"{city}, {month} {day}"
    agency = rng.choice(_AGENCIES)
    tail = (f" ({agency})" if agency else "") + rng.choice((" – ", " - "))
    return town + tail + french, city + tail + english


def change_number(french: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Return the pair with one number changed on both sides, each in the form of its language.

    A number is changed only where each side writes that value exactly once and in figures; hours (14h30,
    14:30) likewise. 0 and 1 are left alone (the noun's number hangs on them), days of a date stay days, and
    years are mostly kept and stay years.
    """
    if rng.random() < 0.15:
        changed = _change_hour(french, english, rng)
        if changed is not None:
            return changed
    ours = _values(_FRENCH_NUMBER, french)
    theirs = _values(_ENGLISH_NUMBER, english)
    shared = [value for value in ours if len(ours[value]) == 1 and len(theirs.get(value, ())) == 1 and value > 1]
    if not shared:
        return french, english
    value = rng.choice(shared)
    here, there = ours[value][0], theirs[value][0]
    new = _new_number(value, french[here.end() :], bool(here.group(2)), rng)
    if new is None:
        return french, english
    grouping = "." if "." in here.group(1) else " "
    return (
        french[: here.start()] + french_number(new, grouping, rng.random() < 0.1) + french[here.end() :],
        english[: there.start()] + english_number(new, is_year(new)) + english[there.end() :],
    )


def french_number(value: Decimal, grouping: str = " ", ungrouped: bool = False) -> str:
    """Return the numeral as French writes it: 1 234 567,8; below 10,000 it may stand ungrouped."""
    if is_year(value) or (ungrouped and value < 10_000):
        return str(value).replace(".", ",")
    return f"{value:,}".replace(",", "\0").replace(".", ",").replace("\0", grouping)


def english_number(value: Decimal, year: bool = False) -> str:
    """Return the numeral as English writes it: 1,234,567.8; a year stands ungrouped."""
    return str(value) if year else f"{value:,}"


def is_year(value: Decimal) -> bool:
    """Return whether the value reads as a year, which neither language groups."""
    return value == value.to_integral_value() and value.as_tuple().exponent == 0 and 1850 <= value <= 2035


def _values(pattern: re.Pattern[str], text: str) -> dict[Decimal, list[re.Match[str]]]:
    found: dict[Decimal, list[re.Match[str]]] = {}
    for match in pattern.finditer(text):
        whole = re.sub(r"[ .,]", "", match.group(1))
        found.setdefault(Decimal(f"{whole}.{match.group(2)}" if match.group(2) else whole), []).append(match)
    return found


def _new_number(old: Decimal, after: str, decimals: bool, rng: random.Random) -> Decimal | None:
    word = after.lstrip().split(" ", 1)[0].lower().strip(".,;")
    if word in MONTHS:
        return Decimal(rng.randint(2, 28)) if old <= 31 else None
    if is_year(old):
        return Decimal(rng.randint(1850, 2035)) if rng.random() < 0.4 else None
    if decimals:
        return Decimal(f"{rng.randint(2, 999)}.{rng.randint(1, 9)}")
    makers: tuple[Callable[[], int], ...] = (
        lambda: rng.randint(2, 99),
        lambda: rng.randint(100, 999),
        lambda: rng.randint(1000, 999_999),
        lambda: rng.randint(2, 99) * rng.choice((10, 100, 1000, 10_000)),
        lambda: rng.randint(1_000_000, 99_999_999),
    )
    new = rng.choices(makers, weights=(35, 25, 22, 13, 5))[0]()
    return None if is_year(Decimal(new)) else Decimal(new)


def _change_hour(french: str, english: str, rng: random.Random) -> tuple[str, str] | None:
    ours, theirs = list(_FRENCH_HOUR.finditer(french)), list(_ENGLISH_HOUR.finditer(english))
    if len(ours) != 1 or len(theirs) != 1:
        return None
    here, there = ours[0], theirs[0]
    if [int(part) for part in here.groups()] != [int(part) for part in there.groups()]:
        return None
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    return (
        f"{french[: here.start()]}{hour}h{minute:02d}{french[here.end() :]}",
        f"{english[: there.start()]}{hour}:{minute:02d}{english[there.end() :]}",
    )


def shared_names(french: str, english: str) -> tuple[str, ...]:
    """Return the words both sides capitalise inside the sentence and write alike: names."""
    return tuple(word for word in dict.fromkeys(_CAPITALISED.findall(french)) if word in english)
