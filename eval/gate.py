"""The gate: a run must not fall significantly below the floors of a baseline file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eval.metrics import ALPHA, METRICS, Comparison, compare
from eval.run import Run, SystemRun
from eval.suites import Suite
from translate.errors import GateError, InputError, OutputError, UsageError

#: The baseline that ships.
BASELINE = Path(__file__).parent / "baseline.json"

#: Raised when the file's keys change.
_VERSION = 1

#: A floor counts as lowered from this many points on: scores are written with two decimals.
_STEP = 0.005


@dataclass(frozen=True)
class Floor:
    """The score that a metric must not fall significantly below, and the signature it was computed with."""

    metric: str
    score: float
    signature: str


@dataclass(frozen=True)
class Regression:
    """A floor that was lowered on purpose, and why."""

    suite: str
    metric: str
    before: float
    after: float
    reason: str


@dataclass(frozen=True)
class SuiteBaseline:
    """The floors of one suite, the model measured, and its translations, to compare with line by line."""

    suite: str
    suite_sha256: str
    model: str
    model_sha256: str
    floors: tuple[Floor, ...]
    hypotheses: tuple[str, ...]


@dataclass(frozen=True)
class Baseline:
    """What a baseline file holds."""

    suites: tuple[SuiteBaseline, ...] = ()
    regressions: tuple[Regression, ...] = ()

    def of(self, suite: Suite) -> SuiteBaseline | None:
        """Return the floors of a suite, None where it has none."""
        return next((entry for entry in self.suites if entry.suite == suite.name), None)


@dataclass(frozen=True)
class Verdict:
    """One metric at the gate: ``failed`` where it is significantly (paired bootstrap) below the floor.

    ``signature`` is that of the score.
    """

    metric: str
    floor: float
    score: float
    p_value: float
    failed: bool
    signature: str

    def __str__(self) -> str:
        change = self.score - self.floor
        word = "FAILED" if self.failed else "ok"
        score = f"{self.metric} {self.score:.2f}, floor {self.floor:.2f}"
        return f"{word}: {score} ({change:+.2f}, p = {self.p_value:.3f})"


def load_baseline(path: Path = BASELINE) -> Baseline:
    """Return what the file holds. Raises InputError for a missing or malformed file."""
    try:
        table = json.loads(path.read_text("utf-8"))
        if table["version"] != _VERSION:
            raise InputError(f"{path}: version {table['version']}, this fr2en reads {_VERSION}")
        return Baseline(
            tuple(_suite_baseline(entry) for entry in table["suites"]),
            tuple(Regression(**entry) for entry in table["regressions"]),
        )
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "'fr2en eval gate --update' writes it") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a baseline: {error}") from None


def _suite_baseline(entry: dict[str, Any]) -> SuiteBaseline:
    floors = tuple(Floor(**floor) for floor in entry["floors"])
    return SuiteBaseline(**{**entry, "floors": floors, "hypotheses": tuple(entry["hypotheses"])})


def save_baseline(baseline: Baseline, path: Path = BASELINE) -> None:
    """Write the file as a whole or not at all; a text of its own on each line, so that a diff can be read."""
    table = {"version": _VERSION, **asdict(baseline)}
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", "utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"{path}: {error.strerror or error}") from None


def check_gate(run: Run, baseline: Baseline) -> tuple[Verdict, ...]:
    """Compare the run's one system with the floors of its suite; return a verdict for each floor.

    The test is sacreBLEU's paired bootstrap between the baseline's translations and these, line by line: a
    difference too small for it does not fail. Raises GateError where the two cannot be compared: no
    floors for the suite, a suite that has changed, a metric of another kind.
    """
    system = _only(run)
    floors = baseline.of(run.suite)
    if floors is None:
        raise GateError(f"no floors for the suite {run.suite.name}", "'fr2en eval gate --update' sets them")
    if floors.suite_sha256 != run.suite.checksum:
        raise GateError(
            f"the suite {run.suite.name} is not the one its floors were measured on",
            "measure anew with 'fr2en eval gate --update --allow-regression REASON'",
        )
    for floor in floors.floors:
        score = system.score(floor.metric)
        if score is None:
            raise GateError(f"{floor.metric} has a floor but was not computed", "leave --metrics out")
        if _kind(score.signature) != _kind(floor.signature):
            raise GateError(f"{floor.metric}: {score.signature} cannot be compared with {floor.signature}")
    signatures = {score.metric: score.signature for score in system.scores}
    return tuple(_verdict(floor, found, signatures[floor.metric]) for floor, found in _compared(run, system, floors))


def enforce(verdicts: Sequence[Verdict]) -> None:
    """Raise GateError (exit code 8) naming the metrics that failed, if any did."""
    failed = [verdict for verdict in verdicts if verdict.failed]
    if failed:
        names = ", ".join(f"{v.metric} {v.score:.2f} below {v.floor:.2f} (p = {v.p_value:.3f})" for v in failed)
        raise GateError(
            f"significantly worse than the baseline: {names}",
            "if that is meant: 'fr2en eval gate --update --allow-regression REASON'",
        )


def update_baseline(run: Run, baseline: Baseline, allow_regression: str = "") -> Baseline:
    """Return ``baseline`` with the floors of the run's suite at its scores.

    Floors only rise, unless ``allow_regression`` says why not; each floor lowered is then recorded with that
    reason. A suite that has changed cannot tell whether it lowers its floors, so it too needs a reason.
    Raises GateError where a reason is needed and missing, UsageError for a reason of white space.
    """
    if allow_regression and not allow_regression.strip():
        raise UsageError("--allow-regression needs a reason", "say why the loss is accepted")
    system, old = _only(run), baseline.of(run.suite)
    floors = tuple(Floor(s.metric, round(s.value, 2), s.signature) for s in system.scores)
    lowered: list[Regression] = []
    if old is not None:
        before = {floor.metric: floor.score for floor in old.floors}
        lowered = [
            Regression(run.suite.name, f.metric, before[f.metric], f.score, allow_regression.strip())
            for f in floors
            if f.metric in before and _behind(f.metric, f.score, before[f.metric]) >= _STEP
        ]
        changed = old.suite_sha256 != run.suite.checksum
        missing = sorted(set(before) - {floor.metric for floor in floors})
        if (lowered or changed or missing) and not allow_regression:
            why = ", ".join(f"{r.metric} from {r.before:.2f} to {r.after:.2f}" for r in lowered)
            why = why or ("its lines have changed" if changed else f"no score for {', '.join(missing)}")
            raise GateError(
                f"floors of {run.suite.name} would be lowered: {why}",
                "accept it with --allow-regression REASON",
            )
    info = system.info
    entry = SuiteBaseline(
        run.suite.name,
        run.suite.checksum,
        info.model if info else system.name,
        info.checksum if info else "",
        floors,
        system.hypotheses,
    )
    others = tuple(suite for suite in baseline.suites if suite.suite != run.suite.name)
    return replace(baseline, suites=(*others, entry), regressions=(*baseline.regressions, *lowered))


def _only(run: Run) -> SystemRun:
    if len(run.systems) != 1:
        raise UsageError(f"the gate takes one model, not {len(run.systems)}")
    return run.systems[0]


def _behind(metric: str, score: float, floor: float) -> float:
    """Return by how many points a score is worse than its floor."""
    return floor - score if METRICS[metric] else score - floor


def _kind(signature: str) -> str:
    """Return a signature without what comparable scores may differ in: version, seed and resamples."""
    return re.sub(r"(^|\|)(version|bs|seed):[^|]*", "", signature)


def _compared(run: Run, system: SystemRun, floors: SuiteBaseline) -> list[tuple[Floor, Comparison]]:
    """Return each floor with the comparison of the baseline's translations and the system's."""
    bootstrap = run.settings.bootstrap if run.settings.bootstrap > 1 else 1000
    found = compare(
        run.suite.lines,
        (("baseline", floors.hypotheses), ("run", system.hypotheses)),
        [floor.metric for floor in floors.floors],
        bootstrap,
        trials=1,  # the gate goes by the bootstrap alone
    )
    by_metric = {comparison.metric: comparison for comparison in found}
    return [(floor, by_metric[floor.metric]) for floor in floors.floors if floor.metric in by_metric]


def _verdict(floor: Floor, found: Comparison, signature: str) -> Verdict:
    worse = _behind(floor.metric, found.system_value, found.baseline_value) > 0
    below = _behind(floor.metric, found.system_value, floor.score) > 0
    # Lines passed and failed tie too often for the bootstrap alone; see eval.metrics._exact_p_values.
    p_value = max(found.p_bootstrap, found.p_randomisation) if floor.metric == "Checks" else found.p_bootstrap
    failed = worse and below and p_value < ALPHA
    return Verdict(floor.metric, floor.score, found.system_value, p_value, failed, signature)
