"""One run at a time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.errors import StateError, StateHeldError
from pipeline.state import hold
from pipeline.state.lock import holder, lock_path


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


def test_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    state = tmp_path / "a.state.duckdb"
    code = (
        "import sys, time; from pathlib import Path; from pipeline.state import hold\n"
        "with hold(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(state)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    other.stdout.readline()
    assert f"pid {other.pid} on " in str(holder(state))
    other.kill()
    other.wait()
    other.stdout.close()
    assert holder(state) is None
    with hold(state):
        assert f"pid {os.getpid()}" in str(holder(state))


def test_a_blink_of_another_at_the_lock_refuses_nobody(tmp_path: Path) -> None:
    state = tmp_path / "a.state.duckdb"
    with hold(state):
        pass
    with lock_path(state).open() as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        threading.Timer(0.2, fcntl.flock, [handle, fcntl.LOCK_UN]).start()
        with hold(state):
            assert f"pid {os.getpid()}" in str(holder(state))


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot write"), hold(tmp_path / "absent" / "a.duckdb"):
        pass
