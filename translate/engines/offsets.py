"""Where the characters of a normalised text stand in the raw one, and words aligned by attention."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from translate.document import Link

#: What is aligned as one: a number, a word (French elisions apart), or a single mark.
_SOURCE_UNIT = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:-\w+)*|[^\w\s]")
_TARGET_UNIT = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’-]\w+)*|[^\w\s]")

Span = tuple[int, int]


def locate(derived: str, raw: str) -> list[int]:
    """Return for each character of ``derived`` the index in ``raw`` of the character that it came from.

    ``derived`` is ``raw`` normalised: compatibility forms, quotation marks and spaces may have been replaced,
    inserted or removed, but letters and digits come in the same order. These anchor the map; what stands
    between two anchors goes to what stands between them. Where letters differ after all, the stretch that
    does is mapped in proportion. The result never decreases.
    """
    if not raw:
        return [0] * len(derived)
    anchors = _anchors(derived, raw)
    result: list[int] = []
    before, following = -1, 0
    for index, character in enumerate(derived):
        while following < len(anchors) and anchors[following][0] < index:
            following += 1
        if following < len(anchors) and anchors[following][0] == index:
            before = anchors[following][1]
            result.append(before)
            continue
        bound = anchors[following][1] if following < len(anchors) else len(raw)
        place = before + 1
        if character.isspace() and not (place < bound and raw[place].isspace()):
            # A space that the raw text has not: the one sentencepiece sets first, or one inserted.
            result.append(max(before, 0))
            continue
        while not character.isspace() and place < bound and raw[place].isspace():
            place += 1
        before = min(place, max(bound - 1, before), len(raw) - 1)
        result.append(max(before, 0))
    return result


def _letters(text: str) -> list[tuple[str, int]]:
    found = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            if part.isalnum():
                found.append((part, index))
    return found


def _anchors(derived: str, raw: str) -> list[Span]:
    """Return pairs (index in derived, index in raw), one for each letter or digit that both have."""
    ours, theirs = _letters(derived), _letters(raw)
    shorter = min(len(ours), len(theirs))
    head = 0
    while head < shorter and ours[head][0] == theirs[head][0]:
        head += 1
    tail = 0
    while tail < shorter - head and ours[-1 - tail][0] == theirs[-1 - tail][0]:
        tail += 1
    middle, span = len(ours) - head - tail, len(theirs) - head - tail
    pairs = [(ours[i][1], theirs[i][1]) for i in range(head)]
    if span:
        pairs += [(ours[head + i][1], theirs[head + i * span // middle][1]) for i in range(middle)]
    pairs += [(ours[i - tail][1], theirs[i - tail][1]) for i in range(tail)]
    once: list[Span] = []
    for pair in pairs:
        if not once or pair[0] > once[-1][0]:
            once.append(pair)
    return once


def units(text: str, target: bool = False) -> list[Span]:
    """Return the spans of the words, numbers and marks of ``text``."""
    pattern = _TARGET_UNIT if target else _SOURCE_UNIT
    return [match.span() for match in pattern.finditer(text)]


def membership(surfaces: Sequence[str], places: Sequence[int], spans: Sequence[Span]) -> Any:
    """Return a matrix (pieces, units) of zeros and ones: which unit each piece belongs to.

    ``surfaces`` are the pieces as text, ``places`` the raw index of each character of them joined. A piece
    that reaches into two units belongs to the one it covers most; one of white space belongs to none.
    """
    import numpy as np

    owner = {index: number for number, (start, end) in enumerate(spans) for index in range(start, end)}
    matrix = np.zeros((len(surfaces), len(spans)), np.float32)
    at = 0
    for row, surface in enumerate(surfaces):
        covered = [owner[places[at + k]] for k, c in enumerate(surface) if c != " " and places[at + k] in owner]
        at += len(surface)
        if covered:
            matrix[row, max(covered, key=covered.count)] = 1
    return matrix


def align(
    source: str, source_surfaces: Sequence[str], target: str, target_surfaces: Sequence[str], attention: Any
) -> tuple[Link, ...]:
    """Return one link for each word, number or mark of ``target``: to the unit of ``source`` it attended to
    most.

    ``attention`` has a row for each target piece and a column for each source piece; it may have more of both
    (end of sentence), which are left out. ``source`` is the raw unit; the links are in its characters.
    """
    import numpy as np

    from_spans, to_spans = units(source), units(target, target=True)
    if not from_spans or not to_spans:
        return ()
    rows = membership(target_surfaces, locate("".join(target_surfaces), target), to_spans)
    columns = membership(source_surfaces, locate("".join(source_surfaces), source), from_spans)
    weights = np.asarray(attention, np.float32)[: rows.shape[0], : columns.shape[0]]
    shares = rows.T @ weights @ columns
    return tuple(
        Link(*from_spans[int(share.argmax())], *span)
        for span, share in zip(to_spans, shares, strict=True)
        if share.max() > 0
    )
