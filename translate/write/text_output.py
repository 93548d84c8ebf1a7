"""The writer of plain text."""

from __future__ import annotations

from translate.document import KeySentence, Translation
from translate.write.layout import KEY_SENTENCES, block_text, kept, mark


def text_output(translation: Translation) -> str:
    """Return the translation in the layout of its document, the key sentences before it.

    Line ends are those of the document (``meta.newline`` in what is added). A document in Markdown stays
    Markdown.
    """
    article = "".join(
        block.source.prefix + mark(translation, block) + block_text(block) + block.source.suffix
        for block in kept(translation.blocks)
    )
    summary = _summary(translation.summary)
    newline = translation.document.meta.newline
    if not summary:
        return article
    lines = [KEY_SENTENCES, "=" * len(KEY_SENTENCES), "", *summary, *([""] if article else [])]
    return "".join(line + newline for line in lines) + article


def _summary(sentences: tuple[KeySentence, ...]) -> list[str]:
    return [
        f"{number}. {' '.join((key.source if key.target is None else key.target).split())} [¶{key.paragraph}]"
        for number, key in enumerate(sentences, 1)
    ]
