"""Where a batch reads and writes: folders of this machine; :mod:`translate.batch.objects` has the others."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from translate.batch.jobs import Found, Stamp
from translate.batch.names import Selection, is_hidden, shown
from translate.errors import InputError, OutputError
from translate.write.atomic import write_stream

#: How the temporary files begin that :mod:`translate.write.atomic` writes before it puts them in place.
UNFINISHED = ".fr2en-*.tmp"


#: Why a link leads nowhere: dangling, gone already, or round in circles.
_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


#: Endings of other files that are told apart: where names hold dots and numbers, every file has one of its own.
MOST_ENDINGS = 1000


class Folder(Protocol):
    """A tree of files with names relative to its root, parts joined by "/"."""

    def found(self, selection: Selection, others: Counter[str] | None = None) -> Iterator[Found]:
        """Yield the selected files in the order of their names; count the others by their ending."""
        ...

    def source(self, name: str) -> str:
        """Return where the file stands, for people to read."""
        ...

    def read(self, name: str) -> tuple[bytes, Stamp]:
        """Return a file's bytes and its stamp from before; raises FileNotFoundError, InputError."""
        ...

    def size(self, name: str) -> int | None:
        """Return a file's size in bytes, or None where there is no such file."""
        ...

    def stamp(self, name: str) -> Stamp | None:
        """Return what tells whether a file has changed, or None where there is no such file."""
        ...

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
        """Write a file whole or not at all, and return its stamp; raises OutputError."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file if it is there; raises OutputError."""
        ...

    def sweep(self, names: Iterable[str]) -> None:
        """Remove what a killed run left unfinished beside the files of these names."""
        ...


