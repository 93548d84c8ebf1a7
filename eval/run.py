"""Translating a suite with one or more systems, and everything that can be said about the result."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from eval.metrics import (
    BOOTSTRAP,
    METRICS,
    STANDARD,
    TRIALS,
    Comparison,
    GroupScores,
    Score,
    compare,
    score_groups,
    score_lines,
    sentence_scores,
)
from eval.suites import Check, Line, Suite
from translate.document import Flag
from translate.engines import EngineInfo
from translate.errors import InputError, UsageError
from translate.settings import option

#: Lines in, as many translations out, in order.
Translate = Callable[[Sequence[str]], Sequence[str]]

#: A French line and its translation in, what is doubtful about them out.
Doubts = Callable[[str, str], Sequence[Flag]]

#: Upper bounds, in words of the source, of the length groups.
LENGTHS = (5, 10, 20, 30, 45)

#: chrF++ from which a line is told as 100.0: floats may miss the hundred of one that is its reference.
PERFECT = 99.95


def metric_names(text: str) -> tuple[str, ...]:
    """Parse metrics parted by commas, whatever their case; argparse shows its ArgumentTypeError."""
    known = {name.lower(): name for name in METRICS} | {"chrf": "chrF++"}
    names = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [name for name in names if name.lower() not in known]
    if unknown or not names:
        raise ArgumentTypeError(f"unknown metric: {', '.join(unknown) or 'none'}; known: {', '.join(METRICS)}")
    return tuple(known[name.lower()] for name in names)


@dataclass(frozen=True)
class RunSettings:
    """How a run is scored and compared."""

    metrics: tuple[str, ...] = option(
        STANDARD,
        "metrics, parted by commas, of BLEU, chrF++, TER, Checks, COMET (an extra); default: all but COMET",
        metavar="LIST",
        type=metric_names,
    )
    bootstrap: int = option(BOOTSTRAP, "resamples behind each 95 % interval; 1: no intervals", metavar="N")
    trials: int = option(TRIALS, "trials of the approximate randomisation test between models", metavar="N")
    worst: int = option(20, "worst sentences shown in reports", metavar="N")
    download: bool = option(False, "let sacreBLEU and COMET fetch what is not on this machine")


@dataclass(frozen=True)
class System:
    """Something that translates, under the name it has in reports; ``info`` where it is an engine of ours."""

    name: str
    translate: Translate
    info: EngineInfo | None = None


@dataclass(frozen=True)
class LineResult:
    """One line of the suite as one system translated it; ``score`` is its chrF++."""

    line: Line
    hypothesis: str
    score: float
    failed: tuple[Check, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class FlagRate:
    """How many lines one of the checks without reference doubts; ``rate`` in percent."""

    check: str
    lines: int
    rate: float


@dataclass(frozen=True)
class SystemRun:
    """All that was measured of one system; ``seconds`` is what translating took, None if done elsewhere."""

    name: str
    info: EngineInfo | None
    results: tuple[LineResult, ...]
    scores: tuple[Score, ...]
    categories: tuple[GroupScores, ...]
    documents: tuple[GroupScores, ...]
    lengths: tuple[GroupScores, ...]
    flags: tuple[FlagRate, ...] = ()
    seconds: float | None = None

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The translations, in order."""
        return tuple(result.hypothesis for result in self.results)

    def score(self, metric: str) -> Score | None:
        """Return the score of a metric over all lines, None where it was not computed."""
        return next((score for score in self.scores if score.metric == metric), None)

    def worst(self, count: int) -> tuple[LineResult, ...]:
        """Return the lines with the lowest chrF++; of equal ones, those that fail more checks first.

        None that is, to the letter, its reference, unless it fails a check.
        """
        wanting = (r for r in self.results if r.failed or r.score < PERFECT)
        ranked = sorted(wanting, key=lambda r: (r.score, -len(r.failed), r.line.id))
        return tuple(ranked[: max(count, 0)])


@dataclass(frozen=True)
class Run:
    """One suite, one or more systems, and what tells the systems apart (each compared with the first)."""

    suite: Suite
    systems: tuple[SystemRun, ...]
    comparisons: tuple[Comparison, ...]
    settings: RunSettings
    versions: tuple[tuple[str, str], ...]


