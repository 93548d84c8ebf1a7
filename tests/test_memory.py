from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from batches import Engine
from fakes import FakeEngine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translate.cli import main
from translate.document import Attempt, Flag, Hypothesis, Link, Segment
from translate.engines import EngineInfo
from translate.errors import Fr2enError, InputError, OutputError
from translate.memory import Context, Key, Memory, context_of, open_memory, store
from translate.memory.context import approved_key, entry_key
from translate.memory.database import APPLICATION_ID
from translate.memory.intake import Intake
from translate.memory.payload import Payload, from_json, pack, unpack
from translate.settings import EngineSettings, Settings

ROOT = Path(__file__).parent.parent
INFO = EngineInfo("ct2", "bundled", "a" * 64, "cpu", "int8", 2, (("ctranslate2", "4.8"),))
CONTEXT = context_of(INFO, Settings())
FULL = Segment(
    "Il pèse 3,5 t.",
    "It weighs 3.5 t.",
    gap=" ",
    score=-0.1 - 0.2,
    flags=(Flag("numbers", "3,5"),),
    rung="true-case",
    attempts=(Attempt("first", "Il", "It", -1e-17, (Flag("loop", ""),)), Attempt("true-case", "il", "it", -0.0)),
    alternatives=(Hypothesis("It weighs.", -1.5, (Link(0, 2, 0, 2),), complete=False),),
    clauses=3,
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with open_memory(tmp_path / "m.db") as opened:
        yield opened


def segment(number: int, size: int = 1) -> Segment:
    return Segment(f"Phrase {number}.", " ".join(f"Sentence {number * 7919 + i}." for i in range(size)), score=-0.5)


def item(number: int, size: int = 1) -> tuple[Key, Segment]:
    return (f"Phrase {number}.", False), segment(number, size)


def keys(numbers: range) -> list[Key]:
    return [(f"Phrase {number}.", False) for number in numbers]


def approve(memory: Memory, *pairs: tuple[str, str]) -> None:
    with Intake(memory) as intake:
        for source, target in pairs:
            intake.approve(source, target)
        intake.merge()


class TestRoundTrip:
    def test_every_field_comes_back(self, memory: Memory) -> None:
        recall = memory.bound(CONTEXT)
        recall.put([((FULL.source, True), FULL)])
        [(key, found)] = recall.get([(FULL.source, True)]).items()
        assert key == (FULL.source, True)
        assert found == FULL
        assert repr(found) == repr(FULL)  # -0.0 and 0.0 are equal, too

    text = st.text(st.characters(codec=None, exclude_categories=()))
    number = st.floats(allow_nan=False)
    flags = st.lists(st.builds(Flag, text, text), max_size=2).map(tuple)
    segments = st.builds(
        Segment,
        **{field.name: ... for field in fields(Segment)}
        | {
            "source": text,
            "target": text,
            "passed": text.filter(lambda passed: passed != "memory"),
            "score": st.none() | number,
            "flags": flags,
            "attempts": st.lists(
                st.builds(Attempt, **{f.name: ... for f in fields(Attempt)} | {"score": number, "flags": flags}),
                max_size=2,
            ).map(tuple),
            "alternatives": st.lists(
                st.builds(Hypothesis, **{f.name: ... for f in fields(Hypothesis)} | {"score": number}), max_size=2
            ).map(tuple),
        },
    )

    @given(segments, text, st.booleans())
    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    def test_any_segment_comes_back_from_its_bytes(self, found: Segment, text: str, markup: bool) -> None:
        for asked in (text, found.source):
            payload = Payload(asked, markup, found)
            again = unpack(pack(payload))
            assert again == payload
            assert repr(again) == repr(payload)

    @given(st.lists(st.tuples(text, st.booleans(), segments), max_size=4))
    @settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
    def test_any_batch_comes_back_from_the_file(
        self, tmp_path_factory: pytest.TempPathFactory, batch: list[tuple[str, bool, Segment]]
    ) -> None:
        with open_memory(tmp_path_factory.mktemp("any") / "m.db") as memory:
            items = {(text, markup): found for text, markup, found in batch}
            memory.bound(CONTEXT).put(items.items())
            assert memory.bound(CONTEXT).get(list(items)) == items

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            "1",
            '{"markup":false,"segment":{"source":"a"}}',
            '{"markup":false,"segment":{"source":"a","target":1}}',
            '{"markup":false,"segment":{"source":"a","target":"b","score":"high"}}',
            '{"markup":false,"segment":{"source":"a","target":"b","score":true}}',
            '{"markup":false,"segment":{"source":"a","target":"b","flags":[1]}}',
            '{"markup":false,"segment":{"source":"a","target":"b","flags":{"check":"x"}}}',
            '{"markup":false,"segment":{"source":"a","target":"b","colour":"red"}}',
            '{"markup":1,"segment":{"source":"a","target":"b"}}',
            '{"markup":false,"text":2,"segment":{"source":"a","target":"b"}}',
            "[" * 100_000,
        ],
    )
    def test_what_is_no_entry_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            from_json(text)


