"""A glossary's file: TSV or CSV, French first, as spreadsheets and other translation tools write them."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.errors import InputError
from translate.glossary import Entry, Glossary
from translate.read.decoding import decode

#: What parts the columns: tabs, and what spreadsheets of English and French systems put into CSV.
_DELIMITERS = ("\t", ";", ",")
#: Heads of columns, which some tools write.
_FRENCH = frozenset(("fr", "fr-fr", "french", "français", "francais", "source", "source term", "terme source"))
_ENGLISH = frozenset(("en", "en-gb", "en-us", "english", "anglais", "target", "target term", "terme cible"))
#: Parts translations of one term that are all accepted.
_OR = "|"
#: More text than one file of terms holds, in bytes; it is searched for in every sentence.
MOST_BYTES = 20_000_000
#: A term longer than this is a sentence, and for the translation memory.
MOST_CHARACTERS = 200
_FORM = "A line is a French term, a tab (or ; or ,) and its English; several that are right are parted by |."


@dataclass(frozen=True)
class _Row:
    """A line of the file, counted from 1, and its columns."""

    line: int
    columns: tuple[str, ...]


def read_glossary(path: str | Path) -> Glossary:
    """Read a glossary from TSV or CSV: the French term, its English, and what else there may be, left unread.

    Blank lines, lines that begin with #, and a first line of heads are passed over. Raises InputError, with the
    line, for a file that cannot be read, a line without English, and a term with two translations.
    """
    file = Path(path)
    source = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror}", "Give a glossary: TSV or CSV.") from error
    if data is None:
        raise InputError(f"{source}: is larger than {MOST_BYTES // 10**6} MB", f"A glossary holds terms. {_FORM}")
    text, _ = decode(data, source=source)
    rows = _rows(text, source)
    if rows and _is_head(rows[0]):
        rows = rows[1:]
    if not rows:
        raise InputError(f"{source}: there is no term in it", _FORM)
    return Glossary(_entries(rows, source), file.name.encode("utf-8", "backslashreplace").decode("utf-8"))


def _rows(text: str, source: str) -> list[_Row]:
    lines = [
        (number, unicodedata.normalize("NFC", line))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    delimiter = _delimiter([line for _, line in lines])
    try:
        return [_Row(n, tuple(c.strip() for c in _columns(line, delimiter))) for n, line in lines]
    except csv.Error as error:
        raise InputError(f"{source}: cannot be read as CSV: {error}", _FORM) from error


def _columns(line: str, delimiter: str) -> Sequence[str]:
    # In TSV quotation marks are part of the text.
    return line.split("\t") if delimiter == "\t" else next(csv.reader([line], delimiter=delimiter), [])


def _delimiter(lines: Sequence[str]) -> str:
    """Return what stands in most lines; a tab, where there is one, before all else."""
    counts = {delimiter: sum(delimiter in line for line in lines) for delimiter in _DELIMITERS}
    return "\t" if counts["\t"] else max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


def _is_head(row: _Row) -> bool:
    heads = [column.casefold() for column in row.columns[:2]]
    return len(heads) == 2 and heads[0] in _FRENCH and heads[1] in _ENGLISH


def _entries(rows: Sequence[_Row], source: str) -> tuple[Entry, ...]:
    found: dict[str, tuple[Entry, int]] = {}
    for row in rows:
        entry = _entry(row, source)
        before = found.setdefault(entry.french, (entry, row.line))
        if before[0] != entry:
            raise InputError(
                f"{source}: line {row.line}: “{entry.french}” has another translation in line {before[1]}",
                f"Put both into one line, parted by {_OR}: the first is used, each is accepted.",
            )
    return tuple(entry for entry, _ in found.values())


def _entry(row: _Row, source: str) -> Entry:
    french, english = (*row.columns, "", "")[:2]
    accepted = tuple(dict.fromkeys(one for part in english.split(_OR) if (one := " ".join(part.split()))))
    if not any(map(str.isalnum, french)) or not accepted:
        raise InputError(f"{source}: line {row.line}: {'no English' if french else 'no French'}", _FORM)
    if max(len(french), *map(len, accepted)) > MOST_CHARACTERS:
        raise InputError(
            f"{source}: line {row.line}: longer than {MOST_CHARACTERS} characters",
            "A glossary holds terms; whole sentences are for the translation memory (fr2en memory import).",
        )
    return Entry(" ".join(french.split()), accepted)
