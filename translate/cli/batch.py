"""``fr2en batch`` and ``fr2en batch status``."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from translate.cli.options import add_model, add_options, add_reading, from_args, not_negative, positive
from translate.cli.progress import Feed, Lines, Listener, brief, duration
from translate.cli.terminal import Terminal, legible
from translate.errors import InputError, UsageError
from translate.settings import OUTPUT_FORMATS, EngineSettings, Settings

if TYPE_CHECKING:
    from translate.batch import Executor, Folder, Job, Report

#: Exit code of a run after which some files could not be translated.
PARTLY_DONE = 7

EXAMPLES = """\
examples:
  fr2en batch press english                          every text, Markdown and HTML file, its tree
  fr2en batch press english --to text --to json --summary 3
  fr2en batch press english --include '2024/*' --exclude '*draft*'
  fr2en batch press english --dry-run                how much there is to do, and how long it would take
  fr2en batch press english --watch                  and go on with what arrives
  fr2en batch s3://bucket/press s3://bucket/english --ray auto
  fr2en batch status english                         what is done, and what failed
The same command goes on where an earlier one stopped, whatever stopped it.
"""


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two commands to the command line."""
    batch = commands.add_parser(
        "batch",
        parents=[shared],
        help="translate a folder; the same command goes on where it stopped",
        description="Translate every French document of a folder into another folder. What an earlier run did is not "
        "done again; a file that cannot be translated does not stop the others.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    batch.add_argument("input", metavar="IN_DIR", help="the folder to read, or an address: s3://bucket/press")
    batch.add_argument("output", metavar="OUT_DIR", help="the folder to write to, made if it is not there")
    _add_files(batch.add_argument_group("files"))
    _add_running(batch.add_argument_group("running"))
    _add_cluster(batch.add_argument_group("cluster"))
    add_options(batch.add_argument_group("translation"), Settings)
    add_model(batch)
    batch.set_defaults(run=_batch)

    status = commands.add_parser(
        "batch-status",
        parents=[shared],
        prog="fr2en batch status",
        description="Tell what a batch has done, and which files failed.",
    )
    status.add_argument("output", metavar="OUT_DIR", help="the folder that 'fr2en batch' writes to")
    status.add_argument("--state", type=Path, metavar="DIR", help="the folder of its manifest, if it was named")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(run=_status)


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="GLOB",
        help="only files whose name or path in IN_DIR matches; may be repeated (default: text, Markdown and HTML)",
    )
    group.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="no files whose name or path matches"
    )
    add_reading(group)
    group.add_argument(
        "--to",
        action="append",
        default=[],
        choices=OUTPUT_FORMATS,
        help="format of the outputs; may be repeated (default: that of the input)",
    )
    group.add_argument("--summary", type=not_negative, default=0, metavar="N", help="put the N key sentences in front")
    group.add_argument(
        "--force",
        action="store_true",
        help="replace files in OUT_DIR that this batch did not write, or that were changed since",
    )


def _add_cluster(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="translate on a Ray cluster: auto, HOST:PORT or ray://HOST:PORT; without ADDRESS, on one that is started "
        "here, a worker a processor (write --ray last or --ray=ADDRESS; needs the extra 'ray')",
    )
    group.add_argument(
        "--workers",
        type=positive,
        default=0,
        metavar="N",
        help="workers on the cluster (default: one for each of its processors, or for each --threads of them)",
    )


def _add_running(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--memory",
        type=Path,
        metavar="FILE",
        help="translation memory to share with other runs (default: one in OUT_DIR)",
    )
    group.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="folder of the manifest (default: OUT_DIR/.fr2en, or this user's data)",
    )
    group.add_argument("--retry-failed", action="store_true", help="try files again that failed in an earlier run")
    group.add_argument("--fail-fast", action="store_true", help="stop at the first file that fails")
    group.add_argument("--dry-run", action="store_true", help="only say what there is to do and how long it would take")
    group.add_argument("--watch", action="store_true", help="go on with what arrives in IN_DIR, until Ctrl-C")
    group.add_argument("--json", action="store_true", help="tell every event on stdout, one JSON object a line")


