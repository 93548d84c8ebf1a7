"""A folder translated whole, whatever happens: with the fake engine."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from batches import PLAIN, Batch, Engine, tree
from fakes import FakeEngine

from translate.batch import (
    MANIFEST,
    STATE,
    Failed,
    Finished,
    Gone,
    LocalFolder,
    Manifest,
    Recipe,
    Selection,
    Started,
    Unchanged,
    locked,
    run_batch,
)
from translate.batch.estimate import estimate
from translate.batch.jobs import Item, Outcome, Rendered, Stamp
from translate.engines import EngineInfo
from translate.errors import InputError, OutputError
from translate.settings import Settings

CAT, DOG = "Le chat dort.\n", "Le chien aboie.\n"


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    found = Batch(tmp_path)
    found.inputs.mkdir()
    return found


def test_the_tree_is_mirrored(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("2024/mai/b.md", DOG)
    report = batch.run()
    assert batch.written() == {
        "a.en.txt": "⟦Le chat dort.⟧.\n".encode(),
        "2024/mai/b.en.md": "⟦Le chien aboie.⟧.\n".encode(),
    }
    assert (report.translated, report.failed, report.unchanged) == (2, 0, 0)
    assert (report.words, report.sentences) == (6, 2)


def test_the_sentences_of_all_files_go_to_the_engine_together_and_once(batch: Batch) -> None:
    for number in range(5):
        batch.put(f"{number}.txt", CAT + "\n" + f"Voici le numéro {number}.\n")
    engine = FakeEngine()
    batch.run(engine)
    assert len(engine.calls) == 1
    assert engine.sent.count("Le chat dort.") == 1


def test_several_formats_and_twins_of_one_stem(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("a.md", DOG)
    batch.run(recipe=Recipe(PLAIN, ("text", "json")))
    assert set(batch.written()) == {"a.en.txt", "a.txt.en.json", "a.md.en.txt", "a.md.en.json"}
    assert "chien" in batch.written()["a.md.en.txt"].decode()


def test_what_is_passed_over_is_counted(batch: Batch) -> None:
    for name in ("a.txt", "b.pdf", "c.pdf", "d", ".hidden.txt", ".git/objects/e", "f.JPG"):
        batch.put(name, CAT)
    (batch.inputs / "nowhere.txt").symlink_to("missing.txt")
    os.mkfifo(batch.inputs / "pipe.txt")
    report = batch.run()
    assert batch.of(Started) == [
        Started(
            1, ((".pdf", 2), ("no ending", 1), (".jpg", 1), ("links that lead nowhere", 1), ("pipes and devices", 1))
        )
    ]
    assert report.translated == 1


def test_one_of_two_files_with_the_same_output_fails(batch: Batch) -> None:
    batch.put("a.md", CAT)
    batch.put("a.md.txt", DOG)
    recipe = Recipe(PLAIN, ("text",))
    for _ in range(2):
        report = batch.run(recipe=recipe)
        assert report.failed == 1
        assert "its output a.md.en.txt is that of a.md too" in batch.failed["a.md.txt"]
        assert batch.written() == {"a.md.en.txt": "⟦Le chat dort.⟧.\n".encode()}
    (batch.inputs / "a.md").unlink()
    assert batch.run(recipe=recipe).failed == 0
    assert batch.written() == {"a.md.en.txt": "⟦Le chien aboie.⟧.\n".encode()}


def test_two_files_cannot_both_take_an_output_whose_file_is_gone(batch: Batch) -> None:
    recipe = Recipe(PLAIN, ("text",))
    batch.put("a.md", CAT)
    batch.run(recipe=recipe)
    (batch.inputs / "a.md").unlink()
    batch.put("a.md.text", DOG)  # in text, too, a.md.en.text
    batch.put("a.md.txt", DOG + "\n" + CAT)
    batch.put("a.MD", DOG)
    assert batch.run(recipe=recipe).failed == 0
    assert set(batch.written()) >= {"a.md.en.text", "a.md.en.txt", "a.MD.en.txt"}


@pytest.mark.parametrize(
    "name",
    [b"caf\xe9.txt", b"deux\nlignes.txt", "📰.txt".encode(), b"\x1b[2J.txt", "é".encode() * 120 + b".txt"],
    ids=["Latin-1", "newline", "emoji", "escape", "244 bytes"],
)
def test_odd_names(batch: Batch, name: bytes) -> None:
    text = os.fsdecode(name)
    batch.put(text, CAT)
    assert batch.run().translated == 1
    assert set(batch.written()) == {text[:-4] + ".en.txt"}
    engine = FakeEngine()
    assert batch.run(engine).unchanged == 1
    assert not engine.calls


def test_an_output_name_that_is_too_long_fails_that_file(batch: Batch) -> None:
    batch.put("x" * 250 + ".txt", CAT)
    batch.put("b.txt", CAT)
    report = batch.run()
    assert (report.failed, report.translated) == (1, 1)
    assert "too long" in next(iter(batch.failed.values()))


def test_an_odd_name_of_a_file_that_fails(batch: Batch) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    batch.put(name, b"\x00\x01\x02" * 100)
    assert batch.run().failed == 1
    with Manifest(batch.outputs / STATE / MANIFEST, readonly=True) as manifest:
        assert [entry.name for entry in manifest.entries("failed")] == [name]


def test_case_twins(batch: Batch) -> None:
    batch.put("A.txt", CAT)
    batch.put("a.txt", DOG)
    assert batch.run().translated == 2
    assert "chat" in batch.written()["A.en.txt"].decode()
    assert "chien" in batch.written()["a.en.txt"].decode()


def test_a_second_run_does_nothing(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.md", DOG)
    batch.run(recipe=Recipe(PLAIN, ("text", "json"), summary=1))
    before = {p: p.stat().st_mtime_ns for p in batch.outputs.rglob("*.en.*")}
    engine = FakeEngine()
    report = batch.run(engine, Recipe(PLAIN, ("text", "json"), summary=1))
    assert not engine.calls
    assert report.unchanged == 2
    assert batch.of(Unchanged) == [Unchanged("a.txt"), Unchanged("b.md")]
    assert {p: p.stat().st_mtime_ns for p in batch.outputs.rglob("*.en.*")} == before


def test_a_touched_file_is_not_done_again_and_known_the_next_time(batch: Batch) -> None:
    path = batch.put("a.txt", CAT)
    batch.run()
    os.utime(path, (1, 1))
    assert batch.run().unchanged == 1
    with Manifest(batch.outputs / STATE / MANIFEST) as manifest:
        entry = manifest.entry("a.txt")
    assert entry is not None
    assert entry.stamp.modified == 10**9


def test_a_changed_file_alone_is_done_again(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.run()
    batch.put("a.txt", CAT + "\nIl ronfle.\n")
    engine = FakeEngine()
    report = batch.run(engine)
    assert (report.translated, report.unchanged) == (1, 1)
    assert engine.sent == ["Il ronfle."]
    assert "Il ronfle" in batch.written()["a.en.txt"].decode()


@pytest.mark.parametrize(
    ("recipe", "asked"),
    [
        (Recipe(replace(PLAIN, boilerplate="mark")), False),
        (Recipe(PLAIN, summary=1), False),
        (Recipe(PLAIN, ("json",)), False),
        (Recipe(replace(PLAIN, strict=True)), False),
        (Recipe(replace(PLAIN, quotes="straight")), True),
        (Recipe(replace(PLAIN, beam=2)), True),
        (Recipe(Settings(retry=True)), True),
    ],
    ids=["boilerplate", "summary", "format", "strict", "quotes", "beam", "retry"],
)
def test_a_changed_setting_does_every_file_again_and_asks_only_what_it_must(
    batch: Batch, recipe: Recipe, asked: bool
) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    engine = FakeEngine()
    assert batch.run(engine, recipe).translated == 1
    assert bool(engine.calls) == asked
    assert batch.run(engine, recipe).unchanged == 1


def test_a_format_asked_for_earlier_stays_and_may_be_made_again(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run(recipe=Recipe(PLAIN, ("text",)))
    batch.run(recipe=Recipe(PLAIN, ("json",)))
    assert set(batch.written()) == {"a.en.txt", "a.txt.en.json"}
    report = batch.run(recipe=Recipe(PLAIN, ("text",)))
    assert (report.failed, report.translated) == (0, 1)
    assert batch.of(Finished)[0].outputs == ("a.en.txt",)


def test_a_format_asked_for_earlier_goes_when_the_file_changes(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run(recipe=Recipe(PLAIN, ("text",)))
    batch.put("a.txt", DOG)
    batch.run(recipe=Recipe(PLAIN, ("json",)))
    assert set(batch.written()) == {"a.txt.en.json"}, "the English of a text that is no more"


@pytest.mark.parametrize(
    "loss",
    [Path.unlink, lambda path: os.truncate(path, 7), lambda path: os.truncate(path, 0)],
    ids=["deleted", "cut short", "emptied"],
)
def test_an_output_that_is_gone_is_made_again(batch: Batch, loss: object) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    loss(batch.outputs / "a.en.txt")  # type: ignore[operator]
    engine = FakeEngine()
    assert batch.run(engine).translated == 1
    assert not engine.calls
    assert "chat" in batch.written()["a.en.txt"].decode()


@pytest.mark.parametrize("change", [b"The cat is asleep.\n", b"The cat", "⟦Le chat dort!⟧.\n".encode()])
@pytest.mark.parametrize("then", ["unchanged", "another text", "another recipe", "renamed and back"])
def test_an_output_that_somebody_changed_stays_and_fails_its_file(batch: Batch, change: bytes, then: str) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.run()
    (batch.outputs / "a.en.txt").write_bytes(change)
    if then == "another text":
        batch.put("a.txt", CAT + "\nIl ronfle.\n")
    recipe = Recipe(replace(PLAIN, quotes="straight")) if then == "another recipe" else None
    if then == "renamed and back":
        (batch.inputs / "a.txt").rename(batch.inputs / "c.txt")
        assert batch.run().failed == 0
        (batch.inputs / "c.txt").rename(batch.inputs / "a.txt")
    for _ in range(2):
        assert batch.run(recipe=recipe).failed == 1
        assert "a.en.txt: " in batch.failed["a.txt"]
        assert "was changed since" in batch.failed["a.txt"] or then == "renamed and back"
        assert batch.written()["a.en.txt"] == change
    (batch.outputs / "a.en.txt").rename(batch.root / "mine.txt")
    assert batch.run(recipe=recipe).failed == 0
    assert "chat" in batch.written()["a.en.txt"].decode()
    (batch.outputs / "a.en.txt").write_bytes(change)
    assert batch.run(recipe=recipe, force=True).failed == 0
    assert "chat" in batch.written()["a.en.txt"].decode()
    assert batch.run(recipe=recipe).unchanged == 2


def test_an_output_that_was_only_touched_or_restored_is_as_it_was(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    os.utime(batch.outputs / "a.en.txt", (1, 1))
    assert batch.run().unchanged == 1


def test_unchanged_outputs_are_not_read(batch: Batch) -> None:
    class Unread(LocalFolder):
        def read(self, name: str) -> tuple[bytes, Stamp]:
            raise AssertionError(name)

    batch.put("a.txt", CAT)
    batch.run(outputs=Unread(batch.outputs))
    assert batch.run(outputs=Unread(batch.outputs)).unchanged == 1
    batch.put("a.txt", DOG)
    assert batch.run(outputs=Unread(batch.outputs)).translated == 1


def test_an_output_of_a_file_that_is_gone_is_taken_over_unless_somebody_changed_it(batch: Batch) -> None:
    recipe = Recipe(PLAIN, ("text",))
    batch.put("a.md", CAT)
    batch.run(recipe=recipe)
    (batch.inputs / "a.md").unlink()
    batch.put("a.md.txt", DOG)
    (batch.outputs / "a.md.en.txt").write_text("mine")
    assert batch.run(recipe=recipe).failed == 1
    assert batch.written() == {"a.md.en.txt": b"mine"}


def test_a_renamed_file_is_recognised(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run(recipe=Recipe(PLAIN, ("text", "json")))
    (batch.inputs / "neuf").mkdir()
    (batch.inputs / "a.txt").rename(batch.inputs / "neuf" / "b.txt")
    engine = FakeEngine()
    batch.run(engine, Recipe(PLAIN, ("text", "json")))
    assert not engine.calls
    assert batch.of(Finished)[0].renamed == "a.txt"
    assert set(batch.written()) == {"neuf/b.en.txt", "neuf/b.txt.en.json"}


def test_an_old_output_that_cannot_be_removed_fails_one_file_alone(batch: Batch, tmp_path: Path) -> None:
    batch.put("old/a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.run()
    (batch.inputs / "old" / "a.txt").rename(batch.inputs / "a.txt")
    batch.put("b.txt", DOG * 2)
    (batch.outputs / "old").rename(tmp_path / "elsewhere")
    (batch.outputs / "old").symlink_to(tmp_path / "elsewhere")
    report = batch.run()
    assert (report.failed, report.translated) == (1, 1)
    assert "leads out of the folder" in batch.failed["a.txt"]
    assert set(tree(tmp_path / "elsewhere")) == {"a.en.txt"}


def test_many_copies_of_one_text_are_not_compared_with_each_other(batch: Batch) -> None:
    for number in range(60):
        batch.put(f"{number:02}.txt", CAT)
    looks: list[str] = []

    class Counting(LocalFolder):
        def size(self, name: str) -> int | None:
            looks.append(name)
            return super().size(name)

    batch.run()
    batch.put("new.txt", CAT)
    batch.run(inputs=Counting(batch.inputs))
    assert len(looks) <= 20


def test_the_output_of_a_renamed_file_stays_if_somebody_has_changed_it(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    corrected = (batch.outputs / "a.en.txt").read_bytes().replace(b"chat", b"CHAT")  # of the same length
    (batch.outputs / "a.en.txt").write_bytes(corrected)
    (batch.inputs / "a.txt").rename(batch.inputs / "b.txt")
    batch.run()
    assert batch.written()["a.en.txt"] == corrected


def test_a_copy_is_no_renaming(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    batch.put("b.txt", CAT)
    batch.run()
    assert batch.of(Finished)[0].renamed == ""
    assert set(batch.written()) == {"a.en.txt", "b.en.txt"}


def test_the_output_of_a_deleted_file_stays(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    (batch.inputs / "a.txt").unlink()
    batch.run()
    assert set(batch.written()) == {"a.en.txt"}


def test_a_file_that_changes_while_it_is_translated_is_done_again(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run(Engine(lambda sources: batch.put("a.txt", DOG * 2)))
    assert "chat" in batch.written()["a.en.txt"].decode()
    assert batch.run().translated == 1
    assert "chien" in batch.written()["a.en.txt"].decode()


def test_a_file_that_comes_while_others_are_translated_is_not_lost(batch: Batch) -> None:
    batch.put("b.txt", CAT)
    batch.run(Engine(lambda sources: batch.put("a.txt", DOG)))
    assert batch.run().translated == 1
    assert set(batch.written()) == {"a.en.txt", "b.en.txt"}


def test_a_file_that_vanishes_between_listing_and_reading(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    path = batch.put("b.txt", DOG)

    class Vanishing(LocalFolder):
        def read(self, name: str) -> tuple[bytes, object]:  # type: ignore[override]
            if name == "b.txt":
                path.unlink()
            return super().read(name)

    report = batch.run(inputs=Vanishing(batch.inputs))
    assert (report.gone, report.translated, report.failed) == (1, 1, 0)
    assert batch.of(Gone) == [Gone("b.txt")]


def test_a_file_that_vanishes_while_it_is_translated_is_written_all_the_same(batch: Batch) -> None:
    path = batch.put("a.txt", CAT)
    batch.run(Engine(lambda sources: path.unlink()))
    assert set(batch.written()) == {"a.en.txt"}


def test_a_file_that_no_batch_wrote_is_never_replaced_without_force(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.outputs.mkdir()
    (batch.outputs / "a.en.txt").write_text("mine")
    for options in ({}, {}, {"retry_failed": True}):
        report = batch.run(**options)
        assert report.failed == 1
        assert "this batch did not write it" in batch.failed["a.txt"]
        assert batch.written()["a.en.txt"] == b"mine"
    assert batch.run(force=True).failed == 0
    assert "chat" in batch.written()["a.en.txt"].decode()


def test_it_is_written_as_soon_as_it_is_moved_away(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.outputs.mkdir()
    (batch.outputs / "a.en.txt").write_text("mine")
    batch.run()
    (batch.outputs / "a.en.txt").unlink()
    engine = FakeEngine()
    assert batch.run(engine).translated == 1
    assert not engine.calls


def test_a_killed_run_claims_no_file_that_it_did_not_write(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.outputs.mkdir()
    (batch.outputs / "b.en.txt").write_text("mine")
    with pytest.raises(KeyboardInterrupt):
        batch.run(outputs=Killing(batch.outputs, 0))
    assert batch.run().failed == 1
    assert batch.written()["b.en.txt"] == b"mine"


class Killing(LocalFolder):
    """Ends everything at the write of a given number."""

    def __init__(self, root: Path, spared: int) -> None:
        super().__init__(root)
        self.spared = spared

    def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
        if not self.spared:
            raise KeyboardInterrupt
        self.spared -= 1
        return super().write(name, chunks, force=force)


@pytest.mark.parametrize("spared", [0, 1, 2, 3])
def test_what_ends_while_outputs_are_written_is_put_right_by_the_next_run(batch: Batch, spared: int) -> None:
    for name in ("a", "b"):
        batch.put(f"{name}.txt", CAT + name)
    recipe = Recipe(PLAIN, ("text", "json"))
    with pytest.raises(KeyboardInterrupt):
        batch.run(recipe=recipe, outputs=Killing(batch.outputs, spared))
    (batch.outputs / ".fr2en-0123456789ab.tmp").write_bytes(b"half")  # as kill -9 leaves it
    engine = FakeEngine()
    report = batch.run(engine, recipe)
    assert report.translated + report.unchanged == 2
    assert not engine.calls
    assert set(batch.written()) == {"a.en.txt", "a.txt.en.json", "b.en.txt", "b.txt.en.json"}
    assert batch.run(recipe=recipe).unchanged == 2


@pytest.mark.parametrize("spared", [0, 1])
def test_a_kill_amid_replacing_outputs_leaves_them_the_batchs_own(batch: Batch, spared: int) -> None:
    recipe = Recipe(PLAIN, ("text", "json"))
    batch.put("a.txt", CAT)
    batch.run(recipe=recipe)
    batch.put("a.txt", DOG)
    for text in (DOG, DOG + "\nIl dort.\n"):
        batch.put("a.txt", text)
        with pytest.raises(KeyboardInterrupt):
            batch.run(recipe=recipe, outputs=Killing(batch.outputs, spared))
    assert batch.run(recipe=recipe).translated == 1
    assert "Il dort" in batch.written()["a.en.txt"].decode()
    assert batch.run(recipe=recipe).unchanged == 1


def test_an_output_that_could_not_be_replaced_stays_the_batchs_own(batch: Batch) -> None:
    class Failing(LocalFolder):
        def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
            if name.endswith(".json"):
                raise OutputError(f"{name}: cannot be written")
            return super().write(name, chunks, force=force)

    recipe = Recipe(PLAIN, ("text", "json"))
    batch.put("a.txt", CAT)
    batch.run(recipe=recipe)
    batch.put("a.txt", DOG)
    assert batch.run(recipe=recipe, outputs=Failing(batch.outputs)).failed == 1
    batch.put("a.txt", DOG + "\nIl dort.\n")
    assert batch.run(recipe=recipe).failed == 0
    assert "Il dort" in batch.written()["a.txt.en.json"].decode()


def test_a_bad_file_fails_alone(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("memory.txt", b"\x00\x01\x02\x03" * 100)
    report = batch.run()
    assert (report.translated, report.failed) == (1, 1)
    assert report.failures[0].name == "memory.txt"
    assert report.failures[0].hint


def test_an_error_of_ours_fails_only_the_file_it_comes_from(batch: Batch) -> None:
    def stumble(sources: Sequence[str]) -> None:
        if any("girafe" in source for source in sources):
            raise RuntimeError("no giraffes")

    for name, text in (("a", CAT), ("b", "La girafe broute.\n"), ("c", DOG)):
        batch.put(f"{name}.txt", text)
    report = batch.run(Engine(stumble))
    assert report.translated == 2
    assert batch.failed == {"b.txt": "an error of fr2en itself: RuntimeError: no giraffes"}


def test_strict_fails_the_file_that_is_not_french_alone(batch: Batch) -> None:
    english = "The minister said on Tuesday that the law would be passed before the summer, and that was that.\n"
    batch.put("a.txt", CAT)
    batch.put("b.txt", english)
    report = batch.run(recipe=Recipe(replace(PLAIN, strict=True)))
    assert (report.translated, report.failed) == (1, 1)
    assert "not French" in batch.failed["b.txt"]


def test_a_failed_file_is_told_of_but_tried_again_only_when_asked_or_changed(batch: Batch) -> None:
    batch.put("a.txt", b"\x00\x01\x02\x03" * 100)
    batch.run()
    assert not batch.of(Failed)[0].earlier
    assert batch.run().failed == 1
    assert batch.of(Failed)[0].earlier
    assert batch.run(retry_failed=True).failed == 1
    assert not batch.of(Failed)[0].earlier
    batch.put("a.txt", CAT)
    assert batch.run().translated == 1


def test_a_failed_file_that_is_deleted_is_failed_no_more(batch: Batch) -> None:
    path = batch.put("a.txt", b"\x00\x01\x02\x03" * 100)
    batch.run()
    path.unlink()
    assert batch.run().failed == 0
    with Manifest(batch.outputs / STATE / MANIFEST) as manifest:
        assert manifest.totals().failed == 0


def test_a_file_that_turns_bad_keeps_its_output_and_its_claim_on_it(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    batch.put("a.txt", b"\x00\x01\x02\x03" * 100)
    assert batch.run().failed == 1
    assert set(batch.written()) == {"a.en.txt"}
    batch.put("a.txt", DOG)
    assert batch.run().translated == 1
    assert "chien" in batch.written()["a.en.txt"].decode()


def test_fail_fast_begins_no_pool_after_a_failure(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.run.POOL_BYTES", 1)
    for name, data in (("a", CAT.encode()), ("b", b"\x00\x01\x02\x03" * 100), ("c", DOG.encode())):
        batch.put(f"{name}.txt", data)
    report = batch.run(fail_fast=True)
    assert report.stopped
    assert set(batch.written()) == {"a.en.txt"}
    assert batch.run().translated == 1, "without it, the others are done"


def test_a_stop_finishes_the_pool_in_flight(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.run.POOL_BYTES", 1)
    for name in "abc":
        batch.put(f"{name}.txt", CAT + name)
    engine = Engine()
    report = batch.run(engine, stop=lambda: bool(engine.calls))
    assert report.stopped
    assert batch.finished == ["a.txt"]
    assert not batch.run().stopped
    assert set(batch.written()) == {"a.en.txt", "b.en.txt", "c.en.txt"}


def test_a_full_disk_ends_the_run_and_the_same_call_goes_on(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.run.POOL_BYTES", 1)
    for name in "abc":
        batch.put(f"{name}.txt", CAT + name)

    class Full(LocalFolder):
        def write(self, name: str, chunks: Iterable[bytes], *, force: bool) -> Stamp:
            if name == "b.en.txt":
                cause = OSError(errno.ENOSPC, "No space left on device")
                raise OutputError("the disk is full") from cause
            return super().write(name, chunks, force=force)

    with pytest.raises(OutputError, match="full"):
        batch.run(outputs=Full(batch.outputs))
    assert set(batch.written()) == {"a.en.txt"}
    report = batch.run()
    assert (report.unchanged, report.translated, report.failed) == (1, 2, 0)


def test_a_small_disk_that_fills_up(batch: Batch) -> None:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    batch.outputs.mkdir()
    if not mount or not umount or os.system(f"{mount} -t tmpfs -o size=2m tmpfs '{batch.outputs}' 2>/dev/null"):
        pytest.skip("needs the right to mount a small disk")
    try:
        ballast = batch.outputs / "ballast"
        for number in range(40):
            batch.put(f"{number}.txt", f"Voici le texte numéro {number}, qui est {'très, ' * 400}long.\n" * 10)
        ballast.write_bytes(b"x" * 1_400_000)
        with pytest.raises(OutputError):
            batch.run()
        assert not list(batch.outputs.rglob("*.tmp"))
        ballast.unlink()
        report = batch.run()
        assert report.translated + report.unchanged == 40
        assert len(batch.written()) == 40
        assert batch.run().unchanged == 40
    finally:
        os.system(f"{umount} '{batch.outputs}'")


def test_a_link_in_the_output_folder_leads_nothing_out_of_it(batch: Batch, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    batch.outputs.mkdir()
    (batch.outputs / "2024").symlink_to(elsewhere)
    (batch.outputs / "b.en.txt").symlink_to(elsewhere / "b.txt")
    batch.put("2024/a.txt", CAT)
    batch.put("b.txt", CAT)
    batch.put("c.txt", DOG)
    report = batch.run(force=True)
    assert (report.failed, report.translated) == (2, 1)
    assert "leads out of the folder" in batch.failed["2024/a.txt"]
    assert "is a link" in batch.failed["b.txt"]
    assert tree(elsewhere) == {}


def test_the_output_folder_may_itself_be_a_link(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    batch.outputs.symlink_to(tmp_path / "real")
    batch.put("a.txt", CAT)
    assert batch.run().failed == 0
    assert (tmp_path / "real" / "a.en.txt").is_file()


def test_a_folder_that_cannot_be_listed_is_a_failure_until_it_can(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.put("a.txt", CAT)
    batch.put("secret/b.txt", DOG)
    listdir = os.listdir

    def closed(path: Path) -> list[str]:
        if path.name == "secret":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listdir(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", closed)
        for _ in range(2):
            assert batch.run().failed == 1
            assert "secret/" in batch.failed
    report = batch.run()
    assert (report.failed, report.translated) == (0, 1)
    with Manifest(batch.outputs / STATE / MANIFEST) as manifest:
        assert manifest.totals().failed == 0


def test_files_that_are_too_young_wait_and_those_of_the_future_do_not(batch: Batch) -> None:
    path = batch.put("a.txt", CAT)
    future = batch.put("b.txt", DOG)
    os.utime(future, (time.time() + 1000, time.time() + 1000))
    assert batch.run(settle=60).translated == 1
    assert batch.finished == ["b.txt"]
    os.utime(path, (time.time() - 100, time.time() - 100))
    assert batch.run(settle=60).translated == 1


def test_two_runs_do_not_work_in_one_folder(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    with locked(batch.job()), pytest.raises(OutputError, match="at work"):
        batch.run()
    assert batch.run().translated == 1


def test_the_selection_is_by_globs(batch: Batch) -> None:
    for name in ("2024/a.txt", "2024/a-draft.txt", "2023/b.txt", "drafts/c.txt"):
        batch.put(name, CAT)
    batch.run(selection=Selection(include=("2024/*", "drafts/*"), exclude=("*draft*",)))
    assert batch.finished == ["2024/a.txt"]


def test_an_output_folder_within_the_input_folder_is_not_read(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.put("a.txt", CAT)
    out = batch.inputs / "english"
    job = {"inputs": LocalFolder(batch.inputs, without=out), "outputs": LocalFolder(out), "state": out / STATE}
    assert batch.run(**job).translated == 1
    assert batch.run(**job).unchanged == 1
    assert batch.of(Started) == [Started(1)]


def test_the_characters_that_the_encoding_lacks_are_noted(batch: Batch) -> None:
    batch.put("a.txt", "Le chat déçu dort à l’ombre de l’été, fâché.\n".encode("cp1252"))
    batch.run(recipe=Recipe(PLAIN, encoding="cp1252"))
    assert any("written in UTF-8" in note for note in batch.of(Finished)[0].notes)


def test_an_estimate_tells_what_a_run_would_do(batch: Batch) -> None:
    for name, data in (("a", CAT), ("b", DOG), ("c", b"\x00\x01\x02\x03" * 100), ("d", "Il dort.\n")):
        batch.put(f"{name}.txt", data)
    (batch.inputs / "d.txt").rename(batch.root / "d.txt")
    batch.run()
    (batch.outputs / "b.en.txt").unlink()
    (batch.root / "d.txt").rename(batch.inputs / "d.txt")
    os.utime(batch.inputs / "a.txt", (1, 1))
    engine = FakeEngine()
    with Manifest(batch.outputs / STATE / MANIFEST, readonly=True) as manifest:
        found = estimate(batch.job(), engine, manifest.entry, 0.0)
        again = estimate(batch.job(retry_failed=True), engine, manifest.entry, 5.0)
    assert (found.files, found.unchanged, found.failed, found.unreadable, found.words) == (2, 1, 1, 0, 5)
    assert found.measured
    assert found.seconds
    assert (again.failed, again.unreadable, again.seconds) == (0, 1, 1.0)
    report = batch.run()
    assert (report.translated, report.unchanged, report.failed) == (2, 1, 1)


def test_a_folder_that_cannot_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from translate.batch.watch import changes

    def full(*_: object, **options: object) -> None:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", full)
    passes = changes(tmp_path, lambda: False, tmp_path / "out")
    next(passes)
    with pytest.raises(InputError, match="cannot be watched"):
        next(passes)


class Echo:
    """An executor whose English is the French: what is left is the batch itself."""

    def __init__(self, look: Callable[[], None]) -> None:
        self.look = look

    def __enter__(self) -> Echo:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    @property
    def info(self) -> EngineInfo:
        return FakeEngine().info

    def run(self, pools: Iterator[tuple[Item, ...]], recipe: Recipe) -> Iterator[list[Outcome]]:
        for pool in pools:
            yield [Outcome(item, outputs=(Rendered("text", (item.data,)),), words=1) for item in pool]
            self.look()


def test_the_memory_stays_bounded(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.run.POOL_BYTES", 10_000)
    monkeypatch.setattr(os, "fsync", lambda file: None)
    for number in range(2000):
        batch.put(f"{number % 30}/{number:05}.txt", f"Voici le texte numéro {number}.\n" * 4)
    used: list[int] = []
    gone = Counter[str]()
    job = batch.job()
    with locked(job) as manifest:
        executor = Echo(lambda: used.append(sys.getallocatedblocks()))
        report = run_batch(job, manifest, executor, lambda event: gone.update([type(event).__name__]))
    assert gone == {"Started": 1, "Finished": 2000}
    assert report.translated == 2000
    assert len(used) > 20
    growth = max(used[len(used) // 2 :]) - max(used[: len(used) // 2])
    assert growth < 600, "a list of what became of the files takes a block each at least"


def test_watching_looks_again_at_what_came_during_the_first_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translate.batch import watch

    monkeypatch.setattr(watch, "SETTLE", 0.05)
    monkeypatch.setattr(watch, "_PAUSE", 50)
    asked = iter(range(40))
    passes = watch.changes(tmp_path, lambda: next(asked) > 30, tmp_path / "out")
    assert sum(1 for _ in passes) == 2


def test_an_input_that_is_no_folder(batch: Batch) -> None:
    path = batch.put("a.txt", CAT)
    with pytest.raises(InputError, match="no folder"):
        batch.run(inputs=LocalFolder(path))
    with pytest.raises(InputError, match="cannot be read"):
        batch.run(inputs=LocalFolder(path.parent / "missing"))
