"""Directions and shares: what rose in French does not fall in English, and half is not twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from translate.checks.quantities import readings
from translate.document import Flag

_NUMBER = r"[$£€]?(\d+(?:[.,]\d+)*)(?: ?%| (?:percent|points|euros|billion|million|dollars))*"
_FROM_TO = re.compile(
    rf"\b(?P<verb>ris|rose|increas|climb|gr[eo]w|f[ae]ll|drop|declin|decreas)\w* from {_NUMBER} to {_NUMBER}",
    re.IGNORECASE,
)
_UP_FRENCH = re.compile(r"\b(?:hausse|augment|grimp|bondi|culmin|relev[eé]r?\b|s['’]envol|progress[eé])", re.IGNORECASE)
_DOWN_FRENCH = re.compile(r"\b(?:baiss|recul|diminu|chut[eé]|repli|abaiss|céd[eé]|dégringol)", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:ris(?:e|en|es|ing)|rose|increas|climb|surg|jump|soar|rais(?:e|ed|ing)|grew|grow|higher|up|peak|gain|progress|advanc)",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:f[ae]ll|drop|decl|decreas|down|slip|los[te]|cut|reduc|lower|shr[ai]nk|slump|plung|plummet|retreat|diminish|"
    r"back|less|contract|withdr|slow|slid|collaps|ced|weak|worse|recover|setback|retir|sank|sink|tumbl)",
    re.IGNORECASE,
)
_TIMES_LESS = re.compile(r"\bfois moins\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:less|half|halv|lower|few|small|third|quarter|fifth|tenth|cheap|under|below|down|slow|short)", re.IGNORECASE
)
#: « un lycée sur quatre », « une femme sur 10 »; not « un chat sur deux pages ».
SHARE = re.compile(
    r"\bune? (?:[^\W\d_][\w'’-]* ){1,4}"
    r"sur (?P<of>deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|cent|mille|\d+)\b"
    r"(?! (?:lignes|pages|ans|jours|mètres|kilomètres))",
    re.IGNORECASE,
)
_SHARED = re.compile(r"\b(?:in|out of|of|every|per|half|third|quarter|fifth|tenth|percent)\b|%", re.IGNORECASE)


def direction_flags(source: str, target: str) -> Iterator[Flag]:
    """Yield a flag for a rise told as a fall or to a lower number, for « fois moins » and « un sur dix » gone.

    Texts are made ``plain``. Directions are compared only in sentences with figures.
    """
    for match in _FROM_TO.finditer(target):
        (low, *_), (high, *_) = (readings(match[group], english=True)[0] for group in (2, 3))
        up = match["verb"].lower() in ("ris", "rose", "increas", "climb", "grow", "grew")
        if low != high and (low < high) != up:
            yield Flag("numbers", f"“{match[0]}” goes the other way")
    if any(map(str.isdigit, source)):
        rises, falls = bool(_UP_FRENCH.search(source)), bool(_DOWN_FRENCH.search(source))
        if rises and not falls and _DOWN.search(target) and not _UP.search(target):
            yield Flag("numbers", "a rise told as a fall")
        if falls and not rises and _UP.search(target) and not _DOWN.search(target):
            yield Flag("numbers", "a fall told as a rise")
    if _TIMES_LESS.search(source) and not _LESS.search(target):
        yield Flag("numbers", "“fois moins” is missing")
    share = SHARE.search(source)
    if share and not _SHARED.search(target):
        yield Flag("numbers", f"“{share[0]}” is missing")
