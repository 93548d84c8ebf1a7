"""Set terms: what « garde des Sceaux » or « malien » must be in English, and what a reader's glossary asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib import resources

from translate.checks.asked import APOSTROPHE, asked_terms, loose
from translate.checks.common_words import lower_case
from translate.checks.table import Table, Term
from translate.checks.words import LONGEST_SENTENCE, WORD, fold, plain
from translate.document import Flag
from translate.glossary import NO_GLOSSARY, Glossary

#: Letters with which a word that is none begins like the French one that it stands for.
_ALIKE = 5
#: What may stand around a term that is a line of its own.
_AROUND = " \u00a0\u202f\t.:!?…"
#: After these a word has a capital whatever it is.
_BREAKS = frozenset('.:!?…|•–-«“"(')
_ACCENTED = re.compile("[àâçèéêëîïôùûü]", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """What a sentence is searched for: the set terms of the press, those of ``glossary``, and ``rare`` words.

    Rare words are for models that have learnt from little text, as the bundled one has: others know them, and say them
    in more ways than a table can foresee.
    """

    glossary: Glossary = NO_GLOSSARY
    rare: bool = False


#: The set terms alone.
SET_TERMS = Terms()


@dataclass(frozen=True)
class Occurrence:
    """A term at characters ``[start:end)`` of a French sentence; any of ``proofs`` proves its English.

    ``begins`` tells that it begins the sentence or a quotation with a capital, ``asked`` that a reader's glossary
    has it.
    """

    start: int
    end: int
    text: str
    instead: str
    proofs: tuple[re.Pattern[str], ...]
    begins: bool = False
    asked: bool = False

    @property
    def said(self) -> str:
        """What to say instead, with a capital where the term begins the sentence or a quotation with one."""
        return self.instead[:1].upper() + self.instead[1:] if self.begins else self.instead

    def proof(self, target: str) -> re.Match[str] | None:
        """Return what of an English text proves that the term is right in it."""
        return next((found for proof in self.proofs if (found := proof.search(target))), None)

    @property
    def kept(self) -> bool:
        """Whether the term is a name, to be kept as it is."""
        return plain(self.instead) == plain(self.text)

    @property
    def flag(self) -> Flag:
        """The flag that it deserves where its English is wrong."""
        detail = f"“{plain(self.text)}” is missing" if self.kept else f"“{plain(self.text)}” -> {self.instead}?"
        return Flag("glossary" if self.asked else "terms", detail)


def term_flags(source: str, target: str, terms: Terms = SET_TERMS) -> list[Flag]:
    """Return a flag for each term of the French ``source`` without which the English ``target`` does well.

    What a glossary asks for must be there as often as its term is.
    """
    found = occurrences(source, terms)
    missing = [one.flag for one in found if not one.asked and not one.proof(target)]
    return missing + [one.flag for one in _unmet(found, target)]


def _unmet(found: Iterable[Occurrence], target: str) -> list[Occurrence]:
    """Return the terms of a glossary that the English has not as often as the French, the last ones of each."""
    unmet: list[Occurrence] = []
    left: dict[tuple[re.Pattern[str], ...], int] = {}
    for one in found:
        if one.asked:
            there = sum(len(proof.findall(target)) for proof in one.proofs)
            left[one.proofs] = left.get(one.proofs, there) - 1
            if left[one.proofs] < 0:
                unmet.append(one)
    return unmet


def doubted(text: str, flags: Iterable[Flag], terms: Terms = SET_TERMS) -> tuple[Occurrence, ...]:
    """Return the terms of a French text that ``flags`` say came out wrong, be it in capitals or not, in order.

    So did one that begins like a word of the English that is none, whatever else proves it: "piloned" for « pilonné ».
    """
    flags = tuple(flags)
    details = {flag.detail.casefold() for flag in flags if flag.check in ("terms", "glossary")}
    left = [word for flag in flags if flag.check in ("nonword", "untranslated") for word in WORD.findall(flag.detail)]
    found = occurrences(text, terms)
    return tuple(one for one in found if one.flag.detail.casefold() in details or _is_like(one.text, left))


def _is_like(text: str, words: Iterable[str]) -> bool:
    """Tell whether one of ``words`` begins like a word of a term, with five letters or more."""
    starts = {fold(word)[:_ALIKE] for word in WORD.findall(text) if len(word) >= _ALIKE}
    return any(fold(word)[:_ALIKE] in starts for word in words)


def without_proven(source: str, target: str, terms: Terms = SET_TERMS, holding: re.Pattern[str] | None = None) -> str:
    """Return ``source`` without the terms whose English is right: « l'Hexagone » is no name that France lacks.

    With ``holding`` only those go that it is found in: « n'ignore rien » denies nothing that "knows all" should.
    """
    for one in reversed(occurrences(source, terms)):
        if (holding is None or holding.search(one.text)) and one.proof(target):
            source = f"{source[: one.start]}{source[one.end :].lstrip() if one.start == 0 else source[one.end :]}"
    return source


def proven_words(source: str, target: str, terms: Terms = SET_TERMS) -> frozenset[str]:
    """Return the words of ``target``, in lower case, that prove a term of ``source``: they are what it must hold."""
    spans = [proof.span() for one in occurrences(source, terms) if (proof := one.proof(target))]
    words = [
        word for word in WORD.finditer(target) if any(word.start() < end and start < word.end() for start, end in spans)
    ]
    return frozenset(word[0].lower() for word in words)


def without_asked(source: str, target: str, terms: Terms) -> tuple[str, str]:
    """Return both texts without the terms of the glossary that the English has: they are as the reader wants them."""
    for one in reversed(occurrences(source, terms)):
        if one.asked and (proof := one.proof(target)):
            source = f"{source[: one.start]} {source[one.end :]}"
            target = f"{target[: proof.start()]} {target[proof.end() :]}"
    return source, target


def glossary_use(source: str, target: str, glossary: Glossary) -> tuple[int, int]:
    """Return how often terms of ``glossary`` stand in ``source``, and how many of them ``target`` has in English."""
    asked = [one for one in occurrences(plain(source), Terms(glossary)) if one.asked] if glossary.entries else []
    return len(asked), len(asked) - len(_unmet(asked, plain(target)))


def asked_line(text: str, glossary: Glossary) -> str | None:
    """Return the English of a line that is but one term of ``glossary``, or None: no model needs to be asked."""
    bare = text.strip(_AROUND)
    found = occurrences(bare, Terms(glossary)) if bare and glossary.entries else ()
    if len(found) != 1 or not found[0].asked or (found[0].start, found[0].end) != (0, len(bare)):
        return None
    said = found[0].said.upper() if bare.isupper() and len(bare) > 1 else found[0].said
    return text.replace(bare, said, 1)


def as_asked(text: str, source: str, glossary: Glossary, *, capitals: bool = True) -> str:
    """Return ``text``, a translation of ``source``, with the terms that ``glossary`` asks for written as it has them.

    That is their capitals, unless not wanted, and ``’``; a typewriter's apostrophe is as those of the text.
    """
    for one in occurrences(plain(source), Terms(glossary)) if glossary.entries else ():
        if one.asked and (one.instead != one.instead.lower() or "’" in one.instead):
            written = partial(_as_written, one.instead, capitals=capitals)
            text = re.sub(loose(one.instead), written, text, flags=re.IGNORECASE)
    return text


def _as_written(said: str, found: re.Match[str], *, capitals: bool) -> str:
    pairs = zip(APOSTROPHE.findall(said), APOSTROPHE.findall(found[0]), strict=True)
    marks = iter([ours if ours == "’" else theirs for ours, theirs in pairs])
    return APOSTROPHE.sub(lambda _: next(marks), said if capitals and said != said.lower() else found[0])


@lru_cache(maxsize=4096)
def occurrences(text: str, terms: Terms = SET_TERMS) -> tuple[Occurrence, ...]:
    """Return the terms in a French text, in order: of two that overlap the glossary's, then the longer.

    Of two for the same words the first, and what proves either proves it; one of the glossary has its own proof alone.
    None in a text longer than any sentence: that is data, and long to search.
    """
    if len(text) > LONGEST_SENTENCE:
        return ()
    asked = _find(text, asked_terms(terms.glossary), asked=True) if terms.glossary.entries else ()
    rare = _find(text, rare_words()) if terms.rare else ()
    every = (*asked, *_find(text, set_terms()), *rare)
    first = sorted(every, key=lambda one: (not one.asked, one.start - one.end, one.start))
    found: dict[tuple[int, int], Occurrence] = {}
    for one in first:
        span = (one.start, one.end)
        if span in found and not found[span].asked:
            found[span] = replace(found[span], proofs=(*found[span].proofs, *one.proofs))
        elif all(one.end <= start or end <= one.start for start, end in found):
            found[span] = one
    return tuple(found[span] for span in sorted(found))


def _find(text: str, table: Table, *, asked: bool = False) -> Iterator[Occurrence]:
    for term, match in table.matches(text):
        before = text[: match.start()].rstrip()
        capital = match[0][:1].isupper()
        small = term.word or (asked and term.french == term.french.lower())
        if small and capital and not text.isupper() and _is_name(match[0], before, sure=not asked):
            continue
        instead = _expanded(match, term.instead, asked=asked) if "\\" in term.instead else term.instead
        begins = capital and (not before or before.endswith(("“", "«", '"')))
        yield Occurrence(*match.span(), match[0], instead, (term.proven,), begins, asked)


@lru_cache(maxsize=1)
def set_terms() -> Table:
    """Return the table ``terms.tsv``, by subject.

    A row is French, what to say instead, and proof, a tab between them; ``=`` stands for what is to be kept as it is, #
    begins a remark.
    """
    return Table(_term(row) for row in _rows("terms.tsv"))


@lru_cache(maxsize=1)
def rare_words() -> Table:
    """Return the table ``rare_words.tsv``, of the same form, by the alphabet."""
    return Table(_term(row, word=True) for row in _rows("rare_words.tsv"))


def _rows(name: str) -> list[str]:
    lines = resources.files("translate.checks").joinpath(name).read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _expanded(match: re.Match[str], instead: str, *, asked: bool) -> str:
    """Return ``instead`` with the groups it names, in small letters, since plurals in capitals are no English.

    A glossary names no groups, and its capitals are its own.
    """
    said = match.expand(instead)
    return said.lower() if not asked and match[0].isupper() and len(match[0]) > 1 else said


def _is_name(text: str, before: str, *, sure: bool) -> bool:
    """Tell a word with a capital that is more than that of a sentence or headline: Berger and Indus are names.

    Unless it must be ``sure`` that it is none, a common word may have a capital amid a sentence (« la Mairie »), and a
    long one where a sentence begins (« Cheminots en grève »).
    """
    if " " in plain(text) or (text.isupper() and len(text) > 1):
        return False
    word, begins = text.lower(), not before or before[-1] in _BREAKS
    if begins and {word, word.removesuffix("s")} & lower_case():
        return False
    return sure or not (word in lower_case() or (begins and len(word) > 5))


def _term(line: str, word: bool = False) -> Term:
    french, instead, *proof = line.split("\t")
    if instead == "=":
        accentless = _ACCENTED.sub(lambda found: f"[{found[0]}{fold(found[0])}]", re.escape(french))
        return Term(french, french, accentless.replace("'", "['’]"))
    proofs = proof[0] if proof else re.escape(re.sub(r"\\\d", "", instead))
    return Term(french, instead, proofs, word and french == french.lower())
