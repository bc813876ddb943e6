"""The reader: an encoder that reads a dialogue window at once and scores each sentence from its own tokens.

The encoder's lower layers and embeddings are those of a pinned package; what was trained (upper layers, or low-rank
changes to them, and the heads) is shipped in ``models/dialogue``. Everything runs on one thread, in windows batched
within one transcript only, so that a score does not depend on what else is read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.utils import logging

from pipeline.errors import ModelError
from pipeline.extract.sentences import Sentence
from pipeline.extract.windows import MARKS, Vocabulary, Window, weight, windows
from pipeline.records import LABELS, TIMELINE
from pipeline.resources import checked

Scores = npt.NDArray[np.float32]
DIMENSIONS = ("functional", "emotional", "social")
KINDS = ("goal", "hazard", "problem")
OUTPUTS = len(LABELS) + 1 + len(TIMELINE) + 2 + len(DIMENSIONS) + len(KINDS)
"""Labels, any label at all, stages, holder (self, other), dimensions, outcome kinds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a dialogue: one row per sentence, logits."""

    labels: Scores
    stage: Scores
    holder: Scores
    dimension: Scores
    kind: Scores


class DialogueNet(nn.Module):
    """Encoder, and a linear head over each sentence's mean and first-token states."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * hidden, OUTPUTS)

    def pool(
        self, ids: torch.Tensor, attention: torch.Tensor, segments: torch.Tensor, count: int
    ) -> torch.Tensor:
        """Each sentence's mean and first-token states: (windows, ``count`` sentences, 2 x hidden)."""
        return pooled(
            self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state, segments, count
        )

    def forward(self, ids: torch.Tensor, attention: torch.Tensor, segments: torch.Tensor, count: int) -> Any:
        """Logits of shape (windows, ``count`` sentences, OUTPUTS)."""
        return self.head(self.drop(self.pool(ids, attention, segments, count)))


def pooled(states: torch.Tensor, segments: torch.Tensor, count: int) -> torch.Tensor:
    """Token states by sentence: mean and first-token state, (windows, ``count`` sentences, 2 x hidden)."""
    shape = (states.shape[0], count + 1, states.shape[1])
    member = torch.zeros(shape, dtype=states.dtype, device=states.device)
    member = member.scatter_(1, segments.unsqueeze(1), 1.0)[:, 1:]
    mean = (member @ states) / member.sum(-1, keepdim=True).clamp(min=1)
    first = member.argmax(-1).unsqueeze(-1).expand(-1, -1, states.shape[-1])
    return torch.cat([mean, states.gather(1, first)], dim=-1).float()


def vocabulary(tokenizer: Any) -> Vocabulary:
    """The special tokens of an encoder; its unused ones serve as marks."""
    known = tokenizer.get_vocab()
    marks = tuple(known[f"[unused{i}]"] for i in range(1, MARKS + 1))
    return Vocabulary(tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id, marks)


def collate(batch: Sequence[Window], padding: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, int]:
    """Token ids, attention and segments of equal length, and the most sentences in one window."""
    length = max(len(window.tokens) for window in batch)
    ids = torch.full((len(batch), length), padding)
    attention = torch.zeros(len(batch), length, dtype=torch.long)
    segments = torch.zeros(len(batch), length, dtype=torch.long)
    for row, window in enumerate(batch):
        end = len(window.tokens)
        ids[row, :end] = torch.tensor(window.tokens)
        attention[row, :end] = 1
        segments[row, :end] = torch.tensor(window.segments)
    return ids, attention, segments, max(len(window.sentences) for window in batch)


class Reader:
    """A trained dialogue reader.

    Raises:
        ModelError: its folder is incomplete, or its encoder's package is not the pinned one.
    """

    def __init__(self, folder: Path, *, overlap: float, batch_windows: int = 8) -> None:
        torch.set_num_threads(1)
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # progress is told by events
        try:
            self.card = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            trained = load_file(folder / "reader.safetensors")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the reader in {folder}: {error}", "Reinstall whyswitch, or `make train`."
            ) from error
        base = checked(self.card["encoder"])
        self._tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
        self._vocabulary = vocabulary(self._tokenizer)
        self._net = assemble(base, trained).eval().to(torch.bfloat16)
        self._net.head.float()
        self._batch = batch_windows
        self._overlap = overlap
        self._length = int(self.card["window_tokens"])

    def read(self, dialogue: Sequence[Sentence]) -> Reading:
        """Logits for every sentence of a dialogue, each the weighted mean over the windows it is in."""
        pieces = self._pieces(dialogue)
        total = np.zeros((len(dialogue), OUTPUTS), dtype=np.float64)
        mass = np.zeros((len(dialogue), 1), dtype=np.float64)
        found = windows(dialogue, pieces, self._vocabulary, self._length, self._overlap)
        for start in range(0, len(found), self._batch):
            batch = found[start : start + self._batch]
            for window, row in zip(batch, self._logits(batch), strict=True):
                count = len(window.sentences)
                for position, i in enumerate(window.sentences):
                    total[i] += weight(position, count) * row[position]
                    mass[i] += weight(position, count)
        return split(total / np.maximum(mass, 1))

    def _pieces(self, dialogue: Sequence[Sentence]) -> list[list[int]]:
        if not dialogue:
            return []
        texts = [sentence.text for sentence in dialogue]
        return list(self._tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"])

    @torch.inference_mode()
    def _logits(self, batch: Sequence[Window]) -> npt.NDArray[np.float64]:
        ids, attention, segments, count = collate(batch, self._vocabulary.padding)
        return np.asarray(self._net(ids, attention, segments, count).numpy(), dtype=np.float64)


def assemble(base: Path, trained: dict[str, torch.Tensor]) -> DialogueNet:
    """The network: the base encoder, what was trained laid over it.

    A trained tensor replaces the one of its name; a pair ``NAME.down``, ``NAME.up`` is added to it as a product; a pair
    ``NAME.int8``, ``NAME.scale`` replaces it row-wise dequantised.
    """
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    encoder = AutoModel.from_pretrained(base, config=config, local_files_only=True)
    net = DialogueNet(encoder, config.hidden_size)
    state = net.state_dict()
    for name, tensor in trained.items():
        target, _, kind = name.rpartition(".")
        if kind == "up":
            state[target] = state[target] + tensor.float() @ trained[target + ".down"].float()
        elif kind == "int8":
            state[target] = tensor.float() * trained[target + ".scale"].float()
        elif kind not in ("down", "scale"):
            state[name] = tensor.float()
    net.load_state_dict(state)
    return net


def split(logits: npt.NDArray[np.float64]) -> Reading:
    """The columns by what they score."""
    table = logits.astype(np.float32)
    ends = np.cumsum([len(LABELS), 1, len(TIMELINE), 2, len(DIMENSIONS), len(KINDS)])
    return Reading(
        labels=table[:, : ends[0]],
        stage=table[:, ends[1] : ends[2]],
        holder=table[:, ends[2] : ends[3]],
        dimension=table[:, ends[3] : ends[4]],
        kind=table[:, ends[4] : ends[5]],
    )
