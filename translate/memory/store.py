"""The translation memory itself: looked up and filled in batches, by several threads and processes at once."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from translate.document import Segment
from translate.errors import Fr2enError
from translate.memory.context import Context, approved_key, entry_key
from translate.memory.database import Connection, connect, damaged, explained, size_of, transaction
from translate.memory.payload import Payload, pack, unpack
from translate.memory.snapshot import Snapshot

#: Bytes above which the least recently used machine translations go: some six million sentences, at 335 bytes each
#: with their keys.
DEFAULT_BYTES = 2 << 30

#: Recalled entries whose use is noted before it is written, where nothing is put in meanwhile.
NOTED = 100_000

#: Keys of one SQL statement; SQLite before 3.32 takes 999.
_KEYS = 900

#: A memory at its bound sheds 1/256 more than it must, so that not every put sheds some.
_SLACK = 256

#: Bytes that an entry takes besides its data: 99 in a memory of 50,000.
_OVERHEAD = 100

#: Seconds that closing waits for another process, to note what was used: that only orders what goes first.
_BRIEFLY = 0.5

#: ``Segment.passed`` of what a person approved.
APPROVED = "memory"

#: A sentence, exactly as it stands, and whether it holds inline Markdown.
Key = tuple[str, bool]


def open_memory(path: Path, *, most_bytes: int = DEFAULT_BYTES, create: bool = True) -> Memory:
    """Open the translation memory in ``path``, made if it is not there unless ``create`` is False.

    Each process opens its own. Raises InputError for a file that is no memory, is damaged, or is newer than
    this fr2en; OutputError for one that may not be written.
    """
    return Memory(Path(path), connect(Path(path), create=create), most_bytes)


class Memory:
    """An open translation memory: a context manager; its methods may be called from several threads.

    Above ``most_bytes``, machine translations go, the least recently used first; what people approved stays.
    Every method raises OutputError where the disk is full or another process writes for too long, and
    InputError where the file is damaged.
    """

    def __init__(self, path: Path, connection: Connection, most_bytes: int) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self._connection = connection
        self._lock = threading.RLock()
        self._closed = False
        self._hits: Counter[int] = Counter()
        self._approved_hits: Counter[bytes] = Counter()

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def bound(self, context: Context) -> Recall:
        """Return the memory as translations in ``context`` see it."""
        return Recall(self, context)

    def snapshot(self) -> Snapshot:
        """Return all that is in the memory now, to be read at leisure; close it after use."""
        self._write_hits()
        return Snapshot(self.path, self.most_bytes)

    def close(self) -> None:
        """Note what was used, and close the file; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._connection.patience = _BRIEFLY
                with suppress(Fr2enError):  # when entries were used is no reason to fail a job that is done
                    self._write_hits()
                self._closed = True
                self._connection.close()

    @contextmanager
    def writing(self, connection: sqlite3.Connection | None = None) -> Iterator[sqlite3.Connection]:
        """Give a connection (the memory's own, or ``connection``) for one transaction.

        After it the memory is within its bound, and uses are noted.
        """
        connection = connection or self._connection
        with self._lock, explained(self.path):
            with transaction(connection):
                self._stamp(connection)
                yield connection
                self._shed(connection)
            self._hits.clear()
            self._approved_hits.clear()

    def lookup(self, context: Context, keys: Sequence[Key]) -> dict[Key, Segment]:
        """Return what is known of ``keys``; see :meth:`Recall.get`."""
        unique = list(dict.fromkeys(keys))
        with self._lock, explained(self.path):
            found = self._approved(unique)
            wanted = {entry_key(context, text, markup=markup): (text, markup) for text, markup in unique}
            asked = [digest for digest, key in wanted.items() if key not in found]
            for number, digest, data in self._select("id, key, data", "entries", asked):
                payload = self._unpacked(data)
                if (payload.text, payload.markup) == wanted[digest]:
                    found[wanted[digest]] = payload.segment
                    self._hits[number] += 1
            if len(self._hits) + len(self._approved_hits) > NOTED:
                self._write_hits()
        return found

    def store(self, context: Context, items: Iterable[tuple[Key, Segment]]) -> None:
        """Put machine translations in; see :meth:`Recall.put`."""
        rows = [
            (entry_key(context, text, markup=markup), pack(Payload(text, markup, segment)))
            for (text, markup), segment in items
            if segment.passed != APPROVED
        ]
        if not rows:
            return
        now = milliseconds()
        with self.writing() as connection:
            number = context_number(connection, context)
            connection.executemany(
                "INSERT INTO entries (key, context, used, data) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET used = excluded.used, data = excluded.data",
                ((key, number, now, data) for key, data in rows),
            )

    def _approved(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM approved)").fetchone()[0]:
            return {}
        digests = {key: approved_key(key[0]) for key in keys}
        targets = dict(self._select("key, target", "approved", list(dict.fromkeys(digests.values()))))
        if not all(isinstance(target, str) for target in targets.values()):
            raise damaged(self.path, "an approved translation is no text")
        known = {key: digest for key, digest in digests.items() if digest in targets}
        self._approved_hits.update(known.values())
        return {key: Segment(key[0], targets[digest], passed=APPROVED) for key, digest in known.items()}

    def _select(self, columns: str, table: str, keys: Sequence[bytes]) -> Iterator[Any]:
        for start in range(0, len(keys), _KEYS):
            asked = keys[start : start + _KEYS]
            marks = ",".join("?" * len(asked))
            yield from self._connection.execute(f"SELECT {columns} FROM {table} WHERE key IN ({marks})", asked)

    def _unpacked(self, data: bytes) -> Payload:
        try:
            return unpack(data)
        except (ValueError, TypeError) as error:
            raise damaged(self.path, f"an entry cannot be read: {error}") from error

    def _write_hits(self) -> None:
        if self._hits or self._approved_hits:
            with self.writing():
                pass

    def _stamp(self, connection: sqlite3.Connection) -> None:
        """Write when and how often entries were used: seldom, so that looking up stays reading."""
        now = milliseconds()
        connection.executemany(
            "UPDATE entries SET used = ?, hits = hits + ? WHERE id = ?",
            ((now, count, number) for number, count in sorted(self._hits.items())),
        )
        connection.executemany(
            "UPDATE approved SET used = ?, hits = hits + ? WHERE key = ?",
            ((now, count, key) for key, count in sorted(self._approved_hits.items())),
        )

    def _shed(self, connection: sqlite3.Connection) -> None:
        """Delete the least recently used entries above the bound, and give the pages beyond it back."""
        used, size = size_of(connection)
        if used > self.most_bytes:
            aim = self.most_bytes - self.most_bytes // _SLACK
            while used > aim and (oldest := _oldest(connection, used - aim)):
                connection.executemany("DELETE FROM entries WHERE id = ?", oldest)
                used, size = size_of(connection)
        page = int(connection.execute("PRAGMA page_size").fetchone()[0])
        for _ in range(0, min(size - used, size - self.most_bytes), page):
            connection.execute("PRAGMA incremental_vacuum(1)")  # sqlite3 takes one step of it, however many are asked


