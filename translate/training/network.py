"""The Marian network for training: Hugging Face's parameter names, without what training does not need."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from translate.training.presets import Shape

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "swish": functional.silu,
    "silu": functional.silu,
    "gelu": functional.gelu,
}


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al. 2017); input and output are (rows, length, d_model)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.v_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        """Return (rows, length, d_model) as (rows, heads, length, d_model / heads)."""
        return x.view(x.size(0), x.size(1), self.heads, -1).transpose(1, 2)

    def merge(self, x: Tensor) -> Tensor:
        """Return the output of the heads, joined and projected."""
        return self.out_proj(x.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]

    def own(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values of ``x``, by one product instead of three."""
        parts = (self.q_proj, self.k_proj, self.v_proj)
        weight, bias = torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts])
        q, k, v = functional.linear(x, weight, bias).chunk(3, -1)
        return self.split(q), self.split(k), self.split(v)

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of ``x``."""
        weight = torch.cat([self.k_proj.weight, self.v_proj.weight])
        k, v = functional.linear(x, weight, torch.cat([self.k_proj.bias, self.v_proj.bias])).chunk(2, -1)
        return self.split(k), self.split(v)


class Norm(nn.LayerNorm):
    """The norm after a residual sum, as narrow as what was added.

    Autocast leaves norms in fp32, and with them the residual stream: twice the memory traffic, for nothing.
    """

    def forward(self, x: Tensor, change: Tensor) -> Tensor:  # type: ignore[override]
        """Return the norm of ``x + change``, both (rows, length, d_model); computed in fp32 under autocast."""
        return super().forward(x + change).to(change.dtype)


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each followed by a residual sum and a norm (post-norm)."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.self_attn = Attention(shape.d_model, shape.heads)
        self.self_attn_layer_norm = Norm(shape.d_model)
        self.fc1, self.fc2 = nn.Linear(shape.d_model, shape.ffn), nn.Linear(shape.ffn, shape.d_model)
        self.final_layer_norm = Norm(shape.d_model)
        self.dropout, self.activation = nn.Dropout(dropout), _ACTIVATIONS[shape.activation]

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the layer's output; ``mask`` is true where a position may be looked at."""
        q, k, v = self.self_attn.own(x)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.self_attn_layer_norm(x, self.dropout(self.self_attn.merge(seen)))
        return self.final_layer_norm(x, self.dropout(self.fc2(self.activation(self.fc1(x)))))  # type: ignore[no-any-return]


@dataclass
class Cache:
    """What one decoder layer remembers of a sentence being decoded; ``own`` grows by a position a step."""

    cross: tuple[Tensor, Tensor]
    own: tuple[Tensor, Tensor] | None = None

    def reorder(self, rows: Tensor) -> None:
        """Keep these rows of the growing memory, in this order."""
        if self.own is not None:
            self.own = (self.own[0][rows], self.own[1][rows])

    def keep(self, rows: Tensor) -> None:
        """Keep these rows of all memory: finished sentences leave the batch."""
        self.reorder(rows)
        self.cross = (self.cross[0][rows], self.cross[1][rows])