def _batch(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.batch import run_batch
    from translate.models import load_engine

    job = _job(args)
    if args.workers and args.ray is None:
        raise UsageError("--workers is for --ray alone", "Processors of this machine are chosen with --threads.")
    # The workers of a cluster load their own; only to estimate is one needed here.
    engine = (
        load_engine(from_args(EngineSettings, args), allow_download=args.download, tell=terminal.note)
        if args.ray is None or args.dry_run
        else None
    )
    if args.dry_run:
        return _estimate(job, engine, args, terminal)
    with ExitStack() as stack:
        brake = stack.enter_context(_brake(terminal))
        manifest, executor = stack.enter_context(_opened(job, engine, args, terminal))
        listener: Listener = Feed(sys.stdout) if args.json else Lines(terminal)
        code = 0
        for _ in _passes(job, args, brake):
            with listener.showing():
                report = run_batch(job, manifest, executor, listener.tell, brake.pulled)
            listener.close(report)
            code = _code(report, job.recipe.settings)
            if report.stopped and args.fail_fast:
                break
    return 128 + brake.number if brake.number else code


@contextmanager
def _opened(job: Job, engine: Any, args: argparse.Namespace, terminal: Terminal) -> Iterator[tuple[Any, Executor]]:
    from translate.batch import MEMORY, locked

    memory = args.memory or job.state / MEMORY
    with locked(job) as manifest, _executor(engine, memory, args, terminal) as executor:
        yield manifest, executor


def _executor(engine: Any, memory: Path, args: argparse.Namespace, terminal: Terminal) -> Executor:
    if args.ray is None:
        from translate.batch import Local

        return Local(engine, memory)
    from translate.batch.cluster import Ray

    settings = from_args(EngineSettings, args)
    workers, download = args.workers, args.download
    return Ray(settings, args.ray, workers=workers, memory=memory, allow_download=download, tell=terminal.note)


def _passes(job: Job, args: argparse.Namespace, brake: _Brake) -> Iterator[None]:
    if not args.watch:
        yield
        return
    from translate.batch.watch import changes

    yield from changes(Path(args.input), brake.pulled, Path(args.output))


def _code(report: Report, settings: Settings) -> int:
    if report.failed:
        return PARTLY_DONE
    return 3 if settings.strict and report.flagged else 0


def _job(args: argparse.Namespace) -> Job:
    from translate.batch import Job, Recipe, Selection, is_address

    inputs, outputs = _folders(args.input, args.output)
    if args.watch and is_address(args.input):
        raise UsageError("--watch needs a folder of this machine", "Run the command again from time to time instead.")
    from translate.batch.watch import SETTLE

    return Job(
        inputs,
        outputs,
        _state(args),
        Recipe(from_args(Settings, args), tuple(dict.fromkeys(args.to)), args.summary, args.encoding, args.read_as),
        Selection(tuple(args.include), tuple(args.exclude)),
        force=args.force,
        retry_failed=args.retry_failed,
        fail_fast=args.fail_fast,
        origin=_place(args.input),
        target=_place(args.output) if args.state is not None else "",
        settle=SETTLE if args.watch else 0.0,
    )


def _place(name: str) -> str:
    """Return the address, or the folder in full, that a folder was named by."""
    from translate.batch import is_address

    return name.rstrip("/") if is_address(name) else str(Path(name).resolve())


def _folders(source: str, target: str) -> tuple[Folder, Folder]:
    from translate.batch import LocalFolder, ObjectFolder, is_address

    if is_address(source) or is_address(target):
        inputs: Folder = ObjectFolder(source, target.rstrip("/")) if is_address(source) else LocalFolder(Path(source))
        if f"{source.rstrip('/')}/".startswith(f"{target.rstrip('/')}/"):
            raise UsageError(
                f"{target}: the place to read is the same or within it",
                "Name a place for the English that does not hold the French.",
            )
        return inputs, ObjectFolder(target) if is_address(target) else LocalFolder(Path(target))
    if not Path(source).is_dir():
        kind = "is no folder" if Path(source).exists() else "there is no such folder"
        raise InputError(f"{source}: {kind}", "Give a folder; a single file is for 'fr2en translate'.")
    real, out = Path(source).resolve(), Path(target).resolve()
    if real == out or real.is_relative_to(out):
        raise UsageError(
            f"{target}: the folder to read is {'the same' if real == out else 'within it'}",
            "Name a folder for the English that does not hold the French.",
        )
    return LocalFolder(Path(source), without=out), LocalFolder(Path(target))


def _state(args: argparse.Namespace) -> Path:
    """Return the folder of the manifest; that of a batch into an object store is this user's."""
    from translate.batch import STATE, is_address

    if args.state is not None:
        return Path(args.state)
    if not is_address(args.output):
        return Path(args.output) / STATE
    from platformdirs import user_data_path

    key = sha256(os.fsencode(args.output.rstrip("/"))).hexdigest()[:16]
    return Path(user_data_path("fr2en", appauthor=False)) / "batch" / key


def _estimate(job: Job, engine: Any, args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.batch import MANIFEST, Manifest
    from translate.batch.estimate import estimate

    path = job.state / MANIFEST
    if path.is_file():
        with Manifest(path, readonly=True) as manifest:
            found = estimate(job, engine, manifest.entry, manifest.totals().pace)
    else:
        found = estimate(job, engine, lambda name: None, 0.0)
    if args.json:
        return _print(json.dumps({"event": "estimate", **asdict(found), "seconds": found.seconds}))
    lines = [f"{_files(found.files)} to translate, {found.words:,} words; {found.unchanged:,} are done already"]
    if found.failed:
        lines.append(f"{_files(found.failed)} failed in an earlier run; --retry-failed tries them again")
    if found.unreadable:
        lines.append(f"{_files(found.unreadable)} cannot be read")
    if found.seconds is not None:
        basis = "measured on a sample" if found.measured else "the pace of earlier runs"
        lines.append(f"about {duration(found.seconds)} at {found.pace:,.0f} words/s ({basis})")
    return _print("\n".join(lines))


def _files(count: int) -> str:
    return f"{count:,} {'file' if count == 1 else 'files'}"


def _status(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.batch import MANIFEST, Failure, Manifest, shown

    with Manifest(_state(args) / MANIFEST, readonly=True) as manifest:
        totals, failed = manifest.totals(), list(manifest.entries("failed"))
    failures = [(entry.name, entry.failure or Failure("failed")) for entry in failed]
    if args.json:
        records = [{"file": shown(name), "error": failure.what, "hint": failure.hint} for name, failure in failures]
        return _print(json.dumps({**asdict(totals), "failures": records}))
    lines = [
        f"done {totals.done:,}   failed {totals.failed:,}   unfinished {totals.unfinished:,}",
        f"{totals.words:,} words; {totals.flagged:,} of {totals.sentences:,} sentences are doubtful",
        *(legible(f"  {shown(name)}: {brief(name, failure.what)}") for name, failure in failures),
    ]
    return _print("\n".join(lines))


def _print(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


class _Brake:
    """What Ctrl-C pulls: at first the batch in flight is finished, at a second time all stops at once."""

    def __init__(self, loud: bool) -> None:
        self.number = 0
        self._loud = loud
        self._before: dict[int, Any] = {}

    def pulled(self) -> bool:
        return bool(self.number)

    def arm(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._pull)

    def disarm(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _pull(self, number: int, frame: FrameType | None) -> None:
        if self.number:
            before = self._before.get(number)
            if callable(before):
                before(number, frame)
            raise KeyboardInterrupt
        self.number = number
        if self._loud:
            # Not through sys.stderr, which the code that was interrupted may be amid using.
            os.write(2, b"fr2en: finishing the batch in flight; again to stop at once\n")


@contextmanager
def _brake(terminal: Terminal) -> Iterator[_Brake]:
    brake = _Brake(terminal.loudness >= 0)
    brake.arm()
    try:
        yield brake
    finally:
        brake.disarm()
