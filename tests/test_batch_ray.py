"""A batch on Ray: what the workers do without it here, and real clusters of two nodes, one of which is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from batches import PLAIN, tree
from fakes import FakeEngine

from translate.batch import Job, Local, LocalFolder, Recipe, locked, run_batch
from translate.batch import run as run_module
from translate.batch.cluster import Ray, _approved
from translate.batch.jobs import Item, Outcome, Stamp
from translate.batch.parcels import MOST_DEATHS, Desk, Parcel
from translate.batch.work import Pool
from translate.batch.worker import Loaded, Orders, Recent, Worker
from translate.cli import main
from translate.document import Segment
from translate.errors import ModelError, UsageError
from translate.memory import Approved, import_tmx, open_memory
from translate.models import load_engine
from translate.settings import EngineSettings

ENGINE = EngineSettings(model="bundled", threads=1)


def item(name: str, text: str = "Le chat dort.\n") -> Item:
    data = text.encode()
    return Item(name, name, data, Stamp(len(data), 0), sha256(data).hexdigest())


def pools(count: int, size: int = 1) -> list[Pool]:
    return [tuple(item(f"{number}-{file}.txt") for file in range(size)) for number in range(count)]


# Parcels


def test_pools_are_drawn_one_by_one() -> None:
    drawn: list[int] = []

    def source() -> Iterator[Pool]:
        for number, pool in enumerate(pools(3)):
            drawn.append(number)
            yield pool

    desk = Desk(source())
    assert drawn == []
    first = desk.take()
    assert first is not None
    assert drawn == [0]
    desk.give_back(first)
    assert desk.take() is first
    assert drawn == [0]
    assert desk.has_more()
    assert desk.has_more()
    assert drawn == [0, 1]
    assert [desk.take() is not None for _ in range(3)] == [True, True, False]
    assert not desk.has_more()


def test_a_pool_that_kills_is_broken_up_and_its_culprit_fails_alone() -> None:
    (pool,) = pools(1, size=3)
    desk = Desk(iter([pool]))
    settled: list[str] = []
    failed: list[Outcome] = []
    deaths = 0
    while (parcel := desk.take()) is not None:
        if any(item.name == "0-1.txt" for item in parcel.pool):
            deaths += 1
            failed += [outcome for outcomes in desk.died(parcel, "out of memory") for outcome in outcomes]
        else:
            settled += [item.name for item in parcel.pool]
    assert deaths == 2 * MOST_DEATHS
    assert settled == ["0-0.txt", "0-2.txt"]
    assert [outcome.item.name for outcome in failed] == ["0-1.txt"]
    assert failed[0].failure is not None
    assert failed[0].failure.what == "the worker died three times on this file (out of memory)"


def test_two_deaths_are_forgiven() -> None:
    (pool,) = pools(1)
    desk = Desk(iter([pool]))
    for _ in range(MOST_DEATHS - 1):
        assert desk.died(desk.take() or Parcel(pool), "gone") == []
    parcel = desk.take()
    assert parcel is not None
    assert parcel.pool == pool


# Workers


def test_what_a_worker_remembers_is_bounded_and_what_people_approved_comes_first() -> None:
    recent = Recent([Approved("Le chat dort.", "The cat is asleep.", 0, 0)], most=2)
    keys = [(text, False) for text in ("un", "deux", "trois")]
    recent.put((key, Segment(key[0], key[0].upper(), score=-1.0)) for key in keys[:2])
    assert recent.get(keys[:1])[keys[0]].target == "UN"
    recent.put([(keys[2], Segment("trois", "TROIS", score=-1.0))])
    assert set(recent.get(keys)) == {keys[0], keys[2]}
    cat = ("Le chat dort.", False)
    recent.put([(cat, Segment("Le chat dort.", "The cat sleeps.", score=-1.0))])
    assert recent.get([cat]) == {cat: Segment("Le chat dort.", "The cat is asleep.", passed="memory")}


def test_what_people_approved_is_read_from_the_memory_for_all_workers(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    assert _approved(None) == _approved(path) == ()
    header = '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" '
    pair = '<tu><tuv xml:lang="fr"><seg>Le chat dort.</seg></tuv><tuv xml:lang="en"><seg>It sleeps.</seg></tuv></tu>'
    exchange = tmp_path / "pairs.tmx"
    exchange.write_text(f'<tmx version="1.4">{header}srclang="fr" datatype="plaintext"/><body>{pair}</body></tmx>')
    with open_memory(path) as memory:
        import_tmx(memory, exchange)
    assert [(pair.source, pair.target) for pair in _approved(path)] == [("Le chat dort.", "It sleeps.")]


def test_a_worker_of_another_fr2en_or_without_the_model_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.worker._node", lambda: "noeud7 (10.0.0.7)")
    found = Worker().load(Orders("0.0.1", ENGINE))
    assert not isinstance(found, Loaded)
    assert found.what.startswith("noeud7 (10.0.0.7): has fr2en ")
    assert found.what.endswith("and this command is 0.0.1")
    from importlib.metadata import version

    found = Worker().load(Orders(version("fr2en"), replace(ENGINE, model="/nowhere/model")))
    assert not isinstance(found, Loaded)
    assert found.what.startswith("noeud7 (10.0.0.7): there is no model /nowhere/model")


# The command


@pytest.fixture
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)


def test_without_the_extra_the_command_says_what_to_install(
    no_ray: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--ray"]) == 2
    told = capsys.readouterr()
    assert "pip install 'fr2en[ray]'" in told.err
    assert told.out == ""


def test_offline_and_a_cluster_do_not_go_together(no_ray: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FR2EN_OFFLINE", "1")
    with pytest.raises(UsageError, match="--offline forbids"):
        Ray(ENGINE).__enter__()


def test_workers_need_a_cluster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--workers", "3"]) == 2
    assert "--workers is for --ray" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["nobody", "ray://nobody.invalid", "auto"])
def test_an_address_without_a_cluster(address: str) -> None:
    pytest.importorskip("ray")
    with pytest.raises(UsageError, match=f"--ray {address}: no"):
        Ray(ENGINE, address).__enter__()


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_port_where_nobody_listens_is_told_at_once(scheme: str) -> None:
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UsageError, match=f"127.0.0.1:{port}: nobody answers there"):
        Ray(ENGINE, f"{scheme}127.0.0.1:{port}").__enter__()


# A real cluster


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head without processors, and two nodes of one processor each."""
    ray = pytest.importorskip("ray")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for the workers of this file
    monkeypatch.setenv("FR2EN_TEST_MARK", str(tmp_path / "mark"))
    utils: Any = pytest.importorskip("ray.cluster_utils")
    found = utils.Cluster(initialize_head=True, head_node_args=_node(0))
    found.nodes = [found.add_node(**_node(1)) for _ in range(2)]
    yield found
    ray.shutdown()
    found.shutdown()


