"""The terminal report: rich tables, built only where rich is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.report.wording import cell, group_score, grouped, heading, metrics_of, signatures, verdict
from eval.run import Run

if TYPE_CHECKING:
    from rich.console import RenderableType


def tables(run: Run, *, groups: bool = True) -> list[RenderableType]:
    """Return rich renderables: scores, signatures, comparisons, and (with ``groups``) the tables by group."""
    from rich.table import Table
    from rich.text import Text

    metrics = metrics_of(run)
    main = Table(title=f"{run.suite.name}: {run.suite.counted}", title_justify="left")
    main.add_column("System")
    for metric in metrics:
        main.add_column(heading(metric), justify="right")
    for system in run.systems:
        main.add_row(Text(system.name), *(cell(system.score(metric)) for metric in metrics))
    shown: list[RenderableType] = [main, *map(Text, signatures(run))]
    shown.extend(Text(verdict(comparison)) for comparison in run.comparisons)
    for title, systems in grouped(run) if groups else ():
        table = Table(title=title, title_justify="left")
        table.add_column("")
        table.add_column("Lines", justify="right")
        if len(run.systems) > 1:
            table.add_column("System")
        for metric in metrics:
            table.add_column(heading(metric), justify="right")
        for index, first in enumerate(systems[0]):
            for system, own in zip(run.systems, systems, strict=True):
                name = (Text(system.name),) if len(run.systems) > 1 else ()
                cells = (cell(group_score(own[index], metric)) for metric in metrics)
                again = system is not run.systems[0]
                table.add_row(Text("" if again else first.name), "" if again else str(first.lines), *name, *cells)
        shown.append(table)
    return shown
