"""Opening quotation marks that spoil the word after them: left out of what the model reads, put back by alignment.

A vocabulary holds « Sans » as the beginning of a word, but a mark and the word after it are one word to it, and fall
into pieces that mean nothing (``"S``, ``ans``). The closing mark stays: the model knows of the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from translate.document import Hypothesis, Link
from translate.sentences.french.placement import Span, place

#: A “ behind a word closes what „ opened.
_MARK = re.compile('(?P<close>\\s*[»”]|(?<=[\\w.,!?])“)|(?P<open>[«“„]\\s*)|"')
#: A word and what hangs on it, as the vocabulary sees it; figures are copied digit by digit, whatever is before them.
_WORD = re.compile(r"[^\W\d_]\S*")
#: What stands before a quotation that is a sentence of its own; an empty text does, too.
_INTRODUCES = (*":.!?…»”", "")
#: A single mark that closes: no apostrophe, and no plural's.
_SINGLE = re.compile(r"(?<=[^\Ws]|[.,!?])'(?!\w)")
_SAYS = re.compile(r"[:.!?…]\s*$")
_MARKS = '"«»“”„'


@dataclass(frozen=True)
class Opening:
    """A mark of ``width`` characters left out before character ``start`` of a unit; what it quotes ends at ``end``.

    ``closed`` tells that the quotation ends in the unit.
    """

    start: int
    end: int
    width: int
    closed: bool


def without_openings(unit: str, breaks: Callable[[str, str], bool]) -> tuple[str, tuple[Opening, ...]]:
    """Return ``unit`` without the opening marks that break the next word, and what was left out.

    ``breaks`` tells of a mark and a word whether it does (:meth:`translate.engines.Engine.breaks`). Of a quotation
    within a quotation the marks stay.
    """
    if not any(mark in unit for mark in _MARKS):
        return unit, ()
    kept, openings, at = "", list[Opening](), 0
    for opened, inside, end, closed in _quotations(unit):
        word = _WORD.match(unit, inside)
        if opened < at or word is None or not breaks('"', word[0]):
            continue
        if word[0][0].isupper() and unit[:opened].rstrip()[-1:] not in _INTRODUCES:
            continue  # a title or name amid the sentence, which is copied piece by piece
        kept += unit[at:opened]
        openings.append(Opening(len(kept), len(kept) + end - inside, inside - opened, closed))
        kept += unit[inside:end]
        at = end
    return kept + unit[at:], tuple(openings)


def _quotations(unit: str) -> Iterator[tuple[int, int, int, bool]]:
    """Yield for each opening mark where it and what it quotes begin, where that ends, and whether a mark closes it."""
    marks = [(*found.span(), _opens(unit, found)) for found in _MARK.finditer(unit)]
    for number, (start, end, opens) in enumerate(marks):
        if not opens:
            continue
        depth, close = 1, None
        for other, _, again in marks[number + 1 :]:
            depth += 1 if again else -1
            if depth == 0:
                close = other
                break
        yield start, end, len(unit) if close is None else close, close is not None


def _opens(unit: str, found: re.Match[str]) -> bool:
    if found.lastgroup:
        return found.lastgroup == "open"
    return (
        unit[: found.start()][-1:] in ("", " ", "(", "[", "-", "–", "'", "’") and not unit[found.end() :][:1].isspace()
    )


def with_openings(hypothesis: Hypothesis, unit: str, openings: tuple[Opening, ...]) -> Hypothesis:
    """Return the translation of ``unit`` with the marks before what they open, and links from the unit as it was.

    Around a single word the closing mark is put right as well: models like to let it run on to the next noun.
    """
    if not openings:
        return hypothesis
    text = hypothesis.text
    ranges = place([Span(one.start, one.end, "", "") for one in openings], unit, text, hypothesis.links)
    edits: dict[int, int] = {}  # marks more, or less, before a character
    for one, (start, end) in zip(openings, ranges, strict=True):
        first = start if any(map(str.isalnum, unit[: one.start])) else 0
        # Without a mark before it, it was the next word of the sentence.
        if unit[one.start].isupper() and text[first : first + 1].islower() and _SAYS.search(text[:first]):
            text = f"{text[:first]}{text[first].upper()}{text[first + 1 :]}"
        if '"' in text[max(0, first - 1) : first + 1]:
            continue
        edits[first] = 1
        close = text.find('"', first)
        if close < 0 and (single := _SINGLE.search(text, first)):
            close = single.start()
            text = f'{text[:close]}"{text[close + 1 :]}'
        lone = " " not in unit[one.start : one.end].strip() and any(map(str.isalnum, text[end : max(end, close)]))
        if one.closed and (close < 0 or lone):
            edits[end] = 1
            if lone:
                edits[close] = -1
    shifted = tuple(_shifted(link, openings, edits) for link in hypothesis.links)
    for at in sorted(edits, reverse=True):
        text = f'{text[:at]}"{text[at:]}' if edits[at] > 0 else text[:at] + text[at + 1 :]
    return Hypothesis(text, hypothesis.score, shifted, hypothesis.complete)


def _shifted(link: Link, openings: tuple[Opening, ...], edits: dict[int, int]) -> Link:
    source = sum(one.width for one in openings if one.start <= link.source_start)
    start = link.target_start + sum(more for at, more in edits.items() if at <= link.target_start)
    end = link.target_end + sum(more for at, more in edits.items() if at < link.target_end)
    return Link(link.source_start + source, link.source_end + source, start, max(start, end))
