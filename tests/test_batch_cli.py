"""``fr2en batch`` as a person runs it: the command, the bundled model, exit codes, and what is said."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from batches import tree
from test_cli import fr2en, said

from translate.batch import MANIFEST, STATE, Failed, Finished, Report, Started, Unchanged
from translate.cli import main
from translate.cli.progress import Feed, Lines, duration
from translate.cli.terminal import Terminal
from translate.errors import OutputError

SEEDS = Path(__file__).parent.parent / "seeds"
FRENCH = "Le ministre a présenté son projet de loi mercredi.\n"
BINARY = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))


def outputs(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(root).items() if not name.startswith(STATE)}


def events(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


Done = tuple[Path, subprocess.CompletedProcess[bytes]]

ALL_FORMATS = [word for name in ("text", "markdown", "tsv", "html", "json") for word in ("--to", name)]


def translated(root: Path, names: Iterable[str]) -> Done:
    """Translate seeds into all formats, with key sentences, in one run; return what the command said, too."""
    (root / "in" / "sub").mkdir(parents=True)
    for name in names:
        shutil.copy(SEEDS / name, root / "in" / ("sub" if name.endswith(".md") else "") / name)
    (root / "in" / "bad.txt").write_bytes(BINARY)
    return root, fr2en("batch", root / "in", root / "out", *ALL_FORMATS, "--summary", "3", "--json")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Done:
    return translated(tmp_path_factory.mktemp("seeds"), ("windows-1252.txt", "markdown.md"))


def test_the_exit_code_and_the_events_of_a_run_partly_done(seeds: Done) -> None:
    root, done = seeds
    assert done.returncode == 7, said(done)
    told = events(done)
    names = {str(p.relative_to(root / "in")) for p in (root / "in").rglob("*.*")}
    assert told[0] == {"event": "started", "files": len(names), "others": {}}
    assert {str(event["file"]) for event in told[1:-1]} == names
    (failed,) = (event for event in told if event["event"] == "failed")
    assert failed["file"] == "bad.txt"
    assert "is a PNG image" in str(failed["error"])
    assert failed["hint"]
    assert failed["earlier"] is False
    finished = [event for event in told if event["event"] == "finished"]
    assert all(len(event["outputs"]) == 5 and event["words"] > 0 for event in finished)  # type: ignore[arg-type, operator]
    assert {name for event in finished for name in event["outputs"]} == set(outputs(root / "out"))  # type: ignore[attr-defined]
    ended = told[-1]
    assert (ended["event"], ended["translated"], ended["failed"], ended["stopped"]) == (
        "ended",
        len(names) - 1,
        1,
        False,
    )
    assert ended["words"] == sum(event["words"] for event in finished)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("windows-1252.txt", ".txt"),
        ("windows-1252.txt", ".html"),
        ("windows-1252.txt", ".tsv"),
        ("sub/markdown.md", ".md"),
        ("sub/markdown.md", ".json"),
    ],
)
def test_an_output_is_that_of_a_single_translation(seeds: Done, name: str, ending: str, tmp_path: Path) -> None:
    assert_same_alone(seeds[0], name, ending, tmp_path)


@pytest.mark.slow
def test_every_output_of_all_seeds_is_that_of_a_single_translation(tmp_path: Path) -> None:
    names = [path.name for path in SEEDS.iterdir() if path.suffix in (".txt", ".md")]
    translated(tmp_path, names)
    for name in names:
        for ending in (".txt", ".md", ".tsv", ".html", ".json"):
            assert_same_alone(tmp_path, f"sub/{name}" if name.endswith(".md") else name, ending, tmp_path)


def assert_same_alone(root: Path, name: str, ending: str, tmp_path: Path) -> None:
    own = name.endswith(ending)
    english = root / "out" / (f"{name[: -len(ending)]}.en{ending}" if own else f"{name}.en{ending}")
    alone = tmp_path / f"alone{ending}"
    assert main(["translate", str(root / "in" / name), "-o", str(alone), "--summary", "3", "--force"]) == 0
    if ending == ".json":
        assert without_times(english) == without_times(alone)
    else:
        assert english.read_bytes() == alone.read_bytes()


def without_times(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_bytes())
    return {**found, "seconds": None}


def test_the_encoding_of_the_input_is_kept(seeds: Done) -> None:
    english = (seeds[0] / "out" / "windows-1252.en.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        english.decode("utf-8")
    assert english.decode("cp1252")


def test_a_second_run_is_told_in_a_table_and_a_status(seeds: Done, batch: Here) -> None:
    root, _ = seeds
    before = {path: path.stat().st_mtime_ns for path in (root / "out").rglob("*.en.*")}
    done = fr2en("batch", root / "in", root / "out", *ALL_FORMATS, "--summary", "3")
    assert done.returncode == 7
    assert done.stdout == b""
    assert "0 translated" in said(done)
    assert "1 failed" in said(done)
    assert re.search(r"bad\.txt\W+is a PNG", said(done))
    assert {path: path.stat().st_mtime_ns for path in (root / "out").rglob("*.en.*")} == before

    code, told, _ = batch("status", root / "out")
    assert code == 0
    assert re.search(rf"done {len(before) // 5} +failed 1 +unfinished 0", told)
    assert "bad.txt: is a PNG image" in told
    numbers = json.loads(batch("status", root / "out", "--json")[1])
    assert (numbers["done"], numbers["failed"]) == (len(before) // 5, 1)
    assert numbers["failures"][0]["file"] == "bad.txt"


@dataclass(frozen=True)
class Here:
    """The command in this process, which need not load everything each time."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *args: str | Path) -> tuple[int, str, str]:
        code = main(["batch", *map(str, args)])
        return code, *self.capsys.readouterr()


