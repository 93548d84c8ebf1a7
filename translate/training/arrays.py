"""Pre-tokenised pairs as flat memory-mapped arrays, and the order in which they are trained on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from translate.errors import InputError

Pieces = npt.NDArray[np.uint16]
Indices = npt.NDArray[np.int64]
Links = npt.NDArray[np.uint8]

#: In a link array: this target piece is aligned with nothing.
UNLINKED = 255

#: Pairs sorted by length together: enough for batches of like length, few enough for their order to stay
#: random.
_CHUNK = 24_000


@dataclass(frozen=True)
class Side:
    """One language of a corpus: line ``i`` is ``pieces[offsets[i]:offsets[i + 1]]``, no end of sentence."""

    pieces: Pieces
    offsets: Indices

    @property
    def lengths(self) -> Indices:
        """The length of each line, in pieces."""
        return np.diff(self.offsets)

    def lengths_of(self, lines: Indices) -> Indices:
        """The length of some lines, in pieces."""
        return self.offsets[lines + 1] - self.offsets[lines]


@dataclass(frozen=True)
class PairArrays:
    """A corpus ready to train on; ``links``: the source position that each target piece is aligned with."""

    source: Side
    target: Side
    links: Links | None = None

    def __len__(self) -> int:
        return len(self.source.offsets) - 1


def write(folder: Path, lists: Iterable[tuple[list[int], list[int]]]) -> int:
    """Write pairs of id lists, streamed, as the arrays of ``folder``; return how many pairs there were."""
    folder.mkdir(parents=True, exist_ok=True)
    offsets: tuple[list[int], list[int]] = ([0], [0])
    with (folder / "source.u16").open("wb") as source, (folder / "target.u16").open("wb") as target:
        for french, english in lists:
            for stream, ids, ends in ((source, french, offsets[0]), (target, english, offsets[1])):
                # Not tofile: numpy flushes a file of its own, and is silent where the disk is full.
                stream.write(np.array(ids, dtype=np.uint16).tobytes())
                ends.append(ends[-1] + len(ids))
    for name, ends in zip(("source", "target"), offsets, strict=True):
        np.save(folder / f"{name}.offsets.npy", np.array(ends, dtype=np.int64))
    (folder / "arrays.json").write_text(json.dumps({"pairs": len(offsets[0]) - 1}))
    return len(offsets[0]) - 1


def is_written(folder: Path) -> bool:
    """Return whether ``folder`` holds whole arrays: their size is written last."""
    return (folder / "arrays.json").is_file()


def load(folder: Path) -> PairArrays:
    """Return the arrays of ``folder``, mapped, not read; raises InputError where they are not whole."""
    if not is_written(folder):
        raise InputError(f"{folder}: no prepared corpus", "Begin the training again without --resume.")
    links = folder / "links.npy"
    try:
        return PairArrays(
            _side(folder, "source"),
            _side(folder, "target"),
            np.load(links, mmap_mode="r") if links.is_file() else None,
        )
    except (OSError, EOFError, ValueError) as error:
        raise InputError(
            f"{folder}: the prepared corpus cannot be read: {error}", "Begin the training again."
        ) from error


def _side(folder: Path, name: str) -> Side:
    path, offsets = folder / f"{name}.u16", np.load(folder / f"{name}.offsets.npy")
    # An empty file cannot be mapped.
    pieces: Pieces = np.memmap(path, dtype=np.uint16, mode="r") if path.stat().st_size else np.zeros(0, dtype=np.uint16)
    if len(pieces) != offsets[-1]:
        raise InputError(f"{path}: {len(pieces)} pieces instead of {offsets[-1]}", "Begin the training again.")
    return Side(pieces, offsets)


@dataclass(frozen=True)
class Position:
    """Where in the endless order of a corpus a training stands: pass over the data, and batch within it."""

    epoch: int = 0
    batch: int = 0


class Order:
    """The batches of a corpus in an order that a seed and a position decide alone.

    A batch is an array of pair numbers whose padded size (pairs times the longest side, end of sentence
    included) is at most ``tokens``. Pairs with an empty side or one longer than ``longest`` pieces are left
    out; :attr:`left_out` counts them. With ``widths``, lengths are padded to the next of them, and a batch
    never mixes two: the few shapes that a compiled network wants.
    """

    def __init__(
        self, arrays: PairArrays, *, tokens: int, longest: int, seed: int, widths: tuple[int, ...] = ()
    ) -> None:
        source, target = arrays.source.lengths, arrays.target.lengths
        fit = (source > 0) & (target > 0) & (source <= longest) & (target <= longest)
        self._fit: Indices = np.flatnonzero(fit).astype(np.int64)
        self._keys = (source, target)
        self._padded: Indices = np.maximum(source, target) + 1
        if widths:
            places = np.searchsorted(np.array(widths), self._padded).clip(max=len(widths) - 1)
            self._padded = np.array(widths, dtype=np.int64)[places]
        self._tokens, self._seed, self._bucketed = tokens, seed, bool(widths)
        self._plan: tuple[int, list[Indices]] = (-1, [])
        self.left_out = len(arrays) - len(self._fit)
        if not len(self._fit):
            raise InputError(
                f"no pair of the corpus is at most {longest} pieces long",
                "Raise --max-pieces, or split the text.",
            )
        if tokens < self._padded[self._fit].max():
            raise InputError(
                f"batches of {tokens} pieces cannot hold the longest pair",
                "Raise --batch-tokens or lower --max-pieces.",
            )

    def at(self, position: Position) -> tuple[Indices, Position]:
        """Return the batch at a position, and the position after it."""
        epoch, batch = position.epoch, position.batch
        if batch >= len(self._batches(epoch)):
            epoch, batch = epoch + 1, 0
        return self._batches(epoch)[batch], Position(epoch, batch + 1)

    def width(self, lines: Indices) -> int:
        """Return the padded length of a batch."""
        return int(self._padded[lines].max())

    def _batches(self, epoch: int) -> list[Indices]:
        if self._plan[0] != epoch:
            rng = np.random.default_rng((self._seed, epoch))
            order = rng.permutation(self._fit)
            chunks = (order[start : start + _CHUNK] for start in range(0, len(order), _CHUNK))
            planned = list(itertools.chain.from_iterable(self._cut(chunk) for chunk in chunks))
            self._plan = (epoch, [planned[i] for i in rng.permutation(len(planned))])
        return self._plan[1]

    def _cut(self, chunk: Indices) -> Iterator[Indices]:
        source, target = self._keys
        chunk = chunk[np.lexsort((target[chunk], source[chunk]))]
        if self._bucketed:
            chunk = chunk[np.argsort(self._padded[chunk], kind="stable")]
        lengths = self._padded[chunk]
        start = 0
        while start < len(chunk):
            # The running maximum decides how many pairs fit; more than tokens // first can never fit.
            ahead = np.maximum.accumulate(lengths[start : start + self._tokens // int(lengths[start])])
            fits = ahead * np.arange(1, len(ahead) + 1) <= self._tokens
            if self._bucketed:
                fits &= ahead == ahead[0]
            size = len(fits) if fits.all() else int(np.argmin(fits))
            yield chunk[start : start + size]
            start += size


def pad(side: Side, lines: Indices, *, rows: int, width: int, padding: int, end: int) -> Indices:
    """Return ``lines`` as a matrix of ids, ``rows`` by ``width``, each line closed by ``end`` and padded.

    Rows beyond the lines hold ``end`` alone: a row of nothing but padding would leave attention nothing to
    look at.
    """
    starts, lengths = side.offsets[lines], side.offsets[lines + 1] - side.offsets[lines]
    columns = np.arange(width)[None, :]
    matrix = np.full((rows, width), padding, dtype=np.int64)
    inside = columns < lengths[:, None]
    where = np.minimum(starts[:, None] + columns, max(len(side.pieces) - 1, 0))
    matrix[: len(lines)][inside] = side.pieces[where[inside]]
    matrix[np.arange(len(lines)), lengths] = end
    matrix[len(lines) :, 0] = end
    return matrix


def pad_links(arrays: PairArrays, lines: Indices, *, rows: int, width: int) -> Indices:
    """Return the links of ``lines``, ``rows`` by ``width``, :data:`UNLINKED` where there is none."""
    matrix = np.full((rows, width), UNLINKED, dtype=np.int64)
    if arrays.links is not None:
        offsets = arrays.target.offsets
        inside = np.arange(width)[None, :] < (offsets[lines + 1] - offsets[lines])[:, None]
        where = offsets[lines][:, None] + np.arange(width)[None, :]
        matrix[: len(lines)][inside] = arrays.links[where[inside]]
    return matrix
