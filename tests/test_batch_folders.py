"""Folders as they are: links, loops, pipes, and what may not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from translate.batch import LocalFolder, Selection
from translate.errors import InputError, OutputError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def names(root: Path, without: Path | None = None, others: Counter[str] | None = None) -> list[str]:
    return [found.name for found in LocalFolder(root, without).found(Selection(), others)]


def put(path: Path, text: str = "Bonjour.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_are_found_in_the_order_of_their_names(root: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a.txt", "c/d/e.txt", "Z.txt"):
        put(root / name)
    assert names(root) == ["Z.txt", "a/z.txt", "a.txt", "b.txt", "c/d/e.txt"]


def test_a_stamp_is_size_and_time(root: Path) -> None:
    path = put(root / "a.txt")
    os.utime(path, ns=(5, 1234567890123456789))
    (found,) = LocalFolder(root).found(Selection())
    assert (found.stamp.size, found.stamp.modified) == (8, 1234567890123456789)
    data, stamp = LocalFolder(root).read("a.txt")
    assert (data, stamp) == (b"Bonjour.", found.stamp)


def test_loops_of_links_are_not_walked(root: Path) -> None:
    put(root / "a/b.txt")
    (root / "a" / "up").symlink_to("..")
    (root / "a" / "self").symlink_to(".")
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")
    assert names(root) == ["a/b.txt"]


def test_a_link_out_that_leads_back_in(root: Path, tmp_path: Path) -> None:
    put(root / "a.txt")
    put(tmp_path / "elsewhere/b.txt")
    (root / "out").symlink_to("../elsewhere")
    (root / "again").symlink_to("../elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(root)
    assert names(root) == ["a.txt", "again/b.txt"], "what lies outside is found once, what lies inside by its own name"


def test_links_to_files_are_followed(root: Path, tmp_path: Path) -> None:
    put(tmp_path / "b.txt", "ailleurs")
    (root / "link.txt").symlink_to("../b.txt")
    assert names(root) == ["link.txt"]
    assert LocalFolder(root).read("link.txt")[0] == b"ailleurs"


def test_dangling_links_and_pipes_are_counted(root: Path) -> None:
    (root / "gone.txt").symlink_to("missing")
    (root / "gone.pdf").symlink_to("missing")
    os.mkfifo(root / "pipe.txt")
    others: Counter[str] = Counter()
    assert names(root, others=others) == []
    assert others == {"links that lead nowhere": 1, "pipes and devices": 1}


def test_endings_without_number_are_not_told_apart_without_end(root: Path) -> None:
    for number in range(1100):
        put(root / f"a.{number}")
    others: Counter[str] = Counter()
    names(root, others=others)
    assert sum(others.values()) == 1100
    assert others["other endings"] == 100


def test_the_output_folder_is_not_read_wherever_links_lead(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(root / "a.txt")
    put(out / "2024/a.en.txt")
    (root / "all").symlink_to(out)
    (root / "year").symlink_to(out / "2024")
    (root / "parent").symlink_to(tmp_path)
    assert names(root, without=out) == ["a.txt"]
    inside = root / "english"
    put(inside / "a.en.txt")
    assert names(root, without=inside) == ["a.txt", "all/2024/a.en.txt"]


def test_folders_deeper_than_python_recurses(root: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(root)
        for _ in range(1200):  # by steps: the whole path is at the limit of what may be named at once
            Path("d").mkdir()
            os.chdir("d")
        Path("a.txt").write_text("Bonjour.")
    finally:
        os.chdir(here)
    found = names(root)
    for _ in range(1199):  # shutil.rmtree recurses
        (root / "d" / "d").rename(root / "up")
        (root / "d").rmdir()
        (root / "up").rename(root / "d")
    assert found == ["d/" * 1200 + "a.txt"]


def test_a_folder_whose_path_is_too_long_is_told_of(root: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(root)
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
        Path("a.txt").write_text("Bonjour.")
    finally:
        os.chdir(here)
    found = names(root)
    assert len(found) == 1
    assert found[0].endswith("/")
    with pytest.raises(InputError, match="too long"):
        LocalFolder(root).read(found[0])


def test_a_closed_folder_is_yielded_and_reading_it_tells_why(root: Path) -> None:
    setpriv = shutil.which("setpriv")
    if os.geteuid() or not setpriv:
        pytest.skip("needs root, to be somebody else for a moment")
    put(root / "closed/a.txt")
    put(root / "b.txt")
    (root / "closed").chmod(0)
    for folder in (root, *root.parents):
        if folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})\n"
        "from pathlib import Path\nfrom translate.batch import LocalFolder, Selection\n"
        "from translate.errors import InputError\n"
        f"folder = LocalFolder(Path({str(root)!r}))\n"
        "print([found.name for found in folder.found(Selection())])\n"
        "try:\n    folder.read('closed/')\nexcept InputError as error:\n    print(error.what)\n"
    )
    who = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = subprocess.run([*who, sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if "ModuleNotFoundError" in done.stderr or "Permission denied: '" in done.stderr:
        pytest.skip("nobody else can read the program here")
    assert done.stdout.splitlines()[0] == "['b.txt', 'closed/']"
    assert "Permission denied" in done.stdout


def test_what_is_no_folder(root: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        names(put(root / "a.txt"))
    with pytest.raises(InputError, match="cannot be read"):
        names(root / "missing")


def test_reading_what_cannot_be_read(root: Path) -> None:
    folder = LocalFolder(root)
    with pytest.raises(FileNotFoundError):
        folder.read("missing.txt")
    (root / "a.txt").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        folder.read("a.txt")


def test_size_tells_files_from_all_else(root: Path) -> None:
    folder = LocalFolder(root)
    put(root / "a.txt")
    (root / "link").symlink_to("a.txt")
    (root / "sub").mkdir()
    assert [folder.size(name) for name in ("a.txt", "link", "sub", "missing", "a.txt/b")] == [8, -1, -1, None, None]


def test_writing_makes_folders_and_replaces_only_with_force(root: Path) -> None:
    folder = LocalFolder(root)
    folder.write("x/y/a.txt", (b"one ", b"two"), force=False)
    assert (root / "x/y/a.txt").read_bytes() == b"one two"
    with pytest.raises(OutputError, match="there already"):
        folder.write("x/y/a.txt", (b"three",), force=False)
    folder.write("x/y/a.txt", (b"three",), force=True)
    assert (root / "x/y/a.txt").read_bytes() == b"three"


def test_writing_where_a_file_stands_in_the_way_of_a_folder(root: Path) -> None:
    put(root / "x")
    with pytest.raises(OutputError, match="cannot be written"):
        LocalFolder(root).write("x/a.txt", (b"one",), force=True)
    (root / "sub").mkdir()
    with pytest.raises(OutputError, match="folder"):
        LocalFolder(root).write("sub", (b"one",), force=True)


@pytest.mark.parametrize("action", ["write", "remove", "sweep"])
def test_nothing_happens_beyond_a_link_that_leads_out(root: Path, tmp_path: Path, action: str) -> None:
    elsewhere = put(tmp_path / "elsewhere/a.txt").parent
    put(elsewhere / ".fr2en-0123456789ab.tmp")
    (root / "sub").symlink_to(elsewhere)
    folder = LocalFolder(root)
    actions = {
        "write": lambda: folder.write("sub/deeper/a.txt", (b"one",), force=True),
        "remove": lambda: folder.remove("sub/a.txt"),
        "sweep": lambda: folder.sweep(["sub/a.txt"]),
    }
    with pytest.raises(OutputError, match="leads out"):
        actions[action]()
    assert sorted(path.name for path in elsewhere.iterdir()) == [".fr2en-0123456789ab.tmp", "a.txt"]


def test_a_link_within_the_folder_is_followed(root: Path) -> None:
    (root / "real").mkdir()
    (root / "sub").symlink_to("real")
    LocalFolder(root).write("sub/a.txt", (b"one",), force=False)
    assert (root / "real/a.txt").read_bytes() == b"one"


def test_sweeping_removes_what_was_left_unfinished_and_nothing_else(root: Path) -> None:
    for name in ("sub/.fr2en-0123456789ab.tmp", "sub/a.en.txt", "sub/other.tmp", "b/.fr2en-ba9876543210.tmp"):
        put(root / name)
    LocalFolder(root).sweep(["sub/a.en.txt", "missing/c.en.txt"])
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()) == [
        "b/.fr2en-ba9876543210.tmp",
        "sub/a.en.txt",
        "sub/other.tmp",
    ]


def test_removing_twice(root: Path) -> None:
    put(root / "a.txt")
    LocalFolder(root).remove("a.txt")
    LocalFolder(root).remove("a.txt")
    LocalFolder(root).remove("missing/a.txt")
    assert not (root / "a.txt").exists()


def test_places_are_named_as_a_single_translation_names_them(root: Path) -> None:
    from translate.read import read_document

    name = os.fsdecode(b"caf\xe9.txt")
    put(root / name)
    assert LocalFolder(root).source(name) == read_document(root / name).meta.source
