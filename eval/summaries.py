"""Measures extractive summaries against editors' abstracts: ROUGE with intervals, ours against lead.

The input is JSON lines with ``id``, ``title``, ``text`` (a paragraph a line) and ``summaries`` (one or more), as
made from OrangeSum. Every system is scored at the same number of sentences and at the same number of words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.extractive import SYSTEMS, Prepared, System
from eval.learnt import FEWEST, learnt_orders
from eval.rouge import Rouge, rouge, tokens
from translate.boilerplate import label
from translate.document import Block, Document, Label
from translate.errors import InputError
from translate.read import unreadable
from translate.segment import split
from translate.summariser import Array, candidates

#: Named in every report: what the numbers depend on besides the articles.
SIGNATURE = "ROUGE F1|best of references|lower case|numbers whole|elisions parted|Snowball French stems|version 1"
#: Row by row, the indices of the articles of one resample.
Draws = npt.NDArray[np.int64]
MEASURES = ("r1", "r2", "rl")
#: The name of what :mod:`eval.learnt` ranks: what weights set by hand are held against.
LEARNT = "learnt"


@dataclass(frozen=True)
class Article:
    """An article and the abstracts its editors wrote."""

    id: str
    title: str
    text: str
    summaries: tuple[str, ...]


@dataclass(frozen=True)
class Length:
    """How long a summary may be: a number of sentences, or of words (the last sentence is cut to fit)."""

    count: int
    unit: str = "sentences"

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count > 1 else self.unit.rstrip('s')}"


#: Abstracts of OrangeSum have one or two sentences and 34 words on average.
LENGTHS = (Length(1), Length(2), Length(3), Length(40, "words"), Length(70, "words"))


@dataclass(frozen=True)
class Score:
    """The mean of one system at one length, with the bounds of its 95 % interval."""

    system: str
    length: str
    mean: Rouge
    low: Rouge
    high: Rouge


@dataclass(frozen=True)
class Comparison:
    """What a system gains on lead, by paired bootstrap: the mean, its 95 % interval, the two-sided p."""

    system: str
    length: str
    measure: str
    gain: float
    low: float
    high: float
    p: float

    @property
    def verdict(self) -> str:
        """Say in a word what may be claimed."""
        if self.p >= 0.05:
            return "no significant difference"
        return f"{self.system} is better" if self.gain > 0 else "lead is better"


@dataclass(frozen=True)
class Overlap:
    """The share of a system's sentences that lead would have taken too: the two cannot differ by more than the rest."""

    system: str
    length: str
    share: float


@dataclass(frozen=True)
class Report:
    """Every system at every length, ours and what can be learnt against lead; numbers run from 0 to 1."""

    articles: int
    resamples: int
    scores: tuple[Score, ...]
    comparisons: tuple[Comparison, ...]
    overlaps: tuple[Overlap, ...] = ()
    abstract_words: float = 0.0
    signature: str = SIGNATURE


def read_articles(path: Path) -> tuple[Article, ...]:
    """Read articles from a file of JSON lines; raises InputError where it is missing or a line is no article."""
    try:
        # Not by splitlines: JSON may hold other line separators (U+2028) as they are.
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: cannot be read: {error}", "Give a file of JSON lines in UTF-8.") from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return parse_articles(lines, str(path))


