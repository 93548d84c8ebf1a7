"""A reader's glossary as terms to search for: plurals in French, and what proves the English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from translate.checks.table import Table, Term
from translate.glossary import Entry, Glossary

_WORD = re.compile(r"[^\W\d_]+")
#: French words that have no plural of their own within a term.
_SMALL = frozenset("à a au aux de des du d en et l la le les ou par pour sans sur sous un une vers dans".split())
_IRREGULAR = (("man", "men"), ("child", "children"), ("wife", "wives"), ("life", "lives"), ("person", "people"))
#: « mayor of Paris » has its plural before these.
_OF = re.compile(r" (?:of|for|to|in|on|at|from|with|under|without) ")


@lru_cache(maxsize=8)
def asked_terms(glossary: Glossary) -> Table:
    """Return the terms of a glossary, the longer French first where one stands in the other.

    An entry in small letters is found in any case, one with capitals as it is written or all in capitals; each in
    the plural too, and then with the English plural.
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
    """Return the plural of an English term: railway workers, mayors of Paris; names in capitals stay as they are."""
    of = _OF.search(english)
    head, tail = (english[: of.start()], english[of.start() :]) if of else (english, "")
    start, space, last = head.rpartition(" ")
    if not last.isalpha() or (last[0].isupper() and not space) or last.isupper():
        return english
    return f"{start}{space}{_plural_noun(last)}{tail}"


def _plural_noun(word: str) -> str:
    for end, plural in _IRREGULAR:
        if word.endswith(end) and word.islower() and not word.endswith("human"):
            return word[: -len(end)] + plural
    if re.search("(?:s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"


def _proof(english: str) -> str:
    """Return a pattern for an English term, in the singular or the plural, with hyphens or spaces."""
    forms = dict.fromkeys((english, english_plural(english)))
    return "|".join(map(loose, forms))


def loose(english: str) -> str:
    """Return a pattern for an English term as a whole, hyphens and spaces being alike."""
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", english)))
    return rf"(?<!\w){words}(?!\w)".replace("'", "['’]")
