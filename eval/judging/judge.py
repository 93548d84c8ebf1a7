"""Asking a language model, line by line, how good a translation is.

The prompts follow GEMBA (Kocmi and Federmann 2023: ``judge-da`` and, with error spans, ``judge-mqm``) and error span
annotation (Kocmi et al. 2024: ``judge-esa``), with wordings and examples of our own.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import prompts
from eval.judging.agreement import Agreement, agreement, interval
from eval.suites import Line, Suite
from translate.checks.words import fold, plain
from translate.errors import AnswerError, InputError
from translate.llm import LanguageModel
from translate.settings import option

#: The prompts, and what their scores run from and to.
PROMPTS = {"judge-mqm": (-25.0, 0.0), "judge-da": (0.0, 100.0), "judge-esa": (0.0, 100.0)}

#: What an error takes off (MQM, as GEMBA-MQM weighs it), and the most that all errors of a line take off together.
SEVERITIES = {"minor": 1.0, "major": 5.0, "critical": 25.0}
WORST = 25.0

Progress = Callable[[int, int], None]


def prompt_names(text: str) -> tuple[str, ...]:
    """Parse prompts parted by commas, with or without ``judge-``; argparse shows its ArgumentTypeError."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    full = [name if name.startswith("judge-") else f"judge-{name}" for name in names]
    unknown = [name for name in full if name not in PROMPTS]
    if unknown or not full:
        raise ArgumentTypeError(f"unknown prompt: {', '.join(unknown) or 'none'}; known: {', '.join(PROMPTS)}")
    return tuple(dict.fromkeys(full))


@dataclass(frozen=True)
class JudgeSettings:
    """What is asked of a judge."""

    prompts: tuple[str, ...] = option(
        tuple(PROMPTS), "prompts, parted by commas, of mqm, da, esa; default: all", metavar="LIST", type=prompt_names
    )
    limit: int = option(0, "rate only N lines, evenly spread; default: all", metavar="N")
    bootstrap: int = option(1000, "resamples behind each 95 % interval; 1: no intervals", metavar="N")


@dataclass(frozen=True)
class Span:
    """An error that the judge marked; ``found`` tells whether its text stands in the source or the translation."""

    text: str
    category: str
    severity: str
    found: bool = True


