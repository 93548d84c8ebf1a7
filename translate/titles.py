"""Newspapers and magazines, whose names stay as they are: « selon Le Point » is not "according to the Point"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from translate.checks.words import LONGEST_SENTENCE
from translate.holding import Hold

#: Those after whose preposition the article is part of it: « au Figaro ».
_WITHOUT = ("Canard enchaîné", "Figaro", "Parisien", "Journal du dimanche", "Journal du Dimanche", "Télégramme")
#: What newspapers do: a title that begins a sentence may be that of something else.
_SAYS = (
    "(?:a |avait |avaient |ont )?(?:affirm|annonc|assur|avanc|cit|confirm|consacr|décri|dévoil|écri|estim|évoqu|"
    "expliqu|indiqu|not|parl|précis|publi|racont|rappel|rapport|relat|relèv|relev|révèl|révél|soulign|titr)"
)
_SPACE = "[ \u00a0\u202f]"
#: What people do in an interview: « déclaré au Monde », « un entretien au Point ».
_TOLD = (
    "(?:accord|affirm|annonc|assur|confi|déclar|dit|donn|entretien|expliqu|indiqu|interview|livr|précis|racont|répond|"
    "révél|témoign|tribune)"
)


def held_titles(text: str) -> tuple[Hold, ...]:
    """Return where the French ``text`` names newspapers, to be held for the model; in order, none within another."""
    if len(text) > LONGEST_SENTENCE:
        return ()
    found = (_hold(match) for match in _pattern().finditer(text))
    return tuple(hold for hold in found if not _is_all(text, hold))


def _hold(match: re.Match[str]) -> Hold:
    kind = match.lastgroup or ""
    title = match[kind].replace("\u00a0", " ").replace("’", "'")
    return Hold(*match.span(kind), f"Le {title}" if kind in ("contracted", "told") else title)


def _is_all(text: str, hold: Hold) -> bool:
    """Tell a line that is the title alone: it is a source line, which other rules know."""
    return not text[: hold.start].strip() and not text[hold.end :].strip(" .\u00a0")


@cache
def _pattern() -> re.Pattern[str]:
    lines = resources.files("translate").joinpath("titles.txt").read_text("utf-8").splitlines()
    titles = [line for line in lines if not line.startswith("#")]
    sure = _any(title for title in titles if not title.endswith(" ?"))
    other = _any(title.removesuffix(" ?") for title in titles if title.endswith(" ?"))
    upper = _any(title.removesuffix(" ?").upper() for title in titles)
    return re.compile(
        rf"(?:(?<![\w-])(?:[Aa]u|[Dd]u){_SPACE}(?P<contracted>{_any(_WITHOUT)})"
        rf"|(?<=\W){_TOLD}\w*{_SPACE}(?:\w+{_SPACE})?(?:au|du){_SPACE}(?P<told>Monde|Point|Progrès|Temps|Soir)"
        rf"|(?<![\w-])(?P<sure>{sure})"
        rf"|(?:\b(?:[Ss]elon|par|à|dans|de|et|[Jj]ournal|[Qq]uotidien){_SPACE}|[Dd]['’]après{_SPACE})(?P<alone>Libération)"
        rf"|(?:\b(?:POUR|ARCHIVES?|PHOTOS?)(?:{_SPACE}[«“\"]?{_SPACE}?)|[©/|]{_SPACE}?)(?P<credit>{upper})"
        rf"|(?:^|(?<=[«“]{_SPACE}))(?P<first>{other})(?={_SPACE}{_SAYS})"
        rf"|(?<=[^\W\d_]{_SPACE})(?<!\b[Ll]e{_SPACE})(?<!\b[ad]u{_SPACE})(?P<amid>{other})(?!{_SPACE}(?:de|du|des|sur)(?!\w)|{_SPACE}d['’]))"
        r"(?![\w-])"
    )


def _any(titles: Iterable[str]) -> str:
    """Return a pattern for any of ``titles``, the longer first, with either apostrophe and space."""
    ordered = sorted(titles, key=len, reverse=True)
    return "|".join(re.escape(title).replace("\\ ", _SPACE).replace("'", "['’]") for title in ordered)
