"""Texts too long to be one article: read in portions, so that their size does not decide the memory they take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from translate.document import Document

#: Characters above which a text is taken for a collection; all five volumes of Les Misérables have 3.3 million.
LARGE = 4_000_000

#: Characters of a portion, up to the next blank line: some 10,000 sentences.
PORTION = 1_000_000

_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)")
_LINE_END = re.compile(r"\r?\n|\r(?!\n)")


def is_large(document: Document) -> bool:
    """Tell a text that is longer than :data:`LARGE` characters."""
    size = 0
    for block in document.blocks:
        size += len(block.prefix) + len(block.text) + len(block.suffix)
        if size > LARGE:
            return True
    return False


def portions(text: str) -> Iterator[str]:
    """Yield a long text in portions that end at a blank line, else at a line's end; joined, they are the text."""
    start = 0
    while start < len(text):
        cut = _BLANK_LINE.search(text, start + PORTION, start + 2 * PORTION) or _LINE_END.search(text, start + PORTION)
        end = cut.end() if cut else len(text)
        yield text[start:end]
        start = end
