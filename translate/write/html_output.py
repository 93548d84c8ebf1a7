"""The writer of HTML: one page that needs nothing else, English and French side by side, what is doubtful in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePath
from typing import Any

from translate.document import KeySentence, Translation
from translate.write.html_rows import marks, rows
from translate.write.html_text import InlineMarkdown, visible
from translate.write.json_output import plain

#: Rows from the top among which a headline is looked for: a kicker, a byline, an image may stand before it.
_HEAD = 6


@dataclass(frozen=True)
class _Key:
    """A key sentence, in one language or both; ``place`` is the id of where it is marked in the text, or empty."""

    english: str
    french: str
    paragraphs: str
    place: str
    doubts: tuple[str, ...]


def html_output(translation: Translation) -> str:
    """Return a translated document as one HTML page.

    It holds its styles, no script, and asks for nothing (its Content-Security-Policy forbids it). Everything that
    comes from the document is escaped; raw HTML in Markdown is shown as text, images by their descriptions, links lead
    to http, https and mail only, and invisible control characters are spelt out.
    """
    seen, inline = marks(translation), InlineMarkdown()
    everything = rows(translation, seen, inline)
    at = next((n for n, row in enumerate(everything[:_HEAD]) if row.kind == "headline"), -1)
    places = {number: f"s{block}-{sentence}" for (block, sentence), number in seen.keys.items()}
    keys = [_key(translation, key, inline, "both", places.get(n, "")) for n, key in enumerate(translation.summary, 1)]
    return _page(
        translation,
        title=(everything[at].title if at >= 0 else "") or _title(translation),
        titled=at >= 0,
        head=everything[: at + 1],
        keys=keys,
        rows=everything[at + 1 :],
        first=min(seen.doubts.values(), default=0),
    )


def html_summary(summary: Translation, lang: str) -> str:
    """Return key sentences on their own as such a page; ``lang`` is en, fr or both."""
    inline = InlineMarkdown()
    if summary.document.meta.format == "markdown":
        inline.parser.parse(visible(summary.document.render()), inline.env)
    keys = [_key(summary, key, inline, lang) for key in summary.summary]
    title = f"Key sentences of {PurePath(summary.document.meta.source).name}"
    return _page(summary, title=title, titled=False, head=(), keys=keys, rows=(), first=0)


def _page(translation: Translation, **parts: Any) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["visible"] = visible
    files = resources.files("translate.write")
    page = environment.from_string((files / "article.html.j2").read_text("utf-8"))
    flags = Counter(flag.check for segment in translation.flagged for flag in segment.flags)
    return page.render(
        style=(files / "article.css").read_text("utf-8"),
        sentences=len(translation.segments),
        doubtful=len(translation.flagged),
        counts=flags.most_common(),
        dropped=sum(block.dropped for block in translation.blocks),
        notes=translation.notes,
        facts=tuple(_facts(translation)),
        **parts,
    )


def _title(translation: Translation) -> str:
    """Return a title for a document whose headline is not at its top: that headline, or the name of the file."""
    label = next((block.text for block in translation.blocks if block.source.label.name == "headline"), "")
    return label or PurePath(translation.document.meta.source).name


def _key(translation: Translation, key: KeySentence, inline: InlineMarkdown, lang: str, place: str = "") -> _Key:
    markup = translation.document.blocks[key.block].markup if key.block < len(translation.document.blocks) else False
    french, english = (
        " ".join((inline.text(text) if markup else text).split()) for text in (key.source, key.target or "")
    )
    if lang == "fr" or key.target is None:
        english = ""
    elif lang == "en":
        french = ""
    numbers = ", ".join(f"¶{number}" for number in key.paragraphs or (key.paragraph,))
    doubts = tuple(f"{flag.check}: {flag.detail}" for flag in key.flags)
    return _Key(english, french, numbers, place, doubts)


def _facts(translation: Translation) -> Iterator[tuple[str, str]]:
    """Yield what a reader needs to trace the page: its source, and how it was made."""
    meta = translation.document.meta
    yield "Source", f"{meta.source} ({meta.format}, {meta.encoding})"
    if meta.sha256:
        yield "SHA-256 of the source", meta.sha256
    made = plain(translation.made)
    engine = made.pop("engine", None)
    if isinstance(engine, Mapping):
        yield "Model", str(engine.get("model", ""))
        yield "Checksum of the model", str(engine.get("checksum", ""))
        yield "Engine", _listed({k: v for k, v in engine.items() if k not in ("model", "checksum", "versions")})
        yield "Versions", _listed({"fr2en": made.pop("fr2en", ""), **(engine.get("versions") or {})})
    for name, value in made.items():
        yield name.replace("_", " ").capitalize(), _listed(value) if isinstance(value, Mapping) else str(value)


def _listed(values: Mapping[str, Any]) -> str:
    words = {True: "yes", False: "no"}
    shown = ((name, words[v] if isinstance(v, bool) else v) for name, v in values.items())
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown if value not in ("", None))
