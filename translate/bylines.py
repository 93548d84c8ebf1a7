"""Bylines and credits, which hold nothing but names: « Par Claire Gatinel et Nathan Ségur », « Jean Moreau / AFP »."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from translate.checks.common_words import COMMON_WORDS
from translate.checks.exonyms import EXONYMS
from translate.checks.words import fold
from translate.places import english_place

_LEADS = {
    "par": "By",
    "propos recueillis par": "Interview by",
    "recueilli par": "Interview by",
    "propos traduits par": "Translated by",
    "avec": "With",
    "photo": "Photo",
    "photos": "Photos",
    "photographies": "Photographs",
    "crédit": "Credit",
    "crédits": "Credits",
    "crédit photo": "Photo credit",
    "crédits photo": "Photo credits",
    "texte": "Text",
    "vidéo": "Video",
    "illustration": "Illustration",
    "dessin": "Drawing",
}
#: Agencies and houses, told from words by these spellings.
_AGENCIES = frozenset(
    "afp ap reuters epa efe dpa ats belga sipa gamma rapho maxppp getty images keystone anp tass ria novosti pa wire "
    "abaca bestimage hans lucas divergence starface presse sports panoramic pixsell nurphoto zuma istock shutterstock "
    "afptv dr lp the new york times le monde ouest-france libération l'équipe figaro parisien voix du nord".split()
)
_PARTICLES = frozenset("de du des d' d’ la le les von van der den ben bin ibn al el da dos di y e l' l’".split())
_SMALL = {"et": "and", "avec": "with", "via": "via"}
_LEAD = re.compile(rf"(?:{'|'.join(sorted(_LEADS, key=len, reverse=True))})(?=[ \u00a0]?:|[ \u00a0])", re.IGNORECASE)
#: Words with what joins them, initials, and the marks that stand between names.
_TOKEN = re.compile(r"[dl]['’](?=[^\W\d_])|[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|[/,|•&·+()©:–-]")
#: A line of names is short.
_LONGEST = 160


def english_byline(text: str) -> str | None:
    """Return a line of names and agencies in English, or None where ``text`` is more than that.

    Names stay to the letter: a model that reads them without a sentence around them reorders and translates them.
    Without « Par », « Photo » or the like, a slash, a bracket or an agency, each name must hold a word that no French
    dictionary has.
    """
    line = text.strip()
    lead = _LEAD.match(line)
    names = line[lead.end() :].lstrip(" \u00a0") if lead else line
    tokens = _TOKEN.findall(names)
    if len(line) > _LONGEST or not tokens or _TOKEN.sub("", names).strip(" \u00a0"):
        return None
    words = [token for token in tokens if token[0].isalpha()]
    named = [word for word in words if word.lower() not in _SMALL and word not in _PARTICLES]
    agency = any(word.isupper() and word.lower() in _AGENCIES for word in named)
    told = lead is not None or agency or any(token in "/|©(" for token in tokens)
    if any(not word[0].isupper() or _is_word(word, told) for word in named) or len(named) < 1 + (lead is None):
        return None
    if not told and (len(named) > 4 or not all(map(_is_person, re.split(r",| et ", names)))):
        return None
    english = re.sub(r" et ", " and ", re.sub(r" avec (?:l['’]|la |les? )?", " with ", names))
    if lead is None:
        return english
    said = _LEADS[" ".join(lead[0].lower().split())]
    said = said.upper() if lead[0].isupper() else said
    return f"{said}{english}" if english.startswith(":") else f"{said} {english}"


def _is_word(word: str, told: bool) -> bool:
    """Whether a capitalised word is one to be translated: of French titles, or what English spells otherwise."""
    if word.lower() in _AGENCIES:
        return False
    parts = [fold(part) for part in re.split(r"['’.-]", word) if part]
    if any(part in COMMON_WORDS for part in parts) or english_place(word) not in (None, word):
        return True
    return any(part in EXONYMS and part not in EXONYMS[part] for part in parts if not told or word.isupper())


def _is_person(words: str) -> bool:
    """Whether two to four words are a person's name: one of them at least stands in no French dictionary."""
    parts = words.split()
    return 2 <= len(parts) <= 4 and any(word.lower() not in _dictionary() for word in parts)


@cache
def _dictionary() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker(language="fr").word_frequency
