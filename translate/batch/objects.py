"""Buckets of object stores, such as ``s3://bucket/press``, read and written through fsspec."""

from __future__ import annotations

import errno
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from translate.batch.jobs import Found, Stamp
from translate.batch.names import Selection, is_hidden, shown
from translate.errors import InputError, OutputError, UsageError
from translate.network import is_forbidden

#: Listings of output folders that are kept: those that a cluster's workers are likely to be busy with.
_SHELVES = 8

#: Seconds after which a listing is made again, so that a run of days sees what was removed meanwhile.
_STALE = 600.0

#: Seconds for which an object that was not there is taken as not there: a pool is looked up, and then written at once.
#: A look-up costs the processor as much as a write (7 ms of an AMD EPYC core, s3fs 2026.9).
_FRESH = 5.0

#: Objects of which that is remembered: more than a pool has files.
_MOST_ABSENT = 10_000

#: What an S3 store answers where no other object will fare better; its answers to a look-up have a number alone.
_HOPELESS = frozenset(
    "NoSuchBucket InvalidBucketName AllAccessDisabled AccountProblem InvalidAccessKeyId SignatureDoesNotMatch "
    "ExpiredToken InvalidToken TokenRefreshRequired RequestTimeTooSkewed".split()
)

_CHECK = "Check the address, the credentials and the network; the same command goes on from here."


@dataclass(frozen=True)
class _Shelf:
    """The stamps of the objects of one folder, and when they were listed."""

    stamps: dict[str, Stamp]
    listed: float


