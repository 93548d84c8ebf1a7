"""Pools on their way to workers that may die: none is lost, and one that kills is found out and set apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from translate.batch.jobs import Failure, Outcome
from translate.batch.work import Pool

#: Workers that may die on a pool before it is broken up into its files, and then on a file before that has failed.
#: One death is a machine's that was taken away; three at the same place are no chance.
MOST_DEATHS = 3


@dataclass(frozen=True)
class Parcel:
    """A pool, and how many workers have died while they translated it."""

    pool: Pool
    deaths: int = 0


class Desk:
    """Hands out the pools one by one, those that came back first."""

    def __init__(self, pools: Iterator[Pool]) -> None:
        self._pools = pools
        self._waiting: deque[Parcel] = deque()

    def take(self) -> Parcel | None:
        """Return the next parcel, drawn from the pools only when it is asked for; None after the last."""
        if self._waiting:
            return self._waiting.popleft()
        pool = next(self._pools, None)
        return None if pool is None else Parcel(pool)

    def has_more(self) -> bool:
        """Tell whether there is another parcel."""
        parcel = self.take()
        if parcel is not None:
            self.give_back(parcel)
        return parcel is not None

    def give_back(self, parcel: Parcel) -> None:
        """Take a parcel back that nobody has begun."""
        self._waiting.appendleft(parcel)

    def died(self, parcel: Parcel, reason: str) -> list[list[Outcome]]:
        """Take a parcel back on which a worker died; return what is then settled: that its only file has failed."""
        again = replace(parcel, deaths=parcel.deaths + 1)
        if again.deaths < MOST_DEATHS:
            self._waiting.appendleft(again)
        elif len(again.pool) > 1:
            self._waiting.extendleft(Parcel((item,)) for item in reversed(again.pool))
        else:
            failure = Failure(
                f"the worker died three times on this file ({reason})",
                "It may need more memory than a worker has: try it alone with 'fr2en translate'.",
            )
            return [[Outcome(item, failure=failure) for item in again.pool]]
        return []
