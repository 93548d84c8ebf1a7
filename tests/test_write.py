from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from translate.document import (
    Attempt,
    Block,
    Document,
    Flag,
    Hypothesis,
    KeySentence,
    Label,
    Meta,
    Segment,
    TranslatedBlock,
    Translation,
)
from translate.errors import OutputError, UsageError
from translate.read import READERS, flow, parse, read_document
from translate.settings import INPUT_FORMATS, OUTPUT_FORMATS
from translate.write import WRITERS, check_target, output_format, render, save

CASES = Path(__file__).parent / "write"
SCHEMA = json.loads((Path(__file__).parent.parent / "translate" / "write" / "schema.json").read_text("utf-8"))

LABELS = {
    "TV": "kicker",
    "Syrie : la base visée": "headline",
    "Forces en Syrie ©AFP": "caption",
    "A lire : autre chose": "related",
    "À lire : autre chose": "related",
    "Partager cet article": "share",
    "SOURCE : FRENCH PRESS TV": "source",
}
KEYS = (
    KeySentence("La base a été\nvisée.", "The base was hit.", 6, 4, 0, 0.5),
    KeySentence("*Deux* fois.", "*Two* times.", 6, 4, 1, 0.25, (Flag("numbers", "2"),)),
)


def translated(document: Document, boilerplate: str = "keep", *, summary: bool = False) -> Translation:
    """Return what a pipeline with a fake engine makes: each text between angles, boilerplate labelled."""
    blocks = []
    for block in document.blocks:
        labelled = replace(block, label=Label(LABELS.get(block.text, "body"), "because"))
        text = f"‹{flow(block)}›" if block.translatable else block.text
        segments = (Segment(flow(block), text, score=-0.5),) if block.translatable else ()
        dropped = boilerplate == "drop" and labelled.label.name not in ("body", "headline")
        blocks.append(TranslatedBlock(labelled, text, segments, dropped))
    made = {"settings": {"boilerplate": boilerplate}, "model": "fake"}
    return Translation(document, tuple(blocks), KEYS if summary else (), made)


GOLDEN = [
    ("saved.txt", "text", "keep", True),
    ("saved.txt", "text", "mark", False),
    ("saved.txt", "text", "drop", False),
    ("saved.txt", "markdown", "keep", True),
    ("saved.txt", "markdown", "mark", False),
    ("article.md", "markdown", "keep", True),
    ("article.md", "markdown", "drop", False),
    ("article.md", "tsv", "keep", False),
]


def golden_path(name: str, form: str, boilerplate: str) -> Path:
    return CASES / f"{Path(name).stem}.{form}.{boilerplate}.expected"


@pytest.mark.parametrize(("name", "form", "boilerplate", "summary"), GOLDEN)
def test_output_is_the_golden_file(name: str, form: str, boilerplate: str, summary: bool) -> None:
    translation = translated(read_document(CASES / name), boilerplate, summary=summary)
    expected = golden_path(name, form, boilerplate).read_text(encoding="utf-8")
    assert render(translation, form) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_untouched_markdown_comes_out_as_it_was(form: str, newline: str) -> None:
    text = (CASES / "article.md").read_text("utf-8").replace("\n", newline)
    document = parse(text, format="markdown")
    blocks = tuple(TranslatedBlock(block, block.text) for block in document.blocks)
    assert render(Translation(document, blocks), form) == text


def test_added_lines_end_as_those_of_the_document() -> None:
    document = parse("Un\r\n", meta=Meta(newline="\r\n"))
    for form in ("text", "markdown"):
        output = render(translated(document, summary=True), form)
        assert output.count("\r\n") == output.count("\n") > 5


def test_summary_alone_is_all_there_is() -> None:
    output = render(Translation(Document(()), (), KEYS[:1]), "text")
    assert output == "Key sentences\n=============\n\n1. The base was hit. [¶4]\n"


def test_summary_in_french_only() -> None:
    translation = Translation(Document(()), (), (replace(KEYS[0], target=None),))
    assert "1. La base a été visée. [¶4]\n" in render(translation, "text")
    assert render(translation, "markdown") == "## Key sentences\n\n- La base a été visée. [¶4]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TV\n\nUn\n\nDeux\n", "‹Un›\n\n‹Deux›\n"),
        ("Un\n\nTV\n\nDeux\n", "‹Un›\n\n‹Deux›\n"),
        ("Un\nTV\nDeux\n", "‹Un›\n‹Deux›\n"),
        ("Un\n\nTV\nDeux\n", "‹Un›\n\n‹Deux›\n"),
        ("Un\nTV\n\nDeux\n", "‹Un›\n\n‹Deux›\n"),
        ("Un\n\nTV\n\nTV\n\nDeux\n", "‹Un›\n\n‹Deux›\n"),
        ("Un\n\nTV", "‹Un›\n"),
        ("Un\n\nTV\n\n", "‹Un›\n\n"),
        ("Un\n\n\n\nTV\n\nDeux", "‹Un›\n\n\n\n‹Deux›"),
        ("Un\n\nDeux\n\n", "‹Un›\n\n‹Deux›\n\n"),
        ("TV", ""),
    ],
)
def test_dropped_blocks_take_a_blank_line_with_them(text: str, expected: str) -> None:
    assert render(translated(parse(text), "drop"), "text") == expected


