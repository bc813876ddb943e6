"""Publishing is a transaction: when it is done again, what stops it, what is kept, what a reader sees."""

from __future__ import annotations

import hashlib
import importlib
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import runner, store
from pipeline.errors import PublishError
from tests.functional.conftest import Archive, interview_of


def manifest(archive: Archive) -> dict[str, object]:
    return dict(json.loads((archive.folder / "studies.manifest.json").read_text()))


def test_the_manifest_tells_what_the_file_is(archive: Archive) -> None:
    summary = archive.run("notify.webhook=http://localhost:9/token-secret")
    told = manifest(archive)
    assert told["sha256"] == hashlib.sha256(archive.db.read_bytes()).hexdigest()
    assert told["run_id"] == summary.run_id
    assert told["counts"] == summary.counts
    assert told["rows"]["transcripts"] == 6  # type: ignore[index]
    assert set(told["models"]) == {"ingest", "extract", "embed", "cluster"}  # type: ignore[call-overload]
    assert "token-secret" not in (archive.folder / "studies.manifest.json").read_text()
    assert "token-secret" not in str(archive.rows("SELECT config FROM runs"))


def test_the_published_row_of_its_own_run_is_final(archive: Archive) -> None:
    archive.run()
    row = archive.rows("SELECT status, finished_at >= started_at, counts IS NOT NULL, run_number FROM runs")
    assert row == [("done", True, True, 1)]


def test_every_row_names_the_run_that_made_it(archive: Archive) -> None:
    first = archive.run().run_id
    archive.write("new.txt", interview_of(9))
    second = archive.run().run_id
    assert archive.rows("SELECT run_id, count(*) FROM transcripts GROUP BY run_id ORDER BY 2") == [
        (second, 1),
        (first, 6),
    ]
    for table in store.TABLES:
        names = {column.name for column in table.columns}
        for name in {"run_id", "first_run_id", "last_run_id"} & names:
            nameless = f"SELECT count(*) FROM {table.name} x ANTI JOIN runs r ON r.run_id = x.{name}"
            assert archive.rows(nameless) == [(0,)], table.name
        assert {"run_id", "first_run_id"} & names, table.name


def test_what_came_in_a_night_names_that_night(archive: Archive) -> None:
    first = archive.run().run_id
    archive.write("new.txt", interview_of(9))
    second = archive.run().run_id
    new = "SELECT transcript_id FROM transcripts WHERE source = 'interviews/new.txt'"
    for table in ("turns", "speakers", "statements"):
        of = f"SELECT DISTINCT run_id FROM {table} WHERE transcript_id"
        assert archive.rows(f"{of} IN ({new})") == [(second,)], table
        assert archive.rows(f"{of} NOT IN ({new})") == [(first,)], table
    moved = "SELECT DISTINCT m.run_id FROM theme_members m JOIN statements s USING (statement_id) WHERE s.transcript_id"
    assert archive.rows(f"{moved} IN ({new})") == [(second,)]
    assert archive.rows("SELECT DISTINCT run_id FROM segmentation") == [(second,)]


@pytest.mark.parametrize("how", ["removed", "another", "older", "cut"])
def test_a_file_that_is_not_the_published_one_is_replaced(archive: Archive, how: str) -> None:
    archive.run()
    good = archive.db.read_bytes()
    if how == "removed":
        archive.db.unlink()
    elif how == "another":
        archive.db.write_bytes(b"not a database")
    elif how == "cut":
        archive.db.write_bytes(good[:-4096])
    else:
        archive.write("new.txt", interview_of(9))
        archive.run()
        archive.db.write_bytes(good)
    archive.run()
    assert archive.did == {}
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7 if how == "older" else 6,)]
    assert manifest(archive)["sha256"] == hashlib.sha256(archive.db.read_bytes()).hexdigest()


def test_a_missing_manifest_is_written_again(archive: Archive) -> None:
    archive.run()
    before = manifest(archive)
    (archive.folder / "studies.manifest.json").unlink()
    archive.run()
    assert manifest(archive) == before


def test_a_manifest_of_the_night_before_is_written_again(archive: Archive) -> None:
    """As a kill between the renaming of the file and its manifest leaves it."""
    archive.run()
    old = manifest(archive)
    archive.write("new.txt", interview_of(9))
    archive.run()
    right = manifest(archive)
    stale = old | {
        "bytes": right["bytes"]
    }  # files grow by blocks: the sizes of two nights are often the same
    (archive.folder / "studies.manifest.json").write_text(json.dumps(stale))
    archive.run()
    assert manifest(archive) == right


def test_new_definitions_of_the_tables_publish_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    monkeypatch.setattr(importlib.import_module("pipeline.store.publish"), "DEFINITION", "another")
    archive.run()
    assert "publish" in archive.heard.totals


def test_a_link_is_followed_and_permissions_are_kept(archive: Archive) -> None:
    archive.run()
    target = archive.folder / "share" / "public.duckdb"
    target.parent.mkdir()
    archive.db.rename(target)
    target.chmod(0o640)
    archive.db.symlink_to(target)
    archive.write("new.txt", interview_of(9))
    archive.run()
    assert archive.db.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7,)]


# -- older files ----------------------------------------------------------------------------------------------


def test_so_many_older_files_are_kept_with_their_manifests(archive: Archive) -> None:
    made = []
    for n in range(6, 10):
        archive.write(f"{n}.txt", interview_of(n))
        made.append(archive.run("publish.keep=2").run_id)
    kept = store.kept_files(archive.db)
    assert [store.run_of(path) for path in kept] == made[1:3]
    for path, interviews in zip(kept, (8, 9), strict=True):
        with duckdb.connect(str(path), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM transcripts").fetchone() == (interviews,)
        told = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text())
        assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    archive.write("more.txt", interview_of(11))
    archive.run()
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == made[1:3]


