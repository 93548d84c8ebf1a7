"""Speed: fr2en against transformers as its documentation shows it, on the same weights and text."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.errors import InputError, ModelError
from translate.settings import option

#: The contenders: fr2en's pipeline on CTranslate2, and ``generate`` a sentence at a time.
CONTENDERS = ("fr2en", "transformers")


@dataclass(frozen=True)
class SpeedSettings:
    """What is measured and how often."""

    beam: int = option(0, "beam width of both; 0: each as it comes (generation_config's, fr2en's default)", metavar="N")
    repetitions: int = option(3, "interleaved repetitions; the medians are reported", metavar="N")
    threads: int = option(0, "processor threads of both; 0: all this process may use", metavar="N")
    sentences: int = option(40, "sentences taken from the suite", metavar="N")


@dataclass(frozen=True)
class Measurement:
    """One contender in a fresh process: seconds to import and load, to translate, and peak memory in MiB.

    ``peak_mib`` is None where the system does not tell.
    """

    contender: str
    load_seconds: float
    translate_seconds: float
    words_per_second: float
    peak_mib: float | None


@dataclass(frozen=True)
class Speed:
    """The medians of each contender, every repetition, and what they ran on."""

    medians: tuple[Measurement, ...]
    repetitions: tuple[Measurement, ...]
    model: str
    sentences: int
    words: int
    threads: int
    beam: int
    machine: str
    versions: tuple[tuple[str, str], ...]

    def ratio(self, field: str) -> float | None:
        """Return fr2en's value of a field of Measurement over transformers'; None where one is unknown."""
        ours, theirs = (getattr(m, field) for m in self.medians)
        return None if not ours or not theirs else float(ours) / float(theirs)


def measure(checkpoint: Path, lines: Sequence[str], settings: SpeedSettings | None = None) -> Speed:
    """Measure both contenders on the same checkpoint and lines, in turns, each time in a process of its own.

    ``checkpoint`` is a Marian folder that transformers can read. Raises InputError for no lines, ModelError
    where a contender fails.
    """
    settings = settings or SpeedSettings()
    chosen = [line for line in lines if line.strip()][: settings.sentences or None]
    if not chosen:
        raise InputError("there are no sentences to translate")
    threads = settings.threads or processors()
    order = [name for _ in range(max(settings.repetitions, 1)) for name in CONTENDERS]
    found = [_one(name, checkpoint, chosen, threads, settings.beam) for name in order]
    words = sum(len(line.split()) for line in chosen)
    medians = tuple(_median([m for m in found if m.contender == name]) for name in CONTENDERS)
    return Speed(
        medians,
        tuple(found),
        str(checkpoint),
        len(chosen),
        words,
        threads,
        settings.beam,
        machine(),
        _versions(),
    )


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> str:
    """Return processor, system and Python in one line."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    return f"{processor}, {processors()} processors, {platform.system()}, Python {platform.python_version()}"


def _versions() -> tuple[tuple[str, str], ...]:
    from importlib.metadata import version

    return tuple((name, version(name)) for name in ("ctranslate2", "transformers", "torch"))


def _one(name: str, checkpoint: Path, lines: Sequence[str], threads: int, beam: int) -> Measurement:
    """Run one contender in a fresh process: nothing is warm, and the peak of memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        job, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        job.write_text(
            json.dumps({"contender": name, "checkpoint": str(checkpoint), "lines": list(lines), "beam": beam})
        )
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": str(threads),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        done = subprocess.run(
            [sys.executable, "-m", "eval.speed_worker", str(job), str(answer), str(threads)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        if done.returncode or not answer.is_file():
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise ModelError(f"{name} could not translate with {checkpoint}: {last}")
        told = json.loads(answer.read_text())
    words = sum(len(line.split()) for line in lines)
    return Measurement(name, told["load"], told["translate"], words / max(told["translate"], 1e-9), told["peak_mib"])


def _median(found: Sequence[Measurement]) -> Measurement:
    peaks = [m.peak_mib for m in found if m.peak_mib is not None]
    return Measurement(
        found[0].contender,
        statistics.median(m.load_seconds for m in found),
        statistics.median(m.translate_seconds for m in found),
        statistics.median(m.words_per_second for m in found),
        statistics.median(peaks) if peaks else None,
    )