def parse_articles(lines: Iterable[str], where: str = "<text>") -> tuple[Article, ...]:
    """Return the articles of JSON lines, blank ones left out; raises InputError with the line's number."""
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            article = _article(json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            hint = 'Each line is an object like {"id": "1", "title": "...", "text": "...", "summaries": ["..."]}.'
            raise InputError(f"{where}:{number}: no article: {error}", hint) from error
        found.append(article)
    if not found:
        raise InputError(f"{where}: holds no article", "Give a file of JSON lines, one article a line.")
    return tuple(found)


def _article(fields: object) -> Article:
    """Return the article that a JSON value stands for; raises TypeError or ValueError, saying what is wrong."""
    if not isinstance(fields, dict):
        raise TypeError("the line is no object")
    missing = [f"'{name}'" for name in ("id", "text", "summaries") if name not in fields]
    if missing:
        raise ValueError(f"{', '.join(missing)} missing")
    summaries = fields["summaries"]
    if not isinstance(summaries, list) or not all(isinstance(s, str) for s in summaries):
        raise TypeError("'summaries' is no list of strings")
    if not isinstance(fields["text"], str):
        raise TypeError("'text' is no string")
    if not any(tokens(s) for s in summaries) or not fields["text"].strip():
        raise ValueError("the text or its summaries are empty")
    return Article(str(fields["id"]), str(fields.get("title", "")), fields["text"], tuple(summaries))


def prepare(article: Article) -> Prepared:
    """Split an article into the sentences of its body, boilerplate left out, and all texts into tokens."""
    title = " ".join(article.title.split())
    lines = [line for line in article.text.splitlines() if line.strip()]
    document = label(Document(tuple(Block("paragraph", line) for line in (title or "-", *lines))))
    # The title is known: what stands below it is never the headline.
    blocks = tuple(
        Block("paragraph", b.text, label=Label() if b.label.name == "headline" else b.label)
        for b in document.blocks[1:]
    )
    sentences = candidates(Document(blocks), split)
    references = tuple(t for t in map(tokens, article.summaries) if t)
    return Prepared(title, sentences, tuple(tokens(s.text) for s in sentences), references)


def evaluate(
    articles: Sequence[Article],
    systems: Sequence[tuple[str, System]] = SYSTEMS,
    lengths: Sequence[Length] = LENGTHS,
    *,
    resamples: int = 1000,
    seed: int = 12345,
) -> Report:
    """Score every system on every article at every length; ``ours`` is compared with ``lead`` where both run.

    Pure and deterministic. Resamples are drawn over articles and shared by all systems.
    """
    prepared = [prepare(article) for article in articles]
    draws = np.random.default_rng(seed).integers(0, len(prepared), (resamples, len(prepared)))
    orders = {name: [list(system(article)) for article in prepared] for name, system in systems}
    if {"ours", "lead"} <= set(orders) and len(prepared) >= FEWEST:
        orders[LEARNT] = learnt_orders(prepared, seed)
    values = {
        (name, length): np.array([_scored(a, order, length) for a, order in zip(prepared, found, strict=True)])
        for name, found in orders.items()
        for length in lengths
    }
    compared = [
        comparison
        for name in ("ours", LEARNT)
        for length in lengths
        if {name, "lead"} <= set(orders)
        for comparison in _compare(name, length, values[name, length] - values["lead", length], draws)
    ]
    overlaps = [
        Overlap(name, str(length), _shared(prepared, orders[name], length))
        for name in ("ours", LEARNT, "oracle")
        if name in orders
        for length in lengths
    ]
    scores = tuple(_mean(name, length, found, draws) for (name, length), found in values.items())
    words = float(np.mean([len(reference) for a in prepared for reference in a.references]))
    return Report(len(articles), resamples, scores, tuple(compared), tuple(overlaps), words)


def _shared(articles: Sequence[Prepared], orders: Sequence[Sequence[int]], length: Length) -> float:
    """Return the mean share of what is taken in these orders that lead takes too: of sentences, or of words."""
    shares = []
    for article, order in zip(articles, orders, strict=True):
        ours, first = (_taken(article, one, length) for one in (order, range(len(article.sentences))))
        if length.unit == "sentences":
            shares.append(len(ours.keys() & first.keys()) / max(1, len(ours)))
        else:
            common = sum(min(len(taken), len(first.get(i, ()))) for i, taken in ours.items())
            shares.append(common / max(1, sum(map(len, ours.values()))))
    return float(np.mean(shares))


def _taken(article: Prepared, order: Sequence[int], length: Length) -> dict[int, tuple[str, ...]]:
    """Return the tokens taken of each sentence, by its index; where words are counted the last one is cut."""
    if length.unit == "sentences":
        return {i: article.tokens[i] for i in order[: length.count]}
    left, taken = length.count, {}
    for i in order:
        taken[i] = article.tokens[i][:left]
        left -= len(taken[i])
        if left <= 0:
            break
    return taken


def summary(article: Prepared, order: Sequence[int], length: Length) -> tuple[str, ...]:
    """Return the tokens of the summary that takes sentences in ``order``; they stand as in the text."""
    return tuple(token for _, taken in sorted(_taken(article, order, length).items()) for token in taken)


def _scored(article: Prepared, order: Sequence[int], length: Length) -> tuple[float, float, float]:
    found = rouge(summary(article, order, length), article.references)
    return found.r1, found.r2, found.rl


def _mean(name: str, length: Length, values: Array, draws: Draws) -> Score:
    means = values[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    mean = values.mean(axis=0)
    return Score(name, str(length), *(Rouge(*(float(v) for v in row)) for row in (mean, low, high)))


def _compare(system: str, length: Length, differences: Array, draws: Draws) -> list[Comparison]:
    means = differences[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    # Twice the smaller tail, counted with the sample itself, so that p is never 0 (Davison and Hinkley 1997).
    tails = np.minimum((means <= 0).sum(axis=0), (means >= 0).sum(axis=0))
    p = np.minimum(1.0, 2.0 * (tails + 1) / (len(means) + 1))
    gain = differences.mean(axis=0)
    return [
        Comparison(system, str(length), measure, float(gain[m]), float(low[m]), float(high[m]), float(p[m]))
        for m, measure in enumerate(MEASURES)
    ]


def table(report: Report) -> str:
    """Return the report as lines of text: a table for each length, then ours against lead."""
    width = max(len(score.system) for score in report.scores)
    rows = [f"{report.articles} articles · 95 % intervals of {report.resamples} resamples · {report.signature}"]
    for length in dict.fromkeys(score.length for score in report.scores):
        rows += ["", f"{length:<{width}}   {'ROUGE-1':<18} {'ROUGE-2':<18} ROUGE-L"]
        rows += [_row(score, width) for score in report.scores if score.length == length]
    for system in dict.fromkeys(c.system for c in report.comparisons):
        rows += ["", f"{system} against lead"]
        for c in (c for c in report.comparisons if c.system == system):
            span = f"{100 * c.gain:+.2f} [{100 * c.low:+.2f}, {100 * c.high:+.2f}]"
            rows.append(f"{c.length:<12} ROUGE-{c.measure[1:].upper()}  {span:<24} p = {c.p:.3f}  {c.verdict}")
    return "\n".join([*rows, *_findings(report)]) + "\n"


def _findings(report: Report) -> list[str]:
    """Say at which lengths lead is beaten in ROUGE-2 and ROUGE-L, and what stands in the way at the others."""
    if not report.comparisons:
        return []
    lengths = tuple(dict.fromkeys(c.length for c in report.comparisons))
    beaten = {
        (system, length): all(
            c.p < 0.05 and c.gain > 0
            for c in report.comparisons
            if (c.system, c.length) == (system, length) and c.measure in ("r2", "rl")
        )
        for system in dict.fromkeys(c.system for c in report.comparisons)
        for length in lengths
    }
    shares = {(o.system, o.length): o.share for o in report.overlaps}
    rows = ["", f"the abstracts have {report.abstract_words:.0f} words on average"]
    unbeaten = False
    for length in lengths:
        winners = [system for (system, at), won in beaten.items() if won and at == length]
        unbeaten |= not winners
        who = " and ".join(winners) + " gain" + "s" * (len(winners) == 1) if winners else "nothing gains"
        also = ", ".join(
            f"{100 * share:.0f} % of the {name}'s" if name == "oracle" else f"{100 * share:.0f} % of {name}"
            for (name, at), share in shares.items()
            if at == length
        )
        rows.append(f"{length}: {who} on lead in both ROUGE-2 and ROUGE-L; lead takes {also}")
    if unbeaten and any(system == LEARNT for system, _ in beaten):
        rows += [
            "where nothing gains, better weights are not in sight: what is learnt from the abstracts of nine tenths of",
            "the articles (place, headline, centrality, length and more) does not tell either what an editor takes up",
        ]
    return rows


def _row(score: Score, width: int) -> str:
    cells = [
        f"{100 * getattr(score.mean, m):5.2f} [{100 * getattr(score.low, m):.1f}, {100 * getattr(score.high, m):.1f}]"
        for m in MEASURES
    ]
    return f"{score.system:<{width}}   " + " ".join(f"{cell:<18}" for cell in cells).rstrip()


def as_json(report: Report) -> str:
    """Return the report as JSON: the fields of :class:`Report`, by name."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n"
