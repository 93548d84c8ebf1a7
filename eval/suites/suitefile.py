"""Reading a suite from TOML: metadata in suite.toml, its lines there, in files of lines, or in plain text.

A suite file holds ``name``, ``title`` and ``origin`` and one or more of:

- ``[[line]]`` tables: ``fr`` (the source), ``en`` (a reference or a list of them), and, where wanted, ``id``,
  ``category``, ``document``, ``must`` and ``never``;
- ``files``: TOML files of such tables beside it, each with its own ``category``;
- ``source`` and ``references``: plain text files, one line or paragraph a line.

``must`` lists checks; alternatives of one check are parted by " | ". ``never`` lists what must not appear.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.suites.lines import Check, Line, Suite
from eval.suites.texts import read_parallel, read_text
from translate.errors import InputError

_SUITE_KEYS = {"name", "title", "origin", "files", "source", "references", "category", "line"}
_LINE_KEYS = {"id", "category", "document", "fr", "en", "must", "never"}


def read_suite(path: Path) -> Suite:
    """Return the suite that a TOML file describes.

    Raises InputError naming file and line where a file is missing, is not TOML, has unknown keys, an empty
    source or reference, an expression that does not compile, or an id used twice.
    """
    table = _load(path)
    lines = list(_lines(table, path))
    for name in _strings(table, "files", path):
        lines.extend(_lines(_load(path.parent / name), path.parent / name))
    if "source" in table:
        lines.extend(_text_lines(table, path))
    if not lines:
        raise InputError(f"{path}: a suite without lines", "see the bundled eval/suites/challenge/suite.toml")
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise InputError(f"{path}: id {line.id!r} is used twice", "give each line an id of its own")
        seen.add(line.id)
    name = str(table.get("name", path.parent.name if path.name == "suite.toml" else path.stem))
    return Suite(name, tuple(lines), str(table.get("title", "")), str(table.get("origin", path)))


def _load(path: Path) -> Mapping[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # the same parser, for Python 3.10

    try:
        table: dict[str, Any] = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not TOML: {error}") from None
    _known(table, _SUITE_KEYS, str(path))
    return table


def _known(table: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise InputError(f"{where}: unknown key {unknown[0]!r}", f"known: {', '.join(sorted(keys))}")


def _strings(table: Mapping[str, Any], key: str, where: Path | str) -> tuple[str, ...]:
    """Return a string or a list of strings as a tuple."""
    value = table.get(key, ())
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else None
    if texts is None or not all(isinstance(text, str) for text in texts):
        raise InputError(f"{where}: {key} must be text or a list of texts")
    return texts


def _lines(table: Mapping[str, Any], path: Path) -> list[Line]:
    """Return the lines of the ``[[line]]`` tables, in order."""
    category = str(table.get("category", ""))
    lines = []
    for number, entry in enumerate(table.get("line", ()), 1):
        where = f"{path}: line {number}"
        if not isinstance(entry, Mapping):
            raise InputError(f"{where}: write [[line]], with two brackets")
        _known(entry, _LINE_KEYS, where)
        source = str(entry.get("fr", "")).strip()
        references = tuple(text.strip() for text in _strings(entry, "en", where))
        if not source:
            raise InputError(f"{where}: fr, the source, is empty")
        if not references or not all(references):
            raise InputError(f"{where}: en, the reference, is empty")
        own = str(entry.get("category", category))
        name = str(entry.get("id", f"{own or path.stem}-{number:03}"))
        checks = _checks(entry, where)
        lines.append(Line(name, source, references, own, str(entry.get("document", "")), checks))
    return lines


def _checks(entry: Mapping[str, Any], where: str) -> tuple[Check, ...]:
    checks = [Check(tuple(group.split(" | "))) for group in _strings(entry, "must", where)]
    checks.extend(Check((text,), forbidden=True) for text in _strings(entry, "never", where))
    for check in checks:
        try:
            check.passes("")
        except (re.error, IndexError):
            raise InputError(f"{where}: {check}: not an expression") from None
    return tuple(checks)


def _text_lines(table: Mapping[str, Any], path: Path) -> list[Line]:
    """Return the lines of the plain text files that the suite names."""
    source = path.parent / str(table["source"])
    references = [path.parent / name for name in _strings(table, "references", path)]
    if not references:
        raise InputError(f"{path}: source without references")
    lines = []
    rows, _ = read_parallel((source, *references))
    for number, (text, *targets) in rows:
        if not text:
            raise InputError(f"{source}:{number}: the source is empty", "remove the line from every file")
        given = tuple(target for target in targets if target)
        lines.append(Line(f"{source.stem}-{number:03}", text, given, str(table.get("category", "")), source.stem))
    return lines
