"""A Marian checkpoint folder: found complete and consistent before any library is asked to load it."""

from __future__ import annotations

import hashlib
import json
import re
import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translate.errors import ModelError

CONFIG, SOURCE_SPM, TARGET_SPM, VOCABULARY = "config.json", "source.spm", "target.spm", "vocab.json"
SAFETENSORS, PICKLE = "model.safetensors", "pytorch_model.bin"
REQUIRED = (CONFIG, SOURCE_SPM, TARGET_SPM, VOCABULARY)
#: The stems of the French words that the model has learnt well, a line each; # for remarks.
FAMILIAR = "familiar.txt"
OPTIONAL = ("generation_config.json", "tokenizer_config.json", FAMILIAR)

_EMBEDDING, _BIAS = "model.shared.weight", "final_logits_bias"
#: The types of safetensors that are floating point and that every library here reads.
_FLOATS = ("F16", "BF16", "F32", "F64")
_LAYER = re.compile(r"model\.(encoder|decoder)\.layers\.([0-9]{1,9})\.")
_AGAIN = "The folder is incomplete or damaged; fetch it again ('fr2en models pull ID') or export it again."


@dataclass(frozen=True)
class Architecture:
    """The numbers of config.json that decide how the weights are computed with.

    ``guided`` tells that the attention of the last decoder layer was taught to align words (``guided_alignment``).
    """

    width: int
    feed_forward: int
    decoder_feed_forward: int
    encoder_layers: int
    decoder_layers: int
    heads: int
    activation: str
    scaled_embedding: bool
    positions: int
    vocabulary: int
    start: int
    end: int
    pad: int
    guided: bool = False


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on this machine.

    ``name`` is what the user calls it; ``checksum`` the SHA-256 of the weights; ``parameters`` their number
    (0 where the format does not tell without loading); ``size`` the bytes of all files used.
    """

    name: str
    path: Path
    weights: Path
    checksum: str
    parameters: int
    size: int
    architecture: Architecture

    @property
    def identity(self) -> str:
        """A SHA-256 over all that a conversion depends on: weights, configuration and vocabulary."""
        digest = hashlib.sha256(self.checksum.encode())
        for name in (CONFIG, VOCABULARY):
            digest.update((self.path / name).read_bytes())
        return digest.hexdigest()


def open_checkpoint(path: Path, name: str = "") -> Checkpoint:
    """Return the checkpoint in the folder ``path``, checked.

    Raises ModelError where a file is missing, unreadable or truncated, where the configuration is not that of
    a Marian model, and where the vocabulary or a tensor is of another size than it says, or the layers are of another
    number. Of safetensors that is read off the header; what a pickle holds is looked at when it is loaded.
    """
    name = name or str(path)
    if not path.is_dir():
        raise ModelError(
            f"there is no model folder {path}",
            "Give a folder, 'bundled', or a hub id such as Helsinki-NLP/opus-mt-fr-en.",
        )
    weights = _find_weights(path)
    try:
        architecture = read_architecture(path)
        vocabulary = len(read_vocabulary(path))
        if vocabulary != architecture.vocabulary:
            raise ModelError(
                f"{path / VOCABULARY} has {vocabulary} entries, but {CONFIG} says {architecture.vocabulary}",
                _AGAIN,
            )
        header = read_header(weights) if weights.name == SAFETENSORS else {}
        if weights.name == SAFETENSORS:
            check_tensors(weights, header, architecture)
        used = [p for n in (*REQUIRED, *OPTIONAL) if (p := path / n).is_file()]
        return Checkpoint(
            name=name,
            path=path,
            weights=weights,
            checksum=sha256(weights),
            parameters=_count(header),
            size=sum(p.stat().st_size for p in [*used, weights]),
            architecture=architecture,
        )
    except OSError as error:
        raise ModelError(f"cannot read the model in {path}: {error.strerror or error}", _AGAIN) from error


def read_familiar(path: Path) -> frozenset[str] | None:
    """Return the stems of the French words that the model in ``path`` knows well, None where nothing tells.

    Raises ModelError for a file that cannot be read.
    """
    file = path / FAMILIAR
    if not file.is_file():
        return None
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"cannot read {file}: {error}", _AGAIN) from error
    return frozenset(line for line in lines if line and not line.startswith("#"))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read_architecture(path: Path) -> Architecture:
    """Return what ``path``/config.json says of the model; raises ModelError where it is no Marian model's."""
    config = _read_object(path / CONFIG)
    kind = config.get("model_type")
    if kind != "marian":
        raise ModelError(
            f"{path / CONFIG} describes a {kind or 'nameless'} model, not a Marian one",
            "fr2en runs Marian checkpoints (OPUS-MT, Tatoeba, its own).",
        )
    shared = config.get("share_encoder_decoder_embeddings", True)
    if not shared or config.get("decoder_vocab_size") not in (None, config.get("vocab_size")):
        raise ModelError(
            f"the model in {path} has a vocabulary of its own for each language",
            "Only models with one vocabulary for both are supported.",
        )
    if config.get("normalize_before") or config.get("normalize_embedding"):
        raise ModelError(f"the model in {path} normalises before its layers, which no Marian-NMT model does")
    try:
        if config["decoder_attention_heads"] != config["encoder_attention_heads"]:
            raise ModelError(f"the encoder and decoder of the model in {path} differ in attention heads")
        vocabulary = _number(config, "vocab_size", 1)
        inner = _number(config, "encoder_ffn_dim", 1)
        found = Architecture(
            width=_number(config, "d_model", 1),
            feed_forward=inner,
            decoder_feed_forward=_number({"decoder_ffn_dim": inner, **config}, "decoder_ffn_dim", 1),
            encoder_layers=_number(config, "encoder_layers", 1),
            decoder_layers=_number(config, "decoder_layers", 1),
            heads=_number(config, "encoder_attention_heads", 1),
            activation=str(config["activation_function"]),
            scaled_embedding=bool(config.get("scale_embedding", False)),
            positions=_number(config, "max_position_embeddings", 1),
            vocabulary=vocabulary,
            start=_number(
                {"decoder_start_token_id": config["pad_token_id"], **config}, "decoder_start_token_id", 0, vocabulary
            ),
            end=_number(config, "eos_token_id", 0, vocabulary),
            pad=_number(config, "pad_token_id", 0, vocabulary),
            guided=config.get("guided_alignment") is True,
        )
        if found.width % found.heads:
            raise ValueError(f"d_model, {found.width}, cannot be parted among {found.heads} attention heads")
        return found
    except (KeyError, ValueError) as error:
        raise ModelError(f"{path / CONFIG} lacks a usable value: {error}", _AGAIN) from error


