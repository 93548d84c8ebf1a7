"""A batch from beginning to end: what is to be done, the pools, the outputs, and the manifest's account of it."""

from __future__ import annotations

import errno
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

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
    Rendered,
    Report,
    Stamp,
    Started,
    Unchanged,
)
from translate.batch.manifest import UNKNOWN, Entry, Manifest, Output
from translate.batch.names import Selection, claimed_twice, output_names
from translate.batch.work import Executor, Pool
from translate.errors import InputError, OutputError
from translate.memory import context_of

#: Bytes of French in a pool: some 10,000 words, twenty seconds of two cores. What a kill
#: costs at most, and what a first Ctrl-C waits for.
POOL_BYTES = 64_000

#: Failures kept for the closing table; the manifest has them all.
MOST_FAILURES = 1000

#: What no other file will fare better with.
_HOPELESS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass(frozen=True)
class Job:
    """What a batch is to do: from where, to where, what each file becomes; ``state`` is the folder of its manifest.

    ``origin`` is where the files come from, in full: one manifest knows one. So is ``target`` where they go, empty
    for a manifest that stands in the output folder and moves with it. ``settle`` is the age in seconds below which a
    file may still be being written: it is left for the next pass.
    """

    inputs: Folder
    outputs: Folder
    state: Path
    recipe: Recipe = field(default_factory=Recipe)
    selection: Selection = field(default_factory=Selection)
    force: bool = False
    retry_failed: bool = False
    fail_fast: bool = False
    origin: str = ""
    target: str = ""
    settle: float = 0.0


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


def settled(job: Job, recipe: str, known: Entry) -> Unchanged | Failed | None:
    """Return what became of a file by an earlier run, if its content is as it was then and nothing is to be done."""
    if known.recipe != recipe or known.state == "writing":
        return None
    if known.state == "failed":
        failure = known.failure or Failure("failed")
        return None if job.retry_failed else Failed(known.name, failure.what, failure.hint, earlier=True)
    outputs = {output.name: output for output in known.outputs}
    wanted = [name for _, name in output_names(known.name, job.recipe.formats, job.recipe.read_as)]
    there = all(name in outputs and is_as_written(job.outputs, outputs[name]) for name in wanted)
    return Unchanged(known.name) if there else None


def is_as_written(folder: Folder, output: Output) -> bool:
    """Tell whether an output is as a batch left it; it is read only where its size, time or tag leave that open."""
    stamp = folder.stamp(output.name)
    if stamp is None or output.matches(stamp):
        return stamp is not None
    if stamp.size != output.size and not output.before:
        return False
    data = _content(folder, output.name)
    return data is not None and output.wrote(data)


def _content(folder: Folder, name: str) -> bytes | None:
    """Return the bytes of a file; None where it is gone, or cannot be read."""
    try:
        return folder.read(name)[0]
    except (FileNotFoundError, InputError):
        return None


