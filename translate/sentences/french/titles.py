"""Newspapers and magazines, whose names stay as they are: « selon Le Point » is not "according to the Point"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from translate.checks.words import LONGEST_SENTENCE
from translate.sentences.french.holding import Hold

#: Those after whose preposition the article is part of it: « au Figaro ».
_WITHOUT = ("Canard enchaîné", "Figaro", "Parisien", "Journal du dimanche", "Journal du Dimanche", "Télégramme")
#: What newspapers do: a title that begins a sentence may be that of something else.
_SAYS = (
    "(?:a |avait |avaient |ont )?(?:affirm|annonc|assur|avanc|cit|confirm|consacr|décri|dévoil|écri|estim|évoqu|"
    "expliqu|indiqu|not|parl|précis|publi|racont|rappel|rapport|relat|relèv|relev|révèl|révél|soulign|titr)"
)
_SPACE = "[ \u00a0\u202f]"
#: What may follow a title: its end, a mark, a small word; an adjective or a name makes something else of it.
_END = (
    rf"(?={_SPACE}*(?:$|[.,;:!?»”\"')\]…|/–-])|{_SPACE}(?:a|à|ainsi|au|aux|avait|avec|ce|cet|cette|comme|dans|daté|de"
    rf"{_SPACE}(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|ce)|dimanche|du{_SPACE}\d|en|est|et|hier|jeudi|le|les|lundi|"
    rf"mais|mardi|mercredi|ne|ont|ou|par|pour|que|qui|samedi|se|selon|sur|vendredi|{_SAYS}\w*)(?!\w)|{_SPACE}(?:qu|n|s)['’])"
)
#: What newspapers are named after, where a title may be something else.
_LEAD = (
    r"(?:[Ss]elon|[Dd]['’]après|par|[Dd]ans|à|de|et|comme|pour|journal|quotidien|magazine|hebdomadaire|mensuel|confrères|lit|"
    r"\w*(?:affirm|annonc|assur|cit|confi|confirm|croit|dit|dévoil|écri|évoqu|expliqu|indiqu|not|précis|publi|racont|rapport|"
    r"révèl|révél|soulign|titr)\w*)"
)
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
    lines = resources.files(__package__).joinpath("titles.txt").read_text("utf-8").splitlines()
    titles = [line for line in lines if not line.startswith("#")]
    sure = [title for title in titles if not title.endswith(" ?")]
    named = _any(title for title in sure if title.startswith(("L'", "La ", "Le ", "Les ")))
    only = _any(title for title in sure if not title.startswith(("L'", "La ", "Le ", "Les ")))
    other = _any(title.removesuffix(" ?") for title in titles if title.endswith(" ?"))
    upper = _any(title.removesuffix(" ?").upper() for title in titles)
    return re.compile(
        rf"(?:(?<![\w-])(?:[Aa]u|[Dd]u){_SPACE}(?P<contracted>{_any(_WITHOUT)}){_END}"
        rf"|(?<=\W){_TOLD}\w*{_SPACE}(?:\w+{_SPACE})?(?:au|du){_SPACE}(?P<told>Monde|Point|Progrès|Temps|Soir){_END}"
        rf"|(?<![\w-])(?P<named>{named}){_END}|(?<![\w-])(?P<only>{only})"
        rf"|(?:\b(?:[Ss]elon|par|dans|[Jj]ournal|[Qq]uotidien){_SPACE}|[Dd]['’]après{_SPACE})(?P<alone>Libération){_END}"
        rf"|(?:\b(?:POUR|ARCHIVES?|PHOTOS?)(?:{_SPACE}[«“\"]?{_SPACE}?)|[©/|]{_SPACE}?)(?P<credit>{upper})"
        rf"|(?:^|(?<=[«“]{_SPACE}))(?P<first>{other})(?={_SPACE}{_SAYS})"
        rf"|(?<![\w-]){_LEAD}{_SPACE}(?P<amid>{other}){_END})"
        r"(?![\w-])"
    )


def _any(titles: Iterable[str]) -> str:
    """Return a pattern for any of ``titles``, the longer first, with either apostrophe and space."""
    ordered = sorted(titles, key=len, reverse=True)
    return "|".join(re.escape(title).replace("\\ ", _SPACE).replace("'", "['’]") for title in ordered)
