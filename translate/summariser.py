"""Picks the key sentences of a French article: directed centrality over tf-idf, headline, position, and MMR.

Extractive: what is returned stands in the text. Sentences that cannot stand alone (:mod:`translate.standalone`)
are left out as long as there are others. Directed centrality is that of PacSum (Zheng and Lapata, ACL 2019), with
tf-idf for its BERT; maximal marginal relevance that of Carbonell and Goldstein (SIGIR 1998).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from translate.checks.function_words import FUNCTION_WORDS
from translate.checks.words import stemmer
from translate.document import Document, Sentence
from translate.errors import UsageError
from translate.read import flow
from translate.standalone import doubt, open_quotation, points_back

Array = npt.NDArray[np.float64]

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*")
#: The document frequency of a stem that the table, which begins at 6, does not hold.
UNSEEN = 3
#: Characters above which a sentence is none, but a text without a stop; see :mod:`translate.pipeline`.
LONGEST = 4000
#: Sentences that are compared with each other: memory grows with their square, and what tells what a text is about
#: stands at its beginning. The longest article of OrangeSum's development set has some 300.
MOST_SENTENCES = 2000


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be chosen, and where it stands.

    ``block`` is the index in ``Document.blocks``; ``paragraph`` counts the blocks that hold text, from 1;
    ``sentence`` is the index within the block, sentences without text not counted. ``doubt`` tells why the
    sentence cannot stand alone; it is empty where it can.
    """

    text: str
    block: int
    paragraph: int
    sentence: int
    doubt: str = ""


@dataclass(frozen=True)
class Choice:
    """A chosen sentence and its score: higher is more central, comparable within one document only."""

    candidate: Candidate
    score: float


@dataclass(frozen=True)
class Weights:
    """The parameters of the choice.

    ``centrality`` weighs the edges of a sentence to all others, ``backward`` those to the sentences before it,
    relative to those behind it (PacSum: below 0, to repeat what was said counts against it), ``title`` its overlap
    with the headline, ``position`` its nearness to the beginning, ``diversity`` what it shares with a sentence
    already chosen (MMR); above the cosine ``same``, it says the same.

    The defaults are the middle of a plateau: 36 settings of the first, third and fourth stay within 0.5 points of
    the mean of ROUGE-2 and ROUGE-L on 300 development articles of OrangeSum. Picked by ten-fold cross-validation,
    they gain 1.5 ROUGE-2 and 1.2 ROUGE-L on lead at two sentences (p < 0.01), and nothing significant at the same
    number of words (at 40 words +0.7, p = 0.08, and +0.6, p = 0.10). Better ones are not in sight: a ranking learnt
    from the abstracts gains no more (:mod:`eval.learnt`), with or without sentence vectors of the bundled model's
    encoder.
    """

    centrality: float = 0.5
    backward: float = -0.3
    title: float = 2.0
    position: float = 1.0
    diversity: float = 1.0
    same: float = 0.6


DEFAULT = Weights()


def candidates(document: Document, split: Callable[[str], Sequence[Sentence]]) -> tuple[Candidate, ...]:
    """Return the sentences of the body of a labelled document, in order; boilerplate and headings have none.

    ``split`` is :func:`translate.segment.split`. Pure.
    """
    found: list[Candidate] = []
    paragraph = 0
    for index, block in enumerate(document.blocks):
        paragraph += block.translatable
        if not block.translatable or block.label.name != "body" or block.kind in ("heading", "table_cell"):
            continue
        inside = False
        for number, text in enumerate(s.text for s in split(flow(block)) if s.text):
            if len(text) > LONGEST:
                continue
            opened = open_quotation(text, inside)
            found.append(Candidate(text, index, paragraph, number, doubt(text, quoted=inside)))
            inside = opened
    return tuple(found)


def choose(
    sentences: Sequence[Candidate], count: int, *, title: str = "", weights: Weights = DEFAULT
) -> tuple[Choice, ...]:
    """Return the ``count`` key sentences in document order; all there are where ``count`` asks for more.

    Sentences that can stand alone come first, and with them those that point back to a chosen sentence right before
    them. Only when there are too few of them the others fill up: repetitions, then the rest, each best first. Of a
    text longer than :data:`MOST_SENTENCES` sentences, the first so many are looked at.
    ``title`` is the headline. Deterministic: ties go to the earlier sentence. Raises UsageError for a count below 1.
    """
    if count < 1:
        raise UsageError(f"cannot pick {count} sentences", "Ask for 1 or more.")
    picked = rank(sentences[:MOST_SENTENCES], title=title, weights=weights, most=count)
    return tuple(sorted(picked, key=lambda c: (c.candidate.block, c.candidate.sentence)))


