"""The soak: a folder of thousands of articles translated by the real command, amid everything that can go wrong.

    python tests/soak.py --articles 20000 --folder /var/tmp/soak --report docs/reliability

It makes the articles, starts ``fr2en batch``, and in the first half of the run kills it (SIGKILL), ends it (SIGTERM),
damages outputs and the manifest's log, and touches, rewrites, renames and removes inputs; the second half is left
alone, so that its memory tells of growth. At the end every file is accounted for. Needs Linux (/proc) and, to fill a
small disk, the right to mount one. Exit code 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from soak_articles import HEADLINES, SENTENCES, Press, write_folder
from soak_checks import Account, check, output_of
from soak_command import Batch, Ledger, fr2en
from soak_memory import growth_of, plot

#: Partly done: the bad files of the soak fail, as they must.
PARTLY = 7

#: MiB by which the memory may be higher in the last quarter of the undisturbed half than in its second quarter.
GROWTH = 32.0

#: Bytes of the small disk, and what the filler leaves free on it at first.
DISK, LEFT = 24 << 20, 600 << 10


@dataclass
class Tally:
    """What was done to the run, in numbers."""

    kills: int = 0
    terminated: int = 0
    resumed: int = 0
    truncated: int = 0
    deleted: int = 0
    logs_damaged: int = 0
    manifests_rebuilt: int = 0
    touched: int = 0
    rewritten: int = 0
    renamed: int = 0
    vanished: int = 0


@dataclass
class Soak:
    """The state of a soak: the folders, what is in them, what went wrong."""

    folder: Path
    press: Press
    goodness: dict[str, bool]
    chance: random.Random
    ledger: Ledger = field(default_factory=Ledger)
    tally: Tally = field(default_factory=Tally)
    vanished: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> Path:
        """Where the French lies."""
        return self.folder / "in"

    @property
    def outputs(self) -> Path:
        """Where the English goes."""
        return self.folder / "out"

    def start(self) -> Batch:
        """Start the same command as ever."""
        return Batch([self.inputs, self.outputs], self.ledger)

    def some(self, count: int, *, changed: bool = True) -> list[str]:
        """Return names of good files, each ``changed`` once at most: what comes of two changes at once is too open."""
        good = sorted(name for name, is_good in self.goodness.items() if is_good and name not in self.changed)
        # A small soak keeps most of its files as they are.
        most = len(self.goodness) // 30 if changed else len(good)
        chosen = self.chance.sample(good, min(count, most, len(good)))
        self.changed |= set(chosen) if changed else set()
        return chosen

    def written(self, count: int) -> list[Path]:
        """Return outputs that are there already, and are changed now."""
        there = [name for name in self.some(10 * count, changed=False) if (self.outputs / output_of(name)).is_file()]
        self.changed |= set(there[:count])
        return [self.outputs / output_of(name) for name in there[:count]]


def main() -> int:
    """Run the soak and report; 1 where anything was lost."""
    args = _arguments()
    inputs = args.folder / "in"
    if args.folder.exists() and any(args.folder.iterdir()):
        sys.exit(f"{args.folder}: is not empty")
    press = Press(args.seed)
    soak = Soak(args.folder, press, write_folder(press, args.articles, inputs), random.Random(args.seed))
    _say(f"{len(soak.goodness):,} files in {inputs}")
    _run(soak, args.kills)
    again = _again(soak)
    full = _fill_disk(soak)
    _say(f"checking; so far {soak.tally}, {len(soak.problems)} problems, peak {soak.ledger.peak:.0f} MiB")
    account = check(inputs, soak.outputs, soak.goodness, frozenset(soak.vanished), args.seed)
    growth = growth_of(soak.ledger.samples)
    if growth is not None and growth > GROWTH:
        soak.problems.append(f"memory grew by {growth:.0f} MiB in the undisturbed half")
    lost = soak.problems + account.losses
    report = _report(soak, account, {**again, "full_disk": full, "growth_mib": growth, "seed": args.seed})
    args.report.mkdir(parents=True, exist_ok=True)
    (args.report / "soak.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if not plot(soak.ledger.samples, args.report / "soak.svg"):
        _say("no plot: it needs matplotlib, of the extra 'train'")
    for name, value in report.items():
        if name != "samples":
            _say(f"{name}: {value}")
    for line in lost[:50]:
        _say(f"LOST {line}")
    return 1 if lost else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Translate thousands of invented articles while everything goes wrong, and account for every file."
    )
    parser.add_argument("--articles", type=int, default=20_000, metavar="N", help="files to make (default: 20000)")
    parser.add_argument("--folder", type=Path, required=True, metavar="DIR", help="an empty folder to work in")
    parser.add_argument("--report", type=Path, required=True, metavar="DIR", help="where soak.json and soak.svg go")
    parser.add_argument("--kills", type=int, default=10, metavar="K", help="SIGKILLs in the run (default: 10)")
    parser.add_argument("--seed", type=int, default=1, help="decides the articles and what goes wrong when")
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def _run(soak: Soak, kills: int) -> None:
    """Run the command to the end of the folder, with all that goes wrong on the way in its first half."""
    total = len(soak.goodness)
    faults = _plan(soak, kills)
    marks = sorted(soak.chance.uniform(0.0, 0.5) * total for _ in faults)
    batch = soak.start()
    for mark, fault in zip(marks, faults, strict=True):
        while batch.running and len(soak.ledger.done) < mark:
            time.sleep(0.1)
        if not batch.running:
            _ended(soak, batch)
            batch = soak.start()
        time.sleep(soak.chance.uniform(0, 4))
        _say(f"{len(soak.ledger.done):,} files: {fault.__name__.strip('_')}")
        batch = fault(soak, batch)
    _say(f"{len(soak.ledger.done):,} files: undisturbed from here")
    _ended(soak, batch)


def _plan(soak: Soak, kills: int) -> list[Callable[[Soak, Batch], Batch]]:
    """Return what goes wrong, in the order in which it does."""
    killings: tuple[Callable[[Soak, Batch], Batch], ...] = (
        _kill,
        _kill_and_truncate,
        _kill_and_delete,
        _kill_and_damage_log,
    )
    faults: list[Callable[[Soak, Batch], Batch]] = [killings[number % len(killings)] for number in range(kills)]
    faults += [_terminate, _terminate, _touch, _rewrite, _rename, _remove, _rewrite, _rename, _remove]
    soak.chance.shuffle(faults)
    return faults


def _ended(soak: Soak, batch: Batch) -> None:
    """Wait for a start of the command that was left alone; where the manifest is damaged, do as it says."""
    code = batch.wait()
    if code == 4 and "the manifest is damaged" in batch.complaint:
        soak.tally.manifests_rebuilt += 1
        for path in (soak.outputs / ".fr2en").glob("manifest.sqlite*"):
            path.unlink()
        _ended(soak, soak.start())
    elif code not in (0, PARTLY):
        soak.problems.append(f"exit code {code}: {batch.complaint.strip()[-500:]}")


def _resumed(soak: Soak) -> Batch:
    soak.tally.resumed += 1
    return soak.start()


def _kill(soak: Soak, batch: Batch) -> Batch:
    _killed(soak, batch)
    return _resumed(soak)


def _killed(soak: Soak, batch: Batch) -> None:
    batch.send(signal.SIGKILL)
    if batch.wait() == -signal.SIGKILL:
        soak.tally.kills += 1
    else:
        soak.problems.append(f"ended before it was killed: {batch.complaint.strip()[-500:]}")


def _kill_and_truncate(soak: Soak, batch: Batch) -> Batch:
    _killed(soak, batch)
    for path in soak.written(20):
        os.truncate(path, path.stat().st_size // 2)
        soak.tally.truncated += 1
    return _resumed(soak)


def _kill_and_delete(soak: Soak, batch: Batch) -> Batch:
    _killed(soak, batch)
    for path in soak.written(20):
        path.unlink()
        soak.tally.deleted += 1
    return _resumed(soak)


def _kill_and_damage_log(soak: Soak, batch: Batch) -> Batch:
    """Kill, and flip bytes in the manifest's write-ahead log, as a failing disk might."""
    _killed(soak, batch)
    log = soak.outputs / ".fr2en" / "manifest.sqlite-wal"
    size = log.stat().st_size if log.is_file() else 0
    if size:
        with log.open("r+b") as file:
            for _ in range(16):
                file.seek(soak.chance.randrange(size))
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes((byte[0] ^ 0xFF,)))
        soak.tally.logs_damaged += 1
    return _resumed(soak)


