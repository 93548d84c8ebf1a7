"""Corrections of a translation by a language model, each kept only where no check sees harm in it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import prompts
from translate.checks import check, severity
from translate.checks.additions import additions
from translate.checks.english_numbers import english_quantities
from translate.checks.terms import Terms
from translate.checks.words import plain
from translate.document import Attempt, Flag, KeySentence, Segment, TranslatedBlock, Translation
from translate.errors import AnswerError
from translate.llm import LanguageModel
from translate.read import rewrap
from translate.sentences import Progress
from translate.settings import Settings
from translate.typography import english

#: The prompt that asks for corrections, and the rung recorded for those kept.
PROMPT = "post-edit"
RUNG = "post-edit"

#: Bounds of one request: what fits, French, English and answer together, in some 4,000 tokens, the least context
#: that services give; and enough sentences around each one to know what « il » is.
BATCH_SENTENCES, BATCH_CHARACTERS = 20, 4000

#: What a correction must leave as it is: addresses, and the marks of formatting.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+")
_MARK = re.compile(r"[*_`~\[\]<>|\\#]|\]\([^)]*\)")


@dataclass(frozen=True)
class _Edit:
    """A correction of one sentence; ``reason`` tells why it was not taken, empty where it was."""

    text: str
    flags: tuple[Flag, ...] = ()
    reason: str = ""


def post_edit(
    translation: Translation,
    model: LanguageModel,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Translation:
    """Return ``translation`` with the corrections of ``model`` that pass the checks.

    A sentence stays the machine's where its correction is empty, raises the severity of its flags, changes numbers,
    names, addresses or formatting; so does all of a request whose answer is in no usable form, which a note says.
    Every correction, taken or not, is among the segment's attempts. ``progress`` is told (sentences done, all
    sentences). Raises LLMError where the service fails.
    """
    settings = settings or Settings()
    places = [
        (b, s)
        for b, block in enumerate(translation.blocks)
        if not block.dropped
        for s, segment in enumerate(block.segments)
        if not segment.passed and segment.target.strip()
    ]
    edits: dict[tuple[int, int], _Edit] = {}
    failed, done = 0, 0
    for batch in _batches(translation, places):
        try:
            answered = _ask(model, [_segment(translation, place) for place in batch])
        except AnswerError:
            answered, failed = {}, failed + len(batch)
        for number, text in answered.items():
            block, segment = translation.blocks[batch[number][0]], _segment(translation, batch[number])
            edits[batch[number]] = _judged(segment, text, block.source.markup, settings)
        done += len(batch)
        if progress:
            progress(done, len(places))
    return _assembled(translation, edits, failed, model)


def _segment(translation: Translation, place: tuple[int, int]) -> Segment:
    return translation.blocks[place[0]].segments[place[1]]


def _batches(translation: Translation, places: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    size = 0
    for place in places:
        segment = _segment(translation, place)
        own = len(segment.source) + len(segment.target)
        if batch and (len(batch) == BATCH_SENTENCES or size + own > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += own
    if batch:
        yield batch


def _ask(model: LanguageModel, segments: Sequence[Segment]) -> dict[int, str]:
    """Return the corrections by index; what names no sentence, or one sentence twice, is left out."""
    lines = [
        f"[{number}] fr: {_one_line(segment.source)}\n[{number}] en: {_one_line(segment.target)}"
        for number, segment in enumerate(segments, 1)
    ]
    answer = model.ask(prompts.load(PROMPT), sentences="\n".join(lines))
    given = Counter(edit["number"] for edit in answer.value["edits"])
    return {
        edit["number"] - 1: edit["text"]
        for edit in answer.value["edits"]
        if given[edit["number"]] == 1 and 1 <= edit["number"] <= len(segments)
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _judged(segment: Segment, text: str, markup: bool, settings: Settings) -> _Edit:
    """Return the correction with what the checks say of it, and why it is not taken if it is not."""
    text = _one_line(text)
    if not markup:
        text = english(text, segment.source, quotes=settings.quotes)
    flags = check(segment.source, text, Terms(settings.glossary))
    return _Edit(text, flags, _harm(segment, text, flags, markup))


def _harm(segment: Segment, text: str, flags: tuple[Flag, ...], markup: bool) -> str:
    before = segment.target
    if not any(map(str.isalnum, text)):
        return "it is empty"
    if severity(flags) > severity(segment.flags):
        return "it is more doubtful than the machine's"
    new = {flag.check for flag in set(flags) - set(segment.flags)}
    if new & {"numbers", "names"} or additions(f"{segment.source} {before}", text):
        return "it changes a number or a name"
    doubted = any(flag.check == "numbers" for flag in segment.flags)
    if not doubted and _numbers(text) != _numbers(before):
        return "it changes a number"
    if "\n" in before or _fixed(text, markup) != _fixed(before, markup):  # a line break within is Markdown's
        return "it changes an address or the formatting"
    return ""


def _numbers(text: str) -> frozenset[frozenset[Fraction]]:
    return frozenset(quantity.values for quantity in english_quantities(plain(text)) if quantity.demanded)


def _fixed(text: str, markup: bool) -> Counter[str]:
    return Counter(_ADDRESS.findall(text)) + (Counter(_MARK.findall(text)) if markup else Counter())


def _assembled(
    translation: Translation, edits: Mapping[tuple[int, int], _Edit], failed: int, model: LanguageModel
) -> Translation:
    blocks = []
    for index, block in enumerate(translation.blocks):
        own = tuple(_settled(s, edits.get((index, number))) for number, s in enumerate(block.segments))
        blocks.append(block if own == block.segments else replace(block, segments=own, text=_text(block, own)))
    counts = Counter("kept" if edit.reason else "taken" for edit in _changes(translation, edits))
    noun = "sentence" if counts["taken"] == 1 else "sentences"
    notes = [
        f"{counts['taken']} {noun} corrected by {model.endpoint.model} at {model.endpoint.host}; "
        f"{counts['kept']} of its corrections failed the checks and were not taken"
    ]
    if failed:
        missed = "sentence was" if failed == 1 else "sentences were"
        notes.append(f"{failed} {missed} not looked at: {model.endpoint.model} gave no usable answer")
    return replace(
        translation,
        blocks=tuple(blocks),
        summary=tuple(_summarised(key, blocks) for key in translation.summary),
        made={**translation.made, "post_edit": model.record(prompts.load(PROMPT))},
        notes=(*translation.notes, *notes),
    )


def _changes(translation: Translation, edits: Mapping[tuple[int, int], _Edit]) -> Iterator[_Edit]:
    return (edit for place, edit in edits.items() if edit.text != _segment(translation, place).target)


def _settled(segment: Segment, edit: _Edit | None) -> Segment:
    """Return the segment with the correction among its attempts, and in its place where it is taken."""
    if edit is None or edit.text == segment.target:
        return segment
    # A correction has no log-probability.
    tried = Attempt(RUNG, segment.source, edit.text, math.nan, edit.flags)
    score = math.nan if segment.score is None else segment.score
    first = Attempt(segment.rung, segment.source, segment.target, score, segment.flags)
    attempts = (*(segment.attempts or (first,)), tried)
    if edit.reason:
        return replace(segment, attempts=attempts)
    return replace(segment, target=edit.text, score=None, flags=edit.flags, rung=RUNG, attempts=attempts)


def _text(block: TranslatedBlock, segments: Sequence[Segment]) -> str:
    """Return the block's text with its new sentences; white space and all else between them as it was."""
    if block.source.wrapped:
        return rewrap("".join(segment.target + segment.gap for segment in segments), block.source)
    text, at = "", 0
    for old, new in zip(block.segments, segments, strict=True):
        place = block.text.index(old.target, at)
        text += block.text[at:place] + new.target
        at = place + len(old.target)
    return text + block.text[at:]


def _summarised(key: KeySentence, blocks: Sequence[TranslatedBlock]) -> KeySentence:
    """Return a key sentence with the English that its block now holds."""
    segment = next((s for s in blocks[key.block].segments if s.rung == RUNG and key.source.endswith(s.source)), None)
    return replace(key, target=segment.target, flags=segment.flags) if segment else key
