from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translate.document import Block, Document, Meta
from translate.errors import InputError, UsageError
from translate.read import (
    decode,
    encode,
    flow,
    input_format,
    output_encoding,
    parse,
    read_document,
    rewrap,
    unwrap,
)

CASES = Path(__file__).parent / "read"
FRENCH = "Le président a déclaré que « l’armée » restera.\nL’œuvre a coûté 12 €, où ça ?\n"
SHORT = (
    "Il a été tué à Paris",
    "Été",
    "ÉLECTIONS : LE PRÉSIDENT",
    "« Non »",
    "Çà et là",
    "naïve, où",
    "l’Irak",
)

#: Readers whose blocks, joined, are the text that they were given.
TEXTUAL = ["markdown", "text"]


def shown(document: Document) -> str:
    return "".join(
        f"{b.line}\t{b.kind}{' wrapped' if b.wrapped else ''}\t{b.prefix!r}\t{b.text!r}\t{b.suffix!r}\n"
        for b in document.blocks
    )


def texts(text: str, **options: str) -> list[str]:
    return [flow(block) for block in parse(text, **options).blocks if block.translatable]  # type: ignore[arg-type]


# Blocks


@pytest.mark.parametrize("case", sorted(p for p in CASES.iterdir() if p.suffix != ".blocks"), ids=lambda p: p.name)
def test_blocks_are_those_of_the_golden_file(case: Path) -> None:
    assert shown(read_document(case)) == case.with_suffix(".blocks").read_text(encoding="utf-8")


FRAGMENTS = st.sampled_from(
    (
        "# ", "> ", ">", "- ", "* ", "1. ", "[ ] ", "```", "|", "a | b", "|---|---|\n", "\n", "\r\n",
        "\r", "\n\n", "  ", "    ", "\t", "\\", "*", "**", "_", "`", "<div>", "<!--", "---", "===",
        "[^1]: ", "[a]: ", "[x](y)", "![](z)", "http://a.b", "mot", "La suite", "été", "\f", "\v",
        "\u2028", "\x85", "\xa0", "\0", "  \n", "\\\n", "title: Un titre\n", "title: ",
    )
)  # fmt: skip
LAYOUTS = st.one_of(st.lists(FRAGMENTS, max_size=25).map("".join), st.text(max_size=60))


@settings(max_examples=150, deadline=None)
@given(text=LAYOUTS, name=st.sampled_from(TEXTUAL), wrapped=st.sampled_from(["auto", "yes", "no"]))
@example(text="---\ntitle: Un titre\n---\n", name="markdown", wrapped="auto")
@example(text="> a\r\n> > - b  \r\n> > c", name="markdown", wrapped="auto")
@example(text="a\x0cb\u2028c\r\rd\x85", name="text", wrapped="auto")
def test_blocks_joined_are_the_text(text: str, name: str, wrapped: str) -> None:
    document = parse(text, format=name, wrapped=wrapped)
    assert document.render() == text
    for block in document.blocks:
        if block.translatable:
            assert block.text == block.text.strip()
            assert len(flow(block).splitlines()) == 1
            assert [c for c in flow(block) if c.isalnum()] == [c for c in block.text if c.isalnum()]


@pytest.mark.parametrize("text", ["", " ", "\n\n\r\n", "\t\n \xa0\n", "\f"])
@pytest.mark.parametrize("name", TEXTUAL)
def test_blank_text_has_nothing_to_translate(text: str, name: str) -> None:
    document = parse(text, format=name)
    assert document.render() == text
    assert not any(block.translatable for block in document.blocks)


def test_lines_are_counted_as_editors_count_them() -> None:
    assert [b.line for b in parse("un\f\x85\u2028deux\r\ntrois\rquatre").blocks if b.translatable] == [
        1,
        1,
        2,
        3,
    ]


def test_one_paragraph_a_line_stays_one_block_a_line() -> None:
    lines = [f"La phrase numéro {n} du journal, assez longue pour remplir une ligne de {n} mots." for n in range(9)]
    assert texts("\n".join(lines)) == lines


WRAPPED = (
    "La Résistance irakienne a lancé des attaques contre les bases américaines\n"
    "en Syrie qu'elle considère comme des cibles légitimes. Le correspondant de\n"
    "Sputnik l'a confirmé jeudi.\n"
)


def test_hard_wrapped_paragraph_is_one_block() -> None:
    (block,) = parse(WRAPPED).blocks
    assert block.wrapped
    assert flow(block) == WRAPPED.replace("\n", " ").strip()


