"""A batch on a Ray cluster: one engine a worker, the manifest and all decisions with the driver."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from translate.batch.jobs import Failure, Outcome, Recipe
from translate.batch.parcels import Desk, Parcel
from translate.batch.work import Pool
from translate.batch.worker import Loaded, Orders, Worker
from translate.engines import EngineInfo
from translate.engines.ct2 import usable_threads
from translate.errors import Fr2enError, ModelError, UsageError
from translate.memory import Approved, context_of, open_memory
from translate.models.choice import chosen_model
from translate.models.paths import local_folder
from translate.models.registry import BUNDLED
from translate.network import is_forbidden
from translate.settings import EngineSettings, Settings

#: Pools that a worker has at a time: one that it translates, and the next, so that it never waits for the driver.
IN_FLIGHT = 2

#: Seconds to wait for the first worker; a cluster that grows on demand needs minutes for a machine.
PATIENCE = 600.0

#: Seconds to wait, once the first worker is there, for the others, so that a node that differs stops the run at once.
GRACE = 30.0

#: Seconds between looks at whether the cluster has grown, and at whether anybody wants to stop.
_PAUSE = 5.0

#: Workers that may die in a row while they load the model; a node that lacks memory would go on for ever.
MOST_FAILED_STARTS = 5

#: Seconds for a connection to an address: without this look, Ray tries for 200 and then ends the process.
_CONNECT = 10.0

#: Bytes of Ray's object store in a cluster of this process; a pool takes 200 kB, and what is too large goes to disk.
_STORE = 256 << 20


@dataclass
class _Hand:
    """A worker: its actor, the load it was asked for until that is done, and the parcels that it has."""

    actor: Any
    loading: Any
    node: str = "a node that has not answered yet"
    busy: list[tuple[Any, Parcel]] = field(default_factory=list)


class Ray:
    """Translates on the Ray cluster at ``address``: ``auto``, ``HOST:PORT``, ``ray://HOST:PORT``; without one, on a
    cluster of this machine that is started for the purpose (or where RAY_ADDRESS says).

    There is a worker for each processor (each GPU with device ``cuda``), or ``workers``; more are asked for when the
    cluster grows, and new ones when some die. Of the translation ``memory``, what people approved is sent to all.
    ``tell`` is told of workers that were lost or refused. Entering raises UsageError where there is no Ray or no
    cluster, ModelError where a node's fr2en or model is missing or not as on the others.
    """

    def __init__(
        self,
        engine: EngineSettings,
        address: str = "",
        *,
        workers: int = 0,
        memory: Path | None = None,
        allow_download: bool = False,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._engine, self._address, self._workers = engine, address, workers
        self._memory, self._allow_download, self._tell = memory, allow_download, tell
        self._ray: Any = None
        self._orders: Any = None
        self._owned = False
        self._hands: list[_Hand] = []
        self._info: EngineInfo | None = None
        self._refused = self._failed_starts = self._deaths = self._most = 0

    def __enter__(self) -> Ray:
        if is_forbidden():
            raise UsageError(
                "--ray connects to the machines of a cluster, and --offline forbids every connection",
                "Leave out one of the two (and FR2EN_OFFLINE); workers fetch nothing without --download.",
            )
        self._ray = _imported()
        approved = _approved(self._memory)
        self._owned = _connect(self._ray, self._address, self._workers or 0, self._threads)
        try:
            self._orders = self._ray.put(Orders(version("fr2en"), self._settings(), self._allow_download, approved))
            self._start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for hand in self._hands:
            self._ray.kill(hand.actor)
        self._hands = []
        if self._owned:
            self._ray.shutdown()

    @property
    def info(self) -> EngineInfo:
        """The engine that translates: the same on all workers but for the processors it may use."""
        if self._info is None:
            raise ModelError("no worker of the cluster is ready yet", "Enter the executor first.")
        return self._info

    @property
    def _threads(self) -> int:
        return max(1, self._engine.threads)

    def _settings(self) -> EngineSettings:
        """Return what every worker loads: the model that this user means, by an absolute path if it is a folder."""
        model = self._engine.model or chosen_model() or BUNDLED
        if model != BUNDLED and (folder := local_folder(model)):
            model = str(folder.resolve())
        device = "cpu" if self._engine.device == "auto" else self._engine.device
        return replace(self._engine, model=model, device=device, threads=self._threads)

    def run(self, pools: Iterator[Pool], recipe: Recipe) -> Iterator[list[Outcome]]:
        """Yield the outcomes of every pool as they come; raises ModelError where no worker is left."""
        desk = Desk(pools)
        looked = staffed = time.monotonic()
        try:
            while True:
                now = time.monotonic()
                if now - looked > _PAUSE or not self._hands:
                    self._hire()
                    looked = now
                staffed = now if any(hand.loading is None for hand in self._hands) else staffed
                if now - staffed > PATIENCE:
                    raise ModelError(
                        f"no worker is left, and none came within {PATIENCE:.0f} s",
                        "See 'ray status'; the same command goes on from here.",
                    )
                self._deal(desk, recipe)
                if not any(hand.busy for hand in self._hands) and not desk.has_more():
                    return
                yield from self._collect(desk)
        finally:
            for hand in self._hands:
                hand.busy.clear()

    def _deal(self, desk: Desk, recipe: Recipe) -> None:
        """Give every worker something to do before any gets a second pool."""
        for most in range(IN_FLIGHT):
            for hand in self._hands:
                if hand.loading is None and len(hand.busy) <= most:
                    parcel = desk.take()
                    if parcel is None:
                        return
                    hand.busy.append((hand.actor.translate.remote(parcel.pool, recipe), parcel))

    def _collect(self, desk: Desk) -> Iterator[list[Outcome]]:
        """Wait for the first of all that is under way, and yield what is done."""
        waited = [ref for hand in self._hands for ref, _ in hand.busy]
        waited += [hand.loading for hand in self._hands if hand.loading is not None]
        ready = set(self._ray.wait(waited, num_returns=1, timeout=_PAUSE)[0]) if waited else set()
        for hand in list(self._hands):
            if hand.loading in ready:
                self._admit(hand, late=True)
            for ref, parcel in [entry for entry in hand.busy if entry[0] in ready]:
                try:
                    outcomes: list[Outcome] = self._ray.get(ref)
                except self._ray.exceptions.RayError as error:
                    yield from self._bury(hand, desk, error)
                    break
                hand.busy.remove((ref, parcel))
                self._deaths = 0
                yield _whole(outcomes, parcel)

    def _bury(self, hand: _Hand, desk: Desk, error: Exception) -> Iterator[list[Outcome]]:
        """Let a worker go; yield what it had done, and give the rest to others.

        A worker translates its pools in turn: the first that is not done is what it died on, if on anything.
        """
        self._dismiss(hand)
        self._deaths += 1
        # A node that dies takes all its workers along at once, and a file that kills dies three times twice.
        if self._deaths > 2 * (self._most + MOST_FAILED_STARTS):
            raise ModelError(
                f"{self._deaths} workers died in a row, the last on {hand.node}: {_reason(error)}",
                "See the memory of the nodes; the same command goes on from here.",
            ) from error
        blamed = False
        for ref, parcel in hand.busy:
            outcomes = self._finished(ref)
            if outcomes is not None:
                yield _whole(outcomes, parcel)
            elif blamed:
                desk.give_back(parcel)
            else:
                blamed = True
                yield from desk.died(parcel, _reason(error))
        self._tell(f"a worker on {hand.node} was lost ({_reason(error)}); its files are given to others")
        self._hire()

    def _finished(self, ref: Any) -> list[Outcome] | None:
        try:
            if self._ray.wait([ref], timeout=0)[0]:
                outcomes: list[Outcome] = self._ray.get(ref)
                return outcomes
        except self._ray.exceptions.RayError:
            pass
        return None

    def _dismiss(self, hand: _Hand) -> None:
        self._hands.remove(hand)
        self._ray.kill(hand.actor)

    def _start(self) -> None:
        """Wait for the workers; raise for one that is missing what it needs, or differs from the others."""
        if self._engine.device == "cuda" and not self._ray.cluster_resources().get("GPU"):
            raise ModelError("the cluster has no GPU", "Use --device cpu, or add a node with one.")
        self._hire()
        began, first = time.monotonic(), 0.0
        while loading := [hand for hand in self._hands if hand.loading is not None]:
            ready = self._ray.wait([hand.loading for hand in loading], timeout=1.0)[0]
            for hand in loading:
                if hand.loading in ready:
                    self._admit(hand, late=False)
            now = time.monotonic()
            first = first or (now if self._info else 0.0)
            if first and now - first > GRACE:
                return
            if not first and now - began > PATIENCE:
                raise ModelError(
                    f"no worker could start within {PATIENCE:.0f} s: the cluster has no free processors",
                    "See 'ray status'; ask for fewer processors with --threads, or wait for the other jobs.",
                )

    def _hire(self) -> None:
        """Ask for as many workers as there should be; those for which there is no place yet wait for one."""
        missing = self._wanted() - self._refused - len(self._hands)
        for _ in range(missing):
            place = {"num_gpus": 1} if self._engine.device == "cuda" else {}
            # Ray's own restarts would repeat what killed a worker, and know no pools.
            kind = self._ray.remote(num_cpus=self._threads, max_restarts=0, max_task_retries=0, **place)(Worker)
            actor = kind.remote()
            self._hands.append(_Hand(actor, actor.load.remote(self._orders)))
        self._most = max(self._most, len(self._hands))

    def _wanted(self) -> int:
        if self._workers:
            return self._workers
        resources = self._ray.cluster_resources()
        if self._engine.device == "cuda":
            return max(1, int(resources.get("GPU", 0)))
        return max(1, int(resources.get("CPU", 0)) // self._threads)

    def _admit(self, hand: _Hand, *, late: bool) -> None:
        """Take in a worker that has loaded its model; one that cannot, or differs, stops a run that has not begun."""
        try:
            answer: Loaded | Failure = self._ray.get(hand.loading)
        except self._ray.exceptions.RayError as error:
            self._dismiss(hand)
            self._failed_starts += 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                raise _no_start(error) from error
            self._tell(f"a worker could not start: {_reason(error)}; another one is asked for")
            self._hire()
            return
        if isinstance(answer, Loaded):
            hand.node, hand.loading = answer.node, None
            answer = self._compared(answer)
        if isinstance(answer, Failure):
            self._dismiss(hand)
            self._refused += 1
            if not late or not self._hands:
                raise ModelError(answer.what, answer.hint)
            self._tell(f"{answer.what}; this worker is not used")
            return
        self._failed_starts = 0

    def _compared(self, loaded: Loaded) -> Loaded | Failure:
        if self._info is None:
            self._info = loaded.info
        ours, theirs = context_of(self._info, Settings()), context_of(loaded.info, Settings())
        if ours.digest == theirs.digest:
            return loaded
        names = ("engine", "device", "compute_type", "checksum", "versions")
        other = next(name for name in names if getattr(ours, name) != getattr(theirs, name))
        return Failure(
            f"{loaded.node}: its {other} is {_value(theirs, other)}, on the others {_value(ours, other)}",
            "Install the same fr2en, libraries and model on every node.",
        )


def _whole(outcomes: list[Outcome], parcel: Parcel) -> list[Outcome]:
    """Return the outcomes with their items as they were sent."""
    return [replace(outcome, item=item) for outcome, item in zip(outcomes, parcel.pool, strict=True)]


def _value(context: Any, name: str) -> str:
    value = getattr(context, name)
    return ", ".join(map(" ".join, value)) if name == "versions" else str(value)[:16]


def _reason(error: BaseException) -> str:
    """Return what Ray says in a few words: the error of the worker's own, if it had one, else Ray's kind."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, BaseException):
        return f"{type(cause).__name__}: {cause}".splitlines()[0]
    return {"OutOfMemoryError": "out of memory", "ActorDiedError": "it died"}.get(
        type(error).__name__, type(error).__name__
    )


