"""Beam search on the network in training, for scores along the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from translate.training.network import Cache, MarianNetwork


@dataclass(frozen=True)
class Ids:
    """The special ids of a vocabulary."""

    end: int
    padding: int


@torch.inference_mode()
def decode(
    network: MarianNetwork, sources: Sequence[Sequence[int]], ids: Ids, *, beam: int, batch_tokens: int = 4096
) -> list[list[int]]:
    """Return the best translation of each source, as ids without the end of sentence.

    The score is the mean log-probability of a hypothesis, end included, as in Hugging Face's search with a
    length penalty of 1; decoding ends where all beams of a sentence have ended, or at 2 n + 10 pieces for n
    of source. Sources beyond the network's positions are cut: only scores are made of these translations,
    never documents.
    """
    limit = network.shape.positions - 1
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    results: list[list[int]] = [[] for _ in sources]
    training = network.training
    network.eval()
    start = 0
    while start < len(order):
        size = 1
        while start + size < len(order) and (size + 1) * (len(sources[order[start + size]]) + 1) * beam <= batch_tokens:
            size += 1
        chosen = order[start : start + size]
        for index, best in zip(chosen, _search(network, [sources[i][:limit] for i in chosen], ids, beam), strict=True):
            results[index] = best
        start += size
    network.train(training)
    return results


def _search(network: MarianNetwork, sources: list[Sequence[int]], ids: Ids, beam: int) -> list[list[int]]:
    device = network.final_logits_bias.device
    width = max(len(s) for s in sources) + 1
    rows = [[*s, ids.end] + [ids.padding] * (width - len(s) - 1) for s in sources]
    memory, mask = network.encode(torch.tensor(rows, device=device))
    memory, mask = memory.repeat_interleave(beam, 0), mask.repeat_interleave(beam, 0)
    caches = [Cache(layer.encoder_attn.memory(memory)) for layer in network.decoder_layers]
    scores = torch.full((len(sources), beam), float("-inf"), device=device)
    scores[:, 0] = 0.0
    written = torch.full((len(sources) * beam, 1), ids.padding, dtype=torch.long, device=device)
    best: list[tuple[float, list[int]]] = [(float("-inf"), []) for _ in sources]
    for place in range(min(network.shape.positions - 1, 2 * width + 10)):
        steps = _step(network, written[:, -1:], place, caches, mask, ids)
        scores, origin, piece = _extend(scores, steps, beam)
        written = torch.cat([written[origin], piece[:, None]], 1)
        for cache in caches:
            cache.reorder(origin)
        _collect(written, scores, best, ids, place + 1)
        if not bool((scores / (place + 1) > torch.tensor([b for b, _ in best], device=device)[:, None]).any()):
            break
    for number, (score, _) in enumerate(best):
        if score == float("-inf"):
            best[number] = (score, written[number * beam, 1:].tolist())
    return [text for _, text in best]


def _step(network: MarianNetwork, last: Tensor, place: int, caches: list[Cache], mask: Tensor, ids: Ids) -> Tensor:
    x = network.embed(last, place)
    for layer, cache in zip(network.decoder_layers, caches, strict=True):
        x = layer.step(x, cache, mask)
    logits = network.logits(x[:, 0]).float()
    logits[:, ids.padding] = float("-inf")
    return logits.log_softmax(-1)


def _extend(scores: Tensor, steps: Tensor, beam: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return the best continuations of each sentence: scores, the rows they come from, their pieces."""
    size = steps.size(-1)
    total = (scores.flatten()[:, None] + steps).view(scores.size(0), -1)
    top, where = total.topk(beam, -1)
    origin = where // size + torch.arange(scores.size(0), device=scores.device)[:, None] * beam
    return top, origin.flatten(), (where % size).flatten()


def _collect(written: Tensor, scores: Tensor, best: list[tuple[float, list[int]]], ids: Ids, length: int) -> None:
    """Move hypotheses that have just ended out of the beam, keeping the best of each sentence."""
    beam = scores.size(1)
    for row in (written[:, -1] == ids.end).nonzero()[:, 0].tolist():
        sentence, slot = divmod(row, beam)
        score = float(scores[sentence, slot]) / length
        if score > best[sentence][0]:
            best[sentence] = (score, written[row, 1:-1].tolist())
        scores[sentence, slot] = float("-inf")
