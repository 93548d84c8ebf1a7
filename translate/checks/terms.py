"""Set terms of the press: what « garde des Sceaux », « plan social » or « malien » must be in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from translate.checks.words import LONGEST_SENTENCE, fold, plain
from translate.document import Flag

_ACCENTED = re.compile("[àâçèéêëîïôùûü]", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """A French term, what to say to the model instead, and what proves that its English is right.

    ``french`` is matched in any case unless it has capitals; ``instead`` is English, or plainer French, and
    may hold references to the groups of ``french``; ``proof`` is searched in the English in any case.
    """

    french: re.Pattern[str]
    instead: str
    proof: re.Pattern[str]


@dataclass(frozen=True)
class Occurrence:
    """A term at characters ``[start:end)`` of a French sentence."""

    start: int
    end: int
    text: str
    instead: str
    proof: re.Pattern[str]

    @property
    def kept(self) -> bool:
        """Whether the term is a name, to be kept as it is."""
        return self.instead == plain(self.text)

    @property
    def flag(self) -> Flag:
        """The flag that it deserves where its English is wrong."""
        return Flag("terms", f"“{self.text}” is missing" if self.kept else f"“{self.text}” -> {self.instead}?")


def term_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each term of the French ``source`` without which the English ``target`` does well."""
    return [found.flag for found in occurrences(source) if not found.proof.search(target)]


def without_proven(source: str, target: str) -> str:
    """Return ``source`` without the terms whose English is right: « l'Hexagone » is no name that France lacks."""
    for one in reversed(occurrences(source)):
        if one.proof.search(target):
            source = f"{source[: one.start]}{source[one.end :].lstrip() if one.start == 0 else source[one.end :]}"
    return source


@lru_cache(maxsize=4096)
def occurrences(text: str) -> tuple[Occurrence, ...]:
    """Return the terms in a French text, in order; of two that overlap, the longer.

    None in a text longer than any sentence: that is data, and long to search.
    """
    if len(text) > LONGEST_SENTENCE:
        return ()
    found: list[Occurrence] = []
    for one in sorted(_find(text), key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _find(text: str) -> Iterator[Occurrence]:
    for term in terms():
        for match in term.french.finditer(text):
            instead = match.expand(term.instead) if "\\" in term.instead else term.instead
            if match.start() == 0 or text[: match.start()].rstrip().endswith(("“", "«", '"')):
                instead = instead[:1].upper() + instead[1:] if match[0][:1].isupper() else instead
            yield Occurrence(*match.span(), match[0], instead, term.proof)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Return the table ``terms.tsv``: French, what to say instead, and proof; a tab between them, # for remarks.

    ``=`` stands for what is to be kept as it is.
    """
    lines = resources.files("translate.checks").joinpath("terms.tsv").read_text("utf-8").splitlines()
    return tuple(_term(line) for line in lines if line.strip() and not line.startswith("#"))


def _term(line: str) -> Term:
    french, instead, *proof = line.split("\t")
    if instead == "=":
        instead, proof = french, [_ACCENTED.sub(lambda found: f"[{found[0]}{fold(found[0])}]", re.escape(french))]
        proof = [proof[0].replace("'", "['’]")]
    pattern = french.replace("'", "['’]").replace(" ", "[ \u00a0\u202f]")
    any_case = 0 if re.sub(r"\\[A-Z]", "", french) != french.lower() else re.IGNORECASE
    proofs = proof[0] if proof else re.escape(re.sub(r"\\\d", "", instead))
    return Term(
        re.compile(rf"(?<![\w-]){pattern}(?![\w-])", any_case),
        instead,
        re.compile(rf"(?<!\w)(?:{proofs})", re.IGNORECASE),
    )
