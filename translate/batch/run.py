"""A batch from beginning to end: what is to be done, the pools, the outputs, and the manifest's account of it."""

from __future__ import annotations

import errno
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from translate.batch.folders import Folder
from translate.batch.jobs import (
    Event,
    Failed,
    Failure,
    Finished,
    Found,
    Gone,
    Item,
    Outcome,
    Recipe,
    Report,
    Stamp,
    Started,
    Unchanged,
)
from translate.batch.manifest import Entry, Manifest, Output
from translate.batch.names import Selection, claimed_twice, output_names
from translate.batch.work import Executor, Pool
from translate.errors import Fr2enError, InputError, OutputError
from translate.memory import context_of

#: Bytes of French in a pool: some 500 sentences, one call of the engine, ten seconds of two cores. What a kill
#: costs at most, and what a first Ctrl-C waits for.
POOL_BYTES = 64_000

#: The manifest and the translation memory within the state folder, and the state folder within the output folder.
MANIFEST, MEMORY, LOCK, STATE = "manifest.sqlite", "memory.sqlite", "lock", ".fr2en"

#: Failures kept for the closing table; the manifest has them all.
MOST_FAILURES = 1000

#: What no other file will fare better with.
_HOPELESS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass(frozen=True)
class Job:
    """What a batch is to do: from where, to where, what each file becomes; ``state`` is the folder of its manifest.

    ``settle`` is the age in seconds below which a file may still be being written: it is left for the next pass.
    """

    inputs: Folder
    outputs: Folder
    state: Path
    recipe: Recipe = field(default_factory=Recipe)
    selection: Selection = field(default_factory=Selection)
    force: bool = False
    retry_failed: bool = False
    fail_fast: bool = False
    settle: float = 0.0


@contextmanager
def locked(job: Job) -> Iterator[Manifest]:
    """Open the manifest of a job, for this process alone; raises OutputError where another one is at work."""
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
            yield manifest
    finally:
        lock.release()


