"""Writers: a Translation becomes text, Markdown, HTML, JSON or TSV, and a file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from translate.document import Meta, Translation
from translate.errors import UsageError
from translate.read.decoding import encode
from translate.write.atomic import check_target, write_bytes
from translate.write.html_output import html_output
from translate.write.json_output import json_output
from translate.write.markdown_output import markdown_output
from translate.write.summary_output import summary_output
from translate.write.text_output import text_output
from translate.write.tsv_output import tsv_output

__all__ = ["ENDINGS", "WRITERS", "check_target", "output_format", "render", "save", "summary_output"]

#: The formats by name.
WRITERS: dict[str, Callable[[Translation], str]] = {
    "text": text_output,
    "markdown": markdown_output,
    "html": html_output,
    "json": json_output,
    "tsv": tsv_output,
}

#: Which format a file ending stands for.
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".tsv": "tsv",
}


def render(translation: Translation, format: str) -> str:  # noqa: A002
    """Return ``translation`` in ``format``, one of WRITERS; raises UsageError for another."""
    return WRITERS[output_format(None, format)](translation)


def output_format(path: Path | None, to: str | None, *, default: str = "text") -> str:
    """Return the format to write: ``to`` if given, else by the ending of ``path``, else ``default``.

    ``default`` serves where there is no path (standard output) or it has no ending. Raises UsageError for an
    unknown format or ending.
    """
    formats = ", ".join(WRITERS)
    if to is not None:
        if to not in WRITERS:
            raise UsageError(f"there is no writer for {to!r}", f"Formats that can be written: {formats}.")
        return to
    ending = path.suffix.lower() if path is not None else ""
    if not ending:
        return default
    if ending not in ENDINGS:
        raise UsageError(
            f"{path}: the ending {ending} stands for no format",
            f"Name the format with --to, one of {formats}.",
        )
    return ENDINGS[ending]


def save(text: str, path: Path, meta: Meta | None, *, force: bool) -> None:
    """Write ``text`` to ``path`` whole or not at all; over an existing file only with ``force``.

    ``meta`` gives the encoding and byte order mark: the document's for text and Markdown, None (UTF-8) for
    all others. Raises OutputError; then nothing was changed and nothing is left behind.
    """
    write_bytes(encode(text, meta if meta is not None else Meta()), path, force=force)
