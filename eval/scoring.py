"""Translations in files, made elsewhere: reading them in step with their references."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.suites import Line, Suite
from eval.suites.texts import read_parallel
from translate.errors import InputError, UsageError


def scored_files(
    hypotheses: Sequence[Path], references: Sequence[Path], source: Path | None = None
) -> tuple[list[tuple[str, tuple[str, ...]]], Suite]:
    """Return the systems (file name, lines) and the suite that these files make, line by line.

    Lines blank in every file part paragraphs, and are left out and counted; a line blank in a file of hypotheses alone
    is an empty translation. Raises InputError where counts differ (naming both) or a reference is empty,
    UsageError for no files.
    """
    if not hypotheses or not references:
        raise UsageError("nothing to score", "give a file of translations and one of references")
    count = len(hypotheses)
    given = (source,) if source else ()
    lines, texts = [], []
    rows, blank = read_parallel((*hypotheses, *given, *references), count + len(given))
    for number, row in rows:
        french = row[count] if source else ""
        wanted = tuple(text for text in row[count + len(given) :] if text)
        lines.append(Line(str(number), french, wanted))
        texts.append(row[:count])
    systems = [(_name(path, hypotheses), tuple(row[i] for row in texts)) for i, path in enumerate(hypotheses)]
    return systems, Suite(references[0].stem, tuple(lines), origin=", ".join(map(str, references)), blank=blank)


def judged_files(hypotheses: Path, source: Path, references: Sequence[Path] = ()) -> tuple[str, tuple[str, ...], Suite]:
    """Return the system's name, its lines, and the suite of their French with such references as there are.

    Raises InputError where counts differ or a line has no French.
    """
    lines, texts = [], []
    rows, blank = read_parallel((hypotheses, source, *references), 0)
    for number, (text, french, *wanted) in rows:
        if not french:
            raise InputError(f"{source}:{number}: the source is empty", "remove the line from every file")
        lines.append(Line(str(number), french, tuple(one for one in wanted if one)))
        texts.append(text)
    return hypotheses.name, tuple(texts), Suite(source.stem, tuple(lines), origin=str(source), blank=blank)


def _name(path: Path, others: Sequence[Path]) -> str:
    """Return the file's name, or its path where another file has the same name."""
    return path.name if sum(other.name == path.name for other in others) == 1 else str(path)
