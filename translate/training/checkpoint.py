"""Checkpoints: weights, optimiser, data position and random states, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from translate.errors import ModelError
from translate.training.arrays import Position
from translate.training.disk import remove, writing
from translate.training.network import MarianNetwork
from translate.training.optimiser import Optimiser

#: How many checkpoints can be resumed from: the last, and the one before should the disk have failed.
_RESUMABLE = 2


@dataclass(frozen=True)
class State:
    """How far a training has come: steps, target pieces, seconds, and the place in each mix of the data."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    positions: tuple[Position, ...] = ()


def save(folder: Path, network: MarianNetwork, optimiser: Optimiser, state: State, average: int) -> Path:
    """Write ``folder/step-N`` aside and rename it; then prune older ones; return its path.

    The last two checkpoints stay whole; of ``average`` checkpoints the weights stay, to be averaged. Raises
    OutputError, with nothing left aside, where it cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    final = folder / f"step-{state.step:08d}"
    aside = folder / f".writing-{state.step:08d}"
    tensors = {name: t.detach().cpu().contiguous() for name, t in network.state_dict().items()}
    # What a kill left aside would take the room that this one needs.
    remove(*folder.glob(".writing-*"))
    with writing(folder, aside, failures=(RuntimeError, SafetensorError)):
        aside.mkdir(parents=True)
        save_file(tensors, aside / "weights.safetensors")
        torch.save({"optimiser": optimiser.state_dict(), "random": _random_states()}, aside / "optimiser.pt")
        (aside / "state.json").write_text(json.dumps(asdict(state)))
        for path in aside.iterdir():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        if final.exists():
            shutil.rmtree(final)
        aside.replace(final)
        _prune(folder, average)
    return final


def steps(folder: Path) -> list[Path]:
    """Return the checkpoints of a training, oldest first, those left with weights alone included."""
    return sorted(path for path in folder.glob("step-*") if (path / "weights.safetensors").is_file())


def restore(folder: Path, network: MarianNetwork, optimiser: Optimiser) -> State | None:
    """Load the newest checkpoint that can be read into both, and return its state; None where there is none.

    Raises ModelError where there are checkpoints and none can be read.
    """
    failures: list[str] = []
    for path in reversed([path for path in steps(folder) if (path / "optimiser.pt").is_file()]):
        try:
            saved = torch.load(path / "optimiser.pt", map_location="cpu", weights_only=True)
            raw = json.loads((path / "state.json").read_text())
            network.load_state_dict(weights(path))
            optimiser.load_state_dict(saved["optimiser"])
            _set_random_states(saved["random"])
            places = tuple(Position(**place) for place in raw["positions"])
            state = State(int(raw["step"]), int(raw["tokens"]), float(raw["seconds"]), places)
        except Exception as error:
            # torch's unpickler and safetensors let through whatever a torn file makes of them.
            failures.append(f"{path.name}: {error}")
            continue
        return state
    if failures:
        raise ModelError(f"{folder}: no checkpoint can be read ({'; '.join(failures)})", "Begin the training again.")
    return None


def weights(path: Path) -> dict[str, Tensor]:
    """Return the weights of a checkpoint, by name."""
    from safetensors.torch import load_file

    return dict(load_file(path / "weights.safetensors"))


def average(paths: Sequence[Path]) -> dict[str, Tensor]:
    """Return the mean of the weights of checkpoints (Vaswani et al. 2017); raises ModelError for none."""
    if not paths:
        raise ModelError("there are no checkpoints to average", "Train first.")
    total = weights(paths[0])
    for path in paths[1:]:
        for name, tensor in weights(path).items():
            total[name] = total[name] + tensor
    return {name: tensor / len(paths) for name, tensor in total.items()}


def _prune(folder: Path, average: int) -> None:
    newest_first = list(reversed(steps(folder)))
    for age, path in enumerate(newest_first):
        if age >= max(_RESUMABLE, average):
            shutil.rmtree(path)
        elif age >= _RESUMABLE:
            (path / "optimiser.pt").unlink(missing_ok=True)


def _random_states() -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _set_random_states(states: dict[str, Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
