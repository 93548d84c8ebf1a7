"""Taking many pairs into a memory at once: gathered aside, then merged in one short transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from types import TracebackType

from translate.memory.context import Context, approved_key, entry_key
from translate.memory.database import connect, explained
from translate.memory.payload import Payload, pack
from translate.memory.store import Memory, context_number, milliseconds

_TABLES = (
    "CREATE TEMP TABLE new_approved (key BLOB PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL)",
    "CREATE TEMP TABLE new_entries (key BLOB PRIMARY KEY, context INTEGER NOT NULL, data BLOB NOT NULL)",
)

_SAME = "FROM temp.new_approved AS n JOIN approved AS a USING (key) WHERE n.target"


@dataclass(frozen=True)
class ImportReport:
    """What became of the units of a file.

    ``approved`` are new, ``changed`` have replaced another translation, ``unchanged`` were there already;
    ``superseded`` had the same French as a later unit of the file, but other English. Of the machine's own,
    ``restored`` were put back, ``known`` were there already, ``incomplete`` lack what it takes. ``one_sided``
    lack French or English.
    """

    approved: int
    changed: int
    unchanged: int
    superseded: int
    restored: int
    known: int
    incomplete: int
    one_sided: int


class Intake:
    """Pairs on their way into a memory; a context manager. Nothing is in the memory before :meth:`merge`."""

    def __init__(self, memory: Memory) -> None:
        self.incomplete = 0
        self.one_sided = 0
        self._memory = memory
        self._superseded = 0
        self._contexts: dict[Context, int] = {}
        self._connection = connect(memory.path, create=False)
        with explained(memory.path):
            for statement in _TABLES:
                self._connection.execute(statement)
            self._connection.execute("BEGIN")  # of the temporary tables alone: nobody else is kept waiting

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def approve(self, source: str, target: str) -> None:
        """Add an approved translation."""
        key = approved_key(source)
        with explained(self._memory.path):
            earlier = self._connection.execute("SELECT target FROM new_approved WHERE key = ?", (key,)).fetchone()
            self._superseded += earlier is not None and earlier[0] != target
            self._connection.execute("INSERT OR REPLACE INTO new_approved VALUES (?, ?, ?)", (key, source, target))

    def restore(self, context: Context, payload: Payload) -> None:
        """Add a machine translation that was exported."""
        number = self._contexts.setdefault(context, len(self._contexts))
        key = entry_key(context, payload.text, markup=payload.markup)
        with explained(self._memory.path):
            self._connection.execute(
                "INSERT OR REPLACE INTO new_entries VALUES (?, ?, ?)", (key, number, pack(payload))
            )

    def merge(self) -> ImportReport:
        """Put everything into the memory and return what became of it."""
        now = milliseconds()
        with explained(self._memory.path):
            self._connection.execute("COMMIT")
        with self._memory.writing(self._connection) as connection:
            changed = _count(connection, f"SELECT count(*) {_SAME} <> a.target")
            unchanged = _count(connection, f"SELECT count(*) {_SAME} = a.target")
            added = _count(connection, "SELECT count(*) FROM new_approved") - changed - unchanged
            connection.execute(
                "INSERT INTO approved (key, source, target, used) "
                "SELECT key, source, target, ? FROM new_approved WHERE true ORDER BY rowid "
                "ON CONFLICT (key) DO UPDATE SET source = excluded.source, target = excluded.target",
                (now,),
            )
            offered = _count(connection, "SELECT count(*) FROM new_entries")
            restored = self._merge_entries(connection, now)
        return ImportReport(
            added,
            changed,
            unchanged,
            self._superseded,
            restored,
            offered - restored,
            self.incomplete,
            self.one_sided,
        )

    def _merge_entries(self, connection: sqlite3.Connection, now: int) -> int:
        restored = 0
        for context, number in self._contexts.items():
            restored += connection.execute(
                "INSERT OR IGNORE INTO entries (key, context, used, data) "
                "SELECT key, ?, ?, data FROM new_entries WHERE context = ? ORDER BY rowid",
                (context_number(connection, context), now, number),
            ).rowcount
        return restored


def _count(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
