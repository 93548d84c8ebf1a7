"""Inline Markdown taken apart: what is text, what is a marker, and where each stood, to the character."""

from __future__ import annotations

import functools
import html
import re
import string
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

    Rule = Callable[[StateInline, bool], bool]

Range = tuple[int, int]


@dataclass(frozen=True)
class Pair:
    """Markers around text: ``raw[start:inner_start]`` opens, ``raw[inner_end:end]`` closes.

    A marker on its own (a footnote reference, ``<br>``, an emphasis marker whose partner stands in another
    sentence) is a point: it opens and closes nothing, ``inner_start == inner_end == end``. ``glue`` tells
    whether a point belongs to the word on its left or on its right.
    """

    start: int
    inner_start: int
    inner_end: int
    end: int
    glue: str = "right"


@dataclass(frozen=True)
class Spelling:
    """``raw[start:end]`` is another way to write ``shown``: an escape or a character reference."""

    start: int
    end: int
    shown: str


@dataclass(frozen=True)
class Marks:
    """What an inline text holds besides text.

    ``pairs`` are sorted by where they begin, outer ones first, and nest properly; ``atoms`` are the
    stretches to keep as they are: code spans, autolinks, and what the caller named.
    """

    pairs: tuple[Pair, ...] = ()
    atoms: tuple[Range, ...] = ()
    spellings: tuple[Spelling, ...] = ()


def find_marks(
    raw: str, atoms: tuple[Range, ...] = (), points: tuple[Range, ...] = (), labels: tuple[str, ...] = ()
) -> Marks:
    """Find the inline Markdown of ``raw``: CommonMark's, and strikethrough, footnote references, HTML tags.

    ``atoms`` and ``points`` are stretches that the caller knows; they count where they do not stand inside a
    code span, a tag or the target of a link. A hard line break is a point that ends a line. ``labels`` are those
    of links that are defined elsewhere; where ``raw`` names a label beside its text, it counts as defined.
    """
    from markdown_it.rules_inline import StateInline

    scan = _Scan(raw, dict(atoms), dict(points), sorted(start for start, _ in (*atoms, *points)))
    parser = _parser()
    state = StateInline(raw, parser, {"scan": scan, "references": _references(raw, labels)}, [])
    parser.inline.tokenize(state)
    for rule in parser.inline.ruler2.getRules(""):
        rule(state)
    return scan.marks()


def glue(raw: str, start: int) -> str:
    """Return the side to which a point at ``start`` belongs: left where it touches what stands before it."""
    return "left" if start and not raw[start - 1].isspace() else "right"