class ObjectFolder:
    """A prefix of an object store; an object appears whole or not. ``without`` is an address not looked into.

    Keys with "//", "." or ".." in them are no paths: they are counted as others, not read. What stands for the store
    (a bucket that is not there, credentials that ran out, no connection) is told apart from what stands for one
    object: it raises OutputError, while reading too, so that a run stops instead of failing every file.
    """

    def __init__(self, url: str, without: str = "") -> None:
        self.url = url.rstrip("/")
        self._files, self._root = _open(self.url)
        self._without = without.rstrip("/")
        self._latest: Found | None = None
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._absent: OrderedDict[str, float] = OrderedDict()

    def found(self, selection: Selection, others: Counter[str] | None = None) -> Iterator[Found]:
        """Yield the selected files in the order of their names; count the others by their ending.

        Only the names of one folder a level are held at a time. A folder that cannot be listed is yielded as a name
        that ends in "/": reading it tells why.
        """
        counts: Counter[str] = Counter() if others is None else others
        levels = [self._entries("")]
        while levels:
            if not levels[-1]:
                levels.pop()
                continue
            name, stamp = levels[-1].pop()
            if not _is_path(name):
                counts["keys that are no paths"] += 1
            elif stamp is None:
                if selection.enters(name) and f"{self.url}/{name}" != self._without:
                    try:
                        levels.append(self._entries(f"{name}/"))
                    except InputError:
                        yield Found(f"{name}/", Stamp(0, 0))
            elif selection.takes(name):
                self._latest = Found(name, stamp)
                yield self._latest
            elif not is_hidden(name):
                counts[PurePosixPath(name).suffix.lower() or "no ending"] += 1

    def _entries(self, folder: str) -> list[tuple[str, Stamp | None]]:
        """Return name and stamp of what is in a folder, the first one last; folders have no stamp."""
        path = f"{self._root}/{folder}".rstrip("/")
        try:
            listed = self._files.ls(path, detail=True)
        except FileNotFoundError as error:
            if folder:  # gone since it was seen
                return []
            what = f"{self.url}: there is nothing: {_told(error, path)}"
            raise InputError(what.removesuffix(": "), "Check the address, and who may list it.") from error
        except Exception as error:  # each store's library has a tree of errors of its own
            raise InputError(f"{self.source(folder)}: cannot be listed: {_told(error)}", _CHECK) from error
        if not folder and [info["name"] for info in listed] == [path] and listed[0]["type"] == "file":
            raise InputError(f"{self.url}: is no folder", "Translate a single file with 'fr2en translate'.")
        start = len(self._root) + 1
        entries = [(info["name"][start:], _stamp(info) if info["type"] == "file" else None) for info in listed]
        # The folder itself is an object where a person made it in a console.
        return sorted(((n, s) for n, s in entries if n and n != folder.rstrip("/")), key=lambda e: e[0], reverse=True)

    def source(self, name: str) -> str:
        """Return where the file stands, for people to read."""
        return f"{self.url}/{shown(name)}"

    def read(self, name: str) -> tuple[bytes, Stamp]:
        """Return a file's bytes and its stamp from before; raises FileNotFoundError, InputError, OutputError.

        The stamp of the file found last is that of the listing, which spares a request; should the object have
        changed since, it is older than the bytes, and the next run looks again.
        """
        path = f"{self._root}/{name}"
        latest = self._latest
        try:
            stamp = latest.stamp if latest and latest.name == name else _stamp(self._files.info(path.rstrip("/")))
            data: bytes = self._files.cat_file(path)
        except Exception as error:
            if isinstance(error, FileNotFoundError) and not _is_hopeless(error):
                raise
            if _is_hopeless(error) or (isinstance(error, PermissionError) and self._is_closed()):
                raise self._out_of_reach(error) from _hopeless(error)
            raise InputError(f"{self.source(name)}: cannot be read: {_told(error)}", _CHECK) from error
        return data, stamp

    def _is_closed(self) -> bool:
        """Tell whether the store refuses everything: what it says of one object does not tell."""
        try:
            self._files.ls(self._root, detail=False)
        except Exception:
            return True
        return False

    def size(self, name: str) -> int | None:
        """Return a file's size in bytes, or None where there is no such file; raises OutputError."""
        found = self.stamp(name)
        return found.size if found else None

    def stamp(self, name: str) -> Stamp | None:
        """Return a file's size and entity tag, or None where there is no such file; raises OutputError.

        What the listing of its folder shows is there; what it does not show is asked for, since it may have come, but
        not twice within seconds.
        """
        if shown(name) != name:
            what = f"{self.source(name)}: cannot be there: the name is no UTF-8, which object stores ask for"
            raise OutputError(what, "Rename the French file.")
        folder, _, _ = name.rpartition("/")
        known = self._shelf(folder).stamps.get(name)
        if known is not None:
            return known
        if time.monotonic() - self._absent.get(name, -_FRESH) < _FRESH:
            return None
        found = self._asked(name)
        if found is None:
            self._absent[name] = time.monotonic()
            while len(self._absent) > _MOST_ABSENT:
                self._absent.popitem(last=False)
        return found

    def _asked(self, name: str) -> Stamp | None:
        try:
            info = self._files.info(f"{self._root}/{name}")
        except FileNotFoundError as error:
            if _is_hopeless(error):
                raise self._out_of_reach(error) from _hopeless(error)
            return None
        except Exception as error:
            if _is_hopeless(error):
                raise self._out_of_reach(error) from _hopeless(error)
            raise OutputError(f"{self.source(name)}: cannot be looked up: {_told(error)}", _CHECK) from error
        return _stamp(info) if info["type"] == "file" else None

    def _shelf(self, folder: str) -> _Shelf:
        """Return the listing of a folder, made anew where it is not at hand or old."""
        shelf = self._shelves.get(folder)
        if shelf is None or time.monotonic() - shelf.listed > _STALE:
            try:
                listed = self._files.ls(f"{self._root}/{folder}".rstrip("/"), detail=True)
            except Exception as error:
                if _is_hopeless(error):
                    raise self._out_of_reach(error) from _hopeless(error)
                listed = []  # not there yet, or not to be listed: every object is then asked for
            start = len(self._root) + 1
            stamps = {info["name"][start:]: _stamp(info) for info in listed if info["type"] == "file"}
            shelf = _Shelf(stamps, time.monotonic())
            self._shelves[folder] = shelf
            while len(self._shelves) > _SHELVES:
                self._shelves.popitem(last=False)
        self._shelves.move_to_end(folder)
        return shelf

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
        """Write an object, and return its stamp, without a tag where the store does not tell it; raises OutputError."""
        if not force and self.size(name) is not None:
            raise OutputError(f"{self.source(name)}: is there already", "Replace it with --force.")
        data = b"".join(chunks)
        self._forget(name)
        try:
            answer = self._files.pipe_file(f"{self._root}/{name}", data)
        except Exception as error:
            # Who may not write one object of a bucket may write none: said once instead of ten million times.
            if _is_hopeless(error) or isinstance(error, PermissionError):
                raise self._out_of_reach(error) from _hopeless(error)
            raise OutputError(f"{self.source(name)}: cannot be written: {_told(error)}", _CHECK) from error
        stamp = replace(_stamp(answer if isinstance(answer, dict) else {}), size=len(data))
        shelf = self._shelves.get(name.rpartition("/")[0])
        if shelf is not None:
            shelf.stamps[name] = stamp
        return stamp

    def _forget(self, name: str) -> None:
        self._absent.pop(name, None)
        shelf = self._shelves.get(name.rpartition("/")[0])
        if shelf is not None:
            shelf.stamps.pop(name, None)

    def remove(self, name: str) -> None:
        """Remove an object if it is there; raises OutputError."""
        self._forget(name)
        try:
            self._files.rm_file(f"{self._root}/{name}")
        except FileNotFoundError:
            return
        except Exception as error:
            raise OutputError(f"{self.source(name)}: cannot be removed: {_told(error)}", _CHECK) from error

    def sweep(self, names: Iterable[str]) -> None:
        """Do nothing: an object store shows no unfinished objects."""

    def _out_of_reach(self, error: Exception) -> OutputError:
        return OutputError(f"{self.url}: cannot be used: {_told(error)}", _CHECK)


