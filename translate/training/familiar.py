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

    def write(self, path: Path) -> None:
        """Write the stems that come often, in order, a line each."""
        known = sorted(stem for stem, count in self._counts.items() if count > SELDOM)
        path.write_text("\n".join([_HEAD, *known, ""]), encoding="utf-8")


def write_familiar(folder: Path, learnt: Path, origin: Path | None) -> None:
    """Write what a model exported into ``folder`` knows: what it ``learnt``, and what its ``origin`` knew.

    Nothing where either is not known: what was not counted must not look as if it were not there.
    """
    before = read_familiar(origin) if origin else frozenset[str]()
    if before is None or not learnt.is_file():
        return
    known = {line for line in learnt.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    (folder / FAMILIAR).write_text("\n".join([_HEAD, *sorted(known | before), ""]), encoding="utf-8")
