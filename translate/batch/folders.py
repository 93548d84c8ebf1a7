"""Where a batch reads and writes: folders of this machine, and buckets of object stores."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from translate.batch.jobs import Found, Stamp
from translate.batch.names import Selection, shown
from translate.errors import InputError, OutputError, UsageError
from translate.write.atomic import write_stream

#: How the temporary files begin that :mod:`translate.write.atomic` writes before it puts them in place.
UNFINISHED = ".fr2en-*.tmp"


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

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> None:
        """Write a file whole or not at all; raises OutputError."""
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
        """Yield the selected files in the order of their names; count the others by their ending."""
        try:
            state = self.root.stat()
        except OSError as error:
            raise InputError(f"{self.root}: cannot be read: {error.strerror}", "Check the path.") from error
        if not stat.S_ISDIR(state.st_mode):
            raise InputError(f"{self.root}: is no folder", "Translate a single file with 'fr2en translate'.")
        yield from self._walk("", selection, others, {(state.st_dev, state.st_ino)})

    def _walk(
        self, folder: str, selection: Selection, others: Counter[str] | None, seen: set[tuple[int, int]]
    ) -> Iterator[Found]:
        try:
            with os.scandir(self.root / folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise InputError(f"{self.root}: cannot be read: {error.strerror}", "Check the path.") from error
            if others is not None:
                others[f"folders that cannot be read, such as {shown(folder)}"] += 1
            return
        for entry in listed:
            name = f"{folder}{entry.name}"
            try:
                state = entry.stat()
            except OSError:  # a dangling link, a loop of links, or gone already
                if selection.takes(name) and others is not None:
                    others["links that lead nowhere"] += 1
                continue
            if stat.S_ISDIR(state.st_mode):
                key = (state.st_dev, state.st_ino)
                inside = entry.is_symlink() and self._is_inside(name)
                if key not in seen and not inside and not self._left_out(name):
                    seen.add(key)
                    yield from self._walk(f"{name}/", selection, others, seen)
            elif not stat.S_ISREG(state.st_mode):
                continue  # a pipe would be waited for for ever
            elif selection.takes(name):
                yield Found(name, _stamp(state))
            elif others is not None and not entry.name.startswith("."):
                others[PurePosixPath(name).suffix.lower() or "no ending"] += 1

    def _is_inside(self, name: str) -> bool:
        return (self.root / name).resolve().is_relative_to(self.root.resolve())

    def _left_out(self, name: str) -> bool:
        return self._without is not None and (self.root / name).resolve() == self._without

    def source(self, name: str) -> str:
        """Return where the file stands, for people to read."""
        return str(self.root / name)

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
        try:
            state = (self.root / name).lstat()
        except OSError:
            return None
        return state.st_size if stat.S_ISREG(state.st_mode) else -1

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> None:
        """Write a file whole or not at all; raises OutputError, also where a link would lead out of the folder."""
        path = self.root / name
        try:
            self._refuse_links(path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink():
                raise OutputError(f"{shown(str(path))}: is a link", "Remove it: outputs are files of their own.")
        except OSError as error:
            raise _unwritable(path, error) from error
        write_stream(chunks, path, force=force)

    def _refuse_links(self, parent: Path) -> None:
        real = parent.resolve()
        if not real.is_relative_to(self.root.resolve()):
            raise OutputError(
                f"{shown(str(parent))}: a link leads out of the folder, to {real}",
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
    what = f"{shown(str(path))}: cannot be written: {error.strerror or error}"
    return OutputError(what, "Check the output folder and the disk.")


class ObjectFolder:
    """A prefix of an object store, such as ``s3://bucket/press``, through fsspec; an object appears whole or not."""

    def __init__(self, url: str, without: str = "") -> None:
        self.url = url.rstrip("/")
        self._files, self._root = _open(self.url)
        self._without = without

    def found(self, selection: Selection, others: Counter[str] | None = None) -> Iterator[Found]:
        """Yield the selected files in the order of their names; count the others by their ending."""
        self._files.invalidate_cache()
        try:
            listed = self._files.find(self._root, detail=True)
        except (OSError, ValueError) as error:
            raise InputError(f"{self.url}: cannot be listed: {error}", _CHECK) from error
        for path, info in sorted(listed.items()):
            name = path[len(self._root) :].lstrip("/")
            if not name or (self._without and f"{self.url}/{name}".startswith(f"{self._without}/")):
                continue
            if selection.takes(name):
                yield Found(name, _object_stamp(info))
            elif others is not None:
                others[PurePosixPath(name).suffix.lower() or "no ending"] += 1

    def source(self, name: str) -> str:
        """Return where the file stands, for people to read."""
        return f"{self.url}/{name}"

    def read(self, name: str) -> tuple[bytes, Stamp]:
        """Return a file's bytes and its stamp from before; raises FileNotFoundError, InputError."""
        path = f"{self._root}/{name}"
        try:
            stamp = _object_stamp(self._files.info(path))
            data: bytes = self._files.cat_file(path)
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:
            raise InputError(f"{self.source(name)}: cannot be read: {error}", _CHECK) from error
        return data, stamp

    def size(self, name: str) -> int | None:
        """Return a file's size in bytes, or None where there is no such file."""
        try:
            return int(self._files.info(f"{self._root}/{name}", refresh=True)["size"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise OutputError(f"{self.source(name)}: cannot be looked up: {error}", _CHECK) from error

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> None:
        """Write an object; raises OutputError."""
        if not force and self.size(name) is not None:
            raise OutputError(f"{self.source(name)}: is there already", "Replace it with --force.")
        try:
            self._files.pipe_file(f"{self._root}/{name}", b"".join(chunks))
        except (OSError, ValueError) as error:
            raise OutputError(f"{self.source(name)}: cannot be written: {error}", _CHECK) from error

    def remove(self, name: str) -> None:
        """Remove an object if it is there; raises OutputError."""
        try:
            self._files.rm_file(f"{self._root}/{name}")
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise OutputError(f"{self.source(name)}: cannot be removed: {error}", _CHECK) from error

    def sweep(self, names: Iterable[str]) -> None:
        """Do nothing: an object store shows no unfinished objects."""


_CHECK = "Check the address, the credentials and the network."


def _open(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{url}: object stores need an extra", "Install it: pip install 'fr2en[cloud]'.") from error
    try:
        files, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(f"{url}: {error}", "Install the extra: pip install 'fr2en[cloud]'.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{url}: cannot be opened: {error}", _CHECK) from error
    return files, root.rstrip("/")


def _object_stamp(info: dict[str, Any]) -> Stamp:
    tag = next((str(info[key]) for key in ("ETag", "etag", "md5Hash", "mtime", "LastModified") if info.get(key)), "")
    return Stamp(int(info.get("size") or 0), 0, tag)


def is_address(place: str) -> bool:
    """Tell the address of an object store (``s3://...``) from a folder of this machine."""
    return "://" in place
