"""Addresses of object stores, with the store that fsspec keeps in memory."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batches import PLAIN
from fakes import FakeEngine

from translate.batch import Event, Finished, Job, Local, ObjectFolder, Recipe, Report, Selection, locked, run_batch
from translate.batch import objects as objects_module
from translate.cli import main
from translate.errors import InputError, OutputError, UsageError


@pytest.fixture
def store() -> Iterator[Any]:
    import fsspec

    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def names(folder: ObjectFolder, others: Counter[str] | None = None) -> list[str]:
    return [found.name for found in folder.found(Selection(), others)]


def test_a_prefix_is_translated(store: Any, tmp_path: Path) -> None:
    store.pipe({"/fr/été.txt": b"Le chat dort.\n", "/fr/2024/a.md": b"Le chien aboie.\n", "/fr/b.pdf": b"%PDF"})
    job = Job(ObjectFolder("memory://fr"), ObjectFolder("memory://en"), tmp_path / "state", Recipe(PLAIN))
    events: list[Event] = []
    for again in range(2):
        with locked(job) as manifest, Local(FakeEngine(), None) as executor:
            report = run_batch(job, manifest, executor, events.append)
        assert (report.translated, report.unchanged) == ((0, 2) if again else (2, 0))
    assert store.cat_file("/en/été.en.txt") == "⟦Le chat dort.⟧.\n".encode()
    assert store.cat_file("/en/2024/a.en.md") == "⟦Le chien aboie.⟧.\n".encode()
    assert [event.name for event in events if isinstance(event, Finished)] == ["2024/a.md", "été.txt"]


class _Tagged:
    """A store that tells entity tags, as S3 does."""

    def __init__(self, files: Any) -> None:
        self._files = files

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def _with_tag(self, info: dict[str, Any]) -> dict[str, Any]:
        return info if info["type"] != "file" else {**info, "ETag": _tag(self._files.cat_file(info["name"]))}

    def ls(self, path: str, detail: bool) -> list[dict[str, Any]]:
        return [self._with_tag(info) for info in self._files.ls(path, detail=detail)]

    def info(self, path: str) -> dict[str, Any]:
        return self._with_tag(self._files.info(path))

    def pipe_file(self, path: str, data: bytes) -> dict[str, str]:
        self._files.pipe_file(path, data)
        return {"ETag": _tag(data)}


def _tag(data: bytes) -> str:
    return f'"{hashlib.md5(data).hexdigest()}"'


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        ("⟦Le chat dort.⟧, lui.\n".encode(), "always"),
        ("⟦Le chien".encode(), "always"),
        ("⟦Le loup dort.⟧.\n".encode(), "by its tag"),
        ("⟦Le chat".encode(), "never"),
        (b"", "never"),
    ],
)
def test_an_object_that_somebody_changed_stays(
    store: Any, tmp_path: Path, tagged: bool, change: bytes, noticed: str
) -> None:
    store.pipe({"/fr/a.txt": b"Le chat dort.\n"})

    def run() -> Report:
        outputs = ObjectFolder("memory://en")
        if tagged:
            outputs._files = _Tagged(outputs._files)
        job = Job(ObjectFolder("memory://fr"), outputs, tmp_path / "state", Recipe(PLAIN))
        with locked(job) as manifest, Local(FakeEngine(), None) as executor:
            return run_batch(job, manifest, executor, lambda event: None)

    assert run().translated == 1
    assert run().unchanged == 1
    store.pipe_file("/en/a.en.txt", change)
    report = run()
    if noticed == "always" or (noticed == "by its tag" and tagged):
        assert "was changed since" in report.failures[0].what
        assert store.cat_file("/en/a.en.txt") == change
    elif noticed == "never":
        assert store.cat_file("/en/a.en.txt") == "⟦Le chat dort.⟧.\n".encode()
    else:
        assert report.unchanged == 1


def test_only_one_folder_a_level_is_listed_ahead(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.pipe({f"/fr/{day}/{number}.txt": b"x" for day in range(5) for number in range(3)})
    folder = ObjectFolder("memory://fr")
    listed: list[str] = []
    kept = folder._entries

    def entries(name: str) -> Any:
        listed.append(name)
        return kept(name)

    monkeypatch.setattr(folder, "_entries", entries)
    found = folder.found(Selection())
    assert next(found).name == "0/0.txt"
    assert listed == ["", "0/"]
    assert len(list(found)) == 14


def test_hidden_folders_and_the_output_are_not_looked_into(store: Any) -> None:
    store.pipe({"/fr/a.txt": b"x", "/fr/.git/b.txt": b"x", "/fr/en/a.en.txt": b"x", "/fr/english/c.txt": b"x"})
    assert names(ObjectFolder("memory://fr", without="memory://fr/en/")) == ["a.txt", "english/c.txt"]


def test_other_kinds_are_counted(store: Any) -> None:
    store.pipe({"/fr/a.txt": b"x", "/fr/b.PDF": b"x", "/fr/c": b"x", "/fr/.d": b"x"})
    others: Counter[str] = Counter()
    assert names(ObjectFolder("memory://fr"), others) == ["a.txt"]
    assert others == {".pdf": 1, "no ending": 1}


def test_what_the_listing_does_not_show_is_asked_for(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.pipe("/en/a.txt", b"abc")
    folder = ObjectFolder("memory://en")
    assert (folder.size("a.txt"), folder.size("z.txt")) == (3, None)
    store.pipe({"/en/b.txt": b"abcd", "/en/z.txt": b"abcde"})
    assert folder.size("b.txt") == 4
    assert folder.size("z.txt") is None  # asked a moment ago
    monkeypatch.setattr(objects_module, "_FRESH", 0.0)
    assert folder.size("z.txt") == 5
    folder.write("c.txt", [b"ab", b"c"], force=False)
    assert folder.size("c.txt") == 3
    folder.remove("a.txt")
    folder.remove("a.txt")
    assert folder.size("a.txt") is None


def test_a_listing_is_made_again_when_it_is_old(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.pipe("/en/a.txt", b"abc")
    folder = ObjectFolder("memory://en")
    assert folder.size("a.txt") == 3
    store.rm("/en/a.txt")
    assert folder.size("a.txt") == 3
    monkeypatch.setattr(objects_module, "_STALE", -1.0)
    assert folder.size("a.txt") is None


def test_what_is_there_is_replaced_only_by_force(store: Any) -> None:
    store.pipe("/en/a.txt", b"mine")
    folder = ObjectFolder("memory://en")
    with pytest.raises(OutputError, match="is there already"):
        folder.write("a.txt", [b"new"], force=False)
    assert store.cat_file("/en/a.txt") == b"mine"
    folder.write("a.txt", [b"new"], force=True)
    assert store.cat_file("/en/a.txt") == b"new"


def test_a_name_that_is_no_utf8_fails_alone(store: Any) -> None:
    with pytest.raises(OutputError, match=r"caf\\xe9.txt: cannot be there: the name is no UTF-8"):
        ObjectFolder("memory://en").size("caf\udce9.txt")


def test_an_empty_address(store: Any) -> None:
    with pytest.raises(InputError, match="memory://fr: there is nothing"):
        names(ObjectFolder("memory://fr"))


class LostError(Exception):
    """What a store's own library raises when there is no connection."""


