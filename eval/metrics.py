"""Scores with signature and interval, by line and group, and significance between systems, from sacreBLEU."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from eval.suites import Line
from translate.errors import InputError, UsageError

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

#: Name in reports -> whether more is better.
METRICS = {"BLEU": True, "chrF++": True, "TER": False, "Checks": True, "COMET": True}

#: The metrics computed unless others are asked for.
STANDARD = ("BLEU", "chrF++", "TER", "Checks")

#: A difference is called significant below this probability of chance, in both tests.
ALPHA = 0.05

#: Resamples of a bootstrap, and trials of approximate randomisation: sacreBLEU's defaults.
BOOTSTRAP = 1000
TRIALS = 10000


@dataclass(frozen=True)
class Score:
    """One metric over ``lines`` lines, in points (0 to 100; TER may pass 100), with its 95 % interval.

    ``low`` and ``high`` are None where no bootstrap was asked for; sacreBLEU centres them on the mean of the
    resamples. ``signature`` tells all that is needed to compute the number again.
    """

    metric: str
    value: float
    low: float | None
    high: float | None
    signature: str
    lines: int

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better: not for TER."""
        return METRICS[self.metric]

    def __str__(self) -> str:
        spread = "" if self.low is None else f" [{self.low:.1f}, {self.high:.1f}]"
        return f"{self.metric} {self.value:.1f}{spread}"


@dataclass(frozen=True)
class GroupScores:
    """The scores of the lines of one category, document or length."""

    name: str
    lines: int
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Comparison:
    """Two systems on one metric: the p-values of both tests; a winner only where both are below ALPHA."""

    metric: str
    baseline: str
    system: str
    baseline_value: float
    system_value: float
    p_bootstrap: float
    p_randomisation: float

    @property
    def significant(self) -> bool:
        """Whether both tests call the difference significant."""
        return max(self.p_bootstrap, self.p_randomisation) < ALPHA

    @property
    def winner(self) -> str:
        """The better system, or "" where chance may explain the difference."""
        if not self.significant or self.baseline_value == self.system_value:
            return ""
        ahead = (self.system_value > self.baseline_value) == METRICS[self.metric]
        return self.system if ahead else self.baseline


def score_lines(
    lines: Sequence[Line],
    hypotheses: Sequence[str],
    metrics: Sequence[str] = STANDARD,
    bootstrap: int = BOOTSTRAP,
) -> tuple[Score, ...]:
    """Return one score a metric over all lines; "Checks" only where a line has some.

    ``bootstrap`` is the number of resamples; below 2, no interval. Raises InputError where the counts differ
    or there are no lines, UsageError for an unknown metric.
    """
    _same_length(lines, hypotheses)
    scores = []
    for name in _known(metrics):
        checked = [i for i, line in enumerate(lines) if line.checks or name != "Checks"]
        if checked:
            some = [lines[i] for i in checked]
            scores.append(_score(name, some, [hypotheses[i] for i in checked], bootstrap))
    return tuple(scores)


def score_groups(
    names: Sequence[str],
    lines: Sequence[Line],
    hypotheses: Sequence[str],
    metrics: Sequence[str] = STANDARD,
    bootstrap: int = BOOTSTRAP,
) -> tuple[GroupScores, ...]:
    """Return the scores of each group, in order of appearance; ``names`` holds each line's, "" for none."""
    _same_length(lines, hypotheses)
    groups = []
    for name in dict.fromkeys(n for n in names if n):
        own = [i for i, n in enumerate(names) if n == name]
        scores = score_lines([lines[i] for i in own], [hypotheses[i] for i in own], metrics, bootstrap)
        groups.append(GroupScores(name, len(own), scores))
    return tuple(groups)


def sentence_scores(lines: Sequence[Line], hypotheses: Sequence[str]) -> tuple[float, ...]:
    """Return the chrF++ of each line, 0 to 100: of these metrics the one that suits a single line."""
    _same_length(lines, hypotheses)
    metric = _metric("chrF++", lines)
    return tuple(
        float(metric.sentence_score(text, list(line.references)).score)
        for line, text in zip(lines, hypotheses, strict=True)
    )