class LocalFolder:
    """A folder of this machine; ``without`` is a folder in it that is not looked into.

    Links to files are followed. Links to folders are, once each, where they lead out of the folder: what lies in it
    is found anyway, so no loop of links is walked.
    """

    def __init__(self, root: Path, without: Path | None = None) -> None:
        self.root = root
        self._without = without.resolve() if without is not None else None

    def found(self, selection: Selection, others: Counter[str] | None = None) -> Iterator[Found]:
        """Yield the selected files in the order of their names; count the others by their ending.

        A folder that cannot be listed is yielded as a name that ends in "/": reading it tells why. Only the names of
        one folder a level are held at a time.
        """
        try:
            state = self.root.stat()
        except OSError as error:
            raise InputError(f"{self.root}: cannot be read: {error.strerror}", "Check the path.") from error
        if not stat.S_ISDIR(state.st_mode):
            raise InputError(f"{self.root}: is no folder", "Translate a single file with 'fr2en translate'.")
        counts: Counter[str] = Counter() if others is None else others
        try:
            open_folders = [("", self._names(""))]
        except OSError as error:
            raise InputError(f"{self.root}: cannot be read: {error.strerror}", "Check the path.") from error
        seen = {(state.st_dev, state.st_ino)}
        while open_folders:
            folder, names = open_folders[-1]
            if not names:
                open_folders.pop()
                continue
            name = f"{folder}{names.pop()}"
            found = self._found(name, selection, counts)
            if found is not None:
                yield found
            elif self._is_entered(name, selection, seen):
                try:
                    open_folders.append((f"{name}/", self._names(name)))
                except OSError:
                    yield Found(f"{name}/", Stamp(0, 0))

    def _names(self, folder: str) -> list[str]:
        """Return the names in a folder, the first one last."""
        return sorted(os.listdir(self.root / folder), reverse=True)  # noqa: PTH208 (a path for each takes ten times the memory)

    def _found(self, name: str, selection: Selection, others: Counter[str]) -> Found | None:
        """Return a file that is taken, or what cannot be looked at; count another file."""
        try:
            state = (self.root / name).stat()
        except OSError as error:
            if selection.takes(name) and error.errno not in _NOWHERE:
                return Found(name, Stamp(0, 0))
            if selection.takes(name):
                others["links that lead nowhere"] += 1
            elif error.errno not in _NOWHERE and not PurePosixPath(name).suffix and selection.enters(name):
                return Found(f"{name}/", Stamp(0, 0))  # for all that can be seen, a folder
            return None
        if stat.S_ISDIR(state.st_mode):
            return None
        if not stat.S_ISREG(state.st_mode):  # a pipe would be waited for for ever
            if selection.takes(name):
                others["pipes and devices"] += 1
        elif selection.takes(name):
            return Found(name, _stamp(state))
        elif not is_hidden(name):
            ending = PurePosixPath(name).suffix.lower() or "no ending"
            others[ending if ending in others or len(others) < MOST_ENDINGS else "other endings"] += 1
        return None

    def _is_entered(self, name: str, selection: Selection, seen: set[tuple[int, int]]) -> bool:
        """Tell whether this is a folder to look into, and note that it is being looked into."""
        path = self.root / name
        try:
            state = path.stat()
            if not stat.S_ISDIR(state.st_mode) or not selection.enters(name):
                return False
            key = (state.st_dev, state.st_ino)
            if key in seen or (path.is_symlink() and self._is_inside(path)) or self._is_left_out(path):
                return False
        except OSError:
            return False
        seen.add(key)
        return True

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def _is_left_out(self, path: Path) -> bool:
        return self._without is not None and path.resolve().is_relative_to(self._without)

    def source(self, name: str) -> str:
        """Return where the file stands, for people to read: as :func:`translate.read.read_document` names it."""
        return str(self.root / name).encode("utf-8", "backslashreplace").decode("utf-8")

    def read(self, name: str) -> tuple[bytes, Stamp]:
        """Return a file's bytes and its stamp from before; raises FileNotFoundError, InputError."""
        try:
            with (self.root / name).open("rb") as file:
                stamp = _stamp(os.fstat(file.fileno()))
                return file.read(), stamp
        except FileNotFoundError:
            raise
        except OSError as error:
            what = f"{shown(self.source(name))}: cannot be read: {error.strerror}"
            raise InputError(what, "See its permissions and the disk.") from error

    def size(self, name: str) -> int | None:
        """Return a file's size in bytes, or None where there is no such file."""
        found = self.stamp(name)
        return found.size if found else None

    def stamp(self, name: str) -> Stamp | None:
        """Return a file's size (-1 for what is none, such as a link) and time, or None where there is no such file."""
        try:
            state = (self.root / name).lstat()
        except OSError:
            return None
        return _stamp(state) if stat.S_ISREG(state.st_mode) else Stamp(-1, 0)

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
        """Write a file whole or not at all, and return its stamp.

        Raises OutputError, also where a link would lead out of the folder.
        """
        path = self.root / name
        try:
            self._refuse_links(path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink():
                raise OutputError(f"{shown(str(path))}: is a link", "Remove it: outputs are files of their own.")
        except OSError as error:
            raise _unwritable(path, error) from error
        write_stream(chunks, path, force=force)
        return self.stamp(name) or Stamp(-1, 0)

    def _refuse_links(self, parent: Path) -> None:
        real = parent.resolve()
        if not real.is_relative_to(self.root.resolve()):
            raise OutputError(
                f"{shown(str(parent))}: a link leads out of the folder, to {shown(str(real))}",
                "Remove the link: nothing is written outside the output folder.",
            )

    def remove(self, name: str) -> None:
        """Remove a file if it is there; raises OutputError."""
        path = self.root / name
        try:
            self._refuse_links(path.parent)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error

    def sweep(self, names: Iterable[str]) -> None:
        """Remove what a killed run left unfinished beside the files of these names."""
        for parent in {(self.root / name).parent for name in names}:
            if parent.is_dir():
                self._refuse_links(parent)
                for path in parent.glob(UNFINISHED):
                    path.unlink(missing_ok=True)


def _stamp(state: os.stat_result) -> Stamp:
    return Stamp(state.st_size, state.st_mtime_ns)


def _unwritable(path: Path, error: OSError) -> OutputError:
    if error.errno == errno.ENAMETOOLONG:
        what = f"{shown(str(path))}: cannot be written: the name is too long"
        return OutputError(what, "Give the French file a shorter name: the English one is longer by a few letters.")
    what = f"{shown(str(path))}: cannot be written: {error.strerror or error}"
    return OutputError(what, "Check the output folder and the disk.")
