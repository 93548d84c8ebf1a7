"""What the user sees besides the result: notes, errors and progress, all on stderr."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

    from translate.errors import Fr2enError
    from translate.sentences import Progress

#: Seconds of work before a progress bar appears: shorter work is over before it could be read.
PATIENCE = 1.0

#: What a file's name may do to a terminal.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Terminal:
    """Notes and progress on stderr at the loudness asked for (-1 quiet, 0 normal, 1 and up verbose)."""

    def __init__(self, loudness: int = 0) -> None:
        self.loudness = loudness

    def console(self) -> Console:
        """Return a rich console on the present stderr; it honours NO_COLOR and files by itself."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    def note(self, text: str, *under: str, level: int = 0) -> None:
        """Print a line, and lines under it, unless the user asked for less."""
        if self.loudness >= level:
            _say("".join(f"{line}\n" for line in (f"fr2en: {legible(text)}", *map(_indented, under))))

    def error(self, error: Fr2enError) -> None:
        """Print what went wrong and what to try."""
        self.note(f"error: {error.what}", *([error.hint] if error.hint else []), level=-1)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress | None]:
        """Yield a callback (done, total) that draws a bar from one second on; None where nobody would see it."""
        if self.loudness < 0 or not sys.stderr.isatty():
            yield None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Bar(*columns, console=self.console(), transient=True)
        task = bar.add_task(what, total=None)
        timer = threading.Timer(PATIENCE, bar.start)
        timer.daemon = True
        timer.start()
        try:
            yield lambda done, total: bar.update(task, completed=done, total=total)
        finally:
            timer.cancel()
            timer.join()
            bar.stop()


def legible(text: str) -> str:
    """Return text that does nothing to a terminal: control characters, as a file's name may hold, as ``\\xNN``."""
    return text.translate(_CONTROLS)


def _indented(line: str) -> str:
    return f"       {legible(line)}"


def _say(text: str) -> None:
    """Write to stderr; a full disk or a pipe that nobody reads there is no reason to stop the work."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Lead a stream that cannot be written to nowhere: Python would complain once more when it closes it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Stopwatch:
    """Wall-clock seconds by stage, in the order in which the stages ended."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block as ``name``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
