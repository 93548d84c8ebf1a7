"""The values of a batch: files found, items to translate, what became of them, and what is told on the way."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256

from translate.document import Meta
from translate.glossary import NO_GLOSSARY
from translate.memory import Context
from translate.settings import Settings


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells, without reading it, that a file has not changed: size in bytes, time in ns, entity tag."""

    size: int
    modified: int
    tag: str = ""


@dataclass(frozen=True)
class Found:
    """A file of the input folder: its name in it, parts joined by "/", bytes that are no UTF-8 as surrogates."""

    name: str
    stamp: Stamp


@dataclass(frozen=True)
class Recipe:
    """What a file becomes, besides its content and the model: settings, formats (none: its own), key sentences."""

    settings: Settings = field(default_factory=Settings)
    formats: tuple[str, ...] = ()
    summary: int = 0
    encoding: str | None = None
    read_as: str | None = None

    def digest(self, context: Context) -> str:
        """Return the SHA-256 of the recipe and of what decides a sentence (:class:`translate.memory.Context`)."""
        # The context holds what a glossary asks for; its name changes nothing.
        recipe = replace(self, settings=replace(self.settings, glossary=NO_GLOSSARY))
        parts = json.dumps([context.digest, asdict(recipe)], sort_keys=True)
        return sha256(parts.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Item:
    """A file to translate: its name in the folder, where it stands for people to read, its bytes."""

    name: str
    source: str
    data: bytes
    stamp: Stamp
    sha256: str


@dataclass(frozen=True)
class Rendered:
    """One output of a file in ``format``: the chunks, joined, are its bytes."""

    format: str
    chunks: tuple[bytes, ...]


@dataclass(frozen=True)
class Failure:
    """Why a file could not be translated or written, and what to try."""

    what: str
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an item: outputs and counts, or a failure. ``words`` are those of the French text."""

    item: Item
    meta: Meta = field(default_factory=Meta)
    outputs: tuple[Rendered, ...] = ()
    words: int = 0
    sentences: int = 0
    flagged: int = 0
    notes: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True)
class Started:
    """A pass over the folder begins: ``files`` to look at, files of other kinds by their ending."""

    files: int
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Unchanged:
    """A file was translated by an earlier run, and neither it nor the settings have changed."""

    name: str


@dataclass(frozen=True)
class Finished:
    """A file was translated and its outputs are in place; ``renamed`` is the name it had in an earlier run."""

    name: str
    outputs: tuple[str, ...]
    words: int
    sentences: int
    flagged: int
    notes: tuple[str, ...] = ()
    renamed: str = ""


@dataclass(frozen=True)
class Failed:
    """A file could not be translated; ``earlier`` tells that an earlier run found so, and it was not tried again."""

    name: str
    what: str
    hint: str = ""
    earlier: bool = False


@dataclass(frozen=True)
class Gone:
    """A file was there when the folder was listed, and no more when it was to be read."""

    name: str


@dataclass(frozen=True)
class Report:
    """A pass over the folder, in numbers; ``seconds`` of wall clock; ``stopped`` before all files were done."""

    unchanged: int = 0
    translated: int = 0
    failed: int = 0
    gone: int = 0
    words: int = 0
    sentences: int = 0
    flagged: int = 0
    seconds: float = 0.0
    stopped: bool = False
    failures: tuple[Failed, ...] = ()


Event = Started | Unchanged | Finished | Failed | Gone
