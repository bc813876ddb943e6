"""Each distinct text as one unit vector.

A vector depends on its text and model alone, whatever was embedded with it, so that neither batch nor worker count
can move a statement to another theme: MPNet is read in 8 bits, where a token's numbers hang on its own text only;
other models take texts one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.config import Settings
from pipeline.errors import ModelError
from pipeline.records import Text, Vector
from pipeline.resources import checked, device, folder_hash, pinned, pinned_names

if TYPE_CHECKING:
    from pipeline.eight_bits import EightBits

VERSION = "2"
TOGETHER = 64
"""Texts read at once in 8 bits."""


class Encoder(Protocol):
    """Gives one unit vector per text."""

    key: str

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of unit length, one per text."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, one thread: MPNet in 8 bits where the processor can, others in float32."""

    def __init__(self, name: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # progress is told by events
        torch.set_num_threads(1)
        self.key = model_key(name)
        folder = checked(name) if name in pinned_names() else name
        try:
            model = SentenceTransformer(str(folder), device=device())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the embedding model '{name}' ({type(error).__name__})",
                "Give a name of models.toml, a folder with a sentence-transformers model, or a hub name online.",
            ) from error
        self._quick = _quick(model)
        self._model = None if self._quick is not None else model  # whole it takes four times the memory

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of unit length, one per text."""
        if self._quick is not None:
            return self._quick.encode(texts)
        assert self._model is not None
        vectors = self._model.encode(
            list(texts),
            batch_size=1,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


class _Quick:
    """MPNet in 8 bits: the mean of a text's states, of unit length."""

    def __init__(self, model: Any, bits: EightBits) -> None:
        self._tokenizer = model.tokenizer
        self._longest = model.max_seq_length
        self._bits = bits

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of unit length, one per text."""
        rows = [self._means(texts[start : start + TOGETHER]) for start in range(0, len(texts), TOGETHER)]
        found = np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)

    def _means(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        pieces = self._tokenizer(list(texts), truncation=True, max_length=self._longest)["input_ids"]
        means = [states.float().mean(0).numpy() for states in self._bits.states(pieces)]
        return np.stack(means)


def _quick(model: Any) -> _Quick | None:
    """The model in 8 bits, where that is possible and its vectors are plain means of unit length."""
    from pipeline.eight_bits import EightBits, able

    kinds = [type(part).__name__ for part in model]
    if kinds != ["Transformer", "Pooling", "Normalize"] or model[1].pooling_mode != "mean":
        return None
    if device() != "cpu" or not able(model[0].auto_model):
        return None
    return _Quick(model, EightBits(model[0].auto_model, model.max_seq_length))


def model_key(name: str) -> str:
    """What ``vectors.model`` says: the model's name and the hash of its files."""
    if name in pinned_names():
        return pinned(name).key
    folder = Path(name)
    return f"{folder.name}:{folder_hash(folder)[:12]}" if folder.is_dir() else name


def identity(settings: Settings) -> str:
    """The key of the model in use."""
    return model_key(settings.embed.model)


def load(settings: Settings) -> Encoder:
    """The encoder that the settings name."""
    return SentenceEncoder(settings.embed.model)


def run(batch: Sequence[Text], resources: Encoder) -> list[Vector]:
    """One vector per text, in order."""
    rows = resources.encode([text.text for text in batch])
    return [
        Vector(text.text_hash, resources.key, tuple(row.tolist()))
        for text, row in zip(batch, rows, strict=True)
    ]
