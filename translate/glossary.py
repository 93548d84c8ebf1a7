"""A reader's glossary: French terms and the English that a translation must have for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Entry:
    """A French term and its English: the first is what is asked for, each is accepted."""

    french: str
    english: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """Entries in order; ``name`` is the file's, for people to read. Without entries it asks for nothing."""

    entries: tuple[Entry, ...] = ()
    name: str = ""

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the entries in hexadecimal, empty without any; the name does not count."""
        parts = [[entry.french, *entry.english] for entry in self.entries]
        return sha256(json.dumps(parts).encode("ascii")).hexdigest() if parts else ""

    def __hash__(self) -> int:
        """Hash the checksum, which is computed once: a glossary is looked up for every sentence."""
        return hash(self.checksum)


#: What is used where no glossary is given.
NO_GLOSSARY = Glossary()
