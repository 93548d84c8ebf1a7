"""Quotation marks: what the source opens and closes, the translation does."""

from __future__ import annotations

import re

from translate.document import Flag

_DOUBLE = re.compile("[«»“”„‟\"]|(?<!')''(?!')|<<|>>")
#: Inches, minutes and seconds of arc: a mark straight after a digit with no opening mark before it.
_INCHES = re.compile(r"(?<=\d)\"(?=[ x×,.;)]|$)")
_SINGLE = re.compile(r"(?<![\w.,!?…])['‘’‹](?=[^\s'])[^'‘’\"“”]*?(?:['’](?=\w)[^'‘’\"“”]*?)*(?<=[\w.,!?…])['’›](?!\w)")


def quote_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where the target has more or fewer quotation marks, or leaves one open; raw texts."""
    wanted, found = _marks(source), _marks(target)
    if wanted == found:
        return []
    if wanted % 2 == 0 and found % 2:
        return [Flag("quotes", f"{_mark(target)} opened or closed without its partner")]
    singles = 2 * len(_SINGLE.findall(target))
    if found < wanted:
        # Quotations within quotations, and British ones, may take single marks.
        if found + singles >= wanted:
            return []
        return [Flag("quotes", f"{wanted} quotation marks in the source, {found} in the translation")]
    if found - 2 * len(_SINGLE.findall(source)) <= wanted:
        return []
    return [Flag("quotes", f"{found} quotation marks in the translation, {wanted} in the source")]


def _marks(text: str) -> int:
    return len(_DOUBLE.findall(_INCHES.sub("", text) if text.count('"') % 2 else text))


def _mark(text: str) -> str:
    found = _DOUBLE.search(text)
    return found[0] if found else "quotation mark"
