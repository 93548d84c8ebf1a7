"""Converted models, kept in the user's cache folder and made once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from translate.errors import ModelError
from translate.models.checkpoint import Checkpoint, sha256
from translate.models.paths import expanded

#: Raised when translate.engines.conversion writes something else from the same checkpoint, or refuses what it took.
LAYOUT = 2

_RECORD = "complete.json"
_DAY = 86_400


def cache_folder() -> Path:
    """Return the folder of converted models: FR2EN_CACHE, else the platform's cache folder for fr2en."""
    if chosen := os.environ.get("FR2EN_CACHE"):
        return expanded(chosen, "FR2EN_CACHE")
    from platformdirs import user_cache_path

    return user_cache_path("fr2en", appauthor=False)


def entry_folder(checkpoint: Checkpoint, quantization: str) -> Path:
    """Return where the conversion is kept: by checkpoint, format, CTranslate2's major version, layout."""
    from importlib.metadata import version

    major = version("ctranslate2").split(".")[0]
    return cache_folder() / f"ct{major}-{LAYOUT}-{quantization}-{checkpoint.identity[:24]}"


@contextmanager
def converted(
    checkpoint: Checkpoint, quantization: str, *, fresh: bool = False, tell: Callable[[str], None] | None = None
) -> Iterator[Path]:
    """Give a folder with ``checkpoint`` converted to CTranslate2's format.

    Several processes may ask for one at once: each converts aside, and the first to rename its folder wins.
    An entry whose files are not those that were written is made again; so is any with ``fresh``. Where the
    cache cannot be written, ``tell`` is told so, and the folder is temporary and removed on leaving: load the
    model within the ``with`` block.
    """
    entry = entry_folder(checkpoint, quantization)
    if fresh or not is_intact(entry):
        try:
            discard(entry)
            _build(checkpoint, quantization, entry)
        except OSError as error:
            if tell:
                why = error.strerror or str(error)
                tell(f"the converted model cannot be kept in {cache_folder()} ({why}), so that each start converts it")
            with tempfile.TemporaryDirectory(prefix="fr2en-") as folder:
                convert(checkpoint, quantization, Path(folder) / "model")
                yield Path(folder) / "model"
            return
    yield entry


def is_intact(entry: Path) -> bool:
    """Return whether every file of a cache entry is, byte for byte, the one that was written."""
    try:
        record = json.loads((entry / _RECORD).read_text(encoding="utf-8"))
        return bool(record) and all(sha256(entry / name) == digest for name, digest in record.items())
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def convert(checkpoint: Checkpoint, quantization: str, target: Path) -> None:
    """Write ``checkpoint`` as a CTranslate2 model into the new folder ``target``, from a process of its own.

    Raises ModelError with what that process complained of; OSError where ``target`` cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(13, "not writable", str(target.parent))
    root = Path(__file__).resolve().parents[2]
    command = [
        sys.executable,
        "-m",
        "translate.engines.conversion",
        str(checkpoint.path.resolve()),
        str(target.resolve()),
        "--quantization",
        quantization,
    ]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    # From the package's own root, so that no file of the user's working folder is imported in its place.
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    shutil.rmtree(target, ignore_errors=True)
    lines = done.stderr.strip().splitlines() or [f"the converter ended with {done.returncode}"]
    if done.returncode == ModelError.exit_code:
        raise ModelError(lines[0], " ".join(lines[1:]))
    if any("OSError" in line or "Error: [Errno" in line for line in lines[-1:]):
        raise OSError(lines[-1])
    raise ModelError(
        f"the model in {checkpoint.path} could not be converted: {lines[-1]}",
        "Try --engine torch, which needs no conversion.",
    )


def discard(entry: Path) -> None:
    """Remove a cache entry, if it is there and may be removed."""
    if entry.exists():
        aside = entry.with_name(f"{entry.name}.old-{os.getpid()}")
        try:
            entry.rename(aside)
        except OSError:
            aside = entry
        shutil.rmtree(aside, ignore_errors=True)


def _build(checkpoint: Checkpoint, quantization: str, entry: Path) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    _sweep(entry.parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{entry.name}.tmp-", dir=entry.parent))
    try:
        model = folder / "model"
        convert(checkpoint, quantization, model)
        record = {path.name: sha256(path) for path in sorted(model.iterdir())}
        (model / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        try:
            model.rename(entry)
        except OSError:
            if not is_intact(entry):  # not merely another process that was faster
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left behind more than a day ago."""
    for left in [*folder.glob("ct*.tmp-*"), *folder.glob("ct*.old-*")]:
        try:
            if time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue
