"""French sentence splitting, and the splitting of sentences too long for a model; nothing is ever lost.

A sentence may end at ``. ! ? …`` with the quotation marks, brackets, emphasis and footnote marks that close
behind it. Whether it does is decided by what stands before (abbreviations, initials, enumerators) and behind
(capitals, digits, words that begin French sentences). The rules are ours: sentencex 1.0, the best kept
library, splits behind « M. », « J. » of « J.-C. » and « art. » (see ``tests/segment/sentences.txt``).
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from translate.abbreviations import (
    ADDRESS_ENDINGS,
    BEFORE_NUMBERS,
    EXCLAIMED_NAMES,
    NEVER_LAST,
    PARTICLES,
    PENDING,
    SELDOM_LAST,
    STARTERS,
)
from translate.clauses import split_clauses
from translate.document import Sentence

__all__ = ["split", "split_clauses"]

_STOP = re.compile(r"[.!?…]+|(?:\n[^\S\n]*|\u2029)(?:\n|\u2029)")
_SPACE = re.compile(r"\s*")
_SIGN = re.compile(r"[^\W_]")
_CLOSING = re.compile(
    r"(?:\s{0,2}»|[”)\]}*_~]|[\"'’“](?!\w)|\[\d{1,3}\]|[¹²³⁰⁴-⁹]|(?:(?<=[^\W\d_][.!?…])|(?<=[»”]))\d{1,2}(?=\s))*"
)
_OPENING = re.compile(r"(?:[\[(](?:…|\.{3})[\])]|…|\.{3}|[«“„\"‘'’(\[{¿¡*_~–—•\-\s])*")
_QUOTES = frozenset('«“„"')
_DASH = re.compile("[–—-]")
#: Hashtags at the end of a quotation belong to it.
_TAGS = re.compile(r"(?:#\w+\s*)+[\"”»]")
#: Behind a quotation: its sentence goes on.
_GOES_ON = re.compile(r"\s*(?:[,;:)–—-]|[a-zà-öø-ÿœ])")
_LOWER_NAME = re.compile(r"(?:[a-z]{1,2}[A-Z]|(?:al|el|ben|ibn|as|ad|ar|ash|at|az|an|es)-[A-Z])")
_ROMAN = r"(?=[IVXL]+\b)(?:X[LC]|L?X{0,3})(?:I[XV]|V?I{0,3})"
_NUMBER = re.compile(rf"\d|{_ROMAN}\b(?!['’])|[A-Z]\.?\s?\d|§|°")
_ENUMERATOR = re.compile(rf"\d{{1,3}}(?:\.\d{{1,2}})*|[^\W\d_]|[ivx]{{2,5}}|{_ROMAN}")
_ITEM = re.compile(r"(?:[a-z]|[ivx]{2,5})(?P<sign>[.)])\s")
_LABELLED = re.compile(
    r"(?:chapitre|titre|article|section|partie|tome|livre|annexe|acte|scène|figure|tableau|étape|question|point)"
    rf"\s(?:\d{{1,3}}|{_ROMAN}|[A-Z])",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.[-–]?)+[^\W\d_]{1,2}|(?:.*[-–])?[^\W\d_a-zà-ÿ]|[b-xzB-XZ]")
_WORD = re.compile(r"[^\W\d_]+")
_GLUED = re.compile(r"(?:^|[\s«“\"(])(?:[^\W\d_]+['’-])*(?P<tail>[^\W\d_]{2,})\s?$")
_GLUED_BEHIND = re.compile(r"[\s,'’]|$")
#: Where no sentence ends: code spans, links, addresses in <>, dates and telephone numbers with spaced stops.
_GUARDED = re.compile(
    r"(?<!`)(`{1,3})(?!`)[^`]+\1(?!`)|\[[^\[\]]*\]\([^()\s]*(?:\s\"[^\"()]*\")?\)|<[a-z]+:[^<>\s]*>"
    r"|(?<!\d)\d{1,2}(?:\.\s\d{1,4}){2,}(?!\d)"
)
#: Signs between spaces that part what stands beside them: « Publié le 3 mars • Lecture 3 min », « Accueil | Sport ».
_PARTING = re.compile(r"(?<!\S)[|•·](?!\S)")
#: An image of Markdown between white space, in a link or not.
_IMAGE = re.compile(
    r"(?<!\S)(?P<link>\[)?!\[[^\[\]]*\](?:\((?:[^()\s]|\([^()\s]*\))*(?:\s\"[^\"()]*\")?\)|\[[^\[\]]*\])"
    r"(?(link)\]\([^()\s]*\))(?!\S)"
)
#: What stands behind the last word of a sentence, before an image.
_ENDED = re.compile(r"[.!?…:;][\s»”)\]}*_~\"'’]*$")
#: White space between columns: a tab, or four spaces and more.
_COLUMN = re.compile(r"(?<!\s)(?:[ \u00a0]*\t| {4})\s*(?=\S)")
#: Longest bracket that is kept together, so that an unclosed one cannot swallow a paragraph: the longest of
#: 6,255 in French news (Masakhanews, OrangeSum) has 204 characters.
_BRACKET = 300
#: Longest quotation of several sentences kept together when its sentence goes on: « Non ! Jamais ! », dit-il.
_QUOTE = 60
#: How far to look back for the word before a stop, and forward for the one behind it.
_SIGHT = 48


def split(text: str) -> tuple[Sentence, ...]:
    """Split a French paragraph into sentences: ``text`` and ``gap`` of all, joined, are the input.

    No sentence is empty or begins or ends with white space, save one: white space before the first word
    is the gap of a leading ``Sentence("", gap)``. Sentences within quotations and brackets are split too,
    unless they stand amid a longer sentence. A blank line always splits, a single line end never does by
    itself; signs like • and | between spaces, columns, and images of Markdown between sentences stand alone;
    where the blank behind a stop was forgotten (« fini.Il ») the gap is empty. Code spans and links of inline
    Markdown are never split. Linear in the length of the text.
    """
    if not text:
        return ()
    lead = len(text) - len(text.lstrip())
    sentences = [Sentence("", text[:lead])] if lead else []
    begin = lead
    paragraph = _Paragraph(text)
    for start in sorted({*paragraph.starts(lead), *paragraph.parted(lead), *paragraph.images(lead), len(text)}):
        words = text[begin:start].rstrip()
        if words:
            sentences.append(Sentence(words, text[begin + len(words) : start]))
        begin = start
    return tuple(sentences)


def _end(pattern: re.Pattern[str], text: str, position: int, limit: int = sys.maxsize) -> int:
    """Return where a match of ``pattern`` at ``position`` ends; ``position`` itself where there is none."""
    match = pattern.match(text, position, limit)
    return match.end() if match else position


@dataclass(frozen=True)
class _Spans:
    """Stretches of a text that do not overlap, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, pairs: list[tuple[int, int]]) -> _Spans:
        """Keep the outermost of ``pairs``."""
        kept: list[tuple[int, int]] = []
        for start, end in sorted(pairs):
            if not kept or start >= kept[-1][1]:
                kept.append((start, end))
        return cls(tuple(start for start, _ in kept), tuple(end for _, end in kept))

    def around(self, position: int) -> tuple[int, int] | None:
        """Return the stretch with ``start < position < end``, if there is one."""
        index = bisect_right(self.starts, position - 1) - 1
        if index >= 0 and position < self.ends[index]:
            return self.starts[index], self.ends[index]
        return None


