"""A training from corpus to model: ``train`` prepares, trains, scores and exports, or resumes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from translate.errors import Fr2enError, InputError, OutputError, UsageError
from translate.training import origin
from translate.training.corpus import CorpusFile, check
from translate.training.course import Course, Result, resolve
from translate.training.disk import remove, writing
from translate.training.events import Event, Log, OnEvent, ignore
from translate.training.prepare import Folder, prepare, read_dev
from translate.training.settings import FilterSettings, TrainSettings, changed
from translate.write.atomic import write_bytes, write_stream


def train(
    files: Sequence[CorpusFile],
    out: Path,
    settings: TrainSettings,
    *,
    filters: FilterSettings | None = None,
    dev: Path | None = None,
    resume: bool = False,
    on_event: OnEvent = ignore,
) -> Result:
    """Train a model on ``files`` into the folder ``out``, and export it as ``out/model``.

    With ``resume``, go on from the last checkpoint; ``files`` and ``dev`` matter only where the corpus had
    not been prepared to the end, and the budget counts from the very start. Raises UsageError for settings
    that would change the curve of a resumed training, OutputError where ``out`` cannot be written or, without
    ``resume``, holds anything that a training writes, InputError for an unfit corpus, ModelError for an unfit
    checkpoint to start from or a loss that is not finite. Where the corpus cannot be prepared, nothing is
    left behind of a training that was not begun before.
    """
    folder, filters = Folder(out), filters if filters is not None else FilterSettings()
    resolved = resolve(settings)
    origin.check(settings)
    if resume:
        _check_resumable(folder, files, settings)
    else:
        _check_new(folder, files)
    log = Log(folder.log)

    def tell(event: Event) -> None:
        log.write(event)
        on_event(event)

    with contextlib.nullcontext() if resume else _undone(folder):
        if not resume:
            _begin(folder, settings, filters, dev)
        dev_set = read_dev(folder.dev) if folder.dev.is_file() else None
        prepared_before = folder.prepared.is_file()
        prepared = prepare(files, folder, settings, filters, dev=dev_set, threads=resolved.threads, on_event=tell)
        (on_event if prepared_before else tell)(prepared)
    return Course(folder, settings, resolved, dev_set, tell).run(log)


def _check_new(folder: Folder, files: Sequence[CorpusFile]) -> None:
    """Raise OutputError where the folder holds what a training would replace, InputError for unreadable files."""
    if folder.run.exists():
        raise OutputError(f"{folder.path} holds a training already", "Give --resume, or another folder.")
    theirs = [part.name for part in folder.parts if part.exists() or part.is_symlink()]
    if theirs:
        raise OutputError(
            f"{folder.path} holds {', '.join(theirs)} already, which a training would replace",
            "Try another folder, best a new one.",
        )
    if not files:
        raise UsageError("there is nothing to train on", "Give at least one TSV, TMX or Moses pair.")
    for file in files:
        check(file)


def _begin(folder: Folder, settings: TrainSettings, filters: FilterSettings, dev: Path | None) -> None:
    """Make the folder, with the development set and, last, the settings: what has those can be resumed."""
    lines = read_dev(dev) if dev is not None else None
    with writing(folder.path, hint="Choose a folder that can be written."):
        folder.path.mkdir(parents=True, exist_ok=True)
    if lines is not None:
        rows = (f"{fr}\t{en}\n".encode() for fr, en in zip(lines.french, lines.english, strict=True))
        write_stream(rows, folder.dev, force=False)
    record = {"settings": asdict(settings), "filters": asdict(filters)}
    write_bytes(json.dumps(record, ensure_ascii=False, indent=1).encode(), folder.run, force=False)


@contextlib.contextmanager
def _undone(folder: Folder) -> Iterator[None]:
    """Leave nothing behind where a new training fails, not even the folders made for it.

    An interruption leaves what can be resumed.
    """
    made = [path for path in (folder.path, *folder.path.parents) if not path.exists()]
    try:
        yield
    except Fr2enError:
        remove(*folder.parts, folder.run)
        for path in made:
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


def _check_resumable(folder: Folder, files: Sequence[CorpusFile], settings: TrainSettings) -> None:
    differ = changed(begun_with(folder.path), settings)
    if differ:
        raise UsageError(f"a resumed training cannot change {', '.join(differ)}", "Give the options it was begun with.")
    if not folder.prepared.is_file() and not files:
        raise UsageError("the corpus had not been prepared to the end", "Give its files again, with --resume.")


def begun_with(out: Path) -> TrainSettings:
    """Return the settings that the training in ``out`` was begun with: resuming need not repeat them.

    Raises InputError where there is no training, or its settings are damaged.
    """
    run = Folder(out).run
    if not run.is_file():
        raise InputError(f"{out}: there is no training to resume", "Begin it without --resume.")
    try:
        return _settings(json.loads(run.read_bytes()))
    except (OSError, ValueError, RecursionError, UsageError) as error:
        what = error.what if isinstance(error, UsageError) else error
        raise InputError(
            f"{run}: not the settings of a training: {what}",
            "Put the file back as it was, or begin the training again in another folder.",
        ) from error


def _settings(record: object) -> TrainSettings:
    """Return settings from their record; options that did not exist then take their default."""
    raw = record.get("settings") if isinstance(record, dict) else None
    if not isinstance(raw, dict):
        raise ValueError("there are none in it")
    values: dict[str, Any] = {}
    for field in fields(TrainSettings):
        if field.name not in raw:
            continue
        value = raw[field.name]
        if isinstance(field.default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            value = tuple(value)
        # Whole minutes may have been written as an integer.
        if type(value) is not type(field.default) and (type(value), type(field.default)) != (int, float):
            raise ValueError(f"{field.name} is {value!r}")
        values[field.name] = value
    return TrainSettings(**values)
