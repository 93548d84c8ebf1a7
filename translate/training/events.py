"""What happens in a training, as values: for a display, and, one JSON object a line, for the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from translate.errors import InputError
from translate.training.disk import writing
from translate.training.filters import Drop, FilterReport
from translate.write.atomic import write_stream


@dataclass(frozen=True)
class Note:
    """Something the user should know."""

    text: str


@dataclass(frozen=True)
class Prepared:
    """The corpus is ready: pairs of both mixes, copies counted, and the main one's target pieces."""

    pairs: int
    final_pairs: int
    target_pieces: int
    report: FilterReport


@dataclass(frozen=True)
class Progress:
    """The mean of the steps since the last of these.

    ``loss`` is the cross-entropy of a target piece in nats (over the candidates, under a sampled softmax),
    ``guide`` that of the alignment, ``rate`` the learning rate's share of its height, ``fraction`` the
    share of the budget used.
    """

    step: int
    tokens: int
    seconds: float
    tokens_per_second: float
    loss: float
    guide: float
    rate: float
    fraction: float


@dataclass(frozen=True)
class Scores:
    """Corpus scores, 0 to 100, each with the signature that says how it was computed."""

    bleu: float
    bleu_signature: str
    chrf: float
    chrf_signature: str


@dataclass(frozen=True)
class Scored:
    """Scores on the development set: ``what`` is the weights scored (training, last, average)."""

    step: int
    tokens: int
    seconds: float
    lines: int
    beam: int
    bleu: float
    bleu_signature: str
    chrf: float
    chrf_signature: str
    what: str = "training"


@dataclass(frozen=True)
class Saved:
    """A checkpoint was written."""

    step: int
    path: str


@dataclass(frozen=True)
class Stopped:
    """The loop ended: ``reason`` is 'budget' or 'interrupted'."""

    step: int
    tokens: int
    seconds: float
    reason: str


@dataclass(frozen=True)
class Exported:
    """The model was written; ``agreeing`` of ``compared`` lines came out alike from both engines."""

    path: str
    what: str
    sha256: str
    compared: int
    agreeing: int


Event: TypeAlias = Note | Prepared | Progress | Scored | Saved | Stopped | Exported
OnEvent = Callable[[Event], None]
_KINDS = (Note, Prepared, Progress, Scored, Saved, Stopped, Exported)


def scored(scores: Scores, step: int, tokens: int, seconds: float, lines: int, beam: int, what: str) -> Scored:
    """Return scores as an event."""
    return Scored(
        step=step,
        tokens=tokens,
        seconds=seconds,
        lines=lines,
        beam=beam,
        bleu=scores.bleu,
        bleu_signature=scores.bleu_signature,
        chrf=scores.chrf,
        chrf_signature=scores.chrf_signature,
        what=what,
    )


def ignore(event: Event) -> None:
    """Do nothing with an event."""


class Log:
    """A JSONL file of events; whole lines only, also after a kill."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, event: Event) -> None:
        """Append an event."""
        with writing(self._path), self._path.open("a", encoding="utf-8") as stream:
            stream.write(_line(event))

    def forget_after(self, step: int) -> None:
        """Drop what was logged after a checkpoint's step, and a line cut short: those steps come again."""
        if not self._path.exists():
            return
        kept = [event for event in read_log(self._path) if not _superseded(event, step)]
        write_stream((_line(event).encode() for event in kept), self._path, force=True)


def _superseded(event: Event, step: int) -> bool:
    # What follows the end of a training is done anew whenever it ends.
    ending = isinstance(event, Exported) or (isinstance(event, Scored) and event.what != "training")
    return ending or getattr(event, "step", 0) > step


def read_log(path: Path) -> list[Event]:
    """Return the events of a log; a line cut short at its end is ignored, other damage an InputError."""
    # Bytes: text may hold other line ends (U+2028), and a line may be cut within a character.
    lines = path.read_bytes().splitlines(keepends=True)
    events: list[Event] = []
    for number, line in enumerate(lines, 1):
        try:
            events.append(_event(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if number == len(lines) and not line.endswith(b"\n"):
                break
            raise InputError(
                f"{path}, line {number}: no event of a training ({error})", "Take that line out, or begin again."
            ) from error
    return events


def _line(event: Event) -> str:
    return json.dumps({"event": type(event).__name__.lower(), **asdict(event)}, ensure_ascii=False) + "\n"


def _event(values: dict[str, Any]) -> Event:
    kind = {k.__name__.lower(): k for k in _KINDS}[values.pop("event")]
    return prepared(values) if kind is Prepared else kind(**values)


def prepared(values: dict[str, Any]) -> Prepared:
    """Return the event of its fields; raises ValueError, KeyError or TypeError for other values."""
    report = values["report"]
    kept = tuple((str(name), int(count)) for name, count in report["kept"])
    dropped = tuple(Drop(**{**drop, "count": int(drop["count"])}) for drop in report["dropped"])
    pairs, final_pairs, target_pieces = (int(values[name]) for name in ("pairs", "final_pairs", "target_pieces"))
    return Prepared(pairs, final_pairs, target_pieces, FilterReport(kept, dropped))
