"""From a document to its translation: label, split, translate all sentences at once, and put the blocks together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

from translate.boilerplate import label
from translate.document import (
    BOILERPLATE_LABELS,
    Block,
    Document,
    KeySentence,
    Segment,
    Sentence,
    TranslatedBlock,
    Translation,
)
from translate.engines import Engine
from translate.errors import StrictError
from translate.glossary import NO_GLOSSARY
from translate.language import document_language
from translate.markup.masking import Masked
from translate.markup.references import in_full
from translate.read import flow, rewrap
from translate.segment import split, split_clauses
from translate.sentences import Progress, Recall, Source, translate_sentences
from translate.sentences.rules.datelines import split_dateline
from translate.settings import Settings
from translate.summariser import candidates, choose

#: Characters beyond which a sentence is cut before it is looked at more closely, to bound the work; the longest
#: sentences of French news have some 1,000.
LONGEST_SENTENCE = 4000


#: Confidence from which a document is said not to be French: names and figures alone look like any language, and
#: the detector is then 15 to 50 % sure of one.
SURE = 0.6


#: What of HTML is no text: comments, scripts and styles, tags. An open one goes to the end.
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1>|\Z)|<[^<>]*(?:>|\Z)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class _Part:
    """A block of the document with its sentences; none where there is nothing to translate."""

    block: Block
    sentences: tuple[Sentence, ...] = ()


def translate_document(
    document: Document,
    engine: Engine,
    settings: Settings | None = None,
    *,
    summary: int = 0,
    progress: Progress | None = None,
    recall: Recall | None = None,
) -> Translation:
    """Translate a document block for block; all its sentences go to the engine in one call.

    ``summary`` key sentences are picked as well. ``progress`` is told (sentences done, all sentences). ``recall``
    is a translation memory (:class:`translate.memory.Recall`). Raises
    StrictError for a text that is not French where ``settings.strict`` is set; ModelError from the engine.
    """
    return translate_documents([document], engine, settings, summary=summary, progress=progress, recall=recall)[0]


def translate_documents(
    documents: Sequence[Document],
    engine: Engine,
    settings: Settings | None = None,
    *,
    summary: int = 0,
    progress: Progress | None = None,
    recall: Recall | None = None,
) -> list[Translation]:
    """Translate several documents, their sentences pooled; each result is the same as on its own."""
    settings = settings or Settings()
    labelled = [label(document) for document in documents]
    notes = [_document_notes(document, settings) for document in labelled]
    parted = [[_part(block, settings) for block in document.blocks] for document in labelled]
    sources = [_source(s.text, part.block) for parts in parted for part in parts for s in part.sentences if s.text]
    segments = iter(translate_sentences(sources, engine, settings, progress, recall))
    results = []
    for document, parts, said in zip(labelled, parted, notes, strict=True):
        blocks = tuple(_rebuild(part, segments, settings) for part in parts)
        key = _key_sentences(document, summary, blocks) if summary else ()
        passed = {segment.passed for block in blocks for segment in block.segments}
        if "english" in passed and "" not in passed:
            said = _page_notes(document)  # of a text that was left as it is there is no translation to warn of
        results.append(
            Translation(
                document,
                blocks,
                key,
                made(settings, engine),
                notes=(*said, *_html_notes(document), *_segment_notes(blocks)),
            )
        )
    return results


def translate_lines(lines: Sequence[str], engine: Engine, settings: Settings | None = None) -> list[str]:
    """Translate lines that are each one unit of text, such as a test set; one line of output for each."""
    settings = settings or Settings()
    split_lines = [_sentences(line) for line in lines]
    sources = [Source(s.text) for sentences in split_lines for s in sentences if s.text]
    segments = iter(translate_sentences(sources, engine, settings))
    return [
        " ".join(next(segments).target for s in sentences if s.text).replace("\n", " ") for sentences in split_lines
    ]


def summarise_document(
    document: Document,
    engine: Engine | None,
    settings: Settings | None = None,
    *,
    count: int = 5,
    progress: Progress | None = None,
) -> Translation:
    """Pick the ``count`` key sentences on the French text and translate only those (none without an engine).

    Returns a translation whose ``summary`` holds them in document order and whose blocks are those they stand in.
    """
    settings = settings or Settings()
    labelled = label(document)
    notes = _document_notes(labelled, settings)
    chosen = _key_sentences(labelled, count, ())
    if engine is None:
        return Translation(labelled, (), chosen, made(settings), notes=notes)
    sources = [_source(key.source, labelled.blocks[key.block]) for key in chosen]
    segments = translate_sentences(sources, engine, settings, progress)
    summary = tuple(replace(k, target=s.target, flags=s.flags) for k, s in zip(chosen, segments, strict=True))
    blocks = tuple(
        TranslatedBlock(labelled.blocks[k.block], s.target, (s,)) for k, s in zip(chosen, segments, strict=True)
    )
    return Translation(labelled, blocks, summary, made(settings, engine), notes=notes)


def made(settings: Settings, engine: Engine | None = None) -> dict[str, object]:
    """Return the record of how a result came about: fr2en's version, the engine and its model, the settings."""
    glossary = settings.glossary
    options = asdict(replace(settings, glossary=NO_GLOSSARY))
    options["glossary"] = (
        {"name": glossary.name, "checksum": glossary.checksum, "entries": len(glossary.entries)}
        if glossary.entries
        else None
    )
    record: dict[str, object] = {"fr2en": version("fr2en"), "settings": options}
    if engine is not None:
        # A folder's name need not be UTF-8, and what is written is.
        model = engine.info.model.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        record["engine"] = {**asdict(engine.info), "model": model, "versions": dict(engine.info.versions)}
    return record


