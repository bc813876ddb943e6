"""One run at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import StateError, StateHeldError
from pipeline.state import hold


def test_second_holder_is_told_who_holds_it(tmp_path: Path) -> None:
    state = tmp_path / "a.state.duckdb"
    with hold(state), pytest.raises(StateHeldError, match=f"pid {os.getpid()}") as caught, hold(state):
        pass
    assert caught.value.exit_code == 4


def test_lock_is_free_again_afterwards_even_after_a_failure(tmp_path: Path) -> None:
    state = tmp_path / "a.state.duckdb"
    with pytest.raises(RuntimeError), hold(state):
        raise RuntimeError
    with hold(state):
        pass


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot write"), hold(tmp_path / "absent" / "a.duckdb"):
        pass
