"""What differs between two published files, found on rows of the tests' own and on two nights of an archive."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipeline.diff import Difference, as_json, compare, page, print_difference, published_file
from pipeline.errors import UsageError
from pipeline.store import TABLES
from tests.functional.conftest import RULE, Archive, interview_of

TEXT = "The old one broke <twice> a week. We never got round to it. The new one is quick."
Span = tuple[str, str, bool]
"""A statement: label, quote, whether it is for review."""


def made(path: Path, spans: Sequence[Span], *, source: str = "a.txt", key: str = "t-1", run: int = 1) -> Path:
    """A published file of one interview with these statements."""
    with duckdb.connect(str(path)) as connection:
        for table in TABLES:
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
        connection.execute("INSERT INTO transcripts (transcript_id, source) VALUES (?, ?)", [key, source])
        for label, quote, review in spans:
            start = TEXT.index(quote)
            connection.execute(
                "INSERT INTO statements (statement_id, transcript_id, source, turn_index, label, quote, char_start, "
                "char_end, score, needs_review) VALUES (?, ?, ?, 0, ?, ?, ?, ?, 0.5, ?)",
                [
                    f"s-{label}-{start}-{len(quote)}",
                    key,
                    source,
                    label,
                    quote,
                    start,
                    start + len(quote),
                    review,
                ],
            )
        connection.execute(
            "INSERT INTO runs (run_id, run_number, version, config, models) VALUES (?, ?, '0.1.0', ?, '{}')",
            [f"run-{run}", run, json.dumps({"extract": {"threshold_shift": run / 10}})],
        )
    return path


def kinds(
    tmp_path: Path, before: Sequence[Span], after: Sequence[Span]
) -> list[tuple[str, str | None, str | None]]:
    found = compare(made(tmp_path / "a.duckdb", before), made(tmp_path / "b.duckdb", after, run=2))
    return [(one.kind, one.label_before, one.label_after) for one in found.statements]


BROKE, ROUND, QUICK = (
    "The old one broke <twice> a week.",
    "We never got round to it.",
    "The new one is quick.",
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([("push", BROKE, False)], [("push", BROKE, False)], []),
        ([], [("push", BROKE, False)], [("gained", None, "push")]),
        ([("push", BROKE, False)], [], [("lost", "push", None)]),
        ([("push", BROKE, False)], [("anxiety", BROKE, False)], [("relabelled", "push", "anxiety")]),
        ([("push", BROKE, False)], [("push", "broke <twice>", False)], [("reshaped", "push", "push")]),
        ([("push", BROKE, True)], [("push", BROKE, False)], [("now_counts", "push", "push")]),
        ([("push", BROKE, False)], [("push", BROKE, True)], [("now_for_review", "push", "push")]),
        (
            [("push", BROKE, False), ("habit", ROUND, False)],
            [("pull", BROKE, False), ("pull", QUICK, False)],
            [("gained", None, "pull"), ("lost", "habit", None), ("relabelled", "push", "pull")],
        ),
        (  # the same label before the larger overlap
            [("push", "The old one broke", False), ("pull", "<twice> a week.", False)],
            [("pull", BROKE, False)],
            [("lost", "push", None), ("reshaped", "pull", "pull")],
        ),
    ],
)
def test_statements(
    tmp_path: Path,
    before: Sequence[Span],
    after: Sequence[Span],
    expected: list[tuple[str, str | None, str | None]],
) -> None:
    assert kinds(tmp_path, before, after) == expected


def test_interviews_and_settings(tmp_path: Path) -> None:
    old = made(tmp_path / "a.duckdb", [("push", BROKE, False)])
    renamed = compare(old, made(tmp_path / "b.duckdb", [("push", BROKE, False)], source="b.txt", run=2))
    assert [(one.kind, one.source, one.detail) for one in renamed.transcripts] == [
        ("renamed", "b.txt", "was a.txt")
    ]
    assert [(one.name, one.before, one.after) for one in renamed.settings] == [
        ("extract.threshold_shift", 0.1, 0.2)
    ]
    changed = compare(old, made(tmp_path / "c.duckdb", [("push", ROUND, False)], key="t-2", run=3))
    assert [(one.kind, one.detail) for one in changed.transcripts] == [("changed", "was t-1")]
    assert changed.kinds() == {"of_gone_interview": 1, "of_new_interview": 1}
    other = compare(old, made(tmp_path / "d.duckdb", [], key="t-2", source="d.txt", run=3))
    assert [(one.kind, one.source) for one in other.transcripts] == [("gone", "a.txt"), ("new", "d.txt")]


def test_quotes_are_escaped_in_html(tmp_path: Path) -> None:
    found = compare(
        made(tmp_path / "a.duckdb", []), made(tmp_path / "b.duckdb", [("push", BROKE, False)], run=2)
    )
    html = page(found)
    assert "broke &lt;twice&gt; a week" in html
    assert "<twice>" not in html
    assert "http" not in html.partition("<body>")[2]


def test_long_lists_are_cut_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = compare(
        made(tmp_path / "a.duckdb", []),
        made(
            tmp_path / "b.duckdb",
            [("push", BROKE, False), ("habit", ROUND, False), ("pull", QUICK, False)],
            run=2,
        ),
    )
    monkeypatch.setattr("pipeline.diff.html.MOST", 2)
    monkeypatch.setattr("pipeline.diff.told.MOST", 2)
    assert "1 more are in the JSON" in page(found)
    told = text(found)
    assert "3 statements gained, the first 2" in told
    assert told.count("turn 0]") == 2
    assert len(json.loads(as_json(found))["statements"]) == 3


def text(found: Difference) -> str:
    stream = io.StringIO()
    print_difference(found, Console(file=stream, width=200, markup=False))
    return stream.getvalue()


def test_two_nights_of_an_archive(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    first = archive.run("publish.keep=3").run_id
    (tmp_path / "rules" / "mine.toml").write_text(RULE)
    archive.write("new.txt", interview_of(9))
    archive.run("publish.keep=3", f"extract.rules={tmp_path}/rules")
    found = compare(published_file(first, archive.db), published_file("current", archive.db))
    assert [(one.kind, one.source) for one in found.transcripts] == [("new", "interviews/new.txt")]
    gained = found.kinds()["gained"]
    assert gained > 0
    assert all("vans" in str(one.quote_after) for one in found.statements if one.kind == "gained")
    assert f"extract: {tmp_path}/rules/mine.toml" in [one.name for one in found.settings]
    assert f"{gained} statements gained" in text(found)
    assert published_file("1", archive.db) == published_file(first, archive.db)
    assert published_file("2", archive.db) == archive.db


def test_the_same_file_says_the_same(archive: Archive) -> None:
    archive.run()
    found = compare(archive.db, archive.db)
    assert found.is_empty
    assert "Both say the same" in text(found)
    assert "Both say the same" in page(found)


def test_no_such_run_names_those_that_are_there(archive: Archive) -> None:
    run_id = archive.run().run_id
    with pytest.raises(UsageError, match="no kept run '99'") as caught:
        published_file("99", archive.db)
    assert run_id in caught.value.remedy
    (archive.folder / "x.duckdb").write_text("nothing")
    with pytest.raises(UsageError, match="no published whyswitch file"):
        compare(archive.folder / "x.duckdb", archive.db)
