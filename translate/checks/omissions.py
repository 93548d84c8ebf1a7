"""Omissions: stretches of the source that no word of the translation was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from translate.checks.function_words import FUNCTION_WORDS
from translate.document import Flag, Link

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")

#: Words of meaning in a row without a link. Of 700 sentences of French press the bundled model left three in seven,
#: six of these by omission; two in 27, where every other one was an idiom or a turn of phrase.
_FEWEST = 3


def omission_flags(source: str, links: Sequence[Link]) -> list[Flag]:
    """Return a flag for each stretch of ``source`` that no link leads to: three words of meaning or more in a row.

    ``links`` are what an engine says with ``Decoding.align``, in characters of ``source``; without any there is no
    flag. The link of the first word of the translation does not count: it costs too much to be known
    (``Decoding.rough``); the first word of the source passes as reached. Only attention that was taught to align
    (guided alignment, Chen et al. 2016) tells as much.
    """
    if not links:
        return []
    words = list(_WORD.finditer(source))
    spans = [(link.source_start, link.source_end) for link in links if link.target_start > 0]
    reached = {place for span in (*spans, *(word.span() for word in words[:1])) for place in range(*span)}
    flags = []
    for linked, run in groupby(words, key=lambda word: not reached.isdisjoint(range(*word.span()))):
        meant = [word for word in run if not linked and _has_meaning(word[0])]
        if len(meant) >= _FEWEST:
            flags.append(Flag("omitted", f"“{source[meant[0].start() : meant[-1].end()]}” left no trace"))
    return flags


def _has_meaning(word: str) -> bool:
    return len(word) > 2 and word.lower() not in FUNCTION_WORDS
