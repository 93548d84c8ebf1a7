"""The values of a suite: lines of French with English references, and what a translation must hold."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache

#: Typographic variants that no check is about: a translation may write either.
_SAME = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "‑": "-"}
)


@lru_cache(maxsize=4096)
def _pattern(expression: str) -> re.Pattern[str]:
    """Return the compiled form of one alternative; see :class:`Check` for its grammar."""
    if expression.startswith("re:"):
        return re.compile(expression[3:], re.IGNORECASE)
    text = expression.translate(_SAME)
    before = r"(?<![\w.,])" if text[0].isdigit() else r"(?<!\w)" if text[0].isalpha() else ""
    after = r"(?!\d|[.,]\d)" if text[-1].isdigit() else r"(?!\w)" if text[-1].isalpha() else ""
    flags = re.IGNORECASE if text == text.lower() else re.RegexFlag(0)
    return re.compile(before + re.escape(text) + after, flags)


@dataclass(frozen=True)
class Check:
    """What a translation must hold (any of ``alternatives``) or, if ``forbidden``, must not (any of them).

    An alternative is plain text, matched at word boundaries, its case ignored unless it holds a capital; or
    ``re:`` and a regular expression, its case ignored. A number matches as a whole: 4 is not found in 14 or
    2.4. Curly and straight quotation marks, « », and every kind of space count as the same.
    """

    alternatives: tuple[str, ...]
    forbidden: bool = False

    def passes(self, text: str) -> bool:
        """Return whether ``text`` passes."""
        plain = text.translate(_SAME)
        return any(_pattern(a).search(plain) for a in self.alternatives) != self.forbidden

    def __str__(self) -> str:
        named = (f"/{text[3:]}/" if text.startswith("re:") else text for text in self.alternatives)
        return ("must not hold " if self.forbidden else "must hold ") + " or ".join(named)


@dataclass(frozen=True)
class Line:
    """A line of a suite: its references (one or more) and its checks (none or more)."""

    id: str
    source: str
    references: tuple[str, ...]
    category: str = ""
    document: str = ""
    checks: tuple[Check, ...] = ()

    def failed(self, text: str) -> tuple[Check, ...]:
        """Return the checks that ``text``, as a translation of this line, does not pass.

        A translation that is empty, or copies the source where no reference does, fails them all.
        """
        copied = text.strip() == self.source and self.source not in self.references
        if copied or not text.strip():
            return self.checks
        return tuple(check for check in self.checks if not check.passes(text))


@dataclass(frozen=True)
class Suite:
    """Lines to translate and score; ``origin`` tells whence they are, ``blank`` how many blank ones were left out."""

    name: str
    lines: tuple[Line, ...]
    title: str = ""
    origin: str = ""
    blank: int = 0

    @property
    def counted(self) -> str:
        """The number of lines in words, and of those that were left out."""
        left_out = f", {self.blank} blank left out" if self.blank else ""
        return f"{len(self.lines)} lines{left_out}"

    @property
    def sources(self) -> tuple[str, ...]:
        """The French lines, in order."""
        return tuple(line.source for line in self.lines)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories, each once, in order of appearance; empty where no line has one."""
        return tuple(dict.fromkeys(line.category for line in self.lines if line.category))

    @property
    def checksum(self) -> str:
        """SHA-256 over sources, references and checks: equal for suites that measure the same."""
        content = [
            [
                line.id,
                line.source,
                line.references,
                line.category,
                [[c.alternatives, c.forbidden] for c in line.checks],
            ]
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
