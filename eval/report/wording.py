"""The sentences and cells that every report shares."""

from __future__ import annotations

from eval.metrics import ALPHA, METRICS, Comparison, GroupScores, Score
from eval.run import Run, SystemRun


def cell(score: Score | None) -> str:
    """Return a score with the half-width of its interval, such as "38.2 ± 1.4", or a dash."""
    if score is None:
        return "–"
    if score.low is None or score.high is None:
        return f"{score.value:.1f}"
    # Between equal bounds floats may leave a difference below nought.
    return f"{score.value:.1f} ± {abs(score.high - score.low) / 2:.1f}"


def heading(metric: str) -> str:
    """Return a metric as a column heading, with its direction where less is better."""
    if metric == "Checks":
        return "Checks passed, %"
    return metric if METRICS[metric] else f"{metric} (less is better)"


def verdict(comparison: Comparison) -> str:
    """Return one comparison in words: who is ahead, by how much, and whether that may be chance."""
    change = comparison.system_value - comparison.baseline_value
    pair = f"{comparison.system} against {comparison.baseline}: {comparison.metric} {round(change, 1) + 0.0:+.1f}"
    by_bootstrap, by_trials = comparison.p_bootstrap, comparison.p_randomisation
    tests = f"paired bootstrap p = {by_bootstrap:.3f}, randomisation p = {by_trials:.3f}"
    if comparison.winner:
        return f"{pair}; {comparison.winner} is better ({tests})"
    return f"{pair}; no winner: the difference may be chance at p < {ALPHA} ({tests})"


def metrics_of(run: Run) -> tuple[str, ...]:
    """Return the metrics that some system has a score of, in order."""
    return tuple(dict.fromkeys(score.metric for system in run.systems for score in system.scores))


def signatures(run: Run) -> tuple[str, ...]:
    """Return what it takes to compute the scores again, a line each metric."""
    return tuple(f"{score.metric}|{score.signature}" for score in run.systems[0].scores)


def made_by(system: SystemRun) -> str:
    """Return what ran, in one line; "" for translations made elsewhere."""
    info = system.info
    if info is None:
        return ""
    versions = ", ".join(f"{name} {number}" for name, number in info.versions)
    what = f"{info.engine} {info.compute_type} on {info.device}, {info.threads} threads"
    return f"{info.model} ({info.checksum[:12]}), {what}" + (f"; {versions}" if versions else "")


def group_score(group: GroupScores, metric: str) -> Score | None:
    """Return the score of a metric in a group, None where it has none."""
    return next((score for score in group.scores if score.metric == metric), None)


def grouped(run: Run) -> tuple[tuple[str, tuple[tuple[GroupScores, ...], ...]], ...]:
    """Return the tables to show: (title, the groups of each system), only those with more than one group."""
    tables = (
        ("By category", tuple(system.categories for system in run.systems)),
        ("By document", tuple(system.documents for system in run.systems)),
        ("By length of the source", tuple(system.lengths for system in run.systems)),
    )
    return tuple((title, groups) for title, groups in tables if len(groups[0]) > 1)
