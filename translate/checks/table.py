"""A table of French terms, each with what proves its English, that is searched in the time that a text takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

#: Most letters and digits of the beginning of a word by which a table is searched.
_LONGEST = 12
_START = re.compile(rf"(?<![\w-])[^\W_]{{1,{_LONGEST}}}")
_BEFORE = re.compile(r"(?:\(\?<[=!][^()]*\))+")
_LETTERS = re.compile(rf"[^\W_]{{1,{_LONGEST}}}(?![?*{{])")
_CLASS = re.compile(r"\[(?P<letters>[^\W\d_]+)\](?![?*{])")
#: What a pattern spells plainly and French typography otherwise: apostrophes and spaces, also those of a class.
_TYPOGRAPHY = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.|['’ ]")


def _typographic(found: re.Match[str]) -> str:
    same = found[0].replace("'", "'’").replace(" ", " \u00a0\u202f")
    return found[0] if found[0] == same else same if found[0].startswith(("[", "\\")) else f"[{same}]"


@dataclass(frozen=True)
class Term:
    """A French term, what to say to the model instead, and what proves that its English is right.

    ``french`` is a pattern, matched in any case unless it has capitals; ``instead`` is English, or plainer French,
    and may hold references to the groups of ``french``; ``proof`` is a pattern, searched in the English in any
    case. Both patterns begin where a word does, and ``french`` ends where one does. ``word`` tells a common word, which
    with a capital may be a name.
    """

    french: str
    instead: str
    proof: str
    word: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The French, compiled when it is first needed: of thousands of terms, a text has a few."""
        spaced = _TYPOGRAPHY.sub(_typographic, self.french)
        any_case = 0 if re.sub(r"\\[A-Z]", "", self.french) != self.french.lower() else re.IGNORECASE
        return re.compile(rf"(?<![\w-])(?:{spaced})(?![\w-])", any_case)

    @cached_property
    def proven(self) -> re.Pattern[str]:
        """The proof, compiled."""
        return re.compile(rf"(?<!\w)(?:{self.proof})", re.IGNORECASE)


class Table:
    """Terms, found by the letters that they begin with; of two for the same text, the first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_start: dict[str, list[int]] = {}
        self._anywhere: list[int] = []
        for number, term in enumerate(self.terms):
            for key in _keys(term.french):
                (self._by_start.setdefault(key, []) if key else self._anywhere).append(number)

    def matches(self, text: str) -> Iterator[tuple[Term, re.Match[str]]]:
        """Find every term in a French text, overlapping ones too, in the order of the table."""
        found = [(n, match) for n in self._anywhere for match in self.terms[n].pattern.finditer(text)]
        for start in _START.finditer(text):
            letters = start[0].lower()
            for length in range(1, len(letters) + 1):
                for number in self._by_start.get(letters[:length], ()):
                    if match := self.terms[number].pattern.match(text, start.start()):
                        found.append((number, match))
        return ((self.terms[number], match) for number, match in sorted(found, key=lambda one: one[0]))


def _keys(french: str) -> set[str]:
    """Return the letters that what a pattern matches begins with; an empty text among them where they are not known."""
    first, *others = _alternatives(french)
    if others:
        return _keys(first).union(*map(_keys, others))
    first = _BEFORE.sub("", first, count=1) if first.startswith("(?<") else first
    if letters := _LETTERS.match(first):
        return {letters[0].lower()}
    if one := _CLASS.match(first):
        return set(one["letters"].lower())
    if first.startswith(("(?:", "(?-i:")):
        inside, rest = _group(first)
        keys = _keys(inside) or {""}
        return keys | _keys(rest[1:]) if rest.startswith("?") else keys
    return {""}


def _group(pattern: str) -> tuple[str, str]:
    """Return what is inside the group that a pattern begins with, and what follows it."""
    depth = 0
    for found in re.finditer(r"\\.|[()]", pattern):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth == 0:
            return pattern[pattern.index(":") + 1 : found.start()], pattern[found.end() :]
    return "", ""


def _alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern that stand in no group of it."""
    parts, depth = [""], 0
    for character in re.findall(r"\\.|.", pattern):
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