@pytest.mark.parametrize("error", [LostError("no route"), TimeoutError("no answer"), ConnectionResetError("hung up")])
def test_a_store_out_of_reach_stops_a_run(store: Any, tmp_path: Path, error: Exception) -> None:
    store.pipe({f"/fr/{number}.txt": b"Le chat dort.\n" for number in range(3)})
    inputs = ObjectFolder("memory://fr")

    def lost(*_: Any, **__: Any) -> Any:
        raise error

    inputs._files = _Lossy(inputs._files, lost)
    job = Job(inputs, ObjectFolder("memory://en"), tmp_path / "state", Recipe(PLAIN))
    with locked(job) as manifest, Local(FakeEngine(), None) as executor:
        with pytest.raises(OutputError, match=f"memory://fr: cannot be used: {error}"):
            run_batch(job, manifest, executor, lambda event: None)
        assert manifest.totals().failed == 0


class _Lossy:
    """A store of which the listing still comes."""

    def __init__(self, files: Any, lost: Any) -> None:
        self.ls, self.info, self.cat_file = files.ls, files.info, lost


def test_addresses_are_refused_where_connections_are_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FR2EN_OFFLINE", "1")
    with pytest.raises(UsageError, match="--offline forbids"):
        ObjectFolder("s3://presse/fr")
    ObjectFolder("memory://fr")


def test_an_address_that_no_library_knows() -> None:
    with pytest.raises(UsageError, match="nowhere://x: cannot be opened"):
        ObjectFolder("nowhere://x")


@pytest.mark.parametrize("source", ["memory://b/press", "memory://b/press/2024", "memory://b/press/"])
def test_a_bucket_is_not_read_within_the_place_written_to(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", source, "memory://b/press"]) == 2
    assert "the same or within it" in capsys.readouterr().err