class DecoderLayer(nn.Module):
    """Causal self-attention, attention to the source, and feed-forward, post-norm."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.self_attn = Attention(shape.d_model, shape.heads)
        self.self_attn_layer_norm = Norm(shape.d_model)
        self.encoder_attn = Attention(shape.d_model, shape.heads)
        self.encoder_attn_layer_norm = Norm(shape.d_model)
        self.fc1, self.fc2 = nn.Linear(shape.d_model, shape.ffn), nn.Linear(shape.ffn, shape.d_model)
        self.final_layer_norm = Norm(shape.d_model)
        self.dropout, self.activation = nn.Dropout(dropout), _ACTIVATIONS[shape.activation]

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor, guided: bool) -> tuple[Tensor, Tensor | None]:
        """Return the output, and with ``guided`` the mean attention (rows, target, source) to ``memory``."""
        q, k, v = self.self_attn.own(x)
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = self.self_attn_layer_norm(x, self.dropout(self.self_attn.merge(seen)))
        q = self.encoder_attn.split(self.encoder_attn.q_proj(x))
        k, v = self.encoder_attn.memory(memory)
        looks: Tensor | None = None
        if guided:
            scores = (q @ k.transpose(2, 3)) * q.size(-1) ** -0.5
            weights = scores.float().masked_fill(~mask, float("-inf")).softmax(-1)
            looks, seen = weights.mean(1), weights.to(v.dtype) @ v
        else:
            seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self._rest(x, seen), looks

    def step(self, x: Tensor, cache: Cache, mask: Tensor) -> Tensor:
        """Return the output for one more position of each row, (rows, 1, d_model)."""
        q, k, v = self.self_attn.own(x)
        if cache.own is not None:
            k, v = torch.cat([cache.own[0], k], 2), torch.cat([cache.own[1], v], 2)
        cache.own = (k, v)
        seen = functional.scaled_dot_product_attention(q, k, v)
        x = self.self_attn_layer_norm(x, self.self_attn.merge(seen))
        q = self.encoder_attn.split(self.encoder_attn.q_proj(x))
        return self._rest(x, functional.scaled_dot_product_attention(q, *cache.cross, attn_mask=mask))

    def _rest(self, x: Tensor, seen: Tensor) -> Tensor:
        x = self.encoder_attn_layer_norm(x, self.dropout(self.encoder_attn.merge(seen)))
        return self.final_layer_norm(x, self.dropout(self.fc2(self.activation(self.fc1(x)))))  # type: ignore[no-any-return]


class _Encoder(nn.Module):
    """The encoder's layers, under Hugging Face's name."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(shape, dropout) for _ in range(shape.encoder_layers))


class _Decoder(nn.Module):
    """The decoder's layers, under Hugging Face's name."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(shape, dropout) for _ in range(shape.decoder_layers))


class _Body(nn.Module):
    """Embedding, encoder and decoder, under Hugging Face's names."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.shared = nn.Embedding(shape.vocabulary, shape.d_model)
        self.encoder = _Encoder(shape, dropout)
        self.decoder = _Decoder(shape, dropout)


