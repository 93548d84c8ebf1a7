"""A visible fake engine: what it translates stands between brackets, so that a test sees what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from translate.document import Hypothesis, Link
from translate.engines import EngineInfo
from translate.settings import Decoding


class FakeEngine:
    """Answers from ``answers`` where the unit is there, else ``⟦unit⟧``; records every call.

    ``length`` counts words and one end mark; alignment links each character with itself, one place on.
    """

    def __init__(
        self,
        answers: Mapping[str, str | Sequence[str]] | None = None,
        *,
        default: Callable[[str], str] = "⟦{}⟧".format,
        max_length: int = 512,
        guided: bool = False,
        familiar: frozenset[str] | None = None,
        broken: frozenset[str] = frozenset(),
    ) -> None:
        self.answers = dict(answers or {})
        self.default = default
        self.max_length = max_length
        self.guided = guided
        self.familiar = familiar
        self.broken = broken
        self.calls: list[tuple[tuple[str, ...], Decoding]] = []

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("fake", "fake", "0" * 64, "cpu", "float32", 1)

    def length(self, source: str) -> int:
        return len(source.split()) + 1

    def breaks(self, mark: str, word: str) -> bool:
        return word in self.broken

    def true_case(self, text: str) -> str:
        return text.capitalize()

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        self.calls.append((tuple(sources), decoding))
        return [self._answer(source, decoding) for source in sources]

    def _answer(self, source: str, decoding: Decoding) -> tuple[Hypothesis, ...]:
        answer = self.answers.get(source, self.default(source))
        texts = [answer] if isinstance(answer, str) else list(answer)
        links = tuple(Link(i, i + 1, i + 1, i + 2) for i in range(len(source))) if decoding.align else ()
        return tuple(
            Hypothesis(text, -0.1 * (rank + 1), links) for rank, text in enumerate(texts[: decoding.alternatives])
        )

    @property
    def sent(self) -> list[str]:
        """Every unit sent so far, in order."""
        return [unit for units, _ in self.calls for unit in units]
