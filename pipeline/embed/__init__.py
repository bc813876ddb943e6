"""Each distinct text as one unit vector.

Texts are encoded one by one: a vector then depends on its text and model alone, whatever was embedded with it, so
that neither batch nor worker count can move a statement to another theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.config import Settings
from pipeline.errors import ModelError
from pipeline.records import Text, Vector
from pipeline.resources import checked, device, folder_hash, pinned, pinned_names

VERSION = "1"


class Encoder(Protocol):
    """Gives one unit vector per text."""

    key: str

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of unit length, one per text."""
        ...


class SentenceEncoder:
    """A sentence-transformers model in float32, one thread."""

    def __init__(self, name: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # progress is told by events
        torch.set_num_threads(1)
        self.key = model_key(name)
        folder = checked(name) if name in pinned_names() else name
        try:
            self._model = SentenceTransformer(str(folder), device=device())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the embedding model '{name}' ({type(error).__name__})",
                "Give a name of models.toml, a folder with a sentence-transformers model, or a hub name online.",
            ) from error

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of unit length, one per text."""
        vectors = self._model.encode(
            list(texts),
            batch_size=1,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


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