def test_wrapped_no_and_yes_overrule_what_lines_look_like() -> None:
    assert len(texts(WRAPPED, wrapped="no")) == 3
    assert texts("Une ligne.\nUne autre.\n\nFin", wrapped="yes") == ["Une ligne. Une autre.", "Fin"]
    assert texts("- un\n- deux\n  suite", wrapped="yes") == ["un", "deux suite"]


def test_two_wrapped_lines_need_a_sentence_that_runs_on() -> None:
    title = "Syrie : la résistance irakienne a visé deux fois la base américaine hier"
    assert texts(f"{title}\nLes forces d'occupation ont riposté dans la nuit, selon des sources.") != [
        f"{title} Les forces d'occupation ont riposté dans la nuit, selon des sources."
    ]


@pytest.mark.parametrize(
    ("line", "prefix", "text"),
    [
        ("- un", "- ", "un"),
        ("  • un", "  • ", "un"),
        ("12. un", "12. ", "un"),
        ("a) un", "a) ", "un"),
        ("– Bonjour", "– ", "Bonjour"),
        ("> > un", "> > ", "un"),
        ("> - un", "> - ", "un"),
        ("\xa0\xa0un", "\xa0\xa0", "un"),
        ("-5 degrés", "", "-5 degrés"),
        ("1.5 million", "", "1.5 million"),
        ("1. ", "", "1."),
        ("A. Dupont", "", "A. Dupont"),
    ],
)
def test_markers_are_layout(line: str, prefix: str, text: str) -> None:
    (block,) = parse(line).blocks
    assert (block.prefix, block.text) == (prefix, text)


@pytest.mark.parametrize("line", ["---", "* * *", "…", "-", "***\t", "https://a.org/b-c", "<www.a.org>", "a.b@c.fr"])
@pytest.mark.parametrize("name", TEXTUAL)
def test_symbols_and_addresses_are_verbatim(line: str, name: str) -> None:
    document = parse(f"Un\n\n{line}\n\nDeux", format=name)
    assert [b.text for b in document.blocks if b.translatable] == ["Un", "Deux"]


def test_markdown_keeps_code_out() -> None:
    text = "Un\n\n    code\n\n> ```\n> code\n> ```\n\n- Deux\n\n  ~~~\n  code\n  ~~~\n\n<!-- code -->\n"
    assert texts(text, format="markdown") == ["Un", "Deux"]


def test_markdown_blocks_are_markup() -> None:
    assert [b.markup for b in parse("*un* `x`\n", format="markdown").blocks] == [True]
    assert [b.markup for b in parse("*un* `x`\n").blocks] == [False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Un**", ["Un"]),
        ("***Un***", ["Un"]),
        ("*Un* et *deux*", ["*Un* et *deux*"]),
        ("**Un** et *deux*", ["**Un** et *deux*"]),
        ("2 * 3 *", ["2 * 3 *"]),
        ("[Un](a.html)", ["Un"]),
        ("[Un](a) et [deux](b)", ["[Un](a) et [deux](b)"]),
        ("Un `a  \nb` deux  \ntrois", ["Un `a b` deux trois"]),
        ("Un *a  \nb* deux", ["Un *a b* deux"]),
        ("Un\\\ndeux  \ntrois", ["Un", "deux", "trois"]),
        ("# # Un #", ["# Un"]),
        ("#un", ["#un"]),
        ("1986\\. Un", ["1986\\. Un"]),
    ],
)
def test_markup_around_a_block_is_layout(text: str, expected: list[str]) -> None:
    assert texts(text, format="markdown") == expected


def test_blocks_know_the_links_that_the_document_defines() -> None:
    text = (
        "La [ministre] et le [Conseil\n> d'État][], [rien].\n\n[Ministre][]\n\n[ministre]: a\n[CONSEIL D'état]: <b>\n"
    )
    document = parse(f"> {text}", format="markdown")
    assert document.render() == f"> {text}"
    found = [(b.text, b.labels) for b in document.blocks if b.translatable]
    assert found[0][1] == {"ministre", "Conseil d'État"}
    assert found[1:] == [("[Ministre][]", {"Ministre"})]
    assert not any(block.labels for block in parse("La [ministre].\n", format="markdown").blocks)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: Un titre", ["Un titre"]),
        ('title: "Syrie : l\'armée"', ["Syrie : l'armée"]),
        ("title: Syrie : l'armée", []),
        ("title: 'L''armée'", []),
        ('title: "« Non » dit-il"', []),
        ("title: Non", []),
        ("title: >\n  Un titre", []),
        ("title: Un titre\n  qui continue", []),
        ("tags: un deux", []),
    ],
)
def test_front_matter_gives_only_values_that_stay_yaml(line: str, expected: list[str]) -> None:
    assert texts(f"---\n{line}\n---\n\nUn\n", format="markdown") == [*expected, "Un"]


