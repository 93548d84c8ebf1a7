"""What text and Markdown output share: which blocks stay, and the text of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from translate.document import BOILERPLATE_LABELS, TranslatedBlock, Translation

#: The heading over the key sentences.
KEY_SENTENCES = "Key sentences"


def kept(blocks: Iterable[TranslatedBlock]) -> list[TranslatedBlock]:
    """Return the blocks that are not dropped, and of the blank lines around a dropped one only one side's.

    A table keeps all its cells: a dropped one stays where it is (see :func:`block_text`), empty.
    """
    result: list[TranslatedBlock] = []
    hole = False
    for block in blocks:
        if block.dropped and block.source.kind != "table_cell":
            hole = True
        elif block.source.kind == "blank" and hole and (not result or result[-1].source.kind == "blank"):
            hole = False
        else:
            hole = hole and block.source.kind == "blank"
            result.append(block)
    while hole and result and result[-1].source.kind == "blank":
        result.pop()
    return result


def block_text(block: TranslatedBlock) -> str:
    """Return the English of a block; of what is never translated, the original."""
    if block.dropped:
        return ""
    return block.text if block.source.translatable else block.source.text


def mark(translation: Translation, block: TranslatedBlock) -> str:
    """Return ``[caption] `` and the like for boilerplate where the settings ask for marks, else nothing."""
    label = block.source.label.name
    settings = translation.made.get("settings")
    if not isinstance(settings, Mapping) or settings.get("boilerplate") != "mark":
        return ""
    return f"[{label}] " if block.source.translatable and label in BOILERPLATE_LABELS else ""
