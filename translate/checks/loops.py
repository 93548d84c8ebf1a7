"""Loops: words, phrases, letters or marks that the translation repeats and the source does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from translate.checks.words import fold
from translate.document import Flag

_LETTERS = re.compile(r"([^\W\d_]{1,4}?)\1{4,}", re.IGNORECASE)
#: « ..... » leads the eye in a table of contents; a text has two ellipses at most, and a full stop.
_MARKS = re.compile(r"([^\w\s])\1{4,}")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
#: Longest phrase looked for; loops of Marian models repeat a few words or one clause.
_PHRASE = 12
#: English words that may rightly follow themselves: « the fact that that », « had had », « is is ».
_TWICE = "again and bye do had her in is it long many more never no on so that very who you"
_DOUBLED = frozenset(_TWICE.split())


def loop_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where the target repeats a word or phrase more often than the source does any."""
    letters = _LETTERS.search(target)
    if letters and not _LETTERS.search(source):
        return [Flag("loop", letters[0][:40])]
    marks = _MARKS.search(target)
    if marks and not _MARKS.search(source.replace("…", "...")):
        return [Flag("loop", marks[0][:40])]
    wanted, found = _tokens(source), _tokens(target)
    for size in range(1, min(_PHRASE, len(found) // 2) + 1):
        times, phrase = _longest_run(found, size)
        if times >= (2 if size > 2 else 3) and times > _longest_run(wanted, size)[0]:
            return [Flag("loop", f"“{' '.join(phrase)}” {times} times in a row")]
        if size == 1 and times == 2 and _is_stutter(phrase[0], wanted):
            return [Flag("loop", f"“{phrase[0]} {phrase[0]}”")]
    return _scattered(wanted, found)


def without_repeats(text: str) -> str:
    """Return ``text`` with what follows itself said once: phrases of up to twelve words, letters, and marks.

    A last resort for what still loops when everything was tried: the reader loses nothing that was said.
    """
    text = _MARKS.sub(r"\1", _LETTERS.sub(r"\1", text))
    size = 1
    while size <= _PHRASE:
        found = list(_TOKEN.finditer(text))
        words = [fold(match[0]) for match in found]
        cut = next((i for i in range(size, len(words) - size + 1) if _again(words, i, size)), None)
        if cut is None:
            size += 1
            continue
        end = found[cut + size].start() if cut + size < len(found) else found[cut + size - 1].end()
        head = text[: found[cut].start()]
        text = head + text[end:] if cut + size < len(found) else head.rstrip(" ,;:-") + text[end:]
        size = 1
    return text


def _again(words: Sequence[str], index: int, size: int) -> bool:
    """Tell whether ``size`` words from ``index`` on repeat those before them, and are not rightly said twice."""
    repeated = words[index - size : index]
    return repeated == words[index : index + size] and not (size == 1 and repeated[0] in _DOUBLED)


def _is_stutter(word: str, wanted: Sequence[str]) -> bool:
    """Whether a word said twice in the target is neither good English nor said twice in the source."""
    return word.isalpha() and word not in _DOUBLED and word not in wanted and _longest_run(wanted, 1)[0] < 2


def _tokens(text: str) -> list[str]:
    return [fold(word) for word in _TOKEN.findall(text)]


def _longest_run(tokens: Sequence[str], size: int) -> tuple[int, tuple[str, ...]]:
    """Return how often a phrase of ``size`` tokens follows itself at most, and the phrase."""
    best, phrase, run = 1, tuple(tokens[:size]), 0
    for index in range(size, len(tokens)):
        run = run + 1 if tokens[index] == tokens[index - size] else 0
        if run and run % size == 0 and run // size + 1 > best:
            best, phrase = run // size + 1, tuple(tokens[index - size + 1 : index + 1])
    return best, phrase


def _scattered(wanted: Sequence[str], found: Sequence[str]) -> list[Flag]:
    """Phrases of four words that come back three times, though not side by side."""
    if len(found) < 12:
        return []
    phrase, times = Counter(zip(found, found[1:], found[2:], found[3:], strict=False)).most_common(1)[0]
    in_source = Counter(zip(wanted, wanted[1:], wanted[2:], strict=False)).most_common(1)
    if times >= 3 and (not in_source or in_source[0][1] < times):
        return [Flag("loop", f"“{' '.join(phrase)}” {times} times")]
    return []
