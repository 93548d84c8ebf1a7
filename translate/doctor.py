"""What ``fr2en doctor`` finds out: versions, devices, the model, the cache, and one timed sentence."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from translate.checks import check
from translate.engines import Engine
from translate.errors import Fr2enError
from translate.models import BUNDLED, UPGRADE, Entry, info, load_engine
from translate.models.cache import cache_folder
from translate.models.choice import config_file
from translate.models.hub import hub_cache
from translate.models.loading import ct2_sees_cuda
from translate.network import is_forbidden
from translate.settings import Decoding, EngineSettings

PACKAGES = ("fr2en", "ctranslate2", "sentencepiece", "torch", "transformers", "huggingface-hub", "sacrebleu")

#: Translated and timed: an ordinary sentence of a dozen and a half words.
SAMPLE = "Le ministre a annoncé mardi que le prix du pain baisserait de 3,5 % avant la fin de l'année."

_OTHER = "Fetch the model again ('fr2en models pull ID'), or try --model bundled."


@dataclass(frozen=True)
class Finding:
    """One line of the examination: a topic, what was found, whether that is well, and what to do if not."""

    topic: str
    value: str
    well: bool = True
    hint: str = ""


def examine(settings: EngineSettings | None = None) -> tuple[Finding, ...]:
    """Return all findings, in the order to print them; a part that fails is a finding, not an error.

    Touches no network. Loads the model that ``settings`` name and translates :data:`SAMPLE` with it.
    """
    settings = settings or EngineSettings()
    parts: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("packages", _versions),
        ("machine", _machine),
        ("cache", _cache),
        ("hub cache", lambda: [Finding("hub cache", str(hub_cache()))]),
        (
            "settings",
            lambda: [Finding("settings", f"{config_file()}{'' if config_file().is_file() else ' (none yet)'}")],
        ),
        ("model", lambda: _model(settings)),
        ("engine", lambda: _timed(settings)),
    )
    return tuple(finding for topic, part in parts for finding in _found(topic, part))


def _found(topic: str, part: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return part()
    except Fr2enError as error:
        return [Finding(topic, error.what, False, error.hint)]
    except OSError as error:
        return [Finding(topic, f"{error.filename or topic}: {error.strerror or error}", False, "Check the path.")]


def _versions() -> list[Finding]:
    findings = [Finding("python", f"{platform.python_version()} ({platform.platform()})")]
    for package in PACKAGES:
        try:
            findings.append(Finding(package, version(package)))
        except PackageNotFoundError:
            findings.append(Finding(package, "not installed", False, f"pip install {package}"))
    return findings


def _machine() -> list[Finding]:
    from translate.engines.ct2 import usable_threads

    return [
        Finding("processors", f"{usable_threads()} usable of {os.cpu_count()}"),
        Finding("devices", "cpu, cuda" if ct2_sees_cuda() else "cpu"),
        Finding(
            "network",
            "forbidden" if is_forbidden() else "used only by 'models pull' and where you ask for it",
        ),
    ]


def _cache() -> list[Finding]:
    cache = cache_folder()
    size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file()) if cache.is_dir() else 0
    hint = "Set FR2EN_CACHE to a folder that can be written; until then each start converts the model anew."
    found = f"{cache} ({size / 1e6:.1f} MB)"
    writable = _is_writable(cache)
    free = shutil.disk_usage(_existing(cache)).free
    return [
        Finding("cache", found if writable else f"{found}, not writable", writable, "" if writable else hint),
        Finding(
            "free space",
            f"{free / 1e9:.1f} GB",
            free > 100e6,
            "" if free > 100e6 else "Make room for the cache.",
        ),
    ]


def _model(settings: EngineSettings) -> list[Finding]:
    entry, checkpoint = info(settings.model)
    shape = checkpoint.architecture
    layers = f"{shape.encoder_layers}+{shape.decoder_layers} layers of {shape.width}, {shape.vocabulary:,} pieces"
    count = f"{entry.parameters / 1e6:.1f} M parameters, " if entry.parameters else ""
    return [
        Finding("model", f"{checkpoint.name} ({count}{layers}, {checkpoint.size / 1e6:.0f} MB)"),
        Finding("folder", str(checkpoint.path)),
        Finding("checksum", f"sha256 {checkpoint.checksum}"),
        *_scores(entry),
    ]


def _scores(entry: Entry) -> list[Finding]:
    stronger = f"A stronger model, for those with a network: {UPGRADE}" if entry.name == BUNDLED else ""
    told = "; ".join(f"{s.test} {s.metric} {s.value:.1f}" for s in entry.scores) or "not recorded"
    return [Finding("scores", told, hint=stronger)]


def _timed(settings: EngineSettings) -> list[Finding]:
    try:
        before = time.perf_counter()
        engine: Engine = load_engine(settings)
        loaded = time.perf_counter()
        hypothesis = engine.translate([SAMPLE], Decoding())[0][0]
        done = time.perf_counter()
    except (RuntimeError, ValueError) as error:  # as CTranslate2 and torch complain of what they compute with
        return [Finding("engine", f"{settings.model or 'the model'} cannot translate: {error}", False, _OTHER)]
    told = engine.info
    versions = ", ".join(f"{name} {number}" for name, number in told.versions)
    return [
        Finding(
            "engine",
            f"{told.engine} ({versions}), {told.device}, {told.compute_type}, {told.threads} threads",
        ),
        Finding("loading", f"{loaded - before:.2f} s"),
        _sentence(hypothesis.text, done - loaded),
    ]


def _sentence(text: str, seconds: float) -> Finding:
    """Hold the English of :data:`SAMPLE` against the checks: it is plain enough for any model of use."""
    doubts = "; ".join(f"{flag.check}: {flag.detail}" for flag in check(SAMPLE, text))
    hint = f"A plain sentence came out wrong ({doubts}). {_OTHER}" if doubts else ""
    return Finding("one sentence", f"{seconds:.2f} s: {text}", not doubts, hint)


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _is_writable(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=_existing(path)):
            return True
    except OSError:
        return False
