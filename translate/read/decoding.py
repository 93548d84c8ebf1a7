"""Bytes to text and back: the only place of fr2en that decodes or encodes a document."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass

from translate.document import Meta
from translate.errors import InputError

#: Byte order marks, the longer ones first: UTF-32-LE begins like UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: How files that are no text begin, and what they are.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (DOCX, ODT and EPUB are such)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"RIFF", "a sound, image or video"),
    (b"ID3", "a sound"),
    (b"{\\rtf", "an RTF document"),
)

#: The encodings of one byte a character that French texts were saved in: Windows, Unix, old Macs, DOS.
_FRENCH = ("cp1252", "iso8859_15", "mac_roman", "cp850")

#: What a French text holds beyond ASCII; the accented letters of its neighbours count for half.
_EXPECTED = frozenset("àâäçèéêëîïôöùûüÿæœÀÂÇÈÉÊËÎÏÔÙÛÜÆŒ«»’‘“”…–—€°·\xa0•§©®º²³½")
_NEIGHBOURS = frozenset("áãåíìñóòõøúßÁÄÅÑÓÖØÚ¿¡ª£±×µ¼¾\xad")

_PROMISED = frozenset(codecs.lookup(name).name for name in (*_FRENCH, "latin-1"))

#: Letters and marks of French in UTF-8, of several bytes. In an encoding of one byte they would be « Ã© », « Å“ »,
#: « â€™ », in no French word; É and a no-break space or », which are UTF-8 of other letters, are not among them.
_WIDE = re.compile(b"|".join(re.escape(char.encode()) for char in sorted(_EXPECTED)))

#: In iso8859_15 these bytes are € Œ œ; a Windows text has hardly ever a ¤, or a fraction inside a word.
_LATIN9 = re.compile("¤|(?<![0-9 ])[½¼](?=[a-z])|[½¼](?=uv|il|de)")

_ASCII = bytes(range(128))
#: Bytes looked at on each side of the first that is no UTF-8: enough to tell damage from another encoding.
_WINDOW = 20_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_ASCII = dict.fromkeys(range(128))
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f") + b"\x7f"

_SAVE_AS_TEXT = "Give a text or Markdown file: open it where it was made and save or copy it as plain text."
_NAME_ENCODING = "If it is text, name its encoding, e.g. --encoding cp1252 or --encoding utf-8."


@dataclass(frozen=True)
class _Guess:
    """An encoding and the length of the mark before the text; ``known`` when the file or the user says so."""

    encoding: str
    mark: int = 0
    known: bool = False


def decode(data: bytes, *, source: str = "<bytes>", encoding: str | None = None) -> tuple[str, Meta]:
    """Decode a file: as ``encoding``, else by its byte order mark, as UTF-8, or as its bytes suggest.

    Returns the text, line ends untouched and byte order mark left out, and how it was decoded;
    :func:`encode` is the inverse. Raises InputError where the bytes are no text, where ``encoding`` is
    unknown, and (with byte offset and line) where they are not in ``encoding``.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    _refuse_binary(data, source)
    guess = _named(data, encoding, source) if encoding else _guessed(data, source)
    body = data[guess.mark :]
    try:
        text = body.decode(guess.encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, guess, error, source) from error
    except (UnicodeError, LookupError) as error:  # codecs such as idna have errors of their own
        raise InputError(f"{source}: cannot be read as {guess.encoding}: {error}", _NAME_ENCODING) from error
    _refuse_nul(text, guess, source)
    if half := _SURROGATE.search(text):  # utf-7 and the escapes of Python can write what no file can hold
        line = _line(text[: half.start()])
        raise InputError(f"{source}: line {line} holds half a character in {guess.encoding}", _NAME_ENCODING)
    meta = Meta(
        source=source,
        encoding=guess.encoding,
        bom=guess.mark > 0,
        newline=newline_of(text),
        detected=not encoding and not guess.known,
        sha256=sha256,
    )
    return text, meta


