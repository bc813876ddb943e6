"""Persons are replaced before anything is stored: nothing of them is in any file, log or line on the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.functional.conftest import Archive, CommandLine, rows

INTERVIEW = """---
participant: Ottoline Farquharson
interviewer: Benedikt Oyelaran
product: Pantry Rose (meal kit)
---
Benedikt Oyelaran: Ottoline, what happened before you changed?

Ottoline Farquharson: I was fed up. My sister Guinevere kept getting the codes on 07700 900461, and the most
annoying part was that the bill went to guinevere.f@farquharson.example instead of Pantry Rose.

Benedikt Oyelaran: And Guinevere, what did she say?

Ottoline Farquharson: Guinevere said nothing, we live at 14 Tollgate Crescent, Dunmore and she never got round to it.
"""
NEVER = (
    "Ottoline", "Farquharson", "Benedikt", "Oyelaran", "Guinevere", "900461", "farquharson.example", "Tollgate",
)  # fmt: skip
ON = ("privacy.mode=pseudonym",)
SAYS_NOTHING = re.compile(r"\d+\.\d+|\b[0-9a-f]{12,}\b")


@pytest.fixture
def private(tmp_path: Path) -> Archive:
    """One interview with persons in its text, its metadata, its settings and its name."""
    made = Archive(tmp_path, 0)
    made.write("Ottoline Farquharson.txt", INTERVIEW)
    made.write("Ottoline.broken.txt", "\x00\x01")
    return made


def everything(folder: Path, *, without: tuple[str, ...] = ()) -> str:
    """The bytes of every file of a folder as one text, inputs left out."""
    files = [path for path in sorted(folder.glob("*")) if path.is_file() and path.name not in without]
    return "\n".join(path.read_bytes().decode("latin-1") for path in files)


def cells(db: Path) -> str:
    """Every value of every table of a DuckDB file: its bytes may be packed."""
    tables = rows(db, "SELECT table_name FROM duckdb_tables()")
    return "\n".join(
        text_of(cell) for (table,) in tables for row in rows(db, f"SELECT * FROM {table}") for cell in row
    )


def text_of(cell: object) -> str:
    """What a cell says in words: vectors, scores, hashes say nothing, and hold any digits by chance."""
    if isinstance(cell, dict):
        cell = list(cell.values())
    if isinstance(cell, list | tuple):
        return "\n".join(text_of(one) for one in cell)
    return "" if isinstance(cell, float) else SAYS_NOTHING.sub("", str(cell))


@pytest.mark.parametrize("mode", ["mask", "pseudonym"])
def test_nothing_of_a_person_is_published(whyswitch: CommandLine, private: Archive, mode: str) -> None:
    done = whyswitch(
        "run", "interviews", "--db", "studies.duckdb", "--set", f"privacy.mode={mode}", "--set",
        "ingest.interviewer_names=['Benedikt Oyelaran']", "--set", "extract.profile=rules", "--workers", "1",
        "--log", "json",
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    said = done.stdout + done.stderr + cells(private.db)
    said += everything(private.folder, without=("studies.state.duckdb",))
    assert not [word for word in NEVER if word.casefold() in said.casefold()]
    assert "Pantry Rose" in cells(private.db)


def test_the_state_holds_of_a_person_only_what_its_file_is_called(private: Archive) -> None:
    private.run(*ON)
    state = private.folder / "studies.state.duckdb"
    with_names = {"sources", "waiting", "journal", "rejects"}
    tables = {str(row[0]) for row in rows(state, "SELECT table_name FROM duckdb_tables()")} - with_names
    said = "\n".join(
        text_of(cell)
        for table in sorted(tables)
        for row in rows(state, f"SELECT * FROM {table}")
        for cell in row
    )
    assert "Pantry Rose" in said
    assert not [word for word in NEVER if word.casefold() in said.casefold()]


def test_the_same_person_has_one_name_and_the_laws_hold(private: Archive) -> None:
    private.write("second.txt", INTERVIEW.replace("fed up", "sick of it"))
    private.run(*ON)
    ((who, count),) = private.rows(
        "SELECT speaker, count(DISTINCT transcript_id) FROM speakers WHERE role = 'participant' GROUP BY ALL"
    )
    assert count == 2
    ((asked,),) = private.rows("SELECT DISTINCT text FROM turns WHERE turn_index = 0")
    assert asked == f"{str(who).split()[0]}, what happened before you changed?"
    assert private.rows("SELECT count(DISTINCT participant_id) FROM turns WHERE role = 'participant'") == [
        (1,)
    ]
    assert private.rows("SELECT count(*) > 0 FROM statements") == [(True,)]


def test_the_key_is_for_its_owner_alone_and_another_one_reads_anew(private: Archive) -> None:
    private.run(*ON)
    key = private.folder / "studies.state.key"
    state = private.folder / "studies.state.duckdb"
    assert [path.stat().st_mode & 0o777 for path in (key, state)] == [0o600, 0o600]
    before = private.rows("SELECT DISTINCT speaker FROM speakers ORDER BY 1")
    private.run(*ON)
    assert private.did == {}
    key.unlink()
    private.run(*ON)
    assert private.did["ingest"] == 2
    assert private.rows("SELECT DISTINCT speaker FROM speakers ORDER BY 1") != before


def test_a_change_of_mode_reads_anew_and_leaves_no_old_words(private: Archive) -> None:
    private.run()
    assert "Guinevere" in cells(private.db)
    private.run(*ON)
    assert private.did["ingest"] == 2
    said = everything(private.folder) + cells(private.db)
    assert not [word for word in ("Guinevere", "900461", "Tollgate") if word in said]


def test_a_key_that_others_can_read_stops_the_run(whyswitch: CommandLine, private: Archive) -> None:
    key = private.folder / "studies.state.key"
    key.write_text("00" * 32 + "\n")
    key.chmod(0o644)
    done = whyswitch("run", "interviews", "--db", "studies.duckdb", "--set", "privacy.mode=mask")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr


def test_what_an_input_is_called_by_others_finds_its_history(
    whyswitch: CommandLine, private: Archive
) -> None:
    private.run(*ON)
    ((source,),) = private.rows("SELECT source FROM transcripts")
    assert re.fullmatch(r"s[0-9a-f]{16}\.txt", str(source))
    done = whyswitch("history", str(source), "--db", "studies.duckdb")
    assert "read: 4 turns" in done.stdout
