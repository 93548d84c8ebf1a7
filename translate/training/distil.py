"""A teacher's translations as the target of a student (Kim & Rush 2016)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from translate.document import Hypothesis
from translate.engines import Engine
from translate.settings import Decoding
from translate.training.backtranslate import Synthesis
from translate.training.corpus import CorpusFile, Pair, read_lines, read_pairs
from translate.write.atomic import write_stream

#: Pairs given to the engine at once: it sorts them by length itself.
_CHUNK = 2_048


def distil(
    engine: Engine,
    files: Sequence[CorpusFile],
    out: Path,
    *,
    beam: int = 8,
    name: str = "",
    force: bool = False,
    on_progress: Callable[[Synthesis], None] | None = None,
) -> Synthesis:
    """Translate the French of a corpus by a teacher, and write name, French and the teacher's English as TSV.

    Where a pair has a reference, the hypothesis of the beam nearest to it by sentence chrF is taken
    (sequence-level interpolation); where the English is empty or there is none (a file of lines), the best.
    ``name`` replaces the sources' names. ``out`` is written whole or not at all, and replaced only with
    ``force``. Raises InputError and OutputError.
    """
    counts = Synthesis(0, 0)

    def rows() -> Iterator[bytes]:
        nonlocal counts
        pairs = chain.from_iterable(_pairs(file) for file in files)
        while chunk := list(islice(pairs, _CHUNK)):
            present = [pair for pair in chunk if pair.french.strip()]
            fit = [pair for pair in present if engine.length(pair.french) <= engine.max_length]
            written = 0
            decoded = engine.translate([pair.french for pair in fit], Decoding(beam, alternatives=beam))
            for pair, tries in zip(fit, decoded, strict=True):
                english = " ".join(choose(tries, pair.english).split())
                if english:
                    written += 1
                    yield f"{name or pair.name}\t{' '.join(pair.french.split())}\t{english}\n".encode()
            counts = Synthesis(
                counts.read + len(chunk),
                counts.written + written,
                counts.blank + len(chunk) - len(present),
                counts.too_long + len(present) - len(fit),
                counts.empty + len(fit) - written,
            )
            if on_progress is not None:
                on_progress(counts)

    write_stream(rows(), out, force=force)
    return counts


def choose(tries: Sequence[Hypothesis], reference: str) -> str:
    """Return the hypothesis nearest to the reference by sentence chrF, or the first without a reference."""
    if not tries:
        return ""
    if not reference.strip():
        return tries[0].text
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    return max(tries, key=lambda one: metric.sentence_score(one.text, [reference]).score).text


def _pairs(file: CorpusFile) -> Iterator[Pair]:
    """Yield the pairs of a corpus file, or, of bare lines (``.txt``, ``.fr``), pairs without reference."""
    if file.english is None and file.path.suffix in (".txt", ".fr"):
        for number, line in read_lines(file.path):
            yield Pair(file.source, line, "", str(file.path), number)
    else:
        yield from read_pairs(file)