def _document_notes(document: Document, settings: Settings) -> tuple[str, ...]:
    return _page_notes(document) + _language_notes(document, settings)


def _page_notes(document: Document) -> tuple[str, ...]:
    """Return what to know of a text that was taken out of a page."""
    if document.meta.format != "html":
        return ()
    count = sum(block.translatable and block.kind == "paragraph" for block in document.blocks)
    paragraphs = _counted(count, "paragraph", "paragraphs")
    return (f"{document.meta.source}: the article of the page, {paragraphs}; what its site put around it is left out",)


def _html_notes(document: Document) -> tuple[str, ...]:
    """Return what to know of the HTML in a document of Markdown, which is not translated."""
    html = (_TAG.sub("", block.text) for block in document.blocks if block.kind == "html")
    count = sum(any(map(str.isalpha, text)) for text in html)
    one, many = "block of HTML was left as it is", "blocks of HTML were left as they are"
    return (_counted(count, one, many),) if count else ()


def _language_notes(document: Document, settings: Settings) -> tuple[str, ...]:
    texts = [block.text for block in document.blocks if block.translatable]
    verdict = document_language(texts)
    if verdict.language in ("fr", "und") or verdict.confidence < SURE:
        return ()
    sure = f"{verdict.confidence:.0%} sure"
    what = f"{document.meta.source}: this text is not French but looks like {verdict.name} ({sure})"
    if settings.strict:
        raise StrictError(what, "Nothing was translated. Leave out --strict to translate it all the same.")
    return (f"{what}; its translation is not to be trusted",)


def _part(block: Block, settings: Settings) -> _Part:
    dropped = settings.boilerplate == "drop" and block.label.name in BOILERPLATE_LABELS
    if dropped or not block.translatable:
        return _Part(block)
    return _Part(block, _sentences(flow(block), markup=block.markup))


def _sentences(text: str, *, markup: bool = False) -> tuple[Sentence, ...]:
    """Return the sentences of a paragraph, a dateline and what is too long to be one sentence parted."""
    *others, last = split(text) or (Sentence("", text),)
    # « fini.Il part » has no space to keep, and English needs one.
    spaced = (*(replace(sentence, gap=sentence.gap or " ") for sentence in others), last)
    sentences = (part for sentence in spaced for part in split_dateline(sentence))
    return tuple(short for sentence in sentences for short in _shortened(sentence, markup=markup))


