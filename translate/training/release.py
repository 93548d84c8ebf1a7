"""The end of a training: the best weights, exported, compared in both engines, with curve and card."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from translate.training import arrays, card, export, plot, scoring
from translate.training.balance import balance
from translate.training.decoding import Ids
from translate.training.events import Exported, Note, OnEvent, Scores, read_log, scored
from translate.training.prepare import DevSet, Folder
from translate.training.settings import TrainSettings
from translate.training.vocabulary import Vocabulary

if TYPE_CHECKING:
    from torch import Tensor

    from translate.training.checkpoint import State
    from translate.training.network import MarianNetwork

#: The beam of the scores that are published.
_BEAM = 4

#: Lines of the development set that both engines translate; a sentence where there is no such set.
_COMPARED = 50
_SENTENCE = "Le président est arrivé à Paris."


def release(
    folder: Folder,
    settings: TrainSettings,
    network: MarianNetwork,
    words: Vocabulary,
    state: State,
    *,
    dev: DevSet | None,
    hardware: str,
    tell: OnEvent,
) -> Scores | None:
    """Export the last weights or the mean of the last checkpoints, whichever has more BLEU on all of ``dev``.

    Without a development set the last weights are taken. Writes ``model/`` and ``curve.svg``; returns the
    scores.
    """
    what, scores, weights = _best(folder, settings, network, words, state, dev, tell)
    network.load_state_dict(weights)
    balance(network, arrays.load(folder.main), Ids(words.end, words.padding))
    weights = network.state_dict()
    origin = Path(settings.start) if settings.start else None
    guided = settings.guide > 0 and settings.guide_until >= 1 and arrays.load(folder.main).links is not None
    export.write_model(
        folder.model, weights, network.shape, words, folder.vocabulary, origin, guided=guided, learnt=folder.data
    )
    agreement = export.compare_engines(folder.model, dev.head(_COMPARED).french if dev is not None else (_SENTENCE,))
    sha256 = export.checksum(folder.model)
    tell(Exported(str(folder.model), what, sha256, agreement.compared, agreement.agreeing))
    events = read_log(folder.log)
    missing = plot.write_curve(events, folder.curve)
    if missing:
        tell(Note(missing))
    card.write_card(folder.model, events, settings, network.shape, hardware)
    return scores


def _best(
    folder: Folder,
    settings: TrainSettings,
    network: MarianNetwork,
    words: Vocabulary,
    state: State,
    dev: DevSet | None,
    tell: OnEvent,
) -> tuple[str, Scores | None, dict[str, Tensor]]:
    from translate.training import checkpoint

    last = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    if dev is None:
        return "last", None, last

    def score(what: str) -> Scores:
        result = scoring.score(network, words, dev, _BEAM)
        tell(scored(result, state.step, state.tokens, state.seconds, len(dev.french), _BEAM, what))
        return result

    alone = score("last")
    paths = checkpoint.steps(folder.checkpoints)[-max(1, settings.average) :]
    if len(paths) < 2:
        return "last", alone, last
    network.load_state_dict(checkpoint.average(paths))
    mean = score("average")
    if mean.bleu <= alone.bleu:
        return "last", alone, last
    averaged = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    return f"average of {len(paths)} checkpoints", mean, averaged


def hardware(device: str, threads: int) -> str:
    """Return the processor and the libraries, in words, for the card."""
    import torch

    if device == "cuda":
        name = f"{torch.cuda.get_device_name()} (bf16)"
    else:
        name = f"{platform.machine()} CPU (fp32, threads: {threads})"
    return f"{name}, torch {torch.__version__}, Python {platform.python_version()}"
