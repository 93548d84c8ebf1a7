"""Labels the blocks of a saved French article: headline, kicker, caption, link, share bar, source line, body.

The rules are conservative, because what they call boilerplate may be dropped: a block is body unless a
whole-line pattern, its place and its shape speak against it. Letters and technical documents are all body.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from translate.boilerplate_rules import (
    BREADCRUMB,
    CLOSING,
    COPYRIGHT,
    GENRE,
    NAME_ALONE,
    NETWORK_LINE,
    RULES,
    SALUTATION,
)
from translate.document import Block, Document, Label
from translate.read.long_text import is_large

#: Longest lines taken for boilerplate, in words: two to four times the longest of its kind in the layouts of
#: the tests (see test_boilerplate.py), because captions and links of long-form articles run longer.
MAX_WORDS = {"caption": 60, "credit": 20, "related": 40, "share": 40, "source": 25}
#: The same in characters, for lines without spaces.
MAX_CHARACTERS = 600
#: A headline of the French press has 5 to 30 words; a shorter line above it is a kicker.
HEADLINE_WORDS = (5, 30)
KICKER_WORDS = 5

#: What ends a sentence that is no title; titles do end in ! and ?.
FINAL = (".", "…", ".»", ".”", '."', ". »", ". »", ". »", "!»", "?»")

#: Soft hyphens, zero-width spaces and byte order marks, which pages hide in their words.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def label(document: Document) -> Document:
    """Return the document with a label, and the reason for it, on every block that holds text.

    Pure. Blank and verbatim blocks keep the label they have. Whole blocks are judged: no text is moved. A text too
    long to be an article is all body; one that has labels keeps them.
    """
    if any(block.label.reason for block in document.blocks):
        return document
    if is_large(document):
        return all_body(document)
    lines = [_line(i, block) for i, block in enumerate(document.blocks) if block.translatable]
    labels = _label_lines(lines, document.blocks)
    blocks = [replace(b, label=labels[i]) if i in labels else b for i, b in enumerate(document.blocks)]
    return replace(document, blocks=tuple(blocks))


def all_body(document: Document) -> Document:
    """Return a document that is too long to be an article, or a portion of it, all labelled as body."""
    body = Label("body", "the text is too long to be an article")
    return replace(document, blocks=tuple(replace(b, label=body) if b.translatable else b for b in document.blocks))


@dataclass(frozen=True)
class _Line:
    """A block that holds text: its index in the document, its text on one line, the number of its words."""

    index: int
    kind: str
    text: str
    words: int

    @property
    def free(self) -> bool:
        """Whether the line may be boilerplate at all: headings, quotes and tables never are."""
        return self.kind in ("paragraph", "list_item") and len(self.text) <= MAX_CHARACTERS

    @property
    def stopped(self) -> bool:
        return self.text.endswith(FINAL)

    @property
    def paragraph(self) -> bool:
        """Whether the line has the shape of running text: a stop at its end, or too long for a title."""
        return self.words > HEADLINE_WORDS[1] or (self.words >= 8 and self.stopped)

    @property
    def titled(self) -> bool:
        """Whether the line has the shape of a title: short, and no full stop, comma or colon at its end."""
        short = self.words <= HEADLINE_WORDS[1]
        return short and not self.stopped and not self.text.endswith((",", ";", ":"))


def _line(index: int, block: Block) -> _Line:
    words = unicodedata.normalize("NFC", block.text).translate(_INVISIBLE).split()
    return _Line(index, block.kind, " ".join(words), len(words))


def _label_lines(lines: Sequence[_Line], blocks: Sequence[Block]) -> dict[int, Label]:
    heading = next((n for n, line in enumerate(lines) if line.kind == "heading"), None)
    if _is_letter(lines) or any(_is_code(block) for block in blocks):
        found: dict[int, Label] = {}
    else:
        found = _match_rules(lines)
        _spread(lines, found)
        if heading is None:
            _label_top(lines, found)
    if heading is not None:
        found[heading] = Label("headline", "the first heading")
    return {line.index: found.get(n) or Label("body", _body_reason(line)) for n, line in enumerate(lines)}


def _body_reason(line: _Line) -> str:
    return "a short line of the text" if line.titled and line.words <= 12 else "text of the article"


def _is_letter(lines: Sequence[_Line]) -> bool:
    opened = any(SALUTATION.fullmatch(line.text) for line in lines[:8])
    return opened or any(CLOSING.fullmatch(line.text) for line in lines[-4:])


def _is_code(block: Block) -> bool:
    return block.kind == "verbatim" and any(fence in block.text + block.prefix for fence in ("```", "~~~"))


def _match_rules(lines: Sequence[_Line]) -> dict[int, Label]:
    """Label by whole-line patterns, twice: the second time knowing where the text begins and ends."""
    found: dict[int, Label] = {}
    for _ in range(2):
        zones = _zones(lines, found)
        for n, line in enumerate(lines):
            matched = _match(line, {place for place, zone in zones.items() if n in zone})
            if matched:
                found[n] = matched
    _settle_copyright(lines, found)
    return found


def _zones(lines: Sequence[_Line], found: dict[int, Label]) -> dict[str, range]:
    """Return the numbers of the lines that each ``place`` of a rule stands for; see Rule."""
    text = [n for n, line in enumerate(lines) if line.paragraph and n not in found] or [len(lines)]
    second = text[1] if len(text) > 1 else text[0]
    return {
        "": range(len(lines)),
        "top": range(text[0]),
        "near": range(second),
        "end": range(text[-1] + 1, len(lines)),
        "last": range(text[-1], len(lines)),
    }


def _match(line: _Line, places: set[str]) -> Label | None:
    if not line.free:
        return None
    for rule in RULES:
        if rule.place not in places or line.words > MAX_WORDS[rule.label] or (rule.unstopped and line.stopped):
            continue
        if rule.pattern.fullmatch(line.text):
            shown = line.text if line.words <= 4 else " ".join(line.text.split()[:3]) + "…"
            return Label(rule.label, f"{rule.reason}: “{shown}”" if rule.label != "caption" else rule.reason)
    return None


def _settle_copyright(lines: Sequence[_Line], found: dict[int, Label]) -> None:
    """Label a line that is © and a name: a photo credit at the top or below a caption, else the source."""
    text = [n for n, line in enumerate(lines) if line.paragraph and n not in found]
    for n, line in enumerate(lines):
        if n in found or not line.free or line.words > 8 or not COPYRIGHT.fullmatch(line.text):
            continue
        beside = n > 0 and found.get(n - 1, Label()).name == "caption"
        if beside or (text and n < text[0]):
            found[n] = Label("credit", "a photo credit above the text")
        else:
            found[n] = Label("source", "a copyright line")


def _spread(lines: Sequence[_Line], found: dict[int, Label]) -> None:
    """Give the label of a share bar, or of a heading like “Sur le même sujet”, to the lines below it."""
    text = [n for n, line in enumerate(lines) if line.paragraph and n not in found]
    last = text[-1] if text else -1
    head: int | None = None
    for n, line in enumerate(lines):
        if n in found:
            head = n if found[n].name == "related" and _is_bare(line) else None
        elif not line.free:
            head = None
        elif n - 1 in found and found[n - 1].name == "share" and NETWORK_LINE.fullmatch(line.text):
            found[n] = Label("share", "a social network below a share bar")
        elif head is not None and line.titled and line.words >= 3 and _continues(lines, n, head, last):
            found[n] = Label("related", f"a title below “{lines[head].text}”")
        else:
            head = None


def _is_bare(line: _Line) -> bool:
    """Tell whether a line announces links without naming one: “À lire aussi”, “SUR LE MÊME SUJET :”."""
    return line.words <= 6 and (line.text.isupper() or line.text[2:] == line.text[2:].lower())


def _continues(lines: Sequence[_Line], n: int, head: int, last: int) -> bool:
    """Tell whether line ``n`` is a link below ``head``: the first, a list's next, any below the article."""
    listed = lines[n].kind == "list_item" and lines[n - 1].kind == "list_item"
    return n > last or n == head + 1 or listed


