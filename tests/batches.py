"""A batch with the fake engine, run in one line; and what is to be seen of a folder afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fakes import FakeEngine

from translate.batch import (
    MEMORY,
    STATE,
    Event,
    Failed,
    Finished,
    Job,
    Local,
    LocalFolder,
    Recipe,
    Report,
    locked,
    run_batch,
)
from translate.document import Hypothesis
from translate.settings import Decoding, Settings

#: The fake engine's answers are full of doubts: to try them again would only ask it more often.
PLAIN = Settings(retry=False)


class Engine(FakeEngine):
    """The fake engine, with something that happens while it is at work."""

    def __init__(self, during: Callable[[Sequence[str]], Any] | None = None) -> None:
        super().__init__()
        self.during = during

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        if self.during:
            self.during(sources)
        return super().translate(sources, decoding)


@dataclass
class Batch:
    """Two folders, and what happened to them."""

    root: Path
    events: list[Event] = field(default_factory=list)

    @property
    def inputs(self) -> Path:
        return self.root / "in"

    @property
    def outputs(self) -> Path:
        return self.root / "out"

    def put(self, name: str, data: str | bytes) -> Path:
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def job(self, recipe: Recipe | None = None, **options: Any) -> Job:
        recipe = recipe or Recipe(PLAIN)
        inputs, outputs = LocalFolder(self.inputs, without=self.outputs), LocalFolder(self.outputs)
        return replace(Job(inputs, outputs, self.outputs / STATE, recipe), **options)

    def run(
        self,
        engine: FakeEngine | None = None,
        recipe: Recipe | None = None,
        stop: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> Report:
        job = self.job(recipe, **options)
        self.events = []
        with locked(job) as manifest, Local(engine or FakeEngine(), job.state / MEMORY) as executor:
            return run_batch(job, manifest, executor, self.events.append, stop)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def finished(self) -> list[str]:
        return [event.name for event in self.of(Finished)]

    @property
    def failed(self) -> dict[str, str]:
        return {event.name: event.what for event in self.of(Failed)}

    def written(self) -> dict[str, bytes]:
        """Return every file of the output folder but the manifest's."""
        return {name: data for name, data in tree(self.outputs).items() if not name.startswith(STATE)}


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
