"""The JSON report: everything that was measured, line by line."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from eval.metrics import Comparison, GroupScores, Score
from eval.run import LineResult, Run, SystemRun

#: Raised when a key changes its meaning or goes; new keys do not raise it.
VERSION = 1


def render_json(run: Run) -> str:
    """Return the run as JSON text, ending in a newline; numbers unrounded, keys in a fixed order."""
    suite = run.suite
    report = {
        "version": VERSION,
        "suite": {
            "name": suite.name,
            "title": suite.title,
            "origin": suite.origin,
            "lines": len(suite.lines),
            "blank": suite.blank,
            "sha256": suite.checksum,
        },
        "versions": dict(run.versions),
        "systems": [_system(system) for system in run.systems],
        "comparisons": [_comparison(comparison) for comparison in run.comparisons],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _system(system: SystemRun) -> dict[str, Any]:
    info = system.info
    return {
        "name": system.name,
        "engine": None if info is None else {**dataclasses.asdict(info), "versions": dict(info.versions)},
        "seconds": system.seconds,
        "scores": [_score(score) for score in system.scores],
        "categories": [_group(group) for group in system.categories],
        "documents": [_group(group) for group in system.documents],
        "lengths": [_group(group) for group in system.lengths],
        "flags": [dataclasses.asdict(rate) for rate in system.flags],
        "lines": [_line(result) for result in system.results],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "metric": score.metric,
        "score": score.value,
        "low": score.low,
        "high": score.high,
        "lines": score.lines,
        "signature": score.signature,
    }


def _group(group: GroupScores) -> dict[str, Any]:
    return {"name": group.name, "lines": group.lines, "scores": [_score(score) for score in group.scores]}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {**dataclasses.asdict(comparison), "winner": comparison.winner or None}


def _line(result: LineResult) -> dict[str, Any]:
    return {
        "id": result.line.id,
        "category": result.line.category,
        "source": result.line.source,
        "references": list(result.line.references),
        "hypothesis": result.hypothesis,
        "chrf": result.score,
        "checks": len(result.line.checks),
        "failed": [str(check) for check in result.failed],
        "flags": [dataclasses.asdict(flag) for flag in result.flags],
    }
