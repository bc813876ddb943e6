"""MPNet in 8-bit arithmetic: half the time of bfloat16 on processors that multiply bytes, the labels all but the same.

Weights are whole steps of a scale per output, activations whole steps of a scale per token, so that a token's numbers
do not hang on what else is read with it. Sums are exact, attention and norms are bfloat16. The windows of a batch
stand one behind the other without padding; attention looks at each alone.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

ROWS = 512
"""Tokens taken through a layer's matrices at once: what lies between the steps stays in the processor's cache."""
LARGEST = 126
"""Steps on either side of zero: one short of 127, which rounding in bfloat16 could pass."""
ZERO = 128
SMALLEST = 1e-6


def able(encoder: nn.Module) -> bool:
    """Whether this encoder can be read in 8 bits here."""
    config: Any = encoder.config
    known = config.model_type == "mpnet" and config.hidden_act == "gelu"
    return (
        known
        and hasattr(torch.ops.onednn, "qlinear_prepack")
        and "AVX" in torch.backends.cpu.get_cpu_capability()
    )


@dataclass(frozen=True, slots=True)
class _Linear:
    """A packed matrix of whole steps, the size of each output's step, and the bias."""

    weight: Any
    step: torch.Tensor
    zero: torch.Tensor
    bias: torch.Tensor

    def __call__(self, steps: torch.Tensor, size: torch.Tensor) -> torch.Tensor:
        found = torch.ops.onednn.qlinear_pointwise(
            steps, 1.0, ZERO, self.weight, self.step, self.zero, None, 1.0, 0, torch.bfloat16, "none", [], ""
        )
        return torch.addcmul(self.bias, found, size)


def _packed(weight: torch.Tensor, bias: torch.Tensor) -> _Linear:
    step = weight.abs().amax(1).clamp(min=SMALLEST) / 127
    whole = (weight / step[:, None]).round().to(torch.int8)
    return _Linear(
        torch.ops.onednn.qlinear_prepack(whole, None),
        step,
        torch.zeros(len(step), dtype=torch.int64),
        bias.to(torch.bfloat16),
    )


def _steps(states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Each token's states as whole steps around ``ZERO``, and the size of its step."""
    top = states.abs().amax(-1, keepdim=True).clamp_(min=SMALLEST)
    whole = (states * (LARGEST / top)).round_().to(torch.int8)
    return whole.view(torch.uint8) ^ ZERO, top / LARGEST


def _parts(states: torch.Tensor, sizes: int | list[int]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.split(states, sizes))


class _Layer:
    """One layer: attention and the two matrices after it."""

    def __init__(self, layer: Any) -> None:
        attention = layer.attention.attn
        self._heads = attention.num_attention_heads
        shrink = attention.attention_head_size**-0.5
        ways = (attention.q, attention.k, attention.v)
        shares = (shrink, 1.0, 1.0)
        self._in = _packed(
            torch.cat([w.weight * share for w, share in zip(ways, shares, strict=True)]),
            torch.cat([w.bias * share for w, share in zip(ways, shares, strict=True)]),
        )
        self._out = _packed(attention.o.weight, attention.o.bias)
        self._up = _packed(layer.intermediate.dense.weight, layer.intermediate.dense.bias)
        self._down = _packed(layer.output.dense.weight, layer.output.dense.bias)
        self._norms = [
            copy.deepcopy(norm).to(torch.bfloat16)
            for norm in (layer.attention.LayerNorm, layer.output.LayerNorm)
        ]

    def __call__(self, states: torch.Tensor, bias: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        seen = self._attention(states, bias, lengths)
        pairs = zip(_parts(states, ROWS), _parts(seen, ROWS), strict=True)
        return torch.cat([self._onward(before, told) for before, told in pairs])

    def _attention(self, states: torch.Tensor, bias: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        ways = torch.cat([self._in(*_steps(part)) for part in _parts(states, ROWS)])
        found = []
        for window in _parts(ways, list(lengths)):
            size = len(window)
            q, k, v = window.view(size, 3, self._heads, -1).permute(1, 2, 0, 3)
            scores = torch.baddbmm(bias[:, :size, :size], q, k.transpose(1, 2))
            found.append((scores.softmax(-1) @ v).transpose(0, 1).flatten(1))
        return torch.cat(found)

    def _onward(self, states: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        states = self._norms[0](self._out(*_steps(seen)) + states)
        wide = nn.functional.gelu(self._up(*_steps(states)))
        found: torch.Tensor = self._norms[1](self._down(*_steps(wide)) + states)
        return found


class EightBits:
    """An MPNet encoder, its matrices rounded to 8 bits."""

    def __init__(self, encoder: Any, longest: int) -> None:
        self._embeddings = copy.deepcopy(encoder.embeddings).to(torch.bfloat16).eval()
        with torch.inference_mode():
            self._layers = [_Layer(layer) for layer in encoder.encoder.layer]
            empty = torch.zeros(1, longest, encoder.config.hidden_size)
            self._bias = encoder.encoder.compute_position_bias(empty)[0].to(torch.bfloat16)

    @torch.inference_mode()
    def states(self, windows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, ...]:
        """The top layer's states of each window of token ids: (tokens, hidden), in bfloat16."""
        lengths = [len(window) for window in windows]
        states = torch.cat([self._embeddings(input_ids=torch.tensor([window]))[0] for window in windows])
        for layer in self._layers:
            states = layer(states, self._bias, lengths)
        return _parts(states, lengths)
