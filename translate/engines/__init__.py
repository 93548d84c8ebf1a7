"""Translation engines: one protocol, two implementations (CTranslate2; transformers and torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from translate.document import Hypothesis
from translate.settings import Decoding


@dataclass(frozen=True)
class EngineInfo:
    """What an engine runs: for reports, manifests and caches.

    ``checksum`` is the SHA-256 of the checkpoint's weights; ``versions`` the libraries that compute.
    """

    engine: str
    model: str
    checksum: str
    device: str
    compute_type: str
    threads: int
    versions: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class Engine(Protocol):
    """Translates units of text; built once by the caller and passed in."""

    @property
    def info(self) -> EngineInfo:
        """What runs, for the record."""
        ...

    @property
    def max_length(self) -> int:
        """The most tokens of one unit, end of sentence included, that the model can read."""
        ...

    @property
    def guided(self) -> bool:
        """Whether the links of a translation tell what of the source it left out: attention was taught to align."""
        ...

    @property
    def familiar(self) -> frozenset[str] | None:
        """The stems of the French words that the model has learnt well; None where nothing tells."""
        ...

    def length(self, source: str) -> int:
        """Return the tokens that ``source`` takes, end of sentence included."""
        ...

    def breaks(self, mark: str, word: str) -> bool:
        """Tell whether ``word`` falls into other pieces behind ``mark`` than by itself."""
        ...

    def true_case(self, text: str) -> str:
        """Return ``text``, all in capitals, with each word as the vocabulary most often saw it written."""
        ...

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """Translate every unit in one call, batched by length.

        Returns one tuple a source, best hypothesis first, ``decoding.alternatives`` long at most. Sources are
        raw text (French typography and all): the engine normalises as its model was trained. Raises
        ModelError for a source longer than :attr:`max_length`: nothing is cut.
        """
        ...
