"""Datelines: « PARIS, 12 mars (AFP) – », which a model garbles and rules translate."""

from __future__ import annotations

import re
import unicodedata

from translate.checks.dates import MONTHS
from translate.document import Sentence
from translate.places import english_place

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
#: Short forms as agencies write them: 12 déc. 2023.
_SHORT = {
    "janv": "janvier",
    "févr": "février",
    "fév": "février",
    "avr": "avril",
    "juil": "juillet",
    "sept": "septembre",
    "oct": "octobre",
    "nov": "novembre",
    "déc": "décembre",
}
_CITY = r"[A-ZÀ-Ý][\w’'-]*(?:[ -][A-ZÀ-Ý][\w’'-]*){0,3}"
_SPACE = "[ \u00a0\u202f]"
_DATELINE = re.compile(
    rf"(?P<city>{_CITY})(?:/(?P<second>{_CITY}))?(?:{_SPACE}\((?P<country>{_CITY})\)(?=,))?"
    rf"(?:,{_SPACE}?(?:le{_SPACE})?(?P<day>\d{{1,2}})(?:er)?{_SPACE}"
    rf"(?P<month>{_MONTHS}|{'|'.join(_SHORT)})\.?(?:{_SPACE}(?P<year>\d{{4}}))?)?"
    rf"(?:{_SPACE}?\((?P<agency>[^()]{{2,40}})\))?{_SPACE}?(?P<dash>[–—-]|--){_SPACE}+"
)

#: Datelines are short.
_LONGEST = 300


def split_dateline(sentence: Sentence) -> tuple[Sentence, ...]:
    """Return a sentence that opens with a dateline as the dateline and the rest; any other as it is.

    A place and a dash alone are no dateline: a date or an agency must stand between.
    """
    match = _DATELINE.match(sentence.text[:_LONGEST])
    if match is None or not (match["day"] or match["agency"]) or match.end() == len(sentence.text):
        return (sentence,)
    line = sentence.text[: match.end()]
    words = line.rstrip(" \u00a0\u202f")
    return Sentence(words, line[len(words) :]), Sentence(sentence.text[match.end() :], sentence.gap)


def english_dateline(text: str) -> str | None:
    """Return a dateline in English (PARIS, March 12 (AFP) –), or None where ``text`` is none."""
    match = _DATELINE.fullmatch(f"{unicodedata.normalize('NFC', text)} ") if len(text) < _LONGEST else None
    if match is None or not (match["day"] or match["agency"]):
        return None
    line = "/".join(_city(name) for name in (match["city"], match["second"]) if name)
    line += f" ({_city(match['country'])})" if match["country"] else ""
    if match["day"]:
        month = MONTHS[_SHORT.get(match["month"], match["month"])]
        line += f", {month} {match['day']}" + (f", {match['year']}" if match["year"] else "")
    if match["agency"]:
        line += f" ({match['agency']})"
    return f"{line} {match['dash']}"


def _city(name: str) -> str:
    english = english_place(name) or name
    return english.upper() if name.isupper() else english
