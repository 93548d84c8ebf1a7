"""Batches as tensors, from the mixes of a corpus, decided by step and position; and ahead of time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from translate.training.arrays import Indices, Order, PairArrays, Position, pad, pad_links
from translate.training.decoding import Ids
from translate.training.network import Batch


@dataclass(frozen=True)
class Mix:
    """A corpus and its order."""

    arrays: PairArrays
    order: Order


@dataclass(frozen=True)
class FeedSettings:
    """How batches are drawn and shaped.

    ``shares`` gives, before and in the last phase, the share of batches from the second mix; ``sampled``
    the random pieces beside the batch's own in a sampled softmax, 0 for none; ``rows_of`` the pieces of a
    batch of fixed shape, 0 for shapes that fit the data.
    """

    seed: int
    vocabulary: int
    shares: tuple[float, float] = (0.0, 0.0)
    final_from: float = 1.0
    sampled: int = 0
    full_from: float = 1.0
    guide_until: float = 1.0
    rows_of: int = 0
    pin: bool = False


@dataclass(frozen=True)
class Meal:
    """A batch, the candidates of its softmax (None: all pieces), and where the data stand after it."""

    batch: Batch
    candidates: Tensor | None
    after: tuple[Position, ...]


class Feed:
    """Serves batches one after another; all that is random depends on the seed and the step alone."""

    def __init__(
        self, mixes: tuple[Mix, ...], ids: Ids, settings: FeedSettings, positions: tuple[Position, ...]
    ) -> None:
        self._mixes, self._ids, self._settings = mixes, ids, settings
        self._positions = list(positions) if len(positions) == len(mixes) else [Position()] * len(mixes)

    def serve(self, step: int, progress: float) -> Meal:
        """Return the batch of a step, at a share of the budget."""
        settings = self._settings
        rng = np.random.default_rng((settings.seed, 7, step))
        share = settings.shares[progress >= settings.final_from]
        chosen = 1 if len(self._mixes) > 1 and rng.random() < share else 0
        mix = self._mixes[chosen]
        lines, self._positions[chosen] = mix.order.at(self._positions[chosen])
        batch = self._batch(mix, lines, progress)
        candidates = None
        if settings.sampled and progress < settings.full_from:
            own = batch.target.numpy().ravel()
            drawn = rng.integers(0, settings.vocabulary, settings.sampled)
            candidates = torch.from_numpy(np.unique(np.concatenate([own[own >= 0], drawn])))
        return Meal(batch, candidates, tuple(self._positions))

    def _batch(self, mix: Mix, lines: Indices, progress: float) -> Batch:
        source, target = mix.arrays.source, mix.arrays.target
        rows, fixed = len(lines), self._settings.rows_of
        widths = (int(source.lengths_of(lines).max()) + 1, int(target.lengths_of(lines).max()) + 1)
        if fixed:
            width = mix.order.width(lines)
            rows, widths = fixed // width, (width, width)
        end, padding = self._ids.end, self._ids.padding
        read = pad(source, lines, rows=rows, width=widths[0], padding=padding, end=end)
        wanted = pad(target, lines, rows=rows, width=widths[1], padding=padding, end=end)
        shifted = np.concatenate([np.full((rows, 1), padding), wanted[:, :-1]], 1)
        lengths = np.zeros(rows, dtype=np.int64)
        lengths[: len(lines)] = target.lengths_of(lines) + 1
        wanted[np.arange(widths[1])[None, :] >= lengths[:, None]] = -100
        links = None
        if mix.arrays.links is not None and progress < self._settings.guide_until:
            links = self._tensor(pad_links(mix.arrays, lines, rows=rows, width=widths[1]))
        return Batch(self._tensor(read), self._tensor(shifted), self._tensor(wanted), links, int(lengths.sum()))

    def _tensor(self, matrix: Indices) -> Tensor:
        tensor = torch.from_numpy(matrix)
        return tensor.pin_memory() if self._settings.pin else tensor


class Ahead:
    """Serves the same batches, assembled by a thread while the device computes.

    ``progress`` is asked a few steps early: only with a budget in minutes does that make a difference, of a
    few steps.
    """

    def __init__(self, feed: Feed, first: int, progress: Callable[[int], float], depth: int = 8) -> None:
        self._feed, self._progress = feed, progress
        self._queue: queue.Queue[Meal | BaseException] = queue.Queue(depth)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(first,), daemon=True, name="batches")
        self._thread.start()

    def serve(self, step: int, progress: float) -> Meal:
        """Return the next batch; steps must be asked for in order."""
        meal = self._queue.get()
        if isinstance(meal, BaseException):
            raise meal
        return meal

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _work(self, step: int) -> None:
        item: Meal | BaseException
        while not self._stop.is_set():
            try:
                item = self._feed.serve(step, self._progress(step))
            except BaseException as error:  # handed to the caller, whatever it is
                item = error
            while not self._stop.is_set():
                try:
                    self._queue.put(item, timeout=0.2)
                    break
                except queue.Full:
                    continue
            step += 1
