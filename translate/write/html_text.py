"""Text as HTML: escaped, control characters made visible, inline Markdown, sentences marked.

Nothing of a document becomes markup of the page but what its own inline Markdown asks for, and of that no raw HTML, no
image that would be fetched, and no link but to the web and to mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: Addresses that a page may lead to: opening them runs nothing.
SAFE_ADDRESS = re.compile(r"https?://[^/]|mailto:[^/]", re.IGNORECASE)

#: What nobody sees and some are misled by: control characters, direction overrides and isolates (CVE-2021-42574),
#: lone surrogates, which UTF-8 cannot hold, and noncharacters, which this module's own marks are made of.
_UNSEEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

#: Those that are white space to Python, and so stand between words or lines.
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")

#: What inline Markdown is made of; a text without it needs no parser.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~!\n]")

#: Characters of a paragraph beyond which its sentences are read one by one: markdown-it takes seconds for brackets
#: by the ten thousand (as in translate.read.inline).
LONGEST = 20_000

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)

#: Marks of where a sentence begins and ends in what the parser reads. White space stands next to the sentence (U+2000),
#: as in the document: whether ``**`` opens or closes depends on its neighbours (CommonMark 0.31, 6.2).
_MARK = re.compile("\ufdd0(\\d+)\ufdd1\u2000|\u2000\ufdd2(\\d+)\ufdd3")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a block, the white space after it, and how it is marked.

    ``doubt`` is the number of its note, 0 for none; ``key`` tells that the summary holds it; ``passed`` says why it was
    not translated; ``language`` is given where it is not that of the column.
    """

    text: str
    gap: str = ""
    id: str = ""
    doubt: int = 0
    key: bool = False
    passed: str = ""
    language: str = ""

    @property
    def marked(self) -> bool:
        """Whether anything is to be seen of it."""
        return bool(self.doubt or self.key or self.passed or self.language)

    def opening(self, *, first: bool = True) -> Markup:
        """Return the tag that begins it; only the ``first`` of several parts carries its id."""
        names = [n for n, on in (("key", self.key), ("doubt", self.doubt), ("passed", self.passed)) if on]
        attributes = {"class": " ".join(names), "id": self.id if first else "", "lang": self.language}
        if self.doubt and first:
            attributes["aria-describedby"] = f"d{self.doubt}"
        given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
        return Markup(f"<{self._tag}{given}>")

    def closing(self, *, last: bool = True) -> Markup:
        """Return what ends it: the number of its note, the reason for which it was not translated."""
        why = f' <small class="why" lang="en">{escape(self.passed)}</small>' if last and self.passed else ""
        # The word joiner keeps the number on the line of the last word.
        number = f'\u2060<sup class="ref">{self.doubt}</sup>' if last and self.doubt else ""
        return Markup(f"{why}</{self._tag}>{number}")

    @property
    def _tag(self) -> str:
        return "mark" if self.key else "span"


def visible(text: str) -> str:
    """Return ``text`` with each character that shows nothing and may mislead as its code: ⟨U+202E⟩."""
    return _UNSEEN.sub(_code, text)


def _code(found: re.Match[str]) -> str:
    return " " if found.group() in _SPACES else f"⟨U+{ord(found.group()):04X}⟩"


def plain_html(sentences: Sequence[Sentence]) -> Markup:
    """Return sentences of plain text as HTML."""
    if not any(sentence.marked for sentence in sentences):
        return escape(visible("".join(sentence.text + sentence.gap for sentence in sentences)))
    parts = []
    for sentence in sentences:
        text = escape(visible(sentence.text))
        parts.append(sentence.opening() + text + sentence.closing() if sentence.marked else text)
        parts.append(escape(visible(sentence.gap)))
    return Markup("").join(parts)


def link_tags(address: str) -> tuple[Markup, Markup]:
    """Return the tags around a link's text; one that does not lead to web or mail leads nowhere, and says where to."""
    shown = escape(visible(address))
    if SAFE_ADDRESS.match(address):
        return Markup(f'<a href="{shown}" rel="noopener noreferrer">'), Markup("</a>")
    return Markup(f'<span class="nolink" title="{shown}">'), Markup("</span>")


