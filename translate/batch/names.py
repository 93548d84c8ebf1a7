"""Which files of a folder are taken, and what their outputs are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from translate.errors import OutputError
from translate.read import READERS, input_format
from translate.write import ENDINGS


@dataclass(frozen=True)
class Selection:
    """Globs on a file's name or its path in the folder; nothing included: every ending that a reader has."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def enters(self, folder: str) -> bool:
        """Tell whether a file that is taken may lie below the folder."""
        if any(glob.endswith("*") and fnmatchcase(f"{folder}/", glob) for glob in self.exclude):
            return False
        return not is_hidden(folder) or any(map(_dotted, self.include))

    def takes(self, name: str) -> bool:
        """Tell whether the file is taken: hidden ones, and the parts of a saved page, only where a glob takes them."""
        if any(_matches(name, glob) for glob in self.exclude):
            return False
        if self.include:
            return any(_matches(name, glob) and (not is_hidden(name) or _dotted(glob)) for glob in self.include)
        return not is_hidden(name) and PurePosixPath(name).suffix.lower() in _READABLE and not _is_part(name)


#: What the folders end in where browsers put the advertisements and frames of a page that they save.
_PARTS = ("_files", "_fichiers")
_READABLE = frozenset(ending for reader in READERS.values() for ending in reader.endings if ending)


def _is_part(name: str) -> bool:
    return input_format(name) == "html" and any(folder.endswith(_PARTS) for folder in name.split("/")[:-1])


def _matches(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or fnmatchcase(name.rpartition("/")[2], glob)


def is_hidden(name: str) -> bool:
    """Tell whether a file, or a folder on the way to it, has a name that begins with a dot."""
    return any(part.startswith(".") for part in name.split("/"))


def _dotted(glob: str) -> bool:
    return any(part.startswith(".") for part in glob.split("/"))


def output_names(name: str, formats: Sequence[str], read_as: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return (format, name) of every output of the file ``name``; without ``formats``, its own format, of a page text.

    In its own format ``press/a.txt`` becomes ``press/a.en.txt``; in another the ending is added, because
    ``a.txt`` and ``a.md`` may stand side by side: ``press/a.txt.en.json``. Raises InputError for a file of a
    format that no reader knows.
    """
    own = read_as or input_format(name)
    return tuple((format_, _output_name(name, format_)) for format_ in formats or (READERS[own].layout,))


def _output_name(name: str, format_: str) -> str:
    suffix = PurePosixPath(name).suffix
    if ENDINGS.get(suffix.lower()) == format_:
        return f"{name[: len(name) - len(suffix)]}.en{suffix}"
    return f"{name}.en{next(ending for ending, known in ENDINGS.items() if known == format_)}"


def shown(name: str) -> str:
    """Return a file's name for people and JSON to read: bytes that are no UTF-8 as ``\\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def claimed_twice(name: str, output: str, other: str) -> OutputError:
    """Return the error for a file whose output is that of another file."""
    return OutputError(
        f"{shown(name)}: its output {shown(output)} is that of {shown(other)} too",
        "Rename one of the two, or choose another format with --to.",
    )