def _label_top(lines: Sequence[_Line], found: dict[int, Label]) -> None:
    """Find the headline above the first paragraph, the kickers, and a byline that is a name alone."""
    first = next((n for n, line in enumerate(lines) if line.paragraph and n not in found), None)
    if first is None or not any(line.words >= 12 for line in lines[first:]):
        return
    titles = [n for n in range(first) if n not in found and lines[n].free and lines[n].titled]
    titles = [n for n in titles if not BREADCRUMB.fullmatch(lines[n].text)]
    long = [n for n in titles if lines[n].words >= HEADLINE_WORDS[0]]
    plain = [n for n in titles if not GENRE.fullmatch(lines[n].text)]
    headline = long[0] if long else plain[0] if plain else None
    if headline is None or not _reaches_headline(lines, found, headline):
        return
    found[headline] = Label("headline", "a line without a full stop, at the top, with the text below it")
    for n in range(first):
        kicker = _kicker(lines[n], n, headline) if lines[n].free else None
        if n not in found and kicker:
            found[n] = kicker
    for n in _zones(lines, found)["near"]:
        beside = {found.get(m, Label()).name for m in (n - 1, n + 1)} & {"credit", "share"}
        if n > headline and n not in found and (n < first or beside) and _is_name(lines[n]):
            found[n] = Label("credit", "a name alone between headline and text")


def _reaches_headline(lines: Sequence[_Line], found: dict[int, Label], headline: int) -> bool:
    """Tell whether nothing but kickers and labelled lines stands above the line taken for the headline."""
    return all(n in found or _kicker(lines[n], n, headline) for n in range(headline))


def _kicker(line: _Line, n: int, headline: int) -> Label | None:
    if GENRE.fullmatch(line.text):
        return Label("kicker", f"the name of a section or genre: “{line.text}”")
    if n < headline and BREADCRUMB.fullmatch(line.text):
        return Label("kicker", "the path of the page in its site")
    if n < headline and line.words <= KICKER_WORDS and line.titled:
        return Label("kicker", "a short line above the headline")
    return None


def _is_name(line: _Line) -> bool:
    return line.free and line.words <= KICKER_WORDS and NAME_ALONE.fullmatch(line.text) is not None