def test_a_lost_state_goes_on_counting_and_keeps_the_newest_files(archive: Archive) -> None:
    made = []
    for n in range(6, 9):
        archive.write(f"{n}.txt", interview_of(n))
        made.append(archive.run("publish.keep=2").run_id)
    (archive.folder / "studies.state.duckdb").unlink()
    archive.write("9.txt", interview_of(9))
    summary = archive.run("publish.keep=2")
    assert summary.number == 4
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == made[1:]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(10,)]


# -- what stops it --------------------------------------------------------------------------------------------


def stands(archive: Archive, before: bytes, interviews: int) -> None:
    assert archive.db.read_bytes() == before
    assert archive.rows("SELECT count(*) FROM transcripts") == [(interviews,)]
    left = [path.name for path in archive.folder.iterdir() if path.name.startswith(".")]
    assert left == []


def test_a_broken_law_leaves_last_nights_file(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.run()
    before = archive.db.read_bytes()
    archive.write("new.txt", interview_of(9))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.laws.LAWS", (("nothing is ever said", "SELECT count(*) FROM turns"),))
        with pytest.raises(PublishError, match="nothing is ever said"):
            archive.run()
    stands(archive, before, 6)
    assert archive.heard.of("run_end")[0]["status"] == "failed"
    archive.run()
    assert archive.did == {}
    assert archive.rows("SELECT status FROM runs ORDER BY run_number") == [("done",), ("failed",), ("done",)]


def test_too_many_rejects_leave_last_nights_file_until_accepted(archive: Archive) -> None:
    archive.run()
    before = archive.db.read_bytes()
    for n in range(4):
        archive.write(f"bad{n}.txt", f"{n}\x00\x01\x02" * 50)
    with pytest.raises(PublishError, match=r"4 of 10 inputs were rejected \(40%; .* allows 25%\)"):
        archive.run("publish.max_reject_share=0.25")
    stands(archive, before, 6)
    assert archive.heard.of("publish_stopped")
    with pytest.raises(PublishError):
        archive.run("publish.max_reject_share=0.25")
    archive.run("publish.max_reject_share=0.25", accept=True)
    assert len(archive.rows("SELECT * FROM rejects")) == 4


def test_a_sudden_fall_of_statements_leaves_last_nights_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 12)
    archive.run()
    before = archive.db.read_bytes()
    for n in range(12):
        archive.write(f"{n:02}.txt", f"Interviewer: Well?\n\nPerson{n}: We drove to the sea in spring.\n")
    with pytest.raises(PublishError, match=r"0\.0 statements per interview, \d\.\d in past runs"):
        archive.run()
    stands(archive, before, 12)
    archive.run(accept=True)
    assert archive.rows("SELECT count(*) FROM statements") == [(0,)]


def test_a_night_of_rejects_is_seen_among_many_old_interviews(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 60)
    archive.run()
    before = archive.db.read_bytes()
    for n in range(12):
        archive.write(f"bad{n:02}.txt", f"{n}\x00\x01\x02" * 50)
    with pytest.raises(PublishError, match=r"12 of 12 inputs since the last publication were rejected"):
        archive.run("publish.max_reject_share=0.25")
    with pytest.raises(
        PublishError, match="12 of 12 inputs since"
    ):  # nothing new: the night before still waits
        archive.run("publish.max_reject_share=0.25")
    stands(archive, before, 60)
    archive.run("publish.max_reject_share=0.25", accept=True)
    archive.write("new.txt", interview_of(61))
    archive.run("publish.max_reject_share=0.25")
    assert archive.rows("SELECT count(*) FROM transcripts") == [(61,)]


def test_a_silent_night_is_seen_among_many_old_interviews(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 60)
    archive.run()
    before = archive.db.read_bytes()
    for n in range(12):
        archive.write(
            f"new{n:02}.txt", f"Interviewer: Well?\n\nPerson{60 + n}: We drove to the sea in spring.\n"
        )
    with pytest.raises(
        PublishError, match=r"0\.0 statements per interview since the last publication, \d\.\d in"
    ):
        archive.run()
    stands(archive, before, 60)
    archive.run(accept=True)
    assert archive.rows("SELECT count(*) FROM transcripts") == [(72,)]


def test_what_a_killed_run_left_is_removed(archive: Archive) -> None:
    archive.run()
    left = [
        archive.folder / name
        for name in (
            ".studies.duckdb.run-20260101T000000-abc",
            ".studies.manifest.json.77",
            ".studies.state.key.77",
            ".whyswitch.prom.77",
            "runs/.000001.run-20260101T000000-abc.json.77",
            ".studies.state.duckdb.look/studies.state.duckdb",
        )
    ]
    spilled = archive.folder / "studies.state.duckdb.tmp"
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_text("half a file")
    spilled.mkdir()
    (spilled / "block").write_text("x")
    other = archive.folder / ".studies.duckdb.backup"
    other.write_text("a person's own")
    archive.run("notify.summaries=runs", "notify.metrics=whyswitch.prom")
    assert not any(path.exists() for path in (*left, spilled))
    assert other.exists()


def test_a_clock_set_back_leaves_the_order_of_runs(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first = archive.run().run_id
    monkeypatch.setattr(runner, "now", lambda: datetime(2001, 1, 1))
    archive.write("new.txt", interview_of(9))
    second = archive.run("publish.keep=1").run_id
    assert archive.rows("SELECT run_id FROM runs ORDER BY run_number") == [(first,), (second,)]
    assert manifest(archive)["run_id"] == second
    assert [store.run_of(path) for path in store.kept_files(archive.db)] == [first]
