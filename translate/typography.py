"""French typography made plain for the model, and its English dressed as English is printed."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from translate.document import Link
from translate.markup.masking import Masked

#: Characters that show nothing: soft hyphens, joiners, marks of direction, and controls but for white space.
_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
    + [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_APOSTROPHES = re.compile("[’‘ʼ`´]")
#: Here and below a run of spaces is entered at its beginning only: from each of them it would be walked in vain.
#: Inclusive writing, which English does not know: « étudiant·e·s », « directeur·rice », « élu.e.s ».
_FEMININE = r"(?:[flnrst]{0,2}e|[tr]?rice|euse|ive|ère|ière|aine|ienne|onne|esse|x)"
_INCLUSIVE = re.compile(rf"(?<=[^\W\d_]{{2}})(?:·{_FEMININE}·?s|\.e\.s|\.e·s|·s)(?!\w)")
_INCLUSIVE_ONE = re.compile(rf"(?<=[^\W\d_]{{2}})·(?!s(?!\w)){_FEMININE}(?![\w·])")
_FRENCH_QUOTES = re.compile(r"[«“„]\s*|(?:(?<!\s)\s+)?[»”]")


def normalise(text: str) -> str:
    """Return ``text`` with the typography that the bundled model was trained on.

    Invisible characters go, and so do the feminine endings of inclusive writing; no-break and thin spaces become
    spaces, every apostrophe ``'``, every double quotation mark ``"`` (the space inside it dropped), ``…`` three
    dots, ``—`` an en dash; runs of white space become one space.
    Training used this very function: a change here makes the bundled model read what it never saw.
    """
    text = text.translate(_INVISIBLE).translate(_SPACES)
    text = _APOSTROPHES.sub("'", text)
    text = _FRENCH_QUOTES.sub('"', text)
    text = text.replace("''", '"').replace("…", "...").replace("—", "–")
    if "·" in text or ".e" in text:
        text = _INCLUSIVE.sub("s", _INCLUSIVE_ONE.sub("", text))
    return re.sub(r"\s+", " ", text).strip()


def english(text: str, source: str, *, quotes: str = "curly") -> str:
    """Return ``text``, a translation of the French ``source``, with the typography of printed English.

    ``quotes`` is ``curly`` or ``straight``. Numbers change their separators only where ``source`` shows the
    same number; the initial capital and the final stop follow ``source``; URLs, addresses and code spans stay
    as they are. Only punctuation, spaces, separators and the case of the first letter ever change.
    """
    source = source.translate(_SPACES)
    masked = Masked.of(text.translate(_SPACES).strip())
    dressed = _edges(masked.text, source)
    dressed = _currencies(_numbers(_spacing(dressed), source))
    if "…" in source:
        dressed = re.sub(r"(?<!\.)\.\.\.(?!\.)", "…", dressed)
    dressed = _double_quotes(dressed, source, curly=quotes == "curly")
    dressed = _apostrophes(dressed, curly=quotes == "curly")
    return masked.restored(dressed)


def relink(links: tuple[Link, ...], before: str, after: str) -> tuple[Link, ...]:
    """Return ``links`` into ``before`` moved onto ``after``, the same text with other typography.

    Characters that ``after`` lacks move to where they stood; links left without characters are dropped.
    """
    if before == after or not links:
        return links
    moved = _positions(before, after)
    shifted = (
        Link(link.source_start, link.source_end, moved[link.target_start], moved[link.target_end])
        for link in links
        if 0 <= link.target_start <= link.target_end <= len(before)
    )
    return tuple(link for link in shifted if link.target_start < link.target_end)


#: Pairs of like characters, and of like marks, beyond which texts are not compared. A sentence of 4,000 characters has
#: a million, 50,000 of marks at most, and takes 0.5 s; 500 backticks against 1,000 take 6 s, twice as many a minute.
_MOST_PAIRS, _MOST_MARKS = 4_000_000, 50_000
#: Characters of which a text that says the same again and again has eight times as many as stretches of eight that
#: differ: 1,000 of « x. » take 5 s.
_REPETITIVE = 400


def _positions(before: str, after: str) -> list[int]:
    """Map each position of ``before``, its end included, to one of ``after``."""
    crowded = _pairs(before, after) > _MOST_PAIRS or _pairs(_marks_of(before), _marks_of(after)) > _MOST_MARKS
    if crowded or _is_repetitive(before):
        return _stretched(before, after)
    moved = [0] * (len(before) + 1)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for _, b0, b1, a0, a1 in matcher.get_opcodes():
        for position in range(b0, b1):
            moved[position] = min(a0 + position - b0, a1)
    moved[len(before)] = len(after)
    return moved


def _marks_of(text: str) -> str:
    return re.sub(r"[^\W_]|\s", "", text)


def _is_repetitive(text: str) -> bool:
    return len(text) > _REPETITIVE and 8 * len({text[at : at + 8] for at in range(len(text))}) < len(text)


def _pairs(before: str, after: str) -> int:
    """Count the pairs of like characters: what a comparison costs, at the least."""
    ours, theirs = Counter(before), Counter(after)
    return sum(count * theirs[character] for character, count in ours.items())


def _alike(before: str, after: str) -> int:
    """Count the characters that both texts begin with."""
    different = (n for n, (ours, theirs) in enumerate(zip(before, after, strict=False)) if ours != theirs)
    return next(different, min(len(before), len(after)))


def _stretched(before: str, after: str) -> list[int]:
    """Map positions as :func:`_positions` does, those between the like ends of the texts in proportion."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    ours, theirs = len(before) - head - tail, len(after) - head - tail
    amid = [head + position * theirs // ours for position in range(ours)]
    return [*range(head), *amid, *range(len(after) - tail, len(after) + 1)]


# ---------------------------------------------------------------- spaces

_BEFORE = re.compile(r"(?<! ) +(?=[?!;,.…]+(?![\w.]))|(?<![\d ]) +(?=:(?!\S))|(?<=\d) +(?=:(?!\S| \d))|(?<=\d) +(?=%)")
_BRACKETS = re.compile(r"(?<=[(\[]) +|(?<! ) +(?=[)\]])")


def _spacing(text: str) -> str:
    """Drop the spaces that French sets before marks and English does not."""
    return _BRACKETS.sub("", _BEFORE.sub("", text))


# ---------------------------------------------------------------- numbers

_GROUPED = re.compile(r"(?<![\w.,:])(?<!\d )([1-9]\d{0,2})((?:[ .]\d{3})+)(,\d+)?(?![.,]?\d| \d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<![\w.,:])(?<!\d )(\d+),(\d+)(?![.,]?\d)")
_VERSION = re.compile(r"\b(?:version|v\.?) $", re.IGNORECASE)


def _numbers(text: str, source: str) -> str:
    """Write the numbers of ``source`` that stand in ``text`` with English separators: 1,200,000 and 3.5."""
    for match in _GROUPED.finditer(source):
        first, rest, decimals = match.group(1), match.group(2), match.group(3) or ""
        separators = set(rest) - set("0123456789")
        one_dot = separators == {"."} and len(rest) == 4
        if len(separators) > 1 or (one_dot and _VERSION.search(source[: match.start()])):
            continue
        groups = [first, *re.findall(r"\d{3}", rest)]
        text = _rewrite(text, groups, "[ .,]", decimals[1:], ",".join(groups) + decimals.replace(",", "."))
    for match in _DECIMAL.finditer(source):
        whole, part = match.groups()
        text = _rewrite(text, [whole], "", part, f"{whole}.{part}")
    return text


def _rewrite(text: str, groups: list[str], separator: str, decimals: str, written: str) -> str:
    """Replace the number made of ``groups`` and ``decimals`` by ``written`` where it stands alone."""
    number = separator.join(groups) + (f"[.,]{decimals}" if decimals else "")
    return re.sub(rf"(?<![\w.,]){number}(?![.,]?\d)", written, text)


_CURRENCY = re.compile(r"(?<![\w.,€$£])(\d[\d.,]*\d|\d) ?(?:(M|Md|k) ?)?([€$£])(?!\w)")
_SHORT_SCALES = {"M": "m", "Md": "bn", "k": "k"}


def _currencies(text: str) -> str:
    """Set the signs of currencies before their numbers: 12,000 € is €12,000, and 1.2 Md€ is €1.2bn."""
    return _CURRENCY.sub(lambda m: f"{m[3]}{m[1]}{_SHORT_SCALES.get(m[2] or '', '')}", text)


# ---------------------------------------------------------------- first letter and final stop

#: « – Oui, dit-il » amid a paragraph; where it begins one, the dash is layout.
_TURN = re.compile(r"[–—-] (?=\w)")
_TAIL = "\\s\"'»”’)\\]*_~"
_BACKWARDS = re.compile(rf"[{_TAIL}]*")
#: English abbreviations that end in a full stop of their own; a headline may end in one.
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Za-z]\.)*[A-Za-z]|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|St|etc|No|vs|Bros|al))$")

