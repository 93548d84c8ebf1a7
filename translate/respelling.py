"""Names that the model misspelt, put right letter by letter from the source."""

from __future__ import annotations

import re

from translate.checks.exonyms import EXONYMS
from translate.checks.names import Name, alike, distance, names_in, sounds
from translate.checks.nonwords import is_english_word
from translate.checks.words import WORD, fold
from translate.places import english_place

#: French spellings of foreign sounds: a name that has one is written otherwise in English (Tchernobyl, Poutine).
_FOREIGN_SOUND = re.compile("tch|dj|ou|kh|gh|ts|tz|gu|qu|ch|é|è|ë|ine$|k")

#: Shorter names are too easily like another word.
_SHORTEST = 5


def respell(text: str, source: str) -> str:
    """Return ``text``, a translation of ``source``, with names that no dictionary holds spelt as in the source.

    Only a word that resembles one name of the source, stands in no English dictionary and is no transliteration
    (Poutine, Putin) changes: « Aubrette » come back as "Abubrette". What English calls otherwise is left alone.
    """
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
