"""The work itself: a pool of items in, what became of them out; pure but for the engine and the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

from translate.batch.jobs import Failure, Item, Outcome, Recipe, Rendered
from translate.boilerplate import all_body
from translate.document import Document, Meta, Translation
from translate.engines import Engine, EngineInfo
from translate.errors import Fr2enError, InputError, OutputError
from translate.memory import Memory, context_of, open_memory
from translate.pipeline import translate_documents
from translate.read import LARGE, READERS, decode, encode, input_format, output_encoding, parse, portions, seen_format
from translate.sentences import Recall
from translate.write import render

Pool = tuple[Item, ...]


def translate_pool(pool: Sequence[Item], engine: Engine, recipe: Recipe, recall: Recall | None = None) -> list[Outcome]:
    """Translate the sentences of all items together; one outcome an item, in order, whatever goes wrong with one.

    Each output is, byte for byte, what ``fr2en translate`` writes for the file alone; JSON holds no timings.
    """
    documents: dict[int, Document] = {}
    long: dict[int, tuple[str, Meta]] = {}
    outcomes: dict[int, Outcome] = {}
    for number, item in enumerate(pool):
        try:
            if _is_streamed(item, recipe):
                text, meta = decode(item.data, source=item.source, encoding=recipe.encoding)
                if recipe.read_as or seen_format("text", text) == "text":
                    long[number] = text, meta
                else:
                    documents[number] = parse(text, format="html", meta=meta)
            else:
                documents[number] = read_item(item, recipe)
        except Exception as error:
            outcomes[number] = Outcome(item, failure=failure(error))
    for number, (text, meta) in long.items():
        try:
            outcomes[number] = _streamed(pool[number], text, meta, engine, recipe, recall)
        except (InputError, OutputError):
            raise
        except Exception as error:
            outcomes[number] = Outcome(pool[number], failure=failure(error))
    for number, made in zip(documents, _translations(list(documents.values()), engine, recipe, recall), strict=True):
        item = pool[number]
        outcomes[number] = Outcome(item, failure=made) if isinstance(made, Failure) else _rendered(item, made, recipe)
    return [outcomes[number] for number in range(len(pool))]


def read_item(item: Item, recipe: Recipe) -> Document:
    """Return the document that an item's bytes are; raises InputError."""
    known = recipe.read_as or input_format(item.name)
    text, meta = decode(item.data, source=item.source, encoding=recipe.encoding)
    return parse(text, format=recipe.read_as or seen_format(known, text), wrapped=recipe.settings.wrapped, meta=meta)


def _is_streamed(item: Item, recipe: Recipe) -> bool:
    """Tell a long text of which nothing but text is wanted; all else needs the whole document at once."""
    if len(item.data) <= LARGE or recipe.summary or (recipe.read_as or input_format(item.name)) != "text":
        return False
    return recipe.formats in ((), ("text",))


def _streamed(item: Item, text: str, meta: Meta, engine: Engine, recipe: Recipe, recall: Recall | None) -> Outcome:
    """Translate a long text portion by portion; of what is done, only the English is kept, as UTF-8."""
    done = Outcome(item, meta)
    chunks: list[bytes] = []
    for portion in portions(text) if len(text) > LARGE else (text,):
        document = parse(portion, wrapped=recipe.settings.wrapped, meta=meta)
        document = all_body(document) if len(text) > LARGE else document
        (made,) = _translations([document], engine, recipe, recall)
        if isinstance(made, Failure):
            return Outcome(item, meta, failure=made)
        chunks.append(render(made, "text").encode("utf-8", "surrogatepass"))
        done = replace(
            done,
            words=done.words + words(document),
            sentences=done.sentences + len(made.segments),
            flagged=done.flagged + len(made.flagged),
            notes=tuple(dict.fromkeys((*done.notes, *made.notes))),
        )
    # As ``encode`` does with a whole text: its own encoding only where that has all characters.
    if any(output_encoding(chunk.decode("utf-8"), meta) != meta.encoding for chunk in chunks):
        return replace(done, outputs=(Rendered("text", tuple(chunks)),), notes=(*done.notes, _in_utf8(meta)))
    first = encode(chunks[0].decode("utf-8"), meta)
    rest = (encode(chunk.decode("utf-8"), replace(meta, bom=False)) for chunk in chunks[1:])
    return replace(done, outputs=(Rendered("text", (first, *rest)),))


def _in_utf8(meta: Meta) -> str:
    return f"written in UTF-8, since {meta.encoding} lacks some of its characters"


def _translations(
    documents: list[Document], engine: Engine, recipe: Recipe, recall: Recall | None
) -> list[Translation | Failure]:
    """Translate all together; where that fails, each alone, to find out which one it is."""

    def attempt(some: list[Document]) -> list[Translation]:
        return translate_documents(some, engine, recipe.settings, summary=recipe.summary, recall=recall)

    try:
        return [*attempt(documents)]
    except (InputError, OutputError):
        raise  # the documents are read already: it is the memory that is damaged or cannot grow
    except Exception as error:
        if len(documents) == 1:
            return [failure(error)]
    results: list[Translation | Failure] = []
    for document in documents:
        results += _translations([document], engine, recipe, recall)
    return results


def _rendered(item: Item, translation: Translation, recipe: Recipe) -> Outcome:
    meta = translation.document.meta
    outputs, notes = [], list(translation.notes)
    try:
        for name in recipe.formats or (READERS[meta.format].layout,):
            text, kept = render(translation, name), meta if name in ("text", "markdown") else Meta()
            if output_encoding(text, kept) != kept.encoding:
                notes.append(_in_utf8(kept))
            outputs.append(Rendered(name, (encode(text, kept),)))
    except Exception as error:
        return Outcome(item, failure=failure(error))
    return Outcome(
        item,
        meta,
        tuple(outputs),
        words=words(translation.document),
        sentences=len(translation.segments),
        flagged=len(translation.flagged),
        notes=tuple(dict.fromkeys(notes)),
    )


def words(document: Document) -> int:
    """Return the number of words of a document that are to be translated, parted by white space."""
    return sum(len(block.text.split()) for block in document.blocks if block.translatable)


def failure(error: Exception) -> Failure:
    """Return what went wrong with one file."""
    if isinstance(error, Fr2enError):
        return Failure(error.what, error.hint)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Failure(f"an error of fr2en itself: {what}", "Report it, with the file if you may.")


class Executor(AbstractContextManager["Executor"], Protocol):
    """Who translates the pools: this process, or a cluster."""

    @property
    def info(self) -> EngineInfo:
        """The engine that translates."""
        ...

    def run(self, pools: Iterator[Pool], recipe: Recipe) -> Iterator[list[Outcome]]:
        """Yield the outcomes of every pool, in any order; takes no more pools than it needs to stay busy."""
        ...


class Local:
    """Translates in this process, pool after pool, with the translation memory in ``memory``."""

    def __init__(self, engine: Engine, memory: Path | None) -> None:
        self._engine = engine
        self._path = memory
        self._memory: Memory | None = None

    def __enter__(self) -> Local:
        if self._path is not None:
            self._memory = open_memory(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._memory is not None:
            self._memory.close()

    @property
    def info(self) -> EngineInfo:
        """The engine that translates."""
        return self._engine.info

    def run(self, pools: Iterator[Pool], recipe: Recipe) -> Iterator[list[Outcome]]:
        """Yield the outcomes of every pool, in order."""
        recall = self._memory.bound(context_of(self.info, recipe.settings)) if self._memory else None
        for pool in pools:
            yield translate_pool(pool, self._engine, recipe, recall)
