"""Writing into the folder of a training: what fails leaves nothing aside, and says what to do."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from translate.errors import OutputError

_HINT = "Free some space, or see to the disk; a training that was begun goes on with --resume."


@contextlib.contextmanager
def writing(path: Path, *aside: Path, hint: str = _HINT, failures: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Remove what was written ``aside`` where the body does not come to its end, Ctrl-C included.

    OSError, and ``failures`` (what a library raises in its place), become an OutputError that names ``path``.
    """
    try:
        yield
    except BaseException as error:
        remove(*aside)
        if isinstance(error, (OSError, *failures)):
            raise OutputError(f"{path}: cannot be written: {_reason(error)}", hint) from error
        raise


def remove(*paths: Path) -> None:
    """Remove files and folders, those that are there and can be removed; of links, the links alone."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        # numpy says only how many items were written.
        return error.strerror or f"{error} (is the disk full?)"
    return f"{str(error).partition(chr(10))[0]} (is the disk full?)"
