"""The models that can be named: the bundled one, a folder, or one of the hub; and what is known of each."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from translate.errors import ModelError, OutputError
from translate.models import cache, hub
from translate.models.checkpoint import SOURCE_SPM, TARGET_SPM, VOCABULARY, Checkpoint, open_checkpoint
from translate.models.choice import choose_model, chosen_model
from translate.models.paths import local_folder

BUNDLED = "bundled"

#: Fetches the recommended stronger model and makes it this user's default.
UPGRADE = "fr2en models pull Helsinki-NLP/opus-mt-fr-en --use"


@dataclass(frozen=True)
class Score:
    """A published or measured score: of ``test`` by ``metric``; ``source`` or signature says whose."""

    test: str
    metric: str
    value: float
    source: str = ""


@dataclass(frozen=True)
class Known:
    """A model of the hub that is known to work: its parameters, its bytes to download, its scores."""

    name: str
    parameters: int
    size: int
    scores: tuple[Score, ...]


_MOZILLA = "Mozilla's published evaluation"

#: Sizes and BLEU as published: github.com/mozilla/translations (evaluation), huggingface.co/Helsinki-NLP.
KNOWN = (
    Known(
        "Helsinki-NLP/opus-mt-fr-en",
        75_000_000,
        300_000_000,
        (
            Score("newstest2014", "BLEU", 38.0, _MOZILLA),
            Score("newsdiscuss2015", "BLEU", 38.4, _MOZILLA),
            Score("FLORES devtest", "BLEU", 41.7, _MOZILLA),
        ),
    ),
    Known(
        "Helsinki-NLP/opus-mt-tc-big-fr-en",
        230_000_000,
        930_000_000,
        (
            Score("newstest2014", "BLEU", 39.4, _MOZILLA),
            Score("newsdiscuss2015", "BLEU", 40.2, _MOZILLA),
            Score("FLORES devtest", "BLEU", 46.0, _MOZILLA),
        ),
    ),
)


@dataclass(frozen=True)
class Entry:
    """One line of the list of models: where it is (``bundled``, ``here``, ``hub``), whether it is the
    default.

    ``parameters`` and ``size`` (bytes) are 0 where they are not known.
    """

    name: str
    place: str
    default: bool
    parameters: int
    size: int
    scores: tuple[Score, ...] = ()
    path: Path | None = None


def bundled_folder() -> Path:
    """Return the folder of the checkpoint that ships with fr2en."""
    return Path(str(files("translate") / "bundled" / "fr-en"))


def resolve(name: str = "", *, allow_download: bool = False) -> Checkpoint:
    """Return the checkpoint that ``name`` means: 'bundled', a folder, a hub id, or '' for this user's
    default.

    A hub id is looked up in huggingface_hub's cache; only with ``allow_download`` is it fetched. Raises
    ModelError where there is no such model or it is damaged, OfflineError where a download failed for want of
    a network.
    """
    name = name or chosen_model() or BUNDLED
    if name == BUNDLED:
        return open_checkpoint(bundled_folder(), BUNDLED)
    if here := local_folder(name):
        return open_checkpoint(here, name)
    if not hub.is_hub_id(name):
        raise ModelError(
            f"there is no model {name}: no such folder, and not a hub id of the form OWNER/MODEL",
            "'fr2en models list' shows what can be named.",
        )
    folder = hub.cached(name)
    if allow_download and (folder is None or not _is_whole(folder)):
        folder = hub.download(name)
    if folder is None:
        raise ModelError(
            f"the model {name} is not on this machine",
            f"Fetch it once with 'fr2en models pull {name}', or use --model bundled.",
        )
    return open_checkpoint(folder, name)


def list_models() -> tuple[Entry, ...]:
    """Return the bundled model, the known ones of the hub, and this user's default if it is another."""
    default = chosen_model() or BUNDLED
    entries = [_entry(BUNDLED, default, Known(BUNDLED, 0, 0, bundled_scores()))]
    entries += [_entry(known.name, default, known) for known in KNOWN]
    if default not in [entry.name for entry in entries]:
        entries.append(_entry(default, default, Known(default, 0, 0, ())))
    return tuple(entries)


def info(name: str = "") -> tuple[Entry, Checkpoint]:
    """Return what is known of a model on this machine, and its checkpoint; raises as :func:`resolve`."""
    checkpoint = resolve(name)
    scores = bundled_scores() if checkpoint.name == BUNDLED else ()
    known = next((k for k in KNOWN if k.name == checkpoint.name), Known(checkpoint.name, 0, 0, scores))
    return _entry(checkpoint.name, chosen_model() or BUNDLED, known), checkpoint


def pull(name: str) -> Checkpoint:
    """Download the hub model ``name``, unless it is here; return it; raises as :func:`resolve`."""
    if not hub.is_hub_id(name):
        raise ModelError(f"{name} is not a hub id of the form OWNER/MODEL", f"For example: {UPGRADE}")
    return resolve(name, allow_download=True)


def use(name: str) -> tuple[Checkpoint, Path]:
    """Make a model that is on this machine this user's default; return it and the settings file that says so.

    A folder is remembered by its absolute path. Raises as :func:`resolve`, and OutputError.
    """
    checkpoint = resolve(name or BUNDLED)
    is_folder = checkpoint.name != BUNDLED and local_folder(checkpoint.name)
    return checkpoint, choose_model(str(checkpoint.path.resolve()) if is_folder else checkpoint.name)


def convert(name: str, out: Path, quantization: str = "int8") -> Path:
    """Write a model as a CTranslate2 folder with its sentencepiece models, for other programs; return
    ``out``.

    ``out`` must not exist. Raises OutputError where it does or cannot be written, and as :func:`resolve`.
    """
    checkpoint = resolve(name)
    if out.exists():
        raise OutputError(f"{out} exists already", "Give the name of a new folder.")
    try:
        cache.convert(checkpoint, quantization, out)
        for file in (SOURCE_SPM, TARGET_SPM, VOCABULARY):
            shutil.copyfile(checkpoint.path / file, out / file)
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def bundled_scores() -> tuple[Score, ...]:
    """Return what the bundled model scores, from its scores.json; nothing where that file is absent.

    The file is a list of objects with ``test``, ``metric``, ``value`` and ``source`` (a sacreBLEU signature).
    """
    try:
        rows = json.loads((bundled_folder() / "scores.json").read_text(encoding="utf-8"))
        return tuple(Score(r["test"], r["metric"], float(r["value"]), r.get("source", "")) for r in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"the scores of the bundled model cannot be read: {error!r}", "Install fr2en again."
        ) from error


def _entry(name: str, default: str, known: Known) -> Entry:
    place, path = "hub", None
    try:
        checkpoint = resolve(name)
        place, path = ("bundled" if name == BUNDLED else "here"), checkpoint.path
        return Entry(
            name,
            place,
            name == default,
            checkpoint.parameters or known.parameters,
            checkpoint.size,
            known.scores,
            path,
        )
    except ModelError:
        place = "hub" if hub.is_hub_id(name) and hub.cached(name) is None else "damaged"
        return Entry(name, place, name == default, known.parameters, known.size, known.scores)


def _is_whole(folder: Path) -> bool:
    try:
        open_checkpoint(folder)
    except ModelError:
        return False
    return True
