"""What was trained, in the form in which it is shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModel

from pipeline.extract.reader import DialogueNet

SAME = 1e-7
HEADS = ("head", "parts")
"""Small, and kept in full."""


def export(net: DialogueNet, base: Path, card: dict[str, Any], folder: Path, *, exact: bool = False) -> None:
    """Write ``reader.safetensors`` and ``reader.json``: only what differs from the base encoder.

    Of a matrix the change is kept, in steps of 4 bits by row; the head and all vectors in full. With ``exact`` the
    matrices too, to go on from in a later training.
    """
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    before = DialogueNet(
        AutoModel.from_pretrained(base, config=config, local_files_only=True), config.hidden_size
    )
    old = before.state_dict()
    tensors: dict[str, torch.Tensor] = {}
    for name, now in net.state_dict().items():
        if not name.startswith(HEADS) and (now - old[name]).abs().max() < SAME:
            continue
        if now.ndim == 2 and not exact and not name.startswith(HEADS):
            tensors |= _int4(name, now - old[name])
        else:
            tensors[name] = now.float().contiguous()
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / "reader.safetensors.new"
    save_file(tensors, beside)
    beside.replace(folder / "reader.safetensors")
    (folder / "reader.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _int4(name: str, change: torch.Tensor) -> dict[str, torch.Tensor]:
    """A change in whole steps from -7 to 7, two in a byte, and each row's step: the one that loses least."""
    largest = change.abs().amax(dim=1, keepdim=True).clamp(min=1e-12)
    best, least = largest, torch.full_like(largest, torch.inf)
    for share in (1.0, 0.8, 0.6, 0.45, 0.3):
        step = largest * share / 7
        lost = ((change / step).round().clamp(-7, 7) * step - change).square().sum(dim=1, keepdim=True)
        best, least = torch.where(lost < least, step, best), torch.minimum(lost, least)
    steps = ((change / best).round().clamp(-7, 7) + 8).to(torch.uint8)
    return {f"{name}.int4": steps[:, 0::2] * 16 + steps[:, 1::2], f"{name}.step": best.float()}
