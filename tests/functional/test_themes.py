"""Themes from the command line: what stands, what stood, and corrections that last."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import load_settings
from pipeline.curation import change, list_themes, tell
from pipeline.engines import SerialEngine
from pipeline.errors import UsageError
from pipeline.runner import Job, run
from tests.functional.conftest import Archive, CommandLine, Heard, content, interview_of

SETTINGS = load_settings()


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Nine interviews, published; tests that change anything make a run of their own."""
    archive = Archive(tmp_path_factory.mktemp("studied"), 9)
    archive.run()
    return archive


def one(archive: Archive, label: str) -> str:
    """The strongest theme of a label."""
    return str(archive.rows(
        f"SELECT theme_id FROM themes WHERE label = '{label}' AND status = 'active' ORDER BY n_statements DESC, 1"
    )[0][0])  # fmt: skip


def standing(archive: Archive) -> dict[object, object]:
    """theme_id -> title of all active themes."""
    return dict(archive.rows("SELECT theme_id, title FROM themes WHERE status = 'active'"))  # type: ignore[arg-type]


def test_a_decision_lasts_through_nights_refits_and_reprocessing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    theme = one(archive, "push")
    change(archive.db, SETTINGS, "rename", {"theme": theme, "title": "The booking book"})
    archive.run()
    assert archive.did == {"cluster": 5}
    assert standing(archive)[theme] == "The booking book"
    archive.write("new.txt", interview_of(9))
    archive.run()
    assert standing(archive)[theme] == "The booking book"
    archive.run("cluster.min_participants=3")
    assert standing(archive)[theme] == "The booking book"
    archive.run(force=("ingest", "extract", "cluster"))
    assert standing(archive)[theme] == "The booking book"
    assert archive.rows(f"SELECT titled_by FROM themes WHERE theme_id = '{theme}'") == [("people",)]