@pytest.fixture
def batch(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def test_a_dry_run_writes_nothing_at_all(tmp_path: Path, batch: Here) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.txt").write_text(FRENCH)
    (source / "b.txt").write_bytes(BINARY)
    code, told, _ = batch(source, target, "--dry-run")
    assert code == 0
    assert "1 file to translate, 9 words; 0 are done already" in told
    assert "1 file cannot be read" in told
    assert "measured on a sample" in told
    assert not target.exists()

    assert batch(source, target)[0] == 7
    before = tree(target)
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    (source / "c.txt").write_text(FRENCH)
    found = json.loads(batch(source, target, "--dry-run", "--json")[1])
    assert (found["files"], found["unchanged"], found["failed"], found["measured"]) == (1, 1, 1, False)
    assert found["seconds"] > 0
    assert tree(target) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_folders_that_do_not_go_together(tmp_path: Path, batch: Here) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "a.txt").write_text(FRENCH)
    (tmp_path / "link").symlink_to(tmp_path / "in")
    for source, target, code, what in (
        ("in", "in", 2, "the folder to read is the same"),
        ("in", "link", 2, "the folder to read is the same"),
        ("in/deep", "in", 2, "the folder to read is within it"),
        ("a.txt", "out", 4, "fr2en translate"),
        ("missing", "out", 4, "no such folder"),
        ("in", "a.txt", 6, "cannot be made"),
    ):
        found, _, told = batch(tmp_path / source, tmp_path / target)
        assert (found, what in told) == (code, True), told
    code, _, told = batch("status", tmp_path / "in")
    assert (code, "no manifest of a batch" in told) == (4, True)
    assert not (tmp_path / "in" / STATE).exists()


def test_an_output_folder_holds_the_english_of_one_folder(tmp_path: Path, batch: Here) -> None:
    for name in ("monday", "tuesday"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(FRENCH + name)
    assert batch(tmp_path / "monday", tmp_path / "out")[0] == 0
    code, _, told = batch(tmp_path / "tuesday", tmp_path / "out")
    assert code == 2
    assert f"holds the English of {tmp_path / 'monday'}" in told
    code, _, told = batch(tmp_path / "tuesday", tmp_path / "out", "--state", tmp_path / "state")
    assert (code, "this batch did not write it" in told) == (7, True)
    (tmp_path / "monday").rename(tmp_path / "moved")
    assert batch(tmp_path / "moved", tmp_path / "out")[0] == 0


def test_an_output_folder_holds_the_english_of_one_folder_whatever_its_name(tmp_path: Path, batch: Here) -> None:
    for name in (odd := os.fsdecode(b"q\xff"), "plain"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(FRENCH)
    assert batch(tmp_path / odd, tmp_path / "out")[0] == 0
    code, _, told = batch(tmp_path / "plain", tmp_path / "out")
    assert code == 2
    assert f"holds the English of {tmp_path}/q\\xff" in told
    assert batch(tmp_path / odd, tmp_path / "out")[0] == 0


def test_a_manifest_is_that_of_one_output_folder(tmp_path: Path, batch: Here) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FRENCH)
    state = ("--state", tmp_path / "state")
    assert batch(tmp_path / "in", tmp_path / "out", *state)[0] == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.en.txt").write_text("mine")
    code, _, told = batch(tmp_path / "in", tmp_path / "other", *state)
    assert code == 2
    assert f"is the manifest of what was written to {tmp_path / 'out'}" in told
    assert (tmp_path / "other" / "a.en.txt").read_text() == "mine"
    (tmp_path / "out").rename(tmp_path / "moved")
    code, _, told = batch(tmp_path / "in", tmp_path / "moved", *state)
    assert (code, "1 unchanged" in told) == (0, True)


def test_an_output_folder_may_be_copied_with_its_manifest(tmp_path: Path, batch: Here) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FRENCH)
    assert batch(tmp_path / "in", tmp_path / "out")[0] == 0
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    code, _, told = batch(tmp_path / "in", tmp_path / "copy")
    assert (code, "1 unchanged" in told) == (0, True)


