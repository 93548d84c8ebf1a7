"""Links of Markdown that are known by their text alone: « [text] » and « [text][] », defined elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection

from translate.markup.marks import find_marks

#: What may be a label, without its brackets (CommonMark 4.7: at most 999 characters).
_LABEL = re.compile(r"\[([^\[\]]{1,999})\]")


def labels(text: str, defined: Collection[str]) -> frozenset[str]:
    """Return what stands in brackets in ``text`` and is a label of ``defined``, which holds them normalised."""
    from markdown_it.common.utils import normalizeReference

    return frozenset(label for label in _LABEL.findall(text) if normalizeReference(label) in defined)


def in_full(raw: str, known: frozenset[str]) -> str:
    """Return ``raw`` with its links by a ``known`` text as ``[text][text]``: in English the text is no label."""
    own = tuple(known.intersection(_LABEL.findall(raw))) if known else ()
    if not own:
        return raw
    for pair in sorted(find_marks(raw, labels=own).pairs, key=lambda pair: pair.inner_end, reverse=True):
        text = raw[pair.inner_start : pair.inner_end]
        if raw[pair.inner_end : pair.end] in ("]", "][]") and text in own:
            raw = f"{raw[: pair.inner_end]}][{text}]{raw[pair.end :]}"
    return raw
