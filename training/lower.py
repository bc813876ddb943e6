"""The lower layers' states, computed once: they are not trained, so every epoch would find the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import torch
from transformers.masking_utils import create_bidirectional_mask

from pipeline.extract.reader import DialogueNet, collate
from training.examples import Batch

TOKEN_LOSS = 0.05
"""Share of word pieces hidden from the encoder, so that it cannot learn sentences by heart."""


class Lower:
    """The first ``count`` layers of a network's encoder, and the way up from their states."""

    def __init__(self, net: DialogueNet, count: int) -> None:
        self._encoder: Any = net.encoder
        self._count = count

    @torch.no_grad()
    def states(self, found: Sequence[Any], marks: Any, options: Any) -> list[tuple[Any, Any, torch.Tensor]]:
        """(document, window, states (tokens, hidden) in bfloat16) for each window."""
        self._encoder.eval()
        done: list[tuple[Any, Any, torch.Tensor]] = []
        order = sorted(found, key=lambda pair: len(pair[1].tokens))
        for start in range(0, len(order), 16):
            part = order[start : start + 16]
            ids, attention, segments, _ = collate([window for _, window in part], marks.padding)
            hide = (torch.rand(ids.shape) < TOKEN_LOSS) & (segments > 0) & (ids > max(marks.marks))
            ids = ids.masked_fill(hide, options.hidden_token)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = self._encoder.embeddings(input_ids=ids)
                states = self._through(states, attention, 0, self._count)
            for row, (doc, window) in enumerate(part):
                done.append((doc, window, states[row, : len(window.tokens)].to(torch.bfloat16).clone()))
        random.Random(0).shuffle(done)
        return done

    def upwards(self, parts: Sequence[torch.Tensor], batch: Batch) -> torch.Tensor:
        """The top layer's states for a batch of kept ones."""
        states = torch.zeros(*batch.ids.shape, parts[0].shape[1])
        for row, part in enumerate(parts):
            states[row, : len(part)] = part.float()
        return self._through(states, batch.attention, self._count, len(self._encoder.encoder.layer))

    def _through(self, states: torch.Tensor, attention: torch.Tensor, first: int, last: int) -> torch.Tensor:
        mask = create_bidirectional_mask(
            config=self._encoder.config, inputs_embeds=states, attention_mask=attention
        )
        stack = self._encoder.encoder
        bias = stack.compute_position_bias(states) if hasattr(stack, "compute_position_bias") else None
        for layer in list(stack.layer)[first:last]:
            given = (states, mask) if bias is None else (states, mask, bias)
            found = layer(*given)
            states = found[0] if isinstance(found, tuple) else found
        return states
