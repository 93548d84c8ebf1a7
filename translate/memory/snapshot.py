"""All that a translation memory holds at one moment: for export and statistics."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from translate.memory.context import Context
from translate.memory.database import connect, damaged, explained
from translate.memory.payload import Payload, unpack

#: Milliseconds from 1970 to the year 10,000, which no date can be written of.
_NEVER = 253_402_300_800_000


@dataclass(frozen=True)
class Approved:
    """A translation that a person approved; ``used`` is in milliseconds since 1970, ``hits`` counts recalls."""

    source: str
    target: str
    used: int
    hits: int


@dataclass(frozen=True)
class Entry:
    """A machine translation, the context it was made in, and when it was last used or put in."""

    context: Context
    payload: Payload
    used: int
    hits: int


@dataclass(frozen=True)
class ContextStats:
    """How many entries one context has, how often they were recalled, and their oldest and newest use."""

    context: Context
    entries: int
    hits: int
    oldest: int
    newest: int


@dataclass(frozen=True)
class MemoryStats:
    """What a memory holds: ``size`` is in bytes on the disk, ``most_bytes`` its bound; uses are in milliseconds
    since 1970, None in an empty memory."""

    path: Path
    size: int
    most_bytes: int
    approved: int
    approved_hits: int
    contexts: tuple[ContextStats, ...]
    oldest: int | None
    newest: int | None

    @property
    def entries(self) -> int:
        """The machine translations of all contexts."""
        return sum(context.entries for context in self.contexts)


class Snapshot:
    """A consistent view that keeps no writer waiting; a context manager. Its methods raise InputError where the
    file is damaged."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._connection = connect(path, create=False)
        with explained(path):
            self._connection.execute("BEGIN")
            # The view begins with the first reading.
            self._contexts = self._read_contexts()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the view go."""
        self._connection.close()

    def contexts(self) -> tuple[Context, ...]:
        """Return the contexts that have entries, in the order in which they came."""
        with explained(self._path):
            numbers = {row[0] for row in self._connection.execute("SELECT DISTINCT context FROM entries")}
        return tuple(context for number, context in sorted(self._contexts.items()) if number in numbers)

    def approved(self) -> Iterator[Approved]:
        """Yield what people approved, in the order in which it came."""
        with explained(self._path):
            for row in self._connection.execute("SELECT source, target, used, hits FROM approved ORDER BY rowid"):
                source, target, used, hits = row
                if not (isinstance(source, str) and isinstance(target, str)):
                    raise damaged(self._path, "an approved translation is no text")
                yield Approved(source, target, self._time(used), hits)

    def entries(self) -> Iterator[Entry]:
        """Yield the machine translations, in the order in which they were first put in."""
        with explained(self._path):
            for number, used, hits, data in self._connection.execute(
                "SELECT context, used, hits, data FROM entries ORDER BY id"
            ):
                try:
                    yield Entry(self._contexts[number], unpack(data), self._time(used), hits)
                except (ValueError, KeyError, TypeError) as error:
                    raise damaged(self._path, f"an entry cannot be read: {error}") from error

    def statistics(self) -> MemoryStats:
        """Count what there is."""
        with explained(self._path):
            found = [
                ContextStats(self._contexts[row[0]], *row[1:])
                for row in self._connection.execute(
                    "SELECT context, count(*), sum(hits), min(used), max(used) FROM entries GROUP BY context "
                    "ORDER BY context"
                )
                if row[0] in self._contexts
            ]
            row = self._connection.execute("SELECT count(*), total(hits), min(used), max(used) FROM approved")
            approved, hits, oldest, newest = row.fetchone()
        for time in (*(time for c in found for time in (c.oldest, c.newest)), *((oldest, newest) if approved else ())):
            self._time(time)
        first = [c.oldest for c in found] + ([oldest] if approved else [])
        last = [c.newest for c in found] + ([newest] if approved else [])
        return MemoryStats(
            self._path,
            _bytes_on_disk(self._path),
            self._most_bytes,
            approved,
            int(hits),
            tuple(found),
            min(first, default=None),
            max(last, default=None),
        )

    def _time(self, used: object) -> int:
        """Return a time that the file holds; raises InputError for one that no clock has shown."""
        if type(used) is not int or not 0 <= used < _NEVER:
            raise damaged(self._path, f"a time of use is {str(used)[:40]!r}")
        return used

    def _read_contexts(self) -> dict[int, Context]:
        try:
            rows = self._connection.execute("SELECT id, description FROM contexts").fetchall()
            return {number: Context.from_json(text) for number, text in rows}
        except (ValueError, TypeError) as error:
            raise damaged(self._path, f"a context cannot be read: {error}") from error
        except sqlite3.Error:
            self._connection.close()
            raise


def _bytes_on_disk(path: Path) -> int:
    """Return the size of the file and of what SQLite has not moved into it yet."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