def encode(text: str, meta: Meta) -> bytes:
    """Encode ``text`` as its document was; as UTF-8, whole, where that encoding lacks a character of it.

    For the text that :func:`decode` returned, the bytes it was given. See :func:`output_encoding`.
    """
    encoding = output_encoding(text, meta)
    mark = next((mark for mark, name in _MARKS if name == encoding), b"") if meta.bom else b""
    if encoding != meta.encoding:
        mark = b""
    return mark + text.encode(encoding)


def output_encoding(text: str, meta: Meta) -> str:
    """Return the codec in which :func:`encode` writes ``text``: the document's own or else utf-8."""
    try:
        text.encode(meta.encoding)
    except UnicodeError:
        return "utf-8"
    return meta.encoding


def newline_of(text: str) -> str:
    """Return the line end that most lines of ``text`` have: CRLF, LF or CR; LF where there is none."""
    crlf = text.count("\r\n")
    counts = {"\n": text.count("\n") - crlf, "\r\n": crlf, "\r": text.count("\r") - crlf}
    return max(counts, key=lambda newline: counts[newline])


def _refuse_binary(data: bytes, source: str) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{source}: is {kind}, not text", _SAVE_AS_TEXT)


def _refuse_nul(text: str, guess: _Guess, source: str) -> None:
    at = text.find("\0")
    if at >= 0:
        offset = guess.mark + len(text[:at].encode(guess.encoding, "replace"))
        raise _nul(source, offset, _line(text[:at]))


def _nul(source: str, offset: int, line: int) -> InputError:
    what = f"{source}: holds a NUL at byte {offset} (line {line}): it is binary or damaged, not text"
    return InputError(what, _SAVE_AS_TEXT)


def _named(data: bytes, encoding: str, source: str) -> _Guess:
    """Return the codec that the user named, with the mark that ``data`` has of it."""
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)  # raises LookupError for codecs that are no text encodings: hex, zlib
    except (LookupError, ValueError) as error:
        raise InputError(
            f"{source}: there is no text encoding {encoding!r}",
            "Names are e.g. utf-8, utf-16, cp1252 (Windows, French), latin-1, mac_roman.",
        ) from error
    family = {"utf-8-sig": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}.get(name, name)
    for mark, marked in _MARKS:
        if data.startswith(mark) and (marked == family or family == marked[:-3]):
            return _Guess(marked, len(mark), known=True)
    if family in ("utf-16", "utf-32"):
        return _Guess("utf-16-be" if _utf16(data) == "utf-16-be" else f"{family}-le", known=True)
    return _Guess(family, known=True)


def _guessed(data: bytes, source: str) -> _Guess:
    """Return the encoding by mark, by zeros, by UTF-8's own form or by the letters; else raise InputError."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _Guess(name, len(mark), known=True)
    wide = _utf16(data)
    if wide:
        return _Guess(wide)
    nul = data.find(b"\0")
    if nul >= 0:
        raise _nul(source, nul, _line(data[:nul].decode("latin-1")))
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if _is_utf8(data):
        # A stray control character is no reason to refuse a text; a third of them is.
        if controls * 3 > len(data):
            raise InputError(f"{source}: is binary, not text", _SAVE_AS_TEXT)
        return _Guess("utf-8", known=True)
    # Random bytes hold one control character in nine; texts in old encodings none.
    if controls * 100 > len(data):
        raise InputError(f"{source}: is binary, not text", _SAVE_AS_TEXT)
    _refuse_damaged(data, source)
    _refuse_mixed(data, source)
    found = _by_letters(data) or _by_statistics(data)
    if found is None:
        raise InputError(f"{source}: its encoding cannot be told, or it is binary", _NAME_ENCODING)
    return _Guess(found)


def _refuse_damaged(data: bytes, source: str) -> None:
    """Raise InputError for UTF-8 with a few bad bytes: as Windows-1252 every accent would be wrong."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        around = data[max(0, error.start - _WINDOW) : error.start + _WINDOW].decode("utf-8", "replace")
        bad = around.count("\ufffd")
        good = len(around.translate(_NO_ASCII)) - bad
        if good > bad:
            line = _line(data[: error.start].decode("utf-8", "replace"))
            raise InputError(
                f"{source}: is UTF-8 but for byte {error.start} (line {line}): {error.reason}",
                "It is damaged or cut off there: save it again, or name another encoding with --encoding.",
            ) from error


