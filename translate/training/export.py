"""A trained network as a Hugging Face Marian checkpoint, and the proof that both engines read it alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.errors import ModelError
from translate.training import vocabulary
from translate.training.disk import remove, writing
from translate.training.familiar import write_familiar
from translate.training.presets import Shape
from translate.training.vocabulary import Vocabulary

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.safetensors"

#: Below this share of lines alike in both engines the export itself must be wrong: ties cost a line in a
#: hundred.
_LEAST_AGREEMENT = 0.5


@dataclass(frozen=True)
class Agreement:
    """How many lines transformers and CTranslate2, in float32 with beam 4, translate to the same text."""

    compared: int
    agreeing: int


def write_model(
    folder: Path,
    weights: Mapping[str, Tensor],
    shape: Shape,
    words: Vocabulary,
    vocabulary_folder: Path,
    origin: Path | None,
    *,
    guided: bool = False,
    learnt: Path | None = None,
) -> None:
    """Write ``folder`` as ``transformers`` and CTranslate2 read it: aside first, then renamed.

    Weights are stored as fp16. With ``origin``, the checkpoint that was fine-tuned, its configuration is
    kept. ``guided`` says that the attention was taught to align to the end; ``learnt`` holds the words that the
    corpus has often. Raises OutputError where the folder cannot be written.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    aside = folder.with_name(f".{folder.name}.writing")
    half = {name: t.detach().cpu().to(torch.float16).contiguous() for name, t in weights.items()}
    remove(aside)
    with writing(folder, aside, failures=(SafetensorError,)):
        vocabulary.copy(vocabulary_folder, aside)
        save_file(half, aside / WEIGHTS, metadata={"format": "pt"})
        config = json.loads((origin / "config.json").read_text(encoding="utf-8")) if origin else _config(shape, words)
        config["decoder_layers"] = shape.decoder_layers
        config["guided_alignment"] = guided or config.get("guided_alignment", False)
        config.pop("torch_dtype", None)
        config["dtype"] = "float16"
        _write_json(aside / "config.json", config)
        _write_json(aside / "generation_config.json", _generation(words, shape))
        _write_json(aside / "tokenizer_config.json", _tokenizer(shape))
        if learnt is not None:
            write_familiar(aside, learnt, origin)
        remove(folder)
        aside.replace(folder)


def read_weights(folder: Path, names: set[str]) -> dict[str, Tensor]:
    """Return the weights of a checkpoint as fp32, by name; ModelError where any of ``names`` is missing.

    A missing ``final_logits_bias`` is zero, as in transformers.
    """
    import torch
    from safetensors.torch import load_file

    from translate.models.checkpoint import open_checkpoint

    checkpoint = open_checkpoint(folder)
    if checkpoint.weights.suffix == ".safetensors":
        found = load_file(checkpoint.weights)
    else:
        found = torch.load(checkpoint.weights, map_location="cpu", weights_only=True)
    if "final_logits_bias" not in found:
        found["final_logits_bias"] = torch.zeros(1, checkpoint.architecture.vocabulary)
    missing = sorted(names - set(found))
    if missing:
        raise ModelError(f"{folder}: no weights for {', '.join(missing[:3])}", "Fetch the checkpoint again.")
    return {name: found[name].float() for name in names}


def compare_engines(folder: Path, lines: Sequence[str]) -> Agreement:
    """Translate lines by both engines and count those that come out alike; ModelError if hardly any."""
    from translate.engines.ct2 import CT2Engine
    from translate.engines.marian import MarianEngine
    from translate.models.cache import discard, entry_folder
    from translate.models.checkpoint import open_checkpoint
    from translate.settings import Decoding

    checkpoint = open_checkpoint(folder)
    decoding = Decoding(beam=4)
    fast = CT2Engine(checkpoint, compute_type="float32")
    usable = [line for line in lines if fast.length(line) <= fast.max_length]
    ours = [tries[0].text for tries in fast.translate(usable, decoding)]
    theirs = [tries[0].text for tries in MarianEngine(checkpoint).translate(usable, decoding)]
    # The float32 conversion was made for this comparison alone.
    discard(entry_folder(checkpoint, "float32"))
    agreeing = sum(a == b for a, b in zip(ours, theirs, strict=True))
    if agreeing < _LEAST_AGREEMENT * len(usable):
        raise ModelError(
            f"{folder}: {agreeing} of {len(usable)} lines come out alike from transformers and CTranslate2",
            "The export is damaged; export again.",
        )
    return Agreement(len(usable), agreeing)


def checksum(folder: Path) -> str:
    """Return the SHA-256 of the weights."""
    from translate.models.checkpoint import sha256

    return sha256(folder / WEIGHTS)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _config(shape: Shape, words: Vocabulary) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for side, layers in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
        sides[f"{side}_layers"] = layers
        sides[f"{side}_attention_heads"] = shape.heads
        sides[f"{side}_ffn_dim"] = shape.ffn
        sides[f"{side}_layerdrop"] = 0.0
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "is_encoder_decoder": True,
        "d_model": shape.d_model,
        **sides,
        "vocab_size": shape.vocabulary,
        "decoder_vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "activation_function": shape.activation,
        "scale_embedding": shape.scale_embedding,
        "static_position_embeddings": True,
        "normalize_before": False,
        "normalize_embedding": False,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "eos_token_id": words.end,
        "pad_token_id": words.padding,
        "bos_token_id": None,
        "decoder_start_token_id": words.padding,
        "forced_eos_token_id": words.end,
        "dropout": 0.1,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "init_std": 0.02,
        "use_cache": True,
    }


def _generation(words: Vocabulary, shape: Shape) -> dict[str, Any]:
    return {
        "num_beams": 4,
        "max_length": shape.positions,
        "eos_token_id": words.end,
        "forced_eos_token_id": words.end,
        "pad_token_id": words.padding,
        "decoder_start_token_id": words.padding,
        "bad_words_ids": [[words.padding]],
    }


def _tokenizer(shape: Shape) -> dict[str, Any]:
    return {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": "fr",
        "target_lang": "en",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": shape.positions,
        "separate_vocabs": False,
        "sp_model_kwargs": {},
    }