def test_dropped_cell_leaves_the_table_whole() -> None:
    document = parse("| TV | b |\n|---|---|\n| c | d |\n", format="markdown")
    assert render(translated(document, "drop"), "markdown") == "|  | ‹b› |\n|---|---|\n| ‹c› | ‹d› |\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b *c* [d] <e> `f`", r"a\_b \*c\* \[d\] \<e\> \`f\`"),
        ("# un", r"\# un"),
        ("#un", "#un"),
        ("1986. un", r"1986\. un"),
        ("1986 un", "1986 un"),
        ("+ 3 %", r"\+ 3 %"),
    ],
)
def test_plain_text_shows_as_it_was_in_markdown(text: str, expected: str) -> None:
    document = Document((Block("paragraph", text, suffix="\n"),))
    assert render(Translation(document, (TranslatedBlock(document.blocks[0], text),)), "markdown") == expected + "\n"


# JSON and TSV


@pytest.fixture
def full() -> Translation:
    translation = translated(read_document(CASES / "saved.txt"), "drop", summary=True)
    flags = (Flag("numbers", "2 became 3\tor\nmore"), Flag("loop", "x"))
    segment = Segment(
        'Deux\tfois\nil a dit "non"',
        '"No", twice',
        " ",
        float("-inf"),
        flags,
        "true-case",
        attempts=(Attempt("first", "a", "b", -1.0, flags), Attempt("true-case", "c", "d", float("nan"))),
        alternatives=(Hypothesis("e", -2.0),),
    )
    passed = Segment("***", "***", passed="symbols")
    body = translation.blocks[6]
    blocks = (*translation.blocks[:6], replace(body, segments=(segment, passed)), *translation.blocks[7:])
    made = {**translation.made, "path": Path("a"), "meta": Meta(), "n": (1, 2.5, None), "bad": float("inf")}
    return replace(translation, blocks=blocks, made=made, seconds={"engine": 0.5}, notes=("note",))


