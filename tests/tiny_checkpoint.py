"""A Marian checkpoint of one layer with random weights: loads everywhere, translates nothing sensible."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from translate.models.registry import bundled_folder

WIDTH, HEADS, INNER = 8, 2, 16


def write_tiny(folder: Path, **changes: object) -> Path:
    """Write the checkpoint into the new ``folder``; ``changes`` replace values of its config.json."""
    folder.mkdir(parents=True)
    for name in ("source.spm", "target.spm", "vocab.json"):
        shutil.copyfile(bundled_folder() / name, folder / name)
    size = len(json.loads((folder / "vocab.json").read_text(encoding="utf-8")))
    config = {
        "model_type": "marian",
        "d_model": WIDTH,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": HEADS,
        "decoder_attention_heads": HEADS,
        "encoder_ffn_dim": INNER,
        "decoder_ffn_dim": INNER,
        "activation_function": "swish",
        "scale_embedding": True,
        "max_position_embeddings": 64,
        "vocab_size": size,
        "decoder_vocab_size": size,
        "decoder_start_token_id": size - 1,
        "eos_token_id": 0,
        "forced_eos_token_id": 0,
        "pad_token_id": size - 1,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
    }
    (folder / "config.json").write_text(json.dumps(config | changes), encoding="utf-8")
    save_file(_tensors(size), folder / "model.safetensors")
    return folder


def _tensors(size: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)

    def matrix(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    tensors = {"model.shared.weight": matrix(size, WIDTH), "final_logits_bias": matrix(1, size)}
    for stack, attentions in (("encoder", ["self_attn"]), ("decoder", ["self_attn", "encoder_attn"])):
        at = f"model.{stack}.layers.0"
        for attention in attentions:
            for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
                tensors[f"{at}.{attention}.{name}.weight"] = matrix(WIDTH, WIDTH)
                tensors[f"{at}.{attention}.{name}.bias"] = matrix(WIDTH)
        for name, shape in (("fc1", (INNER, WIDTH)), ("fc2", (WIDTH, INNER))):
            tensors[f"{at}.{name}.weight"] = matrix(*shape)
            tensors[f"{at}.{name}.bias"] = matrix(shape[0])
        for norm in (*(f"{a}_layer_norm" for a in attentions), "final_layer_norm"):
            tensors[f"{at}.{norm}.weight"] = 1 + matrix(WIDTH)
            tensors[f"{at}.{norm}.bias"] = matrix(WIDTH)
    return tensors