def test_long_line_is_read_whole() -> None:
    text = "mot *a [b " * 500_000
    for name in TEXTUAL:
        (block,) = parse(text, format=name).blocks
        assert block.text + block.suffix == text


# Unwrapping


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("un", "un"),
        ("un \r\n  deux\u2028trois", "un deux trois"),
        ("un\n> > deux", "un deux"),
        ("le porte-\nparole", "le porte-parole"),
        ("peut-\nêtre", "peut-être"),
        ("inter-\nnational", "inter-national"),
        ("réalisa-\ntion", "réalisation"),
        ("gouverne-\nments", "gouvernements"),
        ("inter\xad\nnational", "international"),
        ("l'accord international, inter-\nnational", "l'accord international, international"),
        ("Deir-\nez-Zor", "Deir-ez-Zor"),
        ("l'\nIrak", "l'Irak"),
        ("qu’\nelle", "qu’elle"),
        ("un -\ndeux", "un - deux"),
        ("un –\ndeux", "un – deux"),
    ],
)
def test_unwrap(text: str, expected: str) -> None:
    assert unwrap(text) == expected


def test_rewrap_keeps_width_margin_and_line_ends() -> None:
    text = "> Le président a dit que la situation était grave et que les\r\n> négociations reprendraient demain.\r\n"
    for name in TEXTUAL:
        (block,) = parse(text, format=name, wrapped="yes").blocks
        assert block.prefix + rewrap(flow(block), block) + block.suffix == text


def test_rewrap_makes_no_structure_of_words() -> None:
    (block,) = parse(WRAPPED, wrapped="yes").blocks
    text = "a " * 36 + "- b " + "a " * 40 + "1986. " + "a " * 30 + "# " + "x" * 200
    lines = rewrap(text, block).split("\n")
    assert len(lines) > 2
    assert not any(line.startswith(("-", "1", "#")) for line in lines)
    assert unwrap("\n".join(lines)) == text


@settings(max_examples=80, deadline=None)
@given(words=st.lists(st.sampled_from(["un", "deux,", "-", "1.", "#", ">", "l’Irak", "*a*", "a" * 60]), min_size=1))
def test_rewrapped_text_unwraps_again(words: list[str]) -> None:
    (block,) = parse(WRAPPED, wrapped="yes").blocks
    text = " ".join(["Le", *words, "fin"])
    assert unwrap(rewrap(text, block)) == text


# Bytes


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "iso8859_15"])
def test_encoding_of_french_is_detected(name: str) -> None:
    text = FRENCH.replace("’", "'") if name == "iso8859_15" else FRENCH
    data = text.encode(name)
    found, meta = decode(data)
    assert found == text
    assert meta.encoding == name
    assert encode(found, meta) == data
    assert meta.detected == (name != "utf-8")


@pytest.mark.parametrize("text", SHORT)
@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_encoding_of_a_few_words_is_detected(text: str, name: str) -> None:
    assert decode(text.encode(name))[0] == text


def test_text_in_another_script_is_not_taken_for_french() -> None:
    text = "Президент заявил сегодня, что переговоры будут продолжены в Москве завтра утром."
    assert decode(text.encode("cp1251"))[0] == text


MARKED = ["utf-8-sig", "utf-16", "utf-32"]


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("given_name", [False, True])
def test_byte_order_mark_is_left_out_and_put_back(name: str, given_name: bool) -> None:
    data = FRENCH.encode(name)
    text, meta = decode(data, encoding=name if given_name else None)
    assert text == FRENCH
    assert meta.bom
    assert not meta.detected
    assert encode(text, meta) == data


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)