def _no_start(error: Exception) -> Fr2enError:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return ModelError(
        f"no worker can start: {lines[-1].strip() if lines else type(error).__name__}",
        "Install the same fr2en, with the extra 'ray', on every node: pip install 'fr2en[ray]'.",
    )


def _imported() -> Any:
    # Before the import: Ray reports its use to its makers otherwise.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Ray's next default, without a warning of it.
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise UsageError("--ray needs an extra", "Install it: pip install 'fr2en[ray]'.") from error
    return ray


def _connect(ray: Any, address: str, workers: int, threads: int) -> bool:
    """Connect this process, unless it is; tell whether it was not. Signals stay the caller's to handle."""
    import logging

    if ray.is_initialized():
        return False
    address = address or os.environ.get("RAY_ADDRESS", "") or "local"
    _knock(address)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == "local":
        processors = workers * threads or usable_threads()
        options |= {"num_cpus": processors, "object_store_memory": _STORE, "include_dashboard": False}
    before = signal.getsignal(signal.SIGTERM)
    in_main = threading.current_thread() is threading.main_thread()
    try:
        ray.init(address=address, **options)
    except (ConnectionError, RuntimeError, ValueError, OSError, ImportError, TimeoutError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        what = f"--ray {address}: no cluster answers: {first}"
        hint = (
            "Start one with 'ray start --head'; one that asks for a token needs RAY_AUTH_MODE=token and the token here."
        )
        raise UsageError(what, hint) from error
    finally:
        if in_main:
            signal.signal(signal.SIGTERM, before)
    return True


def _knock(address: str) -> None:
    """Raise UsageError where nobody listens at HOST:PORT."""
    scheme, _, place = address.rpartition("://")
    if scheme and ":" not in place:
        place = f"{place}:10001"  # where Ray's clients go
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT).close()
    except (OSError, OverflowError) as error:
        what = f"--ray {address}: nobody answers there: {error}"
        raise UsageError(what, "Check the address; 'ray start --head' prints it.") from error


def _approved(path: Path | None) -> tuple[Approved, ...]:
    """Return what people approved in the translation memory, which workers cannot reach."""
    if path is None or not path.is_file():
        return ()
    with open_memory(path, create=False) as memory, memory.snapshot() as snapshot:
        return tuple(snapshot.approved())
