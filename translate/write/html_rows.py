"""The rows of the page: English and French of a paragraph, a list, a table, side by side, with what is doubtful.

Markdown is laid out by markdown-it itself: it reads the document with a placeholder for the text of each block, and the
text, English for one column and French for the other, is put in afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from translate.document import BOILERPLATE_LABELS, Block, Flag, Hypothesis, KeySentence, Label, Segment, Translation
from translate.read import flow
from translate.read.addresses import is_address
from translate.write.html_text import InlineMarkdown, Sentence, footnote_id, link_tags, plain_html, visible
from translate.write.layout import block_text, kept

if TYPE_CHECKING:
    from markdown_it.token import Token

#: The place of block 12 in what markdown-it reads; noncharacters, which no text of a document holds here (visible()).
_PLACE = re.compile("\ufdd4(\\d+)\ufdd5")
_BOX = re.compile("\\[([ xX])\\] (?=\ufdd4)")

#: Quotations within quotations that are drawn as such; browsers nest no deeper than 512 elements.
DEEPEST = 9

_RULE = re.compile(r"[-=*_~\s]{3,}")

#: Words from which a sentence that is the same in both columns was left in French; of fewer, it may be but a name.
LEFT_WORDS = 4

#: Why a sentence was not translated, where a reader would wonder.
PASSED = {"english": "English in the original", "no words": "left as it is"}


@dataclass(frozen=True)
class Note:
    """A doubtful sentence: ``number`` links it with its place, ``after`` is the number of the next one, 0 for none."""

    number: int
    place: str
    flags: tuple[Flag, ...]
    source: str
    alternatives: tuple[Hypothesis, ...]
    after: int


@dataclass(frozen=True)
class Row:
    """What stands side by side; ``french`` is None for what is the same in both languages.

    ``kind`` is headline, text or untranslated; ``label`` and ``reason`` are given for boilerplate only; ``paragraph``
    is the number of the first paragraph, 0 where there is none; ``title`` is the plain text of a headline.
    """

    kind: str
    english: Markup
    french: Markup | None = None
    paragraph: int = 0
    label: str = ""
    reason: str = ""
    notes: tuple[Note, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Marks:
    """What is to be seen in the text: numbers of the doubtful sentences and of the key ones by (block, sentence)."""

    doubts: dict[tuple[int, int], int]
    keys: dict[tuple[int, int], int]


def marks(translation: Translation) -> Marks:
    """Return the doubtful sentences, numbered from 1 in their order, and the places of the key sentences."""
    flagged = [
        (b, s)
        for b, block in enumerate(translation.blocks)
        if not block.dropped
        for s, segment in enumerate(block.segments)
        if segment.flags
    ]
    keys = {}
    for number, key in enumerate(translation.summary, 1):
        place = _key_place(translation, key)
        if place is not None:
            keys[place] = number
    return Marks({place: number for number, place in enumerate(flagged, 1)}, keys)


def _key_place(translation: Translation, key: KeySentence) -> tuple[int, int] | None:
    """Return where a key sentence stands: a dateline parted from it shifts the count."""
    if not 0 <= key.block < len(translation.blocks) or key.paragraphs:
        return None
    segments = translation.blocks[key.block].segments
    alike = [s for s, segment in enumerate(segments) if segment.source and key.source.endswith(segment.source)]
    return (key.block, min(alike, key=lambda s: abs(s - key.sentence))) if alike else None


def rows(translation: Translation, seen: Marks, inline: InlineMarkdown) -> tuple[Row, ...]:
    """Return the rows of a document in order, dropped blocks left out; ``inline`` learns its links and footnotes."""
    if translation.document.meta.format == "markdown":
        return tuple(_MarkdownRows(translation, seen, inline).rows())
    return tuple(_TextRows(translation, seen).rows())


class _Rows:
    """What text and Markdown share: the sentences of a block, its notes, its number."""

    def __init__(self, translation: Translation, seen: Marks) -> None:
        self.blocks = translation.blocks
        self.seen = seen
        places = {id(block): index for index, block in enumerate(self.blocks)}
        self.kept = [places[id(block)] for block in kept(self.blocks)]
        labels = (index for index in self.kept if self.blocks[index].source.label.name == "headline")
        self.headline = next(labels, None)
        self.paragraphs: list[int] = []
        for block in self.blocks:
            self.paragraphs.append((self.paragraphs[-1] if self.paragraphs else 0) + block.source.translatable)

    def english(self, index: int) -> list[Sentence]:
        """Return the English of a block, its sentences marked."""
        block = self.blocks[index]
        segments = block.segments
        if not block.source.wrapped and "".join(s.target + s.gap for s in segments).strip() != block.text.strip():
            return [Sentence(block_text(block))]
        return [self._english(index, number, segment) for number, segment in enumerate(segments)]

    def _english(self, index: int, number: int, segment: Segment) -> Sentence:
        place, words = (index, number), len(segment.source.split())
        untouched = segment.target == segment.source and segment.passed in ("", "no words")
        return Sentence(
            segment.target,
            segment.gap,
            f"s{index}-{number}",
            self.seen.doubts.get(place, 0),
            place in self.seen.keys,
            PASSED.get(segment.passed, "left in French" if untouched and words >= LEFT_WORDS else ""),
            "fr" if untouched and words > 1 else "",
        )

    def french(self, index: int) -> list[Sentence]:
        """Return the French of a block; what was English in it already is said to be English."""
        block = self.blocks[index]
        text = flow(block.source)
        if not any(segment.passed == "english" for segment in block.segments):
            return [Sentence(text)]
        parts, at = [], 0
        for segment in block.segments:
            place = text.find(segment.source, at)
            if place < 0:
                break
            parts.append(Sentence(text[at:place]))
            parts.append(Sentence(segment.source, language="en" if segment.passed == "english" else ""))
            at = place + len(segment.source)
        return [*parts, Sentence(text[at:])]

    def row(self, indexes: Sequence[int], english: Markup, french: Callable[[], Markup], kind: str = "text") -> Row:
        """Return the row of the blocks ``indexes``; ``french`` is asked only where it differs."""
        own = [index for index in indexes if self.blocks[index].source.translatable]
        label = self._label(own)
        return Row(
            kind,
            english,
            french() if any(self.blocks[i].text != self.blocks[i].source.text for i in own) else None,
            self.paragraphs[own[0]] if own else 0,
            label.name,
            label.reason,
            tuple(self._notes(own)),
            " ".join(" ".join(self.plain(index) for index in own).split()) if kind == "headline" else "",
        )

    def plain(self, index: int) -> str:
        """Return the English of a block without formatting."""
        return self.blocks[index].text

    def _label(self, indexes: Sequence[int]) -> Label:
        """Return the boilerplate label that all blocks share, else one without a name."""
        labels = {self.blocks[index].source.label.name: self.blocks[index].source.label for index in indexes}
        shared = next(iter(labels.values())) if len(labels) == 1 else None
        return shared if shared and shared.name in BOILERPLATE_LABELS else Label("")

    def chips(self, indexes: Sequence[int]) -> dict[int, Markup]:
        """Return the boilerplate labels of single blocks in a row that has none itself."""
        own = [index for index in indexes if self.blocks[index].source.translatable]
        if self._label(own).name:
            return {}
        labels = {index: self.blocks[index].source.label.name for index in own}
        chip = Markup('<small class="label">{0}</small> ')
        return {index: chip.format(name) for index, name in labels.items() if name in BOILERPLATE_LABELS}

    def _notes(self, indexes: Sequence[int]) -> Iterator[Note]:
        for index in indexes:
            for number, segment in enumerate(self.blocks[index].segments):
                doubt = self.seen.doubts.get((index, number), 0)
                if doubt:
                    after = doubt + 1 if doubt < len(self.seen.doubts) else 0
                    place, others = f"s{index}-{number}", segment.alternatives[1:]
                    yield Note(doubt, place, segment.flags, segment.source, others, after)


class _TextRows(_Rows):
    """The rows of plain text: one a block, but one for the items of a list, and for the cells of a table."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order."""
        sources = ((index, self.blocks[index].source) for index in self.kept)
        shown = [(index, source) for index, source in sources if source.kind != "blank"]
        for kind, group in groupby(shown, key=_kind_of):
            indexes = [index for index, _ in group]
            if kind == "list_item":
                yield self._list(indexes)
            elif kind == "table_cell":
                yield self._table(indexes)
            else:
                yield from filter(None, map(self._row, indexes))

    def _row(self, index: int) -> Row | None:
        source = self.blocks[index].source
        if source.translatable:
            return self._paragraph(index)
        before = self.blocks[index - 1].source.kind if index else ""
        if before == "heading" and _RULE.fullmatch(source.text):
            return None  # it underlines the heading, which needs no line here
        return Row("untranslated", _verbatim(source.text))

    def _paragraph(self, index: int) -> Row:
        block = self.blocks[index].source
        headline = index == self.headline
        tag = "h1" if headline else "h2" if block.kind == "heading" else "p"
        depth = min(block.prefix.count(">"), DEEPEST)

        def html(sentences: list[Sentence], opening: str, closing: str) -> Markup:
            before, after = Markup("<blockquote>") * depth, Markup("</blockquote>") * depth
            return before + Markup(opening) + plain_html(sentences) + Markup(closing) + after

        named = f'<p class="{tag}">' if tag != "p" else "<p>"
        kind = "headline" if headline else "text"
        english = html(self.english(index), f"<{tag}>", f"</{tag}>")
        return self.row([index], english, lambda: html(self.french(index), named, "</p>"), kind)

    def _list(self, run: Sequence[int]) -> Row:
        chips = self.chips(run)

        def html(sentences: Callable[[int], list[Sentence]], *, labelled: bool) -> Markup:
            items = Markup("").join(
                Markup('<li><span class="marker">{0}</span> {1}{2}</li>').format(
                    visible(self.blocks[index].source.prefix.strip()),
                    chips.get(index, "") if labelled else "",
                    plain_html(sentences(index)),
                )
                for index in run
            )
            return Markup('<ul class="own" role="list">{0}</ul>').format(items)

        return self.row(run, html(self.english, labelled=True), lambda: html(self.french, labelled=False))

    def _table(self, run: Sequence[int]) -> Row:
        lines: list[list[int]] = [[]]
        for index in run:
            lines[-1].append(index)
            if "\n" in self.blocks[index].source.suffix:
                lines.append([])

        def html(sentences: Callable[[int], list[Sentence]]) -> Markup:
            cell, line = Markup("<td>{0}</td>"), Markup("<tr>{0}</tr>")
            cells = ((cell.format(plain_html(sentences(index))) for index in indexes) for indexes in lines if indexes)
            body = Markup("").join(line.format(Markup("").join(one)) for one in cells)
            return Markup("<table><tbody>{0}</tbody></table>").format(body)

        return self.row(run, html(self.english), lambda: html(self.french))