@settings(max_examples=80, deadline=None)
@given(text=TEXT, name=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_bytes_of_unicode_come_back(text: str, name: str) -> None:
    data = text.encode(name)
    if not any(data.startswith(magic) for magic in (b"GIF8", b"ID3", b"RIFF", b"%PDF-")):
        found, meta = decode(data, encoding=name)
        assert encode(found, meta) == data


WORDS = st.sampled_from(
    [
        "président ",
        "a déclaré",
        "l’Irak",
        "« Non\xa0»",
        "où",
        "ÉTÉ ",
        "la base",
        " — ",
        ".\n",
        "\r\n",
        "\f",
        "\xa0",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    text=st.lists(WORDS, max_size=12).map("".join),
    name=st.sampled_from([None, "cp1252"]),
    reader=st.sampled_from(TEXTUAL),
)
def test_bytes_of_windows_files_come_back(text: str, name: str | None, reader: str) -> None:
    data = text.encode("cp1252")
    found, meta = decode(data, encoding=name)
    assert encode(parse(found, format=reader, meta=meta).render(), meta) == data


def test_file_comes_back_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes("\ufeffUn\r\n\r\ndeux\rtrois\n\f\u2028fin".encode())
    document = read_document(path)
    assert encode(document.render(), document.meta) == path.read_bytes()
    assert document.meta.source == str(path)
    assert len(document.meta.sha256) == 64


@pytest.mark.parametrize(
    ("text", "newline"), [("", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\r", "\r")]
)
def test_newline_is_that_of_most_lines(text: str, newline: str) -> None:
    assert decode(text.encode())[1].newline == newline


def test_what_an_encoding_lacks_makes_the_whole_utf8() -> None:
    meta = Meta(encoding="iso8859_15")
    assert encode("“Non”", meta) == "“Non”".encode()
    assert output_encoding("“Non”", meta) == "utf-8"
    assert output_encoding("Non", meta) == "iso8859_15"
    assert encode("Non 12 €", meta) == b"Non 12 \xa4"


# Bad input


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
ZIP = b"PK\x03\x04\x14\0\0\0\x08\0"
RANDOM = bytes((37 * n * n + 11 * n) % 251 for n in range(1, 400))


@pytest.mark.parametrize("data", [PNG, ZIP, b"%PDF-1.7\n%\xe2\xe3", RANDOM, b"\xff\xfe\x00", b"\x01\x02\x03\x04"])
def test_binary_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"article\.txt") as caught:
        read_document(path)
    assert caught.value.hint


def test_binary_is_refused_whatever_encoding_is_named() -> None:
    with pytest.raises(InputError, match="PNG"):
        decode(PNG, encoding="latin-1")
    with pytest.raises(InputError, match="NUL at byte 5"):
        decode(b"un\nde\0x", encoding="latin-1")


def test_nul_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"NUL at byte 15 \(line 3\)"):
        decode("Une été\r\nun\r\n\0fin".encode())


def test_undecodable_byte_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match=r"byte 6 \(line 2, value e9\) is not utf-8") as caught:
        decode(b"un\nthe\xe9\n", encoding="utf8")
    assert "cp1252" in caught.value.hint


def test_damaged_utf8_is_not_taken_for_another_encoding() -> None:
    with pytest.raises(InputError, match=r"UTF-8 but for byte 31 \(line 2\)"):
        decode("Le président était\nélu à Paris".encode()[:31] + b"\xff fin")


UTF8, LATIN1 = "Élu à Paris, il a parlé.\n".encode(), "Élu à Paris, il a parlé.\n".encode("cp1252")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (UTF8 * 2 + LATIN1 * 3, rf"byte {2 * len(UTF8)} \(line 3\) on one byte"),
        (LATIN1 * 20 + UTF8 * 2, rf"byte {20 * len(LATIN1)} \(line 21\) on UTF-8"),
        (b"\r".join([LATIN1.strip(), LATIN1.strip(), "œuvre\r".encode()]), rf"byte {2 * len(LATIN1)} \(line 3\)"),
        (b"l\xe9ger\nl\xe2\x80\x99\n", r"byte 7 \(line 2\)"),
        ("Né à Nîmes\n".encode() + "Né à Nîmes, déjà là\n".encode("mac_roman"), r"byte 15 \(line 2\)"),
    ],
)
def test_two_encodings_in_one_file_are_refused(data: bytes, where: str) -> None:
    with pytest.raises(InputError, match=rf"two encodings.*{where}") as caught:
        decode(data, source="article.txt")
    assert "--encoding" in caught.value.hint
    assert decode(data, encoding="cp1252")[1].encoding == "cp1252"


