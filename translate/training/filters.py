"""Which pairs are fit to learn from, and a count of those that are not."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from translate.training.corpus import Pair
from translate.training.settings import FilterSettings
from translate.typography import normalise

_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Drop:
    """How many pairs of a source were dropped for a reason."""

    source: str
    reason: str
    count: int


@dataclass(frozen=True)
class FilterReport:
    """What came of a corpus: pairs kept by source, pairs dropped by source and reason, both sorted."""

    kept: tuple[tuple[str, int], ...]
    dropped: tuple[Drop, ...]

    @property
    def read(self) -> int:
        """How many pairs were read."""
        return sum(count for _, count in self.kept) + sum(drop.count for drop in self.dropped)


class PairFilter:
    """Passes on the pairs fit to learn from, normalised, and counts the others; :meth:`report` tells.

    ``held_out`` is normalised French that must not be learnt from. Reasons: empty, in the development set,
    too long, length ratio, no letters, duplicate, copied, numbers, language. Bounds of length and ratio are
    ignored for pairs of at most 12 characters, whose ratios mean nothing.
    """

    def __init__(self, settings: FilterSettings, held_out: frozenset[str] = frozenset()) -> None:
        self._settings = settings
        self._held_out = held_out
        self._seen: set[bytes] = set()
        self._kept: Counter[str] = Counter()
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._foreign: Callable[[str, str], bool] | None = _language_test() if settings.language else None

    def passed(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Yield the pairs that are fit, in order, both sides normalised."""
        for pair in pairs:
            french, english = normalise(pair.french), normalise(pair.english)
            reason = self._reason(french, english)
            if reason:
                self._dropped[pair.name, reason] += 1
            else:
                self._kept[pair.name] += 1
                yield Pair(pair.name, french, english, pair.file, pair.line)

    def report(self) -> FilterReport:
        """Return the counts so far."""
        dropped = tuple(Drop(name, why, count) for (name, why), count in sorted(self._dropped.items()))
        return FilterReport(tuple(sorted(self._kept.items())), dropped)

    def _reason(self, french: str, english: str) -> str:
        settings = self._settings
        if not french or not english:
            return "empty"
        if french in self._held_out:
            return "in the development set"
        if max(len(french), len(english)) > settings.max_characters:
            return "too long"
        if max(len(french), len(english)) > 12 and (
            len(french) > settings.french_ratio * len(english) or len(english) > settings.english_ratio * len(french)
        ):
            return "length ratio"
        if not _LETTER.search(french) and french != english:
            return "no letters"
        if not settings.copies and french == english and len(french) > 40:
            return "copied"
        if settings.numbers and numbers_differ(french, english):
            return "numbers"
        if self._foreign is not None and self._foreign(french, english):
            return "language"
        if not settings.duplicates:
            key = hashlib.blake2b(f"{french}\t{english}".encode(), digest_size=8).digest()
            if key in self._seen:
                return "duplicate"
            self._seen.add(key)
        return ""


def numbers_differ(french: str, english: str) -> bool:
    """Return whether the two sides hold different figures, to a degree no rewriting explains.

    Runs of two digits and more are compared; one that stands on one side alone is let pass ("vingt" for 20,
    14 h for 2 pm), two are not when the sides also hold different counts of them.
    """
    ours = sorted(run for run in _DIGITS.findall(french) if len(run) > 1)
    theirs = sorted(run for run in _DIGITS.findall(english) if len(run) > 1)
    if ours == theirs or "".join(ours) == "".join(theirs):
        return False
    return len(ours) != len(theirs) and len(set(ours) ^ set(theirs)) > 1


def _language_test() -> Callable[[str, str], bool]:
    from lingua import Language, LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()

    def foreign(french: str, english: str) -> bool:
        # Below some 30 characters detectors guess; names and headlines would be dropped for nothing.
        if min(len(french), len(english)) < 30:
            return False
        return (
            detector.detect_language_of(french) != Language.FRENCH
            or detector.detect_language_of(english) != Language.ENGLISH
        )

    return foreign
