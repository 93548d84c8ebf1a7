"""The curve of a training: loss and BLEU over target pieces seen."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from translate.training.disk import writing
from translate.training.events import Event, Progress, Scored


def write_curve(events: Sequence[Event], path: Path) -> str:
    """Draw loss and, where there are scores, BLEU over tokens, as SVG or PNG by the name of ``path``.

    Returns why nothing was drawn (matplotlib is missing, or nothing was logged), or nothing.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return "matplotlib is not installed: no curve is drawn (pip install 'fr2en[train]')"
    steps = [event for event in events if isinstance(event, Progress)]
    scores = [event for event in events if isinstance(event, Scored) and event.what == "training"]
    if not steps:
        return "nothing was logged: no curve is drawn"
    # The object interface alone: pyplot would choose a window system for the whole process.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([s.tokens / 1e6 for s in steps], [s.loss for s in steps], color="tab:blue", label="loss")
    axes.set_xlabel("target pieces seen, millions")
    axes.set_ylabel("cross-entropy, nats a piece", color="tab:blue")
    if scores:
        other = axes.twinx()
        other.plot([s.tokens / 1e6 for s in scores], [s.bleu for s in scores], "o-", color="tab:orange")
        other.set_ylabel(f"BLEU on {scores[-1].lines} lines, beam {scores[-1].beam}", color="tab:orange")
        other.set_ylim(bottom=0)
    with writing(path, path):
        figure.savefig(path)
    return ""
