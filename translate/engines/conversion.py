"""Marian checkpoint -> CTranslate2 model, in a process of its own: ``python -m translate.engines.conversion
SRC DST``.

CTranslate2's own converter imports torch and transformers and takes 7 to 14 s on two busy cores, which a first
start would have to wait; this one writes the same specification from the tensors themselves in 0.6 s. It is also
exact where that one is not: the decoder starts from the embedding of the checkpoint's start token, not from zeros,
and the attention returned is the mean of all heads, not the first.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from translate.errors import Fr2enError, ModelError
from translate.models.checkpoint import (
    SAFETENSORS,
    Architecture,
    Checkpoint,
    check_tensors,
    not_finite,
    open_checkpoint,
    read_header,
    read_vocabulary,
)

QUANTIZATIONS = ("int8", "float32")

#: Added to the logits of ``<pad>`` and ``<unk>``, in both engines: neither may be generated, and leaving them
#: out of the softmax keeps the scores of the two engines the same. Finite, because inf - inf is not a number.
NEVER = -1e9

_ACTIVATIONS = {"relu": "RELU", "swish": "SWISH", "silu": "SWISH", "gelu": "GELU"}

Tensors = Mapping[str, Any]


def convert(source: Path, target: Path, quantization: str) -> None:
    """Write the checkpoint in ``source`` as a CTranslate2 model into the new folder ``target``.

    Needs no network. The vocabulary stays whole, so that ids are those of vocab.json.
    Raises ModelError where the checkpoint cannot be read or computed by CTranslate2.
    """
    checkpoint = open_checkpoint(source)
    tensors = _arrays(checkpoint)
    spec = _specification(checkpoint, tensors)
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    target.mkdir(parents=True)
    spec.save(str(target))


def read_state(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return the tensors of a checkpoint, by name, as torch reads them.

    Those of a pickle, which has no header to look at beforehand, are checked against the configuration here. Raises
    ModelError where they are not those of a Marian model, or the file holds more than tensors.
    """
    import torch

    weights = checkpoint.weights
    try:
        if weights.name == SAFETENSORS:
            from safetensors.torch import load_file

            return dict(load_file(weights))
        state = dict(torch.load(weights, map_location="cpu", weights_only=True))
        header = {
            name: {"dtype": "F32" if tensor.is_floating_point() else str(tensor.dtype), "shape": tensor.shape}
            for name, tensor in state.items()
        }
    except Exception as error:
        # torch raises UnpicklingError, RuntimeError, EOFError, BadZipFile, ... for what is no plain state dict.
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"{weights} cannot be read as plain tensors: {first}",
            "Files that hold more than tensors are never unpickled; look for one with safetensors.",
        ) from error
    check_tensors(weights, header, checkpoint.architecture)
    return state


