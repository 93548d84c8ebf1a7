"""The soak judges rightly; the page on reliability cites tests that are there, and the numbers of the soak."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from soak_articles import ODDITIES, Press, write_folder
from soak_checks import Account, check_whole, output_of

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
CITED = re.compile(r"`(tests/\w+\.py)((?:::\w+)+)`")


def found_in(path: Path) -> set[str]:
    """Return the names of a file's tests as pytest writes them, parameters left out."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"::{node.name}" if isinstance(node, ast.ClassDef) else ""
        found |= {f"{prefix}::{test.name}" for test in inner if isinstance(test, ast.FunctionDef)}
    return found


def test_every_test_that_the_page_cites_is_there() -> None:
    cited = CITED.findall(PAGE.read_text("utf-8"))
    assert len(cited) > 20
    missing = [f"{file}{name}" for file, name in cited if name not in found_in(ROOT / file)]
    assert not missing


def test_every_fault_cites_a_test() -> None:
    table = PAGE.read_text("utf-8").partition("| fault |")[2].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert len(rows) > 15
    assert [row for row in rows if not CITED.search(row) and "tests/soak.py" not in row] == []


def test_the_numbers_of_the_page_are_those_of_the_soak() -> None:
    report = json.loads((PAGE.parent / "reliability" / "soak.json").read_text("utf-8"))
    assert report["losses"] == 0
    assert report["problems"] == []
    rows = dict(re.findall(r"^\| (\w+) \| (-?[\d,.]+) \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert rows.keys() >= {"files", "words", "words_per_second", "peak_mib", "growth_mib", "kills", "losses"}
    assert {name: float(value.replace(",", "")) for name, value in rows.items()} == {
        name: report[name] for name in rows
    }


def test_the_same_seed_makes_the_same_folder(tmp_path: Path) -> None:
    made = [write_folder(Press(7), 800, tmp_path / name) for name in ("a", "b")]
    assert made[0] == made[1]
    assert len(made[0]) == 800
    assert sum(not good for good in made[0].values()) == 3
    assert all(any(kind in name for name in made[0]) for kind in ODDITIES)
    for name in made[0]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("english", "complaint"),
    [
        ({"a.en.txt": "One.\n\nTwo.\n", "b.en.txt": "Two.\n"}, None),
        ({"a.en.txt": "One.\n", "b.en.txt": "Two.\n"}, "1 paragraphs for 2: 'a.en.txt'"),
        ({"a.en.txt": "", "b.en.txt": "Two.\n"}, "1 paragraphs for 2: 'a.en.txt'"),
        ({"a.en.txt": "One.\n\nTwo.\n", "b.en.txt": ""}, "1 paragraphs for 1: 'b.en.txt'"),
        (
            {"a.en.txt": "One.\n\nTwo.\n", "b.en.txt": "Zwei.\n"},
            "a paragraph differs from that of another file: 'b.en.txt': 'Zwei.'",
        ),
    ],
)
def test_what_is_lost_is_seen(tmp_path: Path, english: dict[str, str], complaint: str | None) -> None:
    for name, text in {"a.txt": "Un.\n\nDeux.\n", "b.txt": "Deux.\n", **english}.items():
        (tmp_path / name).write_text(text, "utf-8")
    account = Account()
    check_whole(tmp_path, tmp_path, {output_of(name): name for name in ("a.txt", "b.txt")}, account)
    assert account.losses == ([complaint] if complaint else [])


def test_copies_must_be_equal(tmp_path: Path) -> None:
    for name, data in {
        "a.txt": b"\xe9t\xe9",
        "b.txt": b"\xe9t\xe9",
        "a.en.txt": b"summer",
        "b.en.txt": b"winter",
    }.items():
        (tmp_path / name).write_bytes(data)
    account = Account()
    check_whole(tmp_path, tmp_path, {"a.en.txt": "a.txt", "b.en.txt": "b.txt"}, account)
    assert account.losses == ["differs from that of the same text: 'b.en.txt'"]