def run(
    systems: Sequence[System], suite: Suite, settings: RunSettings | None = None, doubts: Doubts | None = None
) -> Run:
    """Translate ``suite`` with every system, one call each, and score the results.

    ``doubts`` are the checks without reference, for the flag rates; none, no rates. Raises UsageError for no
    systems or two of the same name, InputError where a system returns another number of lines.
    """
    translated = []
    for system in systems:
        start = time.perf_counter()
        hypotheses = tuple(system.translate(suite.sources))
        translated.append((system, hypotheses, time.perf_counter() - start))
    return _assemble(translated, suite, settings or RunSettings(), doubts)


def score_hypotheses(
    systems: Sequence[tuple[str, Sequence[str]]],
    suite: Suite,
    settings: RunSettings | None = None,
    doubts: Doubts | None = None,
) -> Run:
    """Score translations made elsewhere, given as (name, one text a line); raises as :func:`run`."""
    made = [(System(name, lambda lines: lines), tuple(texts), None) for name, texts in systems]
    return _assemble(made, suite, settings or RunSettings(), doubts)


def _assemble(
    translated: Sequence[tuple[System, tuple[str, ...], float | None]],
    suite: Suite,
    settings: RunSettings,
    doubts: Doubts | None,
) -> Run:
    names = [system.name for system, _, _ in translated]
    if not names:
        raise UsageError("no system to measure", "name a model or a file of translations")
    if len(set(names)) < len(names):
        raise UsageError(f"two systems are called {max(names, key=names.count)}", "compare different models")
    for system, hypotheses, _ in translated:
        if len(hypotheses) != len(suite.lines):
            raise InputError(
                f"{system.name} has {len(hypotheses)} lines, the suite {suite.name} has {len(suite.lines)}",
                "one translation for each line is needed, in the same order",
            )
    measured = tuple(_measure(system, texts, seconds, suite, settings, doubts) for system, texts, seconds in translated)
    comparisons = compare(
        suite.lines,
        [(name, texts) for name, (_, texts, _) in zip(names, translated, strict=True)],
        settings.metrics,
        settings.bootstrap if settings.bootstrap > 1 else BOOTSTRAP,
        settings.trials,
    )
    versions = tuple((name, version(name)) for name in ("fr2en", "sacrebleu") if _installed(name))
    return Run(suite, measured, comparisons, settings, versions)


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:  # a source tree that was never installed
        return False
    return True


def _measure(
    system: System,
    hypotheses: tuple[str, ...],
    seconds: float | None,
    suite: Suite,
    settings: RunSettings,
    doubts: Doubts | None,
) -> SystemRun:
    lines, metrics, bootstrap = suite.lines, settings.metrics, settings.bootstrap
    scores = score_lines(lines, hypotheses, metrics, bootstrap)
    if "COMET" in metrics:
        from eval.comet import comet_score

        scores = (*scores, comet_score(lines, hypotheses, download=settings.download, bootstrap=bootstrap))
    results = tuple(
        LineResult(line, text, score, line.failed(text), tuple(doubts(line.source, text)) if doubts else ())
        for line, text, score in zip(lines, hypotheses, sentence_scores(lines, hypotheses), strict=True)
    )
    categories, documents, lengths = (
        score_groups(names, lines, hypotheses, metrics, bootstrap)
        for names in (
            [line.category for line in lines],
            [line.document for line in lines],
            _length_names(lines),
        )
    )
    return SystemRun(
        system.name,
        system.info,
        results,
        scores,
        categories,
        documents,
        tuple(sorted(lengths, key=lambda group: int(group.name.split()[0].rstrip("+").split("–")[0]))),
        _flag_rates(results) if doubts else (),
        seconds,
    )


def _length_names(lines: Sequence[Line]) -> list[str]:
    """Return the length group of each line, such as "6–10 words"."""
    names = []
    for line in lines:
        words = len(line.source.split())
        low = 1
        for high in LENGTHS:
            if words <= high:
                names.append(f"{low}–{high} words")
                break
            low = high + 1
        else:
            names.append(f"{low}+ words")
    return names


def _flag_rates(results: Sequence[LineResult]) -> tuple[FlagRate, ...]:
    counts: dict[str, int] = {}
    for result in results:
        for check in {flag.check for flag in result.flags}:
            counts[check] = counts.get(check, 0) + 1
    return tuple(
        FlagRate(check, count, 100.0 * count / len(results))
        for check, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