@pytest.mark.parametrize(
    ("trouble", "what"),
    [("foreign", "is no manifest of fr2en"), ("damaged", "damaged"), ("newer", "newer fr2en")],
)
def test_a_manifest_that_cannot_be_used(tmp_path: Path, batch: Here, trouble: str, what: str) -> None:
    (tmp_path / "in").mkdir()
    state = tmp_path / "out" / STATE
    state.mkdir(parents=True)
    if trouble == "damaged":
        (state / MANIFEST).write_bytes(b"This is no database. " * 300)
    else:
        if trouble == "newer":
            assert batch(tmp_path / "in", tmp_path / "out")[0] == 0
        with sqlite3.connect(state / MANIFEST) as connection:
            connection.execute("PRAGMA user_version = 99" if trouble == "newer" else "CREATE TABLE theirs (x)")
        connection.close()
    code, _, told = batch(tmp_path / "in", tmp_path / "out")
    assert (code, what in told) == (4, True)


class Running:
    """The command in the background."""

    def __init__(self, *args: str | Path, pool: int = 400) -> None:
        code = f"from translate.batch import run\nrun.POOL_BYTES = {pool}\nfrom translate.cli import run\nrun()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "batch", *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "FR2EN_OFFLINE": "1"},
        )

    def wait_for(self, path: Path, seconds: float = 120) -> None:
        for _ in range(int(seconds * 20)):
            if path.exists() or self.process.poll() is not None:
                return
            time.sleep(0.05)

    def end(self, *numbers: int) -> tuple[int, str]:
        for number in numbers:
            self.process.send_signal(number)
            time.sleep(0.3)
        _, stderr = self.process.communicate(timeout=120)
        return self.process.returncode, stderr.decode()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(120):
        text = f"Le maire de la ville a reçu {number} habitants mardi. Ils ont parlé de {number + 3} rues.\n"
        (tmp_path / "in" / f"{number:03}.txt").write_text(text)
    return tmp_path


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_first_signal_finishes_the_pool_in_flight(many: Path, batch: Here, number: int, code: int) -> None:
    running = Running(many / "in", many / "out")
    running.wait_for(many / "out" / "000.en.txt")
    ended, what = running.end(number)
    assert ended == code, what
    assert "finishing the batch in flight" in what
    assert "the same command goes on from here" in what
    status = json.loads(batch("status", many / "out", "--json")[1])
    assert status["unfinished"] == 0
    assert 0 < status["done"] < 120
    assert len(outputs(many / "out")) == status["done"]


def test_a_second_signal_stops_at_once_and_leaves_nothing_half_written(tmp_path: Path, batch: Here) -> None:
    (tmp_path / "in").mkdir()
    text = "".join(f"Le maire de la ville a reçu {number} habitants mardi.\n\n" for number in range(3000))
    (tmp_path / "in" / "long.txt").write_text(text)
    running = Running(tmp_path / "in", tmp_path / "out", "--json")
    assert running.process.stdout
    assert b"started" in running.process.stdout.readline()
    time.sleep(1)
    ended, what = running.end(signal.SIGTERM, signal.SIGTERM)
    assert ended == 143
    assert what.endswith("fr2en: terminated; nothing was left half-written\n")
    assert not list((tmp_path / "out").rglob("*.tmp"))
    assert not outputs(tmp_path / "out"), "the pool in flight was not waited for"
    assert json.loads(batch("status", tmp_path / "out", "--json")[1])["done"] == 0


def test_a_second_command_keeps_out_while_one_is_at_work(many: Path, batch: Here) -> None:
    running = Running(many / "in", many / "out")
    running.wait_for(many / "out" / "000.en.txt")
    code, _, told = batch(many / "in", many / "out")
    status = batch("status", many / "out")
    assert running.end(signal.SIGTERM)[0] == 143, "it was at work all the while"
    assert (code, "at work" in told) == (6, True)
    assert status[0] == 0


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[Path, Running]]:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "old.txt").write_text(FRENCH)
    running = Running(tmp_path / "in", tmp_path / "out", "--watch", "--json")
    yield tmp_path, running
    running.process.kill()
    running.process.communicate()


