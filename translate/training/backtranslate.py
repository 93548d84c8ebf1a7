"""Synthetic French for English that people wrote, by a model that translates the other way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from translate.engines import Engine
from translate.errors import InputError
from translate.settings import Decoding
from translate.training.augment import BACK_TRANSLATED
from translate.training.corpus import read_lines
from translate.write.atomic import write_stream

#: Lines given to the engine at once: it sorts them by length itself.
_CHUNK = 2_048


@dataclass(frozen=True)
class Synthesis:
    """How many lines were read, written, and left out for each reason."""

    read: int
    written: int
    blank: int = 0
    too_long: int = 0
    empty: int = 0


def backtranslate(
    engine: Engine,
    source: Path,
    out: Path,
    *,
    name: str = "backtranslated",
    tag: str = BACK_TRANSLATED,
    beam: int = 4,
    force: bool = False,
    on_progress: Callable[[Synthesis], None] | None = None,
) -> Synthesis:
    """Translate a file of English lines, and write source name, tagged French and English as TSV.

    ``engine`` runs a checkpoint from English to French (Sennrich et al. 2016). ``source`` holds a line of
    text, or a TSV whose last column is the text. The tag tells the model in training such French from
    people's (Caswell et al. 2019); an empty one leaves it out. ``out`` is written whole or not at all, and
    replaced only with ``force``. Raises InputError and OutputError.
    """
    counts = Synthesis(0, 0)

    def rows() -> Iterator[bytes]:
        nonlocal counts
        lines = (line.rpartition("\t")[2].strip() for _, line in read_lines(source))
        while chunk := list(islice(lines, _CHUNK)):
            fit = [line for line in chunk if line and engine.length(line) <= engine.max_length]
            french = [" ".join(best[0].text.split()) if best else "" for best in engine.translate(fit, Decoding(beam))]
            done = [(fr, en) for fr, en in zip(french, fit, strict=True) if fr]
            yield from (f"{name}\t{f'{tag} {fr}' if tag else fr}\t{en}\n".encode() for fr, en in done)
            counts = _added(counts, chunk, fit, len(done))
            if on_progress is not None:
                on_progress(counts)
        if not counts.read:
            raise InputError(f"{source}: there is nothing to translate", "Give English lines, or a TSV of them.")

    write_stream(rows(), out, force=force)
    return counts


def _added(counts: Synthesis, chunk: Sequence[str], fit: Sequence[str], done: int) -> Synthesis:
    blank = sum(not line for line in chunk)
    return Synthesis(
        counts.read + len(chunk),
        counts.written + done,
        counts.blank + blank,
        counts.too_long + len(chunk) - blank - len(fit),
        counts.empty + len(fit) - done,
    )
