"""The values that flow through fr2en: a document of blocks, its sentences, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: What a block is in the layout of its file, decided by the reader.
#: ``verbatim`` (code, front matter, table rules), ``html`` (amid Markdown) and ``blank`` are never translated.
BLOCK_KINDS = ("paragraph", "heading", "list_item", "quote", "table_cell", "verbatim", "html", "blank")

#: What a block is in a saved article, decided by :mod:`translate.boilerplate`.
LABELS = ("headline", "kicker", "caption", "credit", "body", "related", "share", "source")

#: The labels that are not part of what the journalist wrote to be read as the article.
BOILERPLATE_LABELS = ("kicker", "caption", "credit", "related", "share", "source")


@dataclass(frozen=True)
class Label:
    """What a block is in a saved article, and why it was taken for that."""

    name: str = "body"
    reason: str = ""


@dataclass(frozen=True)
class Block:
    """A stretch of a document: ``prefix + text + suffix`` is exactly what stands in the file.

    ``prefix`` and ``suffix`` hold the layout (indentation, list marker, line ends, blank lines) and are never
    translated; ``text`` is what is. ``text`` of a hard-wrapped paragraph still holds its line ends, with
    ``wrapped`` set. ``markup`` tells that ``text`` holds inline Markdown (emphasis, links, code spans).
    ``labels`` are the texts in brackets by which it refers to a link that the document defines (``[text]`` or
    ``[text][]``). ``line`` is the line, counted from 1, on which the block begins.
    """

    kind: str
    text: str
    prefix: str = ""
    suffix: str = ""
    line: int = 1
    wrapped: bool = False
    markup: bool = False
    label: Label = Label()
    labels: frozenset[str] = frozenset()

    @property
    def translatable(self) -> bool:
        """Whether the block holds text to translate at all."""
        return self.kind not in ("verbatim", "html", "blank") and bool(self.text.strip())


@dataclass(frozen=True)
class Meta:
    """Where a document came from and how its bytes were decoded.

    ``encoding`` is a Python codec name; ``bom`` tells that the file began with a byte order mark; ``newline`` is
    the line end most lines have; ``detected`` tells that the encoding was guessed rather than known or given.
    """

    source: str = "<text>"
    format: str = "text"
    encoding: str = "utf-8"
    bom: bool = False
    newline: str = "\n"
    detected: bool = False
    sha256: str = ""


@dataclass(frozen=True)
class Document:
    """The blocks of one file, in order; :meth:`render` gives back its text."""

    blocks: tuple[Block, ...]
    meta: Meta = Meta()

    def render(self) -> str:
        """Return the text of the document: the input, to the letter, as long as no block was changed."""
        return "".join(block.prefix + block.text + block.suffix for block in self.blocks)


@dataclass(frozen=True)
class Sentence:
    """A sentence and the white space that follows it; sentences of a text, joined, are that text."""

    text: str
    gap: str = ""


@dataclass(frozen=True)
class Link:
    """Characters ``source[source_start:source_end]`` were translated as ``target[target_start:target_end]``."""

    source_start: int
    source_end: int
    target_start: int
    target_end: int


@dataclass(frozen=True)
class Hypothesis:
    """One translation of one unit: ``score`` is the mean log-probability of its tokens (0 is certainty).

    ``links`` align the characters of the unit with those of ``text``, where the caller asked for them.
    ``complete`` is False where the model ran into the bound of its output before it ended the sentence.
    """

    text: str
    score: float
    links: tuple[Link, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class Flag:
    """A doubt about one sentence: ``check`` names the check that failed, ``detail`` says what it saw."""

    check: str
    detail: str


@dataclass(frozen=True)
class Attempt:
    """One try at a sentence: the rung of the retry ladder, what was sent, what came back, what was doubtful."""

    rung: str
    source: str
    target: str
    score: float
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Segment:
    """One sentence of the document and its translation.

    ``gap`` is the white space that follows it in the translated block. ``score`` is None where no model was asked
    (``passed`` says why: english, symbols, script, dateline, rubric, byline, publication, glossary, no words, or
    memory: a person approved the translation). ``rung`` names the rung of the ladder whose candidate won; ``attempts``
    logs all tries when there was more than one; ``clauses`` counts the units it was translated in.
    """

    source: str
    target: str
    gap: str = ""
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    rung: str = "first"
    passed: str = ""
    attempts: tuple[Attempt, ...] = ()
    alternatives: tuple[Hypothesis, ...] = ()
    clauses: int = 1


@dataclass(frozen=True)
class TranslatedBlock:
    """A block, its sentences, and its text in English. ``dropped`` blocks (boilerplate) are left out of the output."""

    source: Block
    text: str
    segments: tuple[Segment, ...] = ()
    dropped: bool = False


@dataclass(frozen=True)
class KeySentence:
    """A sentence of a summary: French, English (None where not asked for), and where it stands.

    ``paragraph`` counts the blocks that hold text, from 1; ``block`` is the index in ``Document.blocks``;
    ``sentence`` is the index within the block; ``score`` is the summariser's. ``paragraphs`` are those cited by a
    sentence that a language model wrote, empty for one that stands in the text.
    """

    source: str
    target: str | None
    block: int
    paragraph: int
    sentence: int
    score: float
    flags: tuple[Flag, ...] = ()
    paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Translation:
    """A translated document: its blocks in order, the key sentences, and how it was made.

    ``made`` records model, engine, versions, settings; ``seconds`` the timings by stage; ``notes`` what the
    reader of the output should know (long sentences split, language doubts).
    """

    document: Document
    blocks: tuple[TranslatedBlock, ...]
    summary: tuple[KeySentence, ...] = ()
    made: Mapping[str, object] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All sentences of the document, in order, dropped blocks left out."""
        return tuple(s for block in self.blocks if not block.dropped for s in block.segments)

    @property
    def text(self) -> str:
        """The English text in the layout of the document, as the text writer gives it, without a summary."""
        parts = (b.source.prefix + b.text + b.source.suffix for b in self.blocks if not b.dropped)
        return "".join(parts)

    def timed(self, seconds: Mapping[str, float]) -> Translation:
        """Return the same translation with the seconds of each stage."""
        return replace(self, seconds=dict(seconds))

    @property
    def flagged(self) -> tuple[Segment, ...]:
        """The sentences a check still doubts."""
        return tuple(s for s in self.segments if s.flags)
