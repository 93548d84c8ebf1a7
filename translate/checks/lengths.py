"""Length: a translation much shorter or longer than its source, or one that breaks off."""

from __future__ import annotations

import re

from translate.document import Flag

#: Bounds of the characters in English for those in French, with slack for short sentences: all 997
#: professional translations of FLORES-101 dev lie within, and all but one of 2,356 of WMT news.
SHORTEST, LONGEST = 0.55, 1.5
SLACK = 12
_STOP = re.compile(r"[.!?…:;»”\"')\]]\s*$")
_BROKEN = re.compile(
    r"(?:,|\b(?:the|a|an|of|to|and|or|that|which|with|for|from|by|at|as|their|its|his|my|your|our|than|because|is|are|was|were|has|have|had|will|would|be|been|not|this|these|into|"
    r"who|whose|when|where))$"
)


def length_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for a target out of the plausible lengths, or one that ends on a word that must go on."""
    wanted, found = len(source.strip()), len(target.strip())
    if found < SHORTEST * wanted - SLACK:
        return [Flag("length", f"{found} characters for {wanted}: text may be missing")]
    if found > LONGEST * wanted + 2 * SLACK:
        return [Flag("length", f"{found} characters for {wanted}: text may be invented")]
    if _STOP.search(source) and _BROKEN.search(target.strip()):
        return [Flag("length", f"breaks off after “{target.split()[-1]}”")]
    return []
