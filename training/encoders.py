"""Where the encoder to train lies."""

from __future__ import annotations

from pathlib import Path

from pipeline.resources import checked, pinned_names


def encoder_folder(name: str) -> Path:
    """The checked folder of a pinned encoder.

    Raises:
        ModelError: it is not pinned, not installed, or not the pinned one.
    """
    assert name in pinned_names(), f"models.toml does not know {name}"
    return checked(name)
