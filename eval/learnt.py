"""What could be learnt from the abstracts themselves: a linear ranking of sentences, cross-validated.

A yardstick for weights set by hand: where what is learnt from the same kind of features gains nothing on lead either,
better weights are not in sight.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.extractive import Prepared
from eval.rouge import rouge
from translate.summariser import DEFAULT, Array, diverse, scaled, terms, tfidf

#: Articles below which nothing is learnt.
FEWEST = 50

FOLDS = 10

#: Ridge: against the mean squares of standardised features, of which there are as many as weights of articles.
_RIDGE = 3.0

#: What a good sentence is worth in ROUGE-2 + ROUGE-L: brings the scores to the scale of the similarities of MMR.
_SPREAD = 0.15


def learnt_orders(articles: Sequence[Prepared], seed: int = 12345) -> list[list[int]]:
    """Return, for each article, its sentences best first, by weights learnt from the other nine tenths of the articles.

    Ridge regression of a sentence's own ROUGE-2 + ROUGE-L, less the article's mean, on where it stands, how long it
    is, what it shares with the headline and with what follows and precedes, whether it quotes, counts or cannot
    stand alone; then maximal marginal relevance, as ours. Deterministic.
    """
    features = [_features(article) for article in articles]
    worth = [_worth(article) for article in articles]
    places = np.random.default_rng(seed).permutation(len(articles))
    orders: list[list[int]] = [[] for _ in articles]
    for fold in range(FOLDS):
        held_out = places[fold::FOLDS]
        others = np.setdiff1d(places, held_out)
        rows, values = np.concatenate([features[i] for i in others]), np.concatenate([worth[i] for i in others])
        share = np.concatenate([np.full(len(worth[i]), 1 / len(worth[i])) for i in others])
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
        standard = (rows - mean) / spread
        squares = (standard * share[:, None]).T @ standard + _RIDGE * np.eye(rows.shape[1])
        weights = np.linalg.solve(squares, (standard * share[:, None]).T @ values)
        for i in held_out:
            orders[i] = _ordered(articles[i], ((features[i] - mean) / spread) @ weights / _SPREAD)
    return orders


def _ordered(article: Prepared, scores: Array) -> list[int]:
    body = _vectors(article)[:-1]
    return diverse(article.sentences, scores, body @ body.T, DEFAULT, len(scores))


def _vectors(article: Prepared) -> Array:
    return tfidf([terms(s.text) for s in article.sentences], terms(article.title))


def _worth(article: Prepared) -> Array:
    scores = [rouge(tokens, article.references) for tokens in article.tokens]
    values = np.array([score.r2 + score.rl for score in scores])
    result: Array = values - values.mean() if len(values) else values
    return result


def _features(article: Prepared) -> Array:
    """Return one row of features for each sentence."""
    vectors, count = _vectors(article), len(article.sentences)
    body, title = vectors[:-1], vectors[-1]
    similar = body @ body.T
    edges = similar - np.diag(np.diag(similar))
    place = np.arange(count)
    length = np.array([len(tokens) for tokens in article.tokens], dtype=np.float64)
    headline = set(terms(article.title))
    texts = [sentence.text for sentence in article.sentences]
    shared = [len(headline & set(terms(text))) / max(1, len(headline)) for text in texts]
    columns = (
        1 - place / max(1, count),
        1 / (1 + place),
        place == 0,
        place == 1,
        body @ title,
        shared,
        scaled(np.triu(edges).sum(axis=1)) if count else place,
        scaled(np.tril(edges).sum(axis=1)) if count else place,
        np.minimum(length, 60) / 40,
        length < 8,
        length > 45,
        ['"' in text or "«" in text for text in texts],
        [any(map(str.isdigit, text)) for text in texts],
        [bool(sentence.doubt) for sentence in article.sentences],
    )
    rows: Array = np.array([np.asarray(column, dtype=np.float64) for column in columns]).T
    return rows
