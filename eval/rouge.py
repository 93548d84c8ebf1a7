"""ROUGE-1, -2 and -L for French: F1 over stems, as in Lin (2004).

Our own, because rouge-score (0.1.2, the last release in 2022) brings nltk for an English stemmer; the tests hold it
to the numbers of that package, given the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from translate.summariser import stem

#: A number with its separators, or letters: an apostrophe or a hyphen parts words (« l'eau », « a-t-il »).
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


Gram = tuple[str, ...]


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
    unigrams, bigrams = _counts(tuple(reference))
    return (
        _overlap([(word,) for word in candidate], unigrams),
        _overlap(list(_pairs(candidate)), bigrams),
        _f1(longest_common(candidate, reference), len(candidate), len(reference)),
    )


def _pairs(words: Sequence[str]) -> Iterator[Gram]:
    return zip(words, words[1:], strict=False)  # noqa: RUF007 (a plain tuple type for both kinds of gram)


@lru_cache(maxsize=4096)
def _counts(reference: tuple[str, ...]) -> tuple[Mapping[Gram, int], Mapping[Gram, int]]:
    unigrams: Counter[Gram] = Counter((word,) for word in reference)
    bigrams: Counter[Gram] = Counter(_pairs(reference))
    return unigrams, bigrams


def _overlap(ours: Sequence[Gram], theirs: Mapping[Gram, int]) -> float:
    left = dict(theirs)
    common = 0
    for gram in ours:
        if left.get(gram, 0) > 0:
            left[gram] -= 1
            common += 1
    return _f1(common, len(ours), sum(theirs.values()))


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
