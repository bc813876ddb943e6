"""Changed rules computed beside what is published, seen by nobody until they are promoted."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline import runner, store
from pipeline.cli import app
from pipeline.config import load_settings
from pipeline.diff import Difference
from pipeline.engines import SerialEngine
from pipeline.errors import PublishError, StateHeldError, UsageError
from pipeline.runner import Job
from pipeline.shadow import drop, promote, run_shadow
from pipeline.state import hold
from tests.functional.conftest import RULE, Archive, Heard, content, interview_of
from tests.unit.state.test_schema import VERSIONS, old_state

SHM = Path("/dev/shm")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "engine", lambda _: SerialEngine())


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The setting of one more rule."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(RULE)
    return f"extract.rules={tmp_path}/rules"


def shadowed(archive: Archive, *assignments: str) -> Difference:
    settings = load_settings(None, ["extract.profile=rules", *assignments])
    _, found = run_shadow(Job((str(archive.inputs),), archive.db, settings), Heard())
    return found


def files(archive: Archive) -> set[str]:
    return {path.name for path in archive.folder.iterdir() if "shadow" in path.name}


def test_a_shadow_changes_nothing_that_is_published(archive: Archive, rules: str) -> None:
    archive.run()
    before = (archive.db.read_bytes(), content(archive.db))
    found = shadowed(archive, rules)
    assert found.kinds()["gained"] > 0
    assert (archive.db.read_bytes(), content(archive.db)) == before
    assert "statements gained" in (archive.folder / "studies.shadow.diff.html").read_text().lower()
    assert not archive.run(given=str(archive.folder / "interviews")).worked


def test_a_shadow_of_a_newer_program_leaves_the_state_as_it_is(archive: Archive) -> None:
    archive.run()
    state = archive.folder / "studies.state.duckdb"
    state.unlink()
    before = old_state(state, VERSIONS[-1]).read_bytes()
    shadowed(archive)
    assert state.read_bytes() == before


def test_promoted_it_is_what_is_published_and_the_next_run_has_nothing_to_do(
    archive: Archive, rules: str
) -> None:
    first = archive.run().run_id
    found = shadowed(archive, rules)
    needed = promote(archive.db, keep=2)
    assert any(line.startswith("extract.rules = ") for line in needed)
    assert files(archive) == set()
    assert not archive.run(rules).worked
    counts = dict(
        archive.rows("SELECT label, count(*) FROM statements WHERE NOT needs_review GROUP BY label")
    )  # type: ignore[arg-type]
    assert {one.label: one.after for one in found.labels if one.after} == counts
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == [first]
    manifest = json.loads((archive.folder / "studies.manifest.json").read_text())
    assert manifest["file"] == "studies.duckdb"
    assert (
        manifest["run_id"] == archive.rows("SELECT run_id FROM runs ORDER BY run_number DESC LIMIT 1")[0][0]
    )


def test_runs_that_went_on_meanwhile_are_not_forgotten(archive: Archive, rules: str) -> None:
    archive.run()
    shadowed(archive, rules)
    archive.write("new.txt", interview_of(9))
    archive.run()
    promote(archive.db)
    archive.run(rules)
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7,)]
    assert archive.rows("SELECT run_number FROM runs ORDER BY 1") == [(1,), (2,), (3,), (4,)]


def test_dropped_it_leaves_no_trace(archive: Archive, rules: str) -> None:
    archive.run()
    shadowed(archive, rules)
    assert files(archive)
    assert drop(archive.db)
    assert files(archive) == set()
    assert not drop(archive.db)
    assert not archive.run().worked


def test_a_shadow_that_was_broken_off_goes_on(
    archive: Archive, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    with monkeypatch.context() as patch:
        patch.setattr(runner.store, "publish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            shadowed(archive, rules)
    with pytest.raises(UsageError, match="there is no"):
        promote(archive.db)
    assert shadowed(archive, rules).kinds()["gained"] > 0
    promote(archive.db)
    assert not archive.run(rules).worked


def test_a_machine_that_stops_in_the_middle_of_promoting_publishes_what_was_promoted(
    archive: Archive, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    found = shadowed(archive, rules)
    replaced: list[Path] = []
    replace = Path.replace

    def once(self: Path, target: Path) -> Path:
        if replaced and ".shadow" in self.name:
            raise KeyboardInterrupt
        replaced.append(self)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", once)
        with pytest.raises(KeyboardInterrupt):
            promote(archive.db)
    archive.run(rules)
    assert archive.did == {}
    number = archive.rows("SELECT count(*) FROM statements WHERE NOT needs_review")
    assert number == [(sum(one.after for one in found.labels),)]
    drop(archive.db)
    assert files(archive) == set()


@pytest.mark.parametrize("which", ["studies.state.duckdb", "studies.shadow.state.duckdb"])
def test_nothing_is_promoted_while_a_run_is_at_work(archive: Archive, rules: str, which: str) -> None:
    archive.run()
    shadowed(archive, rules)
    with hold(archive.folder / which), pytest.raises(StateHeldError):
        promote(archive.db)


def test_there_must_be_something_to_compare_with(archive: Archive) -> None:
    with pytest.raises(UsageError, match="to compare with"):
        shadowed(archive)
    with pytest.raises(UsageError, match="there is no"):
        promote(archive.db)


def test_a_shadow_that_was_touched_is_not_promoted(archive: Archive, rules: str) -> None:
    archive.run()
    shadowed(archive, rules)
    with duckdb.connect(str(archive.folder / "studies.shadow.duckdb")) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS a")
    with pytest.raises(UsageError, match="not whole"):
        promote(archive.db)


def test_promoting_keeps_older_files_as_the_shadows_run_was_told(archive: Archive, rules: str) -> None:
    first = archive.run("publish.keep=2").run_id
    archive.write("new.txt", interview_of(9))
    second = archive.run("publish.keep=2").run_id
    shadowed(archive, rules, "publish.keep=2")
    promote(archive.db)
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == [first, second]


def test_promoting_and_later_runs_drop_no_older_file_where_no_number_is_told(
    archive: Archive, rules: str
) -> None:
    first = archive.run("publish.keep=2").run_id
    archive.write("new.txt", interview_of(9))
    archive.run("publish.keep=2")
    shadowed(archive, rules)
    promote(archive.db)
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == [first]
    archive.run()
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == [first]


# -- on the command line --------------------------------------------------------------------------------------


def test_a_shadow_keeps_the_contract_of_exit_codes_and_logs(archive: Archive, rules: str) -> None:
    archive.run()
    archive.write("empty.txt", "")
    asked = ["run", str(archive.inputs), "--db", str(archive.db), "--shadow", "--set", rules]
    asked += ["--set", "extract.profile=rules", "--log"]
    for log in ("json", "quiet"):
        done = CliRunner().invoke(app, [*asked, log])
        assert done.exit_code == 3, done.output
        assert done.stdout == ""
        assert "vans" not in done.output
        assert all(json.loads(line)["event"] for line in done.stderr.splitlines())
    done = CliRunner().invoke(app, [*asked, "text"])
    assert done.exit_code == 3
    assert "vans" in done.stdout
    assert f" promote --db {archive.db}\n" in done.stdout


# -- permissions, links, refusals -----------------------------------------------------------------------------


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_permissions_stay_and_no_copy_is_open_to_others(
    archive: Archive, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    state = archive.folder / "studies.state.duckdb"
    archive.db.chmod(0o640)
    state.chmod(0o600)
    copied: list[int] = []
    copyfile = shutil.copyfile

    def watched(source: Path, target: Path) -> object:
        copied.append(mode(target))
        return copyfile(source, target)

    monkeypatch.setattr(shutil, "copyfile", watched)
    shadowed(archive, rules)
    assert copied == [0o600]
    assert mode(archive.folder / "studies.shadow.state.duckdb") == 0o600
    promote(archive.db)
    assert (mode(archive.db), mode(state)) == (0o640, 0o600)


def test_a_link_to_another_file_system_is_followed(archive: Archive, rules: str) -> None:
    if not SHM.is_dir() or SHM.stat().st_dev == archive.folder.stat().st_dev:
        pytest.skip("no second file system at /dev/shm")
    archive.run()
    with tempfile.TemporaryDirectory(dir=SHM) as far:
        real = Path(shutil.move(archive.db, Path(far) / "real.duckdb"))
        archive.db.symlink_to(real)
        found = shadowed(archive, rules)
        promote(archive.db)
        assert archive.db.is_symlink()
        assert [path.name for path in Path(far).iterdir()] == ["real.duckdb"]
        number = archive.rows("SELECT count(*) FROM statements WHERE NOT needs_review")
        assert number == [(sum(one.after for one in found.labels),)]
        assert files(archive) == set()
        assert not archive.run(rules).worked


@pytest.mark.parametrize("refused", ["studies.shadow.state.duckdb", "studies.shadow.duckdb"])
def test_a_refusal_in_the_middle_is_told_with_what_goes_on(
    archive: Archive, rules: str, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    archive.run()
    shadowed(archive, rules)
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == refused:
            raise OSError(errno.EACCES, "Permission denied")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(PublishError, match=r"cannot promote .*Permission denied") as told:
            promote(archive.db)
    assert "whyswitch run" in told.value.remedy
    archive.run(rules)
    assert archive.rows("SELECT count(*) FROM statements WHERE quote LIKE '%vans%'") == [(6,)]