def rank(
    sentences: Sequence[Candidate], *, title: str = "", weights: Weights = DEFAULT, most: int | None = None
) -> tuple[Choice, ...]:
    """Return all sentences, or ``most`` of them, in the order in which :func:`choose` would pick them."""
    if not sentences:
        return ()
    vectors = tfidf([terms(s.text) for s in sentences], terms(title))
    body, headline = vectors[:-1], vectors[-1]
    similar = body @ body.T
    scores = _scores(similar, body @ headline, weights)
    order = diverse(sentences, scores, similar, weights, len(sentences) if most is None else most)
    return tuple(Choice(sentences[i], float(scores[i])) for i in order)


def _scores(similar: Array, to_title: Array, weights: Weights) -> Array:
    """Return centrality, title overlap and position, weighed and added up; each runs from 0 to 1."""
    count = len(similar)
    edges = similar - np.diag(np.diag(similar))
    central = np.triu(edges).sum(axis=1) + weights.backward * np.tril(edges).sum(axis=1)
    position = 1.0 - np.arange(count) / count
    return weights.centrality * scaled(central) + weights.title * to_title + weights.position * position


def scaled(values: Array) -> Array:
    """Return values between 0, the lowest, and 1, the highest."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def diverse(sentences: Sequence[Candidate], scores: Array, similar: Array, weights: Weights, most: int) -> list[int]:
    """Return ``most`` indices by maximal marginal relevance, those that may stand in a summary first."""
    waiting = list(range(len(sentences)))
    nearest = np.zeros(len(sentences))
    order: list[int] = []
    chosen: set[int] = set()

    def rank_of(i: int) -> tuple[int, float, int]:
        follows = i - 1 in chosen and points_back(sentences[i].doubt)
        repeats = nearest[i] > weights.same
        return (
            _fitness(sentences[i], follows, repeats),
            weights.diversity * float(nearest[i]) - float(scores[i]),
            i,
        )

    while waiting and len(order) < most:
        order.append(min(waiting, key=rank_of))
        chosen.add(order[-1])
        waiting.remove(order[-1])
        nearest = np.maximum(nearest, similar[:, order[-1]])
    return order


def _fitness(sentence: Candidate, follows: bool, repeats: bool) -> int:
    """Return 0 for a sentence understood alone or with the chosen one before it, 1 for a repetition, else 2."""
    if sentence.doubt and not follows:
        return 2
    return int(repeats)


def terms(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a French text that carry meaning: lower case, no elisions, no function words."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower().replace("’", "'"))
    return tuple(stem(word) for word in words if word not in FUNCTION_WORDS and len(word) > 1)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a French word in lower case, by the Snowball stemmer."""
    stemmed: str = stemmer().stemWord(word)
    return stemmed


def tfidf(texts: Sequence[Sequence[str]], title: Sequence[str]) -> Array:
    """Return one row of unit length for each text, and a last one for the title, over the terms they hold.

    Weights are (1 + log tf) x idf, with the document frequencies of French news (:func:`frequencies`).
    """
    vocabulary = sorted({term for text in (*texts, title) for term in text})
    column = {term: n for n, term in enumerate(vocabulary)}
    counts = np.zeros((len(texts) + 1, len(vocabulary)))
    for row, text in enumerate((*texts, title)):
        for term, count in Counter(text).items():
            counts[row, column[term]] = count
    sentences, known = frequencies()
    idf = np.array([math.log(sentences / known.get(term, UNSEEN)) for term in vocabulary])
    weighted: Array = np.where(counts > 0, 1.0 + np.log(np.maximum(counts, 1.0)), 0.0) * idf
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    rows: Array = np.divide(weighted, norms, out=np.zeros_like(weighted), where=norms > 0)
    return rows


@lru_cache(maxsize=1)
def frequencies() -> tuple[int, Mapping[str, int]]:
    """Return of how many sentences of French news the table was made, and in how many of them each stem occurs."""
    lines = resources.files("translate").joinpath("frequencies.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return int(rows[0][1]), {stem: int(row[0]) for row in rows[1:] for stem in row[1:]}
