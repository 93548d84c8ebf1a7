"""Words as the checks compare them: plain typography, folded accents and case."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u2002\u2003\t\r\n", " "),
        **dict.fromkeys("’‘ʼ′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", None),
        **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
        "½": ",5",
    }
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}(?:[A-Z]\b)?")

#: More characters than any sentence has: what is longer is data, and long to search for one thing after another.
LONGEST_SENTENCE = 20_000

#: A run of letters: apostrophes and hyphens part words, so that « d'al-Tanf » gives d, al, Tanf.
WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Return ``text`` with plain spaces, apostrophes and hyphens, and U.S. without its points."""
    text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text) if "." in text else text


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Return ``word`` in lower case without its accents: « Société » gives societe, « œuvre » oeuvre."""
    word = word.casefold()
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def folded_words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in order."""
    return [fold(word) for word in WORD.findall(text)]


@cache
def stemmer() -> Any:
    """Return Snowball's stemmer for French; its ``stemWord`` wants words in lower case."""
    import snowballstemmer  # type: ignore[import-untyped,unused-ignore]

    return snowballstemmer.stemmer("french")
