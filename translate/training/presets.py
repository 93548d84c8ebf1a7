"""The shapes a model can be trained in from nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """The shape of a Marian network, in the terms of its ``config.json``.

    Post-norm layers, sinusoidal positions, one embedding shared by source, target and output
    (Junczys-Dowmunt et al. 2018). ``vocabulary`` counts pieces with ``</s>``, ``<unk>`` and ``<pad>``.
    """

    d_model: int
    ffn: int
    encoder_layers: int
    decoder_layers: int
    heads: int
    vocabulary: int
    activation: str = "relu"
    positions: int = 512
    scale_embedding: bool = True

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        d, f = self.d_model, self.ffn
        attention, norm = 4 * (d * d + d), 2 * d
        feed_forward = 2 * d * f + f + d
        encoder = attention + feed_forward + 2 * norm
        decoder = 2 * attention + feed_forward + 3 * norm
        return self.vocabulary * d + self.encoder_layers * encoder + self.decoder_layers * decoder


@dataclass(frozen=True)
class Preset:
    """A shape by name, the vocabulary aside: that is learnt from the corpus, ``pieces`` being asked for.

    A deep encoder and a shallow decoder cost little quality and most of the decoding time (Kasai et al.
    2021).
    """

    name: str
    d_model: int
    ffn: int
    encoder_layers: int
    decoder_layers: int
    heads: int
    pieces: int

    def shape(self, vocabulary: int) -> Shape:
        """Return the shape for a vocabulary of that many ids, ``<pad>`` included."""
        return Shape(self.d_model, self.ffn, self.encoder_layers, self.decoder_layers, self.heads, vocabulary)


#: 11, 22 and 56 million parameters; about 8k pieces suit 1 M pairs and 32k suit 4.5 M (Mozilla's and OPUS's
#: students).
PRESETS = (
    Preset("tiny", 256, 1024, 6, 2, 4, 16_000),
    Preset("small", 384, 1536, 6, 2, 6, 16_000),
    Preset("base", 512, 2048, 6, 6, 8, 24_000),
)
PRESET_NAMES = tuple(preset.name for preset in PRESETS)


def preset(name: str) -> Preset:
    """Return the preset of that name; raises UsageError where there is none."""
    from translate.errors import UsageError

    for known in PRESETS:
        if known.name == name:
            return known
    raise UsageError(f"there is no preset '{name}'", f"The presets are {', '.join(PRESET_NAMES)}.")
