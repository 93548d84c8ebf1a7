"""Every option of a training, once, with its default; the command line is built from these fields."""

from __future__ import annotations

from dataclasses import dataclass, fields

from translate.errors import UsageError
from translate.settings import option
from translate.training.presets import PRESET_NAMES


@dataclass(frozen=True)
class FilterSettings:
    """Which pairs of a corpus are fit to learn from."""

    max_characters: int = option(800, "longest line kept, in characters", metavar="N")
    french_ratio: float = option(2.6, "most characters of French for one of English", metavar="X")
    english_ratio: float = option(1.9, "most characters of English for one of French", metavar="X")
    duplicates: bool = option(False, "keep pairs that occur twice")
    copies: bool = option(False, "keep long lines whose French and English are the same")
    numbers: bool = option(True, "drop pairs whose numbers differ")
    language: bool = option(False, "drop pairs a language detector takes for other languages (slow)")


@dataclass(frozen=True)
class TrainSettings:
    """How a model is trained.

    ``minutes`` or ``steps`` is the whole budget, over all resumptions, and the learning rate follows it. 0
    stands for "by device": small fp32 batches on a CPU, large bf16 ones on CUDA. ``weights`` are
    ``NAME=TIMES`` for sources, ``*`` being all the others (1 where nothing is said); ``final_weights`` make
    the mix of the last phase. ``start`` and ``teacher`` are folders of checkpoints by the time a training
    begins.
    """

    start: str = option(
        "",
        "model to train on from, with its vocabulary and shape: 'bundled', a folder or a hub id",
        flags=("--from",),
        metavar="CHECKPOINT",
    )
    preset: str = option("tiny", "shape of a model trained from nothing", choices=PRESET_NAMES)
    decoder_layers: int = option(
        0,
        "decoder layers, with --from those kept, evenly spread; 0: as many as the preset or the checkpoint has",
        metavar="N",
    )
    teacher: str = option(
        "",
        "model whose probabilities are learnt beside the corpus; its vocabulary is used",
        metavar="CHECKPOINT",
    )
    teacher_share: float = option(0.6, "share of the loss that is the divergence from the teacher", metavar="X")
    minutes: float = option(0.0, "time budget, over all resumptions", metavar="N")
    steps: int = option(0, "budget in optimiser steps, instead of --minutes", metavar="N")
    weights: tuple[str, ...] = option(
        (),
        "how often a source is seen: NAME=TIMES; *=TIMES for the others",
        metavar="NAME=TIMES",
        repeat=True,
    )
    final_weights: tuple[str, ...] = option(
        (), "the mix of the last phase, NAME=TIMES; none: no such phase", metavar="NAME=TIMES", repeat=True
    )
    final_from: float = option(0.85, "when the last phase begins, as a share of the budget", metavar="X")
    final_share: float = option(0.75, "share of batches from the final mix in the last phase", metavar="X")
    early_share: float = option(0.15, "share of batches from the final mix before it", metavar="X")
    augment: bool = option(True, "vary capitals, final stops, typography, datelines, numbers and names")
    pieces: int = option(0, "size of a new vocabulary; 0: the preset's", metavar="N")
    max_pieces: int = option(0, "longest side trained on, in pieces; 0: 72 on CPU, 160 on CUDA", metavar="N")
    device: str = option("auto", "where to train; auto: CUDA where there is one", choices=("auto", "cpu", "cuda"))
    threads: int = option(0, "processor threads; 0: all this process may use", metavar="N")
    batch_tokens: int = option(0, "pieces in a batch, padding included; 0: 2,304 on CPU, 65,536 on CUDA", metavar="N")
    optimiser: str = option(
        "muon", "muon: Muon for matrices, AdamW for the rest; adamw: for all", choices=("muon", "adamw")
    )
    matrix_rate: float = option(0.0, "Muon's learning rate; 0: 0.01, or 0.002 with --from", metavar="X")
    rate: float = option(0.0, "AdamW's learning rate; 0: 0.001, or 0.0003 with --from", metavar="X")
    warmup: int = option(50, "steps in which the learning rate rises", metavar="N")
    decay_from: float = option(0.45, "when the learning rate begins to fall, as a share of the budget", metavar="X")
    dropout: float = option(0.0, "dropout; 0.1 pays once the corpus is seen several times", metavar="X")
    label_smoothing: float = option(0.0, "label smoothing; 0.1 suits long trainings", metavar="X")
    sampled: int = option(
        -1,
        "random pieces in the sampled softmax; 0: full softmax; -1: 2,000 on CPU, full on CUDA",
        metavar="N",
    )
    full_from: float = option(0.75, "when the full softmax takes over, as a share of the budget", metavar="X")
    guide: float = option(0.3, "weight of guided alignment, where eflomal is installed; 0: none", metavar="X")
    guide_until: float = option(0.25, "when guided alignment ends, as a share of the budget; 1: never", metavar="X")
    embed: bool = option(True, "begin with embeddings from co-occurrence, where scipy is installed")
    average: int = option(3, "checkpoints averaged in the export, if that scores better than the last", metavar="N")
    checkpoint_minutes: float = option(5.0, "minutes between checkpoints", metavar="N")
    checkpoint_steps: int = option(0, "steps between checkpoints, instead of minutes", metavar="N")
    score_minutes: float = option(15.0, "minutes between scores on the development set", metavar="N")
    score_steps: int = option(0, "steps between scores, instead of minutes", metavar="N")
    score_lines: int = option(
        300, "lines of the development set scored on the way (all of them at the end)", metavar="N"
    )
    log_steps: int = option(50, "steps between lines of the log", metavar="N")
    seed: int = option(1, "seed of everything random", metavar="N")
    licence: str = option("unknown", "licence written into the model card, as an SPDX or hub identifier", metavar="ID")

    def __post_init__(self) -> None:
        if (self.minutes > 0) == (self.steps > 0):
            raise UsageError("a training needs one budget", "Give either --minutes N or --steps N.")
        if not 0 < self.teacher_share <= 1:
            raise UsageError(f"--teacher-share {self.teacher_share:g} is no share", "Give more than 0 and at most 1.")
        parse_weights(self.weights)
        parse_weights(self.final_weights)