@dataclass(frozen=True)
class _Plan:
    """What is to be written for a file.

    ``outputs`` are to be written; ``fresh`` are the names of those that no batch wrote yet. ``stale`` are outputs in
    formats no longer asked for, of a content that the file no longer has. ``renamed`` is the name that the file had.
    """

    outcome: Outcome
    entry: Entry
    outputs: tuple[tuple[Output, Rendered], ...]
    fresh: frozenset[str]
    stale: frozenset[Output]
    renamed: str = ""


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
        self._closed: set[str] = set()

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
        if not self._halted:
            self._dismiss_gone()
        if self._report.words:
            self._manifest.ran(began, self._job.inputs.source(""), self._recipe, self._report.words, seconds)
        return self._report

    def _dismiss_gone(self) -> None:
        """Drop what is unfinished of files that are there no more, and of folders that were closed and are open now."""
        for entry in (*self._manifest.entries("failed"), *self._manifest.entries("writing")):
            if entry.name in self._closed:
                continue
            if entry.name.endswith("/") or self._job.inputs.size(entry.name) is None:
                self._manifest.dismiss(entry.name)

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
        if 0 <= time.time() - found.stamp.modified / 1e9 < self._job.settle:
            return None
        if found.name.endswith("/"):
            self._closed.add(found.name)
        try:
            data, stamp = self._job.inputs.read(found.name)
        except FileNotFoundError:
            self._tell(Gone(found.name))
            return None
        except InputError as error:
            self._fail(found.name, found.stamp, "", Failure(error.what, error.hint), passing=True)
            return None
        digest = sha256(data).hexdigest()
        if known is not None and known.sha256 == digest and self._is_settled(known):
            self._manifest.touch(found.name, stamp)
            return None
        return Item(found.name, self._job.inputs.source(found.name), data, stamp, digest)

    def _is_settled(self, known: Entry) -> bool:
        """Tell whether a file whose content has not changed needs nothing; then that is told."""
        event = settled(self._job, self._recipe, known)
        if event is not None:
            self._tell(event)
        return event is not None

    def _settle(self, outcomes: list[Outcome]) -> None:
        """Write what was translated: noted before, so that a kill between the two leaves nothing unknown."""
        taken: dict[str, str] = {}
        plans = [plan for outcome in outcomes if (plan := self._planned(outcome, taken)) is not None]
        self._manifest.begin(plan.entry for plan in plans)
        written: list[_Plan] = []
        try:
            for plan in plans:
                done = self._written(plan)
                if done is not None:
                    written.append(done)
        finally:
            self._manifest.finish(plan.entry for plan in written)
        for plan in written:
            counts = plan.entry.words, plan.entry.sentences, plan.entry.flagged
            names = tuple(output.name for output, _ in plan.outputs)
            self._tell(Finished(plan.entry.name, names, *counts, plan.outcome.notes, plan.renamed))

    def _planned(self, outcome: Outcome, taken: dict[str, str]) -> _Plan | None:
        """Return what is to be written for a file; None where it failed, or must not be written."""
        item = outcome.item
        if outcome.failure is not None:
            self._fail(item.name, item.stamp, item.sha256, outcome.failure)
            return None
        names = output_names(item.name, self._job.recipe.formats, self._job.recipe.read_as)
        try:
            held = {
                name: self._held(item.name, name, rendered, taken)
                for (_, name), rendered in zip(names, outcome.outputs, strict=True)
            }
        except OutputError as error:
            if _is_hopeless(error):
                raise
            self._fail(item.name, item.stamp, item.sha256, Failure(error.what, error.hint), passing=True)
            return None
        taken.update((name, item.name) for _, name in names)
        outputs = tuple(
            (_output(name, rendered, held[name] or ""), rendered)
            for (_, name), rendered in zip(names, outcome.outputs, strict=True)
        )
        fresh = frozenset(name for name, digest in held.items() if digest is None)
        known = self._manifest.entry(item.name)
        others = {output for output in (known.outputs if known else ()) if output.name not in dict(names).values()}
        stale = others if known is not None and known.sha256 != item.sha256 else set()
        kept = sorted(others - stale, key=lambda output: output.name)
        owned = (*(output for output, _ in outputs), *kept)
        counts = outcome.words, outcome.sentences, outcome.flagged
        entry = Entry(item.name, item.stamp, item.sha256, self._recipe, "writing", owned, *counts)
        return _Plan(outcome, entry, outputs, fresh, frozenset(stale))

    def _held(self, name: str, output: str, rendered: Rendered, taken: dict[str, str]) -> str | None:
        """Return the SHA-256 of what stands where an output belongs, empty for nothing; None if no batch wrote it yet.

        Raises OutputError where it is not this file's, or somebody changed it.
        """
        owner = taken.get(output)
        if owner is None:
            known = self._manifest.owner(output)
            if known is None:
                self._refuse_foreign(output, rendered)
                return None
            owner = known if self._job.inputs.size(known) is not None else name
        if owner != name:
            raise claimed_twice(name, output, owner)
        return self._own_content(self._manifest.output(output) or Output(output, -1), rendered)

    def _own_content(self, known: Output, rendered: Rendered) -> str:
        """Return the SHA-256 of an output that is there, empty where it is not.

        Raises OutputError where somebody changed it. One that was cut short, as by a failing disk, is the beginning of
        what is made now: nothing in it is lost.
        """
        stamp = self._job.outputs.stamp(known.name)
        if stamp is None or (known.sha256 and known.matches(stamp)):
            return known.sha256 if stamp else ""
        data = _content(self._job.outputs, known.name)
        if data is not None and (
            self._job.force or known.matches(stamp) or known.wrote(data) or b"".join(rendered.chunks).startswith(data)
        ):
            return sha256(data).hexdigest()
        if self._job.force:
            return ""
        raise OutputError(
            f"{self._job.outputs.source(known.name)}: was changed since it was written",
            "Move it away, or replace such files with --force.",
        )

    def _refuse_foreign(self, output: str, rendered: Rendered) -> None:
        if not self._job.force and not self._is_as_made(output, rendered):
            raise OutputError(
                f"{self._job.outputs.source(output)}: is there already, and this batch did not write it",
                "Move it away, or replace such files with --force.",
            )

    def _is_as_made(self, output: str, rendered: Rendered) -> bool:
        """Tell whether nothing is lost by writing an output: it is not there, or holds just that.

        So a manifest that was deleted, or lost its last entries, is made up for.
        """
        size = self._job.outputs.size(output)
        if size != sum(map(len, rendered.chunks)):
            return size is None
        try:
            return self._job.outputs.read(output)[0] == b"".join(rendered.chunks)
        except (FileNotFoundError, InputError):
            return False

    def _written(self, plan: _Plan) -> _Plan | None:
        """Write the outputs of a file; return the plan with their stamps, or None where it failed.

        What it leaves behind goes before it is done: a kill in between would leave that for good.
        """
        entry, done = plan.entry, dict[str, Output]()
        try:
            for output, rendered in plan.outputs:
                if output.name in plan.fresh:  # may have come since it was looked for
                    self._refuse_foreign(output.name, rendered)
                stamp = self._job.outputs.write(output.name, rendered.chunks, force=True)
                done[output.name] = replace(output, modified=stamp.modified, tag=stamp.tag, before="")
            self._clear(plan.stale)
            noted = replace(entry, outputs=tuple(done.get(output.name, output) for output in entry.outputs))
            return replace(plan, entry=noted, renamed=self._moved(entry))
        except OutputError as error:
            if _is_hopeless(error):
                raise
            unwritten = plan.fresh - done.keys()
            own = tuple(done.get(output.name, output) for output in entry.outputs if output.name not in unwritten)
            self._manifest.begin([replace(entry, outputs=own)])
            self._fail(entry.name, entry.stamp, entry.sha256, Failure(error.what, error.hint), passing=True)
            return None

    def _clear(self, outputs: Iterable[Output]) -> None:
        """Remove outputs that are nobody's any more, unless somebody has changed them."""
        for output in outputs:
            if is_as_written(self._job.outputs, output):
                self._job.outputs.remove(output.name)

    def _moved(self, entry: Entry) -> str:
        """Return the old name of a file that was renamed since an earlier run; its old outputs go."""
        for old in self._manifest.same_content(entry.sha256):
            if old.name != entry.name and self._job.inputs.size(old.name) is None:
                kept = {output.name for output in entry.outputs}
                self._clear(output for output in old.outputs if output.name not in kept)
                self._manifest.forget(old.name)
                return old.name
        return ""

    def _fail(self, name: str, stamp: Stamp, digest: str, failure: Failure, *, passing: bool = False) -> None:
        """Note a failure; a ``passing`` one, such as a closed folder, is tried again by every run."""
        known = self._manifest.entry(name)
        outputs = known.outputs if known else ()  # of an earlier content: still this file's to replace
        recipe = "" if passing else self._recipe
        self._manifest.finish([Entry(name, stamp, digest, recipe, "failed", outputs, failure=failure)])
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


def _output(name: str, rendered: Rendered, before: str) -> Output:
    """Return an output that is about to be written, of which no stamp is known."""
    digest = sha256()
    for chunk in rendered.chunks:
        digest.update(chunk)
    return Output(name, sum(map(len, rendered.chunks)), digest.hexdigest(), modified=UNKNOWN, before=before)


def _is_hopeless(error: OutputError) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _HOPELESS
