"""TMX, the exchange format of translation memories, read unit by unit in bounded memory."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from translate.errors import InputError

#: Bytes read at once.
_CHUNK = 1 << 16

#: Elements within a segment whose text is words; that of all others (bpt, ept, ph, it, ut) is an editor's markup.
_WORDS = ("hi", "sub")


@dataclass(frozen=True)
class Unit:
    """A translation unit, the ``number``-th of its file, beginning on ``line``; a side that is missing is empty.

    The texts are as they stand, white space included, without the native codes in them. ``properties`` are the
    unit's own (type, value); ``header`` are the file's.
    """

    french: str
    english: str
    number: int
    line: int
    properties: tuple[tuple[str, str], ...] = ()
    header: tuple[tuple[str, str], ...] = ()


def read_tmx(stream: IO[bytes], name: str) -> Iterator[Unit]:
    """Yield the units of a TMX file, in order; ``name`` stands for it in errors.

    Any version of TMX, in any encoding it declares; the first variant whose language begins with ``fr`` or
    ``en`` counts. A document type is allowed and never fetched. Raises InputError, with the line, for what is
    not well-formed, is not TMX, or defines entities (which can grow a small file beyond any memory).
    """
    reader = _Reader(name)
    try:
        while chunk := stream.read(_CHUNK):
            yield from reader.feed(chunk)
        yield from reader.feed(b"", last=True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise InputError(
            f"{name}, line {error.lineno}, column {error.offset}: not well-formed XML ({what})",
            "Export the translation memory again as TMX 1.4.",
        ) from error
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise InputError(f"{name}, after unit {reader.count}: {error}", "Check that the file is whole.") from error


class _Reader:
    """Collects units as the parser meets their parts; no tree is built."""

    def __init__(self, name: str) -> None:
        self.count = 0
        self._name = name
        self._units: list[Unit] = []
        self._root = ""
        self._header: list[tuple[str, str]] = []
        self._properties: list[tuple[str, str]] | None = None  # a list within a unit
        self._sides: dict[str, str] = {}
        self._line = 0
        self._language: str | None = None  # set within a variant
        self._property: str | None = None  # the type, within a property
        self._in_segment = False
        self._skipped = 0  # elements open around native code
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._unknown_entity

    def feed(self, chunk: bytes, *, last: bool = False) -> list[Unit]:
        """Parse ``chunk`` and return the units that end in it."""
        try:
            self._parser.Parse(chunk, last)
        except (LookupError, ValueError) as error:  # an encoding that Python does not know, or expat cannot read
            raise self._error(str(error), "Convert the file to UTF-8.") from error
        units, self._units = self._units, []
        return units

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if not self._root:
            self._root = tag
            if tag != "tmx":
                raise self._error(f"not TMX but <{tag}>", "Export the translation memory as TMX 1.4.")
        elif self._in_segment:
            if self._skipped or tag not in _WORDS:
                self._skipped += 1
        elif tag == "tu":
            self.count += 1
            self._properties, self._sides, self._line = [], {}, self._parser.CurrentLineNumber
        elif tag == "tuv":
            language = attributes.get("xml:lang") or attributes.get("lang") or ""
            self._language = language.lower().replace("_", "-").partition("-")[0]
        elif tag == "seg" and self._language is not None:
            self._in_segment, self._text = True, []
        elif tag == "prop" and self._language is None:
            self._property, self._text = attributes.get("type", ""), []

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if self._skipped:
            self._skipped -= 1
        elif tag == "seg" and self._language is not None:
            self._in_segment = False
            self._sides.setdefault(self._language, "".join(self._text))
        elif tag == "prop" and self._property is not None:
            own = self._header if self._properties is None else self._properties
            own.append((self._property, "".join(self._text)))
            self._property = None
        elif tag == "tuv":
            self._language = None
        elif tag == "tu" and self._properties is not None:
            french, english = self._sides.get("fr", ""), self._sides.get("en", "")
            properties, header = tuple(self._properties), tuple(self._header)
            self._units.append(Unit(french, english, self.count, self._line, properties, header))
            self._properties = None

    def _characters(self, text: str) -> None:
        if (self._in_segment and not self._skipped) or self._property is not None:
            self._text.append(text)

    def _entity(self, name: str, *_: object) -> None:
        raise self._error(
            f"defines the entity {name!r}, which no translation memory needs", "Take the definition out of the file."
        )

    def _unknown_entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            raise self._error(f"the entity &{name}; is defined nowhere", "Write the character itself in its place.")

    def _error(self, what: str, hint: str) -> InputError:
        return InputError(f"{self._name}, line {self._parser.CurrentLineNumber}: {what}", hint)
