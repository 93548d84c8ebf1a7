"""What decides a translation besides the sentence, and the keys that entries are found by."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from hashlib import blake2b, sha256
from importlib.metadata import version
from pathlib import Path

from translate.engines import EngineInfo
from translate.settings import Settings
from translate.typography import normalise

#: Bytes of a key: among ten million entries, two share one with a chance of 1 in 10^24.
KEY_BYTES = 16


@dataclass(frozen=True)
class Context:
    """All that decides what a sentence becomes, besides the sentence; only entries of the same one are recalled.

    ``versions`` are the libraries that compute; ``glossary`` is the checksum of the terms asked for, empty
    without any. ``model`` is its name, for people to read: the checksum decides.
    """

    fr2en: str
    checksum: str
    engine: str
    device: str
    compute_type: str
    versions: tuple[tuple[str, str], ...]
    beam: int
    alternatives: int
    quotes: str
    retry: bool
    glossary: str = ""
    model: str = field(default="", compare=False)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of every field that decides, in hexadecimal."""
        parts = {f.name: getattr(self, f.name) for f in fields(self) if f.compare}
        return sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()

    def to_json(self) -> str:
        """Return all fields as one line of JSON, in ASCII."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Context:
        """Return the context that :meth:`to_json` wrote; raises ValueError for anything else."""
        found = json.loads(text)
        if not isinstance(found, dict) or found.keys() != {f.name for f in fields(cls)}:
            raise ValueError("not the fields of a context")
        types = {"beam": int, "alternatives": int, "retry": bool, "versions": list}
        if any(type(value) is not types.get(name, str) for name, value in found.items()):
            raise ValueError("not the values of a context")
        if not all(isinstance(v, list) and [type(part) for part in v] == [str, str] for v in found["versions"]):
            raise ValueError("not the versions of a context")
        return cls(**{**found, "versions": tuple((name, number) for name, number in found["versions"])})


def context_of(info: EngineInfo, settings: Settings) -> Context:
    """Return the context in which the engine of ``info`` translates with ``settings``.

    What only decides how a document is taken apart and put together (boilerplate, wrapped, strict) or how fast
    it goes (threads) is left out. A model in a folder is named by the folder's own name: entries are exported.
    """
    name = Path(info.model).name if Path(info.model).is_absolute() else info.model
    return Context(
        fr2en=version("fr2en"),
        checksum=info.checksum,
        engine=info.engine,
        device=info.device,
        compute_type=info.compute_type,
        versions=info.versions,
        beam=settings.beam,
        alternatives=settings.alternatives,
        quotes=settings.quotes,
        retry=settings.retry,
        glossary=settings.glossary.checksum,
        model=name,
    )


def entry_key(context: Context, text: str, *, markup: bool) -> bytes:
    """Return the key of the machine translation of ``text``, exactly as it stands, in ``context``."""
    person = b"markup" if markup else b"plain"
    secret = bytes.fromhex(context.digest)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, key=secret, person=person).digest()


def approved_key(text: str) -> bytes:
    """Return the key of an approved translation of ``text``, in every context.

    Texts that differ in typography alone share it: apostrophes, quotation marks, no-break spaces, composed and
    decomposed accents, white space around and between.
    """
    folded = unicodedata.normalize("NFC", normalise(text))
    return blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, person=b"approved").digest()
