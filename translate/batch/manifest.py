"""The manifest of a batch: which files became which outputs, in an SQLite database that survives a kill."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from translate.batch.jobs import Failure, Stamp
from translate.errors import Fr2enError, InputError, OutputError

#: "fr2b", where SQLite keeps the mark of the program that a database belongs to.
APPLICATION_ID = int.from_bytes(b"fr2b", "big")

#: ``modified`` of an output that is being written: no file has that time.
UNKNOWN = -1

#: Copies of one content that are looked at for one whose file is gone: of a page that is saved thousands of times,
#: such as a notice of cookies, each would be compared with all.
MOST_COPIES = 20

#: Raised when the tables change. 2: what was written is known by its checksum, and where the outputs are.
SCHEMA = 2

#: ``name`` is the bytes of the file's name, which need not be UTF-8. ``writing``: its outputs may be there, in
#: part; ``done``: they all are; ``failed``: those that are there were made of an earlier content.
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS files (
  name BLOB PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, tag TEXT NOT NULL, sha256 TEXT NOT NULL,
  recipe TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('writing', 'done', 'failed')),
  words INTEGER NOT NULL DEFAULT 0, sentences INTEGER NOT NULL DEFAULT 0, flagged INTEGER NOT NULL DEFAULT 0,
  what TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '', finished REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_content ON files (sha256);
CREATE TABLE IF NOT EXISTS outputs (
  output BLOB PRIMARY KEY, name BLOB NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL DEFAULT '',
  modified INTEGER NOT NULL DEFAULT 0, tag TEXT NOT NULL DEFAULT '', before TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outputs_name ON outputs (name);
CREATE TABLE IF NOT EXISTS origin (
  only INTEGER PRIMARY KEY CHECK (only = 1), place NOT NULL, target NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS runs (
  started REAL NOT NULL, input TEXT NOT NULL, recipe TEXT NOT NULL, words INTEGER NOT NULL, seconds REAL NOT NULL
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA};
COMMIT;
"""

#: What makes the tables of layout 1 those of layout 2: an empty ``sha256`` means that the size alone is known.
_FROM_1 = """
BEGIN IMMEDIATE;
ALTER TABLE outputs ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE outputs ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outputs ADD COLUMN tag TEXT NOT NULL DEFAULT '';
ALTER TABLE outputs ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE origin ADD COLUMN target NOT NULL DEFAULT '';
PRAGMA user_version = 2;
COMMIT;
"""


@dataclass(frozen=True)
class Output:
    """An output by its name in the output folder, and what was written: its size in bytes and its SHA-256.

    ``modified`` and ``tag`` are those of its stamp. ``before`` is the SHA-256 of what stood there when the writing of
    this one began; empty once it is done. An earlier fr2en noted the size alone: ``sha256`` is empty.
    """

    name: str
    size: int
    sha256: str = ""
    modified: int = 0
    tag: str = ""
    before: str = ""

    def matches(self, stamp: Stamp) -> bool:
        """Tell whether a file with this stamp is what was written, as far as that can be told without reading it."""
        if not self.sha256:
            return stamp.size == self.size
        return (stamp.size, stamp.modified) == (self.size, self.modified) and self.tag in ("", stamp.tag)

    def wrote(self, data: bytes) -> bool:
        """Tell whether this is what was written, or what stood there before."""
        return hashlib.sha256(data).hexdigest() in (self.sha256, self.before)


@dataclass(frozen=True)
class Entry:
    """What the manifest knows of a file; ``state`` is writing, done or failed.

    ``outputs`` are all that are its own, those of formats that were asked for earlier among them. ``recipe`` is
    empty for a failure that was not the content's, and may be over.
    """

    name: str
    stamp: Stamp
    sha256: str
    recipe: str
    state: str
    outputs: tuple[Output, ...] = ()
    words: int = 0
    sentences: int = 0
    flagged: int = 0
    failure: Failure | None = None


@dataclass(frozen=True)
class Totals:
    """The manifest in numbers; ``pace`` is the words a second of earlier runs, 0 without any."""

    done: int
    failed: int
    unfinished: int
    words: int
    sentences: int
    flagged: int
    pace: float