def _pairs(text: str, opening: str, closing: str, limit: int) -> list[tuple[int, int]]:
    """Return the stretches from ``opening`` through ``closing`` of at most ``limit`` characters."""
    waiting: list[int] = []
    found: list[tuple[int, int]] = []
    for sign in re.finditer(f"[{re.escape(opening + closing)}]", text):
        if waiting and sign.group() == closing:
            start = waiting.pop()
            if sign.end() - start <= limit:
                found.append((start, sign.end()))
        elif sign.group() == opening:
            waiting.append(sign.start())
    return found


@dataclass(frozen=True)
class _Paragraph:
    """A paragraph and what must be known of it as a whole to tell where its sentences begin."""

    text: str

    @cached_property
    def guarded(self) -> _Spans:
        return _Spans.of([match.span() for match in _GUARDED.finditer(self.text)])

    @cached_property
    def brackets(self) -> _Spans:
        return _Spans.of(_pairs(self.text, "(", ")", _BRACKET) + _pairs(self.text, "[", "]", _BRACKET))

    @cached_property
    def quotes(self) -> _Spans:
        found = _pairs(self.text, "«", "»", _QUOTE) + _pairs(self.text, "“", "”", _QUOTE)
        return _Spans.of([*found, *(pair for pair in self._straight if pair[1] - pair[0] <= _QUOTE)])

    @cached_property
    def _straight(self) -> tuple[tuple[int, int], ...]:
        return tuple((start, end) for start, end in _pairs(self.text, '"', '"', len(self.text)))

    def starts(self, begin: int) -> Iterator[int]:
        """Yield where each sentence begins, save the first, which begins at ``begin``."""
        last = len(self.text.rstrip())
        head = self._first_sign(begin)
        for stop in _STOP.finditer(self.text, begin):
            if stop.start() < head:
                continue
            if stop.group()[0] in "\n\u2029":
                start: int | None = _end(_SPACE, self.text, stop.end())
            else:
                start = self._start_behind(stop.start(), stop.end(), begin, head)
            if start is not None and start < last:
                yield start
                begin, head = start, self._first_sign(start)

    def parted(self, begin: int) -> Iterator[int]:
        """Yield where columns and the signs that part stretches of text begin, and where these stretches begin."""
        yield from (c.end() for c in _COLUMN.finditer(self.text, begin) if not self.guarded.around(c.start()))
        for sign in _PARTING.finditer(self.text, begin):
            if not self.guarded.around(sign.start()):
                yield sign.start()
                yield _end(_SPACE, self.text, sign.end())

    def images(self, begin: int) -> Iterator[int]:
        """Yield where images begin, and what is behind them, save those amid the words of a sentence."""
        last, before = len(self.text.rstrip()), begin
        for image in _IMAGE.finditer(self.text, begin):
            start, end = image.span()
            ended = start == before or _ENDED.search(self.text, max(before, start - _SIGHT), start)
            if (ended or end >= last) and not self.guarded.around(start):
                yield start
                yield (before := _end(_SPACE, self.text, end))

    def _first_sign(self, begin: int) -> int:
        sign = _SIGN.search(self.text, begin)
        return sign.start() if sign else len(self.text)

    def _start_behind(self, first: int, last: int, begin: int, head: int) -> int | None:
        """Return where a sentence begins behind the stop ``text[first:last]``, or None where none does."""
        end = self._closed(last)
        guarded = self.guarded.around(first)
        if guarded:
            if not self.text.startswith("](", end - 1):
                return None
            end = self._closed(guarded[1])
        start = _end(_SPACE, self.text, end)
        stop = _Stop(self.text, begin, first, last, end, start)
        if start == end:
            return end if stop.glued() else None
        if not stop.before_opening() or self._amid(stop, head):
            return None
        return start if stop.ends_sentence() else None

    def _closed(self, end: int) -> int:
        """Return the end of the quotation marks, brackets and notes that close behind a stop."""
        end = _end(_CLOSING, self.text, end)
        behind = _end(_SPACE, self.text, end)
        if behind > end and behind + 1 in self._straight_ends:
            return _end(_CLOSING, self.text, behind + 1)
        return end

    @cached_property
    def _straight_ends(self) -> frozenset[int]:
        return frozenset(end for _, end in self._straight)

    def _amid(self, stop: _Stop, head: int) -> bool:
        """Tell whether a stop stands in a bracket or a short quotation amid a sentence that goes on."""
        bracket = self.brackets.around(stop.first)
        if bracket and bracket[0] > head and (bracket[1] > stop.end or not stop.before_starter()):
            return True
        quote = self.quotes.around(stop.end)
        return bool(quote and _GOES_ON.match(self.text, quote[1]))


