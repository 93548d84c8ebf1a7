"""COMET, a neural metric: an extra, imported only when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from eval.metrics import Score
from eval.suites import Line
from translate.errors import ModelError, OfflineError

#: Rei et al., "COMET-22: Unbabel-IST 2022 Submission for the Metrics Shared Task", WMT 2022.
MODEL = "Unbabel/wmt22-comet-da"

#: Resampling is seeded as sacreBLEU's is, so that a run can be repeated.
_SEED = 12345


def comet_score(
    lines: Sequence[Line],
    hypotheses: Sequence[str],
    model: str = MODEL,
    *,
    download: bool = False,
    bootstrap: int = 1000,
) -> Score:
    """Return COMET times 100 over all lines (against the first reference), with a 95 % bootstrap interval.

    ``model`` is a checkpoint file, or a name that is fetched only with ``download``. Raises ModelError where
    the ``comet`` extra is not installed or the model fails, OfflineError where it would have to be fetched.
    """
    try:
        comet = importlib.import_module("comet")
    except ImportError as error:
        raise ModelError(f"COMET is not installed: {error}", "pip install 'fr2en[comet]'") from None
    try:
        path = comet.download_model(model, local_files_only=not download) if not _is_file(model) else model
        scorer = comet.load_from_checkpoint(path)
    except (OSError, KeyError, ValueError) as error:
        raise OfflineError(f"COMET's model {model} is not on this machine: {error}", "add --download") from None
    data = [
        {"src": line.source, "mt": text, "ref": line.references[0]}
        for line, text in zip(lines, hypotheses, strict=True)
    ]
    segments = [100.0 * float(s) for s in scorer.predict(data, batch_size=8, gpus=0, progress_bar=False).scores]
    low, high = _interval(segments, bootstrap)
    version = getattr(comet, "__version__", "unknown")
    signature = f"model:{model}|bs:{bootstrap}|seed:{_SEED}|version:{version}"
    return Score("COMET", sum(segments) / len(segments), low, high, signature, len(segments))


def _is_file(model: str) -> bool:
    from pathlib import Path

    return Path(model).is_file()


def _interval(segments: Sequence[float], bootstrap: int) -> tuple[float | None, float | None]:
    """Return the 2.5th and 97.5th percentile of the means of resampled segments."""
    import numpy

    if bootstrap < 2:
        return None, None
    values = numpy.asarray(segments)
    picks = numpy.random.default_rng(_SEED).integers(len(values), size=(bootstrap, len(values)))
    low, high = numpy.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
