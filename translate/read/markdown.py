"""The reader of Markdown: markdown-it finds the blocks, the text is cut from the file itself.

Each line of the file belongs to one leaf at most (a paragraph, a heading, a table row, code ...). The leaves
come from the block tokens of markdown-it and their line maps; where the content of a line begins, behind
quote marks, list markers and indentation, is recorded while it parses. Everything between the contents is
layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, heading, lheading, paragraph, table
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from translate.document import Block
from translate.markup.references import labels
from translate.read.inline import Piece, pieces, strip_wrappers
from translate.read.wrapping import flow

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LAYOUT_ONLY = re.compile(r"[\s>]*")
_VERBATIM = frozenset(("fence", "code_block", "html_block", "hr", "front_matter"))
_CONTAINERS = {
    "blockquote_open": "quote",
    "list_item_open": "list_item",
    "footnote_reference_open": "paragraph",
}
_ATX_OPEN = re.compile(r"#{1,6}[ \t]+")
_FRONT = re.compile(
    r"(?P<key>title|subtitle|description|summary|titre|chapo)(?P<gap>[ \t]*:[ \t]+)(?P<value>\S.*?)[ \t]*$"
)
#: Values that stay YAML whatever words they are translated to: several words, no quotation marks or escapes,
#: and outside double quotes neither colon nor hash.
_SAFE_VALUES = (
    re.compile(r"\"(?P<text>[^\"«»“”\\]*[^\W\d_][^\"«»“”\\]*)\""),
    re.compile(r"(?P<text>[^\W\d_][^\"«»“”\\:#]* [^\"«»“”\\:#]*)"),
)

#: Longer lines are cut before markdown-it sees them (not in the document): it walks them character by
#: character.
_LONGEST = 200_000


@dataclass(frozen=True)
class _Leaf:
    """Lines ``first`` to ``last`` (exclusive); in ``starts`` the columns where the content of each begins."""

    kind: str
    first: int
    last: int
    starts: tuple[int, ...] = ()
    token: str = ""


def read_markdown(text: str, wrapped: str = "auto") -> tuple[Block, ...]:
    """Split Markdown into blocks whose texts are inline Markdown (``markup`` set).

    Paragraphs, headings, list items, quotes and footnotes become blocks of one or several lines (``wrapped``
    set; the quote marks and indentation of the further lines stand in the text and are taken out by
    ``unwrap``); a hard break parts two blocks; each cell of a table is one. Code, HTML, rules, front matter
    (but for plain titles and descriptions), link definitions and lone addresses are verbatim. ``wrapped`` has
    no say: a line end within a paragraph of Markdown is a space. Joined, the blocks are ``text``.
    """
    del wrapped
    lines = [found.group() for found in _LINE.finditer(text)]
    blocks: list[Block] = []
    done = 0
    found: dict[str, Any] = {}
    for leaf in _leaves(lines, found):
        if leaf.first < done:
            continue
        blocks.extend(_between(lines, done, leaf.first))
        blocks.extend(_blocks(lines, leaf))
        done = leaf.last
    blocks.extend(_between(lines, done, len(lines)))
    defined = found.get("references", {})
    if not defined:
        return tuple(blocks)
    return tuple(replace(block, labels=labels(flow(block), defined)) if block.markup else block for block in blocks)


def _parser() -> MarkdownIt:
    """Return a parser with tables, footnotes and front matter that records where contents begin."""
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
    rules: dict[str, tuple[Callable[[StateBlock, int, int, bool], bool], list[str]]] = {
        "paragraph": (paragraph, []),
        "heading": (heading, ["paragraph", "reference", "blockquote"]),
        "lheading": (lheading, []),
        "table": (table, ["paragraph", "reference"]),
    }
    for name, (rule, ended) in rules.items():
        parser.block.ruler.at(name, _recording(rule), {"alt": ended})
    return parser.use(footnote_plugin).use(front_matter_plugin)


def _recording(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """Return ``rule``, which also notes in its tokens where in the source each of their lines begins."""

    def recorded(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        before = len(state.tokens)
        if not rule(state, first, last, silent):
            return False
        for token in state.tokens[before:]:
            if token.map and not silent:
                token.meta["starts"] = [state.bMarks[n] + state.tShift[n] for n in range(*token.map)]
        return True

    return recorded


def _leaves(lines: list[str], found: dict[str, Any]) -> Iterator[_Leaf]:
    """Yield the leaves in order; put into ``found`` what markdown-it keeps apart, such as definitions of links."""
    if not lines:
        return
    # NUL: markdown-it would put a character of its own there, which is as long, but let columns be certain.
    bodies = [_body(line)[:_LONGEST].replace("\0", "\ufffd") for line in lines]
    offsets = [0]
    for body in bodies:
        offsets.append(offsets[-1] + len(body) + 1)
    tokens: list[Token] = []
    parser = _parser()
    parser.block.parse("\n".join(bodies), parser, found, tokens)
    kinds = ["paragraph"]
    for token in tokens:
        if token.type in _CONTAINERS:
            kinds.append(_CONTAINERS[token.type])
        elif token.type.replace("_close", "_open") in _CONTAINERS:
            kinds.pop()
        elif token.map and (token.type in _VERBATIM or token.type.endswith("_open")):
            leaf = _leaf(token, kinds[-1], offsets)
            if leaf:
                yield leaf


def _leaf(token: Token, kind: str, offsets: list[int]) -> _Leaf | None:
    first, last = token.map or (0, 0)
    if token.type in _VERBATIM:
        return _Leaf("verbatim", first, last, token=token.type)
    named = {"heading_open": "heading", "table_open": "table_cell", "paragraph_open": kind}.get(token.type)
    if named is None:
        return None
    columns = tuple(start - offsets[first + n] for n, start in enumerate(token.meta["starts"]))
    return _Leaf(named, first, last, columns, token.markup if token.type == "heading_open" else "")


def _between(lines: list[str], first: int, last: int) -> Iterator[Block]:
    """Yield blocks for lines that no leaf holds: blank ones, and definitions of links, by runs."""
    start = first
    for end in range(first + 1, last + 1):
        blank = _blank(lines[start])
        if end == last or _blank(lines[end]) != blank:
            whole = "".join(lines[start:end])
            if blank:
                yield Block("blank", "", suffix=whole, line=start + 1)
            else:
                yield _verbatim(whole, start)
            start = end


def _blank(line: str) -> bool:
    return _LAYOUT_ONLY.fullmatch(line) is not None


def _body(line: str) -> str:
    return line.rstrip("\r\n")


def _verbatim(whole: str, line: int, kind: str = "verbatim") -> Block:
    body = _body(whole)
    return Block(kind, body, suffix=whole[len(body) :], line=line + 1)


def _blocks(lines: list[str], leaf: _Leaf) -> Iterator[Block]:
    if leaf.token == "front_matter":
        yield from _front_matter(lines, leaf)
    elif leaf.kind == "verbatim":
        kind = "html" if leaf.token == "html_block" else "verbatim"
        yield _verbatim("".join(lines[leaf.first : leaf.last]), leaf.first, kind)
    elif leaf.kind == "table_cell":
        yield from _table(lines, leaf)
    else:
        yield from _prose(lines, leaf)


def _prose(lines: list[str], leaf: _Leaf) -> Iterator[Block]:
    """Yield the blocks of a paragraph or heading: one, or one between each two hard breaks."""
    whole = "".join(lines[leaf.first : leaf.last])
    start, end = leaf.starts[0], len(whole)
    if leaf.token.startswith("#"):
        opened = _ATX_OPEN.match(whole, start)
        start = opened.end() if opened else end
        end = start + len(_without_closing(_body(whole)[start:]))
    elif leaf.token:  # underlined by = or -
        end -= len(lines[leaf.last - 1])
    if start >= end or not whole[start:end].strip():
        yield _verbatim(whole, leaf.first)
        return
    found = pieces(whole, start, end, task=leaf.kind == "list_item")
    done = 0
    for number, piece in enumerate(found):
        stop = found[number + 1].start if number + 1 < len(found) else len(whole)
        line = leaf.first + whole.count("\n", 0, piece.start) + _returns(whole[: piece.start]) + 1
        # What stands before the next piece on its own line is that piece's prefix.
        if number + 1 < len(found):
            stop = _line_start(whole, stop)
        yield _block(whole, piece, done, stop, leaf.kind, line)
        done = stop


def _without_closing(title: str) -> str:
    """Return the content of a heading without the ``#`` that may close it."""
    content = title.rstrip(" \t")
    bare = content.rstrip("#")
    return bare.rstrip(" \t") if bare[-1:] in ("", " ", "\t") else content


