"""What all tests share: the environment of an offline run, sample data, and shared data where there is some."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fuzz", print_blob=True)
"""Chosen by ``make fuzz``: where a test knows it, it tries many more inputs, others each time."""

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample interviews."""
    return ROOT / "data" / "sample"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Gold files and real transcripts, kept outside the repository; the test is skipped where they are absent."""
    folder = Path(os.environ.get("WHYSWITCH_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold").is_dir():
        pytest.skip(f"needs gold files and real transcripts, not found at {folder} (set WHYSWITCH_SHARED)")
    return folder


@pytest.fixture
def interview() -> str:
    """A tiny interview with a push in it, in the plainest dialect."""
    return (
        "Interviewer: What happened before you changed?\n\n"
        "Dana: We had the van for years. The old booking book got lost twice in one month and I was sick of it.\n\n"
        "Interviewer: And then?\n\n"
        "Dana: My sister showed me the app and you could see every booking on the phone, which was lovely.\n"
    )