def _number(config: Mapping[str, Any], name: str, least: int, beyond: int | None = None) -> int:
    """Return a whole number from ``least`` up, and below ``beyond``; raises ValueError for anything else."""
    value = config[name]
    if type(value) is not int or value < least or (beyond is not None and value >= beyond):
        raise ValueError(f"{name} is {reprlib.repr(value)}")
    return value


def read_vocabulary(path: Path) -> dict[str, int]:
    """Return the ids of the pieces in vocab.json; raises ModelError where they are not 0, 1, 2, ..."""
    vocabulary = _read_object(path / VOCABULARY)
    if sorted(v for v in vocabulary.values() if isinstance(v, int)) != list(range(len(vocabulary))):
        raise ModelError(f"the ids in {path / VOCABULARY} are not the numbers 0 to {len(vocabulary) - 1}", _AGAIN)
    absent = [token for token in ("</s>", "<unk>") if token not in vocabulary]
    if absent:
        raise ModelError(f"{path / VOCABULARY} lacks {' and '.join(absent)}", _AGAIN)
    return vocabulary


def _find_weights(path: Path) -> Path:
    missing = [name for name in REQUIRED if not (path / name).is_file()]
    weights = next((path / n for n in (SAFETENSORS, PICKLE) if (path / n).is_file()), None)
    if weights is None:
        missing.append(f"{SAFETENSORS} (or {PICKLE})")
    if (path / "model.bin").is_file() and weights is None:
        raise ModelError(
            f"{path} is a model converted for CTranslate2, which cannot be checked",
            "Give the checkpoint that it was made from; fr2en converts and keeps it by itself.",
        )
    if missing or weights is None:
        raise ModelError(f"the model folder {path} lacks {', '.join(missing)}", _AGAIN)
    return weights


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not valid JSON: {error}", _AGAIN) from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} does not hold a JSON object", _AGAIN)
    return value


def read_header(weights: Path) -> dict[str, Any]:
    """Return the header of a safetensors file: name -> {dtype, shape, data_offsets}.

    The format: 8 bytes little-endian length, that many bytes of JSON, then the data
    (https://huggingface.co/docs/safetensors). Raises ModelError where the file is shorter than its header
    says.
    """
    size = weights.stat().st_size
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        text = file.read(length) if 0 < length < size else b""
    try:
        header: dict[str, Any] = json.loads(text)
        header.pop("__metadata__", None)
        end = max(_end(entry) for entry in header.values())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(f"{weights} is not a safetensors file, or is cut off in its header", _AGAIN) from error
    if size < 8 + length + end:
        raise ModelError(f"{weights} is cut off: {size:,} bytes of {8 + length + end:,}", _AGAIN)
    return header


