"""A bucket translated: on a real S3 server (moto's), in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batches import PLAIN, Batch, tree
from fakes import FakeEngine

from translate.batch import (
    Event,
    Failed,
    Finished,
    Job,
    Local,
    LocalFolder,
    ObjectFolder,
    Recipe,
    Report,
    Selection,
    Unchanged,
    locked,
    run_batch,
)
from translate.cli import main
from translate.errors import InputError, OutputError

pytest.importorskip("moto", reason="the extra 'cluster-test' is not installed")
pytest.importorskip("flask", reason="the extra 'cluster-test' is not installed")
s3fs = pytest.importorskip("s3fs", reason="the extra 'cloud' is not installed")

pytestmark = pytest.mark.slow

#: Names that stores and shells trip over: spaces, both ways to write an accent, what URLs and globs give a meaning.
NAMES = (
    *("a b.txt", "été.txt", "e\u0301te\u0301.txt", "100%25.txt", "quoi?.txt", "no#1.txt", "[x]*.txt", "plus+.txt"),
    *("2024/mai/article.md", "2024/mai.txt", "2024/ espace /œuvre.txt", "l’été & l'hiver;.txt"),
)

SERVER = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-c", SERVER], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = (line for line in process.stderr if "Running on http" in line)
    address = next(lines).split()[-1]
    threading.Thread(target=list, args=(process.stderr,), daemon=True).start()  # a full pipe would stop it
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """An empty bucket named ``presse`` as fsspec sees it, at the address that the environment names."""
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(name, value)
    _told(server, "reset")
    files = s3fs.S3FileSystem(use_listings_cache=False)
    files.mkdir("presse")
    return files


def _told(server: str, command: str, data: bytes = b"") -> None:
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{server}/moto-api/{command}", data=data, method="POST", headers=headers)
    urllib.request.urlopen(request).close()


def fill(store: Any, names: tuple[str, ...] = NAMES) -> None:
    for number, name in enumerate(names):
        store.pipe_file(f"presse/fr/{name}", f"Voici le numéro {number}.\n".encode())


class Run:
    """A pass over buckets or folders, and what it told."""

    def __init__(self, source: str | Path, target: str | Path, state: Path, **options: Any) -> None:
        inputs = ObjectFolder(source, str(target)) if isinstance(source, str) else LocalFolder(source)
        outputs = ObjectFolder(target) if isinstance(target, str) else LocalFolder(target)
        job = Job(inputs, outputs, state, Recipe(PLAIN), **options)
        self.events: list[Event] = []
        self.engine = FakeEngine()
        with locked(job) as manifest, Local(self.engine, None) as executor:
            self.report: Report = run_batch(job, manifest, executor, self.events.append)

    def names(self, kind: type) -> list[str]:
        return [getattr(event, "name", "") for event in self.events if isinstance(event, kind)]


def english(store: Any, root: str = "presse/en") -> dict[str, bytes]:
    return {path[len(root) + 1 :]: store.cat_file(path) for path in store.find(root)}


def expected(tmp_path: Path, store: Any) -> dict[str, bytes]:
    """Return what a local run makes of the same files."""
    batch = Batch(tmp_path / "local")
    batch.inputs.mkdir(parents=True)
    for path in store.find("presse/fr"):
        batch.put(path.removeprefix("presse/fr/"), store.cat_file(path))
    batch.run()
    return batch.written()


def test_a_bucket_becomes_what_a_folder_would(store: Any, tmp_path: Path) -> None:
    fill(store)
    store.pipe_file("presse/fr/photo.JPG", b"\xff\xd8")
    first = Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    assert first.report.translated == len(NAMES) == len(english(store))
    assert english(store) == expected(tmp_path, store)
    order = first.names(Finished)
    assert sorted(order, key=lambda name: name.split("/")) == order
    assert first.events[0].others == ((".jpg", 1),)  # type: ignore[union-attr]


def test_a_second_run_asks_for_listings_alone(store: Any, tmp_path: Path) -> None:
    fill(store)
    Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    calls: list[str] = []
    second = _counted(calls, lambda: Run("s3://presse/fr", "s3://presse/en", tmp_path / "state"))
    assert second.names(Unchanged) == second.names(Unchanged)[: len(NAMES)]
    assert len(second.names(Unchanged)) == len(NAMES)
    assert second.engine.sent == []
    assert set(calls) == {"list_objects_v2"}
    # Two looks at the folders of the French, one at those of the English: fr, 2024, mai, " espace ".
    assert len(calls) == 3 * 4


def _counted(calls: list[str], run: Any) -> Any:
    kept = s3fs.S3FileSystem._call_s3

    async def call(self: Any, method: str, *args: Any, **options: Any) -> Any:
        calls.append(method)
        return await kept(self, method, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(s3fs.S3FileSystem, "_call_s3", call)
        return run()


def test_a_first_run_reads_and_writes_by_one_request_each(store: Any, tmp_path: Path) -> None:
    fill(store)
    calls: list[str] = []
    _counted(calls, lambda: Run("s3://presse/fr", "s3://presse/en", tmp_path / "state"))
    assert (calls.count("get_object"), calls.count("put_object")) == (len(NAMES), len(NAMES))
    assert calls.count("head_object") == len(NAMES)  # whether somebody else's object is in the way


def test_a_changed_object_and_a_lost_output_are_made_again_alone(store: Any, tmp_path: Path) -> None:
    fill(store)
    Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    store.pipe_file("presse/fr/a b.txt", b"Voici autre chose.\n")
    store.rm_file("presse/en/2024/mai.en.txt")
    second = Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    assert second.names(Finished) == ["2024/mai.txt", "a b.txt"]
    assert english(store) == expected(tmp_path, store)


def test_what_this_batch_did_not_write_is_kept(store: Any, tmp_path: Path) -> None:
    fill(store, ("a.txt", "b.txt"))
    store.pipe_file("presse/en/a.en.txt", b"mine")
    run = Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    assert run.names(Failed) == ["a.txt"]
    assert store.cat_file("presse/en/a.en.txt") == b"mine"
    assert Run("s3://presse/fr", "s3://presse/en", tmp_path / "state", force=True).report.failed == 0
    assert english(store) == expected(tmp_path, store)


def test_an_output_that_somebody_changed_is_known_by_its_tag(store: Any, tmp_path: Path) -> None:
    fill(store, ("a.txt", "b.txt"))
    Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    changed = store.cat_file("presse/en/a.en.txt").replace(b"Voici", b"VOICI")
    store.pipe_file("presse/en/a.en.txt", changed)
    run = Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    assert (run.names(Failed), run.names(Unchanged)) == (["a.txt"], ["b.txt"])
    assert store.cat_file("presse/en/a.en.txt") == changed


def test_from_a_folder_to_a_bucket_and_back(store: Any, tmp_path: Path) -> None:
    batch = Batch(tmp_path / "local")
    batch.inputs.mkdir(parents=True)
    for name in NAMES:
        batch.put(name, "Le chat dort.\n")
    (batch.inputs.joinpath("caf\udce9.txt")).write_text("Le chat dort.\n")  # no UTF-8: no key of an object
    run = Run(batch.inputs, "s3://presse/en", tmp_path / "up")
    assert run.names(Failed) == ["caf\udce9.txt"]
    assert "no UTF-8" in run.report.failures[0].what
    store.copy("presse/en", "presse/fr", recursive=True)
    back = Run("s3://presse/fr", tmp_path / "back", tmp_path / "down")
    assert back.report.translated == len(NAMES)
    assert set(tree(tmp_path / "back")) == {
        name.replace(".txt", ".en.en.txt").replace(".md", ".en.en.md") for name in NAMES
    }


def test_keys_that_are_no_paths_are_counted_and_lead_nowhere(store: Any, tmp_path: Path) -> None:
    fill(store, ("a.txt", "../up.txt", "b//c.txt", "./d.txt"))
    run = Run("s3://presse/fr", tmp_path / "out", tmp_path / "state")
    assert run.names(Finished) == ["a.txt"]
    assert dict(run.events[0].others) == {"keys that are no paths": 3}  # type: ignore[union-attr]
    assert set(tree(tmp_path)) - {name for name in tree(tmp_path) if name.startswith("state")} == {"out/a.en.txt"}


def test_the_english_is_not_translated_where_it_stands_within_the_french(store: Any, tmp_path: Path) -> None:
    fill(store, ("a.txt", "sub/b.txt"))
    for _ in range(2):
        run = Run("s3://presse/fr", "s3://presse/fr/en", tmp_path / "state")
    assert run.names(Unchanged) == ["a.txt", "sub/b.txt"]
    assert set(english(store, "presse/fr/en")) == {"a.en.txt", "sub/b.en.txt"}


def test_the_order_is_that_of_a_folder_of_this_machine(store: Any, tmp_path: Path) -> None:
    names = ("b.txt", "a/x.txt", "a.txt", "a-b/y.txt", "a/b/z.txt", "Z.txt")
    fill(store, names)
    for name in names:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    here = [found.name for found in LocalFolder(tmp_path / "in").found(Selection())]
    assert [found.name for found in ObjectFolder("s3://presse/fr").found(Selection())] == here


WORKER = """
import sys, time
sys.path[:0] = [{tests!r}]
from test_batch_cloud import Run
from fakes import FakeEngine
import translate.batch.run as run
from pathlib import Path
run.POOL_BYTES = 60
translate = FakeEngine.translate
def slow(self, sources, decoding):
    time.sleep(0.1)
    return translate(self, sources, decoding)
