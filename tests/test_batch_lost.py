"""A batch whose manifest, memory or outputs were lost or changed behind its back: with the fake engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from batches import PLAIN, Batch, Engine
from fakes import FakeEngine

from translate.batch import MANIFEST, MEMORY, STATE, LocalFolder, Manifest, Recipe, locked
from translate.errors import InputError

CAT, DOG = "Le chat dort.\n", "Le chien aboie.\n"


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    found = Batch(tmp_path)
    found.inputs.mkdir()
    return found


def end_process(sources: Sequence[str]) -> None:
    """Stand for a kill while the engine is at work."""
    raise KeyboardInterrupt


def drop(batch: Batch, database: str) -> None:
    for path in (batch.outputs / STATE).glob(f"{database}*"):
        path.unlink()


def totals(batch: Batch) -> tuple[int, int, int]:
    with Manifest(batch.outputs / STATE / MANIFEST, readonly=True) as manifest:
        found = manifest.totals()
    return found.done, found.failed, found.unfinished


def test_a_deleted_manifest_is_made_up_for_from_the_memory(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    recipe = Recipe(PLAIN, ("text", "json"))
    batch.run(recipe=recipe)
    before = batch.written()
    drop(batch, MANIFEST)
    engine = FakeEngine()
    report = batch.run(engine, recipe)
    assert (report.translated, report.failed) == (2, 0)
    assert not engine.calls
    assert batch.written() == before
    assert totals(batch) == (2, 0, 0)


def test_without_its_manifest_an_output_that_somebody_changed_stays(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    same_length = (batch.outputs / "a.en.txt").read_bytes().replace(b"chat", b"cafe")
    (batch.outputs / "a.en.txt").write_bytes(same_length)
    drop(batch, MANIFEST)
    assert batch.run().failed == 1
    assert batch.written() == {"a.en.txt": same_length}
    assert batch.run(force=True).translated == 1
    assert batch.written() == {"a.en.txt": "⟦Le chat dort.⟧.\n".encode()}


def test_a_manifest_that_lost_its_last_entries_is_made_up_for(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.put("b.txt", DOG)
    batch.run()
    with Manifest(batch.outputs / STATE / MANIFEST) as manifest:
        manifest.forget("b.txt")
    report = batch.run(FakeEngine())
    assert (report.unchanged, report.translated, report.failed) == (1, 1, 0)
    assert totals(batch) == (2, 0, 0)


def test_a_commit_outlives_a_power_cut(batch: Batch) -> None:
    batch.run()
    with locked(batch.job()) as manifest:
        assert manifest._connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_deleted_memory_is_filled_again(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    before = batch.written()
    drop(batch, MEMORY)
    batch.put("b.txt", CAT + "\n" + DOG)
    engine = FakeEngine()
    report = batch.run(engine)
    assert (report.unchanged, report.translated) == (1, 1)
    assert engine.calls
    assert batch.written()["a.en.txt"] == before["a.en.txt"]


def test_a_damaged_memory_ends_the_run_and_fails_no_file(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    memory = batch.outputs / STATE / MEMORY
    memory.write_bytes(memory.read_bytes()[:100] + b"\xff" * (memory.stat().st_size - 100))
    batch.put("b.txt", DOG)
    with pytest.raises(InputError, match="translation memory"):
        batch.run()
    assert totals(batch)[1] == 0
    drop(batch, MEMORY)
    report = batch.run()
    assert (report.unchanged, report.translated, report.failed) == (1, 1, 0)


def test_a_kill_amid_a_renaming_leaves_no_output_of_the_old_name(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.put("a.txt", CAT)
    batch.run()
    (batch.inputs / "a.txt").rename(batch.inputs / "b.txt")
    looked: list[str] = []

    def moved(folder: LocalFolder, name: str) -> None:
        looked.append(name)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LocalFolder, "remove", moved)
        with pytest.raises(KeyboardInterrupt):
            batch.run()
    assert looked == ["a.en.txt"]
    batch.run()
    assert set(batch.written()) == {"b.en.txt"}
    assert totals(batch) == (1, 0, 0)


def test_a_file_renamed_after_a_kill_leaves_no_output_of_the_old_name(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.put("a.txt", CAT)

    def finish(manifest: Manifest, entries: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "finish", finish)
        with pytest.raises(KeyboardInterrupt):
            batch.run()
    assert set(batch.written()) == {"a.en.txt"}
    assert totals(batch) == (0, 0, 1)
    (batch.inputs / "a.txt").rename(batch.inputs / "b.txt")
    batch.run()
    assert set(batch.written()) == {"b.en.txt"}
    assert totals(batch) == (1, 0, 0)


def test_a_file_deleted_after_a_kill_is_unfinished_no_more(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.put("a.txt", CAT)
    with monkeypatch.context() as patch:
        patch.setattr(LocalFolder, "write", lambda *_, **__: end_process(()))
        with pytest.raises(KeyboardInterrupt):
            batch.run()
    assert totals(batch) == (0, 0, 1)
    (batch.inputs / "a.txt").unlink()
    batch.run()
    assert totals(batch) == (0, 0, 0)


def test_a_kill_while_the_engine_works_leaves_nothing_to_put_right(batch: Batch) -> None:
    batch.put("a.txt", CAT)
    with pytest.raises(KeyboardInterrupt):
        batch.run(Engine(end_process))
    assert totals(batch) == (0, 0, 0)
    assert batch.run().translated == 1
