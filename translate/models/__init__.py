"""Models by name: which checkpoint a name means, what is known of it, and the engine that runs it."""

from __future__ import annotations

from translate.models.checkpoint import Architecture, Checkpoint, open_checkpoint
from translate.models.loading import load_engine
from translate.models.registry import (
    BUNDLED,
    KNOWN,
    UPGRADE,
    Entry,
    Known,
    Score,
    bundled_scores,
    convert,
    info,
    list_models,
    pull,
    resolve,
    use,
)

__all__ = [
    "BUNDLED",
    "KNOWN",
    "UPGRADE",
    "Architecture",
    "Checkpoint",
    "Entry",
    "Known",
    "Score",
    "bundled_scores",
    "convert",
    "info",
    "list_models",
    "load_engine",
    "open_checkpoint",
    "pull",
    "resolve",
    "use",
]
