"""What the doctor says of a healthy archive and of sick ones; and the life that the history tells."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import duckdb
import pytest

from pipeline.config import load_settings
from pipeline.doctor import Finding, examine
from pipeline.errors import ModelError, UsageError
from pipeline.history import WORDS, history
from pipeline.state import hold
from pipeline.state.journal import What
from tests.functional.conftest import Archive, interview_of

SETTINGS = load_settings(None, ["extract.profile=rules", "run.workers=1"])


def findings(archive: Archive, level: str) -> dict[str, Finding]:
    return {one.about: one for one in examine(archive.db, SETTINGS) if one.level == level}


def test_a_healthy_archive(archive: Archive) -> None:
    archive.run()
    assert findings(archive, "bad") == findings(archive, "note") == {}
    assert set(findings(archive, "ok")) == {
        "settings", "models", "folder", "disk", "memory", "lock", "state", "last run", "published", "manifest",
    }  # fmt: skip


def test_before_the_first_run(archive: Archive) -> None:
    assert findings(archive, "bad") == {}
    assert set(findings(archive, "note")) == {"state", "published"}


def test_a_run_at_work_is_named_and_its_state_left_alone(archive: Archive) -> None:
    archive.run()
    with hold(archive.folder / "studies.state.duckdb"):
        assert "a run is at work: pid" in findings(archive, "note")["lock"].said
        assert "state" not in findings(archive, "ok")


def test_a_damaged_state(archive: Archive) -> None:
    archive.run()
    path = archive.folder / "studies.state.duckdb"
    data = bytearray(path.read_bytes())
    for start in range(12288 + 4096, len(data), 262144):
        data[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))
    assert findings(archive, "bad")["state"].remedy
    assert "published" not in findings(archive, "bad")


def test_rows_without_parents(archive: Archive) -> None:
    archive.run()
    with duckdb.connect(str(archive.folder / "studies.state.duckdb")) as connection:
        connection.execute(
            "DELETE FROM transcripts WHERE transcript_id = (SELECT min(transcript_id) FROM transcripts)"
        )
    assert "turns without transcripts" in findings(archive, "bad")["state"].said


def test_a_newer_state(archive: Archive) -> None:
    archive.run()
    with duckdb.connect(str(archive.folder / "studies.state.duckdb")) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99)")
    assert "schema version 99" in findings(archive, "bad")["state"].said


def test_a_published_file_that_was_touched(archive: Archive) -> None:
    archive.run()
    with duckdb.connect(str(archive.db)) as connection:
        connection.execute("UPDATE statements SET quote = 'never said'")
    bad, note = findings(archive, "bad"), findings(archive, "note")
    assert "every quote is in its turn" in bad["published"].said
    assert "another file" in note["manifest"].said
    assert "does not show" in note["published"].said
    archive.db.write_bytes(b"no database")
    assert "no published whyswitch file" in findings(archive, "bad")["published"].said


def test_people_s_decisions_on_themes(archive: Archive) -> None:
    path = archive.folder / "studies.themes.toml"
    path.write_text('[[retire]]\ntheme = "th-of-another-archive"\n')
    archive.run()
    assert "holds 1 decisions" in findings(archive, "ok")["curation"].said
    assert "could not be applied" in findings(archive, "note")["curation"].said
    path.write_text('[[retire]]\nthema = "th1"\n')
    assert "retire 1" in findings(archive, "bad")["curation"].said


def test_a_forgetting_that_broke_off(archive: Archive) -> None:
    archive.run()
    with duckdb.connect(str(archive.folder / "studies.state.duckdb")) as connection:
        connection.execute("INSERT INTO duties VALUES ('forget')")
    assert "forget` again" in findings(archive, "bad")["forgetting"].remedy


def test_a_missing_model(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Path:
        raise ModelError(f"the package {name} is not installed", f"pip install {name}")

    monkeypatch.setattr("pipeline.doctor.checked", absent)
    assert findings(archive, "bad")["models"].remedy == "pip install en_core_web_sm"


def test_no_folder_and_no_room(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [one for one in examine(archive.folder / "absent" / "x.duckdb", SETTINGS) if one.level == "bad"]
    assert [one.about for one in gone] == ["folder"]
    monkeypatch.setattr("pipeline.doctor.SPARE_BYTES", 10**18)
    assert "free; a run may need" in findings(archive, "bad")["disk"].said


def test_a_failed_run_is_told_with_its_reason(archive: Archive) -> None:
    archive.run()
    archive.write("bad.txt", "\x00\x01" * 80)
    with pytest.raises(Exception, match="not replaced"):
        archive.run("publish.max_reject_share=0")
    assert "1 of 7 inputs were rejected" in findings(archive, "note")["last run"].said


# -- history --------------------------------------------------------------------------------------------------


def told(archive: Archive, name: str) -> list[tuple[int, str]]:
    return [(one.run_number, one.said) for one in history(archive.db, name)]


def test_the_life_of_an_interview(archive: Archive) -> None:
    archive.run()
    (archive.inputs / "00.txt").rename(archive.inputs / "renamed.txt")
    archive.run("extract.threshold_shift=0.01")
    (archive.inputs / "renamed.txt").unlink()
    archive.run("extract.threshold_shift=0.01")
    archive.write("renamed.txt", interview_of(0))
    archive.run("extract.threshold_shift=0.01")
    life = told(archive, "interviews/renamed.txt")
    extracted = [said for number, said in life if said.startswith("extracted: ")]
    assert len(extracted) == 2
    assert [(number, said) for number, said in life if not said.startswith("extracted")] == [
        (1, "found as interviews/00.txt"),
        (1, "read: 4 turns"),
        (2, "renamed to interviews/renamed.txt (before: interviews/00.txt)"),
        (3, "interviews/renamed.txt is gone; the interview is kept"),
        (4, "interviews/renamed.txt is back"),
    ]
    ((transcript_id,),) = archive.rows(
        "SELECT transcript_id FROM transcripts WHERE source LIKE '%renamed.txt'"
    )
    assert told(archive, str(transcript_id)) == life


def test_a_content_that_is_gone_still_has_its_history(archive: Archive) -> None:
    archive.run()
    ((transcript_id,),) = archive.rows("SELECT transcript_id FROM transcripts WHERE source LIKE '%00.txt'")
    archive.write("00.txt", interview_of(9))
    archive.run()
    assert told(archive, str(transcript_id))[-1] == (2, "dropped: no file holds this content any more")


def test_nothing_of_that_name(archive: Archive) -> None:
    with pytest.raises(UsageError, match="there is no"):
        history(archive.db, "x")
    archive.run()
    with pytest.raises(UsageError, match="nothing called 'x'"):
        history(archive.db, "x")


def test_every_event_has_its_words() -> None:
    assert set(WORDS) == {word for part in get_args(What) for word in (get_args(part) or (part,))}