def _refuse_mixed(data: bytes, source: str) -> None:
    """Raise InputError for what is French partly in UTF-8 and partly in one byte a letter: in either, half is wrong."""
    first = _WIDE.search(data)
    if first is None or not _by_letters(_WIDE.sub(b"", data)):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        narrow = error.start
        two = ("UTF-8", "one byte a letter (Windows-1252, Latin-1 or the like)")
        (before, after), at = (two, narrow) if first.start() < narrow else (two[::-1], first.start())
        line = _line(data[:at].decode("latin-1"))
        raise InputError(
            f"{source}: is in two encodings: {before}, and from byte {at} (line {line}) on {after}",
            "Save each part again in UTF-8; or name the encoding of the greater part with --encoding (cp1252, "
            "latin-1), and the rest comes out garbled.",
        ) from error


def is_promised(encoding: str) -> bool:
    """Tell an encoding that French texts are in: one that was guessed and is none of them may well be wrong."""
    return encoding.startswith("utf-") or codecs.lookup(encoding).name in _PROMISED


def _utf16(data: bytes) -> str:
    """Return utf-16-le or utf-16-be when nearly every second byte of ``data`` is zero, else nothing."""
    sample = data[:4096]
    half = len(sample) // 2
    if half == 0 or len(data) % 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # In French text all but quotation marks and dashes (U+2019, U+2013) have a zero for their high byte.
    name = "utf-16-le" if odd >= 0.7 * half and even == 0 else "utf-16-be" if even >= 0.7 * half and odd == 0 else ""
    if name:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            return ""
    return name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_letters(data: bytes) -> str | None:
    """Return the encoding in which the bytes beyond ASCII are French letters and marks, or None.

    charset-normalizer takes a short French text in an old Mac or DOS encoding for a Windows one, and the
    reverse for words in capitals; counting the characters that French has settles it from one accented letter
    on.
    """
    high = data.translate(None, _ASCII)
    if len(high) > 12 and len(high) > 0.5 * len(data):  # another script: French has one accent in 25 characters
        return None
    high = high[:1_000_000]  # more would only take longer
    counts = [(bytes((byte,)), high.count(byte)) for byte in range(128, 256)]
    best, best_score = None, 0.6  # at least four of five characters as expected: 1 for, -1 against
    for name in _FRENCH:
        worth = 0.0
        for byte, count in counts:
            # cp1252 leaves five bytes undefined; a text that has them is none.
            char = byte.decode(name, "replace")
            worth += count * (1.0 if char in _EXPECTED else 0.5 if char in _NEIGHBOURS else -1.0)
        if worth / len(high) > best_score:
            best, best_score = name, worth / len(high)
    rare = any(byte in high for byte in b"\xa4\xbc\xbd")
    if best == "cp1252" and rare and _LATIN9.search(data.decode("cp1252", "replace")):
        return "iso8859_15"
    return best


def _by_statistics(data: bytes) -> str | None:
    """Return what charset-normalizer takes ``data`` for: texts that are not French, or a mixture."""
    import charset_normalizer

    found = charset_normalizer.from_bytes(data, threshold=0.2).best()
    return codecs.lookup(found.encoding).name if found else None


def _undecodable(data: bytes, guess: _Guess, error: UnicodeDecodeError, source: str) -> InputError:
    at = guess.mark + error.start
    before = data[guess.mark : at].decode(guess.encoding, "replace")
    value = data[at : at + 1].hex() or "none"
    return InputError(
        f"{source}: byte {at} (line {_line(before)}, value {value}) is not {guess.encoding}: {error.reason}",
        "Leave --encoding out to have it detected, or name another: cp1252, or latin-1, which has all bytes.",
    )


def _line(before: str) -> int:
    """Return the line, from 1, that follows the text ``before``."""
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1
