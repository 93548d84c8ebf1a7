"""Stretches of a text that are no language and stay to the letter: code spans, targets of links, addresses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from translate.document import Sentence

Range = tuple[int, int]

_OPAQUE = re.compile(
    r"(?P<escape>\\[\\`])"
    r"|(?P<ticks>`+)"
    r'|\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)'
    r"|<[^<>\s][^<>]*>"
    r"|(?:https?://|ftp://|www\.)[^\s<>\"«»“”`]*[^\s<>\"«»“”`.,;:!?…)'’]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
#: A private-use character, which stands for a stretch and is no white space, letter or stop.
_MASK = "\U000f0000"


def opaque(text: str) -> Iterator[Range]:
    """Yield the opaque stretches of inline Markdown, in order; in linear time, which a parser does not promise."""
    runs: dict[int, list[int]] = {}
    for run in re.finditer("`+", text):
        runs.setdefault(len(run.group()), []).append(run.start())
    at = 0
    while found := _OPAQUE.search(text, at):
        at = found.end()
        if ticks := found["ticks"]:
            # A code span ends at the next run of as many backticks; without one these are text (CommonMark 6.1).
            alike = runs.get(len(ticks), [])
            closing = bisect_left(alike, at)
            if closing == len(alike):
                continue
            at = alike[closing] + len(ticks)
        if not found["escape"]:
            yield found.start(), at


@dataclass(frozen=True)
class Masked:
    """A text in which each stretch to be left alone is one character."""

    text: str
    stretches: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Masked:
        """Mask the opaque stretches of inline Markdown, and what looks like a mask."""
        pieces, stretches, at = [], [], 0
        found = sorted((*opaque(text), *(mask.span() for mask in re.finditer(_MASK, text))))
        for start, end in found:
            if start >= at:
                pieces += [text[at:start], _MASK]
                stretches.append(text[start:end])
                at = end
        return cls("".join([*pieces, text[at:]]), tuple(stretches))

    def unmasked(self, pieces: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """Return ``pieces``, which joined are the masked text, with the stretches in place."""
        stretches = iter(self.stretches)
        return tuple(replace(piece, text=re.sub(_MASK, lambda _: next(stretches), piece.text)) for piece in pieces)

    def restored(self, text: str) -> str:
        """Return ``text``, the masked one but for what was changed between its masks, with the stretches in place."""
        return self.unmasked((Sentence(text),))[0].text
