"""The SQLite file of a translation memory: made, opened and refused."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from translate.errors import Fr2enError, InputError, OutputError

#: Tells our files from those of other programs; "fr2m", at the place that SQLite keeps for this (bytes 68 to 71).
APPLICATION_ID = int.from_bytes(b"fr2m", "big")

#: Raised when the tables, or what an entry holds, change.
SCHEMA = 1

#: Seconds to wait for another process that writes.
PATIENCE = 30

#: Seconds that SQLite waits by itself, deaf to signals: Ctrl-C is heard in between.
_DEAF = 0.2

_MAGIC = b"SQLite format 3\0"
_ID = slice(68, 72)

#: Where the first page counts the changes of the tables: 0 in a file that never had any, such as one whose making
#: was cut short, or is going on in another process.
_CHANGES = slice(40, 44)

_ANOTHER = "Name another file for the translation memory; this one was left as it is."

#: ``used`` is in milliseconds since 1970. The index on it serves eviction and statistics, which so need not read
#: the texts.
_TABLES = (
    "CREATE TABLE contexts (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, description TEXT NOT NULL)",
    "CREATE TABLE entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, context INTEGER NOT NULL, "
    "used INTEGER NOT NULL, hits INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL)",
    "CREATE INDEX entries_use ON entries (used, id, context, hits)",
    "CREATE TABLE approved (key BLOB PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, "
    "used INTEGER NOT NULL, hits INTEGER NOT NULL DEFAULT 0)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA}",
)

_DAMAGED = (
    "Put back a copy of it, or recover what is left with: sqlite3 FILE .recover. If no approved translations "
    "are in it, it may be deleted: it is filled again as you translate."
)


class Connection(sqlite3.Connection):
    """A connection that waits ``patience`` seconds for another process that writes, and hears Ctrl-C meanwhile."""

    patience: float = PATIENCE

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:  # type: ignore[override, unused-ignore]
        """Run a statement as soon as no other process is in its way."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return super().execute(statement, parameters)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)  # switching to WAL fails at once


def connect(path: Path, *, create: bool) -> Connection:
    """Open the memory in ``path``; make it, readable by its owner alone, if it is not there and ``create`` is set.

    The connection is in autocommit mode and may be shared by threads that take turns. Raises InputError for
    what is no memory, or is damaged or newer, OutputError for what may not be written; such a file stays as it
    was.
    """
    _inspect(path, create=create)
    with explained(path):
        connection = sqlite3.connect(
            path, timeout=_DEAF, isolation_level=None, check_same_thread=False, factory=Connection
        )
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite complains of into what it means for the file ``path`` and what to try."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a mistake of the caller's, such as a memory used after it was closed
        raise
    except sqlite3.Error as error:
        raise _explanation(path, str(error)) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        raise


def damaged(path: Path, what: str) -> InputError:
    """Return the error for a memory with content that fr2en did not write."""
    return InputError(f"{path}: the translation memory is damaged ({what})", _DAMAGED)


def size_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the bytes of the database's pages in use, and of all its pages."""
    page, count, free = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_size", "page_count", "freelist_count")
    )
    return (count - free) * page, count * page


def _inspect(path: Path, *, create: bool) -> None:
    """Refuse, before SQLite touches it, what is no memory; make an empty file where there is none."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not create:
            raise InputError(
                f"{path}: there is no such translation memory", "Check the path; 'fr2en memory import' makes one."
            ) from None
        _make(path)
        return
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened: {error}", "Check the path.") from error
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a file"
        raise InputError(f"{path}: is {what}", f"Name a file, e.g. {path / 'memory.db'}." if what == "a folder" else "")
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", "Check whose file it is.") from error
    if head and not head.startswith(_MAGIC):
        raise InputError(f"{path}: is no translation memory (not an SQLite file)", _ANOTHER)
    if int.from_bytes(head[_ID], "big") != APPLICATION_ID and any(head[_ID] + head[_CHANGES]):
        raise _foreign(path)
    if not os.access(path, os.W_OK):
        raise OutputError(f"{path}: may not be written", "It is read-only: work on a copy of it.")


def _make(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}", "Create it first, or check the path.")
    try:
        # Readable by its owner alone, and so are the files that SQLite puts beside it: they hold the texts.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass  # another process was faster
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be made: {error.strerror}", "Check the folder, the name and the disk."
        ) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last entries, never the file
    connection.execute("PRAGMA cache_size = -16000")  # KiB
    connection.execute("PRAGMA journal_size_limit = 16000000")
    if _version(connection) == 0:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # must come before the first table
        # The tables are made before the file is switched to WAL, so that its first page always tells what it is.
        with transaction(connection):
            if _version(connection) == 0:  # else another process was faster
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise _foreign(path)
                for statement in _TABLES:
                    connection.execute(statement)
    if _version(connection) != SCHEMA:
        raise InputError(
            f"{path}: was made by another version of fr2en (layout {_version(connection)}; this one knows {SCHEMA})",
            "Upgrade fr2en, or name another file; this one was left as it is.",
        )
    connection.execute("PRAGMA journal_mode = WAL").fetchone()  # readers and a writer work at once


def _foreign(path: Path) -> InputError:
    return InputError(f"{path}: is an SQLite file, but no translation memory of fr2en", _ANOTHER)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _explanation(path: Path, message: str) -> Fr2enError:
    if "readonly" in message or "unable to open" in message:
        return OutputError(
            f"{path}: the translation memory cannot be written",
            "It stands beside files of its own (-wal, -shm): the folder must be writable too. Work on a copy of it.",
        )
    if "full" in message:
        return OutputError(
            f"{path}: the disk is full", "Free some space, or go on without a memory; what was in it is still there."
        )
    if "locked" in message:
        return OutputError(
            f"{path}: another process has been writing to it for {PATIENCE} s", "Wait until it is done, and try again."
        )
    if "disk I/O" in message:
        return OutputError(f"{path}: the disk failed ({message})", "Check the disk and its free space.")
    return damaged(path, message)