def _shortened(sentence: Sentence, *, markup: bool) -> tuple[Sentence, ...]:
    """Cut what is no sentence any more but a whole text without a stop, where a clause ends."""
    if len(sentence.text) <= LONGEST_SENTENCE or len(sentence.text.split(maxsplit=1)) == 1:
        return (sentence,)
    # Half a code span or address would be sent to the model; a whole one is taken out of the sentence, however long.
    masked = Masked.of(sentence.text) if markup else Masked(sentence.text)
    *clauses, last = masked.unmasked(split_clauses(masked.text, lambda piece: len(piece) <= LONGEST_SENTENCE))
    return (*clauses, replace(last, gap=last.gap + sentence.gap))


def _source(text: str, block: Block) -> Source:
    return Source(in_full(text, block.labels), block.markup)


def _as_in(segment: Segment, sentence: Sentence, block: Block) -> Segment:
    """Return ``segment`` as the translation of ``sentence``, of which the model was given the links in full."""
    unchanged = segment.target == segment.source
    return replace(
        segment,
        source=sentence.text,
        target=sentence.text if unchanged else segment.target,
        gap=_gap(sentence.gap),
    )


def _rebuild(part: _Part, segments: Iterator[Segment], settings: Settings) -> TranslatedBlock:
    """Take the block's segments from the stream and put its text together, wrapped as it was."""
    block = part.block
    if settings.boilerplate == "drop" and block.label.name in BOILERPLATE_LABELS:
        return TranslatedBlock(block, "", dropped=True)
    if not part.sentences:
        return TranslatedBlock(block, block.text)
    own, text = [], ""
    for sentence in part.sentences:
        if not sentence.text:
            text += sentence.gap
            continue
        segment = _as_in(next(segments), sentence, block)
        own.append(segment)
        text += segment.target + segment.gap
    if block.wrapped:
        text = block.text if text == flow(block) else rewrap(text, block)
    return TranslatedBlock(block, text, tuple(own))


def _gap(gap: str) -> str:
    """Return the white space after an English sentence: French no-break spaces are plain ones there."""
    return gap.replace("\u00a0", " ").replace("\u202f", " ")


def _segment_notes(blocks: Sequence[TranslatedBlock]) -> tuple[str, ...]:
    passed = [s.passed for block in blocks for s in block.segments]
    notes = []
    if count := passed.count("english"):
        notes.append(
            _counted(
                count,
                "sentence is English already and was left as it is",
                "sentences are English already and were left as they are",
            )
        )
    if count := passed.count("script"):
        notes.append(
            _counted(
                count,
                "sentence in another script was left as it is",
                "sentences in another script were left as they are",
            )
        )
    if count := passed.count("no words"):
        notes.append(
            _counted(
                count,
                "sentence with a run of characters too long to be a word was left as it is",
                "sentences with runs of characters too long to be words were left as they are",
            )
        )
    if count := sum(s.clauses > 1 and s.rung == "first" for block in blocks for s in block.segments):
        notes.append(
            _counted(
                count,
                "sentence longer than the model reads at once was translated clause by clause",
                "sentences longer than the model reads at once were translated clause by clause",
            )
        )
    return tuple(notes)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _key_sentences(document: Document, count: int, blocks: Sequence[TranslatedBlock]) -> tuple[KeySentence, ...]:
    """Choose on the French; take the English of each from ``blocks`` where they are given."""
    title = next((b.text for b in document.blocks if b.label.name == "headline"), "")
    found = []
    for choice in choose(candidates(document, split), count, title=title):
        at = choice.candidate
        segments = blocks[at.block].segments if blocks else ()
        segment = next((s for s in segments if at.text.endswith(s.source)), None)
        found.append(
            KeySentence(
                at.text,
                segment.target if segment else None,
                at.block,
                at.paragraph,
                at.sentence,
                choice.score,
                segment.flags if segment else (),
            )
        )
    return tuple(found)
