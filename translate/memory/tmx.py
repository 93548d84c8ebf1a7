"""A translation memory as TMX 1.4, to and from the editors that translators use; both ways streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from translate.document import Flag
from translate.errors import InputError
from translate.memory.context import Context
from translate.memory.intake import ImportReport, Intake
from translate.memory.payload import Payload, from_json, to_json
from translate.memory.snapshot import Approved, Entry
from translate.memory.store import Memory
from translate.read.tmx import Unit, read_tmx

#: Properties of a unit that the machine translated: by which model, with which doubts; in which context (its
#: checksum), and all that the memory knows of it, as JSON. The header describes each context once.
MODEL, FLAGS, CONTEXT, SEGMENT = "x-fr2en-model", "x-fr2en-flags", "x-fr2en-context", "x-fr2en-segment"

#: What XML 1.0 cannot hold in any spelling.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: White space that editors add or change; no-break spaces are left alone.
_BLANKS = re.compile(r"[ \t\r\n]+")

#: Bytes gathered before they are handed on.
_CHUNK = 1 << 16


@dataclass(frozen=True)
class ExportReport:
    """What was exported: units that people approved, units of the machine's; ``dropped`` counts the control
    characters that XML cannot hold, left out of the texts of ``damaged`` units."""

    approved: int = 0
    machine: int = 0
    dropped: int = 0
    damaged: int = 0


class TmxExport:
    """A memory as a TMX file: iterate once for its bytes, then ask for the :attr:`report`.

    What people approved comes first, then the machine translations, each with its model and its doubts.
    """

    def __init__(self, memory: Memory) -> None:
        self.report = ExportReport()
        self._memory = memory

    def __iter__(self) -> Iterator[bytes]:
        pending: list[str] = []
        size = 0
        for text in self._texts():
            pending.append(text)
            size += len(text)
            if size >= _CHUNK:
                yield "".join(pending).encode("utf-8")
                pending, size = [], 0
        yield "".join(pending).encode("utf-8")

    def _texts(self) -> Iterator[str]:
        with self._memory.snapshot() as snapshot:
            yield _header(snapshot.contexts())
            for pair in snapshot.approved():
                self.report = replace(self.report, approved=self.report.approved + 1)
                yield self._unit(pair.source, pair.target, pair)
            for entry in snapshot.entries():
                self.report = replace(self.report, machine=self.report.machine + 1)
                yield self._unit(entry.payload.text, entry.payload.segment.target, entry)
        yield "</body>\n</tmx>\n"

    def _unit(self, french: str, english: str, kept: Approved | Entry) -> str:
        dropped = len(_ILLEGAL.findall(french)) + len(_ILLEGAL.findall(english))
        if dropped:
            report = self.report
            self.report = replace(report, dropped=report.dropped + dropped, damaged=report.damaged + 1)
        used = datetime.fromtimestamp(kept.used / 1000, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        lines = "".join(_property(kind, value) for kind, value in _properties(kept))
        return (
            f'<tu usagecount="{kept.hits}" lastusagedate="{used}">\n{lines}'
            f'<tuv xml:lang="fr"><seg>{_escaped(french)}</seg></tuv>\n'
            f'<tuv xml:lang="en"><seg>{_escaped(english)}</seg></tuv>\n</tu>\n'
        )


def import_tmx(memory: Memory, path: Path) -> ImportReport:
    """Take the units of a TMX file in, all of them or, where anything fails, none.

    A unit with both languages is an approved translation, which stands for every context; of several with one
    French text the last counts. A unit that fr2en exported as a machine translation is put back as what it
    was; one that was changed since is approved. Raises InputError, with the line, for a file that cannot be
    read or is no TMX.
    """
    with _opened(path) as stream, Intake(memory) as intake:
        for unit in read_tmx(stream, str(path)):
            _take(unit, intake)
        return intake.merge()


def check_tmx(path: Path) -> None:
    """Read a TMX file to its end; raises as :func:`import_tmx`."""
    with _opened(path) as stream:
        for _ in read_tmx(stream, str(path)):
            pass


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", "Check the path.") from error


def _take(unit: Unit, intake: Intake) -> None:
    french, english = _trimmed(unit.french), _trimmed(unit.english)
    properties = dict(unit.properties)
    if MODEL in properties:
        found = _machine_entry(unit, properties)
        if found is None:
            intake.incomplete += 1
            return
        context, payload = found
        if (french, english) == (_shown(payload.text), _shown(payload.segment.target)):
            intake.restore(context, payload)
            return
    if french and english:
        intake.approve(french, english)
    else:
        intake.one_sided += 1


def _machine_entry(unit: Unit, properties: dict[str, str]) -> tuple[Context, Payload] | None:
    """Return what the machine had made of a unit; None where the file does not hold all of it."""
    context = _contexts(unit.header).get(properties.get(CONTEXT, ""))
    try:
        return (context, from_json(properties[SEGMENT])) if context else None
    except (KeyError, ValueError):
        return None


@lru_cache(maxsize=1)
def _contexts(header: tuple[tuple[str, str], ...]) -> dict[str, Context]:
    found = {}
    for kind, value in header:
        if kind == CONTEXT:
            try:
                context = Context.from_json(value)
            except ValueError:
                continue  # units that need it are counted as incomplete
            found[context.digest] = context
    return found


def _header(contexts: tuple[Context, ...]) -> str:
    described = "".join(_property(CONTEXT, context.to_json()) for context in contexts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="fr2en" creationtoolversion={quoteattr(version("fr2en"))} segtype="sentence" '
        f'o-tmf="fr2en" adminlang="en" srclang="fr" datatype="plaintext">\n{described}</header>\n<body>\n'
    )


def _properties(kept: Approved | Entry) -> Iterator[tuple[str, str]]:
    if isinstance(kept, Approved):
        return
    context, segment = kept.context, kept.payload.segment
    yield MODEL, f"{context.model} {context.checksum[:12]}".strip()
    if segment.flags:
        yield FLAGS, "; ".join(map(_doubt, segment.flags))
    yield CONTEXT, context.digest
    yield SEGMENT, to_json(kept.payload, ascii_only=True)


def _doubt(flag: Flag) -> str:
    return f"{flag.check}: {flag.detail}"


def _property(kind: str, value: str) -> str:
    return f'<prop type="{kind}">{_escaped(value)}</prop>\n'


def _escaped(text: str) -> str:
    """Return ``text`` for XML; a carriage return would come back as a line end if it were not spelt out."""
    return escape(_ILLEGAL.sub("", text), {"\r": "&#13;"})


def _shown(text: str) -> str:
    """Return ``text`` as it comes back from an export."""
    return _trimmed(_ILLEGAL.sub("", text))


def _trimmed(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")