def is_address(place: str) -> bool:
    """Tell the address of an object store (``s3://...``) from a folder of this machine."""
    return "://" in place


def _open(url: str) -> tuple[Any, str]:
    if is_forbidden() and url.partition("://")[0] not in ("file", "local", "memory"):
        raise UsageError(
            f"{url}: is on the network, and --offline forbids every connection",
            "Leave out --offline (and FR2EN_OFFLINE), or copy the files here.",
        )
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{url}: object stores need an extra", "Install it: pip install 'fr2en[cloud]'.") from error
    try:
        # Without fsspec's own cache of listings, which grows by every folder that was looked into; and each object
        # read by one request, where s3fs would first ask for its size, and could then mix two versions of it.
        options = {"max_concurrency": 1} if url.startswith(("s3://", "s3a://")) else {}
        files, root = fsspec.core.url_to_fs(url, use_listings_cache=False, **options)
    except ImportError as error:
        raise UsageError(f"{url}: {error}", "For s3://, install the extra: pip install 'fr2en[cloud]'.") from error
    except Exception as error:
        raise UsageError(
            f"{url}: cannot be opened: {_told(error)}", "Give an address such as s3://BUCKET/FOLDER."
        ) from error
    return files, root.rstrip("/")


def _is_path(name: str) -> bool:
    return not any(part in ("", ".", "..") for part in name.split("/"))


def _is_hopeless(error: Exception) -> bool:
    """Tell whether an error stands for the whole store: an answer that says so, or none at all.

    A store's answers come as errors of the operating system; what is none of these (botocore's, aiohttp's) means that
    there was no connection or nothing to sign a request with.
    """
    response = getattr(error.__cause__, "response", None) or getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code")) in _HOPELESS
    return isinstance(error, (ConnectionError, TimeoutError)) or not isinstance(error, (OSError, ValueError))


def _hopeless(error: Exception) -> OSError:
    """Return the cause by which :mod:`translate.batch.run` knows what no other file will fare better with."""
    return OSError(errno.EIO, str(error))


def _told(error: Exception, path: str = "") -> str:
    text = str(error)
    return "" if text == path else text.rstrip(".") or type(error).__name__


def _stamp(info: dict[str, Any]) -> Stamp:
    tag = next((str(info[key]) for key in ("ETag", "etag", "md5Hash", "mtime", "LastModified") if info.get(key)), "")
    return Stamp(int(info.get("size") or 0), 0, tag)
