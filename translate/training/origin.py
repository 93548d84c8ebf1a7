"""What a training takes from other checkpoints: the shape and weights it starts from, and its teacher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from translate.errors import ModelError, UsageError
from translate.training import vocabulary
from translate.training.presets import Shape, preset
from translate.training.settings import TrainSettings

if TYPE_CHECKING:
    from torch import Tensor

    from translate.training.network import MarianNetwork
    from translate.training.vocabulary import Vocabulary

_LAYER = re.compile(r"(?<=^model\.decoder\.layers\.)\d+")


def shape_of(folder: Path) -> Shape:
    """Return the shape of a checkpoint; ModelError where it is unfit."""
    from translate.models.checkpoint import open_checkpoint

    a = open_checkpoint(folder).architecture
    return Shape(
        d_model=a.width,
        ffn=a.feed_forward,
        encoder_layers=a.encoder_layers,
        decoder_layers=a.decoder_layers,
        heads=a.heads,
        vocabulary=a.vocabulary,
        activation=a.activation,
        positions=a.positions,
        scale_embedding=a.scaled_embedding,
    )


def check(settings: TrainSettings) -> None:
    """Raise ModelError or UsageError where the checkpoints of the settings are unfit, or unfit for each other."""
    theirs = vocabulary_of(settings)
    if theirs is None:
        return
    words = vocabulary.load(theirs)
    first_shape(settings, words.size)
    if settings.teacher:
        shape_of(Path(settings.teacher))
        if vocabulary.load(Path(settings.teacher)).pieces != words.pieces:
            raise UsageError(
                f"{settings.teacher}: the teacher's vocabulary is not that of {settings.start}",
                "Start from the teacher, or from nothing, or learn from its translations: fr2en train distil.",
            )


def first_shape(settings: TrainSettings, pieces: int) -> Shape:
    """Return the shape to train, that of the checkpoint started from or the preset's for so many pieces.

    Raises ModelError for an unfit checkpoint, UsageError for more decoder layers than it has.
    """
    layers = settings.decoder_layers
    if not settings.start:
        shape = preset(settings.preset).shape(pieces)
        return replace(shape, decoder_layers=layers) if layers else shape
    shape = shape_of(Path(settings.start))
    if layers > shape.decoder_layers:
        raise UsageError(
            f"--decoder-layers {layers}: the checkpoint has {shape.decoder_layers}", "Layers can only be left out."
        )
    if shape.vocabulary != pieces:
        raise ModelError(
            f"the checkpoint has {shape.vocabulary} embeddings for {pieces} pieces", "Fetch the checkpoint again."
        )
    return replace(shape, decoder_layers=layers) if layers else shape


def vocabulary_of(settings: TrainSettings) -> Path | None:
    """Return the checkpoint whose vocabulary is used: what is started from, or the teacher; None: a new one."""
    origin = settings.start or settings.teacher
    return Path(origin) if origin else None


def kept_layers(layers: int, keep: int) -> tuple[int, ...]:
    """Return which of so many decoder layers are kept, evenly spread, first and last included; one: the last.

    A decoder begun so learns in a small part of the time (Shleifer and Rush 2020, Pre-trained Summarization
    Distillation).
    """
    if keep == 1:
        return (layers - 1,)
    return tuple(round(number * (layers - 1) / (keep - 1)) for number in range(keep))


def start_weights(folder: Path, shape: Shape, names: set[str]) -> Mapping[str, Tensor]:
    """Return the weights of a checkpoint as fp32 under the names of a network of ``shape``.

    Where the checkpoint has more decoder layers, those of :func:`kept_layers` are taken. ModelError where any
    of ``names`` is missing.
    """
    from translate.training.export import read_weights

    kept = kept_layers(shape_of(folder).decoder_layers, shape.decoder_layers)
    theirs = {name: _LAYER.sub(lambda number: str(kept[int(number[0])]), name) for name in names}
    found = read_weights(folder, set(theirs.values()))
    return {name: found[of] for name, of in theirs.items()}


def load_teacher(folder: Path, words: Vocabulary, device: str) -> MarianNetwork:
    """Return a checkpoint as a network that only answers."""
    from translate.training.network import MarianNetwork

    shape = shape_of(folder)
    network = MarianNetwork(shape, words.padding)
    network.load_state_dict(start_weights(folder, shape, set(network.state_dict())))
    return network.requires_grad_(False).eval().to(device)
