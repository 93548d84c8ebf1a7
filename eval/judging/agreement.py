"""How far two ratings of the same lines agree, and how sure a mean is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

#: sacreBLEU's default seed, so that an interval is the same on every machine.
SEED = 12345


@dataclass(frozen=True)
class Agreement:
    """Rank correlation of two ratings over ``lines`` lines; None where one of them is constant.

    ``kendall`` is tau-b (Kendall 1945), which counts ties; ``spearman`` the correlation of mean ranks.
    """

    first: str
    second: str
    kendall: float | None
    spearman: float | None
    lines: int


def agreement(first: str, a: Sequence[float | None], second: str, b: Sequence[float | None]) -> Agreement:
    """Return the agreement of two ratings, by name, over the lines that both rate."""
    import numpy as np

    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    left, right = np.array([x for x, _ in pairs], float), np.array([y for _, y in pairs], float)
    return Agreement(first, second, kendall(left, right), spearman(left, right), len(pairs))


def kendall(a: Array, b: Array) -> float | None:
    """Return Kendall's tau-b, None where it is not defined; memory grows with the square of the lines."""
    import numpy as np

    if len(a) < 2:
        return None
    upper = np.triu_indices(len(a), 1)
    x, y = (np.sign(v[:, None] - v[None, :])[upper] for v in (a, b))
    scale = np.sqrt(np.count_nonzero(x) * float(np.count_nonzero(y)))
    return float((x * y).sum() / scale) if scale else None


def spearman(a: Array, b: Array) -> float | None:
    """Return Spearman's rho, None where it is not defined."""
    import numpy as np

    if len(a) < 2:
        return None
    x, y = (ranks - ranks.mean() for ranks in (_ranks(a), _ranks(b)))
    scale = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / scale) if scale else None


def _ranks(values: Array) -> Array:
    """Return the ranks from 1; equal values share the mean of theirs."""
    import numpy as np

    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means: Array = (ends - (counts - 1) / 2.0)[group.reshape(-1)]
    return means


def interval(values: Sequence[float], resamples: int) -> tuple[float, float] | None:
    """Return the 95 % percentile bootstrap interval of the mean (Efron 1979); None below 2 values or resamples."""
    import numpy as np

    if len(values) < 2 or resamples < 2:
        return None
    drawn = np.random.default_rng(SEED).integers(0, len(values), (resamples, len(values)))
    low, high = np.percentile(np.asarray(values, float)[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
