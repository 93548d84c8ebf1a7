"""Where inline markup goes in a translation: through word alignment, snapped to words, never unbalanced."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translate.document import Link


@dataclass(frozen=True)
class Span:
    """Markup around characters ``start:end`` of a text; a point (a footnote reference) where they are equal.

    ``parent`` is the index of the span it stands in, -1 for none; ``glue`` tells whether a point belongs to
    the word on its left or on its right. Spans are listed by where they open, outer ones first.
    """

    start: int
    end: int
    opening: str
    closing: str
    parent: int = -1
    glue: str = "right"


Range = tuple[int, int]

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_SOURCE_WORD = re.compile(r"\w+")
#: Marks that may stand for one another across the two languages.
_ALIKE = ("\"'«»“”„‘’", ".…", "([", ")]", "-–—", ":;,")


def place(spans: Sequence[Span], source: str, target: str, links: Sequence[Link]) -> tuple[Range, ...]:
    """Return for each span of ``source`` its character range in ``target``.

    Ranges nest as the spans do and siblings never overlap. A span goes to the run of target words that the
    links tie most closely to it; a span over all the words of its parent covers all of the parent's; where
    nothing is linked, its relative position decides. Names and numbers that stand once on both sides count as
    linked.
    """
    if not spans:  # as in nearly every sentence of plain text
        return ()
    layout = _Layout.of(spans, source, target, links)
    placed: list[Range] = [(0, 0)] * len(spans)
    _place_children(layout, -1, (0, len(source)), (0, len(target)), placed)
    return tuple(placed)


@dataclass(frozen=True)
class _Layout:
    """What all placements need: the words of both sides, and what each target word is linked with."""

    spans: Sequence[Span]
    children: Mapping[int, Sequence[int]]
    source: str
    target: str
    words: tuple[Range, ...]
    source_words: tuple[Range, ...]
    linked: tuple[tuple[Range, ...], ...]
    #: Each link as (source start, target word), sorted, and the longest stretch of source that one covers.
    reach: tuple[Range, ...]
    widest: int

    @classmethod
    def of(cls, spans: Sequence[Span], source: str, target: str, links: Sequence[Link]) -> _Layout:
        children: dict[int, list[int]] = {}
        for index, span in enumerate(spans):
            children.setdefault(span.parent, []).append(index)
        words = tuple(match.span() for match in _WORD.finditer(target))
        source_words = tuple(match.span() for match in _SOURCE_WORD.finditer(source))
        linked = _linked(words, links, _anchors(source, target))
        reach = tuple(sorted({(start, word) for word, ranges in enumerate(linked) for start, _ in ranges}))
        widest = max((end - start for ranges in linked for start, end in ranges), default=0)
        return cls(spans, children, source, target, words, source_words, linked, reach, widest)

    def inside(self, start: int, end: int) -> int:
        """Count the source words that begin in a range."""
        return max(0, bisect_left(self.source_words, (end,)) - bisect_left(self.source_words, (start,)))

    def words_in(self, index: int) -> int:
        """Count the source words of a span."""
        return self.inside(self.spans[index].start, self.spans[index].end)

    def near(self, span: Span) -> Range:
        """Return the first of the target words linked into ``span``, and the one after the last."""
        first = bisect_left(self.reach, (span.start - self.widest, 0))
        found = [word for _, word in self.reach[first : bisect_left(self.reach, (span.end, 0))]]
        return (min(found), max(found) + 1) if found else (0, 0)

    def score(self, word: int, span: Span) -> float:
        """Score a target word for a span: 1 where all its links lead into the span, -1 where none does."""
        total = inside = 0
        for start, end in self.linked[word]:
            total += end - start
            inside += max(0, min(end, span.end) - max(start, span.start))
        return 2 * inside / total - 1 if total else _UNLINKED


#: An unlinked word joins a span between linked ones, and does not stretch it outwards.
_UNLINKED = -0.1


def _linked(
    words: tuple[Range, ...], links: Sequence[Link], anchors: Mapping[Range, tuple[Range, ...]]
) -> tuple[tuple[Range, ...], ...]:
    """Return for each target word the source ranges it is linked with; an anchor outweighs all links."""
    found: list[list[Range]] = [[] for _ in words]
    for link in links:
        first = max(0, bisect_left(words, (link.target_start,)) - 1)
        for index in range(first, bisect_left(words, (link.target_end,))):
            if words[index][1] > link.target_start:
                found[index].append((link.source_start, link.source_end))
    return tuple(anchors.get(word) or tuple(ranges) for word, ranges in zip(words, found, strict=True))


def _anchors(source: str, target: str) -> dict[Range, tuple[Range, ...]]:
    """Tie the words with a capital or a digit that stand exactly once, alike, on both sides."""
    ours, theirs = _once(_SOURCE_WORD, source), _once(_WORD, target)
    return {
        theirs[word]: (place,)
        for word, place in ours.items()
        if word in theirs and (word[0].isdigit() or word != word.lower())
    }


def _once(pattern: re.Pattern[str], text: str) -> dict[str, Range]:
    """Return the words that stand once in ``text``, and where."""
    found = list(pattern.finditer(text))
    counts = Counter(match.group() for match in found)
    return {match.group(): match.span() for match in found if counts[match.group()] == 1}


def _place_children(layout: _Layout, parent: int, ours: Range, theirs: Range, placed: list[Range]) -> None:
    """Place the spans in ``parent``, whose text is ``ours`` in the source and ``theirs`` in the target."""
    children = layout.children.get(parent, ())
    around = [i for i in children if layout.spans[i].end > layout.spans[i].start]
    # Short spans choose first: a long one can give up a word. Those without words fit in between, last.
    around.sort(key=lambda i: (not layout.words_in(i), layout.spans[i].end - layout.spans[i].start))
    words = _words_within(layout, theirs) if children else []
    free, taken = words, list[Range]()
    for index in around:
        placed[index] = start, end = _place_span(layout, index, ours, theirs, (words, free, taken))
        taken.append(placed[index])
        free = [i for i in free if not (start < layout.words[i][1] and layout.words[i][0] < end)]
    for index in children:
        if layout.spans[index].end == layout.spans[index].start:
            at = _place_point(layout, layout.spans[index], ours, theirs, (words, free, taken))
            placed[index] = (at, at)
    for index in children:
        span = layout.spans[index]
        _place_children(layout, index, (span.start, span.end), placed[index], placed)


def _words_within(layout: _Layout, theirs: Range) -> list[int]:
    """Return the indices of the target words in a range."""
    first, last = bisect_left(layout.words, (theirs[0],)), bisect_left(layout.words, (theirs[1],))
    return [i for i in range(first, last) if layout.words[i][1] <= theirs[1]]


#: The words of the parent, those that no sibling has yet, and the ranges of the siblings placed.
_Room = tuple[list[int], list[int], list[Range]]


def _place_span(layout: _Layout, index: int, ours: Range, theirs: Range, room: _Room) -> Range:
    span, count = layout.spans[index], layout.words_in(index)
    _, words, taken = room
    if not count or not words:
        return _place_wordless(layout, span, ours, theirs, room)
    if count == layout.inside(*ours):
        window = (0, len(words))
    else:
        window = _best_run(layout, span, words) or _relative_run(layout, span, ours, words)
    chosen = words[window[0] : window[1]]
    start, end = layout.words[chosen[0]][0], layout.words[chosen[-1]][1]
    left = max([theirs[0], *(b for _, b in taken if b <= start)])
    right = min([theirs[1], *(a for a, _ in taken if a >= end)])
    return _widen(layout, span, ours, (start, end), (left, right))


def _runs(words: list[int]) -> list[Range]:
    """Return the runs of consecutive words, as ranges of positions in ``words``."""
    if not words or words[-1] - words[0] + 1 == len(words):  # no gap, which is usual and soon told
        return [(0, len(words))]
    breaks = [i for i in range(1, len(words)) if words[i] != words[i - 1] + 1]
    return list(zip([0, *breaks], [*breaks, len(words)], strict=True))


def _best_run(layout: _Layout, span: Span, words: list[int]) -> Range | None:
    """Return the run with the highest sum of scores (Kadane's maximum subarray), if above 0."""
    best, found = 0.0, None
    # Only a linked word can score above 0, so that the best run begins and ends with one.
    low, high = (bisect_left(words, word) for word in layout.near(span))
    for first, last in ((low + first, low + last) for first, last in _runs(words[low:high])):
        total, start = 0.0, first
        for at in range(first, last):
            if total <= 0:
                total, start = 0.0, at
            total += layout.score(words[at], span)
            if total > best:
                best, found = total, (start, at + 1)
    return found


def _relative_run(layout: _Layout, span: Span, ours: Range, words: list[int]) -> Range:
    """Return the run that stands where the span stood, as a share of its parent's words."""
    whole = max(1, layout.inside(*ours))
    width = max(1, round(layout.inside(span.start, span.end) / whole * len(words)))
    wanted = layout.inside(ours[0], span.start) / whole * len(words)
    starts = []
    for first, last in _runs(words):
        for start in (int(wanted), int(wanted) + 1):
            start = min(max(start, first), max(first, last - width))
            starts.append((abs(start - wanted), start, min(start + width, last)))
    _, start, end = min(starts)
    return start, end


def _place_wordless(layout: _Layout, span: Span, ours: Range, theirs: Range, room: _Room) -> Range:
    """Place a span that holds no word: on the same marks where they stand once, else as a point."""
    text = layout.source[span.start : span.end].strip()
    if text and layout.source.count(text) == 1 and layout.target.count(text) == 1:
        start = layout.target.index(text)
        end = start + len(text)
        if theirs[0] <= start and end <= theirs[1] and not any(a < end and start < b for a, b in room[2]):
            return start, end
    at = _place_point(layout, span, ours, theirs, room)
    return at, at


def _widen(layout: _Layout, span: Span, ours: Range, inner: Range, room: Range) -> Range:
    """Take in the marks beside the words that the span has in the source: quotes, brackets, a stop."""
    source, target = layout.source, layout.target
    text = source[span.start : span.end]
    bare = [match.span() for match in _SOURCE_WORD.finditer(text)]
    lead, trail = text[: bare[0][0]].strip(), text[bare[-1][1] :].strip()
    start, end = inner
    all_left = not source[ours[0] : span.start].strip() and not _WORD.search(target, room[0], start)
    all_right = not source[span.end : ours[1]].strip() and not _WORD.search(target, end, room[1])
    while start > room[0] and _joins(target[start - 1], lead, all_left):
        start -= 1
    while end < room[1] and _joins(target[end], trail, all_right):
        end += 1
    return start, end


def _joins(character: str, marks: str, any_mark: bool) -> bool:
    return not character.isspace() and (any_mark or _alike(character, marks))


def _alike(character: str, marks: str) -> bool:
    """Tell whether ``character`` is one of ``marks``, or may stand for one in the other language."""
    return character in marks or any(character in group and set(group) & set(marks) for group in _ALIKE)


def _place_point(layout: _Layout, span: Span, ours: Range, theirs: Range, room: _Room) -> int:
    """Return where in the target a point goes: beside its word, or at the edge where it stood there."""
    before = layout.inside(ours[0], span.start)
    after = layout.inside(span.start, ours[1])
    words, _, taken = room
    if not before and (after or not layout.source[ours[0] : span.start].strip()):
        at = theirs[0]
    elif not layout.source[span.end : ours[1]].strip() or not words:
        at = theirs[1]
    elif not after:
        at = layout.words[words[-1]][1]
    else:
        at = _beside(layout, span, ours, theirs, words)
    for start, end in taken:
        if start < at < end:
            at = start if at - start < end - at else end
    return at


def _beside(layout: _Layout, span: Span, ours: Range, theirs: Range, words: list[int]) -> int:
    """Return the side of the target word that answers to the source word a point belongs to."""
    left = span.glue == "left"
    own = layout.source_words[bisect_left(layout.source_words, (span.start,)) - left]
    word = Span(own[0], own[1], "", "")
    start, end = _best_run(layout, word, words) or _relative_run(layout, word, ours, words)
    if not left:
        at = layout.words[words[start]][0]
        while at > theirs[0] and _alike(layout.target[at - 1], layout.source[span.start : own[0]]):
            at -= 1
        return at
    at = layout.words[words[end - 1]][1]
    while at < theirs[1] and _alike(layout.target[at], layout.source[own[1] : span.start]):
        at += 1
    return at
