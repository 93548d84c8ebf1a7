"""Rating translations by a language model: error spans, 0 to 100, and both, with how far they agree."""

from __future__ import annotations

from eval.judging.judge import Judgement, JudgeSettings, Judging, Rating, Span, judge

__all__ = ["JudgeSettings", "Judgement", "Judging", "Rating", "Span", "judge"]
