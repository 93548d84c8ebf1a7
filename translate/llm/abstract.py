"""A summary written by a language model, each sentence resting on sentences of the article that it names.

Nothing of it is believed: a sentence that cites what is not there, or holds a number, date or name that the sentences
it cites do not hold, refuses the whole; the caller then has the extractive summary (:mod:`translate.summariser`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import prompts
from translate.boilerplate import label
from translate.checks.additions import additions
from translate.document import Document, KeySentence, Translation
from translate.errors import AnswerError
from translate.language import identify
from translate.llm import LanguageModel
from translate.pipeline import made
from translate.segment import split
from translate.settings import Settings
from translate.summariser import Candidate, candidates

#: The prompt that asks for a summary.
PROMPT = "summarise"

#: How sure it must be that one sentence is French: « Macron wins. » is taken for French at 0.55, French at 0.99.
SURE = 0.9

#: Words from which on the language of a text is known: of fewer, among names, it is often mistaken.
ENOUGH_WORDS = 12


@dataclass(frozen=True)
class Refusal:
    """Why a summary is not to be shown."""

    reason: str


def abstract(
    document: Document, model: LanguageModel, settings: Settings | None = None, *, count: int = 5
) -> Translation | Refusal:
    """Return a summary of at most ``count`` English sentences, or why the one that came was refused.

    Each is a key sentence whose ``source`` are the French sentences cited, joined by spaces, whose place is that of
    the first of them, and whose ``paragraphs`` are those of all. Only sentences of the body are sent. Raises
    LLMError where the service fails.
    """
    labelled = label(document)
    numbered = candidates(labelled, split)
    if not numbered:
        return Refusal("the document has no sentences to summarise")
    prompt = prompts.load(PROMPT)
    article = "\n".join(f"[{number}] {' '.join(c.text.split())}" for number, c in enumerate(numbered, 1))
    try:
        answer = model.ask(prompt, article=article, sentences=count)
    except AnswerError as error:
        return Refusal(error.what)
    keys = _sentences(answer.value, numbered, count)
    if isinstance(keys, Refusal):
        return keys
    record = {**made(settings or Settings()), "summary_by": model.record(prompt)}
    note = f"written by {model.endpoint.model} at {model.endpoint.host}: check it against the sentences it cites"
    return Translation(labelled, (), keys, record, notes=(note,))


def _sentences(
    value: Mapping[str, Any], numbered: Sequence[Candidate], count: int
) -> tuple[KeySentence, ...] | Refusal:
    written = value["summary"]
    if len(written) > count:
        return Refusal(f"it has {len(written)} sentences, {count} were asked for")
    keys = []
    for place, item in enumerate(written, 1):
        text, cites = " ".join(item["text"].split()), sorted(set(item["cites"]))
        wrong = next((cite for cite in cites if not 1 <= cite <= len(numbered)), None)
        if wrong is not None:
            return Refusal(f"sentence {place} cites sentence {wrong}, and the article has {len(numbered)}")
        cited = [numbered[cite - 1] for cite in cites]
        reason = _doubt(" ".join(one.text for one in cited), text)
        if reason:
            return Refusal(f"sentence {place}: {reason}")
        keys.append(_key(text, cited))
    whole = " ".join(key.target or "" for key in keys)
    verdict = identify(whole)
    if len(whole.split()) >= ENOUGH_WORDS and verdict.language != "en":
        return Refusal(f"it is not English but looks like {verdict.name}")
    return tuple(keys)


def _doubt(source: str, text: str) -> str:
    """Return why an English sentence does not rest on its French ``source``, or nothing."""
    if not any(map(str.isalnum, text)):
        return "it holds no words"
    verdict = identify(text)
    if verdict.language == "fr" and verdict.confidence > SURE:
        return "it is French"
    flags = additions(source, text)
    return f"{flags[0].detail.removesuffix(' is not in the source')} is not in the sentences it cites" if flags else ""


def _key(text: str, cited: Sequence[Candidate]) -> KeySentence:
    first = cited[0]
    key = KeySentence(" ".join(one.text for one in cited), text, first.block, first.paragraph, first.sentence, 0.0)
    return replace(key, paragraphs=tuple(dict.fromkeys(one.paragraph for one in cited)))
