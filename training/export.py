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


def export(net: DialogueNet, base: Path, card: dict[str, Any], folder: Path) -> None:
    """Write ``reader.safetensors`` and ``reader.json``: only what differs from the base encoder, matrices as int8."""
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    before = DialogueNet(
        AutoModel.from_pretrained(base, config=config, local_files_only=True), config.hidden_size
    )
    old = before.state_dict()
    tensors: dict[str, torch.Tensor] = {}
    for name, now in net.state_dict().items():
        if not name.startswith("head") and (now - old[name]).abs().max() < SAME:
            continue
        if now.ndim == 2 and not name.startswith("head"):
            tensors |= _int8(name, now)
        else:
            tensors[name] = now.float().contiguous()
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / "reader.safetensors.new"
    save_file(tensors, beside)
    beside.replace(folder / "reader.safetensors")
    (folder / "reader.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _int8(name: str, matrix: torch.Tensor) -> dict[str, torch.Tensor]:
    scale = matrix.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
    return {f"{name}.int8": torch.round(matrix / scale).to(torch.int8), f"{name}.scale": scale.float()}
