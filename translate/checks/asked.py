"""A reader's glossary as terms to search for: plurals in French, and what proves the English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from translate.checks.table import Table, Term
from translate.glossary import Entry, Glossary

APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\W\d_]+")
#: French words that have no plural of their own within a term.
_SMALL = frozenset("à a au aux de des du d en et l la le les ou par pour sans sur sous un une vers dans".split())
_IRREGULAR = dict(
    pair.split("=")
    for pair in (
        "child=children person=people knife=knives wife=wives life=lives wolf=wolves leaf=leaves loaf=loaves "
        "thief=thieves half=halves hero=heroes echo=echoes veto=vetoes analysis=analyses crisis=crises sheep=sheep "
        "series=series species=species news=news police=police aircraft=aircraft staff=staff quiz=quizzes"
    ).split()
)
_MAN = re.compile("(?<!hu)(?<!sha)(?<!talis)(?<!cai)(?<!otto)man$")
#: « mayor of Paris » has its plural before these.
_OF = re.compile(r" (?:of|for|to|in|on|at|from|with|under|without) ")


@lru_cache(maxsize=8)
def asked_terms(glossary: Glossary) -> Table:
    """Return the terms of a glossary, in its order.

    An entry in small letters matches in any case, one with capitals as it is written or all in capitals; each in the
    plural too, and then with the English plural.
    """
    return Table(term for entry in glossary.entries for term in _terms(entry))


def _terms(entry: Entry) -> Iterator[Term]:
    proof = "|".join(_proof(english) for english in entry.english)
    said = entry.english[0]
    spellings = dict.fromkeys((entry.french, entry.french.upper()) if _has_capital(entry.french) else (entry.french,))
    for french in spellings:
        yield Term(_escaped(french), said.replace("\\", r"\\"), proof)
        plural = _plural_pattern(french)
        if plural != _escaped(french):
            yield Term(plural, english_plural(said).replace("\\", r"\\"), proof)


def _has_capital(text: str) -> bool:
    return text != text.lower()


def _escaped(text: str) -> str:
    return " ".join(map(re.escape, text.split()))


def _plural_pattern(french: str) -> str:
    """Return a pattern for a French term whose words, all or some, are in the plural."""
    return " ".join(_plural_words(chunk) for chunk in french.split())


def _plural_words(chunk: str) -> str:
    """Return a pattern for what stands between two spaces: « d'enquête », « arc-en-ciel »."""
    found, place = "", 0
    for word in _WORD.finditer(chunk):
        found += re.escape(chunk[place : word.start()]) + _plural_word(word[0])
        place = word.end()
    return found + re.escape(chunk[place:])


def _plural_word(word: str) -> str:
    small = word.lower()
    if small in _SMALL or len(word) < 2 or small.endswith(("s", "x", "z")) or word.isupper():
        return word
    if small.endswith("al"):
        return f"{word[:-2]}(?:{word[-2:]}s?|aux)"
    return f"{word}[sx]?" if small.endswith(("au", "eu", "ou")) else f"{word}s?"


def english_plural(english: str) -> str:
    """Return the plural of an English term: rail workers, mayors of Paris, NGOs; a name (Kurdish) stays as it is."""
    of = _OF.search(english)
    head, tail = (english[: of.start()], english[of.start() :]) if of else (english, "")
    start, space, last = head.rpartition(" ")
    if last.isupper() and last.isalpha() and len(last) > 1:
        return f"{start}{space}{last}s{tail}"
    if not last.isalpha() or (last[0].isupper() and not space):
        return english
    return f"{start}{space}{_plural_noun(last)}{tail}"


def _plural_noun(word: str) -> str:
    if word in _IRREGULAR or (word.islower() and _MAN.search(word)):
        return _IRREGULAR.get(word) or f"{word[:-3]}men"
    if re.search("(?:s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"


def _proof(english: str) -> str:
    """Return a pattern for an English term, in the singular or the plural, with hyphens or spaces."""
    forms = dict.fromkeys((english, english_plural(english), f"{english}s" if english[-1].isalpha() else english))
    return "|".join(map(loose, forms))


def is_shouted(english: str) -> bool:
    """Tell an English term that another word is spelt like in small letters: US, IT, WHO, May."""
    return _has_capital(english) and " " not in english and (english.isupper() or len(english) < 5)


def loose(english: str) -> str:
    """Return a pattern for an English term as a whole: hyphens and spaces are alike, and cases, but not for US."""
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", english)))
    cased = f"(?-i:{words}|{re.escape(english.upper())})" if is_shouted(english.removesuffix("s")) else words
    return APOSTROPHE.sub("['’]", rf"(?<!\w){cased}(?!\w)")