@pytest.mark.parametrize("name", ["cp1252", "iso8859_15", "mac_roman", "cp850"])
def test_capitals_before_spaces_and_quotation_marks_are_no_second_encoding(name: str) -> None:
    text = "«\xa0LIBERTÉ\xa0!\xa0», «\xa0SANTÉ» et «ÉGALITÉ\xa0»\xa0: le pavé, la crème brûlée, à Nîmes, l'été.\n" * 3
    assert decode(text.encode(name))[0] == text


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", ""])
def test_unknown_encoding_is_refused(name: str) -> None:
    if name:
        with pytest.raises(InputError, match=name):
            decode(b"un", encoding=name)
    else:
        assert decode(b"un", encoding=name)[1].encoding == "utf-8"


def test_missing_file_is_named_with_the_one_meant(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("un")
    with pytest.raises(InputError, match="no such file") as caught:
        read_document(tmp_path / "artcle.txt")
    assert caught.value.hint == f"Did you mean {tmp_path / 'article.txt'}?"
    with pytest.raises(InputError, match="no such file") as caught:
        read_document(tmp_path / "nowhere" / "x.txt")
    assert "nowhere" in caught.value.hint


def test_a_link_that_leads_nowhere_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "article.txt").symlink_to("gone.txt")
    with pytest.raises(InputError, match=r"article\.txt: is a link that leads nowhere: -> gone\.txt") as caught:
        read_document(tmp_path / "article.txt")
    assert "Did you mean" not in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/urandom"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(InputError, match=f"{device}: is a device") as caught:
        read_document(device)
    assert "standard input" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    writer = threading.Thread(target=(tmp_path / "pipe.txt").write_text, args=("un\n",))
    writer.start()
    assert read_document(tmp_path / "pipe.txt").blocks[0].text == "un"
    writer.join()


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_document(tmp_path)


@pytest.mark.parametrize(
    ("error", "what"),
    [(PermissionError(13, "Permission denied"), "may not be read"), (OSError(5, "I/O error"), "I/O")],
)
def test_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, what: str) -> None:
    path = tmp_path / "article.txt"
    path.write_text("un")

    def refuse(self: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=what):
        read_document(path)


def test_nul_in_a_name_is_refused() -> None:
    with pytest.raises(InputError):
        read_document("un\0deux.txt")


def test_empty_file_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    assert read_document(path).blocks == ()


# Formats


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text"),
        ("a.TEXT", "text"),
        ("a", "text"),
        ("-", "text"),
        ("a.fr", "text"),
        ("a.MD", "markdown"),
        ("a.htm", "html"),
    ],
)
def test_format_by_ending(name: str, expected: str) -> None:
    assert input_format(name) == expected


def test_formats_without_a_reader_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<p>un")
    with pytest.raises(InputError, match="XML"):
        read_document(path)
    assert read_document(path, format="text").render() == "<p>un"


def test_unknown_options_are_refused() -> None:
    with pytest.raises(UsageError, match="docx"):
        parse("un", format="docx")
    with pytest.raises(UsageError, match="maybe"):
        parse("un", wrapped="maybe")


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("été\r\n".encode("cp1252"))))
    document = read_document("-", format="markdown")
    assert document.blocks == (Block("paragraph", "été", "", "\r\n", markup=True),)
    assert (document.meta.source, document.meta.format, document.meta.newline) == (
        "<stdin>",
        "markdown",
        "\r\n",
    )


def test_emphasis_around_emphasis_is_taken_off_a_few_layers_deep() -> None:
    (block,) = parse(f"{'**' * 30}mot{'**' * 30}\n", format="markdown").blocks
    assert block.prefix + block.text + block.suffix == f"{'**' * 30}mot{'**' * 30}\n"
    assert 0 < len(block.prefix) < 60


@pytest.mark.parametrize(("data", "encoding"), [(b"Le +2D0- mot", "utf-7"), (b"Le \\ud83d mot", "unicode_escape")])
def test_half_a_character_is_refused(data: bytes, encoding: str) -> None:
    with pytest.raises(InputError, match="line 1 holds half a character"):
        decode(data, encoding=encoding)


def test_verse_is_not_joined() -> None:
    verse = (
        "Heureux qui, comme Ulysse, a fait un beau voyage,\nOu comme cestuy-là qui conquit la toison,\n"
        "Et puis est retourné, plein d’usage et raison,\nVivre entre ses parents le reste de son âge !\n"
    )
    assert [block.text for block in parse(verse).blocks] == verse.splitlines()
    assert len(parse(verse, wrapped="yes").blocks) == 1
