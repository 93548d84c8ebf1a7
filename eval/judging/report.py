"""A judging as JSON and as rich tables."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from eval.judging.judge import PROMPTS, Judgement, Judging

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Name and version of the JSON layout.
SCHEMA = "fr2en-judge/1"


def as_json(judging: Judging) -> str:
    """Return everything of a judging as JSON, the prompts' versions and checksums included."""
    report = {
        "schema": SCHEMA,
        "suite": {"name": judging.suite.name, "origin": judging.suite.origin, "sha256": judging.suite.checksum},
        "system": judging.system,
        "judge": {"host": judging.host, "model": judging.model, "temperature": judging.temperature},
        "prompts": [
            {
                "name": one.prompt,
                "version": one.version,
                "sha256": one.sha256,
                "range": PROMPTS[one.prompt],
                "mean": one.mean,
                "low": one.low,
                "high": one.high,
                "failed": one.failed,
            }
            for one in judging.judgements
        ],
        "agreement": [asdict(one) for one in judging.agreements],
        "lines": [
            {
                "id": line.id,
                "source": line.source,
                "translation": text,
                "ratings": {one.prompt: asdict(one.ratings[index]) for one in judging.judgements},
            }
            for index, (line, text) in enumerate(zip(judging.suite.lines, judging.hypotheses, strict=True))
        ],
        "settings": asdict(judging.settings),
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def tables(judging: Judging) -> list[RenderableType]:
    """Return rich tables: the scores, the agreement, and the error spans by severity."""
    from rich.table import Table

    title = f"{judging.system} on {judging.suite.name}: {judging.suite.counted}"
    scores = Table(title=f"{title}, rated by {judging.model} at {judging.host}", title_justify="left")
    for name in ("Prompt", "SHA-256"):
        scores.add_column(name)
    for name in ("Range", "Mean", "95 %", "Minor", "Major", "Critical", "Not found", "No rating"):
        scores.add_column(name, justify="right")
    for one in judging.judgements:
        scores.add_row(*_row(one))
    agree = Table(title="Agreement, line by line", title_justify="left")
    agree.add_column("")
    for name in ("Kendall", "Spearman", "Lines"):
        agree.add_column(name, justify="right")
    for pair in judging.agreements:
        agree.add_row(
            f"{pair.first}, {pair.second}", _number(pair.kendall, 2), _number(pair.spearman, 2), str(pair.lines)
        )
    return [scores, agree] if judging.agreements else [scores]


def _row(one: Judgement) -> tuple[str, ...]:
    low, high = PROMPTS[one.prompt]
    spread = "–" if one.low is None else f"{_number(one.low)} to {_number(one.high)}"
    spans = [span for rating in one.ratings for span in rating.spans]
    marked = [span.severity for span in spans if span.found]
    counts = [str(marked.count(name)) for name in ("minor", "major", "critical")]
    lost = str(len(spans) - len(marked))
    if one.prompt == "judge-da":
        counts, lost = ["–"] * 3, "–"
    name = f"{one.prompt} {one.version}"
    return (name, one.sha256[:12], f"{low:g} to {high:g}", _number(one.mean), spread, *counts, lost, str(one.failed))


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
