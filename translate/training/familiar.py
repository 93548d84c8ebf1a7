"""Which French words a corpus teaches well enough to be relied on: the stems that it has often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from translate.checks.unfamiliar import stems
from translate.models.checkpoint import FAMILIAR, read_familiar

#: A stem that the corpus has at most this often is not known well. Of 31 news sentences with such a word, the
#: bundled model had it wrong in 24; with words seen 13 to 30 times, in 17 of 31.
SELDOM = 12

_HEAD = f"# Stems of French words that the training text has more than {SELDOM} times"


class Familiarity:
    """Counts the stems of French lines, and writes those that come often enough."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def learn(self, lines: Iterable[str]) -> None:
        """Count the words of raw French lines."""
        for line in lines:
            self._counts.update(stems(line))

    def write(self, folder: Path) -> None:
        """Write the stems that come often into ``folder``, in order, a line each."""
        _write(folder, (stem for stem, count in self._counts.items() if count > SELDOM))


def write_familiar(folder: Path, learnt: Path, origin: Path | None) -> None:
    """Write what a model exported into ``folder`` knows: what ``learnt`` holds, and what its ``origin`` knew.

    Nothing where either is not known: what was not counted must not look as if it were not there.
    """
    before = read_familiar(origin) if origin else frozenset[str]()
    known = read_familiar(learnt)
    if before is not None and known is not None:
        _write(folder, known | before)


def _write(folder: Path, known: Iterable[str]) -> None:
    (folder / FAMILIAR).write_text("\n".join([_HEAD, *sorted(known), ""]), encoding="utf-8")
