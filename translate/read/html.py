"""The reader of saved pages: trafilatura finds the article (Barbaresi 2021, ACL demo), its blocks become plain text."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from translate.document import Block

#: More characters than a page of text has; what pages hold beyond them is data, and long to parse.
LONGEST_PAGE = 20_000_000

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
#: What no XML may hold, and lxml refuses in what it is given.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]|"
    "&#(?:0*(?:[1-8]|1[1-9]|2[0-9]|3[01]|127|6553[45])|x0*(?:[1-8bef]|1[0-9a-f]|7f|fff[ef]));",
    re.IGNORECASE,
)
#: What trafilatura takes away with the pictures and dates of a page, as what it keeps.
_AS = {"figure": "div", "figcaption": "p", "time": "span"}
_KEPT = re.compile(rf"(</?)({'|'.join(_AS)})\b", re.IGNORECASE)
#: Parts of a list, quotation or table that are blocks of their own within it.
_INNER = frozenset(("list", "quote", "table", "p", "head"))


@dataclass(frozen=True)
class _Place:
    """Where in the page a block stands: what opens its line, and what kind of block it is."""

    kind: str = "paragraph"
    prefix: str = ""


def read_html(text: str, wrapped: str = "auto") -> tuple[Block, ...]:
    """Return the article of a page in blocks of plain text, a blank line between paragraphs; () where there is none.

    Title, paragraphs, subheadings, captions, lists (numbered from 1), quotations and tables are kept; menus, scripts,
    comments, share bars, pictures and links to other articles are left out. ``wrapped`` has no say: a line end in HTML
    is a space. Joined, the blocks are the article as text, whose lines they count.
    """
    del wrapped
    page = _CONTROLS.sub("", _DECLARATION.sub("", text, count=1))
    body, title = _extracted(_KEPT.sub(lambda tag: f"{tag[1]}{_AS[tag[2].lower()]}", page))
    blocks = list(_blocks(body, _Place())) if body is not None else []
    if blocks and title and not any(block.kind == "heading" and _alike(block.text, title) for block in blocks[:5]):
        blocks.insert(0, _block(title, _Place("heading")))
    return tuple(_numbered(blocks))


def _extracted(page: str) -> tuple[Any, str]:
    """Return trafilatura's tree of the article (None where it finds none) and the title of the page."""
    import trafilatura
    from trafilatura.settings import use_config

    config = use_config()
    # From 250 characters on, its default, a brief would be taken by a cruder way that puts all into one paragraph.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "25")
    config.set("DEFAULT", "EXTENSIVE_DATE_SEARCH", "off")
    log = logging.getLogger("trafilatura")
    if not log.handlers:  # what it has to say of a page it logs, and what nobody handles goes to stderr
        log.addHandler(logging.NullHandler())
    found: Any = trafilatura.bare_extraction(
        page, favor_recall=True, include_comments=False, include_formatting=True, with_metadata=True, config=config
    )
    return (found.body, _plain(found.title or "")) if found is not None else (None, "")


def _alike(one: str, other: str) -> bool:
    """Tell a heading that is the title of the page, or is with the name of the newspaper."""
    first, second = one.casefold(), other.casefold()
    return first in second or second in first


def _blocks(element: Any, place: _Place) -> Iterator[Block]:
    """Yield the blocks of an element in order: text before, between and after those within it is a block too."""
    loose = element.text or ""
    for child in element:
        if child.tag == "lb" or child.tag in _INNER or child.tag in ("item", "row"):
            yield from _lines(loose, place)
            loose = ""
            yield from _inner(child, place)
        else:
            loose += "".join(child.itertext())
        loose += child.tail or ""
    yield from _lines(loose, place)


def _inner(element: Any, place: _Place) -> Iterator[Block]:
    if element.tag == "head":
        yield from _blocks(element, _Place("heading"))
    elif element.tag == "quote":
        yield from _blocks(element, _Place("quote", f"{place.prefix}> "))
    elif element.tag == "list":
        numbered = element.get("rend") == "ol"
        indent = place.prefix if place.kind == "quote" else _margin(place.prefix)
        for number, item in enumerate(element, 1):
            marker = f"{indent}{f'{number}.' if numbered else '-'} "
            for count, block in enumerate(_blocks(item, _Place("list_item", marker))):
                yield replace(block, prefix=_margin(marker)) if count and block.prefix == marker else block
    elif element.tag == "row":
        yield from _row(element)
    else:
        yield from _blocks(element, place)


def _margin(prefix: str) -> str:
    """Return the quote marks of a prefix, and blanks for what else is in it."""
    return re.sub(r"[^> ]", " ", prefix)


def _row(row: Any) -> Iterator[Block]:
    """Yield a block for each cell, empty ones too, with bars between; one of paragraphs only lays out the page."""
    if any(element.tag == "lb" or element.tag in _INNER for cell in row for element in cell.iter()):
        for cell in row:
            yield from _blocks(cell, _Place())
        return
    cells = [_plain("".join(cell.itertext())) for cell in row]
    if not any(cells):
        return
    for number, text in enumerate(cells, 1):
        last = number == len(cells)
        yield Block("table_cell", text, "" if number == 1 else " | ", "\n" if last else "")


def _lines(text: str, place: _Place) -> Iterator[Block]:
    if plain := _plain(text):
        yield _block(plain, place)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _block(text: str, place: _Place) -> Block:
    return Block(place.kind, text, place.prefix, "\n")


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks with their lines, and the blank lines between those of different kinds and paragraphs."""
    line = 1
    for block, after in zip_longest(blocks, blocks[1:]):
        yield replace(block, line=line)
        line += block.suffix.count("\n")
        together = after is not None and block.kind == after.kind and block.kind in ("list_item", "table_cell")
        if after is not None and block.suffix and not together:
            yield Block("blank", "", suffix="\n", line=line)
            line += 1
