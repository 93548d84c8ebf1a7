"""The HTML report: one page, nothing fetched, readable by eye and by screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from eval.metrics import GroupScores, Score
from eval.report.differences import Difference, difference
from eval.report.wording import cell, group_score, grouped, heading, made_by, metrics_of, signatures, verdict
from eval.run import LineResult, Run, SystemRun

#: Width of a bar of the distribution, in points of chrF++.
_BIN = 5


@dataclass(frozen=True)
class _Mark:
    """One system's value in one row of a plot; positions in percent of the axis."""

    colour: int
    system: str
    text: str
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class _Row:
    label: str
    lines: int
    marks: tuple[_Mark, ...]


@dataclass(frozen=True)
class _Plot:
    """A table of rows with a drawn strip each; ``bars`` from zero (a rate) or dots with their intervals."""

    title: str
    note: str
    rows: tuple[_Row, ...]
    bars: bool = False


@dataclass(frozen=True)
class _Bar:
    low: int
    high: int
    count: int
    height: float


@dataclass(frozen=True)
class _Histogram:
    system: str
    colour: int
    median: float
    bars: tuple[_Bar, ...]


@dataclass(frozen=True)
class _Sentence:
    result: LineResult
    difference: Difference


@dataclass(frozen=True)
class _Worst:
    system: str
    colour: int
    sentences: tuple[_Sentence, ...]


def render_html(run: Run) -> str:
    """Return the run as one HTML page, styles and plots inside; every text from the data is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["position"] = lambda value: f"{value:.2f}%"
    files = resources.files("eval.report")
    page = environment.from_string((files / "page.html").read_text("utf-8"))
    metrics = metrics_of(run)
    return page.render(
        run=run,
        metrics=metrics,
        style=(files / "page.css").read_text("utf-8"),
        plots=_plots(run),
        histograms=_histograms(run.systems),
        worst=_worst(run),
        cell=cell,
        heading=heading,
        verdict=verdict,
        made_by=made_by,
        signatures=signatures(run),
        grouped=grouped(run),
        group_score=group_score,
    )


def _plots(run: Run) -> tuple[_Plot, ...]:
    """Return the plots: chrF++ by category, document and length, and the checks by category."""
    metric = next((m for m in ("chrF++", "BLEU", "TER") if m in metrics_of(run)), "")
    plots = []
    for title, systems in grouped(run):
        rows = _rows(run, systems, metric)
        if rows:
            plots.append(_Plot(f"{heading(metric)} {title[0].lower()}{title[1:]}", "Line: 95 % interval.", rows))
        rows = _rows(run, systems, "Checks")
        if rows and title == "By category":
            note = "Lines that hold what they must (figures, names, negation) and nothing they must not."
            plots.append(_Plot("Challenge checks passed", note, rows, bars=True))
    return tuple(plots)


def _rows(run: Run, systems: Sequence[Sequence[GroupScores]], metric: str) -> tuple[_Row, ...]:
    rows = []
    for index, first in enumerate(systems[0]):
        marks = []
        for colour, (system, groups) in enumerate(zip(run.systems, systems, strict=True)):
            score = group_score(groups[index], metric)
            if score is not None:
                marks.append(_mark(colour, system.name, score))
        if marks:
            rows.append(_Row(first.name, first.lines, tuple(marks)))
    return tuple(rows)


def _mark(colour: int, system: str, score: Score) -> _Mark:
    low = score.value if score.low is None else score.low
    high = score.value if score.high is None else score.high
    clip = [min(max(value, 0.0), 100.0) for value in (score.value, low, high)]
    text = f"{score.value:.0f} %" if score.metric == "Checks" else cell(score)
    return _Mark(colour, system, text, *clip)


def _histograms(systems: Sequence[SystemRun]) -> tuple[_Histogram, ...]:
    """Return the distribution of sentence scores of each system, to one scale."""
    counted = []
    for system in systems:
        counts = [0] * (100 // _BIN)
        for result in system.results:
            counts[min(int(result.score // _BIN), len(counts) - 1)] += 1
        counted.append(counts)
    tallest = max(max(counts) for counts in counted)
    histograms = []
    for colour, (system, counts) in enumerate(zip(systems, counted, strict=True)):
        bars = tuple(_Bar(i * _BIN, (i + 1) * _BIN, count, 100.0 * count / tallest) for i, count in enumerate(counts))
        scores = sorted(result.score for result in system.results)
        histograms.append(_Histogram(system.name, colour, scores[len(scores) // 2], bars))
    return tuple(histograms)


def _worst(run: Run) -> tuple[_Worst, ...]:
    return tuple(
        _Worst(
            system.name,
            colour,
            tuple(
                _Sentence(result, difference(result.line.references, result.hypothesis))
                for result in system.worst(run.settings.worst)
            ),
        )
        for colour, system in enumerate(run.systems)
    )
