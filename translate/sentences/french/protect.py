"""What must not be translated, taken out of a sentence before the model and put back after it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from translate.document import Link
from translate.markup.marks import Marks, Pair, find_marks, glue
from translate.sentences.french.holding import Hold
from translate.sentences.french.placement import Range, Span, place
from translate.sentences.french.rewording import Rewording

#: Top-level domains of bare names like ``lemonde.fr``; the ones French news writes without ``www.``.
_DOMAINS = "fr|com|org|net|eu|be|ch|ca|info|io|gouv|uk|de|it|es|us|tv|int|edu|gov|lu|ma|dz|tn|sn|ci"
_FILES = (
    "pdf|docx?|xlsx?|pptx?|od[tps]|csv|tsv|txt|md|rst|rtf|html?|xml|json|ya?ml|toml|ini|cfg|conf|log|py|js|ts|c|h|"
    "cpp|rs|go|java|rb|sh|bat|exe|dmg|iso|zip|gz|bz2|xz|tar|7z|rar|jpe?g|png|gif|svg|webp|mp[34]|wav|avi|mov|epub|srt"
)

#: Letters of other scripts than the Latin one (Greek to Chinese, no emoji): no French vocabulary holds them, and a
#: model that is asked for them makes English up.
FOREIGN = (
    "[\u0370-\u1cff\u1f00-\u1fff\u2e80-\ua6ff\ua800-\uab2f\uabc0-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc"
    "\uff66-\uffdc\U00010000-\U0001efff\U00020000-\U0003ffff]"
)
_NUMBER = r"\d{1,15}(?:[.,]\d{1,15})?"

# Repetitions are bounded (64 and 63: the limits of RFC 5321 and RFC 1035): no text may be slow to search.
_ATOM = re.compile(
    rf"""
      (?P<url>   (?:https?|ftps?)://[^\s<>"«»“”`\[\]{{}}|\\^]+ | \bwww\.[^\s<>"«»“”`\[\]{{}}|\\^]+ )
    | (?P<mail>  (?<![\w.+-])(?:mailto:)?[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}} )
    | (?P<domain>(?<![\w.@/-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,8}}(?:{_DOMAINS})\b(?!\.\w)
                 (?:/[\w./?=&%+\#~-]*[\w/])? )
    | (?P<handle>(?<![\w@/.])@\w[\w.]*(?:@[\w-]+(?:\.[\w-]+)+)?(?<!\.) )
    | (?P<tag>   (?<![\w&/\#])\#\w*[^\W\d_]\w* )
    | (?P<win>   (?<!\w)[A-Za-z]:\\[^\s<>"«»“”`|?*]*[\w\\] )
    | (?P<path>  (?<![\w/.~<])(?:(?:~|\.{{1,2}})/(?:[\w.-]+/)*[\w.-]*\w/? | /(?:[\w.-]+/)+(?:[\w.-]*\w)? ) )
    | (?P<file>  (?<![\w/.@-])(?:[\w.-]{{1,99}}/){{0,20}}[\w-][\w.-]{{0,199}}\.(?:{_FILES})\b(?![\w/]) )
    | (?P<name>  (?<![\w*])(?:\w*[^\W_]_\w*[^\W_]\w*|[^\W\d]\w*(?:\.\w+){{0,8}}\(\))(?!\w) )
    | (?P<code>  (?<![\w./-])(?=[A-Z0-9./-]*[A-Z])(?=[A-Z0-9./-]*\d)(?!\d+[HJ]/)
                 (?:[A-Z0-9]+(?:[.-][A-Z0-9]+)*(?:/[A-Z0-9]+(?:[.-][A-Z0-9]+)*)+|[A-Z0-9]+(?:[.-][A-Z0-9]+){{2,}})
                 (?![\w/]) )
    | (?P<phone> (?<![\w+.,])(?:\+\d{{1,3}}[ .\xa0\u202f-]?(?:\(0\)[ .\xa0\u202f]?)?\d{{1,3}}
                 (?:[ .\xa0\u202f-]?\d{{2,4}}){{2,5}}|0\d(?:[ .\xa0\u202f-]\d\d){{4}})(?!\d|,\d) )
    | (?P<iban>  (?<!\w)[A-Z]{{2}}\d\d(?:[ \xa0]?[A-Z0-9]{{4}}){{3,7}}(?:[ \xa0]?[A-Z0-9]{{1,3}})?(?!\w) )
    | (?P<sum>   (?<![\w.,]){_NUMBER}(?:\s?[×÷^<>≤≥≈±]\s?{_NUMBER}){{1,9}}(?!\w) )
    | (?P<script>{FOREIGN}+(?:[^\w<>«»“”"]*(?:\d+[^\w<>«»“”"]*)?{FOREIGN}+)* )
    """,
    re.VERBOSE,
)
#: Emoji, arrows, dingbats and shapes (2190-21FF, 2300-23FF, 2500-27BF, 2B00-2BFF, 1F000-1FAFF) with their
#: joiners and variation selectors, (c) (r) (tm), signs like ~ before a word, and notes like [1]: no vocabulary
#: holds them all.
_POINT = re.compile(
    r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff©®™]"
    r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff©®™\ufe0f\u200d\u20e3]*"
    r"|(?<!\])\[\d{1,3}\](?![(\[:])|(?<![\w~])[~≈±≤≥†‡¶](?!~)(?=\s?\w)"
)
#: HTML in what calls itself plain text: tags and comments.
_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|br|center|cite|code|del|div|em|figcaption|figure|font|footer|h[1-6]|header|"
    r"hr|i|iframe|img|ins|li|ol|p|pre|q|s|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul|video)"
    r"(?=[\s/>])[^<>]{0,2000}>|<!--[^<>]{0,2000}-->",
    re.IGNORECASE,
)
#: Of 25 forms tried on 14 sentences with a half-trained model, a capital and a digit came through best: Z1 12
#: times, X1 and F1 11, A1 and X7 10, T1 9, against (1) 3, [1] 2, URL1 0, XXX1 0.
_LETTERS = "ZXFATKV"


@dataclass(frozen=True)
class Holder:
    """A placeholder, where it stands in the plain text, and ``raw[start:end]``, for which it stands."""

    placeholder: str
    original: str
    start: int
    end: int
    at: int = 0

    @property
    def range(self) -> Range:
        """The characters of the plain text that are the placeholder."""
        return self.at, self.at + len(self.placeholder)


@dataclass(frozen=True)
class Spelt:
    """Text at ``start`` of the plain text that was ``written`` as an escape or a character reference."""

    start: int
    shown: str
    written: str


@dataclass(frozen=True)
class Protected:
    """A sentence ready for a model: ``plain``, and all that :func:`restore` needs to make it whole again.

    ``plain`` has a placeholder for each thing to be kept, and no inline markup; ``spans`` are ranges of it.
    ``unreworded`` is ``plain`` with no rewordings but those that the checks read too.
    """

    raw: str
    plain: str
    markup: bool = False
    holders: tuple[Holder, ...] = ()
    spans: tuple[Span, ...] = ()
    spelt: tuple[Spelt, ...] = ()
    reworded: tuple[Rewording, ...] = ()
    unreworded: str = ""

    @property
    def translatable(self) -> bool:
        """Whether anything but placeholders, numbers and symbols is left to translate."""
        bare = self.plain
        for holder in self.holders:
            bare = bare.replace(holder.placeholder, " ")
        return not is_symbols(bare)


def is_symbols(text: str) -> bool:
    """Tell whether ``text`` has no letter: for numbers, symbols and emoji a model would invent text."""
    return not any(character.isalpha() for character in text)


def protect(text: str, *, markup: bool, held: tuple[Hold, ...] = (), reworded: tuple[Rewording, ...] = ()) -> Protected:
    """Take out of a sentence what must not be translated, and, with ``markup``, its inline Markdown.

    ``held`` are stretches to take out as well, and what is to stand there in the end; ``reworded`` are others
    that the model is to read otherwise, left out where they meet what is taken out.

    URLs, e-mail addresses, handles, hashtags, file names and paths, code spans, identifiers, product codes,
    telephone and account numbers and words in other scripts become placeholders; emoji, note marks, and HTML tags
    in plain text are lifted out like markup. Numbers stay. Markers whose partner
    stands in another sentence are kept as points.
    """
    return _protect(text, markup=markup, shield=True, held=held, reworded=reworded)


def _protect(
    text: str,
    *,
    markup: bool,
    shield: bool,
    held: tuple[Hold, ...] = (),
    reworded: tuple[Rewording, ...] = (),
) -> Protected:
    tags = () if markup or "<" not in text else tuple(match.span() for match in _TAG.finditer(text))
    atoms = tuple(a for a in (_atoms(text) if shield else ()) if not _overlaps(a, tags))
    apart = [h for h in held if not any(start < h.end and h.start < end for start, end in atoms)]
    shown = {(h.start, h.end): h.shown for h in apart}
    atoms = tuple(sorted((*atoms, *shown)))
    found = (match.span() for match in _POINT.finditer(text))
    points = tuple(sorted((*tags, *(p for p in found if not _overlaps(p, (*atoms, *tags))))))
    if markup:
        marks = find_marks(text, atoms, points)
    else:
        marks = Marks(tuple(Pair(a, b, b, b, glue(text, a)) for a, b in points), atoms)
    holders = _holders(text, marks.atoms, shown) if shield else ()
    cuts = sorted(
        [
            *((h.start, h.end, h.placeholder) for h in holders),
            *((s.start, s.end, s.shown) for s in marks.spellings),
            *((p.start, p.inner_start, _shown(text[p.start : p.inner_start])) for p in marks.pairs),
            *((p.inner_end, p.end, "") for p in marks.pairs if p.inner_end < p.end),
        ]
    )
    taken = tuple((start, end) for start, end, _ in cuts)
    reworded = _apart(reworded, taken)
    same = [(one.start, one.end, one.text) for one in reworded if one.checked]
    unreworded = _cut(text, sorted([*cuts, *same]))[0] if reworded else ""
    plain, moved = _cut(text, sorted([*cuts, *((one.start, one.end, one.text) for one in reworded)]))
    spans = _spans(text, marks.pairs, moved)
    holders = tuple(replace(holder, at=moved[holder.start][0]) for holder in holders)
    spelt = tuple(Spelt(moved[s.start][0], s.shown, text[s.start : s.end]) for s in marks.spellings)
    return Protected(text, plain, markup, holders, spans, spelt, reworded, unreworded or plain)


def _apart(reworded: Iterable[Rewording], taken: tuple[Range, ...]) -> tuple[Rewording, ...]:
    """Return the rewordings, in order, that meet nothing that is taken out and no longer rewording."""
    kept: list[Rewording] = []
    for one in sorted(reworded, key=lambda one: (one.start - one.end, one.start)):
        if not _overlaps((one.start, one.end), (*taken, *((other.start, other.end) for other in kept))):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _overlaps(own: Range, others: Iterable[Range]) -> bool:
    return any(start < own[1] and own[0] < end for start, end in others)


def _shown(opening: str) -> str:
    """Return what a marker leaves in the plain text: nothing, but a space for a hard line break."""
    return " " if "\n" in opening and not opening.strip("\\ \t\n") else ""


def _atoms(text: str) -> Iterator[Range]:
    """Find what is to be kept to the letter; sentence punctuation after a URL is not part of it."""
    for match in _ATOM.finditer(text):
        start, end = match.span()
        if match.lastgroup == "url":
            url = match.group()
            while url and (url[-1] in ".,;:!?…'’*_~" or (url[-1] == ")" and url.count(")") > url.count("("))):
                url = url[:-1]
            end = start + len(url)
        if end > start:
            yield start, end


def _holders(text: str, atoms: tuple[Range, ...], shown: Mapping[Range, str]) -> tuple[Holder, ...]:
    """Give each atom a placeholder that the text does not hold."""
    lower = text.lower()
    names = (f"{letter}{digit}" for letter in _LETTERS for digit in range(1, 10))
    more = (f"{_LETTERS[0]}{number}" for number in itertools.count(10))
    free = (name for name in itertools.chain(names, more) if name.lower() not in lower)
    return tuple(
        Holder(next(free), shown.get((start, end), text[start:end]), start, end) for start, end in sorted(atoms)
    )


def _cut(text: str, cuts: list[tuple[int, int, str]]) -> tuple[str, dict[int, Range]]:
    """Replace each cut by what it shows; return the text and where each cut begins and ends in it."""
    pieces: list[str] = []
    moved: dict[int, Range] = {}
    at = length = 0
    for start, end, shown in cuts:
        pieces += [text[at:start], shown]
        length += start - at
        moved[start] = (length, length + len(shown))
        length += len(shown)
        at = end
    return "".join([*pieces, text[at:]]), moved


def _spans(text: str, pairs: tuple[Pair, ...], moved: dict[int, Range]) -> tuple[Span, ...]:
    spans: list[Span] = []
    open_pairs: list[int] = []
    for index, pair in enumerate(pairs):
        while open_pairs and pairs[open_pairs[-1]].inner_end <= pair.start:
            open_pairs.pop()
        parent = open_pairs[-1] if open_pairs else -1
        start = moved[pair.start][1]
        end = moved[pair.inner_end][0] if pair.inner_end < pair.end else start
        opening, closing = text[pair.start : pair.inner_start], text[pair.inner_end : pair.end]
        spans.append(Span(start, end, opening, closing, parent, pair.glue))
        if pair.inner_end < pair.end:
            open_pairs.append(index)
    return tuple(spans)


def restore(protected: Protected, target: str, links: tuple[Link, ...]) -> str | None:
    """Return ``target``, the translation of ``protected.plain``, with originals and markup back in place.

    ``links`` tie characters of ``plain`` to characters of ``target``; without them names, numbers and
    relative position decide. Returns None where a placeholder did not come through exactly once: see
    :func:`pieces`.
    """
    exact = target == protected.plain
    if exact:
        kept: list[tuple[int, int, str]] | None = [(*h.range, h.original) for h in protected.holders]
    else:
        kept = _kept(protected, target)
    if kept is None:
        return None
    if exact:
        ranges = tuple((span.start, span.end) for span in protected.spans)
        spelt = [(s.start, s.start + len(s.shown), s.written) for s in protected.spelt]
    else:
        ranges = place(protected.spans, protected.plain, target, (*links, *_holder_links(protected, kept)))
        spelt = _respell(protected, target, [(start, end) for start, end, _ in kept])
    return _Rendering(protected, target, exact, ranges, tuple(sorted([*kept, *spelt]))).text()


def _kept(protected: Protected, target: str) -> list[tuple[int, int, str]] | None:
    """Find each placeholder once in ``target``, and no other of their kind."""
    found: list[tuple[int, int, str]] = []
    for holder in protected.holders:
        matches = list(re.finditer(rf"(?<!\w){holder.placeholder}(?!\w)", target, re.IGNORECASE))
        if len(matches) != 1:
            return None
        found.append((*matches[0].span(), holder.original))
    known = {holder.placeholder.lower() for holder in protected.holders}
    letters = "".join(sorted({holder.placeholder[0] for holder in protected.holders}))
    alike = re.findall(rf"(?<!\w)[{letters}]\d+(?!\w)", target) if letters else []
    if any(name.lower() not in known and name not in protected.plain for name in alike):
        return None
    return found


def _holder_links(protected: Protected, kept: list[tuple[int, int, str]]) -> Iterator[Link]:
    for holder, (start, end, _) in zip(protected.holders, kept, strict=True):
        yield Link(*holder.range, start, end)


def _respell(protected: Protected, target: str, barred: list[Range]) -> list[tuple[int, int, str]]:
    """Write escaped characters of the source escaped in the target.

    Where both texts hold a character as often, the same ones are escaped; otherwise all are: a needless
    escape shows nowhere, a missing one turns text into markup.
    """
    found: list[tuple[int, int, str]] = []
    for shown in {s.shown for s in protected.spelt}:
        ours = [m.start() for m in re.finditer(re.escape(shown), protected.plain)]
        theirs = [m.span() for m in re.finditer(re.escape(shown), target)]
        written = {s.start: s.written for s in protected.spelt if s.shown == shown}
        usual = next(iter(written.values()))
        for index, (start, end) in enumerate(theirs):
            own = written.get(ours[index], "") if len(ours) == len(theirs) else usual
            if own and not shown.isspace() and not any(a < end and start < b for a, b in barred):
                found.append((start, end, own))
    return found


@dataclass(frozen=True)
class _Rendering:
    """Everything that goes into a target text, and where."""

    protected: Protected
    target: str
    exact: bool
    ranges: tuple[Range, ...]
    substitutions: tuple[tuple[int, int, str], ...]

    def text(self) -> str:
        """Return the target with substitutions made and markers set."""
        pieces: list[str] = []
        self._fill(pieces, -1, 0, len(self.target))
        return "".join(pieces)

    def _fill(self, pieces: list[str], parent: int, start: int, end: int) -> None:
        children = [i for i, span in enumerate(self.protected.spans) if span.parent == parent]
        at = start
        for index in sorted(children, key=lambda i: (*self.ranges[i], i)):
            first, last = self.ranges[index]
            self._copy(pieces, at, first)
            at = self._point(pieces, index, last) if not self._closing(index) else self._pair(pieces, index)
        self._copy(pieces, at, end)

    def _closing(self, index: int) -> str:
        return self.protected.spans[index].closing

    def _pair(self, pieces: list[str], index: int) -> int:
        span, (first, last) = self.protected.spans[index], self.ranges[index]
        pieces.append(span.opening)
        self._fill(pieces, index, first, last)
        pieces.append(span.closing)
        return last

    def _point(self, pieces: list[str], index: int, at: int) -> int:
        """Set a marker without text, with the spaces around it that the source had; return where to go on."""
        span, plain = self.protected.spans[index], self.protected.plain
        if _shown(span.opening):  # a hard line break stands in the place of one space
            if pieces and pieces[-1].endswith(" "):
                pieces[-1] = pieces[-1][:-1]
            elif self.target.startswith(" ", at):
                at += 1
            pieces.append(span.opening)
            return at
        if not self.exact:
            before = plain[: span.start][-1:].isspace()
            after = plain[span.start :][:1].isspace()
            so_far = next((piece[-1] for piece in reversed(pieces) if piece), "")
            lead = " " if before and so_far and not so_far.isspace() else ""
            trail = " " if after and at < len(self.target) and not self.target[at].isspace() else ""
            pieces.append(lead + span.opening + trail)
        else:
            pieces.append(span.opening)
        return at

    def _copy(self, pieces: list[str], start: int, end: int) -> None:
        for first, last, written in self.substitutions:
            if start <= first and last <= end and first < last:
                pieces += [self.target[start:first], written]
                start = last
        pieces.append(self.target[start:end])


def pieces(protected: Protected) -> tuple[Protected | str, ...]:
    """Cut a sentence at its placeholders, for a model that does not copy them.

    Strings are to be kept as they are; each :class:`Protected` holds no placeholder, is to be translated on
    its own and restored (which then always succeeds); all, joined in order, are the sentence.
    """
    found: list[Protected | str] = []
    at = 0
    for holder in protected.holders:
        found += [*_stretch(protected.raw[at : holder.start], protected.markup), holder.original]
        at = holder.end
    found += _stretch(protected.raw[at:], protected.markup)
    return tuple(piece for piece in found if piece)


def _stretch(raw: str, markup: bool) -> Iterator[Protected | str]:
    core = raw.strip()
    if not core:
        yield raw
        return
    start = raw.index(core)
    inner = _protect(core, markup=markup, shield=False)
    yield from (raw[:start], inner if inner.translatable else core, raw[start + len(core) :])
