"""The share of checks passed, as a sacreBLEU metric: its intervals and significance tests serve it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sacrebleu.metrics.base import Metric, Score, Signature

from eval.suites.lines import Line


class _CheckSignature(Signature):
    def __init__(self, args: dict[str, Any]) -> None:
        super().__init__({**args, "num_refs": 0})
        self.info.update({"nrefs": None, "nlines": args["num_lines"], "version": "fr2en-checks-1"})


class CheckRate(Metric):
    """Percent of lines, among those that have checks, whose translation passes all of them.

    Hypotheses must be those of the ``lines`` it was built for, in their order; references are not used.
    """

    _SIGNATURE_TYPE = _CheckSignature

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.lines = lines
        self.num_lines = sum(bool(line.checks) for line in lines)

    def _extract_corpus_statistics(self, hypotheses: Sequence[str], references: Any) -> list[list[int]]:
        return [
            [int(bool(line.checks) and not line.failed(text)), int(bool(line.checks))]
            for line, text in zip(self.lines, hypotheses, strict=True)
        ]

    def _aggregate_and_compute(self, stats: Any) -> Score:
        return self._compute_score_from_stats([sum(column) for column in zip(*stats, strict=True)])

    def _compute_score_from_stats(self, stats: Any) -> Score:
        passed, total = stats
        return Score("Checks", 100.0 * float(passed) / float(total) if total else 0.0)

    def _check_corpus_score_args(self, hyps: Any, refs: Any) -> None:
        """Accept what corpus_score got: there are no references to check."""

    def _preprocess_segment(self, sent: str) -> str:
        return sent

    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, Any]:
        return {}

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[int]:
        raise NotImplementedError("statistics are taken line by line in _extract_corpus_statistics")
