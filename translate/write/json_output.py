"""The writer of JSON; :data:`SCHEMA` names the version that ``schema.json`` describes."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from translate.document import Flag, KeySentence, Segment, TranslatedBlock, Translation

#: Name and version of the layout; the version goes up when a field goes or changes its meaning.
SCHEMA = "fr2en/1"


def json_output(translation: Translation) -> str:
    """Return everything known about a translation as JSON, indented by two, letters not escaped.

    ``schema.json`` beside this module is its JSON Schema. Blocks are all blocks of the document, blank and
    dropped ones included, so that an index into them is one into ``Document.blocks``.
    """
    meta = translation.document.meta
    report = {
        "schema": SCHEMA,
        "document": dataclasses.asdict(meta),
        "counts": _counts(translation),
        "summary": [key_values(key) for key in translation.summary],
        "blocks": list(_blocks(translation.blocks)),
        "notes": list(translation.notes),
        "seconds": {name: number(value) for name, value in translation.seconds.items()},
        "made": plain(translation.made),
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _counts(translation: Translation) -> dict[str, int]:
    segments = translation.segments
    return {
        "blocks": len(translation.blocks),
        "paragraphs": sum(block.source.translatable for block in translation.blocks),
        "dropped": sum(block.dropped for block in translation.blocks),
        "sentences": len(segments),
        "flagged": len(translation.flagged),
        "retried": sum(len(segment.attempts) > 1 for segment in segments),
        "passed": sum(bool(segment.passed) for segment in segments),
    }


def _blocks(blocks: Iterable[TranslatedBlock]) -> Iterable[dict[str, Any]]:
    paragraph = 0
    for index, block in enumerate(blocks):
        source = block.source
        paragraph += source.translatable
        yield {
            "index": index,
            "paragraph": paragraph if source.translatable else None,
            "kind": source.kind,
            "label": source.label.name,
            "reason": source.label.reason,
            "line": source.line,
            "prefix": source.prefix,
            "source": source.text,
            "text": block.text if source.translatable else source.text,
            "suffix": source.suffix,
            "dropped": block.dropped,
            "sentences": [_sentence(segment) for segment in block.segments],
        }


def _sentence(segment: Segment) -> dict[str, Any]:
    return {
        "source": segment.source,
        "target": segment.target,
        "gap": segment.gap,
        "score": number(segment.score),
        "flags": _flags(segment.flags),
        "rung": segment.rung,
        "passed": segment.passed,
        "attempts": [
            {
                "rung": attempt.rung,
                "source": attempt.source,
                "target": attempt.target,
                "score": number(attempt.score),
                "flags": _flags(attempt.flags),
            }
            for attempt in segment.attempts
        ],
        "clauses": segment.clauses,
        "alternatives": [{"text": other.text, "score": number(other.score)} for other in segment.alternatives],
    }


def key_values(key: KeySentence) -> dict[str, Any]:
    """Return a key sentence as JSON's object."""
    return {
        "source": key.source,
        "target": key.target,
        "block": key.block,
        "paragraph": key.paragraph,
        "sentence": key.sentence,
        "score": number(key.score),
        "flags": _flags(key.flags),
        **({"paragraphs": list(key.paragraphs)} if key.paragraphs else {}),
    }


def _flags(flags: Iterable[Flag]) -> list[dict[str, str]]:
    return [{"check": flag.check, "detail": flag.detail} for flag in flags]


def number(value: float | None) -> float | None:
    """Return ``value`` if JSON can hold it: neither infinite nor NaN."""
    return value if value is not None and math.isfinite(value) else None


def plain(value: object) -> Any:
    """Return ``value`` in JSON's own kinds; what has none as its text."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)
