"""The writer of a summary on its own: ``fr2en summarise``."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

from translate.document import KeySentence, Translation
from translate.write.html_output import html_summary
from translate.write.json_output import key_values, number, plain

#: Name and version of the JSON layout.
SCHEMA = "fr2en-summary/1"

#: The header row of the tab-separated form.
COLUMNS = ("paragraph", "sentence", "source", "target", "score", "flags")


def summary_output(summary: Translation, format: str, lang: str) -> str:  # noqa: A002
    """Return the key sentences of ``summary`` in ``format`` (text, markdown, html, json, tsv).

    ``lang`` is en, fr or both and matters to text, Markdown and HTML; the French stands under the English. In text
    and Markdown, [¶4] is the paragraph, counted from 1.
    """
    if format == "json":
        return _json(summary)
    if format == "html":
        return html_summary(summary, lang)
    if format == "tsv":
        return _tsv(summary)
    lines: list[str] = []
    for place, key in enumerate(summary.summary, 1):
        lines += _text(place, key, lang) if format == "text" else _markdown(place, key, lang)
    return "".join(f"{line}\n" for line in lines)


def _languages(key: KeySentence, lang: str) -> list[str]:
    chosen = {"fr": [key.source], "en": [key.target or ""], "both": [key.target or "", key.source]}[lang]
    return [" ".join(text.split()) for text in chosen]


def _paragraphs(key: KeySentence) -> str:
    return ", ".join(f"¶{number}" for number in key.paragraphs or (key.paragraph,))


def _text(place: int, key: KeySentence, lang: str) -> list[str]:
    first, *others = _languages(key, lang)
    return [f"{place}. {first} [{_paragraphs(key)}]", *(f"   {text}" for text in others)]


def _markdown(place: int, key: KeySentence, lang: str) -> list[str]:
    first, *others = _languages(key, lang)
    # The two spaces are a line break within the item.
    end = "  " if others else ""
    return [f"{place}. {first} [{_paragraphs(key)}]{end}", *(f"   *{text}*" for text in others)]


def _json(summary: Translation) -> str:
    report = {
        "schema": SCHEMA,
        "document": dataclasses.asdict(summary.document.meta),
        "summary": [key_values(key) for key in summary.summary],
        "notes": list(summary.notes),
        "seconds": {name: number(value) for name, value in summary.seconds.items()},
        "made": plain(summary.made),
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _tsv(summary: Translation) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, dialect="excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    for key in summary.summary:
        texts = [" ".join(text.split()) for text in (key.source, key.target or "")]
        flags = "; ".join(f"{flag.check}: {flag.detail}" for flag in key.flags)
        writer.writerow([key.paragraph, key.sentence + 1, *texts, f"{key.score:.4f}", " ".join(flags.split())])
    return stream.getvalue()