class InlineMarkdown:
    """Inline Markdown as HTML; ``env`` holds the link definitions and footnotes of a document that was parsed."""

    def __init__(self) -> None:
        self.parser = markdown_parser()
        self.env: dict[str, Any] = {}

    def html(self, sentences: Sequence[Sentence]) -> Markup:
        """Return sentences as HTML, formatting that spans several of them included."""
        if not any(_SPECIAL.search(sentence.text) for sentence in sentences):
            return plain_html(sentences)
        if sum(len(sentence.text) for sentence in sentences) > LONGEST:
            return self._apart(sentences)
        text = "".join(self._marked(n, sentence) for n, sentence in enumerate(sentences))
        tokens = self._tokens(text)
        if not any(sentence.marked for sentence in sentences):
            return Markup("".join(self._one(tokens, index) for index in range(len(tokens))))
        found = [m for token in tokens if token.type == "text" for m in _MARK.findall(token.content)]
        if len(found) != 2 * sum(sentence.marked for sentence in sentences):
            # A mark fell into a code span or an address: formatting that spans sentences is given up, they are not.
            return self._apart(sentences)
        return self._walk(tokens, sentences)

    def text(self, text: str) -> str:
        """Return what a reader sees of ``text``, without its formatting."""
        parts = {"softbreak": " ", "hardbreak": " "}
        tokens = self._tokens(visible(text))
        return "".join(parts.get(token.type, "" if token.type == "footnote_ref" else token.content) for token in tokens)

    def _tokens(self, text: str) -> list[Token]:
        parsed = self.parser.parseInline(text, self.env)
        return parsed[0].children or [] if parsed else []

    def _apart(self, sentences: Sequence[Sentence]) -> Markup:
        return Markup("").join(part for sentence in sentences for part in self._alone(sentence))

    def _alone(self, sentence: Sentence) -> Iterator[Markup]:
        if len(sentence.text) > LONGEST:
            yield plain_html((sentence,))
            return
        tokens = self._tokens(visible(sentence.text))
        yield sentence.opening() if sentence.marked else Markup("")
        yield Markup("").join(self._one(tokens, index) for index in range(len(tokens)))
        yield sentence.closing() if sentence.marked else Markup("")
        yield escape(visible(sentence.gap))

    @staticmethod
    def _marked(number: int, sentence: Sentence) -> str:
        text, gap = visible(sentence.text), visible(sentence.gap)
        return f"\ufdd0{number}\ufdd1\u2000{text}\u2000\ufdd2{number}\ufdd3{gap}" if sentence.marked else text + gap

    def _one(self, tokens: Sequence[Token], index: int) -> Markup:
        renderer = self.parser.renderer
        rule = renderer.rules.get(tokens[index].type)  # type: ignore[attr-defined]
        arguments = (tokens, index, self.parser.options, self.env)
        return Markup(rule(*arguments) if rule else renderer.renderToken(*arguments))  # type: ignore[attr-defined]

    def _walk(self, tokens: Sequence[Token], sentences: Sequence[Sentence]) -> Markup:
        """Render all tokens; what lies between the marks of a sentence within its tags."""
        done, inside = list[Markup](), list[_Piece]()
        current: Sentence | None = None
        for piece in self._pieces(tokens):
            if piece.begins is not None:
                current, inside = sentences[piece.begins], []
            elif piece.ends and current:
                done.append(_wrapped(inside, current))
                current = None
            elif current:
                inside.append(piece)
            else:
                done.append(piece.html)
        return Markup("").join(done)

    def _pieces(self, tokens: Sequence[Token]) -> Iterator[_Piece]:
        for index, token in enumerate(tokens):
            if token.type != "text" or not _MARK.search(token.content):
                yield _Piece(self._one(tokens, index), token.nesting)
                continue
            at = 0
            for mark in _MARK.finditer(token.content):
                yield _Piece(escape(token.content[at : mark.start()]))
                yield _Piece(Markup(""), begins=int(mark[1])) if mark[1] else _Piece(Markup(""), ends=True)
                at = mark.end()
            yield _Piece(escape(token.content[at:]))


@dataclass(frozen=True)
class _Piece:
    """HTML of a token or of a part of one, or the beginning (of sentence ``begins``) or end of a sentence."""

    html: Markup
    nesting: int = 0
    begins: int | None = None
    ends: bool = False


def _wrapped(pieces: Sequence[_Piece], sentence: Sentence) -> Markup:
    """Return a sentence within its tags: one pair, or one for each part where formatting goes beyond it."""
    depth, deepest = 0, 0
    for piece in pieces:
        depth += piece.nesting
        deepest = min(deepest, depth)
    if depth == 0 and deepest == 0:
        return sentence.opening() + Markup("").join(piece.html for piece in pieces) + sentence.closing()
    leaves = [place for place, piece in enumerate(pieces) if not piece.nesting and piece.html]
    ends = (leaves[0], leaves[-1]) if leaves else (0, 0)
    done = []
    for place, piece in enumerate(pieces):
        if place in ends or (piece.html and not piece.nesting):
            done += [sentence.opening(first=place == ends[0]), piece.html, sentence.closing(last=place == ends[1])]
        else:
            done.append(piece.html)
    return Markup("").join(done)


def markdown_parser() -> MarkdownIt:
    """Return a parser of Markdown whose renderer lets nothing of a document become markup of the page."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False, move_to_end=False).use(front_matter_plugin)
    # Links that are not to be followed are links all the same, not square brackets to puzzle over.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    rules = {
        "html_inline": _html_inline,
        "html_block": _preformatted,
        "fence": _preformatted,
        "code_block": _preformatted,
        "link_open": _link_open,
        "link_close": _link_close,
        "image": _image,
        "footnote_ref": _footnote_ref,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


# Rules of markdown-it's renderer: (renderer, tokens, index, options, env) -> HTML.


def _html_inline(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """Return a line break as such: tables have no other; all other tags as what stands there."""
    text = tokens[index].content
    return "<br>" if _BREAK.fullmatch(text) else str(escape(text))


def _preformatted(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _link_open(_: Any, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    opening, closing = link_tags(str(tokens[index].attrs.get("href", "")))
    rest[-1].setdefault("closings", []).append(closing)
    return str(opening)


def _link_close(*arguments: Any) -> str:
    return str(arguments[-1]["closings"].pop())


def _image(_: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """Return the description of an image: showing it would fetch it."""
    opening, closing = link_tags(str(tokens[index].attrs.get("src", "")))
    text = env["filled"](tokens[index].content) if "filled" in env else escape(tokens[index].content)
    return f'{opening}<span class="image"><small lang="en">image</small> {text}</span>{closing}'


def _footnote_ref(_: Any, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    label = str(tokens[index].meta["label"])
    return f'<sup class="footnote"><a href="#fn-{footnote_id(label, rest[-1])}">{escape(label)}</a></sup>'


def footnote_id(label: str, env: MutableMapping[str, Any]) -> int:
    """Return the number of the definition of a footnote, in the order of the file."""
    return list(env.get("footnotes", {}).get("refs", {})).index(f":{label}") + 1
