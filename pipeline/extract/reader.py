"""The reader: an encoder that reads a dialogue window at once and scores each sentence from its own tokens.

The encoder's lower layers and embeddings are those of a pinned package; what was trained (upper layers, or low-rank
changes to them, and the heads) is shipped in ``models/dialogue``. Everything runs on one thread, in windows batched
within one transcript only, so that a score does not depend on what else is read.
"""

from __future__ import annotations

import copy
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

from pipeline.eight_bits import EightBits, able
from pipeline.errors import ModelError
from pipeline.extract.neighbours import Neighbours
from pipeline.extract.pieces import PARTS, Pieces
from pipeline.extract.sentences import Sentence
from pipeline.extract.windows import LONGEST_SENTENCE, MARKS, Vocabulary, Window, weight, windows
from pipeline.records import LABELS, TIMELINE
from pipeline.resources import checked, device

Scores = npt.NDArray[np.float32]
Table = npt.NDArray[np.float64]
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
    states: Scores
    """The sentence as the reader sees it, in the directions in which examples are compared."""
    parts: tuple[Pieces, ...]
    """Per sentence, what each of its word pieces would be in the switch, if it named a thing."""


class DialogueNet(nn.Module):
    """Encoder, a linear head over each sentence's mean and first-token states, and one over each word piece's state."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * hidden, OUTPUTS)
        self.parts = nn.Linear(hidden, len(PARTS))
        nn.init.zeros_(self.parts.weight)
        nn.init.zeros_(self.parts.bias)

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
        self._batch = batch_windows
        self._overlap = overlap
        self._length = int(self.card["window_tokens"])
        self._device = device()
        net = assemble(base, trained).eval()
        self._quick = None
        if self._device == "cpu" and able(net.encoder):
            self._quick = EightBits(net.encoder, self._length)
            net.encoder = nn.Identity()
        self._net = net.to(self._device, torch.bfloat16)
        self._head = copy.deepcopy(self._net.head).float().cpu()
        self._parts = copy.deepcopy(self._net.parts).float().cpu()
        self.neighbours = Neighbours(folder)
        self._directions = torch.from_numpy(self.neighbours.directions)
        self._middle = torch.from_numpy(self.neighbours.middle @ self.neighbours.directions)

    def read(self, dialogue: Sequence[Sentence]) -> Reading:
        """Logits for every sentence of a dialogue, each the weighted mean over the windows it is in."""
        total = np.zeros((len(dialogue), OUTPUTS + len(self._middle)), dtype=np.float64)
        mass = np.zeros((len(dialogue), 1), dtype=np.float64)
        pieces, places = self._pieces(dialogue)
        parts = [np.zeros((min(len(p), LONGEST_SENTENCE), len(PARTS))) for p in pieces]
        found = windows(dialogue, pieces, self._vocabulary, self._length, self._overlap)
        for start in range(0, len(found), self._batch):
            batch = found[start : start + self._batch]
            for window, (rows, tokens) in zip(batch, self._told(batch), strict=True):
                count, segments = len(window.sentences), np.array(window.segments)
                for position, i in enumerate(window.sentences):
                    share = weight(position, count)
                    total[i] += share * rows[position]
                    parts[i] += share * tokens[segments == position + 1][1:]
                    mass[i] += share
        mass = np.maximum(mass, 1)
        named = tuple(
            Pieces(place, (part / share).astype(np.float32))
            for place, part, share in zip(places, parts, mass, strict=True)
        )
        return split(total / mass, named)

    def windows(self, dialogue: Sequence[Sentence]) -> list[Window]:
        """The dialogue as it is read."""
        return windows(dialogue, self._pieces(dialogue)[0], self._vocabulary, self._length, self._overlap)

    def _pieces(self, dialogue: Sequence[Sentence]) -> tuple[list[list[int]], list[npt.NDArray[np.int32]]]:
        """The word pieces of each sentence, and where those that are read start and end."""
        if not dialogue:
            return [], []
        texts = [sentence.text for sentence in dialogue]
        cut = self._tokenizer(texts, add_special_tokens=False, verbose=False, return_offsets_mapping=True)
        places = [
            np.array(of[:LONGEST_SENTENCE], dtype=np.int32).reshape(-1, 2) for of in cut["offset_mapping"]
        ]
        return list(cut["input_ids"]), places

    def states(self, batch: Sequence[Window]) -> list[torch.Tensor]:
        """Of each window, the pooled state of each of its sentences: (sentences, 2 x hidden)."""
        found = zip(self._tokens(batch), batch, strict=True)
        return [_sentences(tokens, window) for tokens, window in found]

    def _tokens(self, batch: Sequence[Window]) -> list[torch.Tensor]:
        """Of each window, the state of each of its tokens: (tokens, hidden)."""
        if self._quick:
            return [states.float() for states in self._quick.states([window.tokens for window in batch])]
        ids, attention, _, _ = collate(batch, self._vocabulary.padding)
        rows = self._net.encoder(
            input_ids=ids.to(self._device), attention_mask=attention.to(self._device)
        ).last_hidden_state
        return [row[: len(window.tokens)].float().cpu() for row, window in zip(rows, batch, strict=True)]

    @torch.inference_mode()
    def _told(self, batch: Sequence[Window]) -> list[tuple[Table, Table]]:
        """Of each window: a row a sentence, logits and state in the examples' directions; a row a token."""
        found = []
        for tokens, window in zip(self._tokens(batch), batch, strict=True):
            states = _sentences(tokens, window)
            logits = self._head(states)
            if len(self._middle):
                logits = torch.cat([logits, states @ self._directions - self._middle], dim=1)
            found.append((_table(logits), _table(self._parts(tokens))))
        return found


def _sentences(tokens: torch.Tensor, window: Window) -> torch.Tensor:
    return pooled(tokens[None], torch.tensor([window.segments]), len(window.sentences))[0]


def _table(tensor: torch.Tensor) -> Table:
    return np.asarray(tensor.numpy(), dtype=np.float64)


def assemble(base: Path, trained: dict[str, torch.Tensor]) -> DialogueNet:
    """The network: the base encoder, what was trained laid over it.

    A trained tensor replaces the one of its name; a pair ``NAME.int4``, ``NAME.step`` is added to it: whole steps
    from -7 to 7, two in a byte, times the row's step.
    """
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    encoder = AutoModel.from_pretrained(base, config=config, local_files_only=True)
    net = DialogueNet(encoder, config.hidden_size)
    state = net.state_dict()
    for name, tensor in trained.items():
        target, _, kind = name.rpartition(".")
        if kind == "int4":
            state[target] = state[target] + steps(tensor) * trained[target + ".step"]
        elif kind != "step":
            state[name] = tensor.float()
    net.load_state_dict(state)
    return net


def steps(packed: torch.Tensor) -> torch.Tensor:
    """The whole steps, from -7 to 7, that were packed two in a byte: (rows, 2 x columns)."""
    both = torch.stack([packed // 16, packed % 16], dim=-1)
    return both.flatten(1).float() - 8


def split(logits: Table, parts: tuple[Pieces, ...] = ()) -> Reading:
    """The columns by what they score."""
    table = logits.astype(np.float32)
    ends = np.cumsum([len(LABELS), 1, len(TIMELINE), 2, len(DIMENSIONS), len(KINDS)])
    return Reading(
        labels=table[:, : ends[0]],
        stage=table[:, ends[1] : ends[2]],
        holder=table[:, ends[2] : ends[3]],
        dimension=table[:, ends[3] : ends[4]],
        kind=table[:, ends[4] : ends[5]],
        states=table[:, ends[5] :],
        parts=parts,
    )
