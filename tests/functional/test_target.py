"""Where a run may publish: never over what is not its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.target import check_target
from tests.functional.conftest import RULES, Archive, CommandLine, interview_of


@pytest.fixture
def whyswitch_folder(tmp_path: Path) -> Path:
    """A folder with one interview in `one`."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.txt").write_text(interview_of(1))
    return tmp_path


@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_file_of_somebody_s_is_never_overwritten(
    whyswitch: CommandLine, whyswitch_folder: Path, command: str
) -> None:
    notes = whyswitch_folder / "notes.txt"
    notes.write_text("notes\n")
    told = whyswitch(command, "one", "--db", "notes.txt", *(RULES if command == "run" else ()))
    assert told.returncode == 2
    assert "notes.txt is there already" in told.stderr
    assert "Name another file" in told.stderr
    assert notes.read_text() == "notes\n"
    assert sorted(path.name for path in whyswitch_folder.iterdir()) == ["notes.txt", "one"]


def test_a_shadow_run_is_refused_likewise(whyswitch: CommandLine, whyswitch_folder: Path) -> None:
    (whyswitch_folder / "notes.txt").write_text("notes\n")
    assert whyswitch("run", "one", "--shadow", "--db", "notes.txt", *RULES).returncode == 2


@pytest.mark.parametrize(
    "name", ["studies.state.duckdb", "studies.shadow.duckdb", "new.state.duckdb", "x.shadow.db"]
)
def test_names_of_states_and_shadows_are_refused(archive: Archive, name: str) -> None:
    archive.run()
    with pytest.raises(UsageError, match="names like"):
        check_target(archive.folder / name, [str(archive.inputs)])


def test_links_to_a_state_are_refused(archive: Archive) -> None:
    archive.run()
    link = archive.folder / "innocent.duckdb"
    link.symlink_to("studies.state.duckdb")
    with pytest.raises(UsageError, match="names like"):
        check_target(link, [str(archive.inputs)])


def test_a_copy_of_a_state_is_no_published_file(archive: Archive) -> None:
    archive.run()
    copy = shutil.copy(archive.folder / "studies.state.duckdb", archive.folder / "copy.duckdb")
    with pytest.raises(UsageError, match="is there already"):
        check_target(Path(copy), [str(archive.inputs)])


def test_an_input_is_no_target(archive: Archive) -> None:
    given = [str(archive.inputs / "00.txt"), str(archive.inputs / "01.txt")]
    with pytest.raises(UsageError, match="is there already"):
        check_target(archive.inputs / "01.txt", given)
    with pytest.raises(UsageError, match="the input and the --db"):
        check_target(archive.inputs / "01.txt", given[1:])
    with pytest.raises(UsageError, match="is no file"):
        check_target(archive.inputs, given)


def test_the_published_file_may_be_replaced_also_where_it_is_damaged(archive: Archive) -> None:
    check_target(archive.db, [str(archive.inputs)])
    archive.run()
    check_target(archive.db, [str(archive.inputs)])
    check_target(archive.db, [str(archive.inputs), str(archive.db)])  # as `run *` gives them
    (archive.folder / "studies.state.duckdb").rename(archive.folder / "kept")
    check_target(archive.db, [str(archive.inputs)])
    (archive.folder / "kept").rename(archive.folder / "studies.state.duckdb")
    archive.db.write_bytes(b"damaged")
    check_target(archive.db, [str(archive.inputs)])
    with pytest.raises(UsageError, match="is there already"):
        check_target(archive.db, [str(archive.inputs), str(archive.db)])


def test_a_file_beside_the_state_of_another_is_somebody_s(archive: Archive) -> None:
    archive.run()
    (archive.folder / "studies").write_text("its state would be studies.state.duckdb too")
    with pytest.raises(UsageError, match="is there already"):
        check_target(archive.folder / "studies", [str(archive.inputs)])
