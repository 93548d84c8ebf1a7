"""The extractive summarisers that ours is measured against; each orders the sentences of an article."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.rouge import rouge
from translate.summariser import DEFAULT, Array, Candidate, rank, terms, tfidf

#: PageRank's damping and LexRank's cosine threshold, as in their papers (Brin and Page 1998; Erkan and Radev 2004).
DAMPING, COSINE = 0.85, 0.1


@dataclass(frozen=True)
class Prepared:
    """An article ready to be summarised and scored: its sentences, their tokens for ROUGE, its abstracts' tokens."""

    title: str
    sentences: tuple[Candidate, ...]
    tokens: tuple[tuple[str, ...], ...]
    references: tuple[tuple[str, ...], ...]


#: Returns the indices of an article's sentences, the best first.
System = Callable[[Prepared], Sequence[int]]


def lead(article: Prepared) -> Sequence[int]:
    """Take the first sentences: the baseline to beat."""
    return range(len(article.sentences))


def lead_standing(article: Prepared) -> Sequence[int]:
    """Take the first sentences that can stand alone, under the rules of our own choice."""
    return sorted(lead(article), key=lambda i: (bool(article.sentences[i].doubt), i))


def shuffled(article: Prepared) -> Sequence[int]:
    """Take sentences at random, always the same ones."""
    seed = f"{article.title}{len(article.sentences)}"
    return random.Random(seed).sample(range(len(article.sentences)), len(article.sentences))


def centroid(article: Prepared) -> Sequence[int]:
    """Take the sentences nearest to the mean of all (Radev et al. 2004)."""
    body = _vectors(article)
    return _by_score(body @ body.sum(axis=0))


def lexrank(article: Prepared) -> Sequence[int]:
    """Rank by PageRank over sentences whose tf-idf cosine passes a threshold (Erkan and Radev 2004)."""
    body = _vectors(article)
    return _by_score(_pagerank((body @ body.T > COSINE).astype(np.float64)))


def textrank(article: Prepared) -> Sequence[int]:
    """Rank by PageRank over the words that sentences share (Mihalcea and Tarau 2004)."""
    words = [set(terms(s.text)) for s in article.sentences]
    count = len(words)
    shared = np.zeros((count, count))
    for i in range(count):
        for j in range(i):
            size = math.log(max(len(words[i]), 1)) + math.log(max(len(words[j]), 1))
            shared[i, j] = shared[j, i] = len(words[i] & words[j]) / size if size > 0 else 0.0
    return _by_score(_pagerank(shared))


def ours(article: Prepared) -> Sequence[int]:
    """Take what ``fr2en summarise`` takes."""
    return _ranked(article)


def ours_without_mmr(article: Prepared) -> Sequence[int]:
    """Take what ours would without maximal marginal relevance and without the ban on repetition."""
    return _ranked(article, diversity=0.0, same=2.0)


def ours_any_sentence(article: Prepared) -> Sequence[int]:
    """Take what ours would if every sentence could stand alone."""
    sentences = tuple(replace(s, doubt="") for s in article.sentences)
    return _ranked(replace(article, sentences=sentences))


def oracle(article: Prepared) -> Sequence[int]:
    """Take, one after the other, the sentence that adds most to ROUGE-2 + ROUGE-L: what no system can beat by much."""
    taken: list[int] = []
    # Three are all that is asked for, or about as many words as the longest budget has.
    while len(taken) < min(3, len(article.sentences)):
        rest = [i for i in lead(article) if i not in taken]
        taken.append(max(rest, key=lambda i: _worth(article, [*taken, i])))
    return [*taken, *(i for i in lead(article) if i not in taken)]


def _worth(article: Prepared, taken: Sequence[int]) -> float:
    score = rouge([t for i in sorted(taken) for t in article.tokens[i]], article.references)
    return score.r2 + score.rl


def _ranked(article: Prepared, **weights: float) -> Sequence[int]:
    places = {(s.block, s.sentence): i for i, s in enumerate(article.sentences)}
    choices = rank(article.sentences, title=article.title, weights=replace(DEFAULT, **weights))
    return [places[c.candidate.block, c.candidate.sentence] for c in choices]


def _vectors(article: Prepared) -> Array:
    return tfidf([terms(s.text) for s in article.sentences], ())[:-1]


def _by_score(scores: Array) -> Sequence[int]:
    return sorted(range(len(scores)), key=lambda i: (-round(float(scores[i]), 9), i))


def _pagerank(edges: Array) -> Array:
    np.fill_diagonal(edges, 0.0)
    count = len(edges)
    sums = edges.sum(axis=1, keepdims=True)
    moves = np.divide(edges, sums, out=np.full_like(edges, 1.0 / count), where=sums > 0)
    scores = np.full(count, 1.0 / count)
    # The error shrinks by the damping factor each round: 100 rounds leave 0.85 ** 100 = 9e-8 of it.
    for _ in range(100):
        scores = (1.0 - DAMPING) / count + DAMPING * scores @ moves
    return scores


SYSTEMS: tuple[tuple[str, System], ...] = (
    ("lead", lead),
    ("lead, standing alone", lead_standing),
    ("random", shuffled),
    ("TextRank", textrank),
    ("LexRank", lexrank),
    ("centroid", centroid),
    ("ours", ours),
    ("ours without MMR", ours_without_mmr),
    ("ours, any sentence", ours_any_sentence),
    ("oracle", oracle),
)
