"""Names: those of the source stand in the translation, in French or English spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from translate.checks.common_words import COMMON_WORDS, FRENCH_ENDS
from translate.checks.exonyms import EXONYMS
from translate.checks.words import WORD, fold
from translate.document import Flag

#: A capital here may be that of the first word of a sentence, a quotation or a bracket.
_START = re.compile(r"(?:^|[.!?:;…•|/*#>_()\[\]«»“”\"\d]|(?:^|\s)[-'‘])\s*$")
_ABBREVIATION = re.compile(r"\b(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|Me|Mgr|St|Ste|Sgt|Cdt|[A-Z])\. ?$")
#: Kings and centuries are numbers: Louis XIV, XXIe siècle.
_ROMAN = re.compile("[IVXLCDM]+(?:e|er|re|ère|ème|es)?")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
#: French spellings of foreign sounds, with the letter that stands for all of them.
_SPELLINGS = """
tch=s sch=s dj=j ch=s sh=s kh=k gh=g ph=f th=t ou=u oo=u gu=g qu=k ck=k ts=s tz=s c=k q=k w=v y=i j=i z=s
x=s ei=i ai=i ee=i ie=i h=
"""
_SOUNDS = tuple(pair.partition("=")[::2] for pair in _SPELLINGS.split())
#: What English may put where a French name ends.
_ENDS = frozenset(
    "s n an ans ian ians ean eans ese i is ic ics ish er ers ist ists ism ite ites ia a y al es us on".split()
)
#: Longer ends of French names of peoples and places.
_FRENCH_ENDS = frozenset("ois ais ien iens ine ienne enne aine ains ique iques oise aise".split())
_REPEATED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Name:
    """A capitalised word of the source; ``sure`` tells that it does not begin a sentence or quotation."""

    text: str
    folded: str
    acronym: bool
    sure: bool


def name_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each name that has nothing like it in the target; texts made ``plain``."""
    names = names_in(source)
    if not names:
        return []
    words = WORD.findall(target)
    folded = {fold(word) for word in words}
    joined = "".join(fold(word) for word in words)
    missing = [name.text for name in names if not _found(name, words, folded, joined)]
    return [Flag("names", f"{text} is missing") for text in dict.fromkeys(missing)]


def names_in(source: str) -> list[Name]:
    """Return the words of ``source`` that are names to be copied, as far as that can be known."""
    matches = list(WORD.finditer(source))
    capitals = sum(match[0].isupper() and len(match[0]) > 1 for match in matches)
    if capitals > 0.5 * len(matches) and capitals > 2:
        return []
    titles = [found.span() for found in _QUOTED.finditer(source)]
    names = []
    for match, following in zip_longest(matches, matches[1:]):
        word = match[0]
        if not word[0].isupper() or len(word) < 2:
            continue
        before = source[: match.start()]
        sure = not _START.search(before[-8:]) or bool(_ABBREVIATION.search(before[-8:]))
        sure = sure or (following is not None and _is_first_name(source, match, following))
        if any(start < match.start() < end and end - start < 60 for start, end in titles) and fold(word) not in EXONYMS:
            # Titles of books, films and songs are translated, or not, as they are known.
            continue
        name = Name(word, fold(word), word.isupper(), sure)
        if _must_be_copied(name):
            names.append(name)
    return names


def _is_first_name(source: str, match: re.Match[str], following: re.Match[str]) -> bool:
    """Tell a name where a sentence begins by the name that follows it: Susan Burke. Acronyms follow anything."""
    pair = match[0], following[0]
    beside = source[match.end() : following.start()] in (" ", "-")
    return (
        beside
        and fold(following[0]) not in COMMON_WORDS
        and all(len(word) > 2 and word[0].isupper() and not word.isupper() for word in pair)
    )


