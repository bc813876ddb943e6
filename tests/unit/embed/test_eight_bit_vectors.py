"""The encoder of themes in 8 bits against itself in full precision."""

from __future__ import annotations

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from pipeline.embed import TOGETHER, SentenceEncoder
from pipeline.resources import checked

TEXTS = (
    "minimize the time it takes to find a slot for the kids",
    "The old one lost my photographs twice.",
    "I was afraid that nobody would answer.",
    "We drove out to the depot on the Friday and nobody could say which of the boxes was ours. " * 40,
)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """The one that themes rest on."""
    made = SentenceEncoder("mpnet")
    if made._quick is None:
        pytest.skip("this processor does not multiply bytes")
    return made


def test_vectors_are_those_of_the_model(encoder: SentenceEncoder) -> None:
    whole = SentenceTransformer(str(checked("mpnet")), device="cpu")
    exact = whole.encode(list(TEXTS), batch_size=1, normalize_embeddings=True)
    assert (encoder.encode(TEXTS) * exact).sum(axis=1).min() > 0.98


def test_a_vector_hangs_on_its_text_alone(encoder: SentenceEncoder) -> None:
    many = encoder.encode(TEXTS * TOGETHER)
    for i, text in enumerate(TEXTS):
        assert np.array_equal(encoder.encode([text])[0], many[i])
        assert np.array_equal(many[i], many[i + len(TEXTS) * (TOGETHER - 1)])


def test_vectors_have_unit_length_and_nothing_gives_nothing(encoder: SentenceEncoder) -> None:
    assert np.allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1, atol=1e-6)
    assert len(encoder.encode([])) == 0