@dataclass(frozen=True)
class _Stop:
    """The stop ``text[first:last]``: its sentence from ``begin``, its closing marks to ``end``, ``start`` of
    the next.
    """

    text: str
    begin: int
    first: int
    last: int
    end: int
    start: int

    @cached_property
    def words(self) -> list[str]:
        """The one or two words before the stop, without what opens or elides before them."""
        before = self.text[max(self.begin, self.first - _SIGHT) : self.first].rsplit(maxsplit=2)
        return [re.split("['’]", word.lstrip("«“„\"'‘’([{*_~"))[-1] for word in before[-2:]] or [""]

    @cached_property
    def opening(self) -> str:
        """The marks that open before the next word."""
        return self.text[self.start : _end(_OPENING, self.text, self.start, self.start + _SIGHT)]

    @cached_property
    def behind(self) -> str:
        """The next words."""
        start = self.start + len(self.opening)
        return self.text[start : start + _SIGHT]

    def before_opening(self) -> bool:
        """Tell whether what follows can be the opening of a sentence at all."""
        sign = self.behind[:1]
        if not sign or _TAGS.match(self.behind) or sign in ",;:.!?)]}»”%/=+…":
            return False
        if sign.islower():
            quoted = any(mark in _QUOTES for mark in self.opening) and self.text[self.first : self.last] == "."
            return quoted or bool(_LOWER_NAME.match(self.behind)) or self._before_item()
        return True

    def _before_item(self) -> bool:
        """Tell whether the next item of an enumeration follows (« b) Elle reste », « ii. Le délai »)."""
        item = _ITEM.match(self.behind)
        return bool(item and (item["sign"] == ")" or _ITEM.match(self.text, self.begin)))

    def before_starter(self) -> bool:
        """Tell whether a word follows that begins sentences rather than names."""
        word = _WORD.match(self.behind)
        if not word or word.group().lower() not in STARTERS:
            return False
        rest = self.behind[word.end() :].lstrip(" \u00a0\u202f'’")
        return word.group().lower() not in PARTICLES or not rest[:1].isupper()

    def ends_sentence(self) -> bool:
        """Tell whether the stop ends a sentence, given that what follows can open one."""
        sign, word = self.text[self.first : self.last], self.words[-1]
        if sign == ".":
            return self._period_ends()
        if sign == "!" and word.lower() in EXCLAIMED_NAMES:
            return self.before_starter()
        if sign[-1] == "…" or sign.endswith(".."):
            return self.text[self.first - 1] not in "[(" and word.lower() not in PENDING
        return True

    def _period_ends(self) -> bool:
        word, number = self.words[-1], bool(_NUMBER.match(self.behind))
        if self._enumerates() or word in NEVER_LAST or (word.isupper() and word.capitalize() in NEVER_LAST):
            return False
        lower = word.lower()
        note = self.text[self.last : self.end]
        if note.isdigit() and (len(word) < 3 or lower in BEFORE_NUMBERS or lower in SELDOM_LAST):
            return False
        if lower == "j.-c" and len(self.words) > 1 and self.words[-2].lower().rstrip(".") in ("av", "apr", "ap"):
            return True
        if lower == "c.-à-d" or (lower == "ex" and self.words[-2:-1] == ["p."]):
            return False
        if lower in SELDOM_LAST or _INITIALS.fullmatch(word):
            return not number and self.before_starter() and not _DASH.search(self.opening)
        return lower not in BEFORE_NUMBERS or not number

    def _enumerates(self) -> bool:
        """Tell whether the stop belongs to a number or letter before an item (« 1. Le prix », « Chapitre IV.
        »).
        """
        if self.first - self.begin <= _SIGHT and _LABELLED.fullmatch(self.text, self.begin, self.first):
            return True
        if len(self.words) > 1:
            before = self.text[max(self.begin, self.first - _SIGHT) : self.first].split()[-2]
            return before[-1] in ":;" and bool(re.fullmatch(r"\d{1,2}|[^\W\d_]", self.words[-1]))
        whole = not self.text[self.begin : self.first].strip(' \u00a0\u202f«“„"([*_–—-•')[len(self.words[-1]) :]
        return whole and bool(_ENUMERATOR.fullmatch(self.words[-1]))

    def glued(self) -> bool:
        """Tell whether only the blank behind the stop was forgotten (« fini.Il part »)."""
        word = _WORD.match(self.text, self.end, self.end + _SIGHT)
        if not word or not (word.group().istitle() and _GLUED_BEHIND.match(self.text, word.end())):
            return False
        if len(word.group()) == 1 and word.group() not in "ÀÔAY" and self.text[word.end() : word.end() + 1] not in "'’":
            return False
        if any(mark in "»”" for mark in self.text[self.last : self.end]):
            return True
        token = _GLUED.search(self.text, max(self.begin, self.first - _SIGHT), self.first)
        if not token or word.group().lower() in ADDRESS_ENDINGS:
            return False
        tail = token["tail"].lower()
        abbreviated = tail in NEVER_LAST or tail in SELDOM_LAST or tail in BEFORE_NUMBERS
        return not abbreviated and (token["tail"].islower() or word.group().lower() in STARTERS)