def _kind_of(pair: tuple[int, Block]) -> str:
    """Return what a block is listed with: a table keeps its empty cells."""
    return pair[1].kind if pair[1].translatable or pair[1].kind == "table_cell" else ""


def _verbatim(text: str) -> Markup:
    if _RULE.fullmatch(text):
        return Markup("<hr>")
    address = text.strip()
    if is_address(address):
        opening, closing = link_tags(address.strip("<>"))
        return Markup("<p>{0}{1}{2}</p>").format(opening, visible(address), closing)
    return Markup('<p class="verbatim">{0}</p>').format(visible(text))


class _MarkdownRows(_Rows):
    """The rows of Markdown: one for each paragraph, heading, list, table, quotation, piece of code at the top level."""

    def __init__(self, translation: Translation, seen: Marks, inline: InlineMarkdown) -> None:
        super().__init__(translation, seen)
        self.inline, self.parser, self.env = inline, inline.parser, inline.env
        for name, rule in _RULES.items():
            self.parser.add_render_rule(name, rule)

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order."""
        titled = False
        for group in _groups(self.parser.parse("".join(map(self._skeleton, self.kept)), self.env)):
            indexes = [int(found) for token in group for found in _PLACE.findall(token.content)]
            title = not titled and self._is_title(group, indexes)
            titled = titled or title
            kind = "headline" if title else "untranslated" if len(group) == 1 else "text"
            self.env["title"] = title
            english, french = self._column(group, self.english, "en"), partial(self._column, group, self.french, "fr")
            yield self.row(indexes, english, french, kind)

    def plain(self, index: int) -> str:
        """Return the English of a block without formatting."""
        block = self.blocks[index]
        return self.inline.text(block.text) if block.source.markup else block.text

    def _is_title(self, group: Sequence[Token], indexes: Sequence[int]) -> bool:
        """Tell whether a group is the headline, or the first heading where front matter holds that."""
        if group[0].type == "heading_open":
            named = self.headline is not None and self.blocks[self.headline].source.markup
            return self.headline in indexes or (group[0].tag == "h1" and not named)
        return group[0].type == "paragraph_open" and [self.headline] == indexes

    def _skeleton(self, index: int) -> str:
        """Return the block as it stands in the file, with a placeholder for its text."""
        block = self.blocks[index]
        text = f"\ufdd4{index}\ufdd5" if block.source.translatable and not block.dropped else visible(block_text(block))
        return visible(block.source.prefix) + text + visible(block.source.suffix)

    def _column(self, group: Sequence[Token], sentences: Callable[[int], list[Sentence]], language: str) -> Markup:
        indexes = [int(found) for token in group for found in _PLACE.findall(token.content)]
        chips = self.chips(indexes) if language == "en" else {}

        def block(index: int) -> Markup:
            html = self.inline.html if self.blocks[index].source.markup else plain_html
            return chips.get(index, Markup("")) + html(sentences(index))

        def filled(text: str) -> Markup:
            parts = _PLACE.split(text)  # text, index, text, index ... text
            return Markup("").join(block(int(p)) if place % 2 else escape(p) for place, p in enumerate(parts))

        self.env["filled"], self.env["language"] = filled, language
        return Markup(self.parser.renderer.render(group, self.parser.options, self.env))


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each block at the top level."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


# Rules of markdown-it's renderer for what holds placeholders: (renderer, tokens, index, options, env) -> HTML.


def _text(_: Any, tokens: Sequence[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    text = tokens[index].content
    if "filled" not in env:
        return str(escape(text))
    box = _BOX.match(text) if index == 0 else None
    if not box:
        return str(env["filled"](text))
    done = box[1] != " "
    name, sign = ("done", "☑") if done else ("to do", "☐")
    return f'<span class="box" role="img" aria-label="{name}">{sign}</span> {env["filled"](text[box.end() :])}'


def _heading(_: Any, tokens: Sequence[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    """Return a heading's tag: no second title of the page, and no second outline by the French column."""
    level = "h1" if env["title"] else max(tokens[index].tag, "h2")
    if env["language"] == "fr":
        return f'<p class="{level}">' if tokens[index].nesting > 0 else "</p>\n"
    return f"<{level}>" if tokens[index].nesting > 0 else f"</{level}>\n"


def _paragraph(renderer: Any, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    if rest[-1]["title"]:
        return _heading(renderer, tokens, index, *rest)
    return str(renderer.renderToken(tokens, index, *rest))


def _front_matter(_: Any, tokens: Sequence[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    return f"<details><summary>Front matter</summary><pre>{env['filled'](tokens[index].content)}</pre></details>\n"


def _table_open(*_: Any) -> str:
    return '<div class="scroll" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _footnote_open(_: Any, tokens: Sequence[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    label = str(tokens[index].meta["label"])
    place = f' id="fn-{footnote_id(label, env)}"' if env["language"] == "en" else ""
    return f'<div class="footnote"{place}><sup>{escape(label)}</sup>\n'


def _footnote_close(*_: Any) -> str:
    return "</div>\n"


_RULES: dict[str, Callable[..., str]] = {
    "text": _text,
    "heading_open": _heading,
    "heading_close": _heading,
    "paragraph_open": _paragraph,
    "paragraph_close": _paragraph,
    "front_matter": _front_matter,
    "table_open": _table_open,
    "table_close": _table_close,
    "footnote_reference_open": _footnote_open,
    "footnote_reference_close": _footnote_close,
}