#: English lists end their last item but one in "; and", where French has only the semicolon.
_CONJUNCTION = re.compile(r"\b(?:and|or)$")


def _edges(text: str, source: str) -> str:
    """Give ``text`` the dash of a turn of speech, the initial capital and the final stop of ``source``."""
    if not text or not source.strip():
        return text
    dash = _TURN.match(source)
    if dash and text[0].isalnum():
        text = dash.group() + text
    return _final_stop(_capital(text, source), source)


def _capital(text: str, source: str) -> str:
    first = re.search(r"\w", source)
    opening = re.match(r"[^\w\U000f0000-\U000fffff]*(\w[\w-]*)", text)
    if not (first and first.group().isupper() and opening):
        return text
    word = opening.group(1)
    if not word[0].islower() or any(c.isupper() for c in word):  # iPhone, eBay
        return text
    at = opening.start(1)
    return text[:at] + text[at].upper() + text[at + 1 :]


def _final_stop(text: str, source: str) -> str:
    wanted, source_tail = _parts(source)
    found, tail = _parts(text)
    body = text[: len(text) - len(found) - len(tail)].rstrip()
    if not body:
        return text
    if found == ".":
        if wanted in ("?", ":"):
            return body + wanted + tail
        if not wanted and not _ABBREVIATED.search(body):
            return body + tail
    if found or not wanted or (wanted in ",;" and _CONJUNCTION.search(body)):
        return text
    inside = bool(tail.strip()) and bool(source_tail.strip())
    stop = "..." if wanted == "…" else wanted
    return body + stop + tail if inside else text + stop


