"""Folders: every file translated once, whatever happens on the way, on this machine or on a cluster."""

from __future__ import annotations

from translate.batch.folders import Folder, LocalFolder
from translate.batch.jobs import Event, Failed, Failure, Finished, Gone, Recipe, Report, Started, Unchanged
from translate.batch.lock import LOCK, MANIFEST, MEMORY, STATE, locked
from translate.batch.manifest import Manifest, Totals
from translate.batch.names import Selection, output_names, shown
from translate.batch.objects import ObjectFolder, is_address
from translate.batch.run import Job, run_batch
from translate.batch.work import Executor, Local

__all__ = [
    "LOCK",
    "MANIFEST",
    "MEMORY",
    "STATE",
    "Event",
    "Executor",
    "Failed",
    "Failure",
    "Finished",
    "Folder",
    "Gone",
    "Job",
    "Local",
    "LocalFolder",
    "Manifest",
    "ObjectFolder",
    "Recipe",
    "Report",
    "Selection",
    "Started",
    "Totals",
    "Unchanged",
    "is_address",
    "locked",
    "output_names",
    "run_batch",
    "shown",
]
