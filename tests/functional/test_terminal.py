"""What is printed is what stands in the file: no word is read as markup, and nothing is hidden."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.calling import command
from pipeline.curation.listing import Row
from pipeline.curation.words import print_list
from pipeline.errors import UsageError
from pipeline.queries import print_query
from pipeline.summary import print_status
from tests.functional.conftest import RULES, Archive, CommandLine

VERBATIM = "[name] met [/name] [bold]twice[/] :smile:"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of two interviews, run twice: the second run had nothing to do."""
    made = Archive(tmp_path_factory.mktemp("archive"), 2)
    made.run()
    made.run()
    return made


def test_a_table_shows_words_as_they_are(published: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    print_query(published.db, f"SELECT '{VERBATIM}' AS \"[q]\"", "table")
    told = capsys.readouterr().out
    assert VERBATIM in told
    assert "[q]" in told


def test_a_long_word_is_folded_not_cut(published: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    print_query(published.db, "SELECT repeat('x', 500) AS long", "table")
    assert capsys.readouterr().out.count("x") == 500


def test_a_theme_s_title_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_list([Row("th1", "push", VERBATIM, "active", 3, 4)])
    assert VERBATIM in capsys.readouterr().out


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "", "-- nothing"])
def test_one_query_at_a_time(published: Archive, sql: str) -> None:
    with pytest.raises(UsageError, match="quer"):
        print_query(published.db, sql, "json")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS n;",
        "SELECT count(*) AS n FROM transcripts; -- all",
        "FROM (PIVOT statements ON label USING count(*) GROUP BY source)",
        "PIVOT statements ON label USING count(*)",
        "SUMMARIZE statements",
        "FROM top_themes",
        "SHOW TABLES",
    ],
)
def test_whatever_gives_rows_is_a_query(
    published: Archive, capsys: pytest.CaptureFixture[str], sql: str
) -> None:
    print_query(published.db, sql, "json")
    assert isinstance(json.loads(capsys.readouterr().out), list)


def test_a_query_reads_and_writes_no_other_file(published: Archive) -> None:
    other = published.folder / "other.csv"
    for sql in (f"COPY (SELECT 1) TO '{other}'", f"FROM read_text('{published.inputs}/00.txt')"):
        with pytest.raises(UsageError, match="the query failed"):
            print_query(published.db, sql, "json")
    assert not other.exists()


def test_the_status_tells_the_run_that_published_from_the_last_one(
    published: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    print_status(published.db)
    lines = {line[:14].strip(): line[14:].strip() for line in capsys.readouterr().out.splitlines()}
    assert lines["published by"].startswith("run 1 (done)")
    assert lines["last run"].startswith("run 2 (done)")
    state = published.folder / "studies.state.duckdb"
    state.rename(state.with_name("away"))
    try:
        print_status(published.db)
    finally:
        state.with_name("away").rename(state)
    assert "run 1, as far as this file tells" in capsys.readouterr().out


# -- what to type next ----------------------------------------------------------------------------------------


def test_the_next_steps_of_a_run_can_be_typed_as_they_stand(whyswitch: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Interviewer: Why?\n\nAnn: The kettle kept breaking, I was fed up.\n")
    (tmp_path / "empty.txt").touch()
    db = f"{'a study of kettles ' * 6}\U0001f600.duckdb"
    told = whyswitch("run", "a.txt", "empty.txt", "--db", db, "--no-report", *RULES).stdout
    steps = [line.partition("rejected: ")[2] or line.strip() for line in told.splitlines() if "--db" in line]
    assert len(steps) == 4
    for step in steps:
        done = subprocess.run(
            step,
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (step, done.stderr)


def test_the_program_is_named_as_it_can_be_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "whyswitch"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bin/whyswitch", "run"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command("report", "--db", "a b.duckdb") == "bin/whyswitch report --db 'a b.duckdb'"
    monkeypatch.setenv("PATH", str(program.parent))
    assert command("status") == "whyswitch status"
