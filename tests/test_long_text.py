from __future__ import annotations

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

import translate.read
from translate.batch.jobs import Item, Recipe, Stamp
from translate.batch.work import translate_pool
from translate.boilerplate import label
from translate.document import Document
from translate.pipeline import translate_document
from translate.read import parse, portions
from translate.write import render


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a text of 400 characters count as long: no test needs four million."""
    monkeypatch.setattr("translate.read.long_text.PORTION", 100)
    for module in ("translate.read", "translate.read.long_text", "translate.batch.work"):
        monkeypatch.setattr(f"{module}.LARGE", 400)


PARAGRAPH = "Le ministre a parlé à Paris. Il a dit non à 12 pays.\n"
LONG = "".join(f"Titre {n}\n\n{PARAGRAPH}\n" for n in range(30))


@given(st.text("ab \t\r\n", max_size=1500))
def test_portions_joined_are_the_text(text: str) -> None:
    assert "".join(portions(text)) == text


def test_a_portion_ends_at_a_blank_line_or_else_at_a_line() -> None:
    assert all(portion.endswith("\n\n") for portion in portions(LONG))
    assert all(portion.endswith("\n") for portion in portions(PARAGRAPH * 20))
    assert list(portions("x" * 1000)) == ["x" * 1000]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_long_text_is_read_to_the_letter_and_its_lines_counted(newline: str) -> None:
    text = LONG.replace("\n", newline)
    document = parse(text)
    assert document.render() == text
    lines = text.split(newline)
    assert all(lines[block.line - 1] == block.text for block in document.blocks if block.translatable)


def test_a_long_text_is_no_article() -> None:
    document = label(parse(LONG))
    assert {block.label.name for block in document.blocks} == {"body"}
    assert label(document) == document


@pytest.mark.parametrize("english", ["{}", "⟦{}⟧"], ids=["its own encoding", "characters that cp1252 lacks"])
@pytest.mark.parametrize(("name", "encoding"), [("utf-8", "utf-8"), ("cp1252", "cp1252"), ("utf-8-sig", "utf-8")])
def test_a_batch_writes_what_a_translation_of_the_whole_gives(name: str, encoding: str, english: str) -> None:
    data = LONG.encode(name)
    item = Item("a.txt", "a.txt", data, Stamp(len(data), 0), "")
    recipe = Recipe(encoding=encoding if name == "cp1252" else None)
    (outcome,) = translate_pool([item], FakeEngine(default=english.format), recipe)
    whole = translate_document(_document(data, encoding, name), FakeEngine(default=english.format))
    assert outcome.failure is None
    assert len(outcome.outputs[0].chunks) > 5
    assert b"".join(outcome.outputs[0].chunks) == translate.read.encode(render(whole, "text"), whole.document.meta)
    assert outcome.sentences == len(whole.segments)
    changed = name == "cp1252" and "⟦" in english
    assert any("written in UTF-8" in note for note in outcome.notes) is changed


def _document(data: bytes, encoding: str, name: str) -> Document:
    text, meta = translate.read.decode(data, encoding=encoding if name == "cp1252" else None)
    return parse(text, meta=meta)
