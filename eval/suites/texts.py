"""Reading lines of text as people have them: with byte order marks, CRLF, and missing or extra lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

from translate.errors import InputError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8 (or UTF-16 with a mark), without its mark, every line end a newline.

    Raises InputError for a file that is missing, unreadable or not UTF-8.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "check the path, or see 'fr2en eval run --help'") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    bom, encoding = next(((b, e) for b, e in _BOMS if data.startswith(b)), (b"", "utf-8"))
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path}:{line}: not {encoding.upper()}", "save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a file, stripped of white space at both ends; a last newline adds no line.

    Lines end at LF, CRLF or CR alone: unlike ``str.splitlines``, at no other control or separator, or two
    files that belong together would fall out of step.
    """
    text = read_text(path)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return tuple(re.sub(r"[\0\x0b\x0c]", " ", line).strip() for line in lines)


def read_parallel(paths: Sequence[Path], first_reference: int = 1) -> tuple[list[tuple[int, tuple[str, ...]]], int]:
    """Return the lines of files that belong together, as (line number from 1, one text a file), and the blank ones.

    ``first_reference`` is the index of the first file of references; those before hold sources or
    translations. Lines that are blank in every file part paragraphs; they are left out and counted. Of several
    references some may be blank, not all. Raises InputError where line counts differ or no reference is left.
    """
    columns = [read_lines(path) for path in paths]
    for path, column in zip(paths[1:], columns[1:], strict=True):
        if len(column) != len(columns[0]):
            raise InputError(
                f"{paths[0]} has {len(columns[0])} lines, {path} has {len(column)}",
                "both need one line for each sentence or paragraph, in the same order",
            )
    rows = []
    for number, row in enumerate(zip(*columns, strict=True), 1):
        if not any(row):
            continue
        if not any(row[first_reference:]):
            raise InputError(f"{paths[-1]}:{number}: the reference is empty", "give a reference for each line")
        rows.append((number, row))
    if not rows:
        raise InputError(f"{paths[0]}: no lines to score")
    return rows, len(columns[0]) - len(rows)
