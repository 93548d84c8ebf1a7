"""Splitting of sentences too long for a model: at the strongest clause boundaries, into few pieces of like
length.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from translate.document import Sentence

_SPACE = re.compile(r"\s+")
#: Words that open a clause.
_OPENER = re.compile(
    r"(?:et|mais|ou|or|car|donc|ni|puis|qui|que|qu['’]|dont|où|lorsque|lorsqu['’]|quand|comme|si|alors|afin|pour|"
    r"tandis|puisque|puisqu['’]|parce|pendant|avant|après|selon|ainsi|bien que|sans|avec)\b",
    re.IGNORECASE,
)
#: What a cut costs by what stands there, in fractions of the longest piece that the cut may lie off the
#: balance: 0 behind ; : ! ? …, 1 behind a comma or closing mark or before a dash, 2 before a conjunction or
#: a relative, 3 between words, 4 beside a number or stop, 5 within a number. Behind the table: within
#: brackets.
_COST = (0.0, 0.2, 0.4, 1.2, 2.0, 4.0)
_IN_BRACKETS = 0.8
#: Costs from here on are no clause boundaries: one more piece is better.
_POOR = 1.2
#: Longest piece of text (in characters) that surely is worth a first probe of ``fits``.
_PROBE = 64


@dataclass(frozen=True)
class _Cuts:
    """The places where a text may be cut, in order, and the cost of each."""

    places: tuple[int, ...]
    costs: tuple[float, ...]


def split_clauses(text: str, fits: Callable[[str], bool]) -> tuple[Sentence, ...]:
    """Split a sentence that is too long into pieces that fit; joined (``text`` + ``gap``) they are ``text``.

    ``fits`` tells whether a model can take a piece; where a text fits, its beginning must fit too. Cuts
    lie at clause boundaries where there are any, else between words, and within a word only if it does
    not fit alone; never before a combining mark. There are as few pieces as good boundaries allow, of
    like length. Leading white space is the gap of a leading ``Sentence("", gap)``, as in
    :func:`translate.segment.split`. ``fits`` is asked O(log n) times to learn how much fits, then about
    once for each piece. A single character is never cut, whatever ``fits`` says of it.
    """
    whole = text.strip()
    if not whole or fits(whole):
        return _sentences(text, [0, len(text)])
    begin = len(text) - len(text.lstrip())
    end = begin + len(whole)
    room, cuts = _room(whole, fits), _cuts(text, begin, end)
    waiting, places = [(begin, end)], [0]
    while waiting:
        start, stop = waiting.pop()
        words = text[start:stop].rstrip()
        pieces = -(-len(words) // room)
        if len(words) <= 1 or (pieces == 1 and fits(words)):
            places.append(stop)
        else:
            cut = _best_cut(text, cuts, start, start + len(words), max(pieces, 2), room)
            waiting += [(cut, stop), (start, cut)]
    return _sentences(text, [*places[:-1], len(text)])


def _sentences(text: str, places: list[int]) -> tuple[Sentence, ...]:
    """Return the pieces of ``text`` between ``places``, white space behind each in its gap."""
    lead = text[: len(text) - len(text.lstrip())]
    sentences = [Sentence("", lead)] if lead else []
    for start, stop in pairwise(places):
        piece = text[max(start, len(lead)) : stop]
        if piece:
            words = piece.rstrip()
            sentences.append(Sentence(words, piece[len(words) :]))
    return tuple(sentences)


def _room(text: str, fits: Callable[[str], bool]) -> int:
    """Return about how many characters of ``text``, which does not fit as a whole, do fit; at least 1."""
    low, high = 1, min(_PROBE, len(text))
    while high < len(text) and fits(text[:high]):
        low, high = high, min(2 * high, len(text))
    while high - low > max(1, low // 16):
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle)
    return low


def _cuts(text: str, begin: int, end: int) -> _Cuts:
    """Find where ``text[begin:end]`` may be cut: behind each white space, save where French typography
    forbids it.
    """
    places, costs, depth, seen = [], [], 0, begin
    for space in _SPACE.finditer(text, begin, end):
        depth = max(0, depth + text.count("(", seen, space.start()) - text.count(")", seen, space.start()))
        seen = space.start()
        cost = _cost(text, space.start(), space.end())
        if cost is not None:
            places.append(space.end())
            costs.append(cost + (_IN_BRACKETS if depth else 0.0))
    return _Cuts(tuple(places), tuple(costs))


def _cost(text: str, start: int, end: int) -> float | None:
    """Return the cost of a cut at the white space ``text[start:end]``, None where there must be none."""
    before, behind = text[start - 1], text[end]
    if behind in ";:!?»" or before in "«“(–—":
        return None
    if before in ";:!?…":
        return _COST[0]
    if before in ",»”)" or behind in "–—" or text.startswith("- ", end):
        return _COST[1]
    if _OPENER.match(text, end):
        return _COST[2]
    if before.isdigit() and behind.isdigit():
        return _COST[5]
    if before.isdigit() or behind.isdigit() or before == "." or text[start] in "\u00a0\u202f":
        return _COST[4]
    return _COST[3]


def _best_cut(text: str, cuts: _Cuts, start: int, stop: int, pieces: int, room: int) -> int:
    """Return the best place to cut ``text[start:stop]``, which takes about ``pieces`` of ``room``
    characters.
    """
    fewest: tuple[float, int] | None = None
    for count in (pieces, pieces + 1):
        left = count // 2
        target = start + (stop - start) * left // count
        first = max(start + 1, stop - room * (count - left), target - room // 2)
        last = min(stop - 1, start + room * left, target + room // 2)
        found = range(bisect_left(cuts.places, first), bisect_left(cuts.places, last + 1))
        best = min(
            ((cuts.costs[i] + abs(cuts.places[i] - target) / room, cuts.places[i]) for i in found),
            default=None,
        )
        if best and best[0] < _POOR:
            return best[1]
        fewest = fewest or best
    return fewest[1] if fewest else _cut_anyhow(text, cuts, start, stop)


def _cut_anyhow(text: str, cuts: _Cuts, start: int, stop: int) -> int:
    """Cut between the words nearest to the middle of ``text[start:stop]``; within its one word if there is
    but one.
    """
    middle = (start + stop) // 2
    index = bisect_left(cuts.places, middle)
    near = [place for place in cuts.places[max(index - 1, 0) : index + 1] if start < place < stop]
    if near:
        return min(near, key=lambda place: abs(place - middle))
    place = middle
    while place > start + 1 and _joined(text, place):
        place -= 1
    if _joined(text, place):
        place = middle
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _joined(text: str, place: int) -> bool:
    """Tell whether the characters on both sides of ``place`` make one sign."""
    return unicodedata.combining(text[place]) > 0 or "\u200d" in text[place - 1 : place + 1]