def run_batch(
    job: Job,
    manifest: Manifest,
    executor: Executor,
    tell: Callable[[Event], None],
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Translate what is new, changed or unfinished; return the pass in numbers.

    ``tell`` is told of every file; where ``stop`` returns True, the pool in flight is finished and no other one
    begun. Raises OutputError for what stops every file: a full disk, a manifest that cannot be written. The same
    call then goes on where this one stopped.
    """
    return _Pass(job, manifest, executor, tell, stop).run()


class _Pass:
    """One pass over the input folder."""

    def __init__(
        self,
        job: Job,
        manifest: Manifest,
        executor: Executor,
        tell: Callable[[Event], None],
        stop: Callable[[], bool],
    ) -> None:
        self._job, self._manifest, self._executor, self._stop = job, manifest, executor, stop
        self._listener = tell
        self._recipe = job.recipe.digest(context_of(executor.info, job.recipe.settings))
        self._report = Report()
        self._halted = False

    def run(self) -> Report:
        began, clock = time.time(), time.monotonic()
        self._sweep()
        others: Counter[str] = Counter()
        files = sum(1 for _ in self._job.inputs.found(self._job.selection, others))
        self._listener(Started(files, tuple(others.most_common())))
        try:
            for outcomes in self._executor.run(self._pools(), self._job.recipe):
                self._settle(outcomes)
        finally:
            seconds = time.monotonic() - clock
            self._report = replace(self._report, seconds=seconds, stopped=self._halted)
        if self._report.words:
            self._manifest.ran(began, self._job.inputs.source(""), self._recipe, self._report.words, seconds)
        return self._report

    def _sweep(self) -> None:
        names = [output.name for entry in self._manifest.entries("writing") for output in entry.outputs]
        self._job.outputs.sweep(names)

    def _pools(self) -> Iterator[Pool]:
        pool: list[Item] = []
        size = 0
        for found in self._job.inputs.found(self._job.selection):
            if self._halt():
                return
            item = self._item(found)
            if item is None:
                continue
            pool.append(item)
            size += len(item.data)
            if size >= POOL_BYTES:
                yield tuple(pool)
                pool, size = [], 0
        if pool and not self._halt():
            yield tuple(pool)

    def _halt(self) -> bool:
        self._halted = self._halted or self._stop() or (self._job.fail_fast and self._report.failed > 0)
        return self._halted

    def _item(self, found: Found) -> Item | None:
        """Return the file if there is something to do about it; else tell what became of it."""
        known = self._manifest.entry(found.name)
        if known is not None and known.stamp == found.stamp and self._is_settled(known):
            return None
        if self._job.settle and time.time() - found.stamp.modified / 1e9 < self._job.settle:
            return None
        try:
            data, stamp = self._job.inputs.read(found.name)
        except FileNotFoundError:
            self._tell(Gone(found.name))
            return None
        except InputError as error:
            self._fail(found.name, found.stamp, "", Failure(error.what, error.hint))
            return None
        digest = sha256(data).hexdigest()
        if known is not None and known.sha256 == digest and self._is_settled(known):
            self._manifest.touch(found.name, stamp)
            return None
        return Item(found.name, self._job.inputs.source(found.name), data, stamp, digest)

    def _is_settled(self, known: Entry) -> bool:
        """Tell whether a file whose content has not changed needs nothing; then that is told."""
        if known.recipe != self._recipe or known.state == "writing":
            return False
        if known.state == "failed":
            if self._job.retry_failed:
                return False
            failure = known.failure or Failure("failed")
            self._tell(Failed(known.name, failure.what, failure.hint, earlier=True))
            return True
        if any(self._job.outputs.size(output.name) != output.size for output in known.outputs):
            return False
        self._tell(Unchanged(known.name))
        return True

    def _settle(self, outcomes: list[Outcome]) -> None:
        """Write what was translated: noted before, so that a kill between the two leaves nothing unknown."""
        taken: dict[str, str] = {}
        planned = [(outcome, self._planned(outcome, taken)) for outcome in outcomes if outcome.failure is None]
        ready = [(outcome, entry) for outcome, entry in planned if entry is not None]
        fresh = {entry.name: self._fresh(entry) for _, entry in ready}
        self._manifest.begin(entry for _, entry in ready)
        written: list[tuple[Outcome, Entry]] = []
        try:
            for outcome, entry in ready:
                if self._written(outcome, entry, fresh[entry.name]):
                    written.append((outcome, entry))
        finally:
            self._manifest.finish(entry for _, entry in written)
        for outcome, entry in written:
            renamed = self._moved(entry)
            self._tell(
                Finished(
                    entry.name,
                    tuple(output.name for output in entry.outputs),
                    entry.words,
                    entry.sentences,
                    entry.flagged,
                    outcome.notes,
                    renamed,
                )
            )
        for outcome in outcomes:
            if outcome.failure is not None:
                self._fail(outcome.item.name, outcome.item.stamp, outcome.item.sha256, outcome.failure)

    def _planned(self, outcome: Outcome, taken: dict[str, str]) -> Entry | None:
        """Return the entry of a file with its outputs, unless one of them is another file's, of ``taken`` or before."""
        item = outcome.item
        try:
            names = output_names(item.name, self._job.recipe.formats, self._job.recipe.read_as)
            for _, name in names:
                owner = taken.setdefault(name, self._manifest.owner(name) or item.name)
                if owner != item.name and self._job.inputs.size(owner) is not None:
                    raise claimed_twice(item.name, name, owner)
        except Fr2enError as error:
            self._fail(item.name, item.stamp, item.sha256, Failure(error.what, error.hint))
            return None
        sizes = {output.format: sum(map(len, output.chunks)) for output in outcome.outputs}
        outputs = tuple(Output(name, sizes[format_]) for format_, name in names)
        counts = outcome.words, outcome.sentences, outcome.flagged
        return Entry(item.name, item.stamp, item.sha256, self._recipe, "writing", outputs, *counts)

    def _fresh(self, entry: Entry) -> frozenset[str]:
        """Return the outputs that the manifest does not know: a file of that name is somebody else's."""
        return frozenset(output.name for output in entry.outputs if self._manifest.owner(output.name) is None)

    def _written(self, outcome: Outcome, entry: Entry, fresh: frozenset[str]) -> bool:
        try:
            if not self._job.force:
                self._refuse_foreign(fresh)
            for output, rendered in zip(entry.outputs, outcome.outputs, strict=True):
                self._job.outputs.write(output.name, rendered.chunks, force=True)
        except OutputError as error:
            if _is_hopeless(error):
                raise
            self._fail(entry.name, entry.stamp, entry.sha256, Failure(error.what, error.hint))
            return False
        return True

    def _refuse_foreign(self, names: frozenset[str]) -> None:
        for name in sorted(names):
            if self._job.outputs.size(name) is not None:
                raise OutputError(
                    f"{self._job.outputs.source(name)}: is there already, and no batch wrote it",
                    "Move it away, or replace such files with --force.",
                )

    def _moved(self, entry: Entry) -> str:
        """Return the old name of a file that was renamed since an earlier run; its old outputs go."""
        for old in self._manifest.same_content(entry.sha256):
            if old.name != entry.name and self._job.inputs.size(old.name) is None:
                kept = {output.name for output in entry.outputs}
                for output in old.outputs:
                    if output.name not in kept and self._job.outputs.size(output.name) == output.size:
                        self._job.outputs.remove(output.name)
                self._manifest.forget(old.name)
                return old.name
        return ""

    def _fail(self, name: str, stamp: Stamp, digest: str, failure: Failure) -> None:
        known = self._manifest.entry(name)
        outputs = known.outputs if known else ()  # of an earlier content: still this file's to replace
        self._manifest.finish([Entry(name, stamp, digest, self._recipe, "failed", outputs, failure=failure)])
        self._tell(Failed(name, failure.what, failure.hint))

    def _tell(self, event: Event) -> None:
        """Count an event, and pass it on."""
        report = self._report
        if isinstance(event, Unchanged):
            report = replace(report, unchanged=report.unchanged + 1)
        elif isinstance(event, Gone):
            report = replace(report, gone=report.gone + 1)
        elif isinstance(event, Failed):
            report = replace(report, failed=report.failed + 1, failures=(*report.failures, event)[:MOST_FAILURES])
        elif isinstance(event, Finished):
            report = replace(
                report,
                translated=report.translated + 1,
                words=report.words + event.words,
                sentences=report.sentences + event.sentences,
                flagged=report.flagged + event.flagged,
            )
        self._report = report
        self._listener(event)


def _is_hopeless(error: OutputError) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _HOPELESS