def _node(processors: int) -> dict[str, Any]:
    return {"num_cpus": processors, "object_store_memory": 100 << 20, "include_dashboard": False}


@pytest.fixture
def small_pools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "POOL_BYTES", 1000)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty files, some of their sentences alike; three are a small pool."""
    root = tmp_path_factory.mktemp("articles")
    for number in range(30):
        path = root / f"{number // 10}" / f"été {number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            f"Le gouvernement a présenté mercredi le projet de loi numéro {number}.",
            "",
            "« Nous ne céderons pas », a déclaré le ministre de l’Intérieur devant les députés.",
            f"Le texte prévoit {number} millions d’euros pour les communes touchées par les inondations.",
            "",
            "A lire aussi : Syrie, la trêve tient depuis lundi",
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def here(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this machine alone makes of the articles."""
    outputs, state = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("state")
    job = Job(LocalFolder(articles), LocalFolder(outputs), state)
    with locked(job) as manifest, Local(load_engine(ENGINE), None) as executor:
        assert run_batch(job, manifest, executor, lambda event: None).translated == 30
    return tree(outputs)


def _pids(executor: Ray) -> list[int]:
    """Return the processes of the workers that are ready."""
    call = "__ray_call__"
    hands = [hand for hand in executor._hands if hand.loading is None]
    return [executor._ray.get(getattr(hand.actor, call).remote(_pid)) for hand in hands]