def _parts(text: str) -> tuple[str, str]:
    """Return the final stop of ``text`` (``""`` for none) and the quotes and brackets after it."""
    tail = len(_BACKWARDS.match(text[::-1]).group())  # type: ignore[union-attr]
    head = text[: len(text) - tail]
    stop = "..." if head.endswith("...") else head[-1:] if head.endswith(tuple(".?!…:;,")) else ""
    return stop, text[len(head) :]


# ---------------------------------------------------------------- quotation marks

_ANY_DOUBLE = re.compile(r"«\s*|[“„]|(?:(?<!\s)\s+)?»|”|''|\"")
_CLOSES_ITSELF = re.compile(r"[»”]")


def _double_quotes(text: str, source: str, *, curly: bool) -> str:
    """Turn every double quotation mark the right way; inside an open quotation, single ones.

    A mark opens or closes by its neighbours; where these do not tell, by what is open, and for the first one
    by the first mark of ``source``: quotations run on over several sentences.
    """
    marks = _marks(text, source)
    pieces: list[str] = []
    depth, at = 0, 0
    nested = _nested(marks)
    for mark in marks:
        before, at = text[at : mark.start], mark.end
        if mark.side == "open":
            depth += 1
            at += len(text[at:]) - len(text[at:].lstrip(" "))
        elif mark.side == "close":
            before = before.rstrip(" ")
        pieces += [before, _glyph(mark.side, depth > 1 and nested, curly)]
        if mark.side == "close":
            depth = max(0, depth - 1)
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    side: str


def _glyph(side: str, nested: bool, curly: bool) -> str:
    if not curly or side == "none":
        return "'" if nested else '"'
    if nested:
        return "‘" if side == "open" else "\u2019"
    return "“" if side == "open" else "”"


def _nested(marks: list[_Mark]) -> bool:
    """Tell whether quotations inside quotations are closed in order; if not, all marks stay double."""
    depth = 0
    for mark in marks:
        depth += {"open": 1, "close": -1}.get(mark.side, 0)
        if not 0 <= depth <= 2:
            return False
    return depth == 0


def _marks(text: str, source: str) -> list[_Mark]:
    source_mark = _ANY_DOUBLE.search(source)
    depth = 0
    marks: list[_Mark] = []
    for match in _ANY_DOUBLE.finditer(text):
        side = _side(text, match)
        if not side and not marks and source_mark:
            side = "close" if _CLOSES_ITSELF.search(source_mark.group()) else "open"
        if not side:
            side = "close" if depth else "open"
        digit_before = text[: match.start()][-1:].isdigit()
        if side == "close" and digit_before and not depth and not source_mark:
            side = "none"  # inches, seconds
        depth = max(0, depth + {"open": 1, "close": -1}.get(side, 0))
        marks.append(_Mark(match.start(), match.end(), side))
    return marks


def _side(text: str, match: re.Match[str]) -> str:
    """Tell from the characters around whether a mark opens or closes; ``""`` where they do not say."""
    mark = match.group().strip()
    if mark in ("«", "“", "„"):
        return "open"
    if mark in ("»", "”"):
        return "close"
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    open_left = not before or before in " ([{–—/\"'“‘«*_"
    open_right = not after or after in " )]}.,;:!?…–—/\"'”’»*_"
    if open_left == open_right:
        return ""
    return "open" if open_left else "close"


# ---------------------------------------------------------------- apostrophes and single quotation marks

#: Words that English writes with a leading apostrophe.
_CLIPPED = r"\d\ds?\b|(?:tis|twas|em|til|cause|n)\b"
_SINGLE_OPENS = re.compile(rf"(?<![^\s(\[“\"–—/*_])'(?=[^\W_])(?!{_CLIPPED})")
_SINGLE_CLOSES = re.compile(r"(?<=[\w.,!?…])'(?!\w)")


def _apostrophes(text: str, *, curly: bool) -> str:
    """Write apostrophes and single quotation marks: ``’`` and ``‘ ’``, or ``'`` for both."""
    if not curly:
        return _APOSTROPHES.sub(lambda match: match.group() if match.group() == "`" else "'", text)
    text = re.sub("[ʼ´]", "'", text)
    closes = [match.start() for match in _SINGLE_CLOSES.finditer(text)]
    opens = {m.start() for m in _SINGLE_OPENS.finditer(text) if closes and closes[-1] > m.start()}
    return "".join("‘" if i in opens else "’" if c == "'" else c for i, c in enumerate(text))
