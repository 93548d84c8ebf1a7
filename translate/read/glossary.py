"""A glossary's file: TSV or CSV, French first, as spreadsheets and other translation tools write them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.errors import InputError
from translate.glossary import Entry, Glossary
from translate.read import unreadable
from translate.read.decoding import decode

#: What parts the columns: tabs, and what spreadsheets of English and French systems put into CSV.
_DELIMITERS = ("\t", ";", ",")
#: Heads of columns, which some tools write.
_FRENCH = frozenset("fr|fr-fr|french|french term|français|francais|source|source term|terme source|terme".split("|"))
_ENGLISH = frozenset("en|en-gb|en-us|english|english term|anglais|target|target term|terme cible|traduction".split("|"))
#: Parts translations of one term that are all accepted.
_OR = "|"
#: More text than one file of terms holds, in bytes; it is searched for in every sentence.
MOST_BYTES = 20_000_000
#: A term longer than this is a sentence, and for the translation memory.
MOST_CHARACTERS = 200
#: More terms than any house style has; each is looked for in every sentence.
MOST_TERMS = 20_000
#: Spaces that word processors put in, and what is not seen at all.
_PLAIN = str.maketrans(
    {**dict.fromkeys("\u00a0\u202f", " "), **dict.fromkeys("\u200b\u2060\ufeff\u00ad")},
)
#: What the French is searched without: the English is written as it stands, an emoji of several joined ones too.
_FRENCH_PLAIN = str.maketrans({**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("\u200c\u200d")})
_QUOTED = re.compile('^"(.*)"$')
_UNQUOTED = "What begins with a quotation mark must end with one; within, each is written twice."
_FORM = "A line is a French term, a tab (or ; or ,) and its English; several that are right are parted by |."


@dataclass(frozen=True)
class _Row:
    """A line of the file, counted from 1, and its columns."""

    line: int
    columns: tuple[str, ...]


def read_glossary(path: str | Path) -> Glossary:
    """Read a glossary from TSV or CSV: the French term, its English, and what else there may be, left unread.

    Blank lines, lines that begin with # and a space, and a first line of heads are passed over. Raises InputError for a
    file that cannot be read, and, with the line, for a line without English and a term with two translations.
    """
    file = Path(path)
    source = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(file, error, folder="Give a glossary: TSV or CSV.") from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{source}: is larger than {MOST_BYTES // 10**6} MB", f"A glossary holds terms. {_FORM}")
    text, _ = decode(data, source=source)
    rows = _rows(text, source)
    if rows and _is_head(rows[0]):
        rows = rows[1:]
    if not rows:
        raise InputError(f"{source}: there is no term in it", _FORM)
    if len(rows) > MOST_TERMS:
        raise InputError(f"{source}: {len(rows):,} terms, more than {MOST_TERMS:,}", "Give those that you need.")
    return Glossary(_entries(rows, source), file.name.encode("utf-8", "backslashreplace").decode("utf-8"))


def _rows(text: str, source: str) -> list[_Row]:
    text = unicodedata.normalize("NFC", text).translate(_PLAIN).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    delimiter = _delimiter([line for line in lines if not _is_remark(line)])
    try:
        read = _tabbed(lines) if delimiter == "\t" else _quoted(lines, delimiter)
        return [_Row(number, tuple(" ".join(cell.split()) for cell in cells)) for number, cells in read]
    except csv.Error as error:
        raise InputError(f"{source}: {error}", _UNQUOTED) from error


def _is_remark(line: str) -> bool:
    """Tell a blank line, a remark, and what Excel says of its own delimiter; not « #MeToo »."""
    line = line.strip()
    return not line or line == "#" or line.startswith(("# ", "#\t")) or line.lower().startswith("sep=")


def _tabbed(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the cells of each line; those that a spreadsheet quoted are unquoted, other quotation marks are text."""
    for number, line in enumerate(lines, 1):
        if not _is_remark(line):
            yield number, [_QUOTED.sub(lambda cell: cell[1].replace('""', '"'), cell) for cell in line.split("\t")]


def _quoted(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of CSV; a cell may have several lines. Raises csv.Error with the line where a bad row begins."""
    kept = ((number, line) for number, line in enumerate(lines, 1) if not _is_remark(line))
    first, at = 0, 0

    def feed() -> Iterator[str]:
        nonlocal first, at
        for number, line in kept:
            first, at = first or number, number
            yield f"{line}\n"

    try:
        # Strict, or a quotation mark that is not closed takes all that follows into its cell.
        for cells in csv.reader(feed(), delimiter=delimiter, skipinitialspace=True, strict=True):
            yield at, cells
            first = 0
    except csv.Error as error:
        raise csv.Error(f"line {first}: cannot be read as CSV: {error}") from error


def _delimiter(lines: Sequence[str]) -> str:
    """Return what stands in most lines, at their ends aside; a tab, where most have one, before all else."""
    counts = {delimiter: sum(delimiter in line.strip(f" {delimiter}") for line in lines) for delimiter in _DELIMITERS}
    return "\t" if counts["\t"] * 2 > len(lines) else max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


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
    french = french.translate(_FRENCH_PLAIN)
    accepted = tuple(dict.fromkeys(one for part in english.split(_OR) if (one := part.strip())))
    if any(unicodedata.category(character) == "Cc" for character in french + english):
        raise InputError(f"{source}: line {row.line}: holds a control character", "Write the term anew.")
    if not any(map(str.isalnum, french)) or not accepted:
        lacking = "no French" if not french else "no English" if not accepted else "no letter or digit in the French"
        raise InputError(f"{source}: line {row.line}: {lacking}", _FORM)
    if max(len(french), *map(len, accepted)) > MOST_CHARACTERS:
        raise InputError(
            f"{source}: line {row.line}: longer than {MOST_CHARACTERS} characters",
            "A glossary holds terms; whole sentences are for the translation memory (fr2en memory import).",
        )
    return Entry(french, accepted)