def _pid(_: Any) -> int:
    return os.getpid()


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["node", "process", "none"])
def test_two_nodes_make_what_one_machine_makes_whoever_dies(
    fault: str, cluster: Any, small_pools: None, articles: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    told: list[str] = []
    handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    outputs = tmp_path / "out"
    job = Job(LocalFolder(articles), LocalFolder(outputs), tmp_path / "state")
    with locked(job) as manifest, Ray(ENGINE, cluster.address, tell=told.append) as executor:
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == handlers
        pids = _pids(executor)
        assert len(set(pids)) == 2
        finished: list[str] = []

        def tell(event: Any) -> None:
            if type(event).__name__ == "Finished":
                finished.append(event.name)
                if len(finished) == 6 and fault == "node":
                    cluster.remove_node(cluster.nodes[0], allow_graceful=False)
                elif len(finished) == 6 and fault == "process":
                    os.kill(pids[0], signal.SIGKILL)

        report = run_batch(job, manifest, executor, tell)
        survivors = _pids(executor)
    assert (report.translated, report.failed) == (30, 0)
    assert sorted(finished) == sorted(str(path.relative_to(articles)) for path in articles.rglob("*.txt"))
    assert tree(outputs) == here
    assert any("was lost" in text for text in told) == (fault != "none")
    assert fault != "process" or pids[0] not in survivors


@pytest.mark.slow
def test_a_file_that_kills_its_workers_fails_and_the_others_do_not(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = [(item("a.txt"), item("b.txt", "Ce fichier tue.\n"), item("c.txt")), *pools(4)]
    told: list[str] = []
    monkeypatch.setattr("translate.batch.cluster.Worker", Poisoned)
    with Ray(ENGINE, cluster.address, tell=told.append) as executor:
        outcomes = [outcome for found in executor.run(iter(poisoned), Recipe(PLAIN)) for outcome in found]
    failed = {outcome.item.name: outcome.failure.what for outcome in outcomes if outcome.failure}
    assert failed == {"b.txt": "the worker died three times on this file (it died)"}
    assert sorted(outcome.item.name for outcome in outcomes) == sorted(i.name for pool in poisoned for i in pool)
    assert all(outcome.item.data for outcome in outcomes)
    assert len([text for text in told if "was lost" in text]) == 2 * MOST_DEATHS


class Poisoned(Worker):
    """A worker that one text kills, as one that fills the memory would."""

    def load(self, orders: Orders) -> Any:
        found = super().load(orders)
        self._engine = FakeEngine()
        return found

    def translate(self, pool: Pool, recipe: Recipe) -> list[Outcome]:
        if any(b"tue" in item.data for item in pool):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().translate(pool, recipe)


class Slow(Worker):
    """A worker that takes its time."""

    def translate(self, pool: Pool, recipe: Recipe) -> list[Outcome]:
        time.sleep(0.2)
        self._engine = FakeEngine()
        return super().translate(pool, recipe)


class Odd(Worker):
    """A worker whose weights are others where it is the second to ask."""

    def load(self, orders: Orders) -> Any:
        found = super().load(orders)
        assert isinstance(found, Loaded)
        try:
            Path(os.environ["FR2EN_TEST_MARK"]).mkdir()
        except FileExistsError:
            return replace(found, info=replace(found.info, checksum="f" * 64), node="noeud2 (10.0.0.2)")
        return found


@pytest.mark.slow
def test_a_node_with_another_model_is_refused_by_name(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"\(.*\): there is no model /nowhere"):
        Ray(replace(ENGINE, model="/nowhere"), cluster.address).__enter__()
    with pytest.raises(ModelError, match="has no GPU"):
        Ray(replace(ENGINE, device="cuda"), cluster.address).__enter__()
    monkeypatch.setattr("translate.batch.cluster.Worker", Odd)
    with pytest.raises(ModelError, match=r"noeud2 \(10\.0\.0\.2\): its checksum is ffffffffffffffff, on the others "):
        Ray(ENGINE, cluster.address).__enter__()


@pytest.mark.slow
def test_no_more_pools_are_drawn_than_the_workers_need(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.batch.cluster.Worker", Slow)
    drawn = settled = 0

    def source() -> Iterator[Pool]:
        nonlocal drawn
        for pool in pools(12):
            drawn += 1
            assert drawn - settled <= 2 * 2
            yield pool

    with Ray(ENGINE, cluster.address) as executor:
        for _ in executor.run(source(), Recipe(PLAIN)):
            settled += 1
    assert (drawn, settled) == (12, 12)


@pytest.mark.slow
def test_the_command_on_a_cluster_of_its_own_is_stopped_and_goes_on(
    articles: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    """Ctrl-C at a terminal reaches every process of the group, those of Ray among them."""
    words = ["batch", str(articles), str(tmp_path / "out"), "--json", "--model", "bundled", "--workers", "1", "--ray"]
    script = "import translate.batch.run as r; r.POOL_BYTES = 1000; from translate.cli import run; run()"
    command = [sys.executable, "-c", script, *words]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if len(events) == 5:
            os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130
    assert process.stderr is not None
    assert process.stderr.read() == "fr2en: finishing the batch in flight; again to stop at once\n"
    assert events[-1]["event"] == "ended"
    assert events[-1]["stopped"]
    assert 4 <= events[-1]["translated"] < 30
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    ended = json.loads(done.stdout.splitlines()[-1])
    assert ended["unchanged"] == events[-1]["translated"]
    assert ended["translated"] == 30 - ended["unchanged"]
    assert done.stderr == ""
    assert {name: data for name, data in tree(tmp_path / "out").items() if not name.startswith(".fr2en")} == here
