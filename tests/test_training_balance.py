from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from translate.training import arrays, presets  # noqa: E402
from translate.training.balance import balance  # noqa: E402
from translate.training.decoding import Ids  # noqa: E402
from translate.training.network import MarianNetwork  # noqa: E402

PADDING = 60


def toy(activation: str) -> MarianNetwork:
    shape = presets.Shape(
        d_model=16,
        heads=2,
        ffn=32,
        encoder_layers=2,
        decoder_layers=1,
        vocabulary=PADDING + 1,
        positions=64,
        activation=activation,
    )
    network = MarianNetwork(shape, PADDING)
    network.initialise(torch.Generator().manual_seed(1))
    with torch.no_grad():  # one channel much larger than the others, as trained networks have
        network.model.encoder.layers[0].fc1.weight[3] *= 40
        network.model.encoder.layers[0].fc1.bias[3] = 20.0
    return network


def pairs(folder: Path) -> arrays.PairArrays:
    arrays.write(folder, [([n % 50 + 2, n % 7 + 2, 5], [n % 40 + 2, 9]) for n in range(100)])
    return arrays.load(folder)


@pytest.mark.parametrize("activation", ["relu", "swish"])
def test_balancing_changes_nothing_in_float(tmp_path: Path, activation: str) -> None:
    network = toy(activation).eval()
    read, shifted = torch.randint(2, 50, (8, 12)), torch.randint(2, 50, (8, 10))
    before, _ = network(read, shifted)
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    balance(network, pairs(tmp_path), Ids(0, PADDING))
    after, _ = network(read, shifted)
    assert torch.allclose(before, after, atol=1e-4)
    changed = {name for name, tensor in network.state_dict().items() if not torch.equal(tensor, weights[name])}
    assert any(name.endswith("v_proj.weight") for name in changed)
    assert any(name.endswith("fc1.weight") for name in changed) is (activation == "relu")


def test_balancing_evens_out_what_int8_rounds(tmp_path: Path) -> None:
    network = toy("relu").eval()
    seen: list[torch.Tensor] = []
    reads = network.model.encoder.layers[0].fc2
    reads.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].detach().abs()))
    read = torch.randint(2, 50, (8, 12))
    network.encode(read)
    balance(network, pairs(tmp_path), Ids(0, PADDING))
    seen = seen[:1]
    network.encode(read)
    spread = [float(values.flatten(0, 1).amax(0).max() / values.flatten(0, 1).amax(0).median()) for values in seen]
    assert spread[1] < spread[0] / 3
