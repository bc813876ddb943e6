"""What stands can be made again from the files, and what cannot is told."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.verify import Check, verify
from tests.functional.conftest import Archive

SETTINGS = load_settings(None, ["extract.profile=rules"])


def checked(archive: Archive) -> dict[str, Check]:
    return {one.what: one for one in verify(archive.db, SETTINGS, sample=3)}


def test_what_stands_is_what_is_made_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    found = checked(archive)
    assert {what: one.differing for what, one in found.items() if one.differing} == {}
    assert found["interviews"].compared == 3
    assert found["turns"].compared == 12
    assert found["statements"].compared >= 6
    assert found["vectors"].compared >= 6
    assert found["themes of push"].compared >= 6


def test_a_row_that_was_touched_is_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    with duckdb.connect(str(archive.folder / "studies.state.duckdb")) as connection:
        connection.execute("UPDATE turns SET text = text || '!' WHERE turn_index = 1")
        connection.execute("DELETE FROM machine_members WHERE label = 'push'")
        connection.execute("UPDATE vectors SET vector = list_transform(vector, lambda x: -x)")
    found = checked(archive)
    assert found["turns"].differing == 3
    assert found["vectors"].differing == found["vectors"].compared > 0
    assert found["themes of push"].differing > 0


def test_rows_of_other_settings_are_not_compared(archive: Archive) -> None:
    archive.run("ingest.interviewer_names=['Person1']")
    found = checked(archive)
    assert found["interviews"].compared == 0
    assert found["interviews"].note


def test_without_a_state_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        verify(tmp_path / "x.duckdb", SETTINGS, sample=3)