class Manifest:
    """An open manifest; a context manager. Every method raises OutputError on a full disk, InputError on damage."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        with _explained(path):
            self._connection = _readable(path) if readonly else _writable(path)
            old = self._connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA  # and only read
        self._columns = "output, size" if old else "output, size, sha256, modified, tag, before"

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def entry(self, name: str) -> Entry | None:
        """Return what is known of a file."""
        with _explained(self.path):
            row = self._connection.execute(f"SELECT {_COLUMNS} FROM files WHERE name = ?", (_key(name),)).fetchone()
            return self._entry(row) if row else None

    def entries(self, state: str) -> Iterator[Entry]:
        """Yield the files in ``state``, in the order of their names."""
        with _explained(self.path):
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM files WHERE state = ? ORDER BY name", (state,))
            for row in rows.fetchall():
                yield self._entry(row)

    def same_content(self, sha256: str) -> list[Entry]:
        """Return files whose content has this checksum and which have, or may have, outputs of it.

        :data:`MOST_COPIES` at most.
        """
        with _explained(self.path):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM files WHERE sha256 = ? AND state != 'failed' LIMIT {MOST_COPIES}",
                (sha256,),
            ).fetchall()
            return [self._entry(row) for row in rows]

    def owner(self, output: str) -> str | None:
        """Return the file whose output this is."""
        with _explained(self.path):
            row = self._connection.execute("SELECT name FROM outputs WHERE output = ?", (_key(output),)).fetchone()
            return _name(row[0]) if row else None

    def output(self, name: str) -> Output | None:
        """Return what is known of an output."""
        with _explained(self.path):
            query = f"SELECT {self._columns} FROM outputs WHERE output = ?"
            row = self._connection.execute(query, (_key(name),)).fetchone()
            return Output(_name(row[0]), *row[1:]) if row else None

    def begin(self, entries: Iterable[Entry]) -> None:
        """Note, before anything is written, which files are about to have which outputs: one transaction."""
        with self._transaction():
            for entry in entries:
                self._put(entry, "writing")

    def finish(self, entries: Iterable[Entry]) -> None:
        """Note the files as ``done`` or, where they have a failure, ``failed``: one transaction."""
        with self._transaction():
            for entry in entries:
                self._put(entry, "failed" if entry.failure else "done")

    def touch(self, name: str, stamp: Stamp) -> None:
        """Note a new stamp of a file whose content is as before."""
        with self._transaction():
            self._connection.execute(
                "UPDATE files SET size = ?, modified = ?, tag = ? WHERE name = ?",
                (stamp.size, stamp.modified, stamp.tag, _key(name)),
            )

    def dismiss(self, name: str) -> None:
        """Drop a file from the manifest; its outputs stay known as those of a batch, which another file may replace."""
        with self._transaction():
            self._connection.execute("DELETE FROM files WHERE name = ?", (_key(name),))

    def forget(self, name: str) -> None:
        """Drop a file and its outputs from the manifest."""
        with self._transaction():
            self._connection.execute("DELETE FROM outputs WHERE name = ?", (_key(name),))
            self._connection.execute("DELETE FROM files WHERE name = ?", (_key(name),))

    def ran(self, started: float, source: str, recipe: str, words: int, seconds: float) -> None:
        """Note a run that translated ``words`` in ``seconds``."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?)",
                (started, _printable(source), recipe, words, seconds),
            )

    def origin(self) -> str:
        """Return the place that the files are read from; empty as long as none was noted."""
        with _explained(self.path):
            row = self._connection.execute("SELECT place FROM origin").fetchone()
            return _place(row[0]) if row else ""

    def target(self) -> str:
        """Return the place that the outputs are written to; empty as long as none was noted."""
        with _explained(self.path):
            row = self._connection.execute("SELECT target FROM origin").fetchone()
            return _place(row[0]) if row else ""

    def note_places(self, origin: str, target: str) -> None:
        """Note the place that the files are read from, and the one that the outputs are written to."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO origin VALUES (1, ?, ?)", (_key(origin), _key(target)))

    def totals(self) -> Totals:
        """Return the manifest in numbers."""
        with _explained(self.path):
            counts = dict(self._connection.execute("SELECT state, count(*) FROM files GROUP BY state").fetchall())
            words, sentences, flagged = self._connection.execute(
                "SELECT coalesce(sum(words), 0), coalesce(sum(sentences), 0), coalesce(sum(flagged), 0) "
                "FROM files WHERE state = 'done'"
            ).fetchone()
            pace = self._connection.execute("SELECT coalesce(sum(words) / sum(seconds), 0) FROM runs").fetchone()[0]
        return Totals(
            counts.get("done", 0),
            counts.get("failed", 0),
            counts.get("writing", 0),
            words,
            sentences,
            flagged,
            float(pace or 0.0),
        )

    def _put(self, entry: Entry, state: str) -> None:
        failure = entry.failure or Failure("")
        stamp = entry.stamp
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(_key(entry.name), stamp.size, stamp.modified, stamp.tag, entry.sha256, entry.recipe, state),
                *(
                    entry.words,
                    entry.sentences,
                    entry.flagged,
                    _printable(failure.what),
                    _printable(failure.hint),
                    time.time(),
                ),
            ),
        )
        self._connection.execute("DELETE FROM outputs WHERE name = ?", (_key(entry.name),))
        self._connection.executemany(
            "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(_key(o.name), _key(entry.name), o.size, o.sha256, o.modified, o.tag, o.before) for o in entry.outputs],
        )

    def _entry(self, row: Sequence[Any]) -> Entry:
        name, size, modified, tag, sha256, recipe, state, words, sentences, flagged, what, hint = row
        query = f"SELECT {self._columns} FROM outputs WHERE name = ? ORDER BY output"
        outputs = self._connection.execute(query, (name,))
        return Entry(
            _name(name),
            Stamp(size, modified, tag),
            sha256,
            recipe,
            state,
            tuple(Output(_name(output), *rest) for output, *rest in outputs),
            words,
            sentences,
            flagged,
            Failure(what, hint) if what else None,
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk ends it by itself
                    self._connection.execute("ROLLBACK")
                raise


_COLUMNS = "name, size, modified, tag, sha256, recipe, state, words, sentences, flagged, what, hint"


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _name(key: object) -> str:
    if not isinstance(key, bytes):
        raise sqlite3.DatabaseError("malformed: a name that fr2en did not write")
    return key.decode("utf-8", "surrogateescape")


def _place(value: object) -> str:
    return value if isinstance(value, str) else _name(value)  # text, where an earlier fr2en noted it


def _writable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        _refuse_others(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit outlives a power cut, as the outputs do: two more flushes for a pool of files that are flushed each.
        connection.execute("PRAGMA synchronous = FULL")
        if connection.execute("PRAGMA user_version").fetchone()[0] == 1:
            connection.executescript(_FROM_1)
        connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise InputError(f"{path}: there is no manifest of a batch", "Give the folder that 'fr2en batch' wrote to.")
    # To read a database with a log, SQLite writes beside it, and removes that again; a read-only disk has no log.
    closed = not os.access(path.parent, os.W_OK)
    place = f"{path.resolve().as_uri()}?immutable=1" if closed else path
    connection = sqlite3.connect(place, timeout=30, isolation_level=None, uri=closed)
    try:
        _refuse_others(connection, path)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_others(connection: sqlite3.Connection, path: Path) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != APPLICATION_ID:
        raise InputError(f"{path}: is no manifest of fr2en", "Move it away, or choose another output folder.")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA:
        raise InputError(f"{path}: was written by a newer fr2en", "Update fr2en, or choose another output folder.")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        raise _explanation(path, str(error)) from error


def _explanation(path: Path, problem: str) -> Fr2enError:
    if "full" in problem or "disk I/O" in problem:
        what = f"{path}: cannot be written: the disk is full or failing ({problem})"
        return OutputError(what, "Free some space; the same command then goes on where it stopped.")
    if "malformed" in problem or "not a database" in problem:
        return InputError(
            f"{path}: the manifest is damaged ({problem})",
            "Delete it: every file is then made again, from the memory beside it. Outputs that come out as they are "
            "stay; --force replaces those that do not.",
        )
    if "locked" in problem or "busy" in problem:
        return OutputError(f"{path}: another process holds the manifest", "Wait until the other run has ended.")
    return OutputError(f"{path}: cannot be used: {problem}", "Check that its folder may be written to.")
