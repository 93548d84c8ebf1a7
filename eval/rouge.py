"""ROUGE-1, -2 and -L for French: F1 over stems, as in Lin (2004).

Our own, because rouge-score (0.1.2, the last release in 2022) brings nltk for an English stemmer; the tests hold it
to the numbers of that package, given the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from translate.summariser import stem

#: A number with its separators, or letters: an apostrophe or a hyphen parts words (« l'eau », « a-t-il »).
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


@dataclass(frozen=True)
class Rouge:
    """F1 of unigrams, of bigrams and of the longest common subsequence, 0 to 1."""

    r1: float
    r2: float
    rl: float


def tokens(text: str) -> tuple[str, ...]:
    """Return the stems of all words of a French text, function words and elided letters included.

    Numbers keep their separators; the spaces within 1 200 000 go. Œ and œ are oe, as texts write them both ways.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("œ", "oe").replace("æ", "ae")
    plain = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", plain)
    return tuple(stem(token) for token in _TOKEN.findall(plain))


def rouge(candidate: Sequence[str], references: Sequence[Sequence[str]]) -> Rouge:
    """Score tokens against the tokens of each reference; the best of each measure counts."""
    scores = [_score(candidate, reference) for reference in references]
    return Rouge(*(max(values) for values in zip(*scores, strict=True)))


def _score(candidate: Sequence[str], reference: Sequence[str]) -> tuple[float, float, float]:
    return (
        _overlap(_grams(candidate, 1), _grams(reference, 1)),
        _overlap(_grams(candidate, 2), _grams(reference, 2)),
        _f1(longest_common(candidate, reference), len(candidate), len(reference)),
    )


def _grams(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def _overlap(ours: Counter[tuple[str, ...]], theirs: Counter[tuple[str, ...]]) -> float:
    return _f1(sum((ours & theirs).values()), sum(ours.values()), sum(theirs.values()))


def _f1(common: int, ours: int, theirs: int) -> float:
    return 2.0 * common / (ours + theirs) if common else 0.0


def longest_common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, by the bit vectors of Hyyrö (2004)."""
    places: dict[str, int] = {}
    for bit, word in enumerate(ours):
        places[word] = places.get(word, 0) | 1 << bit
    full = (1 << len(ours)) - 1
    row = full
    for word in theirs:
        match = row & places.get(word, 0)
        row = (row + match) | (row - match)
        row &= full
    return len(ours) - row.bit_count()
