"""Bylines and credits, which hold but names, perhaps a place: « Par Claire Gatinel, à Lens », « Jean Moreau / AFP »."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from translate.checks.common_words import COMMON_WORDS
from translate.checks.exonyms import EXONYMS
from translate.checks.words import fold
from translate.places import english_place

#: Who is named after these is a person.
_OF_PERSONS = frozenset(("par", "propos recueillis par", "recueilli par", "propos traduits par"))
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
#: Agencies, which no other word is spelt like; and words of the names of photographers' and newspapers' houses.
_AGENCIES = frozenset("afp afptv anp ap ats belga dpa dr efe epa keystone lp maxppp pa reuters ria sipa tass".split())
_HOUSES = frozenset(
    "abaca bestimage divergence du getty gamma hans images istock le les lucas new nord novosti nurphoto panoramic "
    "parisien pixsell presse rapho shutterstock sports starface the times voix wire york zuma monde l'équipe".split()
)
_PARTICLES = frozenset("de du des d' d’ la le les von van der den ben bin ibn al el da dos di y e l' l’".split())
_SMALL = {"et": "and", "avec": "with", "via": "via"}
_LEAD = re.compile(rf"(?:{'|'.join(sorted(_LEADS, key=len, reverse=True))})(?=[ \u00a0]?:|[ \u00a0])", re.IGNORECASE)
#: Words with what joins them, initials, and the marks that stand between names.
_TOKEN = re.compile(r"[dl]['’](?=[^\W\d_])|[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|[/,|•&·+()©:–-]")
#: « Par Romain Delattre, à Lens », « Par Léa Noé, envoyée spéciale à Kiev ».
_PLACE = re.compile(
    r"(?P<names>.+?)(?:,| \()[ \u00a0]?"
    r"(?P<role>(?:notre )?(?:envoyée?|correspondante?)(?: spéciale?)? )?(?P<in>à|au|en) "
    r"(?P<place>[^\W\d_a-z][\w'’-]*(?:[ -](?:[^\W\d_a-z][\w'’-]*|sur|en|la|le|les|lès|sous|de|du))*)\)?"
)
_ROLES = {"envoy": "special correspondent ", "corre": "correspondent "}
#: A line of names is short.
_LONGEST = 160


def english_byline(text: str) -> str | None:
    """Return a line of names and agencies in English, after « Par » with a place, or None where ``text`` is more.

    Names stay to the letter: a model that reads them without a sentence around them reorders and translates them.
    A name of a person has two to four words, of which one at least stands in no French dictionary. Beside an agency or
    after « Par » none is asked for; after « Photo » or the like and beside a slash or a bracket one; else there must
    be nothing but such names.
    """
    line = text.strip()
    if len(line) > _LONGEST:
        return None
    if (placed := _PLACE.fullmatch(line)) and _LEAD.match(line):
        names = english_byline(placed["names"])
        role = _ROLES.get((placed["role"] or "").removeprefix("notre ")[:5], "")
        place = english_place(f"Le {placed['place']}" if placed["in"] == "au" else placed["place"])
        place = place or (placed["place"] if placed["in"] == "à" else None)
        return f"{names}, {role}in {place}" if names and place else None
    lead = _LEAD.match(line)
    names = line[lead.end() :].lstrip(" \u00a0") if lead else line
    tokens = _TOKEN.findall(names)
    if not tokens or _TOKEN.sub("", names).strip(" \u00a0"):
        return None
    words = [token for token in tokens if token[0].isalpha()]
    named = [word for word in words if word.lower() not in _SMALL and word not in _PARTICLES]
    said = " ".join(lead[0].lower().split()) if lead else ""
    agency = any(word.isupper() and word.lower() in _AGENCIES for word in named)
    told = lead is not None or agency or any(token in "/|©(" for token in tokens)
    if any(not word[0].isupper() or _is_word(word, told) for word in named) or len(named) < 1 + (lead is None):
        return None
    persons = [_is_person(part) for part in re.split(r"[,/|•()©:]| et ", names) if part.strip()]
    if not told and (len(named) > 4 or not all(persons)):
        return None
    if not (agency or said in _OF_PERSONS or any(persons)):
        return None
    english = re.sub(r" et ", " and ", re.sub(r" avec (?:l['’]|la |les? )?", " with ", names))
    if lead is None:
        return english
    label = _LEADS[said].upper() if lead[0].isupper() else _LEADS[said]
    return f"{label}{english}" if english.startswith(":") else f"{label} {english}"


def _is_word(word: str, told: bool) -> bool:
    """Whether a capitalised word is one to be translated: of French titles, or what English spells otherwise."""
    if told and word.lower() in _AGENCIES | _HOUSES:
        return False
    parts = [fold(part) for part in re.split(r"['’.-]", word) if part]
    if any(part in COMMON_WORDS for part in parts) or english_place(word) not in (None, word):
        return True
    return any(part in EXONYMS and part not in EXONYMS[part] for part in parts if not told or word.isupper())


def _is_person(words: str) -> bool:
    """Whether two to four words are a person's name: one of them at least stands in no French dictionary."""
    parts = words.split()
    return 2 <= len(parts) <= 4 and any(word.rstrip(".").lower() not in _dictionary() for word in parts)


@cache
def _dictionary() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker(language="fr").word_frequency
