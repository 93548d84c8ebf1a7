"""French said otherwise before a model reads it: clock times, Swiss and Belgian numbers, terms that it got wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translate.checks.common_words import lower_case
from translate.checks.dates import MONTHS
from translate.checks.terms import SET_TERMS, Terms, doubted
from translate.checks.words import LONGEST_SENTENCE
from translate.document import Flag
from translate.sentences.rules.rubrics import english_rubric


@dataclass(frozen=True)
class Rewording:
    """Characters ``[start:end)`` of a sentence, and what the model reads in their place.

    ``checked`` tells that the checks read it too: the same thing in another French.
    """

    start: int
    end: int
    text: str
    checked: bool = False


_SPACE = "[ \u00a0\u202f]"
#: 18 h 30, 18h30, 18h, 18 heures, 18 heures 30.
_HOUR = (
    rf"(?<![\w.,:/'’])(?<![^\dhH]-)(?P<hour>\d{{1,2}})(?:{_SPACE}?[hH](?:{_SPACE}?(?P<minute>[0-5]\d))?"
    rf"|{_SPACE}heures?(?:{_SPACE}(?P<past>[0-5]\d))?)(?![\w'’\"″:]|-(?!\d))"
)
#: Afterwards: a span of time (« 2 heures de route », « 6 heures par jour »), or what the model says well by itself.
_NO_CLOCK = rf"(?!{_SPACE}(?:(?:de|par|du|après|plus|minutes?)(?!\w)|d['’]|\d))"
_CLOCK = re.compile(_HOUR + _NO_CLOCK)
#: Before: what is followed by a time of the day. A range's first half is known by its second.
_AT = re.compile(
    rf"(?:^|\b(?:à|A|À|[Ii]l{_SPACE}(?:est|était)|[Vv]ers|[Dd]ès|[Aa]vant|[Aa]près|[Jj]usqu['’]à|entre))"
    rf"{_SPACE}?$|[(:•|]{_SPACE}?$|«{_SPACE}?$"
)
#: In timetables: « 6 h 40   12 h 05 », « 8 h - 12 h ».
_BESIDE = re.compile(r"\s*[-–/,]?\s*")
#: « de 40 min à 1 h »
_FROM_SPAN = re.compile(rf"\d{_SPACE}?(?:min|mn|minutes?|h\d*|heures?|jours?|ans){_SPACE}à{_SPACE}$")
_FROM = re.compile(rf"\b(?:de|entre){_SPACE}$", re.IGNORECASE)
_TO = re.compile(rf"{_SPACE}(?:à|et){_SPACE}$")
_SPAN_BEFORE = re.compile(
    rf"\b(?:en|pendant|durant|dure|dura|duré|durera|durait|prend|pris|mis|met|mettre|depuis|environ|près de|plus de|"
    rf"moins de|retard de|durée de|temps de){_SPACE}$",
    re.IGNORECASE,
)
_SPAN_AFTER = re.compile(rf"{_SPACE}(?:de|par)(?!\w)|{_SPACE}d['’]")
#: Characters before a time that tell what it is.
_LEAD = 24
#: « Le Kremlin, lui, refuse »: said with « quant à lui » it comes out as "meanwhile", without as "the Kremlin, he".
_CONTRAST = re.compile(r"(?<=\w),[ \u00a0](?P<whom>lui|elle|eux),(?=[ \u00a0])")
#: What stands before a headline: « EN DIRECT - », « Lire aussi : ».
_LABEL = re.compile(
    rf"(?P<label>[^\W\d_][^\d_:.!?>|–-]{{3,40}}?)"
    rf"{_SPACE}?(?:[:|]|\.(?=[ \u00a0])|(?<=[ \u00a0])[-–])(?=[ \u00a0])"
)
#: Participles too short to be told from names by their length; in no vocabulary with a capital.
_PARTICIPLES = ("Tué", "Élu")
#: A word with one capital that no other word with a capital follows, as one would a first name.
_FIRST = re.compile(
    rf"[\W_]*(?P<word>[^\W\d_a-z][^\W\d_]{{3,}}|Tuée?s?|Élue?s?)(?![\w'’-])(?!{_SPACE}[^\W\d_a-zà-öø-ÿ])"
)
#: « Seuls Zurich et Vaud »
_ONLY = re.compile(rf"[\W_]*(?P<word>Seule?s?)(?={_SPACE}[^\W\d_a-zà-öø-ÿ])")
#: « à 3'31" » of the winner.
_BEHIND = re.compile(r"(?<![\d'’.,])(?P<minutes>\d{1,2})['’′](?P<seconds>[0-5]\d)(?:[\"”″]|['’]{2})")
_MONTH = "|".join(MONTHS)
#: « fixé à 2 % au 1er janvier » is read as a fall to 1%; « en hausse de 0,8 % à 7 912 points » as one from 0.8.
_ON_DATE = re.compile(rf"(?<=%){_SPACE}(?P<on>au){_SPACE}(?=(?:1er|\d{{1,2}}){_SPACE}(?:{_MONTH})\b)")
_BY_SHARE = re.compile(
    rf"\b(?:de|d['’]environ){_SPACE}[\d,]+{_SPACE}?(?P<share>%)(?={_SPACE}à{_SPACE}\d[\d,.\u00a0\u202f ]*"
    rf"{_SPACE}?(?:euros?|dollars?|points?|livres|yens|€|\$))"
)
#: « nul ne peut ignorer que », « n'ose croire que »: without « pas », which models wait for, they do not deny.
_BARE_NE = re.compile(
    r"\b(?:ne |n['’])(?:(?P<can>peut|peuvent|pouvait|pouvaient|pourra|pourront|pourrait|pourraient)(?= (?:(?:l|y|en) )?"
    r"(?:ignorer|nier|exclure|douter|négliger|oublier)\b)"
    r"|(?P<dare>ose|osent|osait|osaient)(?= (?:y )?(?:croire|espérer|imaginer|penser|dire|rêver)\b))",
    re.IGNORECASE,
)
_SWISS = re.compile(r"(?<![\w.,'’])\d{1,3}(?:['’]\d{3})+(?![\w'’])")
_TENS = re.compile(
    r"\b(septante|huitante|octante|nonante)(?:(-et-| et |-)(une?|deux|trois|quatre|cinq|six|sept|huit|neuf)\b)?",
    re.IGNORECASE,
)
_TEENS = dict(
    zip(
        ("", "un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
        ("dix", "onze", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
        strict=True,
    )
)


def always(text: str) -> tuple[Rewording, ...]:
    """Return what models read better in another form, in order: « 18 h 30 », « 12'000 », « nonante ».

    French times are said as 18:30, which models copy; said as they stand, they come out as 18.30 p.m.
    """
    if len(text) > LONGEST_SENTENCE:
        return ()
    label = tuple(_label(text))
    contrast = (Rewording(*who.span("whom"), f"quant à {who['whom']}") for who in _CONTRAST.finditer(text))
    dates = (Rewording(*found.span("on"), "le") for found in _ON_DATE.finditer(text))
    shares = (Rewording(*found.span("share"), "%,") for found in _BY_SHARE.finditer(text))
    behind = (
        Rewording(*found.span(), f"{found['minutes']} minutes et {int(found['seconds'])} secondes", checked=True)
        for found in _BEHIND.finditer(text)
    )
    first = _first_word(text, label[0].end if label else 0)
    found = (*label, *first, *_times(text), *_numbers(text), *contrast, *dates, *shares, *behind, *_denials(text))
    return tuple(sorted(found, key=lambda one: one.start))


def for_doubts(text: str, flags: Iterable[Flag], terms: Terms = SET_TERMS) -> tuple[Rewording, ...]:
    """Return what to say instead of the terms of a French sentence that ``flags`` say came out wrong, in order."""
    found = (one for one in doubted(text, flags, terms) if not one.kept)
    return tuple(Rewording(one.start, one.end, one.said) for one in found)


def _first_word(text: str, start: int) -> Iterator[Rewording]:
    """Find the capital of a common word that a sentence or headline begins with: « Grève : », « Trêve à Gaza ».

    Small vocabularies hold « grève », but « Grève » only in pieces that mean nothing.
    """
    match = _FIRST.match(text, start)
    if only := _ONLY.match(text, start):
        yield Rewording(*only.span("word"), "Seulement")
    if match and (match["word"].startswith(_PARTICIPLES) or match["word"].lower() in lower_case()):
        yield Rewording(match.start("word"), match.start("word") + 1, match["word"][0].lower())


def _label(text: str) -> Iterator[Rewording]:
    """Find a rubric before a headline: models that read both as one sentence garble both."""
    match = _LABEL.match(text)
    label = english_rubric(match["label"].rstrip()) if match else None
    if match and label:
        # No vocabulary holds words in capitals.
        said = label.capitalize() if label.isupper() else label
        yield Rewording(match.start("label"), match.start("label") + len(match["label"].rstrip()), said)


def _times(text: str) -> Iterator[Rewording]:
    if "h" not in text and "H" not in text:
        return
    clocks = [match for match in _CLOCK.finditer(text) if int(match["hour"]) < 24]
    of_day: set[int] = set()
    for before, match in zip([None, *clocks], clocks, strict=False):
        lead = _before(text, match)
        between = text[before.end() : match.start()] if before else "."
        ranged = _TO.fullmatch(between) is not None
        if before and (_BESIDE.fullmatch(between) or (ranged and _FROM.search(_before(text, before)))):
            of_day |= {before.start(), match.start()}
        elif _AT.search(lead) and not ranged and not _FROM_SPAN.search(lead):
            of_day.add(match.start())
    for match in re.finditer(_HOUR, text):
        minute = match["minute"] or match["past"]
        if match.start() in of_day:
            yield Rewording(*match.span(), f"{int(match['hour']):02}:{minute or '00'}", checked=True)
        elif "heure" not in match[0] and (
            _SPAN_BEFORE.search(_before(text, match)) or _SPAN_AFTER.match(text, match.end())
        ):
            hours = f"{int(match['hour'])} heures" if int(match["hour"]) != 1 else "une heure"
            said = f"{hours} et {int(minute)} minutes" if minute and int(minute) else hours
            yield Rewording(*match.span(), said, checked=True)


def _denials(text: str) -> Iterator[Rewording]:
    for match in _BARE_NE.finditer(text):
        verb = "can" if match["can"] else "dare"
        yield Rewording(*match.span(verb), f"{match[verb]} pas")


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _LEAD) : match.start()]


def _numbers(text: str) -> Iterator[Rewording]:
    for match in _SWISS.finditer(text):
        yield Rewording(*match.span(), re.sub("['’]", "\u00a0", match[0]), checked=True)
    for match in _TENS.finditer(text):
        tens, unit = match[1].lower(), (match[3] or "").lower()
        if tens in ("huitante", "octante"):
            said = f"quatre-vingt-{unit}" if unit else "quatre-vingts"
        elif tens == "septante":
            said = "soixante et onze" if unit in ("un", "une") else f"soixante-{_TEENS[unit]}"
        else:
            said = f"quatre-vingt-{_TEENS[unit]}"
        yield Rewording(*match.span(), said, checked=True)
