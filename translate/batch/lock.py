"""One process at a time: the state folder of a batch, its lock, and its manifest opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from translate.batch.manifest import Manifest
from translate.batch.names import shown
from translate.batch.run import Job
from translate.errors import OutputError, UsageError

#: The manifest and the translation memory within the state folder, and the state folder within the output folder.
MANIFEST, MEMORY, LOCK, STATE = "manifest.sqlite", "memory.sqlite", "lock", ".fr2en"


@contextmanager
def locked(job: Job) -> Iterator[Manifest]:
    """Open the manifest of a job, for this process alone.

    Raises OutputError where another process is at work, UsageError where the manifest is that of other folders.
    """
    try:
        job.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"{job.state}: cannot be made: {error.strerror}"
        raise OutputError(what, "Choose another output folder, or a folder for the manifest with --state.") from error
    lock = FileLock(job.state / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutputError(
            f"{job.state}: another 'fr2en batch' is at work there", "Wait for its end, or choose another output folder."
        ) from error
    except OSError as error:
        raise OutputError(f"{job.state}: cannot be written to: {error.strerror}", "Check its permissions.") from error
    try:
        with Manifest(job.state / MANIFEST) as manifest:
            _claim(job, manifest)
            yield manifest
    finally:
        lock.release()


def _claim(job: Job, manifest: Manifest) -> None:
    """Refuse to mix the files of two folders: those of one name would replace each other's English.

    And to take the files of another output folder for those that were written: they are somebody's own.
    """
    origin, target = manifest.origin(), manifest.target()
    if job.origin not in ("", origin) and _is_there(origin):
        raise UsageError(
            f"{job.outputs.source('')}: holds the English of {shown(origin)}",
            f"Name another output folder for {shown(job.origin)}, or give it a manifest of its own there with --state.",
        )
    if job.target not in ("", target) and _is_there(target):
        raise UsageError(
            f"{shown(str(job.state))}: is the manifest of what was written to {shown(target)}",
            f"Name that output folder, or another folder for the manifest of {shown(job.target)} with --state.",
        )
    wanted = job.origin or origin, job.target or target
    if wanted != (origin, target):
        manifest.note_places(*wanted)


def _is_there(place: str) -> bool:
    """Tell whether a place is still there; a folder that is not was moved."""
    return bool(place) and ("://" in place or Path(place).is_dir())