def _block(whole: str, piece: Piece, start: int, stop: int, kind: str, line: int) -> Block:
    text = whole[piece.start : piece.end]
    return Block(
        "verbatim" if piece.verbatim else kind,
        text,
        whole[start : piece.start],
        whole[piece.end : stop],
        line,
        wrapped=not piece.verbatim and len(text.splitlines()) > 1,
        markup=not piece.verbatim,
    )


def _returns(text: str) -> int:
    """Count the line ends that are a lone carriage return."""
    return text.count("\r") - text.count("\r\n")


def _line_start(whole: str, position: int) -> int:
    return max(whole.rfind("\n", 0, position), whole.rfind("\r", 0, position)) + 1


def _table(lines: list[str], leaf: _Leaf) -> Iterator[Block]:
    """Yield a block for each cell; the row under the head is verbatim."""
    for number in range(leaf.first, leaf.last):
        if number == leaf.first + 1:
            yield _verbatim(lines[number], number)
            continue
        yield from _row(lines[number], leaf.starts[number - leaf.first], number)


def _row(line: str, start: int, number: int) -> Iterator[Block]:
    end = len(_body(line))
    # As markdown-it cuts cells: at each | that no backslash stands before, even inside code.
    bars = [found.start() for found in re.compile(r"(?<!\\)\|").finditer(line, start, end)]
    cells = []
    for left, right in zip([start - 1, *bars], [*bars, end], strict=True):
        cell = line[left + 1 : right]
        if cell.strip():
            begin = left + 1 + len(cell) - len(cell.lstrip())
            cells.append(strip_wrappers(line, begin, begin + len(cell.strip())))
    if not cells:
        yield _verbatim(line, number)
        return
    done = 0
    for index, piece in enumerate(cells):
        stop = len(line) if index + 1 == len(cells) else line.index("|", piece.end) + 1
        yield _block(line, piece, done, stop, "table_cell", number + 1)
        done = stop


def _front_matter(lines: list[str], leaf: _Leaf) -> Iterator[Block]:
    """Yield the YAML at the head: plain titles and descriptions as text, all else verbatim."""
    start = leaf.first
    for number in range(leaf.first, leaf.last):
        body = _body(lines[number])
        found = _FRONT.match(body) if len(body) < 1000 else None
        if not found or _continued(lines, number):
            continue
        value = next(filter(None, (safe.fullmatch(found["value"]) for safe in _SAFE_VALUES)), None)
        if not value:
            continue
        if start < number:
            yield _verbatim("".join(lines[start:number]), start)
        begin = found.start("value") + value.start("text") + len(value["text"]) - len(value["text"].lstrip())
        stop = found.start("value") + value.start("text") + len(value["text"].rstrip())
        kind = "heading" if found["key"] in ("title", "titre") else "paragraph"
        yield Block(kind, body[begin:stop], body[:begin], lines[number][stop:], number + 1)
        start = number + 1
    if start < leaf.last:
        yield _verbatim("".join(lines[start : leaf.last]), start)


def _continued(lines: list[str], number: int) -> bool:
    """Tell whether the value on this line goes on, indented, on the next."""
    return number + 1 < len(lines) and lines[number + 1][:1] in (" ", "\t")