def _oldest(connection: sqlite3.Connection, size: int) -> list[tuple[int]]:
    """Return the least recently used entries that take about ``size`` bytes: rather too few than too many."""
    found = []
    for number, data in connection.execute("SELECT id, length(data) FROM entries ORDER BY used, id"):
        found.append((number,))
        size -= data + _OVERHEAD
        if size <= 0:
            break
    return found


@dataclass(frozen=True)
class Recall:
    """A translation memory as the translations of one context see it."""

    memory: Memory
    context: Context

    def get(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        """Return what is known of ``keys``: each Segment as it was put in, equal in every field.

        What people approved comes first, in every context: as a Segment without score and doubts whose
        ``passed`` is "memory". Unknown keys are left out.
        """
        return self.memory.lookup(self.context, keys)

    def put(self, items: Iterable[tuple[Key, Segment]]) -> None:
        """Keep machine translations, in one transaction; one that is there already is replaced.

        Approved ones that :meth:`get` returned may be among them: they are passed over.
        """
        self.memory.store(self.context, items)


def context_number(connection: sqlite3.Connection, context: Context) -> int:
    """Return the number of ``context`` in the file, noting it there if it is new; within a transaction."""
    connection.execute(
        "INSERT OR IGNORE INTO contexts (digest, description) VALUES (?, ?)", (context.digest, context.to_json())
    )
    row = connection.execute("SELECT id FROM contexts WHERE digest = ?", (context.digest,)).fetchone()
    return int(row[0])


def milliseconds() -> int:
    """Return the time now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
