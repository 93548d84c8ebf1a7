"""The translation memory: sentences translated once, and pairs that people approved, in one SQLite file."""

from __future__ import annotations

from translate.memory.context import Context, context_of
from translate.memory.intake import ImportReport
from translate.memory.snapshot import Approved, ContextStats, Entry, MemoryStats, Snapshot
from translate.memory.store import DEFAULT_BYTES, Key, Memory, Recall, open_memory
from translate.memory.tmx import TmxExport, check_tmx, import_tmx

__all__ = [
    "DEFAULT_BYTES",
    "Approved",
    "Context",
    "ContextStats",
    "Entry",
    "ImportReport",
    "Key",
    "Memory",
    "MemoryStats",
    "Recall",
    "Snapshot",
    "TmxExport",
    "check_tmx",
    "context_of",
    "import_tmx",
    "open_memory",
]
