"""The writer of Markdown."""

from __future__ import annotations

import re

from translate.document import KeySentence, TranslatedBlock, Translation
from translate.write.layout import KEY_SENTENCES, block_text, kept, mark

_FRONT_MATTER = re.compile(
    r"---[ \t]*(?:\r\n|\r|\n)(?:.*?(?:\r\n|\r|\n))??(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_AT_START = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=\s|$)|\d{1,9}(?=[.)](?:\s|$))|[=~|])")


def markdown_output(translation: Translation) -> str:
    """Return the translation in Markdown, the key sentences before it, their French in italics.

    A document in Markdown keeps its layout, front matter first. One in plain text becomes paragraphs, list
    items, quotes, tables and headings (the first is the "headline") with a blank line between each two, its characters
    that mean something in Markdown escaped.
    """
    newline = translation.document.meta.newline
    if translation.document.meta.format == "markdown":
        article = "".join(
            block.source.prefix + mark(translation, block) + block_text(block) + block.source.suffix
            for block in kept(translation.blocks)
        )
    else:
        article = _from_text(translation, newline)
    summary = _summary(translation, newline)
    if not summary:
        return article
    front = _FRONT_MATTER.match(article)
    head, body = (article[: front.end()], article[front.end() :]) if front else ("", article)
    if head and not head.endswith(("\n", "\r")):
        head += newline
    return (head + newline if head else "") + summary + (newline if body.strip() else "") + body.lstrip("\r\n")


def _summary(translation: Translation, newline: str) -> str:
    if not translation.summary:
        return ""
    plain = translation.document.meta.format != "markdown"
    lines = [f"## {KEY_SENTENCES}", ""]
    for key in translation.summary:
        lines.extend(_key_lines(key, escape=plain))
    return "".join(line + newline for line in lines)


def _key_lines(key: KeySentence, *, escape: bool) -> list[str]:
    source, target = (" ".join(text.split()) for text in (key.source, key.target or ""))
    if escape:
        source, target = _escaped(source), _escaped(target)
    if key.target is None:
        return [f"- {source} [¶{key.paragraph}]"]
    # The two spaces are a line break within the item. Emphasis around emphasis takes the other character.
    star = "_" if "*" in source.replace("\\*", "") else "*"
    return [f"- {target} [¶{key.paragraph}]  ", f"  {star}{source}{star}"]


def _escaped(text: str) -> str:
    """Return plain ``text`` as Markdown that shows it."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    start = _AT_START.match(escaped)
    if not start:
        return escaped
    number = start.group().isdigit()
    return f"{start.group()}\\{escaped[start.end() :]}" if number else "\\" + escaped


def _from_text(translation: Translation, newline: str) -> str:
    parts: list[str] = []
    before: TranslatedBlock | None = None
    row: list[str] = []
    for block in kept(translation.blocks):
        if block.source.kind == "blank":
            continue
        if block.source.kind == "table_cell":
            row.append(_escaped(" ".join(block_text(block).split())).replace("|", "\\|"))
            if "\n" not in block.source.suffix:
                continue
        if before is not None and not _tight(before, block):
            parts.append(newline)
        if row:
            parts.append(f"| {' | '.join(row)} |{newline}")
            if before is None or before.source.kind != "table_cell":
                parts.append(f"|{' --- |' * len(row)}{newline}")
            row = []
        elif block.source.translatable:
            opening = _marker(block) + mark(translation, block).replace("[", "\\[").replace("]", "\\]")
            parts.append(opening + _escaped(" ".join(block_text(block).split())) + newline)
        else:
            parts.append(_verbatim(block) + newline)
        before = block
    return "".join(parts)


def _tight(before: TranslatedBlock, after: TranslatedBlock) -> bool:
    """Tell whether two items stand close together in one list, or two rows in one table."""
    if before.source.kind == "table_cell":
        return after.source.kind == "table_cell"
    return all(
        block.source.kind == "list_item" and _marker(block).lstrip("> ")[:1] not in ("–", "—", "―")
        for block in (before, after)
    )


def _marker(block: TranslatedBlock) -> str:
    if block.source.label.name == "headline":
        return "# "
    if block.source.kind == "heading":
        return "## "
    quote = "> " * block.source.prefix.count(">")
    if block.source.kind != "list_item":
        return quote
    marker = block.source.prefix.replace(">", "").strip()
    if not marker:
        return f"{quote}  "  # the item goes on, after a line break
    # A dash opens a turn of speech in French, which is no list item.
    return quote + (f"{marker} " if marker[:1].isdigit() else f"{marker} " if marker in ("–", "—", "―") else "- ")


def _verbatim(block: TranslatedBlock) -> str:
    text = block.source.text.strip()
    if any(map(str.isalnum, text)):
        return text  # an address: Markdown leaves it as it is
    return "---" if re.fullmatch(r"[-=*_~\s]{3,}", text) else _escaped(text)
