"""The engine for CPUs: CTranslate2. Nothing here imports torch or transformers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from translate.document import Hypothesis, Link
from translate.engines import EngineInfo
from translate.engines.pieces import END, Pieces
from translate.errors import ModelError
from translate.models.cache import converted
from translate.models.checkpoint import Checkpoint
from translate.settings import Decoding

#: Source tokens a batch. Processor seconds for 400 press sentences, greedy, 11 M parameters, two threads: 19.4
#: with batches of 64 tokens, 9.9 with 256, 7.3 with 1,024, 6.6 with 4,096, which holds four times the memory.
_SMALLEST_BATCH, _LARGEST_BATCH = 256, 1024

#: Seconds between two looks at an answer that is not there yet: a short sentence takes 20 ms on one thread.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.05


def usable_threads() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class CT2Engine:
    """Translates with CTranslate2; ``threads`` workers of one thread each share one copy of the weights.

    ``compute_type`` is int8 or float32; auto takes int8 on a CPU and float32 on CUDA. ``threads`` 0 takes all
    processors. The checkpoint is converted on first use (:mod:`translate.models.cache`); ``tell`` is told where
    that cannot be kept.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        *,
        device: str = "cpu",
        compute_type: str = "auto",
        threads: int = 0,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if compute_type == "auto":
            compute_type = "int8" if device == "cpu" else "float32"
        self._threads = threads or usable_threads()
        self._pieces = Pieces(checkpoint)
        self._translator = _load(checkpoint, device, compute_type, self._threads, tell)
        import ctranslate2

        self._info = EngineInfo(
            engine="ct2",
            model=checkpoint.name,
            checksum=checkpoint.checksum,
            device=device,
            compute_type=compute_type,
            threads=self._threads,
            versions=(("ctranslate2", ctranslate2.__version__), ("sentencepiece", _version("sentencepiece"))),
        )

    @property
    def info(self) -> EngineInfo:
        """What runs, for the record."""
        return self._info

    @property
    def max_length(self) -> int:
        """The most tokens of one unit, end of sentence included, that the model can read."""
        return self._pieces.max_length

    @property
    def guided(self) -> bool:
        """Whether the links of a translation tell what of the source it left out."""
        return self._pieces.guided

    @property
    def familiar(self) -> frozenset[str] | None:
        """The stems of the French words that the model has learnt well; None where nothing tells."""
        return self._pieces.familiar

    def length(self, source: str) -> int:
        """Return the tokens that ``source`` takes, end of sentence included."""
        return len(self._pieces.encode(source))

    def breaks(self, mark: str, word: str) -> bool:
        """Tell whether ``word`` falls into other pieces behind ``mark`` than by itself."""
        return self._pieces.breaks(mark, word)

    def true_case(self, text: str) -> str:
        """Return ``text``, all in capitals, with each word as the vocabulary most often saw it written."""
        return self._pieces.true_case(text)

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """Translate every unit (see :class:`translate.engines.Engine`).

        Every batch is an asynchronous call of its own; all are queued at once, so that no worker waits. What a
        unit becomes does not depend on what else is in the call. More alternatives than beams widen the beam.
        """
        encoded = self._pieces.encode_all(sources)
        # Longest first: the worker that ends last should not be one that began a long batch last.
        pending = [
            (batch, self._ask(units, bound, decoding), self._first(units, decoding))
            for bound, batch, units in self._batches(encoded, decoding.max_tokens)
        ]
        results: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(encoded)
        for batch, answers, first in pending:
            for row, index in enumerate(batch):
                head = _result(first[row]).attention[0][0] if first else None
                results[index] = self._hypotheses(sources[index], _result(answers[row]), decoding, head)
        return results

    def _batches(
        self, encoded: list[list[str]], wanted: int | None
    ) -> Iterator[tuple[int, list[int], list[list[str]]]]:
        """Yield, widest first: the bound on the output, the indices of the units, and the batch to decode.

        All batches of a class of lengths are padded to one width. Padding changes the last bits of a float, int8
        rounds them up or down, and a beam may then end elsewhere: with batches as wide as their longest unit, 3 %
        of 398 press sentences came out otherwise alone than together. CTranslate2 pads by the longest unit, so
        one that is nothing but ends of sentence is added where none is of full width.
        """
        filled = [i for i, tokens in enumerate(encoded) if len(tokens) > 1]
        limit = self._limit(sum(len(encoded[i]) for i in filled))
        for width, group in groupby(
            sorted(filled, key=lambda i: -len(encoded[i])), key=lambda i: self._pieces.width(len(encoded[i]))
        ):
            bound = self._pieces.bound(width, wanted)
            rows = max(1, limit // width)
            indices = list(group)
            for start in range(0, len(indices), rows):
                batch = indices[start : start + rows]
                units = [encoded[i] for i in batch]
                yield bound, batch, units if len(units[0]) == width else [*units, [END] * width]

    def _ask(self, units: list[list[str]], bound: int, decoding: Decoding) -> Any:
        return self._translator.translate_batch(
            units,
            asynchronous=True,
            beam_size=max(decoding.beam, decoding.alternatives),
            num_hypotheses=max(1, decoding.alternatives),
            length_penalty=1,
            patience=1,
            no_repeat_ngram_size=decoding.no_repeat,
            max_input_length=0,
            max_decoding_length=bound,
            return_end_token=True,
            return_scores=True,
            return_attention=decoding.align,
        )

    def _first(self, units: list[list[str]], decoding: Decoding) -> Any:
        """Decode one greedy step, where it takes that to know what the first tokens of a beam attended to.

        For all units of a batch, CTranslate2 4.8 returns as first row of attention under beam search that of
        one of them. The row does not depend on the token that is chosen, so one greedy step gives the right
        one.
        """
        if not decoding.align or decoding.rough or max(decoding.beam, decoding.alternatives) == 1:
            return None
        return self._translator.translate_batch(
            units,
            asynchronous=True,
            beam_size=1,
            max_input_length=0,
            max_decoding_length=1,
            return_end_token=True,
            return_attention=True,
        )

    def _limit(self, tokens: int) -> int:
        """Return the most tokens of a batch: enough batches for every worker, none too small to be worth a call."""
        return max(_SMALLEST_BATCH, min(_LARGEST_BATCH, tokens // (2 * self._threads)))

    def _hypotheses(self, source: str, result: Any, decoding: Decoding, first: Any) -> tuple[Hypothesis, ...]:
        found = []
        for number, tokens in enumerate(result.hypotheses):
            text = self._pieces.decode(tokens)
            links: tuple[Link, ...] = ()
            if decoding.align:
                rows = result.attention[number]
                if decoding.rough:
                    first = [0.0] * len(rows[0])
                links = self._pieces.links(source, text, tokens, [first, *rows[1:]] if first is not None else rows)
            # CTranslate2 divides the sum of log-probabilities by the tokens, end of sentence included.
            found.append(Hypothesis(text, float(result.scores[number]), links, tokens[-1:] == [END]))
        return tuple(found)


def _result(answer: Any) -> Any:
    """Wait for an answer as Python waits, so that Ctrl-C is heard at once and not behind the whole document."""
    pause = _SHORTEST_PAUSE
    while not answer.done():
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return answer.result()


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def _load(
    checkpoint: Checkpoint, device: str, compute_type: str, threads: int, tell: Callable[[str], None] | None
) -> Any:
    import ctranslate2

    # A full queue would hold the caller in a call that no signal ends; what waits there is small.
    options: dict[str, Any] = {"device": device, "compute_type": compute_type, "max_queued_batches": -1}
    if device == "cpu":
        # Workers of one thread decode half as much again as one worker of as many threads (3,700 against
        # 2,540 words/s, greedy, two cores): the matrices of one step are too small to share.
        options |= {"inter_threads": threads, "intra_threads": 1}
    for fresh in (False, True):
        with converted(checkpoint, compute_type, fresh=fresh, tell=tell) as folder:
            try:
                return ctranslate2.Translator(str(folder), **options)
            except (RuntimeError, ValueError) as error:
                problem = str(error)
    raise ModelError(
        f"CTranslate2 cannot run the model {checkpoint.name}: {problem}",
        "Try --engine torch, or --device cpu.",
    )
