"""Readers: a file, or text, becomes a Document whose rendering is the file again, or of a page its article."""

from __future__ import annotations

import difflib
import os
import re
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from translate.document import Block, Document, Meta
from translate.errors import InputError, UsageError
from translate.read.decoding import decode, encode, is_promised, newline_of, output_encoding
from translate.read.html import LONGEST_PAGE, read_html
from translate.read.long_text import LARGE, is_large, portions
from translate.read.markdown import read_markdown
from translate.read.text import read_text
from translate.read.wrapping import flow, rewrap, unwrap

__all__ = [
    "LARGE",
    "READERS",
    "Reader",
    "decode",
    "encode",
    "flow",
    "input_format",
    "is_large",
    "is_promised",
    "output_encoding",
    "parse",
    "portions",
    "read_document",
    "rewrap",
    "seen_format",
    "unwrap",
]

#: What ``wrapped`` can be; see :func:`parse`.
WRAPPED = ("auto", "yes", "no")


@dataclass(frozen=True)
class Reader:
    """A format: the file endings it has, how its text becomes blocks (text, ``wrapped`` -> blocks), its output.

    ``layout`` is the format that the blocks, joined, are in, and that is written where none is asked for.
    """

    endings: tuple[str, ...]
    blocks: Callable[[str, str], tuple[Block, ...]]
    layout: str


#: The formats by name. A new one joins here; its blocks, joined, are the text it was given, or the article of a page.
READERS = {
    "text": Reader((".txt", ".text", ""), read_text, "text"),
    "markdown": Reader((".md", ".markdown", ".mdown", ".mkd"), read_markdown, "markdown"),
    "html": Reader((".html", ".htm", ".xhtml"), read_html, "text"),
}

#: Formats that hold text among other things, which the text reader would take for text.
_UNREAD = {".xml": "XML", ".srt": "SRT", ".vtt": "WebVTT", ".tex": "LaTeX", ".json": "JSON", ".rtf": "RTF",
           ".mhtml": "MHTML", ".mht": "MHTML", ".webarchive": "a Safari archive"}  # fmt: skip

_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_NO_ARTICLE = "Pages that load their text by script are saved without it: copy the article into a .txt file."

_ALL = "Give one of the files in it; 'fr2en batch FOLDER OUT_DIR' translates them all."


def read_document(
    path: str | Path,
    *,
    encoding: str | None = None,
    wrapped: str = "auto",
    format: str | None = None,  # noqa: A002
) -> Document:
    """Read a file, or standard input for "-", as a Document whose rendering is the file's text to the letter.

    Of a page (HTML) it is the article alone, as text.

    ``encoding`` is a codec name, detected when None; ``format`` one of READERS, by the file's ending, or by how the
    text begins, when None; ``wrapped`` as in :func:`parse`. An empty or blank file gives a document with nothing to
    translate. Raises InputError for a file that is missing, unreadable, binary or undecodable, or of a format that
    cannot be read.
    """
    piped = str(path) == "-"
    # A name may hold bytes that are no UTF-8, which neither JSON nor a terminal can show.
    source = "<stdin>" if piped else str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    known = format or input_format(path)
    data = sys.stdin.buffer.read() if piped else _bytes(Path(path))
    text, meta = decode(data, source=source, encoding=encoding)
    return parse(text, format=format or seen_format(known, text), wrapped=wrapped, meta=meta)