def _end(entry: Mapping[str, Any]) -> int:
    """Return where the data of a tensor end; raises ValueError unless its sizes and places are whole numbers."""
    shape, (start, end) = entry["shape"], entry["data_offsets"]
    if not isinstance(shape, list) or any(type(n) is not int or n < 0 for n in (*shape, start, end)):
        raise ValueError("no tensor")
    return int(end)


def check_tensors(weights: Path, header: Mapping[str, Any], architecture: Architecture) -> None:
    """Raise ModelError, naming the tensor, unless the tensors are those of ``architecture``.

    ``header`` is that of :func:`read_header`, or one like it: floating point, in the shapes that the configuration
    says, and as many layers. What else a file may hold is no one's concern.
    """
    if _EMBEDDING not in header:
        raise ModelError(f"{weights} holds no {_EMBEDDING}: it is no Marian translation model", _AGAIN)
    _check_layers(weights, header, architecture)
    required = _required(architecture)
    if lacking := next((name for name in required if name not in header), None):
        raise ModelError(f"{weights} lacks the tensor {lacking}", _AGAIN)
    for name, wanted in {**required, **_optional(architecture)}.items():
        if name not in header:
            continue
        kind, shape = header[name].get("dtype"), list(header[name]["shape"])
        if kind not in _FLOATS:
            what = f"{name} in {weights} is of the type {kind}, not one of {', '.join(_FLOATS)}"
            raise ModelError(what, "Quantised weights cannot be read; export them in float32 or float16.")
        if shape != wanted and not (name == _BIAS and shape == wanted[1:]):
            raise ModelError(f"{name} in {weights} has the shape {shape}, but {CONFIG} says {wanted}", _AGAIN)


def not_finite(weights: Path, name: str) -> ModelError:
    """Return the error for a tensor with values that are no numbers: all that is computed with it is none either."""
    return ModelError(f"{name} in {weights} holds values that are no finite numbers (NaN or infinite)", _AGAIN)


def _check_layers(weights: Path, names: Iterable[str], architecture: Architecture) -> None:
    """Raise ModelError unless the tensors called ``names`` make as many layers as the configuration says."""
    told = {"encoder": architecture.encoder_layers, "decoder": architecture.decoder_layers}
    found = dict.fromkeys(told, 0)
    for match in filter(None, map(_LAYER.match, names)):
        found[match[1]] = max(found[match[1]], int(match[2]) + 1)
    for stack, layers in told.items():
        if found[stack] != layers:
            raise ModelError(f"{weights} has {found[stack]} {stack} layers, but {CONFIG} says {layers}", _AGAIN)


def _required(shape: Architecture) -> dict[str, list[int]]:
    """Return the shapes of the tensors that every Marian checkpoint has, by name, as transformers writes them."""
    wanted = {_EMBEDDING: [shape.vocabulary, shape.width]}
    stacks = (
        ("encoder", shape.encoder_layers, shape.feed_forward, ["self_attn"]),
        ("decoder", shape.decoder_layers, shape.decoder_feed_forward, ["self_attn", "encoder_attn"]),
    )
    for stack, layers, inner, attentions in stacks:
        linear = {f"{a}.{k}_proj": [shape.width, shape.width] for a in attentions for k in ("q", "k", "v", "out")}
        linear |= {"fc1": [inner, shape.width], "fc2": [shape.width, inner]}
        norms = [*(f"{a}_layer_norm" for a in attentions), "final_layer_norm"]
        for at in (f"model.{stack}.layers.{number}" for number in range(layers)):
            for name, size in linear.items():
                wanted |= {f"{at}.{name}.weight": size, f"{at}.{name}.bias": size[:1]}
            wanted |= {f"{at}.{name}.{part}": [shape.width] for name in norms for part in ("weight", "bias")}
    return wanted


def _optional(shape: Architecture) -> dict[str, list[int]]:
    """Return the shapes of the tensors that some checkpoints have: copies of the embeddings, what can be computed."""
    copies = ("lm_head", "model.encoder.embed_tokens", "model.decoder.embed_tokens")
    return {
        _BIAS: [1, shape.vocabulary],
        **{f"{name}.weight": [shape.vocabulary, shape.width] for name in copies},
        **{f"model.{s}.embed_positions.weight": [shape.positions, shape.width] for s in ("encoder", "decoder")},
    }


def _count(header: Mapping[str, Any]) -> int:
    """Return the number of parameters, each counted once."""
    return sum(
        _product(entry["shape"])
        for name, entry in header.items()
        if name not in (_BIAS, "lm_head.weight") and "embed_" not in name
    )


def _product(shape: list[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product