def test_json_is_what_the_schema_says(full: Translation) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(render(full, "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["schema"] == "fr2en/1"
    assert "“" not in SCHEMA["title"]
    broken = json.loads(render(full, "json"))
    del broken["blocks"][0]["label"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(broken)


def test_schema_names_every_field_of_json(full: Translation) -> None:
    report = json.loads(render(full, "json"))
    named = {"": report, **{key: value for key, value in report.items() if isinstance(value, dict)}}
    for key in ("", "document", "counts"):
        schema = SCHEMA["properties"][key] if key else SCHEMA
        assert set(named[key]) == set(schema["required"]) == set(schema["properties"])
    block = report["blocks"][6]
    for value, name in [
        (block, "block"),
        (block["sentences"][0], "sentence"),
        (block["sentences"][0]["attempts"][0], "attempt"),
        (block["sentences"][0]["flags"][0], "flag"),
        (report["summary"][0], "key_sentence"),
    ]:
        described = SCHEMA["$defs"][name]
        assert set(described["required"]) <= set(value) == set(described["properties"])


def test_json_holds_everything(full: Translation) -> None:
    output = render(full, "json")
    report = json.loads(output)
    assert "visée" in output  # letters, not escapes
    assert [block["source"] for block in report["blocks"]] == [block.source.text for block in full.blocks]
    assert "".join(b["prefix"] + b["source"] + b["suffix"] for b in report["blocks"]) == full.document.render()
    assert report["blocks"][0]["paragraph"] == 1
    assert report["blocks"][1]["paragraph"] is None
    assert report["blocks"][6]["paragraph"] == 4
    sentence = report["blocks"][6]["sentences"][0]
    assert sentence["score"] is None  # JSON has no infinity
    assert [attempt["score"] for attempt in sentence["attempts"]] == [-1.0, None]
    assert sentence["alternatives"] == [{"text": "e", "score": -2.0}]
    assert report["summary"][1]["flags"] == [{"check": "numbers", "detail": "2"}]
    assert report["counts"] == {
        "blocks": len(full.blocks),
        "paragraphs": 12,
        "dropped": 5,
        "sentences": 8,
        "flagged": 1,
        "retried": 1,
        "passed": 1,
    }
    assert report["made"]["path"] == "a"
    assert report["made"]["meta"]["encoding"] == "utf-8"
    assert report["made"]["n"] == [1, 2.5, None]
    assert report["made"]["bad"] is None


def test_tsv_has_one_sentence_a_row(full: Translation) -> None:
    output = render(full, "tsv")
    rows = list(csv.DictReader(io.StringIO(output), dialect="excel-tab"))
    assert len(output.splitlines()) == len(rows) + 1 == len(full.segments) + 1
    row = next(row for row in rows if row["block"] == "6")
    assert row["source"] == 'Deux fois il a dit "non"'
    assert row["target"] == '"No", twice'
    assert row["flags"] == "numbers: 2 became 3 or more; loop: x"
    assert (row["paragraph"], row["sentence"], row["label"]) == ("4", "1", "body")
    passed = next(row for row in rows if row["source"] == "***")
    assert (passed["score"], passed["sentence"]) == ("", "2")


# Formats


@pytest.mark.parametrize(
    ("path", "to", "expected"),
    [
        (None, None, "text"),
        ("a.txt", None, "text"),
        ("a", None, "text"),
        ("a.MD", None, "markdown"),
        ("a.json", None, "json"),
        ("a.tsv", None, "tsv"),
        ("a.tsv", "json", "json"),
        ("a.xyz", "json", "json"),
        (None, "markdown", "markdown"),
    ],
)
def test_output_format(path: str | None, to: str | None, expected: str) -> None:
    assert output_format(Path(path) if path else None, to) == expected


def test_output_format_without_a_path_can_be_that_of_the_input() -> None:
    assert output_format(None, None, default="markdown") == "markdown"
    assert output_format(Path("a.txt"), None, default="markdown") == "text"


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(UsageError, match=r"\.docx"):
        output_format(Path("a.docx"), None)
    with pytest.raises(UsageError, match="docx"):
        output_format(None, "docx")
    with pytest.raises(UsageError, match="docx"):
        render(Translation(Document(()), ()), "docx")
    assert set(WRITERS) == {"text", "markdown", "html", "json", "tsv"}


# Files


def test_save_writes_in_the_encoding_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    save("“été”\r\n", path, Meta(encoding="cp1252", newline="\r\n"), force=False)
    assert path.read_bytes() == "“été”\r\n".encode("cp1252")
    save("été", path, Meta(encoding="utf-16-le", bom=True), force=True)
    assert path.read_bytes() == b"\xff\xfe" + "été".encode("utf-16-le")
    save("Łódź été", path, Meta(encoding="cp1252"), force=True)
    assert path.read_bytes() == "Łódź été".encode()
    save("été", path, None, force=True)
    assert path.read_bytes() == "été".encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_existing_file_needs_force_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    path.chmod(0o640)
    with pytest.raises(OutputError, match="is there already") as caught:
        save("new", path, None, force=False)
    assert "--force" in caught.value.hint
    assert path.read_text() == "old"
    save("new", path, None, force=True)
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    save("un", tmp_path / "a", None, force=False)
    (tmp_path / "b").write_text("un")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_link_to_the_input_is_not_written_through(tmp_path: Path) -> None:
    path, link = tmp_path / "in.txt", tmp_path / "out.txt"
    path.write_text("old")
    link.symlink_to(path)
    with pytest.raises(OutputError, match="is there already"):
        save("new", link, None, force=False)
    assert path.read_text() == "old"
    save("new", link, None, force=True)
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_folders_are_refused_or_missed(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        save("un", tmp_path, None, force=True)
    with pytest.raises(OutputError, match="there is no folder"):
        save("un", tmp_path / "no" / "out.txt", None, force=False)
    file = tmp_path / "file"
    file.write_text("un")
    with pytest.raises(OutputError, match="there is no folder"):
        save("un", file / "out.txt", None, force=False)
    with pytest.raises(OutputError):
        save("un", tmp_path / "a\0b", None, force=False)
    with pytest.raises(OutputError, match="name is too long"):
        save("un", tmp_path / ("x" * 300), None, force=False)


def test_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OutputError, match="links lead back"):
        save("un", tmp_path / "a", None, force=True)
    assert (tmp_path / "a").is_symlink()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux names open files there")
def test_link_to_a_pipe_without_a_name_is_written_to() -> None:
    reading, writing = os.pipe()
    try:
        save("un", Path(f"/proc/self/fd/{writing}"), None, force=False)
        assert os.read(reading, 100) == b"un"
    finally:
        os.close(reading)
        os.close(writing)


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*args: object, **options: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
@pytest.mark.parametrize(
    ("error", "expected", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutputError, "disk is full"),
        (OSError(errno.EROFS, "Read-only"), OutputError, "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), OutputError, "may not be written to"),
        (OSError(errno.EIO, "I/O error"), OutputError, "I/O error"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ],
)
def test_failure_leaves_the_folder_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
    expected: type[BaseException],
    what: str | None,
) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr(f"translate.write.atomic.os.{step}", failing(error))
        with pytest.raises(expected, match=what):
            save("new", path, None, force=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
def test_full_device_is_reported() -> None:
    with pytest.raises(OutputError, match="disk is full"):
        save("un", Path("/dev/full"), None, force=False)


def test_closed_folder_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.write.atomic.os.access", lambda path, _: path != tmp_path)  # root may write to any
    with pytest.raises(OutputError, match="folder may not be written to"):
        check_target(tmp_path / "out.txt", force=False)


def test_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    monkeypatch.setattr("translate.write.atomic.os.access", lambda *_: False)  # root may write to any
    with pytest.raises(OutputError, match="may not be written"):
        save("new", path, None, force=True)
    assert path.read_text() == "old"


def test_the_options_name_every_reader_and_writer() -> None:
    assert tuple(WRITERS) == OUTPUT_FORMATS
    assert tuple(READERS) == INPUT_FORMATS
