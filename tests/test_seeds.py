"""The sample documents are what their manifest says, and their references follow them block for block."""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

#: tomli is what pytest itself reads its configuration with before Python 3.11.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

SEEDS = Path(__file__).parent.parent / "seeds"
DOCUMENTS: list[dict[str, Any]] = tomllib.loads((SEEDS / "manifest.toml").read_text("utf-8"))["document"]
WITH_REFERENCE = [d for d in DOCUMENTS if "reference" in d]


def name(document: dict[str, Any]) -> str:
    return str(document["path"])


def read(document: dict[str, Any]) -> str:
    data: bytes = (SEEDS / str(document["path"])).read_bytes()
    return data.decode(str(document["encoding"]))


def test_manifest_lists_every_file_and_no_other() -> None:
    listed = {d["path"] for d in DOCUMENTS} | {d["reference"] for d in WITH_REFERENCE} | {"manifest.toml"}
    assert listed == {p.relative_to(SEEDS).as_posix() for p in SEEDS.rglob("*") if p.is_file()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_bytes_are_those_of_the_manifest(document: dict[str, Any]) -> None:
    assert hashlib.sha256((SEEDS / document["path"]).read_bytes()).hexdigest() == document["sha256"]
    for key in ("title", "origin", "language", "exercises"):
        assert document[key]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_newlines_are_those_of_the_manifest(document: dict[str, Any]) -> None:
    assert set(re.findall(r"\r\n|\r|\n", read(document))) == {document["newline"]}


def test_one_document_is_no_utf_8() -> None:
    data = (SEEDS / "windows-1252.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert set("œŒ€«»’…–") <= set(data.decode("cp1252"))


def blank_or_text(text: str) -> list[bool]:
    return [bool(line.strip()) for line in text.split("\n")]


@pytest.mark.parametrize("document", WITH_REFERENCE, ids=name)
def test_reference_has_the_same_lines_and_blank_lines(document: dict[str, Any]) -> None:
    data = (SEEDS / document["reference"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == document["reference_sha256"]
    assert blank_or_text(data.decode("utf-8")) == blank_or_text(read(document))


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        (
            "000_0ba664e24ee1242a.en.txt",
            ["70", "66", "62", "34", "32", "55", "11", "14", "17", "twice", "one hour"],
        ),
        (
            "article.en.txt",
            ["48,500", "126.4 million", "3.5%", "1,250,000", "1.8 billion", "4.2 m³", "-2 °C", "112"],
        ),
        ("capitals.en.txt", ["214", "3,700", "6 a.m.", "3RD", "March 12"]),
    ],
)
def test_reference_keeps_the_numbers(path: str, numbers: list[str]) -> None:
    text = (SEEDS / "references" / path).read_text("utf-8").replace("\u00a0", " ")
    assert [n for n in numbers if n not in text] == []


def test_hard_wrapped_lines_stay_within_72_columns() -> None:
    assert max(map(len, (SEEDS / "wrapped.txt").read_text("utf-8").splitlines())) <= 72


def test_article_holds_no_break_spaces_of_both_kinds() -> None:
    text = (SEEDS / "article.txt").read_text("utf-8")
    assert "48\u202f500" in text
    assert "1\u00a0250\u00a0000" in text
