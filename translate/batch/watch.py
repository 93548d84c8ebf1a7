"""Waiting for files: a folder is looked at again whenever something in it has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from translate.errors import InputError

if TYPE_CHECKING:
    from watchfiles import Change

#: Seconds that a file must have been left alone before it is read: whoever writes it has then finished.
SETTLE = 2.0

#: Milliseconds between looks at ``stop``, and after which files too young at the last pass are looked at again.
_PAUSE = 1000


def changes(root: Path, stop: Callable[[], bool], without: Path) -> Iterator[None]:
    """Yield once, then whenever something below ``root`` but not below ``without`` has changed, until ``stop``.

    Yields again :data:`SETTLE` seconds after a change, when what was too young then has settled.
    Raises InputError for a folder that cannot be watched.
    """
    yield
    again = time.monotonic() + SETTLE  # what came during the first pass, or was too young for it
    hidden = without.resolve()
    for found in _batches(root):
        if stop():
            return
        if any(not Path(path).resolve().is_relative_to(hidden) for _, path in found):
            again = time.monotonic() + SETTLE + _PAUSE / 1000
            yield
        elif again and time.monotonic() > again:
            again = 0.0
            yield


def _batches(root: Path) -> Iterator[set[tuple[Change, str]]]:
    """Yield what has changed since the last time, every :data:`_PAUSE` milliseconds."""
    from watchfiles import watch

    try:
        yield from watch(
            root,
            rust_timeout=_PAUSE,
            yield_on_timeout=True,
            raise_interrupt=True,
            debounce=_PAUSE,
            ignore_permission_denied=True,
            watch_filter=None,  # what is taken is the selection's to say
        )
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"{root}: cannot be watched: {error}",
            "Raise fs.inotify.max_user_watches, set WATCHFILES_FORCE_POLLING=1, or run the command from time to time.",
        ) from error