def test_themes_keep_ids_and_titles_when_every_interview_is_read_anew(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    settings = ("cluster.refit=never", "cluster.context_weight=0")
    archive.run(*settings)
    before, statements = standing(archive), archive.rows("SELECT statement_id FROM statements")
    theme = one(archive, "push")
    change(archive.db, SETTINGS, "rename", {"theme": theme, "title": "The booking book"})
    for n in range(9):
        told = interview_of(n).replace(f"Person{n}: ", f"Person{n}: Well. ")
        archive.write(f"{n:02}.txt", told)
    archive.run(*settings)
    assert not set(statements) & set(archive.rows("SELECT statement_id FROM statements"))
    assert standing(archive).keys() == before.keys()
    assert standing(archive)[theme] == "The booking book"
    assert archive.rows("SELECT DISTINCT event FROM theme_lineage WHERE event IN ('retired', 'split')") == []


def test_what_people_retire_is_noise_with_a_reason(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    theme = one(archive, "push")
    before = archive.rows(f"SELECT count(*) FROM theme_members WHERE theme_id = '{theme}'")
    change(archive.db, SETTINGS, "retire", {"theme": theme, "reason": "small talk"})
    archive.run()
    assert theme not in standing(archive)
    assert archive.rows("SELECT count(*) FROM theme_noise WHERE reason = 'retired_by_people'") == before
    events = archive.rows(f"SELECT event FROM theme_lineage WHERE theme_id = '{theme}'")
    assert events == [("born",), ("retired",)]
    assert theme in {row.theme_id for row in list_themes(archive.db, as_of="1")}
    (archive.folder / "studies.themes.toml").unlink()
    archive.run()
    assert theme in standing(archive)


def test_a_pin_moves_a_statement(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    [(statement, here), *_] = archive.rows(
        "SELECT statement_id, theme_id FROM statements WHERE label = 'push' AND theme_id IS NOT NULL ORDER BY 1"
    )
    others = archive.rows(
        f"SELECT theme_id FROM themes WHERE label = 'push' AND status = 'active' AND theme_id <> '{here}' ORDER BY 1"
    )
    if not others:
        pytest.skip("the archive has one theme of push alone")
    change(archive.db, SETTINGS, "pin", {"statement": str(statement), "theme": str(others[0][0])})
    archive.run()
    assert archive.rows(f"SELECT theme_id, how FROM theme_members WHERE statement_id = '{statement}'") == [
        (others[0][0], "pinned")
    ]


def test_a_decision_that_cannot_be_is_refused_and_not_written(studied: Archive) -> None:
    push, anxiety = one(studied, "push"), one(studied, "anxiety")
    with pytest.raises(UsageError, match="no theme of the same label"):
        change(studied.db, SETTINGS, "merge", {"theme": push, "into": anxiety})
    with pytest.raises(UsageError, match="no id starts with"):
        change(studied.db, SETTINGS, "rename", {"theme": "th-nowhere", "title": "x"})
    assert not (studied.folder / "studies.themes.toml").exists()


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_title_has_words_and_an_end(studied: Archive, title: str) -> None:
    with pytest.raises(UsageError, match="this cannot be done: title"):
        change(studied.db, SETTINGS, "rename", {"theme": one(studied, "push"), "title": title})
    assert not (studied.folder / "studies.themes.toml").exists()


def test_an_entry_that_nobody_knows_is_told_and_stops_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 6)
    (archive.folder / "studies.themes.toml").write_text('[[retire]]\ntheme = "th-of-another-archive"\n')
    summary = archive.run()
    assert summary.counts["curation_conflicts"] == 1
    assert archive.rows("SELECT entry, status FROM theme_curation") == [("retire 1", "conflict")]


def test_a_decision_on_a_theme_that_is_gone_stops_no_night(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    theme = one(archive, "habit")
    archive.run("cluster.min_participants=50")
    assert archive.rows(f"SELECT status FROM themes WHERE theme_id = '{theme}'") == [("retired",)]
    [(statement,), *_] = archive.rows("SELECT statement_id FROM statements WHERE label = 'habit' ORDER BY 1")
    with pytest.raises(UsageError, match="does not stand any more"):
        change(archive.db, SETTINGS, "pin", {"statement": str(statement), "theme": theme})
    (archive.folder / "studies.themes.toml").write_text(
        f'[[pin]]\nstatement = "{statement}"\ntheme = "{theme}"\n\n[[retire]]\ntheme = "{theme}"\n'
    )
    summary = archive.run("cluster.min_participants=50")
    assert summary.counts["curation_conflicts"] == 2
    assert archive.rows("SELECT max(run_number) FROM runs") == [(3,)]


def test_noise_of_every_run_stands_beside_its_statements(studied: Archive) -> None:
    found = studied.rows("SELECT label, n_statements, n_noise, share FROM noise_by_run WHERE run_number = 1")
    counted = studied.rows(
        "SELECT label, count(*), count(*) FILTER (theme_id IS NULL) FROM statements WHERE NOT needs_review "
        "GROUP BY label ORDER BY label"
    )
    assert [row[:3] for row in found] == counted
    assert all(0 <= float(str(row[3])) <= 1 for row in found)


def test_trends_count_each_person_once(studied: Archive) -> None:
    assert (
        studied.rows("SELECT DISTINCT role FROM themes_by_product WHERE role NOT IN ('fired', 'hired')") == []
    )
    over = studied.rows(
        "SELECT t.theme_id FROM themes_by_study t JOIN themes h USING (theme_id) "
        "WHERE t.n_participants > h.n_participants"
    )
    assert over == []


def test_one_theme_is_told_with_its_life(studied: Archive) -> None:
    theme = one(studied, "push")
    told = tell(studied.db, theme[:10])
    assert told.theme["theme_id"] == theme
    assert told.quotes
    assert told.events == [(1, "born", None, None)]


def test_one_theme_is_told_as_it_was(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    archive.run()
    theme = one(archive, "push")
    then = tell(archive.db, theme, quotes=99)
    change(archive.db, SETTINGS, "retire", {"theme": theme})
    archive.run()
    assert tell(archive.db, theme).theme["status"] == "retired"
    told = tell(archive.db, theme, as_of="1", quotes=99)
    assert (told.theme["status"], told.theme["title"]) == ("active", then.theme["title"])
    assert sorted(told.quotes) == sorted(then.quotes)
    assert told.theme["n_statements"] == len(told.quotes)
    assert told.events == [(1, "born", None, None)]
    with pytest.raises(UsageError, match="no run"):
        tell(archive.db, theme, as_of="7")


def test_the_order_of_files_changes_no_theme(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 9)
    files = sorted(str(path) for path in archive.inputs.iterdir())
    settings = load_settings(None, ["extract.profile=rules"])
    found = []
    for name, order in (("forward", files), ("backward", files[::-1])):
        db = tmp_path / f"{name}.duckdb"
        run(Job(tuple(order), db, settings), Heard(), mapper=SerialEngine())
        made = content(db)
        found.append(
            {table: made[table] for table in made if "theme" in table or table == "counter_evidence"}
        )
    assert found[0]["themes"]
    assert found[0] == found[1]


def test_the_command_lists_and_corrects(studied: Archive, whyswitch: CommandLine) -> None:
    listed = whyswitch("themes", "--db", studied.db, "--json", "--as-of", "1")
    assert [row["theme_id"] for row in json.loads(listed.stdout)] == [
        row.theme_id for row in list_themes(studied.db)
    ]
    unknown = whyswitch("themes", "--db", studied.db, "--as-of", "77")
    assert unknown.returncode == 2
    for name in ("show", "rename", "merge", "split", "pin", "retire"):
        told = whyswitch("themes", name, "--help")
        assert f"whyswitch themes {name}" in told.stdout
