"""Writing reports: the ending chooses the format; whole or not at all; never over a file unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from eval.report.json import render_json
from eval.report.markdown import render_markdown
from eval.report.page import render_html
from eval.run import Run
from translate.errors import OutputError, UsageError

#: Ending -> renderer.
FORMATS: dict[str, Callable[[Run], str]] = {
    ".json": render_json,
    ".md": render_markdown,
    ".html": render_html,
}


def check_report(path: Path, *, force: bool = False) -> None:
    """Find out, before anything is measured, whether a report can be written.

    Raises UsageError for an unknown ending, OutputError for a folder that is not there or a file that is.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path}: no report has this ending", f"known: {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent}: no such folder", "create it first")
    if path.exists() and not force:
        raise OutputError(f"{path} exists", "add --force to replace it")


def write_report(run: Run, path: Path, *, force: bool = False) -> None:
    """Write the run in the format of the path's ending. Raises as :func:`check_report`, or OutputError."""
    check_report(path, force=force)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(FORMATS[path.suffix.lower()](run), "utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"{path}: {error.strerror or error}") from None