def _arrays(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return the tensors of a checkpoint as float32 arrays, each of finite numbers; else raise ModelError."""
    import numpy as np

    found = {}
    for name, array in _plain_arrays(checkpoint).items():
        with np.errstate(over="ignore"):  # of float64 what float32 cannot hold is infinite, and refused below
            found[name] = array.astype(np.float32)
        if not np.isfinite(found[name]).all():
            raise not_finite(checkpoint.weights, name)
    return found


def _plain_arrays(checkpoint: Checkpoint) -> dict[str, Any]:
    weights = checkpoint.weights
    if weights.name == SAFETENSORS and not any(entry["dtype"] == "BF16" for entry in read_header(weights).values()):
        from safetensors.numpy import load_file

        return dict(load_file(weights))
    _hide_torch(False)
    return {name: tensor.float().numpy() for name, tensor in read_state(checkpoint).items()}


def _hide_torch(hidden: bool) -> None:
    # ctranslate2.specs imports torch wherever it is installed, seconds spent for a kind of tensor not used
    # here.
    if hidden:
        sys.modules.setdefault("torch", None)  # type: ignore[arg-type]
    elif sys.modules.get("torch", sys) is None:
        del sys.modules["torch"]


def _specification(checkpoint: Checkpoint, tensors: Tensors) -> Any:
    from ctranslate2.specs import Activation, TransformerSpec

    shape = checkpoint.architecture
    if shape.activation not in _ACTIVATIONS:
        raise ModelError(
            f"the model's activation function, {shape.activation}, is not one of {', '.join(_ACTIVATIONS)}",
            "Use --engine torch.",
        )
    spec = TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers),
        shape.heads,
        pre_norm=False,
        activation=getattr(Activation, _ACTIVATIONS[shape.activation]),
        alignment_layer=-1,
        alignment_heads=shape.heads,
    )
    _fill_stack(spec.encoder, spec.encoder.embeddings[0], "model.encoder", tensors, shape)
    _fill_stack(spec.decoder, spec.decoder.embeddings, "model.decoder", tensors, shape)
    vocabulary = read_vocabulary(checkpoint.path)
    spec.decoder.projection.weight = tensors.get("lm_head.weight", tensors["model.shared.weight"])
    spec.decoder.projection.bias = output_bias(tensors.get("final_logits_bias"), vocabulary["<unk>"], shape)
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.eos_token, spec.config.unk_token = tokens[shape.end], "<unk>"
    spec.config.decoder_start_token = tokens[shape.start]
    return spec


def output_bias(bias: Any, unknown: int, shape: Architecture) -> Any:
    """Return the bias of the output layer (vocabulary,), float32; padding and unknown pieces ruled out."""
    import numpy as np

    result = np.zeros(shape.vocabulary, np.float32) if bias is None else np.array(bias, np.float32).reshape(-1)
    result[[shape.pad, unknown]] = NEVER
    return result


def sinusoids(positions: int, width: int) -> Any:
    """Return Marian's position encodings (positions, width), float32: all sines, then all cosines."""
    import numpy as np

    rates = np.power(10000.0, -2 * (np.arange(width) // 2) / width)
    angles = np.arange(positions)[:, None] * rates
    return np.concatenate([np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])], axis=1).astype(np.float32)


def _fill_stack(spec: Any, embedding: Any, prefix: str, tensors: Tensors, shape: Architecture) -> None:
    spec.scale_embeddings = math.sqrt(shape.width) if shape.scaled_embedding else 1.0
    embedding.weight = tensors["model.shared.weight"]
    positions = tensors.get(f"{prefix}.embed_positions.weight")
    spec.position_encodings.encodings = sinusoids(shape.positions, shape.width) if positions is None else positions
    for number, layer in enumerate(spec.layer):
        at = f"{prefix}.layers.{number}"
        _fuse(layer.self_attention.linear[0], tensors, [f"{at}.self_attn.{k}_proj" for k in "qkv"])
        _fuse(layer.self_attention.linear[1], tensors, [f"{at}.self_attn.out_proj"])
        _norm(layer.self_attention.layer_norm, tensors, f"{at}.self_attn_layer_norm")
        if prefix == "model.decoder":
            _fuse(layer.attention.linear[0], tensors, [f"{at}.encoder_attn.q_proj"])
            _fuse(layer.attention.linear[1], tensors, [f"{at}.encoder_attn.{k}_proj" for k in "kv"])
            _fuse(layer.attention.linear[2], tensors, [f"{at}.encoder_attn.out_proj"])
            _norm(layer.attention.layer_norm, tensors, f"{at}.encoder_attn_layer_norm")
        _fuse(layer.ffn.linear_0, tensors, [f"{at}.fc1"])
        _fuse(layer.ffn.linear_1, tensors, [f"{at}.fc2"])
        _norm(layer.ffn.layer_norm, tensors, f"{at}.final_layer_norm")


def _fuse(spec: Any, tensors: Tensors, names: Sequence[str]) -> None:
    import numpy as np

    spec.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])


def _norm(spec: Any, tensors: Tensors, name: str) -> None:
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert as the command line says; errors go to stderr, the exit code is 0 or that of the error."""
    parser = argparse.ArgumentParser(prog="python -m translate.engines.conversion", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--quantization", choices=QUANTIZATIONS, default="int8")
    given = parser.parse_args(arguments)
    _hide_torch(True)
    try:
        convert(given.source, given.target, given.quantization)
    except Fr2enError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
