"""The main job by the command line: first run, second run, changes, bad input, exit codes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.main import get_command

from pipeline.store.laws import broken_laws
from pipeline.store.tables import TABLES, VIEWS
from tests.functional.conftest import RULES, CommandLine, rows

CANARY = "xylophonewhisper"


def test_first_run_publishes_what_the_contract_says(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    done = whyswitch("run", "interviews", *RULES)
    assert done.returncode == 0, done.stderr
    db = tmp_path / "whyswitch.duckdb"
    assert (tmp_path / "report.html").is_file()
    with duckdb.connect(str(db), read_only=True) as connection:
        assert broken_laws(connection) == []
        uncommented = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        assert uncommented == []
        tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        views = {
            row[0]
            for row in connection.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal"
            ).fetchall()
        }
    assert tables == {table.name for table in TABLES}
    assert views == {view.name for view in VIEWS}
    assert rows(db, "SELECT count(*) FROM transcripts") == [(4,)]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".whyswitch")]


def test_second_run_does_nothing_and_says_so(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    whyswitch("run", "interviews", *RULES)
    db = tmp_path / "whyswitch.duckdb"
    before = (db.stat().st_mtime_ns, (tmp_path / "report.html").stat().st_mtime_ns)
    again = whyswitch("run", "interviews", *RULES)
    assert again.returncode == 0
    assert "Nothing to do" in again.stdout
    assert before == (db.stat().st_mtime_ns, (tmp_path / "report.html").stat().st_mtime_ns)


def test_only_what_changed_is_done_again(whyswitch: CommandLine, interviews: Path, tmp_path: Path) -> None:
    whyswitch("run", "interviews", *RULES)
    first = sorted(interviews.iterdir())[0]
    first.rename(first.with_name("renamed" + first.suffix))
    (interviews / "new.txt").write_text(
        "Interviewer: And?\n\nBo: I never got round to it, it was fine as it was.\n"
    )
    done = whyswitch("run", "interviews", *RULES, "--log", "json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    totals = {event["stage"]: event["total"] for event in events if event["event"] == "stage_start"}
    assert totals["ingest"] == 1
    assert totals["extract"] == 1
    sources = {
        row[0]
        for row in rows(tmp_path / "whyswitch.duckdb", "SELECT source FROM transcripts WHERE NOT missing")
    }
    assert sources == {f"interviews/{path.name}" for path in interviews.iterdir()}


def test_changed_rule_file_extracts_anew_but_reads_nothing(
    whyswitch: CommandLine,
    interviews: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    rule = (
        '[[rule]]\nid = "push-kettle"\nlabel = "push"\nweight = 0.9\nwhy = "a rule of the test\'s own"\n'
        'patterns = [[{ LOWER = "kettle" }]]\nexamples = ["The kettle died.", "A kettle.", "My kettle!"]\n'
        'negatives = ["Tea.", "Coffee."]\n'
    )
    (folder / "mine.toml").write_text(rule)
    settings = (*RULES, "--set", "extract.rules=rules")
    first = whyswitch("run", "interviews", *settings)
    assert first.returncode == 0, first.stderr
    (folder / "mine.toml").write_text(rule.replace("0.9", "0.8"))
    done = whyswitch("run", "interviews", *settings, "--log", "json")
    stages = {json.loads(line).get("stage") for line in done.stderr.splitlines()}
    assert "extract" in stages
    assert "ingest" not in stages


SAID = "Interviewer: What happened?\n\nAnn: The caf\u00e9's kettle kept breaking and I was fed up.\n"
REFUSED = {
    "empty.txt": (b"", "empty"),
    "binary.bin": (bytes(range(256)) * 40, "binary"),
    "not a zip \U0001f600.docx": (b"PK\x03\x04 no", "damaged"),
    "text.docx": (b"hello", "no_speakers"),
    "no bytes of any script.txt": (
        b"Interviewer: hi\n\nAnn: \xff\xfe\xfa caf\xe9 " + b"\x80" * 50,
        "no_speakers",
    ),
    "one line.txt": (b"we went home then " * 2_800_000, "no_speakers"),
    "one line with a label.txt": (
        b"Interviewer: Why?\n\nAnn: So.\n\nInterviewer: And then?\n\nAnn: "
        + b"we went home then " * 2_800_000,
        "too_large",
    ),
    "only questions.txt": (b"Interviewer: What happened?\n\nInterviewer: And then?\n", "no_participant"),
}
"""Files that are no transcripts, and the reason that each must get."""


def test_bad_input_is_rejected_with_its_reason_and_the_rest_is_done(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    for name, (data, _) in REFUSED.items():
        (interviews / name).write_bytes(data)
    (interviews / "broken UTF-8.txt").write_bytes(SAID.encode("latin-1"))
    (interviews / "my talk \U0001f600 with Ann.txt").write_text(SAID)
    (interviews / "loop").symlink_to(interviews)
    (interviews / "itself").symlink_to("itself")
    (interviews / "nowhere.txt").symlink_to("absent.txt")
    same = sorted(interviews.glob("meal*"))[0]
    shutil.copy(same, interviews / ("zz-copy" + same.suffix))
    done = whyswitch("run", "interviews", *RULES)
    assert done.returncode == 3, done.stderr
    db = tmp_path / "whyswitch.duckdb"
    reasons = {
        Path(str(source)).name: reason for source, reason in rows(db, "SELECT source, reason FROM rejects")
    }
    assert reasons == {name: reason for name, (_, reason) in REFUSED.items()} | {
        "zz-copy" + same.suffix: "duplicate",
        "itself": "unreadable",
        "nowhere.txt": "unreadable",
    }
    accepted = {Path(str(row[0])).name for row in rows(db, "SELECT source FROM transcripts")}
    assert {"broken UTF-8.txt", "my talk \U0001f600 with Ann.txt"} <= accepted
    assert len(accepted) == 6
    read = rows(db, "SELECT (counts->>'inputs')::INTEGER FROM runs")
    assert read == [(len(accepted) + len(reasons),)]
    read = rows(db, "SELECT text FROM turns WHERE speaker = 'Ann'")
    assert read == [("The caf\u00e9's kettle kept breaking and I was fed up.",)] * 2


def test_a_folder_in_which_every_file_is_refused_is_published_without_interviews(
    whyswitch: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    done = whyswitch("run", "empty.txt", *RULES)
    assert done.returncode == 3, done.stderr
    db = tmp_path / "whyswitch.duckdb"
    assert rows(db, "SELECT (SELECT count(*) FROM transcripts), reason FROM rejects") == [(0, "empty")]


def test_no_words_of_a_participant_in_logs_or_errors(whyswitch: CommandLine, interviews: Path) -> None:
    (interviews / "canary.txt").write_text(
        f"Interviewer: Why?\n\nAnn: The {CANARY} kept breaking and I was fed up.\n"
    )
    (interviews / "odd.json").write_text(json.dumps({"results": {"items": [{CANARY: 1}]}}))
    for mode in ("json", "text"):
        done = whyswitch("run", "interviews", *RULES, "--log", mode, "--db", f"{mode}.duckdb")
        assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "absent"), 2, "there is no absent"),
        (("run", "folder"), 2, "no files under folder"),
        (("run", ".", "--set", "run.engine=slurm"), 2, "run.engine"),
        (("run", ".", "--set", "cluster.min_participant=2"), 2, "min_participants"),
        (("run", ".", "--config", "absent.toml"), 2, "cannot read the settings file"),
        (("run",), 2, "Missing argument"),
        (("query", "SELECT 1"), 2, "there is no whyswitch.duckdb"),
        (("status", "--db", "absent.duckdb"), 2, "there is no absent.duckdb"),
        (("eval", "."), 2, "no gold files"),
    ],
)
def test_wrong_use_is_told_with_exit_code_two(
    whyswitch: CommandLine, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "folder" / "of nothing").mkdir(parents=True)
    done = whyswitch(*arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_second_run_at_once_is_told_who_holds_the_state(
    whyswitch: CommandLine,
    interviews: Path,
    tmp_path: Path,
) -> None:
    from pipeline.state import hold

    with hold(tmp_path / "whyswitch.state.duckdb"):
        done = whyswitch("run", "interviews", *RULES)
    assert done.returncode == 4
    assert f"pid {os.getpid()}" in done.stderr


def test_query_and_status(whyswitch: CommandLine, interviews: Path) -> None:
    whyswitch("run", "interviews", *RULES)
    counted = whyswitch("query", "SELECT count(*) AS n FROM transcripts", "--format", "json")
    assert json.loads(counted.stdout) == [{"n": 4}]
    as_csv = whyswitch("query", "SELECT source, study FROM transcripts ORDER BY source LIMIT 1", "-f", "csv")
    assert as_csv.stdout.splitlines()[0] == "source,study"
    wrong = whyswitch("query", "SELECT nothing FROM nowhere")
    assert wrong.returncode == 2
    refused = whyswitch("query", "DELETE FROM statements")
    assert refused.returncode == 2
    told = whyswitch("status")
    assert "interviews" in told.stdout
    assert "(done)" in told.stdout


def test_every_command_is_documented_with_an_example(whyswitch: CommandLine) -> None:
    from pipeline.cli import app

    names = sorted(get_command(app).commands)  # type: ignore[attr-defined]
    assert {"run", "report", "status", "query", "eval"} <= set(names)
    for name in names:
        told = whyswitch(name, "--help")
        assert told.returncode == 0
        assert f"whyswitch {name}" in told.stdout, name