class TestKeys:
    def test_markup_context_and_every_character_count(self, memory: Memory) -> None:
        memory.bound(CONTEXT).put([item(1)])
        other = memory.bound(replace(CONTEXT, beam=1))
        assert memory.bound(CONTEXT).get(keys(range(1, 2)))
        assert not other.get(keys(range(1, 2)))
        assert not memory.bound(CONTEXT).get([("Phrase 1.", True), ("Phrase\u00a01.", False), ("Phrase 1. ", False)])

    def test_every_setting_has_been_thought_of(self) -> None:
        kept = {"beam", "alternatives", "quotes", "retry", "glossary"}
        of_the_document = {"boilerplate", "wrapped", "strict"}
        # A new setting belongs in Context if it changes what a sentence becomes; else name it here.
        assert {field.name for field in fields(Settings)} == kept | of_the_document
        assert {"model", "engine", "device", "compute_type", "threads"} == {f.name for f in fields(EngineSettings)}

    @pytest.mark.parametrize(
        "change",
        [
            {"checksum": "b" * 64},
            {"engine": "torch"},
            {"device": "cuda"},
            {"compute_type": "float32"},
            {"versions": (("ctranslate2", "4.9"),)},
            {"fr2en": "9"},
            {"beam": 1},
            {"alternatives": 2},
            {"quotes": "straight"},
            {"retry": False},
            {"glossary": "c" * 64},
        ],
    )
    def test_whatever_decides_changes_the_context(self, change: dict[str, object]) -> None:
        other = replace(CONTEXT, **change)  # type: ignore[arg-type]
        assert other != CONTEXT
        assert other.digest != CONTEXT.digest
        assert entry_key(other, "Un.", markup=False) != entry_key(CONTEXT, "Un.", markup=False)
        assert Context.from_json(other.to_json()) == other

    def test_what_decides_nothing_does_not(self) -> None:
        faster = context_of(replace(INFO, threads=9), Settings(boilerplate="drop", wrapped="no", strict=True))
        assert faster.digest == CONTEXT.digest
        assert context_of(replace(INFO, model="other"), Settings()).digest == CONTEXT.digest

    def test_a_folder_of_the_user_is_not_told(self) -> None:
        assert context_of(replace(INFO, model="/home/someone/secret/fine-tuned"), Settings()).model == "fine-tuned"
        assert context_of(replace(INFO, model="Helsinki-NLP/x"), Settings()).model == "Helsinki-NLP/x"

    @pytest.mark.parametrize("text", ["[]", "{}", '{"beam":1}', CONTEXT.to_json().replace(":4,", ':"4",')])
    def test_what_is_no_context_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not the"):
            Context.from_json(text)

    def test_the_engine_of_the_tests_has_a_context(self) -> None:
        assert context_of(FakeEngine().info, Settings()).engine == "fake"


