"""What the memory of the command looked like over the soak."""

from __future__ import annotations

import statistics
from pathlib import Path

from soak_command import Sample


def growth_of(samples: list[Sample]) -> float | None:
    """Return by how many MiB memory lies higher in the last quarter of a start than in its second.

    The start is that which did most files: the undisturbed half of the soak.
    """
    starts: dict[int, list[Sample]] = {}
    for sample in samples:
        starts.setdefault(sample.start, []).append(sample)
    longest = max(starts.values(), key=lambda own: own[-1].files - own[0].files, default=[])
    quarter = len(longest) // 4
    if quarter < 10:
        return None
    second, last = longest[quarter : 2 * quarter], longest[-quarter:]
    return round(statistics.median(s.mib for s in last) - statistics.median(s.mib for s in second), 1)


def plot(samples: list[Sample], path: Path) -> bool:
    """Draw memory and files over time as SVG; False where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "soak", "svg.fonttype": "none"})
    from matplotlib import pyplot

    every = max(1, len(samples) // 400)
    figure, memory = pyplot.subplots(figsize=(8, 3.5))
    files = memory.twinx()
    files.plot([s.seconds / 60 for s in samples[::every]], [s.files for s in samples[::every]], color="tab:orange")
    for start in sorted({s.start for s in samples}):
        own = [s for s in samples if s.start == start]
        memory.plot([s.seconds / 60 for s in own[::every]], [s.mib for s in own[::every]], color="tab:blue")
    memory.set(xlabel="minutes", ylabel="resident memory, MiB (blue)", ylim=(0, None))
    files.set(ylabel="files done (orange)", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    return True
