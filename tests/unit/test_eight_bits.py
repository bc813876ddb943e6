"""A small MPNet in 8 bits against itself in full precision."""

from __future__ import annotations

import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from pipeline.eight_bits import ZERO, EightBits, _steps, able

WINDOWS = ([0, 17, 23, 5, 81, 2], [0, 44, 2], [0, *range(10, 70), 2])


@pytest.fixture(scope="module")
def encoder() -> MPNetModel:
    """Two layers of random weights."""
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=100,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=80,
    )
    return MPNetModel(config).eval()


@pytest.fixture(scope="module")
def quick(encoder: MPNetModel) -> EightBits:
    """The same in 8 bits."""
    if not able(encoder):
        pytest.skip("this processor does not multiply bytes")
    return EightBits(encoder, 64)


def test_the_states_are_those_of_the_encoder(encoder: MPNetModel, quick: EightBits) -> None:
    for window, found in zip(WINDOWS, quick.states(WINDOWS), strict=True):
        with torch.inference_mode():
            whole = encoder(input_ids=torch.tensor([window])).last_hidden_state[0]
        assert found.shape == whole.shape
        assert (found.float() - whole).norm() < 0.03 * whole.norm()


def test_a_window_does_not_hang_on_its_neighbours(quick: EightBits) -> None:
    together = quick.states(WINDOWS)
    for window, found in zip(WINDOWS, together, strict=True):
        assert torch.equal(quick.states([window])[0], found)


def test_large_states_keep_the_sign() -> None:
    """A rounding past the largest step would wrap round to the other end."""
    states = torch.linspace(-40, 40, 4096).to(torch.bfloat16)[None]
    steps, size = _steps(states)
    assert ((steps.float() - ZERO) * size.float() - states.float()).abs().max() < 1.5 * float(size)


def test_other_encoders_are_left_alone(encoder: MPNetModel) -> None:
    other = MPNetModel(encoder.config)
    other.config = MPNetConfig(**{**encoder.config.to_dict(), "hidden_act": "relu"})
    assert not able(other)