def _terminate(soak: Soak, batch: Batch) -> Batch:
    """End the command as a machine that shuts down does: it must leave nothing unfinished."""
    batch.send(signal.SIGTERM)
    code = batch.wait()
    if code == 128 + signal.SIGTERM:
        soak.tally.terminated += 1
    else:
        soak.problems.append(f"SIGTERM: exit code {code}: {batch.complaint.strip()[-500:]}")
    return _resumed(soak)


def _touch(soak: Soak, batch: Batch) -> Batch:
    for name in soak.some(40, changed=False):
        os.utime(soak.inputs / name)
        soak.tally.touched += 1
    return batch


def _rewrite(soak: Soak, batch: Batch) -> Batch:
    """Give files another text, in two halves, while the command may be reading them."""
    for number, name in enumerate(soak.some(40)):
        data = soak.press.text(10**6 + number + soak.tally.rewritten).encode()
        with (soak.inputs / name).open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            time.sleep(0.05)
            file.write(data[len(data) // 2 :])
        soak.tally.rewritten += 1
    return batch


def _rename(soak: Soak, batch: Batch) -> Batch:
    for name in soak.some(40):
        stem, ending = os.path.splitext(name)  # noqa: PTH122 (undecodable names stay as they are)
        new = f"{stem} renommé{ending}"
        (soak.inputs / name).rename(soak.inputs / new)
        soak.goodness[new] = soak.goodness.pop(name)
        soak.changed.add(new)
        soak.tally.renamed += 1
    return batch


def _remove(soak: Soak, batch: Batch) -> Batch:
    for name in soak.some(20):
        (soak.inputs / name).unlink()
        del soak.goodness[name]
        soak.vanished.add(name)
        soak.tally.vanished += 1
    return batch


def _again(soak: Soak) -> dict[str, object]:
    """Run the command until it finds nothing to do: what changed behind its back is done by the first of these."""
    for number in range(1, 4):
        began = time.monotonic()
        batch = soak.start()
        _ended(soak, batch)
        if batch.translated == 0:
            return {"runs_until_nothing_was_left": number, "seconds_to_find_nothing": time.monotonic() - began}
    soak.problems.append("a run with nothing to do still translated")
    return {"runs_until_nothing_was_left": None, "seconds_to_find_nothing": None}


def _fill_disk(soak: Soak) -> str:
    """Translate 200 files to a small disk that fills up; make room; go on; compare. Return what came of it."""
    disk, source = soak.folder / "disk", soak.folder / "few"
    disk.mkdir()
    mounting = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], capture_output=True)
    if mounting.returncode:
        return "skipped: mounting a small disk needs root"
    try:
        chosen = [name for name in soak.some(200, changed=False) if (soak.outputs / output_of(name)).is_file()]
        for name in chosen:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(soak.inputs / name, source / name)
        filler = disk / "filler"
        filler.write_bytes(bytes(DISK - LEFT))
        words = ("batch", "-q", source, disk / "out", "--memory", soak.outputs / ".fr2en" / "memory.sqlite")
        first = fr2en(*words)
        made = sum(1 for _ in (disk / "out").rglob("*.en.*")) if (disk / "out").exists() else 0
        filler.unlink()
        second = fr2en(*words)
        if first.returncode != 6 or second.returncode != 0:
            soak.problems.append(
                f"full disk: exit codes {first.returncode}, {second.returncode}: {first.stderr[-400:]}"
            )
        for name in chosen:
            wanted, found = soak.outputs / output_of(name), disk / "out" / output_of(name)
            if not found.is_file() or found.read_bytes() != wanted.read_bytes():
                soak.problems.append(f"full disk: not as elsewhere: {name!r}")
        return f"full after {made} of {len(chosen)} files; with room made, the same command did the rest"
    finally:
        subprocess.run(["umount", disk], check=False)


def _report(soak: Soak, account: Account, more: dict[str, object]) -> dict[str, object]:
    ledger = soak.ledger
    every = max(1, len(ledger.samples) // 400)
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, {len(os.sched_getaffinity(0))} CPU",
        "version": _version(),
        "files": len(soak.goodness),
        "distinct_sentences": SENTENCES,
        "distinct_headlines": HEADLINES,
        "words": ledger.words,
        "seconds": round(ledger.seconds),
        "words_per_second": round(ledger.words / ledger.seconds),
        "files_written": ledger.written,
        "starts": ledger.starts,
        "peak_mib": round(ledger.peak),
        **more,
        **asdict(soak.tally),
        **{name: value for name, value in asdict(account).items() if name != "losses"},
        "problems": soak.problems,
        "lost": account.losses,
        "losses": len(account.losses),
        "samples": [f"{s.seconds:.0f} {s.start} {s.mib:.1f} {s.files}" for s in ledger.samples[::every]],
    }


def _version() -> str:
    told = fr2en("--version")
    return (told.stdout + told.stderr).strip()


if __name__ == "__main__":
    sys.exit(main())
