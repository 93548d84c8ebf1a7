"""How a batch is shown while it runs: a bar on a terminal, a line now and then elsewhere, or JSON for scripts."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from translate.cli.terminal import Terminal, legible
from translate.errors import OutputError

if TYPE_CHECKING:
    from translate.batch import Event, Report

#: Seconds between two lines where there is no terminal.
INTERVAL = 30.0

#: Kinds of files passed over that are named.
_KINDS = 8

#: Failures that the closing table lists; 'fr2en batch status' lists all.
LISTED = 20


class Listener(Protocol):
    """Who is told of the events of a batch."""

    def showing(self) -> Any:
        """Return a context in which a pass is shown."""
        ...

    def tell(self, event: Event) -> None:
        """Show an event."""
        ...

    def close(self, report: Report) -> None:
        """Show what a pass came to."""
        ...


class Feed:
    """Every event as a JSON object on a line of its own; from the second pass on, only what is new."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._passes = 0

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Need nothing."""
        yield

    def tell(self, event: Event) -> None:
        """Write the event; ``file`` is the name in IN_DIR, bytes that are no UTF-8 as ``\\xNN``."""
        from translate.batch import Failed, Finished, Started, Unchanged, shown

        self._passes += isinstance(event, Started)
        if self._passes > 1 and (isinstance(event, Unchanged) or (isinstance(event, Failed) and event.earlier)):
            return
        record: dict[str, Any] = {"event": type(event).__name__.lower()}
        if isinstance(event, Started):
            record |= {"files": event.files, "others": dict(event.others)}
        else:
            record["file"] = shown(event.name)
        if isinstance(event, Failed):
            record |= {"error": event.what, "hint": event.hint, "earlier": event.earlier}
        if isinstance(event, Finished):
            record |= {
                "outputs": [shown(name) for name in event.outputs],
                "words": event.words,
                "sentences": event.sentences,
                "flagged": event.flagged,
                "notes": list(event.notes),
                "renamed": shown(event.renamed),
            }
        self._put(record)

    def close(self, report: Report) -> None:
        """Write the numbers of the pass."""
        names = "unchanged translated failed gone words sentences flagged seconds stopped".split()
        self._put({"event": "ended", **{name: getattr(report, name) for name in names}})

    def _put(self, record: dict[str, Any]) -> None:
        try:
            self._stream.write(json.dumps(record) + "\n")  # in ASCII: whatever the encoding of stdout, it is JSON
            self._stream.flush()
        except BrokenPipeError as error:
            what = "standard output: nobody reads the events any more"
            raise OutputError(what, "The work was stopped; the same command goes on from here.") from error


class Lines:
    """For people: a bar on a terminal, else a line every :data:`INTERVAL` seconds; a table at the end."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._bar: Any = None
        self._task: Any = None
        self._began = self._said = time.monotonic()
        self._files = self._seen = self._words = self._noted = self._passes = 0
        self._others: tuple[tuple[str, int], ...] = ()

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Draw the bar while the pass runs, where somebody sees it."""
        self._passes += 1
        self._began = self._said = time.monotonic()
        self._files = self._seen = self._words = self._noted = 0
        if self._terminal.loudness < 0 or not sys.stderr.isatty():
            yield
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            *(TextColumn("translating"), BarColumn(), MofNCompleteColumn(), TextColumn("files")),
            *(TextColumn("{task.fields[pace]}"), TimeRemainingColumn()),
        )
        with Progress(*columns, console=self._terminal.console(), transient=True, speed_estimate_period=300) as bar:
            self._bar, self._task = bar, bar.add_task("", total=None, pace="")
            try:
                yield
            finally:
                self._bar = None

    def tell(self, event: Event) -> None:
        """Count the event; say at once what failed, and where files of other kinds are passed over."""
        from translate.batch import Failed, Finished, Started, shown

        if isinstance(event, Started):
            self._files = event.files
            if event.others and event.others != self._others:
                kinds = [f"{kind} {count:,}" for kind, count in event.others[:_KINDS]]
                more = sum(count for _, count in event.others[_KINDS:])
                self._say(f"passed over: {', '.join([*kinds, f'others {more:,}'] if more else kinds)}")
            self._others = event.others
            self._draw()
            return
        self._seen += 1
        if isinstance(event, Finished):
            self._words += event.words
            self._noted += bool(event.notes)
            for note in event.notes:
                self._say(f"{shown(event.name)}: {note}", level=1)
        if isinstance(event, Failed) and not event.earlier:
            self._say(f"failed: {shown(event.name)}: {brief(event.name, event.what)}")
        self._draw()

    def _draw(self) -> None:
        seconds = time.monotonic() - self._began
        pace = f"{self._words / seconds:,.0f} words/s" if seconds > 1 else ""
        if self._bar is not None:
            self._bar.update(self._task, completed=self._seen, total=self._files, pace=pace)
        elif time.monotonic() - self._said >= INTERVAL:
            self._said = time.monotonic()
            left = duration(seconds / max(1, self._seen) * max(0, self._files - self._seen))
            self._say(f"{self._seen:,} of {self._files:,} files, {pace}, about {left} left")

    def _say(self, text: str, level: int = 0) -> None:
        text = legible(text)
        if self._bar is not None and self._terminal.loudness >= level:
            self._bar.console.print(f"fr2en: {text}", markup=False)
        else:
            self._terminal.note(text, level=level)

    def close(self, report: Report) -> None:
        """Say what the pass came to, the failures in a table; of a pass that found nothing new, nothing."""
        if self._passes > 1:
            new = tuple(failed for failed in report.failures if not failed.earlier)
            if not (report.translated or report.gone or report.stopped or new):
                return
            report = replace(report, failures=new)
        if report.failures and self._terminal.loudness >= 0:
            self._table(report)
        pace = f", {report.words / report.seconds:,.0f} words/s" if report.words else ""
        parts = [f"{report.translated:,} translated", f"{report.unchanged:,} unchanged", f"{report.failed:,} failed"]
        parts += [f"{report.gone:,} gone before they were read"] if report.gone else []
        self._terminal.note(f"{', '.join(parts)}; {duration(report.seconds)}{pace}")
        if report.flagged:
            self._terminal.note(
                f"{report.flagged:,} of {report.sentences:,} sentences are doubtful (--to json has them)"
            )
        if self._noted and self._terminal.loudness == 0:
            self._terminal.note(
                f"{self._noted:,} {'file' if self._noted == 1 else 'files'} with remarks (-v tells them)"
            )
        if report.stopped:
            self._terminal.note("stopped before the end; the same command goes on from here")

    def _table(self, report: Report) -> None:
        from rich.table import Table

        from translate.batch import shown

        table = Table("file", "what went wrong", "what to try", title="Failed")
        for failed in report.failures[:LISTED]:
            table.add_row(*map(_plain, (shown(failed.name), brief(failed.name, failed.what), failed.hint)))
        console = self._terminal.console()
        console.print(table)
        if report.failed > LISTED:
            self._terminal.note(f"and {report.failed - LISTED:,} more: 'fr2en batch status' lists all")


def brief(name: str, what: str) -> str:
    """Return what went wrong without the name of the file, where it is told beside it."""
    before, colon, rest = what.partition(": ")
    return rest if colon and before.endswith(name.encode("utf-8", "backslashreplace").decode("utf-8")) else what


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(legible(text))


def duration(seconds: float) -> str:
    """Return seconds as people say them: 45 s, 12 min, 3 h 20 min, 2 days 4 h."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days {hours % 24} h"
