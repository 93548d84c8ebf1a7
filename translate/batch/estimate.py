"""How long a batch would take: what is to be done in words, and how fast that goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from translate.batch.jobs import Item, Unchanged
from translate.batch.manifest import Entry
from translate.batch.run import Job, settled
from translate.batch.work import read_item, words
from translate.document import Document
from translate.engines import Engine
from translate.errors import Fr2enError
from translate.memory import context_of
from translate.pipeline import translate_documents

#: Words translated to know the pace where no earlier run tells it: some four seconds of two cores.
SAMPLE_WORDS = 2000


@dataclass(frozen=True)
class Estimate:
    """What a run would find: ``files`` to translate, with ``words``; ``unreadable`` ones; words a second.

    ``failed`` files failed in an earlier run and would not be tried again.

    ``measured`` tells that the pace was measured now and not in earlier runs. ``seconds`` is None where there is
    nothing to measure the pace on.
    """

    files: int
    unchanged: int
    failed: int
    unreadable: int
    words: int
    pace: float
    measured: bool

    @property
    def seconds(self) -> float | None:
        """The time that a run would take."""
        return self.words / self.pace if self.pace else None


def estimate(job: Job, engine: Engine, known: Callable[[str], Entry | None], pace: float) -> Estimate:
    """Look at every file without writing anything; ``pace`` is that of earlier runs, 0 if there are none."""
    recipe = job.recipe.digest(context_of(engine.info, job.recipe.settings))
    counts = {"files": 0, "unchanged": 0, "failed": 0, "unreadable": 0, "words": 0}
    sample: list[Document] = []
    sampled = 0
    for found in job.inputs.found(job.selection):
        entry = known(found.name)
        if entry and entry.stamp == found.stamp and (event := settled(job, recipe, entry)):
            counts["unchanged" if isinstance(event, Unchanged) else "failed"] += 1
            continue
        try:
            data, stamp = job.inputs.read(found.name)
            digest = sha256(data).hexdigest()
            if entry and entry.sha256 == digest and (event := settled(job, recipe, entry)):
                counts["unchanged" if isinstance(event, Unchanged) else "failed"] += 1
                continue
            document = read_item(Item(found.name, job.inputs.source(found.name), data, stamp, digest), job.recipe)
        except (Fr2enError, FileNotFoundError):
            counts["unreadable"] += 1
            continue
        length = words(document)
        counts["files"] += 1
        counts["words"] += length
        if sampled < SAMPLE_WORDS and length <= SAMPLE_WORDS:
            sample.append(document)
            sampled += length
    if pace or not sampled:
        return Estimate(**counts, pace=pace, measured=False)
    began = time.monotonic()
    translate_documents(sample, engine, job.recipe.settings)
    return Estimate(**counts, pace=sampled / (time.monotonic() - began), measured=True)