@dataclass(frozen=True)
class Rating:
    """What one prompt said of one line; ``score`` is None where no usable answer came, and ``failure`` says why."""

    line: str
    score: float | None
    spans: tuple[Span, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class Judgement:
    """The ratings of one prompt, with the mean of those that came and its 95 % interval."""

    prompt: str
    version: int
    sha256: str
    ratings: tuple[Rating, ...]
    mean: float | None
    low: float | None = None
    high: float | None = None

    @property
    def scores(self) -> tuple[float | None, ...]:
        """The scores, line by line."""
        return tuple(rating.score for rating in self.ratings)

    @property
    def failed(self) -> int:
        """How many lines have no rating."""
        return self.scores.count(None)


@dataclass(frozen=True)
class Judging:
    """The translations of one system, as a language model rates them."""

    suite: Suite
    system: str
    hypotheses: tuple[str, ...]
    host: str
    model: str
    temperature: float
    judgements: tuple[Judgement, ...]
    agreements: tuple[Agreement, ...]
    settings: JudgeSettings


def judge(
    suite: Suite,
    system: str,
    hypotheses: Sequence[str],
    model: LanguageModel,
    settings: JudgeSettings | None = None,
    progress: Progress | None = None,
) -> Judging:
    """Rate ``hypotheses``, one for each line of ``suite``; references are not shown to the judge.

    An answer in no usable form leaves its line without a rating and is counted. ``progress`` is told (questions
    done, all questions). Raises InputError for other counts or a line without a source, LLMError where the service
    fails, and for answers none of which is usable AnswerError.
    """
    settings = settings or JudgeSettings()
    lines, texts = _chosen(suite, hypotheses, settings.limit)
    total = len(settings.prompts) * len(lines)
    judgements: list[Judgement] = []
    for name in settings.prompts:
        ratings = []
        for line, text in zip(lines, texts, strict=True):
            ratings.append(_rate(model, prompts.load(name), line, text))
            if progress:
                progress(len(judgements) * len(lines) + len(ratings), total)
        judgements.append(_judgement(name, ratings, settings.bootstrap))
    if all(judgement.failed == len(lines) for judgement in judgements):
        raise AnswerError(f"no usable rating: {judgements[0].ratings[0].failure}", "Try a stronger model.")
    return Judging(
        Suite(suite.name, tuple(lines), suite.title, suite.origin),
        system,
        tuple(texts),
        model.endpoint.host,
        model.endpoint.model,
        model.endpoint.temperature,
        tuple(judgements),
        _agreements(judgements, lines, texts),
        settings,
    )


def mqm(spans: Sequence[Span]) -> float:
    """Return the score of a line by its errors: 0 for none, -25 at worst; spans that stand nowhere do not count."""
    return -min(WORST, sum(SEVERITIES[span.severity] for span in spans if span.found)) or 0.0


def _chosen(suite: Suite, hypotheses: Sequence[str], limit: int) -> tuple[list[Line], list[str]]:
    if len(suite.lines) != len(hypotheses):
        raise InputError(f"{len(suite.lines)} sources, {len(hypotheses)} translations", "one line each is needed")
    if not suite.lines:
        raise InputError("there are no lines to rate")
    for line in suite.lines:
        if not line.source:
            raise InputError(f"{suite.name}: line {line.id} has no source", "A judge needs the French.")
    count = len(suite.lines)
    kept = range(count) if not 0 < limit < count else [i * count // limit for i in range(limit)]
    return [suite.lines[i] for i in kept], [hypotheses[i] for i in kept]


def _rate(model: LanguageModel, prompt: prompts.Prompt, line: Line, text: str) -> Rating:
    if not text.strip():
        # There is nothing to ask: an empty translation is the worst there is.
        return Rating(line.id, PROMPTS[prompt.name][0])
    try:
        value = model.ask(prompt, source=line.source, translation=text).value
    except AnswerError as error:
        return Rating(line.id, None, failure=error.what)
    spans = tuple(_span(error, line.source, text) for error in value.get("errors", ()))
    return Rating(line.id, float(value["score"]) if "score" in value else mqm(spans), spans)


def _span(error: Mapping[str, Any], source: str, text: str) -> Span:
    wanted = _loose(error["text"])
    found = bool(wanted) and (wanted in _loose(text) or wanted in _loose(source))
    return Span(error["text"], error["category"], error["severity"], found)


def _loose(text: str) -> str:
    """Return ``text`` for comparison: case, spaces, quotation marks and outer punctuation left aside."""
    folded = fold(plain(text)).translate(dict.fromkeys(map(ord, '«»“”"'), " "))
    return " ".join(folded.split()).strip(" .,;:!?…'")


def _judgement(name: str, ratings: Sequence[Rating], resamples: int) -> Judgement:
    prompt = prompts.load(name)
    scores = [rating.score for rating in ratings if rating.score is not None]
    low, high = interval(scores, resamples) or (None, None)
    mean = sum(scores) / len(scores) if scores else None
    return Judgement(name, prompt.version, prompt.sha256, tuple(ratings), mean, low, high)


def _agreements(judgements: Sequence[Judgement], lines: Sequence[Line], texts: Sequence[str]) -> tuple[Agreement, ...]:
    """Return the agreement of each two prompts and, where every line has a reference, with chrF++ and BLEU."""
    columns: list[tuple[str, Sequence[float | None]]] = [(one.prompt, one.scores) for one in judgements]
    count = len(columns)
    if all(line.references for line in lines):
        from sacrebleu.metrics.bleu import BLEU

        from eval.metrics import sentence_scores

        bleu = BLEU(effective_order=True)
        columns.append(("chrF++", sentence_scores(lines, texts)))
        scores = [bleu.sentence_score(t, list(line.references)).score for line, t in zip(lines, texts, strict=True)]
        columns.append(("BLEU", scores))
    return tuple(
        agreement(first, a, second, b) for i, (first, a) in enumerate(columns[:count]) for second, b in columns[i + 1 :]
    )
