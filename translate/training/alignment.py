"""Word links between the sides of a corpus, by eflomal, to teach the last decoder layer's attention."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from translate.errors import ModelError
from translate.training.arrays import UNLINKED, Indices, Links, PairArrays, Side, load

#: Pairs linked: with 400,000 of 780,000 (230 s on two cores) attention aligns within 0.3 M target tokens.
PAIRS = 400_000

#: Longer lines take long and are linked badly.
_LONGEST = 48

#: eflomal's own choice of iterations is for small corpora; these few suffice from here on (230 s as above).
_LARGE = 100_000

_HINT = "Is there room on the disk, and for temporary files? If so, train with --guide 0."


def available() -> bool:
    """Return whether eflomal is installed."""
    return importlib.util.find_spec("eflomal") is not None


def write_links(folder: Path, *, seed: int, pairs: int = PAIRS) -> int:
    """Link the pieces of a random choice of pairs and write ``links.npy`` beside the arrays; return how many.

    Sources beyond position 254 are not linked. Raises ModelError where eflomal fails.
    """
    corpus = load(folder)
    chosen = _choice(corpus, seed, pairs)
    files = [folder / f"align.{end}" for end in ("fr", "en", "forward", "reverse")]
    try:
        for path, side in zip(files, (corpus.source, corpus.target), strict=False):
            with path.open("w", encoding="ascii") as stream:
                stream.writelines(_line(side, line) for line in chosen)
        _run(files, len(chosen))
        try:
            with files[2].open(encoding="ascii") as stream:
                links = read_links(stream, chosen, corpus)
        except ValueError as error:
            raise ModelError(f"the links written by eflomal are not whole: {error}", _HINT) from error
    finally:
        for path in files:
            path.unlink(missing_ok=True)
    np.save(folder / "links.npy", links)
    return len(chosen)


def read_links(lines: Iterable[str], chosen: Indices, corpus: PairArrays) -> Links:
    """Return links in Pharaoh format (``source-target`` by position), one line a pair, as a flat array.

    There is one number for each target piece of the corpus: the position in the source of its pair, or
    UNLINKED.
    """
    links: Links = np.full(len(corpus.target.pieces), UNLINKED, dtype=np.uint8)
    for number, line in zip(chosen, lines, strict=True):
        start = int(corpus.target.offsets[number])
        for link in line.split():
            source, target = (int(place) for place in link.split("-"))
            if source < UNLINKED:
                links[start + target] = source
    return links


def _choice(corpus: PairArrays, seed: int, pairs: int) -> Indices:
    source, target = corpus.source.lengths, corpus.target.lengths
    fit = np.flatnonzero((source > 0) & (target > 0) & (source <= _LONGEST) & (target <= _LONGEST))
    chosen: Indices = np.random.default_rng((seed, 11)).permutation(fit)[:pairs]
    return chosen


def _line(side: Side, line: int) -> str:
    return " ".join(map(str, side.pieces[side.offsets[line] : side.offsets[line + 1]])) + "\n"


def _run(files: list[Path], count: int) -> None:
    import eflomal

    aligner = eflomal.Aligner(model=3, n_iterations=(2, 1, 3) if count >= _LARGE else None)
    try:
        with files[0].open(encoding="ascii") as source, files[1].open(encoding="ascii") as target:
            aligner.align(
                source, target, links_filename_fwd=str(files[2]), links_filename_rev=str(files[3]), quiet=True
            )
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelError(f"word alignment by eflomal failed: {error}", _HINT) from error