class TestLookup:
    def test_more_keys_than_a_statement_takes(self, memory: Memory) -> None:
        recall = memory.bound(CONTEXT)
        recall.put(item(number) for number in range(2500))
        found = recall.get([*keys(range(3000)), *keys(range(10))])
        assert found == dict(item(number) for number in range(2500))

    def test_nothing_in_nothing_out(self, memory: Memory) -> None:
        memory.bound(CONTEXT).put([])
        assert memory.bound(CONTEXT).get([]) == {}
        assert memory.bound(CONTEXT).get(keys(range(3))) == {}

    def test_a_later_translation_replaces_the_earlier(self, memory: Memory) -> None:
        recall = memory.bound(CONTEXT)
        recall.put([item(1)])
        better = replace(segment(1), target="Better.")
        recall.put([(("Phrase 1.", False), better)])
        assert recall.get(keys(range(1, 2))) == {("Phrase 1.", False): better}

    def test_it_is_there_after_closing(self, tmp_path: Path) -> None:
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([item(1)])
        memory.close()
        with open_memory(tmp_path / "m.db", create=False) as memory:
            assert memory.bound(CONTEXT).get(keys(range(2))) == dict([item(1)])

    def test_looking_up_does_not_write(self, memory: Memory) -> None:
        memory.bound(CONTEXT).put([item(1)])
        reader = sqlite3.connect(memory.path)
        before = reader.execute("PRAGMA data_version").fetchone()
        memory.bound(CONTEXT).get(keys(range(2)))
        assert reader.execute("PRAGMA data_version").fetchone() == before
        memory.bound(CONTEXT).put([item(2)])
        assert reader.execute("PRAGMA data_version").fetchone() != before
        assert reader.execute("SELECT hits FROM entries ORDER BY id").fetchall() == [(1,), (0,)]
        reader.close()

    def test_uses_are_not_gathered_without_end(self, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "NOTED", 3)
        memory.bound(CONTEXT).put(item(number) for number in range(5))
        memory.bound(CONTEXT).get(keys(range(5)))
        with sqlite3.connect(memory.path) as reader:
            assert reader.execute("SELECT sum(hits) FROM entries").fetchone() == (5,)
        reader.close()


class TestApproved:
    def test_it_wins_in_every_context_and_has_no_doubts(self, memory: Memory) -> None:
        approve(memory, ("Phrase 1.", "What a person wrote."))
        for context in (CONTEXT, replace(CONTEXT, checksum="b" * 64)):
            recall = memory.bound(context)
            recall.put([((FULL.source, False), FULL), item(1)])
            found = recall.get([("Phrase 1.", False), (FULL.source, False)])
            assert found["Phrase 1.", False] == Segment("Phrase 1.", "What a person wrote.", passed="memory")
            assert found[FULL.source, False] == FULL

    @pytest.mark.parametrize(
        "asked",
        [
            "L'été, c'est « fini » … 12 000 fois !",
            "L’été, c’est «\u00a0fini\u00a0» … 12\u202f000 fois\u00a0!",
            "  L’été, c’est “fini” ...  12 000\nfois ! ",
            "L'e\u0301te\u0301, c'est \"fini\" … 12 000 fois !",
        ],
    )
    def test_typography_makes_no_difference(self, memory: Memory, asked: str) -> None:
        approve(memory, ("L’été, c’est « fini » … 12 000 fois !", "Summer is over."))
        assert memory.bound(CONTEXT).get([(asked, False), (asked, True)]) == {
            (asked, markup): Segment(asked, "Summer is over.", passed="memory") for markup in (False, True)
        }

    @pytest.mark.parametrize("asked", ["l'été", "L'ete", "L'été."])
    def test_letters_and_stops_do(self, asked: str) -> None:
        assert approved_key(asked) != approved_key("L’été")

    def test_it_is_not_put_back_as_the_machines(self, memory: Memory) -> None:
        approve(memory, ("Un.", "One."))
        recall = memory.bound(CONTEXT)
        recall.put(recall.get([("Un.", False)]).items())
        with memory.snapshot() as snapshot:
            assert list(snapshot.entries()) == []
            [pair] = snapshot.approved()
            assert (pair.source, pair.target, pair.hits) == ("Un.", "One.", 1)


