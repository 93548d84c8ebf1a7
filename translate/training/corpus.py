"""Readers of parallel text: TSV, Moses pairs and TMX, plain or compressed, always streamed."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import IO

from translate.errors import InputError
from translate.read import unreadable
from translate.read.tmx import read_tmx

_COMPRESSED = (".gz", ".xz")


@dataclass(frozen=True)
class CorpusFile:
    """A file of pairs; with ``english``, the French half of a Moses pair. ``name`` overrides the source's."""

    path: Path
    english: Path | None = None
    name: str = ""

    @property
    def source(self) -> str:
        """The source's name, for weights and counts: the file's without endings, unless one was given."""
        if self.name:
            return self.name
        plain = self.path.with_suffix("") if self.path.suffix in _COMPRESSED else self.path
        return plain.stem


@dataclass(frozen=True)
class Pair:
    """A line of French and its English, at ``line`` (TMX: unit) of ``file``; ``name`` is its source's."""

    name: str
    french: str
    english: str
    file: str = ""
    line: int = 0


def read_pairs(corpus: CorpusFile) -> Iterator[Pair]:
    """Yield the pairs of a file, in order, unfiltered.

    The format follows the name: ``.tmx``, else TSV (French, English; or source, French, English), after
    ``.gz`` or ``.xz`` is taken off. Raises InputError, with file and line, for a file that cannot be read,
    is not UTF-8, has lines of other than two or three columns, or (Moses) sides of different length. A TMX
    unit without both languages is yielded with the missing side empty, for the filter to count.
    """
    if corpus.english is not None:
        yield from _moses(corpus, corpus.english)
    elif (corpus.path.with_suffix("") if corpus.path.suffix in _COMPRESSED else corpus.path).suffix == ".tmx":
        yield from _tmx(corpus)
    else:
        yield from _tsv(corpus)


def check(corpus: CorpusFile) -> None:
    """Raise InputError where a file cannot be opened; pipes are left alone, for opening one may use it up."""
    for path in (corpus.path, corpus.english):
        if path is not None and not path.is_fifo():
            _open(path).close()


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file, plain or compressed, with their numbers from 1; raises InputError."""
    number, opened = 0, _open(path)
    try:
        with opened as stream:
            for number, raw in enumerate(stream, 1):
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                yield number, text.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {number}: not UTF-8 ({error.reason})", "Convert the corpus to UTF-8."
        ) from error
    except (OSError, EOFError, lzma.LZMAError) as error:
        where = f"{path}, after line {number}" if number else f"{path}"
        raise InputError(f"{where}: {error}", "Check that the file is whole.") from error


def _open(path: Path) -> IO[bytes]:
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rb")  # type: ignore[return-value]
        if path.suffix == ".xz":
            return lzma.open(path, "rb")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _tsv(corpus: CorpusFile) -> Iterator[Pair]:
    for number, line in read_lines(corpus.path):
        columns = line.split("\t")
        if len(columns) == 2:
            yield Pair(corpus.source, columns[0], columns[1], str(corpus.path), number)
        elif len(columns) == 3:
            yield Pair(corpus.name or columns[0], columns[1], columns[2], str(corpus.path), number)
        else:
            raise InputError(
                f"{corpus.path}, line {number}: {len(columns)} columns instead of two or three",
                "A line holds French, a tab and English; or a source's name before them.",
            )


def _moses(corpus: CorpusFile, english: Path) -> Iterator[Pair]:
    for french, other in zip_longest(read_lines(corpus.path), read_lines(english)):
        if french is None or other is None:
            shorter, longer = (corpus.path, english) if french is None else (english, corpus.path)
            line = (other if french is None else french)[0]
            raise InputError(
                f"{shorter} ends before line {line} of {longer}",
                "The two files of a Moses pair hold one line for each other's.",
            )
        yield Pair(corpus.source, french[1], other[1], str(corpus.path), french[0])


def _tmx(corpus: CorpusFile) -> Iterator[Pair]:
    with _open(corpus.path) as stream:
        for unit in read_tmx(stream, str(corpus.path)):
            yield Pair(corpus.source, _line(unit.french), _line(unit.english), str(corpus.path), unit.number)


def _line(text: str) -> str:
    return " ".join(text.split())
