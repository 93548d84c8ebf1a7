"""Length: a translation much shorter or longer than its source, or one that breaks off."""

from __future__ import annotations

import re

from translate.document import Flag

#: Bounds of characters in English for characters in French, each with slack for short sentences. Professional
#: translations of news and wiki sentences (FLORES-101 dev, 997 pairs) lie between 0.5 and 1.6.
SHORTEST, LONGEST = 0.45, 1.75
SLACK = 12
_STOP = re.compile(r"[.!?…:;»”\"')\]]\s*$")
_BROKEN = re.compile(
    r"(?:,|\b(?:the|a|an|of|to|and|or|that|which|with|for|from|by|at|as|their|its|his|my|your|our|than|because))$"
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
