"""What stands in an English text and not in the French it rests on: numbers, dates and names.

For text that a language model wrote or changed: unlike a translation it may leave things out, and must add none.
"""

from __future__ import annotations

import re

from translate.checks.dates import pair_up
from translate.checks.exonyms import EXONYMS
from translate.checks.names import alike
from translate.checks.numerals import number_flags
from translate.checks.words import WORD, fold, folded_words, plain
from translate.document import Flag

_START = re.compile(r"(?:^|[.!?:…]|[“”\"‘'(\[)]|\s-)\s*$")
#: What follows a name that begins a sentence, and seldom a common noun without an article: another name, a comma, a
#: genitive, a verb in the singular. With it 9 of 312 reference translations of news are doubted in vain, without it
#: 60.
_AFTER_NAME = re.compile(
    r"'s\b|,|[- ](?:[^\W\d_a-z]|(?:has|had|was|is|will|would|says|said|told|wants|calls|denies|plans|backs|hopes|"
    r"warns|faces|seeks|wins|won|leads|takes|took|makes|made|goes|went|becomes|became|remains|left|spoke|[a-z]+ed)\b)"
)
_ROMAN = re.compile("[IVXLCDM]+")

#: Words that English writes with a capital and French without: days and months are dates, checked as such;
#: titles and offices go before names; adjectives of places are found by likeness or by the list of exonyms.
_CAPITALISED = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december i mr mrs ms dr sir lord lady president prime minister secretary king queen
    prince princess pope general colonel captain judge senator mayor governor chancellor ambassador chairman
    foreign interior finance justice defence defense education health state department ministry parliament congress
    senate assembly government court council committee commission union republic party street avenue square bridge
    river lake sea ocean mount north south east west northern southern eastern western central national international
    christmas easter world war cup league mp mps professor human rights church mass
    """.split()
)
#: Words that begin English sentences in small letters elsewhere; with the endings below they cover most of them.
_SMALL = frozenset(
    """
    is are was were has have had do does did let why how neither nor much
    a an the this that these those he she it they we you his her its their our who what when where while if as and or
    but so for of in on at by to from with without after before since until because although though there here not no
    one two three four five six seven eight nine ten both all some many several most few more other others another
    each every any such only even still also then now later meanwhile however according despite during under over
    between among against about around nearly almost yet once last next first second third police people workers men
    women children today yesterday tomorrow tonight once never always often despite unlike instead like given
    """.split()
)
_ENDINGS = ("ing", "tion", "tions", "ment", "ments", "ers", "ors", "ists", "ly", "ties", "ity", "ness", "ed", "als")


def additions(source: str, target: str) -> tuple[Flag, ...]:
    """Return a flag for each number, date or name in the English ``target`` without its like in the French ``source``.

    Both are raw text, of one sentence or several. At the beginning of a sentence a capital proves little: a word
    there counts as a name where what follows it is what follows names. No flag means that nothing was found.
    """
    french, english = plain(source), plain(target)
    numbers = [flag for flag in number_flags(french, english) if _is_new(flag)]
    return (*numbers, *pair_up("names", (), _new_names(french, english)))


def _is_new(flag: Flag) -> bool:
    """Whether a flag of :func:`number_flags` names something new: one that is only missing may be left out."""
    return not flag.detail.endswith(" is missing")


def _new_names(source: str, target: str) -> list[str]:
    words = set(folded_words(source))
    starts = {start for word in words for start in EXONYMS.get(word, ())}
    joined = "".join(folded_words(source))
    return list(
        dict.fromkeys(
            name for name in _names(target) if not _has_like(fold(name), name.isupper(), words, starts, joined)
        )
    )


def _names(target: str) -> list[str]:
    """Return the capitalised words of an English text that may be names."""
    found = []
    for match in WORD.finditer(target):
        word = match[0]
        folded = fold(word)
        if not word[0].isupper() or len(word) < 2 or folded in _CAPITALISED or _ROMAN.fullmatch(word):
            continue
        first = bool(_START.search(target[max(0, match.start() - 4) : match.start()])) and not word.isupper()
        common = folded in _SMALL or folded.endswith(_ENDINGS) or not _AFTER_NAME.match(target[match.end() :])
        if first and common:
            continue
        found.append(word)
    return found


def _has_like(name: str, acronym: bool, words: set[str], starts: set[str], joined: str) -> bool:
    if name in words or any(name.startswith(start) if len(start) > 3 else name == start for start in starts):
        return True
    if acronym:
        return any(sorted(word) == sorted(name) for word in words)
    if len(name) >= 4 and name in joined:
        return True
    return any(alike(word, name) for word in words if len(word) > 2)