FakeEngine.translate = slow
Run("s3://presse/fr", "s3://presse/en", Path({state!r}))
"""


def test_killed_and_run_again(store: Any, tmp_path: Path) -> None:
    names = tuple(f"{number // 10}/article {number}.txt" for number in range(30))
    fill(store, names)
    script = WORKER.format(tests=str(Path(__file__).parent), state=str(tmp_path / "state"))
    for already in (4, 12):
        process = subprocess.Popen([sys.executable, "-c", script])
        while len(store.find("presse/en")) < already and process.poll() is None:
            time.sleep(0.2)
        process.kill()
        assert process.wait() != 0, "it ended before it was killed"
    assert len(store.find("presse/en")) < 30
    last = Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
    assert last.report.translated + last.report.unchanged == 30
    assert last.report.unchanged >= 10
    assert english(store) == expected(tmp_path, store)


def test_a_bucket_that_is_not_there(store: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="s3://nulle-part: there is nothing: The specified bucket does not exist"):
        Run("s3://nulle-part", "s3://presse/en", tmp_path / "a")
    with pytest.raises(InputError, match=r"s3://presse/fr: there is nothing\n"):
        Run("s3://presse/fr", "s3://presse/en", tmp_path / "b")
    fill(store)
    with pytest.raises(OutputError, match="s3://nulle-part: cannot be used: The specified bucket does not exist"):
        Run("s3://presse/fr", "s3://nulle-part", tmp_path / "c")
    with pytest.raises(InputError, match="is no folder"):
        Run("s3://presse/fr/a b.txt", "s3://presse/en", tmp_path / "d")


def test_credentials_that_are_refused_stop_the_run_and_it_goes_on_with_others(
    store: Any, server: str, tmp_path: Path
) -> None:
    fill(store)
    inputs = ObjectFolder("s3://presse/fr")
    names = [found.name for found in inputs.found(Selection())]
    _told(server, "reset-auth", b"0")
    try:
        with pytest.raises(InputError, match=r"s3://presse/fr.*cannot be listed"):
            Run("s3://presse/fr", "s3://presse/en", tmp_path / "state")
        for name in (names[0], names[-1]):
            with pytest.raises(OutputError, match=r"s3://presse/fr: cannot be used"):
                inputs.read(name)
        with pytest.raises(OutputError, match="cannot be used"):
            ObjectFolder("s3://presse/en").write("a.en.txt", [b"a"], force=True)
    finally:
        _told(server, "reset-auth", b"inf")
    assert Run("s3://presse/fr", "s3://presse/en", tmp_path / "state").report.translated == len(NAMES)


def test_a_store_that_does_not_answer_stops_the_run(
    store: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    kept = dict(s3fs.S3FileSystem._cache)
    s3fs.S3FileSystem.clear_instance_cache()
    folder = ObjectFolder("s3://presse/fr")
    s3fs.S3FileSystem._cache.clear()
    s3fs.S3FileSystem._cache.update(kept)
    with pytest.raises(InputError, match="cannot be listed: Could not connect"):
        list(folder.found(Selection()))
    for act in (lambda: folder.read("a.txt"), lambda: folder.size("a.txt"), lambda: _write(folder)):
        with pytest.raises(OutputError, match="s3://presse/fr: cannot be used: Could not connect"):
            act()


def _write(folder: ObjectFolder) -> None:
    folder.write("a.txt", [b"a"], force=True)


def test_the_command_keeps_the_manifest_of_a_bucket_with_this_user(
    store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(store, ("a b.txt",))
    words = ["batch", "s3://presse/fr", "s3://presse/en", "--quiet"]
    assert main(words) == 0
    assert english(store).keys() == {"a b.en.txt"}
    assert list((tmp_path / "data").rglob("manifest.sqlite"))
    assert main(["batch", "status", "s3://presse/en"]) == 0
    assert "done 1 " in capsys.readouterr().out
    assert main([*words, "--state", str(tmp_path / "named")]) == 0
    assert (tmp_path / "named" / "manifest.sqlite").is_file()
