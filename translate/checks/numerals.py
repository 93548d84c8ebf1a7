"""Numbers, dates and spans of time: each of the source stands in the translation with its value, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from translate.checks.bounds import bound_flags
from translate.checks.dates import date_flags, months, numeric_dates, pair_up
from translate.checks.directions import direction_flags
from translate.checks.durations import duration_flags
from translate.checks.english_numbers import english_quantities
from translate.checks.french_numbers import french_quantities
from translate.checks.quantities import Quantity
from translate.checks.words import fold, folded_words
from translate.document import Flag

_EVENING = re.compile(r"\b(?:soirs?|soirée|après-midi|[ap]\.? ?m)\b", re.IGNORECASE)
_SEPTEMBER_11 = re.compile(r"\b9/11\b")


#: Numbers of one sentence that are counted one against the other; a table of more is no sentence.
_MOST = 200


def number_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each number, date, span of time or bound that is missing, changed or new.

    Texts are made ``plain``.
    """
    if _SEPTEMBER_11.search(target) and not _SEPTEMBER_11.search(source):
        target = _SEPTEMBER_11.sub("September 11", target)
    return [
        *_quantity_flags(source, target),
        *date_flags(source, target),
        *duration_flags(source, target),
        *bound_flags(source, target),
        *direction_flags(source, target),
    ]


def _quantity_flags(source: str, target: str) -> list[Flag]:
    wanted = french_quantities(source)
    found = english_quantities(target, evening=_EVENING.search(source) is not None)
    dated: set[Fraction] = set()
    if numeric_dates(source + " " + target):
        dated = {Fraction(month) for month in months(source, french=True) | months(target, french=False)}
    available = _values(_free(found, source)) | dated
    known = _values(wanted) | dated
    missing = [q.text for q in wanted if q.demanded and not q.values & available]
    new = [q.text for q in found if q.demanded and not q.values & known and not (q.text.isalpha() and q.text in source)]
    flags = pair_up("numbers", list(dict.fromkeys(missing)), list(dict.fromkeys(new)))
    return [*flags, *_repeated(wanted, found)]


def _free(found: Sequence[Quantity], source: str) -> list[Quantity]:
    """Return what may stand for a number of the source: no hint that it has itself (« le second », the second)."""
    words = set(folded_words(source))
    return [quantity for quantity in found if quantity.demanded or fold(quantity.text) not in words]


def _repeated(wanted: Sequence[Quantity], found: Sequence[Quantity]) -> list[Flag]:
    """Flag a number in digits that comes more often than in the source: people do that in 0.4 % of such pairs."""
    digits = [quantity for quantity in found if any(map(str.isdigit, quantity.text))]
    if len(digits) > _MOST:
        return []
    more = [q.text for q in digits if 0 < _count(q, wanted) < _count(q, digits)]
    return [Flag("numbers", f"{text} comes more often than in the source") for text in dict.fromkeys(more)]


def _count(quantity: Quantity, among: Sequence[Quantity]) -> int:
    return sum(bool(other.values & quantity.values) for other in among)


def _values(quantities: Iterable[Quantity]) -> set[Fraction]:
    return {value for quantity in quantities for value in quantity.values}