def _must_be_copied(name: Name) -> bool:
    if _ROMAN.fullmatch(name.text) or (name.folded.endswith(("ieme", "iemes")) and not name.acronym):
        return False
    if name.folded in EXONYMS:
        return name.sure or len(name.folded) > 4
    if name.acronym:
        return len(name.text) >= 3 or (name.sure and len(name.text) == 2)
    if not name.sure or len(name.folded) < 3 or name.folded in COMMON_WORDS:
        return False
    if name.folded.endswith("s") and name.folded[:-1] in COMMON_WORDS:
        return False
    return not name.folded.endswith(FRENCH_ENDS)


def _found(name: Name, words: list[str], folded: set[str], joined: str) -> bool:
    if name.folded in folded:
        return True
    beginnings = EXONYMS.get(name.folded, ())
    if any(word.startswith(s) if len(s) > 3 else word in (s, f"{s}s") for s in beginnings for word in folded):
        return True
    if name.acronym:
        return _acronym_found(name, words, joined)
    if len(name.folded) >= 4 and any(_holds(word, name.folded) for word in folded):
        return True
    return any(alike(name.folded, word) for word in folded)


def _holds(word: str, name: str) -> bool:
    """Whether a name stands within a word: after an article (alassad), or before an English ending (kindis)."""
    return word.endswith(name) or (word.startswith(name) and word[len(name) :] in _ENDS)


def _acronym_found(name: Name, words: list[str], joined: str) -> bool:
    """Whether the initials stand in the target, in another order (AIEA, IAEA) or written out.

    Three or two in another order are another name (RN, NR) but for those that :data:`EXONYMS` knows.
    """
    letters = sorted(name.folded)
    capitals = [word.removesuffix("s") for word in words if word.removesuffix("s").isupper() and len(word) > 1]
    if any(fold(word) == name.folded or (len(word) > 3 and sorted(fold(word)) == letters) for word in capitals):
        return True
    initials = "".join(word[0].casefold() for word in words)
    return name.folded in initials or (len(name.folded) > 3 and name.folded in joined)


def alike(french: str, english: str) -> bool:
    """Whether two folded words may be one name: a common stem, or sounds that differ by a letter or two."""
    if french[0] != english[0] and sounds(french)[:1] != sounds(english)[:1]:
        return False
    stem = 4 if len(french) < 8 else 5
    if english.startswith(french):
        return english[len(french) :] in ("", *_ENDS)
    if french[:stem] == english[:stem] and len(english) >= 4:
        return _inflected(french, english)
    a, b = sounds(french), sounds(english)
    if not a or not b:
        return False
    allowed = 0 if len(a) < 4 else 1 if len(a) < 7 else 2
    return abs(len(a) - len(b)) <= allowed and distance(a, b, allowed) <= allowed


def _inflected(french: str, english: str) -> bool:
    """Whether two words of one stem differ only in their ends: Argentine, Argentinian; but not Conoco, Cono."""
    common = next((i for i, (a, b) in enumerate(zip(french, english, strict=False)) if a != b), None)
    common = min(len(french), len(english)) if common is None else common
    before, after = french[common:], english[common:]
    alike_ends = len(after) > 0 and abs(len(before) - len(after)) <= 1
    return (len(before) <= 2 or before in _FRENCH_ENDS) and (
        after in _ENDS or (before in ("s", "e", "es", "x", "") and not after) or alike_ends
    )


def sounds(word: str) -> str:
    """Return a folded word in letters that both transliterations share: poutine and putin give putin."""
    for spelling, sound in _SOUNDS:
        if spelling in word:
            word = word.replace(spelling, sound)
    word = _REPEATED.sub(r"\1", word)
    return word[:-1] if len(word) > 3 and word[-1] in "esi" else word


def distance(a: str, b: str, limit: int) -> int:
    """Return the edit distance of ``a`` and ``b``, or more than ``limit`` where it is more."""
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, start=1):
        corner, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (char != other))
        if min(row) > limit:
            return limit + 1
    return row[-1]
