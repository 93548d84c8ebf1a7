"""The manifest: what it keeps, what it refuses, and what it survives."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from translate.batch import Failure, Manifest
from translate.batch.jobs import Stamp
from translate.batch.manifest import SCHEMA, Entry, Output
from translate.errors import InputError, OutputError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "manifest.sqlite"


def entry(name: str, *outputs: str, failure: Failure | None = None) -> Entry:
    made = tuple(Output(output, 5) for output in outputs)
    return Entry(name, Stamp(3, 10**18 + 1, "tag"), "c0ffee", "recipe", "writing", made, 30, 3, 1, failure)


def test_a_file_goes_from_writing_to_done(path: Path) -> None:
    with Manifest(path) as manifest:
        assert manifest.entry("a.txt") is None
        manifest.begin([entry("a.txt", "a.en.txt")])
        assert [found.state for found in manifest.entries("writing")] == ["writing"]
        manifest.finish([entry("a.txt", "a.en.txt")])
    with Manifest(path) as manifest:
        found = manifest.entry("a.txt")
        assert found is not None
        assert (found.state, found.stamp, found.outputs) == (
            "done",
            Stamp(3, 10**18 + 1, "tag"),
            (Output("a.en.txt", 5),),
        )
        assert (found.words, found.sentences, found.flagged, found.failure) == (30, 3, 1, None)
        assert manifest.owner("a.en.txt") == "a.txt"
        assert [same.name for same in manifest.same_content("c0ffee")] == ["a.txt"]


def test_failures_are_kept_with_their_hint(path: Path) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt", failure=Failure("in \udce9: broken", "mend it"))])
        found = manifest.entry("a.txt")
        assert found is not None
        assert found.state == "failed"
        assert found.failure == Failure("in \\udce9: broken", "mend it")
        assert not manifest.same_content("c0ffee")


def test_totals(path: Path) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt", "a"), entry("b.txt", "b"), entry("c.txt", failure=Failure("x"))])
        manifest.begin([entry("d.txt", "d")])
        assert manifest.totals().pace == 0
        manifest.ran(0.0, "in\udce9", "recipe", 300, 2.0)
        manifest.ran(0.0, "in", "recipe", 100, 2.0)
        totals = manifest.totals()
    assert (totals.done, totals.failed, totals.unfinished) == (2, 1, 1)
    assert (totals.words, totals.sentences, totals.flagged, totals.pace) == (60, 6, 2, 100.0)


def test_outputs_change_hands(path: Path) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.md", "a.en.txt", "a.en.json")])
        manifest.finish([entry("a.txt", "a.en.txt")])
        assert manifest.owner("a.en.txt") == "a.txt"
        assert manifest.owner("a.en.json") == "a.md"
        manifest.dismiss("a.md")
        assert manifest.entry("a.md") is None
        assert manifest.owner("a.en.json") == "a.md", "still a batch's"
        manifest.forget("a.txt")
        assert manifest.owner("a.en.txt") is None


names = st.text(
    st.one_of(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
        st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    ),
    min_size=1,
    max_size=40,
).map(lambda name: os.fsdecode(os.fsencode(name)))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_names_of_any_bytes_come_back_as_they_were(path: Path, found: list[str]) -> None:
    path.unlink(missing_ok=True)
    with Manifest(path) as manifest:
        manifest.finish(entry(name, f"{name}.en") for name in found)
        assert sorted(e.name for e in manifest.entries("done")) == sorted(found)
        for name in found:
            assert manifest.owner(f"{name}.en") == name
            known = manifest.entry(name)
            assert known is not None
            assert known.outputs == (Output(f"{name}.en", 5),)


def test_what_fails_amid_a_transaction_changes_nothing(path: Path) -> None:
    def stumbling() -> object:
        yield entry("a.txt", "a.en.txt")
        raise KeyboardInterrupt

    with Manifest(path) as manifest:
        with pytest.raises(KeyboardInterrupt):
            manifest.begin(stumbling())  # type: ignore[arg-type]
        assert manifest.entry("a.txt") is None
        manifest.begin([entry("b.txt")])
        assert manifest.entry("b.txt") is not None


def test_a_database_of_others_is_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as others:
        others.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    for readonly in (False, True):
        with pytest.raises(InputError, match="no manifest of fr2en"):
            Manifest(path, readonly=readonly)
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


#: The tables that differ as an earlier fr2en made them, with a file and where it came from.
_LAYOUT_1 = """
DROP TABLE outputs;
DROP TABLE origin;
CREATE TABLE outputs (output BLOB PRIMARY KEY, name BLOB NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE origin (only INTEGER PRIMARY KEY CHECK (only = 1), place TEXT NOT NULL);
INSERT INTO outputs VALUES (CAST('a.en.txt' AS BLOB), CAST('a.txt' AS BLOB), 5);
INSERT INTO origin VALUES (1, '/press');
PRAGMA user_version = 1;
"""


def test_a_manifest_of_an_earlier_version_is_read_and_taken_over(path: Path) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt")])
    connection = sqlite3.connect(path)
    connection.executescript(_LAYOUT_1)
    connection.close()
    for readonly in (True, False, True):
        with Manifest(path, readonly=readonly) as manifest:
            found = manifest.entry("a.txt")
            assert found is not None
            assert found.outputs == (Output("a.en.txt", 5),)
            assert manifest.output("a.en.txt") == Output("a.en.txt", 5)
            assert manifest.origin() == "/press"
    with Manifest(path) as manifest:
        assert manifest.target() == ""
        made = Output("a.en.txt", 7, "c0ffee", 10**18 + 1, "tag", "beef")
        manifest.finish([replace(entry("a.txt"), outputs=(made,))])
        assert manifest.output("a.en.txt") == made


def test_places_of_any_bytes_come_back_as_they_were(path: Path) -> None:
    with Manifest(path) as manifest:
        assert (manifest.origin(), manifest.target()) == ("", "")
        manifest.note_places("/q\udcff", "/out\udce9")
        assert (manifest.origin(), manifest.target()) == ("/q\udcff", "/out\udce9")


@pytest.mark.parametrize("table", ["files", "outputs"])
def test_a_name_that_fr2en_did_not_write_is_damage(path: Path, table: str) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt", "a.en.txt")])
        manifest._connection.execute(f"UPDATE {table} SET name = CAST(name AS TEXT)")
        with pytest.raises(InputError, match="the manifest is damaged"):
            list(manifest.entries("done")) if table == "files" else manifest.owner("a.en.txt")


def test_a_manifest_of_a_newer_version_is_left_as_it_is(path: Path) -> None:
    Manifest(path).__exit__(None, None, None)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    with pytest.raises(InputError, match="newer fr2en"):
        Manifest(path)


@pytest.mark.parametrize("damage", ["no database", "cut short", "overwritten"])
def test_a_damaged_manifest_is_told_of(path: Path, damage: str) -> None:
    with Manifest(path) as manifest:
        manifest.finish(entry(f"{number}.txt", f"{number}.en.txt") for number in range(500))
    data = path.read_bytes()
    harm = {
        "no database": b"This is no database at all. " * 100,
        "cut short": data[: len(data) // 2],
        "overwritten": data[:4096] + os.urandom(len(data) - 4096),
    }
    path.write_bytes(harm[damage])

    def read() -> None:
        with Manifest(path) as manifest:
            for number in range(500):
                manifest.entry(f"{number}.txt")
            list(manifest.entries("done"))

    with pytest.raises(InputError, match="damaged") as found:
        read()
    assert "--force" in found.value.hint


def test_no_manifest_to_read(path: Path) -> None:
    with pytest.raises(InputError, match="no manifest of a batch"):
        Manifest(path, readonly=True)
    assert not path.exists()


def test_reading_writes_nothing(path: Path) -> None:
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt", "a.en.txt")])
    before = path.read_bytes(), path.stat().st_mtime_ns
    with Manifest(path, readonly=True) as manifest:
        assert manifest.totals().done == 1
        with pytest.raises(OutputError):
            manifest.finish([entry("b.txt")])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_it_is_read_while_a_run_writes_it(path: Path) -> None:
    with Manifest(path) as writer:
        writer.finish([entry("a.txt", "a.en.txt")])
        with Manifest(path, readonly=True) as reader:
            assert reader.totals().done == 1
            writer.finish([entry("b.txt", "b.en.txt")])
            assert reader.totals().done == 2


def test_a_manifest_that_another_process_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: real(*args, **{**options, "timeout": 0.1}))
    with Manifest(path) as manifest:
        other = real(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="another process holds"):
            manifest.finish([entry("a.txt")])
        other.execute("ROLLBACK")
        other.close()
        manifest.finish([entry("a.txt")])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be used"):
        Manifest(tmp_path / "missing" / "manifest.sqlite")


def test_a_read_only_disk(path: Path) -> None:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    with Manifest(path) as manifest:
        manifest.finish([entry("a.txt", "a.en.txt")])
    disk = path.parent / "disk"
    disk.mkdir()
    if not mount or not umount or os.system(f"{mount} -t tmpfs -o size=1m tmpfs '{disk}' 2>/dev/null"):
        pytest.skip("needs the right to mount a small disk")
    try:
        shutil.copy(path, disk)
        assert os.system(f"{mount} -o remount,ro '{disk}'") == 0
        with Manifest(disk / path.name, readonly=True) as manifest:
            assert manifest.totals().done == 1
        with pytest.raises(OutputError, match="cannot be used"):
            Manifest(disk / path.name)
    finally:
        os.system(f"{umount} '{disk}'")


def test_a_disk_that_fills_up_keeps_what_was_noted(path: Path) -> None:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    disk = path.parent / "disk"
    disk.mkdir()
    if not mount or not umount or os.system(f"{mount} -t tmpfs -o size=600k tmpfs '{disk}' 2>/dev/null"):
        pytest.skip("needs the right to mount a small disk")
    try:
        (disk / "ballast").write_bytes(b"x" * 200_000)
        noted: list[int] = []

        def fill(manifest: Manifest) -> None:
            for number in range(10_000):
                manifest.finish([entry(f"{number}.txt", f"{number}.en.txt" * 20)])
                noted.append(number)

        with Manifest(disk / path.name) as manifest, pytest.raises(OutputError, match="full") as found:
            fill(manifest)
        assert "goes on" in found.value.hint
        (disk / "ballast").unlink()
        with Manifest(disk / path.name) as manifest:
            assert manifest.totals().done == len(noted)
    finally:
        os.system(f"{umount} '{disk}'")
