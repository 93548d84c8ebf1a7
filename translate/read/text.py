"""The reader of plain text: articles saved from pages, mails, hard-wrapped files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translate.document import Block
from translate.read.addresses import is_address
from translate.read.wrapping import evidence, paragraphs

_QUOTE = re.compile(r">[\s>]*")
#: A dash, bullet, arrow or number, and the space after it. A dash opens a turn of speech in French, too.
_MARKER = re.compile(r"(?:[-–—―*•·◦‣▪■●○►▶→➔✓✔➢❖]|\d{1,3}[.)]|[a-z]\))\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,}|\*{3,}|_{3,})\s*")
#: A letter or digit.
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class _Line:
    """A line of the file: ``body`` without its line end; where its quote marks and its list marker end."""

    number: int
    raw: str
    body: str
    quote: int
    marker: int

    @property
    def depth(self) -> int:
        return self.body[: self.quote].count(">")

    @property
    def marked(self) -> bool:
        """Whether a list marker begins the line."""
        return bool(self.body[self.quote : self.marker].strip())

    @property
    def content(self) -> str:
        """The line without its quote marks, with its indentation and list marker."""
        return self.body[self.quote :]


def read_text(text: str, wrapped: str = "auto") -> tuple[Block, ...]:
    """Split plain text into blocks: paragraphs of one line or of several hard-wrapped ones, blanks, rules.

    Blank lines part paragraphs; where they do not, every line is a block of its own unless the lines were
    wrapped (``wrapped`` "auto" decides that for each run of lines, "yes" and "no" for all). Quote marks, list
    markers and indentation are a block's prefix, line ends its suffix. Lines without any letter or digit, and
    lines that are but an address, are verbatim. Joined, the blocks are ``text``.
    """
    runs = list(_runs(_lines(text)))
    prose = [[line.content for line in run] for kind, run in runs if kind == "prose"]
    habit = wrapped == "auto" and evidence(prose)
    blocks: list[Block] = []
    for position, (kind, run) in enumerate(runs):
        if kind == "blank":
            blocks.append(Block("blank", "", suffix="".join(line.raw for line in run), line=run[0].number))
        elif kind == "verbatim":
            blocks.extend(_verbatim(line) for line in run)
        else:
            titled = position + 1 < len(runs) and _underlines(run, *runs[position + 1])
            groups = paragraphs([line.content for line in run], wrapped, habit=habit)
            blocks.extend(_paragraph([run[index] for index in group], titled) for group in groups)
    return tuple(blocks)


def _lines(text: str) -> Iterator[_Line]:
    number = 1
    for raw in text.splitlines(keepends=True):
        body = raw.splitlines()[0] if raw else raw
        indent = _indent(body, 0)
        quote = _end(_QUOTE, body, indent)
        quote = quote if quote > indent else 0
        yield _Line(number, raw, body, quote, _end(_MARKER, body, _indent(body, quote)))
        number += raw.endswith(("\n", "\r"))  # as editors count: not at form feeds and U+2028


def _indent(body: str, start: int) -> int:
    """Return where the white space after ``start`` ends (a regex would walk a long run of it twice)."""
    return start + len(body[start:]) - len(body[start:].lstrip())


def _end(pattern: re.Pattern[str], body: str, start: int) -> int:
    found = pattern.match(body, start)
    return found.end() if found else start


def _kind(line: _Line) -> str:
    if not line.body.strip():
        return "blank"
    if not _LETTER.search(line.body.strip()) or is_address(line.content.strip()):
        return "verbatim"
    return "prose"


def _runs(lines: Iterable[_Line]) -> Iterator[tuple[str, list[_Line]]]:
    """Group lines of one kind; prose also by quote depth, and a list marker begins a new run."""
    kind, run = "", list[_Line]()
    for line in lines:
        this = _kind(line)
        if run and (this != kind or (this == "prose" and (line.marked or line.depth != run[-1].depth))):
            yield kind, run
            run = []
        kind = this
        run.append(line)
    if run:
        yield kind, run


def _underlines(run: list[_Line], kind: str, following: list[_Line]) -> bool:
    """Tell whether the line after ``run`` underlines it as a title: a rule about as long as the line."""
    rule = following[0].body.strip()
    long_enough = len(rule) >= 0.6 * len(run[-1].body.strip())
    return kind == "verbatim" and len(run) == 1 and _UNDERLINE.fullmatch(rule) is not None and long_enough


def _verbatim(line: _Line) -> Block:
    return Block("verbatim", line.body, suffix=line.raw[len(line.body) :], line=line.number)


def _paragraph(lines: list[_Line], titled: bool) -> Block:
    first, last = lines[0], lines[-1]
    whole = "".join(line.raw for line in lines)
    start = first.marker
    end = len(whole) - len(last.raw) + len(last.body.rstrip())
    kind = "heading" if titled else "list_item" if first.marked else "quote" if first.depth else "paragraph"
    return Block(kind, whole[start:end], whole[:start], whole[end:], first.number, wrapped=len(lines) > 1)
