"""Word-level differences between a translation and the reference nearest to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: A word with its inner apostrophes, hyphens and decimal marks; or one other sign; with the space after it.
_WORD = re.compile(r"(\w+(?:[-'’.,]\w+)*|[^\w\s])(\s*)")


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``changed`` where the other side does not have it."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Difference:
    """Both sides in pieces; the pieces of a side, joined, are its text."""

    reference: tuple[Piece, ...]
    hypothesis: tuple[Piece, ...]


def difference(references: Sequence[str], hypothesis: str) -> Difference:
    """Return what differs between ``hypothesis`` and the nearest reference, by word, case ignored."""
    written = _words(hypothesis)
    best = max((_compared(_words(reference), written) for reference in references), key=lambda pair: pair[0])
    return best[1]


def _words(text: str) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in _WORD.finditer(text.strip())]


def _compared(reference: list[tuple[str, str]], hypothesis: list[tuple[str, str]]) -> tuple[float, Difference]:
    keys = [[word.casefold().replace("’", "'") for word, _ in side] for side in (reference, hypothesis)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, start, end, other, other_end in matcher.get_opcodes():
        for side, words in ((left, reference[start:end]), (right, hypothesis[other:other_end])):
            side.extend(_pieces(words, tag != "equal"))
    return matcher.ratio(), Difference(tuple(left), tuple(right))


def _pieces(words: list[tuple[str, str]], changed: bool) -> list[Piece]:
    """Return the words as one piece, the space after a changed stretch apart: it is not highlighted."""
    if not words:
        return []
    text = "".join(word + space for word, space in words)
    if not changed or text == text.rstrip():
        return [Piece(text, changed)]
    return [Piece(text.rstrip(), True), Piece(text[len(text.rstrip()) :])]
