"""Paths as a user writes them, with ``~`` for a home folder."""

from __future__ import annotations

import os
from pathlib import Path

from translate.errors import ModelError


def expanded(path: str | Path, named_by: str) -> Path:
    """Return ``path`` with ``~`` or ``~user`` replaced; raises ModelError where that is nobody."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ModelError(
            f"{path} ({named_by}): there is no home folder {Path(path).parts[0]}",
            "Write the whole path, or ./~... for a folder here whose name begins so.",
        ) from error


def local_folder(name: str) -> Path | None:
    """Return the folder that the name of a model means; None where it means none."""
    folder = expanded(name, "the model")
    # Path.is_dir raises for names that are too long.
    return folder if os.path.isdir(folder) else None  # noqa: PTH112
