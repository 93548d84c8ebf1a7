"""One contender of the speed measurement: ``python -m eval.speed_worker JOB ANSWER THREADS``."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

#: Translated once before the clock starts: first calls build kernels and caches.
_WARM_UP = "Le ministre a présenté son plan mardi."


def main(job: Path, answer: Path, threads: int) -> None:
    """Load, warm up, translate; write seconds and the peak of memory (MiB) to ``answer``."""
    start = time.perf_counter()
    told = json.loads(job.read_text())
    load = {"fr2en": load_fr2en, "transformers": load_transformers}[told["contender"]]
    translate = load(told["checkpoint"], threads, told["beam"])
    loaded = time.perf_counter()
    translate([_WARM_UP])
    warm = time.perf_counter()
    translations = translate(told["lines"])
    done = time.perf_counter()
    if len(translations) != len(told["lines"]):
        raise SystemExit(f"{len(told['lines'])} lines in, {len(translations)} out")
    times = {"load": loaded - start, "translate": done - warm, "peak_mib": peak_mib()}
    answer.write_text(json.dumps(times))


def load_fr2en(checkpoint: str, threads: int, beam: int) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return fr2en's pipeline as it comes: CTranslate2, all lines in one call."""
    from translate.models import load_engine
    from translate.pipeline import translate_lines
    from translate.settings import EngineSettings, Settings

    engine = load_engine(EngineSettings(model=checkpoint, engine="ct2", device="cpu", threads=threads))
    settings = Settings(beam=beam) if beam else Settings()
    return lambda lines: translate_lines(lines, engine, settings)


def load_transformers(checkpoint: str, threads: int, beam: int) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what the documentation of MarianMT shows: tokenise, generate, decode, a sentence at a time."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(threads)
    tokenizer: Any = MarianTokenizer.from_pretrained(checkpoint)
    model: Any = MarianMTModel.from_pretrained(checkpoint)
    chosen = {"num_beams": beam} if beam else {}

    def translate(lines: Sequence[str]) -> list[str]:
        texts = []
        for line in lines:
            inputs = tokenizer(line, return_tensors="pt")
            outputs = model.generate(**inputs, **chosen)
            texts.append(str(tokenizer.decode(outputs[0], skip_special_tokens=True)))
        return texts

    return translate


def peak_mib() -> float | None:
    """Return the most memory this process has held, in MiB; None where the system does not tell.

    On Linux VmHWM is read: ru_maxrss would start from the size of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