def test_watching_takes_what_arrives_once_it_is_whole_and_ends_on_a_signal(watching: tuple[Path, Running]) -> None:
    root, running = watching
    running.wait_for(root / "out" / "old.en.txt")
    slow = root / "in" / "slow.txt"
    slow.write_text("Le chien dort. ")
    time.sleep(1.0)
    with slow.open("a") as file:
        file.write("Le chat mange.\n")
    (root / "in" / "bad.txt").write_bytes(BINARY)
    running.wait_for(root / "out" / "slow.en.txt")
    time.sleep(0.3)
    running.process.send_signal(signal.SIGTERM)
    stdout, stderr = running.process.communicate(timeout=60)
    assert running.process.returncode == 143, stderr
    told = [json.loads(line) for line in stdout.decode().splitlines()]
    assert [event["file"] for event in told if event["event"] == "finished"] == ["old.txt", "slow.txt"]
    assert [event["file"] for event in told if event["event"] == "failed"] == ["bad.txt"]
    assert "unchanged" not in {event["event"] for event in told}, "known since the first pass"
    english = (root / "out" / "slow.en.txt").read_text()
    assert "dog" in english
    assert "cat" in english


def test_a_terminal_shows_a_bar_the_failures_and_what_it_came_to(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FRENCH)
    (tmp_path / "in" / "odd\x1b[31m\n.txt").write_bytes(BINARY)
    (tmp_path / "in" / "c.jpg").write_bytes(BINARY)
    ours, theirs = pty.openpty()
    code = "from translate.cli import run; run()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "batch", str(tmp_path / "in"), str(tmp_path / "out")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "FR2EN_OFFLINE": "1", "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += (found := os.read(ours, 65536))
        except OSError:
            break
        if not found:
            break
    os.close(ours)
    assert process.wait(timeout=60) == 7
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert "0/2 files" in text
    assert "passed over: .jpg 1" in text
    assert r"failed: odd\x1b[31m\x0a.txt: is a PNG image" in text
    assert "what to try" in text
    assert "1 translated, 0 unchanged, 1 failed" in text
    assert b"odd\x1b" not in shown


def test_what_is_quiet(tmp_path: Path, batch: Here) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_bytes(BINARY)
    assert batch(tmp_path / "in", tmp_path / "out", "--quiet") == (7, "", "")


def test_a_later_pass_tells_only_what_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    lines, known = Lines(Terminal()), Failed("a.txt", "a.txt: broken", earlier=True)
    for report in (
        Report(unchanged=3, failed=1, failures=(known,)),
        Report(unchanged=3, failed=1, failures=(known,)),
        Report(unchanged=3, failed=2, failures=(known, Failed("new.txt", "new.txt: broken"))),
    ):
        with lines.showing():
            lines.tell(Started(4, ((".jpg", 1),)))
        lines.close(report)
    told = capsys.readouterr().err
    assert told.count("passed over") == 1
    assert told.count("a.txt") == 1
    assert told.count("new.txt") == 1
    assert told.count("unchanged") == 2


def test_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("translate.cli.progress.time.monotonic", lambda: now[0])
    lines = Lines(Terminal())
    with lines.showing():
        lines.tell(Started(300))
        for number in range(100):
            now[0] += 0.5
            lines.tell(Unchanged(f"{number}.txt"))
    assert capsys.readouterr().err == "fr2en: 60 of 300 files, 0 words/s, about 2 min left\n"


def test_events_are_json_whatever_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    feed = Feed(sys.stdout)
    feed.tell(Failed("caf\udce9.txt", "in/caf\udce9.txt: \ud800 broken"))
    record = json.loads(capsys.readouterr().out)
    assert record["file"] == "caf\\xe9.txt"
    assert "broken" in record["error"]


def test_a_run_whose_events_nobody_reads_is_no_success() -> None:
    class Broken(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(OutputError, match="nobody reads"):
        Feed(Broken()).tell(Started(1))


def test_remarks_are_counted_where_they_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    finished = Finished("a.txt", ("a.en.txt",), 1, 1, 0, ("a.txt: this text is not French",))
    for loudness, told in ((0, "1 file with remarks"), (1, "this text is not French")):
        lines = Lines(Terminal(loudness))
        with lines.showing():
            lines.tell(finished)
        lines.close(Report(translated=1))
        assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.04, "0.0 s"), (12, "12 s"), (89.6, "90 s"), (600, "10 min")),
        *((5400, "1 h 30 min"), (7199, "2 h 0 min"), (200_000, "2 days 7 h")),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
