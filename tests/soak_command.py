"""The command under test in the soak: started as a process, watched once a second, killed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The installed command where there is one beside this Python; PYTHONPATH chooses the sources.
FR2EN = shutil.which("fr2en", path=str(Path(sys.executable).parent)) or shutil.which("fr2en") or "fr2en"


def fr2en(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run([FR2EN, *map(str, words)], capture_output=True, text=True, errors="replace", cwd=cwd)


@dataclass(frozen=True)
class Sample:
    """A look at the process: seconds since the soak began, which start of it, resident MiB, files done in all."""

    seconds: float
    start: int
    mib: float
    files: int


@dataclass
class Ledger:
    """What all starts of the command came to."""

    began: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    written: int = 0
    words: int = 0
    seconds: float = 0.0
    peak: float = 0.0
    starts: int = 0


class Batch:
    """One start of ``fr2en batch``; its events are read, and its memory looked at, until it ends."""

    def __init__(self, words: Sequence[str | Path], ledger: Ledger) -> None:
        self.ledger = ledger
        self.translated = self.unchanged = 0
        self.ended: dict[str, Any] | None = None
        ledger.starts += 1
        self._start = ledger.starts
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [FR2EN, "batch", *map(str, words), "--json", "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._errors: list[bytes] = []
        self._threads = [threading.Thread(target=work) for work in (self._read, self._complain, self._watch)]
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        """Tell whether the process has not ended yet."""
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it is not too late."""
        if self.running:
            self._process.send_signal(number)

    def wait(self) -> int:
        """Wait for the end; return the exit code, negative for a signal."""
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        self.ledger.seconds += time.monotonic() - self._began
        return code

    @property
    def complaint(self) -> str:
        """What it said on stderr."""
        return b"".join(self._errors).decode("utf-8", "replace")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                event = json.loads(line)
            except ValueError:  # cut short by the kill
                continue
            kind = event["event"]
            if kind in ("finished", "failed", "unchanged"):
                self.ledger.done.add(event["file"])
            if kind == "finished":
                self.translated += 1
                self.ledger.written += 1
                self.ledger.words += event["words"]
            elif kind == "unchanged":
                self.unchanged += 1
            elif kind == "ended":
                self.ended = event

    def _complain(self) -> None:
        assert self._process.stderr is not None
        self._errors.extend(self._process.stderr)

    def _watch(self) -> None:
        while self.running:
            now, peak = _memory(self._process.pid)
            if now:
                ledger = self.ledger
                ledger.peak = max(ledger.peak, peak)
                ledger.samples.append(Sample(time.monotonic() - ledger.began, self._start, now, len(ledger.done)))
            time.sleep(1)


def _memory(process: int) -> tuple[float, float]:
    """Return MiB resident now and at most so far; zeros for a process that is no more."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    except OSError:
        return 0.0, 0.0
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return tuple(int(found.get(name, "0 kB").split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]
