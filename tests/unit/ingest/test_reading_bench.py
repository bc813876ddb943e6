"""The bench of reading measures interviews that are read right."""

from __future__ import annotations

import pytest

from bench.reading import KINDS, speed


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_measured_is_read(kind: str) -> None:
    assert speed(KINDS[kind](), copies=1, rounds=1) > 0
