"""Muon for the hidden matrices and AdamW for the rest, and the learning rate over a training's budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

#: The quintic Newton-Schulz iteration of Jordan et al. 2024, its coefficients and its five terms.
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ITERATIONS = 5

#: The learning rate never falls below this share of its height, so that the last steps still move.
_FLOOR = 0.01


class Muon:
    """Momentum, orthogonalised (Jordan et al. 2024); all matrices of one shape in one batched product.

    fp32 on a CPU, where bf16 products are slow; bf16 on CUDA.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], momentum: float = 0.95) -> None:
        self._parameters = list(parameters)
        self._momentum = momentum
        self._buffers = [torch.zeros_like(p) for p in self._parameters]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move every matrix by ``rate`` times its orthogonalised momentum (Nesterov's)."""
        shapes: dict[tuple[int, int], list[tuple[nn.Parameter, Tensor, bool]]] = {}
        for parameter, buffer in zip(self._parameters, self._buffers, strict=True):
            if parameter.grad is None:
                continue
            buffer.lerp_(parameter.grad, 1 - self._momentum)
            update = parameter.grad.lerp(buffer, self._momentum)
            tall = parameter.size(0) > parameter.size(1)
            update = update.T if tall else update
            shapes.setdefault((update.size(0), update.size(1)), []).append((parameter, update, tall))
        for group in shapes.values():
            whole = orthogonalise(torch.stack([update for _, update, _ in group]))
            for (parameter, _, tall), update in zip(group, whole, strict=True):
                height = max(1.0, parameter.size(0) / parameter.size(1)) ** 0.5
                parameter.add_((update.T if tall else update).to(parameter.dtype), alpha=-rate * height)

    def state_dict(self) -> dict[str, Any]:
        """Return the momentum of each matrix, in the order given."""
        return {"buffers": self._buffers}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over saved momentum; raises ValueError where the matrices are others."""
        if [b.shape for b in state["buffers"]] != [b.shape for b in self._buffers]:
            raise ValueError("the optimiser was saved for a network of another shape")
        for buffer, saved in zip(self._buffers, state["buffers"], strict=True):
            buffer.copy_(saved)


def orthogonalise(matrices: Tensor) -> Tensor:
    """Return (count, rows, columns) matrices, rows <= columns, with singular values near 1 (0.7 to 1.2)."""
    x = matrices.bfloat16() if matrices.is_cuda else matrices
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(_ITERATIONS):
        a = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=_B, alpha=_C), x, beta=_A)
    return x


class Optimiser:
    """Both optimisers of a network, as one."""

    def __init__(self, network: nn.Module, *, muon: bool, rate: float, matrix_rate: float) -> None:
        named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
        matrices = [p for name, p in named if p.ndim == 2 and "shared" not in name] if muon else []
        chosen = {id(p) for p in matrices}
        self._others = [p for _, p in named if id(p) not in chosen]
        self._muon = Muon(matrices)
        # betas of Vaswani et al. 2017; no decay: the corpora are large for the networks.
        self._adam = torch.optim.AdamW(self._others, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self._rate, self._matrix_rate = rate, matrix_rate

    def step(self, scale: float) -> None:
        """Update all weights at ``scale`` times the learning rates, and forget the gradients.

        Gradients of what AdamW trains are clipped to norm 1; Muon's updates have a fixed norm of their own.
        """
        torch.nn.utils.clip_grad_norm_(self._others, 1.0)
        for group in self._adam.param_groups:
            group["lr"] = self._rate * scale
        self._muon.step(self._matrix_rate * scale)
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)
        for parameter in self._muon._parameters:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return the state of both."""
        return {"muon": self._muon.state_dict(), "adam": self._adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over a saved state."""
        self._muon.load_state_dict(state["muon"])
        self._adam.load_state_dict(state["adam"])


def rate_scale(progress: float, step: int, *, warmup: int, decay_from: float) -> float:
    """Return the learning rate's share of its height: it rises over ``warmup`` steps, holds and falls.

    ``progress`` is the share of the budget used, 0 to 1; ``step`` counts from 0.
    """
    rise = min(1.0, (step + 1) / max(1, warmup))
    if progress < decay_from or decay_from >= 1:
        return rise
    return rise * max(_FLOOR, (1 - progress) / (1 - decay_from))
