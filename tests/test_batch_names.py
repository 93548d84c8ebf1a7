"""Which files are taken, and what their outputs are called."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.batch import Selection, output_names, shown
from translate.batch.names import is_hidden
from translate.errors import InputError
from translate.write import WRITERS

#: Names of files as they come: any letters, dots and endings, and bytes that are no UTF-8.
parts = st.text(
    st.one_of(st.sampled_from("ab.é \n*[]"), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)),
    min_size=1,
    max_size=6,
).filter(lambda part: part not in (".", ".."))
endings = st.sampled_from(("", ".txt", ".TXT", ".text", ".md", ".markdown", ".md.txt", ".en.txt"))
names = st.builds(
    lambda folders, stem, ending: "/".join([*folders, stem + ending]), st.lists(parts, max_size=2), parts, endings
)
formats = st.lists(st.sampled_from(sorted(WRITERS)), unique=True, max_size=4)


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("press/a.txt", (), ["press/a.en.txt"]),
        ("a.md", (), ["a.en.md"]),
        ("a.TEXT", (), ["a.en.TEXT"]),
        ("a", ("text",), ["a.en.txt"]),
        ("a.html", (), ["a.html.en.txt"]),
        ("a.txt", ("text", "json", "html"), ["a.en.txt", "a.txt.en.json", "a.txt.en.html"]),
        ("a.txt", ("tsv", "markdown"), ["a.txt.en.tsv", "a.txt.en.md"]),
        ("a.md", ("text",), ["a.md.en.txt"]),
        ("2024.05/depeche", (), ["2024.05/depeche.en.txt"]),
    ],
)  # fmt: skip
def test_output_names(name: str, asked: tuple[str, ...], expected: list[str]) -> None:
    assert [output for _, output in output_names(name, asked)] == expected


def test_a_format_that_no_reader_knows_has_no_output() -> None:
    with pytest.raises(InputError, match="LaTeX"):
        output_names("a.tex", ())
    assert output_names("a.tex", (), "text") == (("text", "a.tex.en.txt"),)


def test_the_parts_of_a_saved_page_are_left_out() -> None:
    selection = Selection()
    assert selection.takes("press/page.html")
    assert selection.takes("mes_fichiers/notes.txt")
    assert not selection.takes("press/page_files/frame.html")
    assert not selection.takes("press/page_fichiers/pub/frame.htm")
    assert Selection(include=("*.html",)).takes("press/page_files/frame.html")


@given(names, formats)
def test_an_output_stands_where_its_file_does_and_is_never_an_input_itself(name: str, asked: list[str]) -> None:
    for _, output in output_names(name, asked, "text"):
        assert output.rpartition("/")[0] == name.rpartition("/")[0]
        assert output != name


@given(names, formats)
def test_the_outputs_of_one_file_differ(name: str, asked: list[str]) -> None:
    outputs = [output for _, output in output_names(name, asked, "text")]
    assert len(set(outputs)) == len(outputs)


@given(st.lists(names, unique=True, max_size=12), st.sampled_from(sorted(WRITERS)))
def test_only_a_name_that_holds_the_other_can_have_the_same_output(found: list[str], asked: str) -> None:
    by_output = defaultdict(list)
    for name in found:
        by_output[output_names(name, [asked], "text")[0][1]].append(name)
    for same in by_output.values():
        shortest = min(same, key=len)
        assert all(name.startswith(shortest) and len(name) - len(shortest) <= len(".markdown") for name in same)


@given(names, st.lists(st.sampled_from(("*.txt", "a*", "*/a*", "*é*", "*", "b.md")), max_size=2))
def test_what_is_excluded_is_never_taken_and_lies_in_no_folder_that_is_entered(name: str, globs: list[str]) -> None:
    every = Selection(include=("*", ".*"))
    some = Selection(include=("*", ".*"), exclude=tuple(globs))
    if some.takes(name):
        assert every.takes(name)
        folders = name.split("/")[:-1]
        assert all(some.enters("/".join(folders[: depth + 1])) for depth in range(len(folders)))


@pytest.mark.parametrize(
    ("selection", "name", "taken"),
    [
        (Selection(), "a.txt", True),
        (Selection(), "a.TXT", True),
        (Selection(), "deep/down/a.markdown", True),
        (Selection(), "a", False),
        (Selection(), "a.pdf", False),
        (Selection(), ".a.txt", False),
        (Selection(), ".git/a.txt", False),
        (Selection(include=("*",)), "a.pdf", True),
        (Selection(include=("*",)), ".a.txt", False),
        (Selection(include=(".*",)), ".a.txt", True),
        (Selection(include=(".brouillons/*",)), ".brouillons/a.txt", True),
        (Selection(include=("2024/*",)), "2024/mai/a.txt", True),
        (Selection(include=("2024/*",)), "2023/a.txt", False),
        (Selection(exclude=("*.md",)), "a.md", False),
        (Selection(include=("*.md",), exclude=("vieux/*",)), "vieux/a.md", False),
        (Selection(include=("[ab].txt",)), "b.txt", True),
    ],
)
def test_selection(selection: Selection, name: str, taken: bool) -> None:
    assert selection.takes(name) is taken


def test_hidden_folders_are_entered_only_where_a_glob_names_the_dot() -> None:
    assert not Selection().enters(".git")
    assert Selection(include=(".brouillons/*",)).enters(".brouillons")
    assert not Selection(exclude=("vieux/*",)).enters("vieux")
    assert Selection(exclude=("vieux/*.md",)).enters("vieux")


def test_names_that_are_no_utf_8_are_shown_by_their_bytes() -> None:
    assert shown("caf\udce9.txt") == "caf\\xe9.txt"
    assert shown("café.txt") == "café.txt"
    assert is_hidden("a/.b/c.txt")