class MarianNetwork(nn.Module):
    """A Marian network whose parameters bear the names of ``transformers.MarianMTModel``'s.

    ``state_dict`` holds the parameters and ``final_logits_bias``, which is never trained; the sinusoidal
    positions are computed. Ids are int64 of shape (rows, length), closed by the end of sentence and padded.
    """

    final_logits_bias: Tensor
    positions: Tensor

    def __init__(self, shape: Shape, padding: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape, self.padding = shape, padding
        self.model = _Body(shape, dropout)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("final_logits_bias", torch.zeros(1, shape.vocabulary))
        self.register_buffer("positions", sinusoids(shape.positions, shape.d_model), persistent=False)
        self.scale = math.sqrt(shape.d_model) if shape.scale_embedding else 1.0

    def initialise(self, generator: torch.Generator) -> None:
        """Set fresh weights: Glorot for matrices, d^-0.5 for the embedding, zero for biases."""
        for name, parameter in self.named_parameters():
            if name == "model.shared.weight":
                nn.init.normal_(parameter, std=self.shape.d_model**-0.5, generator=generator)
            elif parameter.ndim == 2:
                nn.init.xavier_uniform_(parameter, generator=generator)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def embed(self, ids: Tensor, start: int = 0) -> Tensor:
        """Return the embeddings of ids that stand at position ``start`` and after."""
        places = self.positions[start : start + ids.size(1)]
        return self.dropout(functional.embedding(ids, self.model.shared.weight) * self.scale + places)  # type: ignore[no-any-return]

    @property
    def decoder_layers(self) -> list[DecoderLayer]:
        """The layers of the decoder, first to last."""
        return [layer for layer in self.model.decoder.layers if isinstance(layer, DecoderLayer)]

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the encoder's output and the mask (rows, 1, 1, length) of what may be looked at."""
        mask = (source != self.padding)[:, None, None, :]
        x = self.embed(source)
        for layer in self.model.encoder.layers:
            x = layer(x, mask)
        return x, mask

    def forward(self, source: Tensor, shifted: Tensor, guided: bool = False) -> tuple[Tensor, Tensor | None]:
        """Return the decoder's output (rows, length, d_model); the last layer's attention if ``guided``."""
        memory, mask = self.encode(source)
        x, looks = self.embed(shifted), None
        layers = self.decoder_layers
        for number, layer in enumerate(layers):
            x, looks = layer(x, memory, mask, guided and number == len(layers) - 1)
        return x, looks

    def logits(self, hidden: Tensor) -> Tensor:
        """Return the scores of all pieces for each position; padding can never be chosen in decoding."""
        return functional.linear(hidden, self.model.shared.weight, self.final_logits_bias[0])

    def learnt_scores(self, hidden: Tensor, candidates: Tensor | None = None) -> Tensor:
        """Return the scores, in fp32, of these ids or of all that can be wanted.

        All: padding, where it is the last id, is left out. The vocabulary's size is then a round number, as a
        rule, as tensor cores want it.
        """
        kept: Tensor | slice = slice(self.shape.vocabulary - (self.padding == self.shape.vocabulary - 1))
        if candidates is not None:
            kept = candidates
        return functional.linear(hidden, self.model.shared.weight[kept], self.final_logits_bias[0, kept]).float()


def sinusoids(positions: int, width: int) -> Tensor:
    """Return Marian's positions: sines in the first half of the columns, cosines in the second."""
    steps = torch.arange(positions, dtype=torch.float64)[:, None]
    rates = 10_000.0 ** (-2.0 * torch.arange((width + 1) // 2, dtype=torch.float64) / width)
    angles = steps * rates[None, :]
    return torch.cat([angles.sin(), angles.cos()[:, : width // 2]], 1).float()


@dataclass(frozen=True)
class Batch:
    """Pairs as tensors: source and target ids (rows, length), and links or None.

    ``target`` holds -100 beyond the end of sentence; ``shifted`` is what the decoder reads.
    """

    source: Tensor
    shifted: Tensor
    target: Tensor
    links: Tensor | None
    tokens: int


@dataclass(frozen=True)
class Objective:
    """What is minimised in one step.

    ``candidates``, sorted ids that include all of the batch's target pieces, stand for the whole vocabulary
    in the softmax; it saves a third of a step on a CPU. ``guide`` weighs guided alignment (Chen et al.
    2016).
    """

    label_smoothing: float = 0.0
    guide: float = 0.0
    #: The share of the teacher's probabilities in the loss, where there is a teacher.
    teacher: float = 0.0
    #: Whether shapes must not depend on the data, as a compiled network wants: padding is scored, and
    #: ignored.
    static: bool = False


def training_loss(
    network: MarianNetwork,
    batch: Batch,
    objective: Objective,
    candidates: Tensor | None,
    teacher: MarianNetwork | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return (what to minimise, mean cross-entropy of target pieces, mean cross-entropy of alignment).

    With a teacher, a share of the loss is the divergence of the network's probabilities from its own, at
    every piece (word-level distillation; Kim and Rush 2016, Sequence-Level Knowledge Distillation).
    """
    guided = batch.links is not None and objective.guide > 0
    hidden, looks = network(batch.source, batch.shifted, guided)
    wanted = batch.target.flatten()
    hidden = hidden.flatten(0, 1)
    real = wanted != -100
    if not objective.static:
        hidden, wanted = hidden[real], wanted[real]
    scores = network.learnt_scores(hidden, candidates)
    if candidates is not None:
        wanted = torch.where(wanted == -100, wanted, torch.searchsorted(candidates, wanted))
    loss = functional.cross_entropy(scores, wanted, ignore_index=-100, label_smoothing=objective.label_smoothing)
    total = loss
    if teacher is not None:
        with torch.no_grad():
            taught = teacher(batch.source, batch.shifted)[0].flatten(0, 1)
            taught = teacher.learnt_scores(taught if objective.static else taught[real], candidates)
        total = torch.lerp(loss, _divergence(scores, taught, wanted != -100), objective.teacher)
    guide = loss.new_zeros(())
    if guided and batch.links is not None and looks is not None:
        guide = _guide_loss(looks, batch.links)
    return total + objective.guide * guide, loss.detach(), guide.detach()


def _divergence(scores: Tensor, taught: Tensor, counted: Tensor) -> Tensor:
    """Return the mean Kullback-Leibler divergence from the teacher's probabilities, in nats a piece."""
    wanted, ours = taught.log_softmax(-1), scores.log_softmax(-1)
    apart = functional.kl_div(ours, wanted, reduction="none", log_target=True).sum(-1)
    return (apart * counted).sum() / counted.sum().clamp(min=1)


def _guide_loss(looks: Tensor, links: Tensor) -> Tensor:
    linked = links < looks.size(2)
    weight = looks.gather(2, links.clamp(max=looks.size(2) - 1)[:, :, None])[..., 0]
    total = -((weight + 1e-6).log() * linked).sum()
    return total / linked.sum().clamp(min=1)