def _references(raw: str, labels: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Count every label used as ``[text][label]`` or ``[label][]`` as defined: another block does that."""
    from markdown_it.common.utils import normalizeReference

    used = re.findall(r"\]\[([^\[\]]+)\]|\[([^\[\]]+)\]\[\]", raw)
    named = (*labels, *(a or b for a, b in used))
    return {normalizeReference(label): {"href": "#", "title": ""} for label in named}


@dataclass
class _Delimiter:
    """One token of a run of emphasis markers; the parser turns it into an opening, a closing or text."""

    token: Any
    start: int
    width: int
    opens: bool
    closes: bool


@dataclass
class _Scan:
    """What the rules of the parser have come across in one text."""

    raw: str
    given_atoms: dict[int, int]
    given_points: dict[int, int]
    given_starts: list[int]
    pairs: list[Pair] = field(default_factory=list)
    atoms: list[Range] = field(default_factory=list)
    spellings: list[Spelling] = field(default_factory=list)
    tags: list[Range] = field(default_factory=list)
    targets: list[Range] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)
    delimiters: list[_Delimiter] = field(default_factory=list)

    def point(self, start: int, end: int, side: str = "") -> None:
        """Note a marker on its own."""
        self.pairs.append(Pair(start, end, end, end, side or glue(self.raw, start)))

    def marks(self) -> Marks:
        """Return all that was found."""
        self._pair_delimiters()
        self._pair_targets()
        self._pair_tags()
        pairs = sorted(self.pairs, key=lambda pair: (pair.start, -pair.end))
        return Marks(tuple(pairs), tuple(self.atoms), tuple(self.spellings))

    def _pair_delimiters(self) -> None:
        """Take emphasis as the parser resolved it; what it left waits for another sentence, or is text."""
        opened: list[Range] = []
        for mark in sorted(self.delimiters, key=lambda mark: mark.start):
            kind = mark.token.type
            width = 2 if kind.startswith("strong_") else mark.width
            if kind.endswith("_open"):
                start = mark.start - (kind == "strong_open")
                opened.append((start, start + width))
            elif kind.endswith("_close") and opened:
                self.pairs.append(Pair(*opened.pop(), mark.start, mark.start + width))
            elif mark.token.content and mark.opens != mark.closes:
                self._lone(mark.start, mark.start + mark.width, "right" if mark.opens else "left")

    def _lone(self, start: int, end: int, side: str) -> None:
        """Note a marker without its partner, as one with the marker it continues."""
        last = self.pairs[-1] if self.pairs else None
        if last and last.inner_start == last.end == start and self.raw[start - 1] == self.raw[start]:
            self.pairs[-1] = replace(last, inner_start=end, inner_end=end, end=end)
        else:
            self.point(start, end, side)

    def _pair_targets(self) -> None:
        """Pair each ``](target)`` that closes no link of this sentence with a bracket that opens none."""
        for start, end in self.targets:
            before = [at for at in self.brackets if at < start and self._free(at, end, at + 1, start)]
            if before:
                self.brackets.remove(before[-1])
                self.pairs.append(Pair(before[-1], before[-1] + 1, start, end))
            else:
                self.point(start, end, "left")
        last = self.raw.rfind("]")
        for at in self.brackets:
            if at > last:
                self.point(at, at + 1, "right")

    def _pair_tags(self) -> None:
        """Pair the HTML tags that open and close; leave the others as points."""
        opened: list[tuple[str, Range]] = []
        for start, end in self.tags:
            tag = re.match(r"<(/?)([A-Za-z][\w-]*)", self.raw[start:end])
            name = tag.group(2).lower() if tag else ""
            if not tag or name in _VOID or self.raw[start:end].endswith("/>"):
                self.point(start, end)
            elif not tag.group(1):
                opened.append((name, (start, end)))
            else:
                at = next((i for i in reversed(range(len(opened))) if opened[i][0] == name), -1)
                opening = opened[at][1] if at >= 0 else (0, 0)
                if at >= 0 and self._free(opening[0], end, opening[1], start):
                    self.pairs.append(Pair(*opening, start, end))
                    for _, left in opened[at + 1 :]:
                        self.point(*left, "right")
                    del opened[at:]
                else:
                    self.point(start, end, "left")
        for _, left in opened:
            self.point(*left, "right")

    def _free(self, start: int, end: int, inner_start: int, inner_end: int) -> bool:
        """Tell whether a pair would nest with all others: each in its text, around it, or apart from it."""
        return all(
            other.end <= start
            or other.start >= end
            or (inner_start <= other.start and other.end <= inner_end)
            or (other.inner_start <= start and end <= other.inner_end)
            for other in self.pairs
        )


#: HTML elements without a closing tag (HTML Living Standard, "Void elements").
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
#: What closes a link whose text began in the sentence before: no space in the target, or only before a title.
_TARGET = re.compile(r'\]\((?:[^\s()]|\([^\s()]*\))+(?:\s+"[^"]*")?\)')
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]]+\]")


@functools.cache
def _parser() -> MarkdownIt:
    """Return a CommonMark inline parser that notes in ``env["scan"]`` where each rule found what."""
    from markdown_it import MarkdownIt, rules_inline

    parser = MarkdownIt("commonmark").enable("strikethrough")
    # The last rule, fragments_join, would give absorbed markers their neighbours' text and so hide them.
    parser.inline.ruler2.enableOnly(["balance_pairs", "strikethrough", "emphasis"])
    ruler = parser.inline.ruler
    ruler.at("text", _text)
    ruler.at("newline", _noting(rules_inline.newline, _note_newline))
    ruler.at("escape", _noting(rules_inline.escape, _note_escape))
    ruler.at("backticks", _noting(rules_inline.backtick, _note_code))
    ruler.at("autolink", _noting(rules_inline.autolink, lambda scan, _, a, b: scan.atoms.append((a, b))))
    ruler.at("html_inline", _noting(rules_inline.html_inline, lambda scan, _, a, b: scan.tags.append((a, b))))
    ruler.at("entity", _noting(rules_inline.entity, _note_entity))
    ruler.at("emphasis", _emphasis(rules_inline.emphasis.tokenize))
    ruler.at("strikethrough", _emphasis(rules_inline.strikethrough.tokenize))
    ruler.at("link", _link(rules_inline.link, "["))
    ruler.at("image", _link(rules_inline.image, "!["))
    ruler.before("text", "given", _given)
    ruler.before("link", "footnote", _footnote)
    ruler.after("image", "bracket", _bracket)
    return parser


def _noting(rule: Rule, note: Callable[[_Scan, StateInline, int, int], None]) -> Rule:
    """Return ``rule``, calling ``note`` with where it began and ended each time it took something."""

    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            note(state.env["scan"], state, start, state.pos)
        return True

    return noting


def _note_newline(scan: _Scan, state: StateInline, start: int, end: int) -> None:
    if state.tokens[-1].type == "hardbreak":
        while start and scan.raw[start - 1] == " ":
            start -= 1
        scan.point(start, end)


def _note_escape(scan: _Scan, state: StateInline, start: int, end: int) -> None:
    character = scan.raw[start + 1]
    if character == "\n":
        scan.point(start, end)
    elif character in string.punctuation:
        scan.spellings.append(Spelling(start, end, character))


def _note_code(scan: _Scan, state: StateInline, start: int, end: int) -> None:
    if not state.pending and state.tokens and state.tokens[-1].type == "code_inline":
        scan.atoms.append((start, end))


def _note_entity(scan: _Scan, state: StateInline, start: int, end: int) -> None:
    scan.spellings.append(Spelling(start, end, html.unescape(scan.raw[start:end])))


def _text(state: StateInline, silent: bool) -> bool:
    """Take text up to the next character a rule may want, or the next stretch that the caller named."""
    scan: _Scan = state.env["scan"]
    start = state.pos
    stop = _TERMINATOR.search(state.src, start, state.posMax)
    end = stop.start() if stop else state.posMax
    following = bisect_right(scan.given_starts, start)
    if following < len(scan.given_starts):
        end = min(end, scan.given_starts[following])
    if end == start:
        return False
    if not silent:
        state.pending += state.src[start:end]
    state.pos = end
    return True


#: The characters at which CommonMark's inline rules, and the ones below, may begin.
_TERMINATOR = re.compile(r"[\n!&*<\[\\\]_`~]")


def _given(state: StateInline, silent: bool) -> bool:
    """Take a stretch that the caller named."""
    scan: _Scan = state.env["scan"]
    start = state.pos
    atom, point = scan.given_atoms.get(start), scan.given_points.get(start)
    end = atom or point
    if end is None or end > state.posMax:
        return False
    if not silent:
        state.pending += state.src[start:end]
        if atom:
            scan.atoms.append((start, end))
        else:
            scan.point(start, end)
    state.pos = end
    return True


def _footnote(state: StateInline, silent: bool) -> bool:
    """Take a footnote reference, ``[^1]``."""
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if not match or state.src.startswith("(", match.end()):
        return False
    if not silent:
        state.pending += match.group()  # as text: markers before and after it must not count as adjacent
        state.env["scan"].point(*match.span())
    state.pos = match.end()
    return True


def _bracket(state: StateInline, silent: bool) -> bool:
    """Note brackets that the link rule left: half of a link, or text."""
    if silent:
        return False
    scan: _Scan = state.env["scan"]
    if state.src[state.pos] == "[":
        scan.brackets.append(state.pos)
        return False
    match = _TARGET.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    state.pending += match.group()
    scan.targets.append(match.span())
    state.pos = match.end()
    return True


def _emphasis(rule: Rule) -> Rule:
    """Return ``rule``, noting the tokens it makes of a run of markers."""

    def emphasis(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        marker = state.src[start]
        if not rule(state, silent):
            return False
        scanned = state.scanDelims(start, marker != "_")
        tokens = [t for t in state.tokens[before:] if t.content and set(t.content) == {marker}]
        end = state.pos
        for token in reversed(tokens):
            end -= len(token.content)
            if end < start:
                break
            if token.content != "~":  # the odd one of a longer run: text
                mark = _Delimiter(token, end, len(token.content), scanned.can_open, scanned.can_close)
                state.env["scan"].delimiters.append(mark)
        return True

    return emphasis


def _link(rule: Rule, opening: str) -> Rule:
    """Return ``rule`` (link or image), noting its markers and reading its text in place."""

    def link(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not state.src.startswith(opening, start) or not rule(state, True):
            return False
        end = state.pos
        if silent:
            return True
        inner_start, maximum = start + len(opening), state.posMax
        state.pos = start
        inner_end = state.md.helpers.parseLinkLabel(state, inner_start - 1, opening == "[")
        scan: _Scan = state.env["scan"]
        scan.pairs.append(Pair(start, inner_start, inner_end, end))
        state.push("link_open", "a", 1)
        state.pos, state.posMax = inner_start, inner_end
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.pos, state.posMax = end, maximum
        return True

    return link
