"""Names that the model misspelt, put right letter by letter from the source."""

from __future__ import annotations

import re

from translate.checks.common_words import COMMON_WORDS
from translate.checks.exonyms import EXONYMS
from translate.checks.names import Name, alike, distance, names_in, sounds
from translate.checks.nonwords import is_english_word
from translate.checks.words import LONGEST_SENTENCE, WORD, fold
from translate.places import english_place

#: French spellings of foreign sounds: a name that has one is written otherwise in English (Tchernobyl, Poutine).
_FOREIGN_SOUND = re.compile("tch|dj|ou|kh|gh|ts|tz|gu|qu|ch|é|è|ë|ine$|k")

#: Two names in a row, the first with letters beside its capital.
_NAME = r"[^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)*"
_PAIR = re.compile(rf"(?<![\w'’.-])(?P<first>{_NAME})[ \u00a0](?P<surname>{_NAME})")
_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Professor President Minister Prime Chancellor King Queen Prince Princess Judge General Colonel "
    "Captain Senator Mayor Governor Secretary Chief Director Doctor Sir Lord Lady Pope Saint Vice Deputy Chairman "
    "Commissioner Ambassador Republican Democrat Democratic Socialist Conservative Sergeant Major Admiral Lieutenant "
    "The A An In And By With For Of To From At On His Her Their".split()
)

#: Shorter names are too easily like another word.
_SHORTEST = 5


def respell(text: str, source: str) -> str:
    """Return ``text``, a translation of ``source``, with names that no dictionary holds spelt as in the source.

    Only a word that resembles one name of the source, stands in no English dictionary and is no transliteration
    (Poutine, Putin) changes: « Aubrette » come back as "Abubrette". What English calls otherwise is left alone.
    """
    text = _first_names(text, source)
    words = dict.fromkeys(WORD.findall(text))
    folded = {fold(word) for word in words}
    lost = [name for name in names_in(source) if _is_lost(name, folded)]
    if not lost:
        return text
    given = {fold(word) for word in WORD.findall(source)}
    for word in words:
        if word[0].isupper() and not word.isupper() and fold(word) not in given and not is_english_word(word.lower()):
            nearest = min(lost, key=lambda name: distance(name.folded, fold(word), 9))
            if _is_misspelt(nearest, word):
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", nearest.text, text)
    return text


def _first_names(text: str, source: str) -> str:
    """Return ``text`` with the name before each surname spelt as the source has it: Marie, not Mary; Rémi, not Remi.

    A surname is a capitalised word after another that is no word of titles; it must stand in ``text``, once, after a
    capitalised word that the source has not, or has with other accents, and that is no title in English.
    """
    if len(source) > LONGEST_SENTENCE:
        return text
    words = set(WORD.findall(source))
    for match in _PAIR.finditer(source):
        first, surname = match["first"], match["surname"]
        known = fold(first) in COMMON_WORDS or fold(surname) in COMMON_WORDS or surname.isupper()
        if known or fold(first).startswith("seul") or english_place(first) or english_place(match[0]):
            continue
        found = re.findall(rf"(?<![\w-])([^\W\d_][\w'’-]*)[ \u00a0]({re.escape(surname)})(?![\w-])", text)
        if len(found) != 1 or found[0][0] == first or not found[0][0][0].isupper() or found[0][0].isupper():
            continue
        given = found[0][0]
        if fold(given) == fold(first) or (given not in words and given not in _TITLES and first not in text):
            text = re.sub(rf"(?<![\w-]){re.escape(given)}([ \u00a0]{re.escape(surname)})(?![\w-])", rf"{first}\1", text)
    return text


def _is_lost(name: Name, folded: set[str]) -> bool:
    return (
        not name.acronym
        and len(name.folded) >= _SHORTEST
        and name.folded not in folded
        and name.folded not in EXONYMS
        and english_place(name.text) is None
    )


def _is_misspelt(name: Name, word: str) -> bool:
    """Whether ``word`` is the name with a letter or two wrong, and not what English makes of it."""
    folded = fold(word)
    if "ï" in name.text or (name.folded.endswith("ie") and folded == f"{name.folded[:-1]}a"):
        return False
    if sounds(name.folded) == sounds(folded) and _FOREIGN_SOUND.search(name.text.casefold()):
        return False
    allowed = 1 if len(name.folded) < 7 else 2
    near = distance(name.folded, folded, allowed) <= allowed
    return near and (name.folded[0] == folded[0] or alike(name.folded, folded))
