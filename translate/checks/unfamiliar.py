"""Words that the model hardly met when it learnt: what it says for them is more often wrong than right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from translate.checks.nonwords import is_english_word
from translate.checks.terms import SET_TERMS, Terms, occurrences
from translate.checks.words import LONGEST_SENTENCE, WORD, fold, plain, stemmer
from translate.document import Flag

#: Words in lower case; names, codes and compounds are for other checks.
_WORD = re.compile(
    r"(?<![\w'@#./-])(?:(?:[cdjlmnstCDJLMNST]|[Qq]u|[Ll]orsqu|[Pp]uisqu)')?(?P<word>[^\W\d_]{4,})(?![\w@/-]|\.\w)"
)
#: Letters that an English word must share with a French one to be taken for its cognate: soluble, extradition.
_COGNATE = 5


def unfamiliar_flags(source: str, target: str, familiar: frozenset[str], terms: Terms = SET_TERMS) -> list[Flag]:
    """Return a flag for each French word whose stem is not among ``familiar``, those that a model learnt well.

    Not for a word that is part of one of ``terms``, whose English is verified, nor for one that has a
    cognate in the English. No other try at a sentence makes a word better known: this is for the reader.
    """
    if len(source) > LONGEST_SENTENCE:
        return []
    french = plain(source)
    places = [(one.start, one.end) for one in occurrences(french, terms)]
    english = [fold(word) for word in WORD.findall(target)]
    found = dict.fromkeys(
        word["word"]
        for word in _WORD.finditer(french)
        if word["word"].islower()
        and stem(word["word"]) not in familiar
        and not any(start <= word.start("word") < end for start, end in places)
        and not _has_cognate(fold(word["word"]), english)
    )
    return [Flag("unfamiliar", f"“{word}” is hardly known to the model") for word in found]


def _has_cognate(word: str, english: list[str]) -> bool:
    return any(
        other == word or (other[:_COGNATE] == word[:_COGNATE] and is_english_word(other))
        for other in english
        if other[:1] == word[:1]
    )


def stems(text: str) -> Iterator[str]:
    """Yield the stem of each word of a French text, as training counts them."""
    return map(stem, WORD.findall(text.lower()))


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """Return the stem of a French word in lower case (Snowball), without accents."""
    return fold(stemmer().stemWord(word))