def compare(
    lines: Sequence[Line],
    systems: Sequence[tuple[str, Sequence[str]]],
    metrics: Sequence[str] = STANDARD,
    bootstrap: int = BOOTSTRAP,
    trials: int = TRIALS,
) -> tuple[Comparison, ...]:
    """Compare every system with the first, by paired bootstrap and paired approximate randomisation.

    Koehn (2004) and Riezler and Maxwell (2005) describe the tests; sacreBLEU's significance module runs them.
    ``systems`` are (name, hypotheses). Returns nothing for fewer than two systems; raises as score_lines.
    """
    if len(systems) < 2:
        return ()
    for _, hypotheses in systems:
        _same_length(lines, hypotheses)
    named = {
        name: _metric(name, lines) for name in _known(metrics) if name != "Checks" or any(line.checks for line in lines)
    }
    by_bootstrap = _p_values(lines, systems, named, "bs", bootstrap)
    sampled = {name: metric for name, metric in named.items() if name != "Checks"}
    by_trials = {key: p for key, (_, _, p) in _p_values(lines, systems, sampled, "ar", trials).items()}
    if "Checks" in named:
        by_trials.update(_exact_p_values(lines, systems))
    return tuple(
        Comparison(metric, systems[0][0], system, first, value, p, by_trials[metric, system])
        for (metric, system), (first, value, p) in by_bootstrap.items()
    )


def _p_values(
    lines: Sequence[Line],
    systems: Sequence[tuple[str, Sequence[str]]],
    named: dict[str, Metric],
    test: str,
    samples: int,
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return (first system's value, this system's value, p) for each metric and system after the first."""
    from sacrebleu.significance import PairedTest, Result

    found = {}
    for name, metric in named.items():
        run = PairedTest(
            [(system, list(texts)) for system, texts in systems],
            {name: metric},
            _references(lines),
            test_type=test,
            n_samples=max(samples, 1),
        )
        _, table = run()
        column = next(column for key, column in table.items() if key != "System")
        first, *others = [result for result in column if isinstance(result, Result)]
        for (system, _), result in zip(systems[1:], others, strict=True):
            found[name, system] = (first.score, result.score, float(result.p_value or 0.0))
    return found


def _exact_p_values(
    lines: Sequence[Line], systems: Sequence[tuple[str, Sequence[str]]]
) -> dict[tuple[str, str], float]:
    """Return p of the exact randomisation test of lines passed and failed (McNemar's exact test).

    Pass and fail tie so often that sacreBLEU's trials, which do not count ties, would overstate a difference.
    """
    first, *others = [
        (name, [not line.failed(text) for line, text in zip(lines, texts, strict=True)]) for name, texts in systems
    ]
    found = {}
    for name, passed in others:
        gained = sum(new and not old for new, old in zip(passed, first[1], strict=True))
        lost = sum(old and not new for new, old in zip(passed, first[1], strict=True))
        trials, least = gained + lost, min(gained, lost)
        tail = sum(math.comb(trials, k) for k in range(least + 1)) / 2**trials
        found["Checks", name] = min(1.0, 2 * tail)
    return found


def _metric(name: str, lines: Sequence[Line]) -> Metric:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    if name == "Checks":
        from eval.checkrate import CheckRate

        return CheckRate(lines)
    # Detokenised text throughout: sacreBLEU's guess that a line ending in " ." is tokenised would only warn.
    if name == "BLEU":
        return BLEU(force=True)
    return CHRF(word_order=2) if name == "chrF++" else TER()


def _score(name: str, lines: Sequence[Line], hypotheses: Sequence[str], bootstrap: int) -> Score:
    from numpy import array
    from sacrebleu.significance import _bootstrap_resample, estimate_ci

    metric = _metric(name, lines)
    statistics = metric._extract_corpus_statistics(list(hypotheses), _references(lines))
    value = float(metric._aggregate_and_compute(statistics).score)
    low = high = None
    if bootstrap > 1:
        # As corpus_score does it, but for its mean, which fails for TER: that mixes types of floats.
        metric.n_bootstrap = bootstrap
        metric.seed, resampled = _bootstrap_resample(statistics, metric, bootstrap)
        mean, half = estimate_ci(array([float(score.score) for score in resampled]))
        low, high = max(0.0, float(mean - half)), float(mean + half)
        high = high if name == "TER" else min(100.0, high)
    return Score(name, value, low, high, str(metric.get_signature()), len(lines))


def _references(lines: Sequence[Line]) -> list[list[str]]:
    """Return references as sacreBLEU wants them: a list for each, None where a line has fewer."""
    most = max(len(line.references) for line in lines)
    columns = [[line.references[i] if i < len(line.references) else None for line in lines] for i in range(most)]
    return cast("list[list[str]]", columns)  # sacreBLEU's types leave out the None that it documents


def _known(metrics: Sequence[str]) -> tuple[str, ...]:
    """Return the metrics asked for, COMET left to :mod:`eval.comet`."""
    for name in metrics:
        if name not in METRICS:
            raise UsageError(f"unknown metric: {name}", f"known: {', '.join(METRICS)}")
    return tuple(name for name in dict.fromkeys(metrics) if name != "COMET")


def _same_length(lines: Sequence[Line], hypotheses: Sequence[str]) -> None:
    if len(lines) != len(hypotheses):
        raise InputError(f"{len(lines)} references, {len(hypotheses)} translations", "one line each is needed")
    if not lines:
        raise InputError("there are no lines to score")
