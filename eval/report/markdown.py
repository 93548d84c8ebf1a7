"""The Markdown report."""

from __future__ import annotations

from collections.abc import Sequence

from eval.report.differences import Piece, difference
from eval.report.wording import cell, group_score, grouped, heading, made_by, metrics_of, signatures, verdict
from eval.run import LineResult, Run


def render_markdown(run: Run) -> str:
    """Return the run as Markdown: scores, comparisons, tables by group, worst sentences, signatures."""
    suite, metrics = run.suite, metrics_of(run)
    parts = [
        f"# Evaluation on {_plain(suite.title or suite.name)}",
        f"{suite.counted} · suite `{suite.checksum[:12]}` · {_plain(suite.origin)}",
        _table(
            ["System", *map(heading, metrics)],
            [[s.name, *(cell(s.score(metric)) for metric in metrics)] for s in run.systems],
        ),
    ]
    if run.comparisons:
        parts.append("\n".join(f"- {_plain(verdict(comparison))}" for comparison in run.comparisons))
    for title, systems in grouped(run):
        parts.append(f"## {title}")
        rows = [
            [group.name, str(group.lines), system.name, *(cell(group_score(group, m)) for m in metrics)]
            for index in range(len(systems[0]))
            for system, group in zip(run.systems, (groups[index] for groups in systems), strict=True)
        ]
        parts.append(_table(["", "Lines", "System", *map(heading, metrics)], rows))
    for system in run.systems:
        if system.flags:
            parts.append(f"## Doubts of the checks without reference: {_plain(system.name)}")
            rows = [[rate.check, str(rate.lines), f"{rate.rate:.1f} %"] for rate in system.flags]
            parts.append(_table(["Check", "Lines", "Rate"], rows))
    for system in run.systems:
        if worst := system.worst(run.settings.worst):
            parts.append(f"## Worst sentences: {_plain(system.name)}")
            parts.extend(map(_sentence, worst))
    parts.append("## Signatures")
    parts.append("\n".join(f"- `{line}`" for line in signatures(run)))
    made = [f"- {_plain(system.name)}: {_plain(made_by(system))}" for system in run.systems if made_by(system)]
    if made:
        parts.append("\n".join(made))
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_plain(text) for text in line) + " |" for line in lines)


def _sentence(result: LineResult) -> str:
    compared = difference(result.line.references, result.hypothesis)
    lines = [
        f"**{_plain(result.line.id)}** · chrF++ {result.score:.1f}",
        f"- French: {_plain(result.line.source)}",
        f"- Reference: {_marked(compared.reference)}",
        f"- Translation: {_marked(compared.hypothesis) or '(empty)'}",
    ]
    if result.failed:
        lines.append("- Failed: " + _plain("; ".join(map(str, result.failed))))
    return "\n".join((lines[0], "", *lines[1:]))


def _marked(pieces: Sequence[Piece]) -> str:
    return "".join(f"**{_plain(piece.text)}**" if piece.changed else _plain(piece.text) for piece in pieces)


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, in a paragraph or a table cell."""
    for sign in "\\`*_[]<>|#~":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")
