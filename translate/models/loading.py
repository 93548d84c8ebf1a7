"""Settings -> a running engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from translate.engines import Engine
from translate.errors import ModelError, UsageError
from translate.models.registry import resolve
from translate.settings import EngineSettings


def load_engine(
    settings: EngineSettings | None = None,
    *,
    allow_download: bool = False,
    tell: Callable[[str], None] | None = None,
    **options: Any,
) -> Engine:
    """Return the engine that ``settings`` (or their fields, given by name) ask for, its model loaded.

    With engine ``auto`` it is CTranslate2 on the CPU and torch on CUDA; CTranslate2 runs on CUDA only where
    both are asked for by name. The model is downloaded only with ``allow_download``. ``tell`` is told what
    works but could work better. Raises ModelError where the model or the device cannot be used, OfflineError
    where the download failed, UsageError for what does not go together.

    >>> engine = load_engine(model="bundled", threads=1)  # doctest: +SKIP
    """
    settings = replace(settings or EngineSettings(), **options)
    if settings.threads < 0:
        raise UsageError(f"{settings.threads} threads cannot be had", "0 takes all processors.")
    checkpoint = resolve(settings.model, allow_download=allow_download)
    name, device = _choose(settings)
    if name == "torch":
        if settings.compute_type == "int8":
            raise UsageError("the torch engine computes in float32 only", "Use --engine ct2 for int8.")
        from translate.engines.marian import MarianEngine

        return MarianEngine(checkpoint, device=device, threads=settings.threads)
    from translate.engines.ct2 import CT2Engine

    return CT2Engine(checkpoint, device=device, compute_type=settings.compute_type, threads=settings.threads, tell=tell)


def _choose(settings: EngineSettings) -> tuple[str, str]:
    """Return the engine and the device; torch is imported only where it has a part in the answer."""
    if settings.engine == "ct2" or settings.device == "cpu":
        if settings.device == "cuda" and not ct2_sees_cuda():
            raise ModelError("CTranslate2 finds no CUDA device", "Use --device cpu.")
        return ("ct2" if settings.engine == "auto" else settings.engine), settings.device.replace("auto", "cpu")
    wanted = settings.device == "cuda" or settings.engine == "torch" or ct2_sees_cuda()
    if wanted and torch_sees_cuda():
        return "torch", "cuda"
    if settings.device == "cuda":
        raise ModelError("torch finds no CUDA device", "Use --device cpu, or install torch with CUDA.")
    return ("torch" if settings.engine == "torch" else "ct2"), "cpu"


def ct2_sees_cuda() -> bool:
    """Return whether CTranslate2 finds a CUDA device."""
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count() > 0)


def torch_sees_cuda() -> bool:
    """Return whether torch finds a CUDA device (imports torch)."""
    import torch

    return torch.cuda.is_available()