def parse(
    text: str,
    *,
    format: str = "text",  # noqa: A002
    wrapped: str = "auto",
    meta: Meta | None = None,
) -> Document:
    """Split ``text`` into the blocks of a Document.

    ``wrapped`` tells whether lines of plain text without a blank line between them are one hard-wrapped
    paragraph ("yes"), a paragraph each ("no"), or whatever they look like ("auto"); Markdown has its own
    rule, and ignores it. ``meta`` is kept but for its format. Raises UsageError for an unknown ``format`` or
    ``wrapped``, InputError for a page without an article.
    """
    if format not in READERS:
        raise UsageError(f"there is no reader for {format!r}", f"Formats that can be read: {', '.join(READERS)}.")
    if wrapped not in WRAPPED:
        raise UsageError(f"wrapped cannot be {wrapped!r}", f"It is one of {', '.join(WRAPPED)}.")
    known = meta if meta is not None else Meta(newline=newline_of(text))
    if format == "html" and len(text) > LONGEST_PAGE:
        raise InputError(f"{known.source}: is longer than {LONGEST_PAGE // 10**6} million characters", _NO_ARTICLE)
    read = _in_portions if format == "text" and len(text) > LARGE else READERS[format].blocks
    blocks = read(text, wrapped)
    if format == "html" and text.strip() and not blocks:
        raise InputError(f"{known.source}: there is no article in this page", _NO_ARTICLE)
    return Document(blocks, replace(known, format=format))


def _in_portions(text: str, wrapped: str) -> tuple[Block, ...]:
    """Read a long text as its portions are read one by one: each tells by itself whether its lines are wrapped."""
    blocks: list[Block] = []
    line = 0
    for portion in portions(text):
        found = read_text(portion, wrapped)
        blocks += (replace(block, line=block.line + line) for block in found) if line else found
        line += len(portion.splitlines())
    return tuple(blocks)


def input_format(path: str | Path) -> str:
    """Return the format that the ending of ``path`` stands for: text where it stands for none.

    Raises InputError for the endings of formats that hold markup which no reader knows.
    """
    ending = Path(path).suffix.lower()
    if ending in _UNREAD:
        raise InputError(
            f"{path}: {_UNREAD[ending]} cannot be read",
            "Copy the text of the article into a .txt file; if this is plain text after all, add --from text.",
        )
    return next((name for name, reader in READERS.items() if ending in reader.endings), "text")


def seen_format(named: str, text: str) -> str:
    """Return the format of a file that its name says to be in ``named``: text that is a page is HTML."""
    return "html" if named == "text" and _PAGE.match(text) else named


def _bytes(path: Path) -> bytes:
    try:
        state = path.stat()
        if (stat.S_ISCHR(state.st_mode) or stat.S_ISBLK(state.st_mode)) and not _is_stdin(state):
            # /dev/zero has no end, and a read of it is not even interrupted.
            raise InputError(f"{path}: is a device, not a file", "Give a file, or '-' for standard input.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise unreadable(path, error, folder=_ALL) from error


def _is_stdin(state: os.stat_result) -> bool:
    """Tell what /dev/stdin leads to, be it a terminal."""
    try:
        return os.path.samestat(state, os.fstat(0))
    except OSError:  # it is closed
        return False


def unreadable(path: Path, error: OSError | ValueError, *, folder: str = "Give one of the files in it.") -> InputError:
    """Return what to say of a file that cannot be opened; ``folder`` is the hint where it is one.

    ValueError: a NUL in the name.
    """
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            what = f"{path}: is a link that leads nowhere: -> {path.readlink()}"
            return InputError(what, "Give the file itself, or make the link again.")
        return InputError(f"{path}: there is no such file", _nearby(path))
    # Windows refuses to open folders as if they were forbidden; Path.is_dir raises in a closed one.
    if isinstance(error, (IsADirectoryError, PermissionError)) and os.path.isdir(path):  # noqa: PTH112
        return InputError(f"{path}: is a folder", folder)
    if isinstance(error, PermissionError):
        return InputError(f"{path}: may not be read", "Give a file that you may read (see its permissions).")
    why = getattr(error, "strerror", None) or error
    return InputError(f"{path}: cannot be read: {why}", "Check the path and the disk.")


def _nearby(path: Path) -> str:
    """Return a hint: the file of the same folder whose name is most alike, or what to check."""
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"There is no folder {path.parent} either: check the path."
    alike = difflib.get_close_matches(path.name, names, n=1)
    return f"Did you mean {path.parent / alike[0]}?" if alike else "Check the path."
