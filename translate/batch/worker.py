"""What runs in a worker process of a cluster: one engine, and a memory of what it translated lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from translate.batch.jobs import Failure, Item, Outcome, Recipe
from translate.batch.work import Pool, translate_pool
from translate.document import Segment
from translate.engines import Engine, EngineInfo
from translate.errors import Fr2enError
from translate.memory import Approved, Key
from translate.memory.context import approved_key
from translate.memory.store import APPROVED
from translate.settings import EngineSettings, Settings

#: Sentences that a worker remembers, some 2 kB each: what repeats in the press repeats within a day.
REMEMBERED = 20_000


@dataclass(frozen=True)
class Orders:
    """What a worker is to load, the version of fr2en it must be, and what people approved."""

    fr2en: str
    engine: EngineSettings
    allow_download: bool = False
    approved: tuple[Approved, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """A worker is ready: the engine it has, and the node it is on."""

    info: EngineInfo
    node: str


class Recent:
    """The sentences translated last, and what people approved; as :class:`translate.sentences.Recall`."""

    def __init__(self, approved: Iterable[Approved] = (), most: int = REMEMBERED) -> None:
        self._approved = {approved_key(pair.source): pair.target for pair in approved}
        self._made: OrderedDict[Key, Segment] = OrderedDict()
        self._most = most

    def get(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        """Return what is known of ``keys``, what people approved before what a model made."""
        found: dict[Key, Segment] = {}
        for key in keys:
            target = self._approved.get(approved_key(key[0])) if self._approved else None
            if target is not None:
                found[key] = Segment(key[0], target, passed=APPROVED)
            elif key in self._made:
                self._made.move_to_end(key)
                found[key] = self._made[key]
        return found

    def put(self, items: Iterable[tuple[Key, Segment]]) -> None:
        """Keep translations; the least recently used go."""
        self._made.update((key, segment) for key, segment in items if segment.passed != APPROVED)
        while len(self._made) > self._most:
            self._made.popitem(last=False)


class Worker:
    """An engine that is asked from afar; a Ray actor. It answers one call at a time, in order."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._recent: tuple[Settings, Recent] | None = None
        self._orders: Orders | None = None

    def load(self, orders: Orders) -> Loaded | Failure:
        """Load the model; a Failure that names this node where that cannot be, or fr2en is another one."""
        from translate.models import load_engine
        from translate.network import hush

        hush()
        node = _node()
        if version("fr2en") != orders.fr2en:
            return Failure(
                f"{node}: has fr2en {version('fr2en')}, and this command is {orders.fr2en}",
                "Install the same fr2en on every node.",
            )
        try:
            engine = load_engine(orders.engine, allow_download=orders.allow_download)
        except Fr2enError as error:
            return Failure(f"{node}: {error.what}", f"On that node: {error.hint}" if error.hint else "")
        self._engine, self._orders = engine, orders
        return Loaded(engine.info, node)

    def translate(self, pool: Pool, recipe: Recipe) -> list[Outcome]:
        """Translate a pool; the outcomes come without the bytes of their items, which the caller has."""
        if self._engine is None or self._orders is None:
            raise RuntimeError("asked before the model was loaded")
        if self._recent is None or self._recent[0] != recipe.settings:
            self._recent = recipe.settings, Recent(self._orders.approved)
        outcomes = translate_pool(pool, self._engine, recipe, self._recent[1])
        return [replace(outcome, item=_light(outcome.item)) for outcome in outcomes]


def _light(item: Item) -> Item:
    return replace(item, data=b"")


def _node() -> str:
    import socket

    import ray.util

    address: str = ray.util.get_node_ip_address()  # type: ignore[no-untyped-call, unused-ignore]
    return f"{socket.gethostname()} ({address})"
