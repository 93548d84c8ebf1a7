"""Words that are none: a small model under pressure makes them up, letter by plausible letter."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from translate.checks.common_words import COMMON_WORDS
from translate.checks.names import alike
from translate.checks.words import WORD, fold
from translate.document import Flag

#: Words in lower case or with one capital; acronyms, codes and parts of compounds are in no dictionary.
_WORD = re.compile(r"(?<![\w'’@#./-])[A-Za-z][a-z]{3,}(?![\w@/-]|['’]t\b|\.\w)")
#: Words of lower-case parts; and words with letters that English has not.
_COMPOUND = re.compile(r"(?<![\w'’@#./-])[a-z]+(?:-[a-z]+)+(?![\w@/-]|['’]t\b|\.\w)")
_ACCENTED = re.compile(r"(?<![\w'’@#./-])(?=[^\W\d_]*[à-ÿœ])[^\W\d_]{5,}(?![\w@/-])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PARTS = frozenset(
    "anti auto bio cyber emptive eco euro ex extra geo hyper infra inter intra macro mega meta micro mini multi "
    "nano neo neuro non para pan poly post pre pro proto pseudo psycho quasi retro semi socio sub super tech tele "
    "thermo trans turbo ultra uni vice agro franco anglo russo sino afro indo hispano libre coup etat hoc facto vis "
    "wifi ing avant garde laissez faire fait accompli tete bon mot per cent".split()
)
#: Letters that a learned word must share with the source to pass as its cognate (neurotoxine, neurotoxin).
_COGNATE = 8
#: British endings and what the American dictionary has for them.
_BRITISH = tuple(
    (re.compile(british), american)
    for british, american in (
        ("is(e|ed|er|ers|es|ing|ation|ations|able)$", r"iz\1"),
        ("ys(e|ed|es|ing)$", r"yz\1"),
        ("our", "or"),
        ("re(s|d)?$", r"er\1"),
        ("ll(ed|ing|er|ers|or|ors|ist|ists)$", r"l\1"),
        ("l(ment|ments|s)?$", r"ll\1"),
        ("ogue(s)?$", r"og\1"),
        ("enc(e|es)$", r"ens\1"),
        ("ae|oe", "e"),
    )
)
#: Words of today's news that the dictionary, counted on older text, lacks.
_NEW = frozenset(
    "apps blog blogs blogger bloggers covid crowdfunding cyberattack cyberattacks deepfake deepfakes disinformation "
    "email emails ebook ebooks euro euros fintech hashtag hashtags jihadism jihadist jihadists lockdown lockdowns "
    "livestream metaverse online podcast podcasts selfie selfies smartphone smartphones startup startups "
    "streaming tweet tweets tweeted unmanned webcam website websites wifi airstrike airstrikes multilateralism "
    "biodiversity microplastics geopolitical geopolitics decarbonisation decarbonization kyiv".split()
)


def nonword_flags(source: str, target: str, known: frozenset[str] = frozenset()) -> list[Flag]:
    """Return a flag for each word of ``target`` that no English dictionary holds and ``source`` does not explain.

    The dictionary is pyspellchecker's (160,000 words of American English); British spellings, plurals and
    compounds of two known words pass, and so do names that the source has in its own spelling, and ``known`` words
    (in lower case).
    """
    words = WORD.findall(source)
    french, same = fold(source), {fold(word) for word in words} | known
    # The first word has a capital whatever it is.
    names = {fold(word) for word in words[1:] if word[0].isupper()} - COMMON_WORDS
    unknown = [
        word
        for word in _WORD.findall(target)
        if word.lower() not in same
        and (len(word) < _COGNATE or word.lower()[:_COGNATE] not in french)
        and not is_english_word(word.lower())
        and not (word[0].isupper() and any(alike(name, word.lower()) for name in names))
    ]
    unknown += _compounds(target, same)
    unknown += [w for w in _ACCENTED.findall(target) if fold(w) not in same and not is_english_word(fold(w))]
    controls = [char for char in _CONTROL.findall(target) if char not in source]
    return [
        *(Flag("nonword", f"U+{ord(char):04X}") for char in dict.fromkeys(controls)),
        *(Flag("nonword", f"“{word}” is in no dictionary") for word in dict.fromkeys(unknown)),
    ]


def _is_odd(part: str) -> bool:
    if len(part) < 3:
        return len(part) == 1 and part not in "aex"
    return part not in _PARTS and not is_english_word(part)


def _compounds(target: str, same: set[str]) -> list[str]:
    """Return the hyphenated words in lower case of which a part of three letters is no English word: thirty-thirth."""
    found = []
    for word in _COMPOUND.findall(target):
        parts = word.split("-")
        if not same.issuperset(parts) and any(_is_odd(part) for part in parts):
            found.append(word)
    return found


@cache
def _dictionary() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker(language="en").word_frequency


@lru_cache(maxsize=65536)
def is_english_word(word: str) -> bool:
    """Return whether a dictionary of American or, by its endings, British English holds a word in lower case."""
    known = _dictionary()
    forms = {word, *(pattern.sub(american, word) for pattern, american in _BRITISH)}
    forms |= {form[:-1] for form in forms if form.endswith("s")}
    if word in _NEW or any(form in known for form in forms):
        return True
    return any(word[:i] in known and word[i:] in known for i in range(4, len(word) - 3))