class TestBound:
    def test_the_least_recently_used_go(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = iter(range(1, 10_000))
        monkeypatch.setattr(store, "milliseconds", lambda: next(clock))
        bound = 1_000_000
        with open_memory(tmp_path / "m.db", most_bytes=bound) as memory:
            approve(memory, ("Approuvé.", "Approved."))
            recall = memory.bound(CONTEXT)
            for start in range(0, 8000, 200):
                recall.put(item(number, 20) for number in range(start, start + 200))
                assert len(recall.get(keys(range(50)))) == 50, "what is used stays"
                assert memory.path.stat().st_size <= bound + 100_000
            found = recall.get(keys(range(8000)))
            assert len(found) < 8000
            newest = 8000 - (len(found) - 50)
            assert set(found) == set(keys(range(50))) | set(keys(range(newest, 8000)))
            assert recall.get([("Approuvé.", False)])
            with memory.snapshot() as snapshot:
                assert 0.8 * bound < snapshot.statistics().size

    def test_a_smaller_bound_gives_the_disk_back(self, tmp_path: Path) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put(item(number, 30) for number in range(3000))
        large = path.stat().st_size
        with open_memory(path, most_bytes=large // 4) as memory:
            memory.bound(CONTEXT).put([item(9999)])
        assert path.stat().st_size <= large // 4 + 10_000
        with open_memory(path) as memory:
            found = memory.bound(CONTEXT).get(keys(range(10_000)))
            assert ("Phrase 9999.", False) in found
            assert 500 < len(found) < 900

    def test_a_bound_below_the_empty_file_is_no_endless_loop(self, tmp_path: Path) -> None:
        with open_memory(tmp_path / "m.db", most_bytes=1) as memory:
            approve(memory, ("Un.", "One."))
            memory.bound(CONTEXT).put([item(1)])
            assert memory.bound(CONTEXT).get([("Un.", False), ("Phrase 1.", False)]).keys() == {("Un.", False)}


WORKER = """
import sys
from pathlib import Path
from translate.memory import Context, open_memory
sys.path.insert(0, "tests")
from test_memory import CONTEXT, item, keys
with open_memory(Path(sys.argv[1])) as memory:
    recall, first = memory.bound(CONTEXT), int(sys.argv[2])
    for start in range(first, first + 300, 20):
        recall.put(item(number) for number in range(start, start + 20))
        assert len(recall.get(keys(range(start, start + 20)))) == 20
        print(start, flush=True)
"""


class TestManyAtOnce:
    def start(self, path: Path, first: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WORKER, str(path), str(first)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_processes(self, tmp_path: Path) -> None:
        path = tmp_path / "m.db"
        workers = [self.start(path, first) for first in (0, 200, 1000)]
        for worker in workers:
            _, complaint = worker.communicate(timeout=120)
            assert worker.returncode == 0, complaint
        with open_memory(path) as memory, memory.snapshot() as snapshot:
            assert len(list(snapshot.entries())) == 800
            assert len(snapshot.statistics().contexts) == 1

    def test_a_killed_process_leaves_whole_batches(self, tmp_path: Path) -> None:
        worker = self.start(tmp_path / "m.db", 0)
        assert worker.stdout is not None
        for _ in range(3):
            worker.stdout.readline()
        worker.kill()
        worker.communicate()
        with open_memory(tmp_path / "m.db") as memory:
            found = memory.bound(CONTEXT).get(keys(range(300)))
            assert len(found) >= 60
            assert len(found) % 20 == 0

    def test_threads(self, memory: Memory) -> None:
        recall, wrong = memory.bound(CONTEXT), []

        def work(first: int) -> None:
            try:
                for start in range(first, first + 100, 10):
                    recall.put(item(number) for number in range(start, start + 10))
                    assert recall.get(keys(range(start, start + 10))) == dict(map(item, range(start, start + 10)))
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(first,)) for first in (0, 50, 500, 1000)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        assert len(recall.get(keys(range(2000)))) == 350

    def test_a_reader_keeps_its_view_and_no_writer_waiting(self, memory: Memory) -> None:
        memory.bound(CONTEXT).put([item(1)])
        with memory.snapshot() as snapshot:
            memory.bound(CONTEXT).put([item(2)])
            assert [entry.payload.segment for entry in snapshot.entries()] == [segment(1)]


def bad_text(path: Path) -> None:
    path.write_text("pas une base de données")


def bad_database(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()


def bad_journal(path: Path) -> None:
    other = sqlite3.connect(path.with_name("other.db"))
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    for ending in ("", "-wal"):  # as a killed program leaves them: its table is not in the file itself yet
        path.with_name(f"m.db{ending}").write_bytes(path.with_name(f"other.db{ending}").read_bytes())
    other.close()
    path.with_name("other.db").unlink()


def bad_newer(path: Path) -> None:
    open_memory(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    path.with_name(path.name + "-wal").unlink(missing_ok=True)


def bad_cut(path: Path) -> None:
    open_memory(path).close()
    path.write_bytes(path.read_bytes()[:60])


class TestRefused:
    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (bad_text, "not an SQLite file"),
            (bad_database, "no translation memory of fr2en"),
            (bad_newer, "layout 99; this one knows 1"),
            (bad_cut, "no translation memory"),
        ],
    )
    def test_what_is_no_memory_stays_as_it_was(self, tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
        path = tmp_path / "m.db"
        make(path)
        before = path.read_bytes()
        with pytest.raises(InputError, match=words) as caught:
            open_memory(path)
        assert str(path) in caught.value.what
        assert caught.value.hint
        assert path.read_bytes() == before
        assert [entry.name for entry in tmp_path.iterdir()] == ["m.db"]

    def test_a_database_in_the_journal_of_another_program_is_seen(self, tmp_path: Path) -> None:
        bad_journal(tmp_path / "m.db")
        with pytest.raises(InputError, match="no translation memory of fr2en"):
            open_memory(tmp_path / "m.db")
        with sqlite3.connect(tmp_path / "m.db") as other:
            assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
        other.close()

    def test_folders(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is a folder"):
            open_memory(tmp_path)
        with pytest.raises(OutputError, match="there is no folder"):
            open_memory(tmp_path / "no" / "m.db")
        with pytest.raises(InputError, match="there is no such"):
            open_memory(tmp_path / "m.db", create=False)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Unix has pipes with names")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InputError, match="is not a file"):
            open_memory(tmp_path / "pipe")

    def test_read_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        open_memory(tmp_path / "m.db").close()
        monkeypatch.setattr("translate.memory.database.os.access", lambda *_: False)  # root may write to any
        with pytest.raises(OutputError, match="may not be written"):
            open_memory(tmp_path / "m.db")

    def test_a_full_disk_costs_the_batch_and_nothing_else(self, memory: Memory) -> None:
        recall = memory.bound(CONTEXT)
        recall.put([item(1)])
        pages = memory._connection.execute("PRAGMA page_count").fetchone()[0]
        memory._connection.execute(f"PRAGMA max_page_count = {pages + 2}")  # what SQLite makes of a full disk
        with pytest.raises(OutputError, match="the disk is full"):
            recall.put(item(number, 20) for number in range(1000))
        assert recall.get(keys(range(1000))) == dict([item(1)])
        memory._connection.execute("PRAGMA max_page_count = 1000000")
        recall.put([item(2)])
        assert len(recall.get(keys(range(1000)))) == 2

    def test_another_writer_is_waited_for_then_named(self, memory: Memory) -> None:
        other = sqlite3.connect(memory.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        memory._connection.patience = 0.01
        with pytest.raises(OutputError, match="another process has been writing"):
            memory.bound(CONTEXT).put([item(1)])
        other.execute("ROLLBACK")
        other.close()
        memory.bound(CONTEXT).put([item(1)])

    def test_ctrl_c_is_heard_while_another_writer_is_waited_for(self, memory: Memory) -> None:
        other = sqlite3.connect(memory.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        threading.Timer(0.3, lambda: signal.raise_signal(signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt), memory:
            memory.bound(CONTEXT).put([item(1)])
        assert time.monotonic() - began < 2.0
        other.close()

    @pytest.mark.parametrize("output", ["stdout", "file"])
    def test_a_memory_that_cannot_be_written_costs_no_translation(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfdbinary: pytest.CaptureFixture[bytes],
        output: str,
    ) -> None:
        path, article = tmp_path / "m.db", tmp_path / "article.txt"
        open_memory(path).close()
        other = sqlite3.connect(path, isolation_level=None)
        engine = Engine(lambda _: other.in_transaction or other.execute("BEGIN IMMEDIATE"))
        monkeypatch.setattr("translate.models.load_engine", lambda *_, **__: engine)
        monkeypatch.setattr("translate.memory.database.Connection.patience", 0.01)
        article.write_text("Le chat dort.\n")
        target = tmp_path / "article.en.txt"
        options = ["-o", str(target)] if output == "file" else []
        assert main(["translate", str(article), "--memory", str(path), "--no-retry", *options]) == 6
        out, err = capfdbinary.readouterr()
        assert "Le chat dort" in (target.read_text() if output == "file" else out.decode())
        assert "the English was written, and is not all in the translation memory" in err.decode()
        assert "another process has been writing" in err.decode()
        other.close()

    def test_closing_does_not_fail_for_what_only_orders_entries(self, tmp_path: Path) -> None:
        memory = open_memory(tmp_path / "m.db")
        memory.bound(CONTEXT).put([item(1)])
        memory.bound(CONTEXT).get(keys(range(2)))
        other = sqlite3.connect(memory.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        memory._connection.patience = 0.01
        memory.close()
        other.close()

    @pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
    def test_a_damaged_file_is_named(self, tmp_path: Path, part: float) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put(item(number, 5) for number in range(500))
        data = bytearray(path.read_bytes())
        at = int(len(data) * part) // 4096 * 4096
        data[at : at + 4096] = bytes(byte ^ 0x5A for byte in data[at : at + 4096])
        path.write_bytes(data)

        def use_all_of_it() -> None:
            with open_memory(path) as memory:
                memory.bound(CONTEXT).get(keys(range(500)))
                with memory.snapshot() as snapshot:
                    list(snapshot.entries())
                    snapshot.statistics()
                memory.bound(CONTEXT).put(item(number, 5) for number in range(1000))

        with pytest.raises(InputError, match="damaged") as caught:
            use_all_of_it()
        assert ".recover" in caught.value.hint

    def test_a_changed_bit_of_a_text_is_noticed(self, tmp_path: Path) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put([item(1)])
        with sqlite3.connect(path) as other:
            [data] = other.execute("SELECT data FROM entries").fetchone()
            other.execute("UPDATE entries SET data = ?", (data[:-6] + bytes([data[-6] ^ 1]) + data[-5:],))
        other.close()
        with open_memory(path) as memory, pytest.raises(InputError, match="an entry cannot be read"):
            memory.bound(CONTEXT).get(keys(range(2)))

    @pytest.mark.parametrize("statement", ["UPDATE contexts SET description = 'x'", "UPDATE entries SET data = 1"])
    def test_content_of_others_is_noticed(self, tmp_path: Path, statement: str) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put([item(1)])
        with sqlite3.connect(path) as other:
            other.execute(statement)
        other.close()
        with open_memory(path) as memory, pytest.raises(InputError, match="damaged"), memory.snapshot() as snapshot:
            list(snapshot.entries())

    @pytest.mark.parametrize("value", ["-1", "999999999999999999", "'x'", "1.5"])
    @pytest.mark.parametrize("table", ["entries", "approved"])
    def test_a_time_that_no_clock_has_shown_is_noticed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, value: str
    ) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put([item(1)])
            approve(memory, ("Un.", "One."))
        with sqlite3.connect(path) as other:
            other.execute(f"UPDATE {table} SET used = {value}")
        other.close()
        for command in (["stats", path], ["stats", path, "--json"], ["export", path, tmp_path / "m.tmx"]):
            assert main(["memory", *map(str, command)]) == 4
            assert "the translation memory is damaged (a time of use is" in capsys.readouterr().err
        assert not (tmp_path / "m.tmx").exists()

    def test_an_approved_translation_that_is_no_text_is_noticed(self, tmp_path: Path) -> None:
        path = tmp_path / "m.db"
        with open_memory(path) as memory:
            approve(memory, ("Un.", "One."))
        with sqlite3.connect(path) as other:
            other.execute("UPDATE approved SET target = CAST(target AS BLOB)")
        other.close()
        with open_memory(path) as memory:
            with pytest.raises(InputError, match="damaged"):
                memory.bound(CONTEXT).get([("Un.", False)])
            with pytest.raises(InputError, match="damaged"), memory.snapshot() as snapshot:
                list(snapshot.approved())


class TestFile:
    def test_it_is_its_owners_alone(self, tmp_path: Path) -> None:
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([item(1)])
            modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in tmp_path.iterdir()}
        assert modes["m.db"] == 0o600
        assert set(modes.values()) == {0o600}
        assert [entry.name for entry in tmp_path.iterdir()] == ["m.db"]

    def test_it_says_what_it_is(self, tmp_path: Path) -> None:
        open_memory(tmp_path / "m.db").close()
        assert int.from_bytes((tmp_path / "m.db").read_bytes()[68:72], "big") == APPLICATION_ID
        assert APPLICATION_ID < 1 << 31

    def test_one_whose_making_was_cut_short_is_made(self, tmp_path: Path) -> None:
        path = tmp_path / "m.db"
        begun = sqlite3.connect(path)
        begun.execute("PRAGMA auto_vacuum = INCREMENTAL")  # writes the first page, with nothing on it
        begun.close()
        assert path.stat().st_size == 4096
        with open_memory(path) as memory:
            memory.bound(CONTEXT).put([item(1)])
            assert memory.bound(CONTEXT).get(keys(range(2)))

    def test_an_empty_file_becomes_one(self, tmp_path: Path) -> None:
        (tmp_path / "m.db").touch()
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([item(1)])
            assert memory.bound(CONTEXT).get(keys(range(2)))

    def test_statistics(self, memory: Memory) -> None:
        other = replace(CONTEXT, beam=1)
        memory.bound(CONTEXT).put([item(1), item(2)])
        memory.bound(other).put([item(1)])
        memory.bound(other).get(keys(range(3)))
        approve(memory, ("Un.", "One."))
        memory.bound(other).get([("Un.", False)])
        with memory.snapshot() as snapshot:
            stats = snapshot.statistics()
        assert [(c.context, c.entries, c.hits) for c in stats.contexts] == [(CONTEXT, 2, 0), (other, 1, 1)]
        assert (stats.entries, stats.approved, stats.approved_hits) == (3, 1, 1)
        assert stats.oldest is not None
        assert stats.newest is not None
        assert stats.oldest <= stats.newest
        assert stats.size >= memory.path.stat().st_size

    def test_statistics_of_nothing(self, memory: Memory) -> None:
        with memory.snapshot() as snapshot:
            stats = snapshot.statistics()
        assert (stats.entries, stats.approved, stats.oldest, stats.newest) == (0, 0, None, None)

    def test_errors_are_those_of_fr2en(self, memory: Memory) -> None:
        memory.close()
        with pytest.raises(sqlite3.ProgrammingError) as caught:
            memory.bound(CONTEXT).get(keys(range(2)))
        assert not isinstance(caught.value, Fr2enError), "a mistake of the caller is no fault of the file"
