"""Hard-wrapped text: telling it from one paragraph a line, and joining its lines again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from translate.document import Block

#: Widths at which people and mailers wrap: 72 and 76 are the habit, editors go from about 50 to 100 (and
#: justify to 110).
NARROWEST, WIDEST = 45, 110

#: Columns that a line may stay short of the width although the next word would have fitted (ragged wrapping).
_SLACK = 3

#: What means something at the start of a line, in Markdown or to :mod:`translate.read.text`.
_STRUCTURE = re.compile(r"[-+*#>=|~`:_<•–—]|\d{1,9}[.)]|[a-z]\)|\[")

_QUOTE_MARKS = re.compile(r"[^\S\r\n]*(?:>[ \t>]*)?")
_SENTENCE_END = re.compile(r"[.!?…:;]['\"»”’)\]\s]*$")
_LABEL = re.compile(r"(?:[A-ZÀ-Ý][\w'’ ]{0,24}\s?:|(?:À|A|Á) lire\b|Lire aussi\b|Voir aussi\b|Partager\b)(?=\W|$)")
_OPENERS = frozenset(
    (
        "La", "Le", "Les", "L", "Un", "Une", "Des", "Du", "De", "D", "En", "Il", "Elle", "Ils", "Elles",
        "On", "Ce", "C", "Cet", "Cette", "Ces", "Dans", "Pour", "Par", "Au", "Aux", "À", "Selon", "Mais",
        "Et", "Sur", "Après", "Avant", "Depuis", "Alors", "Lors", "Plus", "Si", "Sans", "Son", "Sa",
        "Ses", "Leur", "Leurs", "Nous", "Vous", "Je", "J", "Qui", "Que", "Quand", "Comme",
    )
)  # fmt: skip

#: First parts of French compounds and of inversions; their hyphen stays.
_COMPOUND_HEADS = frozenset(
    (
        "après", "arrière", "au", "aux", "avant", "beau", "belle", "bien", "ci", "celui", "celle", "ceux",
        "celles", "contre", "demi", "elle", "elles", "entre", "eux", "ex", "franco", "grand", "grande",
        "haut", "là", "lui", "même", "mi", "moi", "moitié", "non", "nous", "nouveau", "par", "peut",
        "porte", "pro", "quasi", "quelque", "quelques", "rendez", "sans", "semi", "soi", "sous", "sud",
        "nord", "est", "ouest", "sur", "toi", "tout", "trop", "vice", "vis", "vous", "ultra", "anti",
        "anglo", "israélo", "libano", "russo", "c'est",
    )
)  # fmt: skip

#: Ends of words that are no words themselves: what stands before was broken off them, not joined to them.
_FRAGMENTS = re.compile(
    r"(?:[acpsuié]?tions?|(?:n?i|li|ri)?sations?|(?:ti|si|ri|li|ni|bili)tés?|[tsnlrvdgm]?e?ments?|(?:[lsn]i|[aé])?tiques?|"
    r"tionn[a-zé]{1,5}|tri(?:ces?|elle|el)|teurs|rismes?|ristes?|lismes?|nismes?)$"
)


def unwrap(text: str) -> str:
    """Join the lines of a hard-wrapped paragraph with a space; indentation and quote marks ("> ") between go.

    A line that ends in an elision (``l'``) is joined without a space. A hyphen at a line end is ambiguous:
    ``porte-/parole`` keeps it, ``inter-/national`` should not. It goes only where it is a soft hyphen
    (U+00AD), where the joined word stands elsewhere in ``text``, or where what follows is a mere ending
    (``réalisa-/tion``); in every other case it stays and no space is put in (``inter-national``): a reader
    and the model both cope with one hyphen too many, neither with ``porteparole``. Any line end that
    :meth:`str.splitlines` knows counts.
    """
    lines = text.splitlines()
    if not lines:
        return ""
    joined = [lines[0].strip()]
    for line in lines[1:]:
        content = line[_marks(line) :].strip()
        if content:
            joined.append(content)
    words = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)) if any(s[-1:] in "-‐" for s in joined) else set()
    pieces: list[str] = []
    for before, after in zip(joined, [*joined[1:], ""], strict=True):
        pieces.append(_with_joint(before, after, words) if after else before)
    return "".join(pieces)


def flow(block: Block) -> str:
    """Return the text of ``block`` as one line where it is hard-wrapped, and as it stands where it is not."""
    return unwrap(block.text) if block.wrapped else block.text


def rewrap(text: str, block: Block) -> str:
    """Wrap ``text``, one line, as the hard-wrapped ``block`` was: its width, line ends, indentation and quote marks.

    No line begins with what would make it a list item, heading, rule or quote; such a line is left on the one
    before. :func:`unwrap` gives back ``text`` unless a line ends in a hyphen.
    """
    lines = block.text.splitlines()
    margin = lines[1][: _marks(lines[1])] if len(lines) > 1 else ""
    hung = len(block.prefix.splitlines()[-1]) if block.prefix else 0
    width = max(hung + len(lines[0]), *map(len, lines[1:]), NARROWEST - 5) if len(lines) > 1 else NARROWEST
    newline = block.text[len(lines[0]) :][: 2 if block.text.startswith("\r\n", len(lines[0])) else 1] or "\n"
    wrapped = textwrap.wrap(
        "_" * hung + text, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )
    kept = [wrapped[0][hung:]] if wrapped else []
    for line in wrapped[1:]:
        content = line[len(margin) :]
        if _STRUCTURE.match(content):
            kept[-1] += " " + content
        else:
            kept.append(line)
    return newline.join(kept)


def _marks(line: str) -> int:
    """Return the length of the indentation and quote marks that ``line`` begins with."""
    found = _QUOTE_MARKS.match(line)
    return found.end() if found else 0


def _with_joint(before: str, after: str, words: set[str]) -> str:
    if not before:
        return before
    if before.endswith("\xad"):
        return before[:-1]
    tip = before[-20:]
    if re.search(r"(?:^|\W)(?:[cdjlmnst]|qu|lorsqu|jusqu|puisqu|quoiqu)['’]$", tip, re.IGNORECASE):
        return before
    if re.search(r"[^\W\d_][-‐]$", tip) and re.match(r"[^\W_]", after):
        return before[:-1] if _broken_word(before, after, words) else before
    return before + " "


def _broken_word(before: str, after: str, words: set[str]) -> bool:
    """Tell whether the hyphen at the end of ``before`` only divides a word."""
    head = re.search(r"([^\W\d_]+)[-‐]$", before[-80:])  # longer words would cost quadratic time
    tail = re.match(r"[^\W\d_]+", after)
    if head is None or tail is None or not tail.group().islower():
        return False
    first, second = head.group(1), tail.group()
    if first.lower() in _COMPOUND_HEADS or f"{first}-{second}" in words:
        return False
    if first + second in words:
        return True
    return len(first) > 1 and bool(_FRAGMENTS.match(second))


def paragraphs(lines: Sequence[str], wrapped: str, *, habit: bool = False) -> list[list[int]]:
    """Group the ``lines`` of one run (no blank line, one quote depth, one list item) into paragraphs.

    ``wrapped`` is "yes" (all one paragraph), "no" (each its own) or "auto"; ``habit`` tells that the document
    is hard-wrapped elsewhere. Lines come without their line ends and quote marks. Returns the indices,
    grouped.
    """
    if wrapped == "no" or len(lines) < 2:
        return [[index] for index in range(len(lines))]
    if wrapped == "yes":
        return [list(range(len(lines)))]
    if _verse(lines):
        return [[index] for index in range(len(lines))]
    width = _width(lines)
    certain = width > 0 and (habit or evidence([lines]))
    groups = [[0]]
    for index in range(1, len(lines)):
        if width and _continues(lines, index, width, certain):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


#: Lines from which capitals at the beginning of every one tell verse or a list: of 22,863 paragraphs of French news
#: wrapped at 72 columns, 6 look so.
_STANZA = 4


def _verse(lines: Sequence[str]) -> bool:
    return len(lines) >= _STANZA and all(line.lstrip(' \t\u00a0«“"—–-')[:1].isupper() for line in lines)


def evidence(runs: Sequence[Sequence[str]]) -> bool:
    """Tell whether ``runs`` of lines are hard-wrapped: lines are filled, and end in the middle of sentences.

    In French prose some four of five line ends fall inside a sentence and before a small letter; two of five
    suffice.
    """
    full = broken = 0
    for lines in runs:
        width = _width(lines)
        for before, after in pairwise(lines):
            if width and _filled(before, after, width):
                full += 1
                broken += _mid_sentence(before, after)
    return broken > 0 and broken >= 0.4 * full


def _width(lines: Sequence[str]) -> int:
    """Return the width the lines were wrapped to, or 0 where they were not."""
    if len(lines) < 2:
        return 0
    lengths = [len(line.rstrip()) for line in lines]
    width = max(lengths)
    if not NARROWEST <= width <= WIDEST:
        return 0
    # A lone long line among short ones is no wrapped paragraph.
    return width if len(lines) < 4 or median(lengths) >= 0.5 * width else 0


def _filled(before: str, after: str, width: int) -> bool:
    """Tell whether the first word of ``after`` would not have fitted on the line ``before``."""
    words = after.split(None, 1)
    return bool(words) and len(before.rstrip()) + 1 + len(words[0]) > width - _SLACK


def _mid_sentence(before: str, after: str) -> bool:
    start = after.lstrip()
    return not _SENTENCE_END.search(before) and (
        start[:1].islower() or start[:1].isdigit() or before.rstrip()[-1:] in "-,’'"
    )


def _continues(lines: Sequence[str], index: int, width: int, certain: bool) -> bool:
    """Tell whether line ``index`` goes on with the paragraph of the line before it."""
    before, after = lines[index - 1], lines[index]
    if not _filled(before, after, width):
        return False
    if _mid_sentence(before, after):
        return True
    if not certain or _LABEL.match(after.lstrip()):
        return False
    ended = bool(_SENTENCE_END.search(before))
    if ended and _indent(after) >= _indent(before) + 2:  # the first line of a paragraph set in
        return False
    # A headline fills its line by chance, has no stop, and a capital follows.
    opener = re.match(r"[^\W\d_]+", after.lstrip())
    title = index == 1 or _LABEL.match(before.lstrip()) is not None
    return ended or not (title and opener is not None and opener.group() in _OPENERS)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
