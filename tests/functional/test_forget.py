"""``whyswitch forget``: a person is gone from every file, stays gone, and nobody else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.forgetting import Forgotten, Wish, forget
from pipeline.state import state_path
from tests.functional.conftest import Archive, CommandLine, content, interview_of

SECRET = "Marmalade was the only thing that I ever ordered from the Tollgate depot."


def done(archive: Archive, **wish: str) -> Forgotten:
    found = forget(archive.db, Wish(**wish), Settings(), agree=lambda _: True)
    assert found is not None
    return found


def person(archive: Archive, name: str) -> str:
    ((found,),) = archive.rows(f"SELECT DISTINCT participant_id FROM turns WHERE speaker = '{name}'")
    return str(found)


def traces(archive: Archive, *words: str) -> list[tuple[str, str]]:
    """(file, word) for every word that is in the bytes or the rows of a file beside the inputs."""
    files = [
        path for path in archive.folder.rglob("*") if path.is_file() and archive.inputs not in path.parents
    ]
    found = [(path.name, word) for path in files for word in words if word.encode() in path.read_bytes()]
    for db in [path for path in files if path.suffix == ".duckdb"]:
        said = str(content(db))
        found += [(db.name, word) for word in words if word in said]
    return found


@pytest.fixture
def three(tmp_path: Path) -> Archive:
    """Three nights of a growing archive, older files kept; person 2 tells a secret."""
    made = Archive(tmp_path, 6)
    told = interview_of(2).replace("Person2", "Zubeida")
    made.write("02.txt", told)
    made.write("Zubeida secret.txt", told + f"\nInterviewer: What else?\n\nZubeida: {SECRET}\n")
    made.run("publish.keep=5")
    made.write("07.txt", interview_of(7))
    made.run("publish.keep=5")
    made.write("08.txt", interview_of(8))
    made.run("publish.keep=5")
    return made


def test_a_person_is_gone_from_every_file_and_stays_gone(three: Archive) -> None:
    who = person(three, "Zubeida")
    before = three.rows("SELECT * FROM turns WHERE speaker <> 'Zubeida' ORDER BY ALL")
    assert traces(three, SECRET)
    found = done(three, participant=who)
    assert len(found.target.transcripts) == 2
    assert found.kept_files == 2
    assert found.proof.found == ()
    assert found.proof.files >= 3
    assert found.proof.strings > 6
    assert traces(three, SECRET, who, "Zubeida", "secret.txt", *found.target.transcripts) == []
    kept = three.rows("SELECT * FROM turns WHERE speaker <> 'Zubeida' ORDER BY ALL")
    assert set(kept) < set(before)
    assert {Path(place).name for place in found.left} == {"02.txt", "Zubeida secret.txt"}
    three.run("publish.keep=5")
    assert three.did == {}
    assert three.heard.of("scan")[0]["changes"] == {"forgotten": 2}
    assert traces(three, SECRET, who, "Zubeida") == []


def test_what_is_left_is_what_a_fresh_run_without_the_person_gives(three: Archive, tmp_path: Path) -> None:
    done(three, participant=person(three, "Zubeida"))
    fresh = Archive(tmp_path / "fresh", 0)
    for path in three.inputs.iterdir():
        if path.name not in ("02.txt", "Zubeida secret.txt"):
            fresh.write(path.name, path.read_text())
    fresh.run()
    for table in ("transcripts", "turns", "speakers", "outcomes", "vectors", "rejects"):
        assert content(three.db)[table] == content(fresh.db)[table], table
    quotes = "SELECT statement_id, quote, score FROM statements ORDER BY ALL"
    assert three.rows(quotes) == fresh.rows(quotes)


def test_one_interview_of_two_in_a_file_goes_and_the_other_stays(archive: Archive) -> None:
    one, two = (interview_of(n).replace("\n\n", "\n") for n in (11, 12))
    archive.write("both.txt", f"# Interview 1\n\n{one}\n# Interview 2\n\n{two}\n")
    archive.run()
    ((key,),) = archive.rows("SELECT DISTINCT transcript_id FROM turns WHERE speaker = 'Person11'")
    found = done(archive, transcript=str(key))
    assert found.target.contents == ()
    assert archive.rows("SELECT count(*) FROM turns WHERE speaker = 'Person12'") != [(0,)]
    archive.run(force=("ingest",))
    assert archive.rows("SELECT count(*) FROM turns WHERE speaker = 'Person11'") == [(0,)]
    assert archive.rows("SELECT count(*) FROM turns WHERE speaker = 'Person12'") != [(0,)]


def test_files_by_pattern_rejected_ones_too(archive: Archive) -> None:
    archive.write("01 broken.txt", "\x00\x01\x02")
    archive.run()
    found = done(archive, source="interviews/01*")
    assert found.target.sources == ("interviews/01 broken.txt", "interviews/01.txt")
    assert traces(archive, "Person1", "01 broken.txt", "interviews/01") == []
    assert archive.rows("SELECT count(*) FROM transcripts") == [(5,)]


def test_with_pseudonyms_by_what_others_read(archive: Archive) -> None:
    archive.write("Ottoline.txt", interview_of(9).replace("Person9", "Ottoline"))
    archive.run("privacy.mode=pseudonym")
    ((shown, speaker),) = archive.rows(
        "SELECT source, speaker FROM transcripts JOIN turns USING (transcript_id) "
        "WHERE text LIKE '%9 vans%' AND role = 'participant' LIMIT 1"
    )
    done(archive, source=str(shown))
    assert traces(archive, str(shown), str(speaker), "Ottoline") == []


def test_who_is_unknown_is_told_and_nothing_is_changed(archive: Archive) -> None:
    archive.run()
    before = state_path(archive.db).read_bytes()
    with pytest.raises(UsageError, match="nothing of 'p0'"):
        done(archive, participant="p0")
    assert forget(archive.db, Wish(source="*"), Settings(), agree=lambda _: False) is None
    assert archive.rows("SELECT count(*) FROM transcripts") == [(6,)]
    assert len(before) > 0


def test_the_command_line(whyswitch: CommandLine, archive: Archive) -> None:
    archive.run()
    assert whyswitch("forget", "--db", "studies.duckdb").returncode == 2
    who = person(archive, "Person3")
    told = whyswitch("forget", "--participant", who, "--db", "studies.duckdb", "--yes")
    assert told.returncode == 0, told.stderr
    assert "no trace" in told.stdout
    assert "interviews/03.txt" in told.stdout
    told = whyswitch("forget", "--source", "04.txt", "--db", "studies.duckdb", "--yes", "--json")
    assert json.loads(told.stdout)["proof"]["found"] == 0
    assert archive.rows("SELECT count(*) FROM transcripts") == [(4,)]
