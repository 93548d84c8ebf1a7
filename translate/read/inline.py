"""The inside of a Markdown paragraph: the hard breaks in it, the emphasis or link that spans all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from translate.read.addresses import is_address

_LINE_END = re.compile(r"\r\n|\r|\n")
_BREAK = re.compile(r" *\\?(?:\r\n|\r|\n)?")
_LEADING = re.compile(r"[\s>]*")
_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
#: A link or image with plain text and a plain address, and nothing beside it.
_LINK = re.compile(r"(?P<open>!?\[)(?P<text>[^\[\]\\`<>\r\n]*)(?P<rest>\]\([^()\s]*\)|\]\[[^\[\]]+\])")

#: Paragraphs longer than this are not searched for markup that spans them: parsing them takes seconds.
_LONGEST = 20_000

#: Layers of emphasis and links around a whole text that are taken off; each costs a parse of what is inside.
_DEEPEST = 8


@dataclass(frozen=True)
class Piece:
    """Characters ``start`` to ``end`` of a text: translated as one, or not at all where ``verbatim``."""

    start: int
    end: int
    verbatim: bool = False


def pieces(whole: str, start: int, end: int, *, task: bool = False) -> list[Piece]:
    """Cut ``whole[start:end]``, one paragraph, at its hard breaks; return one piece or more, in order.

    ``task`` skips the box of a task-list item. Quote marks and indentation that begin a further line belong
    to no piece where that line begins one. Pieces are stripped of white space and of markup that spans them.
    """
    if task:
        box = _TASK.match(whole, start, end)
        start = box.end() if box else start
    content = whole[start:end]
    begin = start + len(content) - len(content.lstrip())
    spanned = strip_wrappers(whole, begin, begin + len(content.strip()))
    if spanned.verbatim:
        return [spanned]
    start, end = spanned.start, spanned.end
    found = []
    for cut in [*_hard_breaks(whole, start, end), end]:
        content = whole[start:cut]
        if content.strip():
            begin = start + len(content) - len(content.lstrip())
            found.append(strip_wrappers(whole, begin, begin + len(content.strip())))
        after = _LEADING.match(whole, _after_break(whole, cut))
        start = after.end() if after else cut
    return found or [Piece(start, end, verbatim=True)]


def strip_wrappers(whole: str, start: int, end: int) -> Piece:
    """Return the piece ``whole[start:end]`` without the emphasis or link that spans all of it."""
    for _ in range(_DEEPEST):
        text = whole[start:end]
        if is_address(text) or not any(map(str.isalnum, text)):
            return Piece(start, end, verbatim=True)
        link = _LINK.fullmatch(text)
        if link:
            inner = link["text"].strip()
            begin = start + link.start("text") + len(link["text"]) - len(link["text"].lstrip())
            if not any(map(str.isalnum, inner)):
                return Piece(start, end, verbatim=True)
            start, end = begin, begin + len(inner)
            continue
        width = _emphasis(text)
        if not width:
            break
        start, end = start + width, end - width
    return Piece(start, end)


def _emphasis(text: str) -> int:
    """Return the width of the delimiter when emphasis spans all of ``text``; else 0."""
    if text[:1] not in "*_~" or text[-1:] != text[:1] or len(text) > _LONGEST:
        return 0
    tokens = [token for token in _children(text) if token.type != "text" or token.content]
    if len(tokens) < 3 or tokens[0].type not in ("em_open", "strong_open", "s_open"):
        return 0
    closed = [index for index, token in enumerate(tokens) if token.nesting < 0 and token.level == tokens[0].level]
    return len(tokens[0].markup) if closed and closed[0] == len(tokens) - 1 else 0


def _hard_breaks(whole: str, start: int, end: int) -> list[int]:
    """Return where hard breaks begin: spaces or a backslash before a line end, outside code and emphasis."""
    body = whole[start:end].rstrip()
    if len(body) > _LONGEST:
        return []
    ends = [found.start() for found in _LINE_END.finditer(body)]
    if not any(body.endswith(("  ", "\\"), 0, position) for position in ends):
        return []
    # One line end that markdown-it took for part of a code span or link shifts all others: then none is cut.
    plain = "\n".join(line[_skip(line) :] for line in _LINE_END.split(body))
    breaks = [token for token in _children(plain) if token.type in ("softbreak", "hardbreak")]
    if len(breaks) != len(ends):
        return []
    return [
        start + (position - 1 if body[position - 1] == "\\" else len(body[:position].rstrip(" ")))
        for position, token in zip(ends, breaks, strict=True)
        if token.type == "hardbreak" and token.level == 0
    ]


def _skip(line: str) -> int:
    """Return the length of the indentation and quote marks that ``line`` begins with."""
    found = _LEADING.match(line)
    return found.end() if found else 0


def _after_break(whole: str, cut: int) -> int:
    found = _BREAK.match(whole, cut)
    return found.end() if found else cut


def _children(text: str) -> list[Token]:
    tokens = _inline_parser().parseInline(text)
    return tokens[0].children or [] if tokens else []


@lru_cache(maxsize=1)
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("strikethrough")