#: What a resumed training may change: the budget, the machine, and what is written down; all else decides
#: the curve.
RESUMABLE = frozenset(
    (
        *("minutes", "steps", "device", "threads", "checkpoint_minutes", "checkpoint_steps", "score_minutes"),
        *("score_steps", "score_lines", "log_steps", "average", "licence"),
    )
)


@dataclass(frozen=True)
class Weights:
    """How often each source is seen; ``others`` stands for those not named."""

    named: tuple[tuple[str, float], ...] = ()
    others: float = 1.0

    def of(self, name: str) -> float:
        """Return how often a pair of that source is seen; 0 leaves it out."""
        return next((times for known, times in self.named if known == name), self.others)


def parse_weights(texts: tuple[str, ...]) -> Weights:
    """Return the weights written as ``NAME=TIMES``; raises UsageError for anything else."""
    named: list[tuple[str, float]] = []
    others = 1.0
    for text in texts:
        name, _, times = text.rpartition("=")
        try:
            value = float(times)
        except ValueError:
            value = -1.0
        if not name or not 0 <= value <= 100:
            raise UsageError(f"'{text}' is no weight", "Write NAME=TIMES, such as newstest=3 or *=0.5.")
        if name == "*":
            others = value
        else:
            named.append((name, value))
    return Weights(tuple(named), others)


def changed(old: TrainSettings, new: TrainSettings) -> tuple[str, ...]:
    """Return the names of the settings that differ and that a resumed training may not change."""
    return tuple(
        f.name
        for f in fields(TrainSettings)
        if f.name not in RESUMABLE and getattr(old, f.name) != getattr(new, f.name)
    )
