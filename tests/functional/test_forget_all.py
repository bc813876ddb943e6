"""Nothing of a forgotten person is left in what was drawn from many: themes, their past, segments, switch stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline import forgetting
from pipeline.config import Settings, load_settings
from pipeline.curation import change
from pipeline.errors import PublishError, StateError
from pipeline.forgetting import Forgotten, Wish, forget
from pipeline.state import state_path
from tests.functional.conftest import Archive, interview_of

STORY = (Path(__file__).parents[1] / "fixtures/forget/story.txt").read_text("utf-8")
HERS = ("marmalade", "ledger", "quillbase", "tollgate", "husband", "dollar", "zubeida")
"""Words that nobody else says."""
DERIVED = {
    "statements": "statement_id", "measures": "measure_id", "switches": "switch_id", "switch_parts": "part_id",
    "products": "product_id",
}  # fmt: skip


def values(db: Path) -> Iterator[tuple[str, str]]:
    """(table, value) of everything in every table of a DuckDB file, lists taken apart."""
    with duckdb.connect(str(db), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            for row in connection.execute(f'FROM "{table}"').fetchall():
                for value in row:
                    if isinstance(value, list) and value and isinstance(value[0], float):
                        continue
                    yield from ((table, str(one)) for one in (value if isinstance(value, list) else [value]))


def left(archive: Archive, *words: str) -> set[tuple[str, str, str]]:
    """(file, table, word) wherever one of the words still is, in any value of any table."""
    return {
        (db.name, table, word)
        for db in archive.folder.rglob("*.duckdb")
        for table, value in values(db)
        for word in words
        if word in value.lower()
    }


SETTINGS = load_settings(None, ["extract.profile=rules"])
"""Those of the archive's runs: which encoder makes themes hangs on them."""


def done(archive: Archive, **wish: str) -> Forgotten:
    found = forget(archive.db, Wish(**wish), SETTINGS, agree=lambda _: True)
    assert found is not None
    return found


def hers(archive: Archive) -> str:
    return str(archive.rows("SELECT DISTINCT participant_id FROM turns WHERE speaker = 'Zubeida'")[0][0])


def ids(archive: Archive) -> list[str]:
    """Every id of what was made of her interview."""
    [(key,)] = archive.rows("SELECT DISTINCT transcript_id FROM turns WHERE speaker = 'Zubeida'")
    found = [str(key)]
    for table, column in DERIVED.items():
        rows = archive.state(f"SELECT {column} FROM {table} WHERE transcript_id = '{key}'")
        assert rows, table
        found += [str(row[0]) for row in rows]
    around = archive.state(
        "SELECT x.text_hash FROM statement_contexts x JOIN statements USING (statement_id) "
        f"WHERE transcript_id = '{key}'"
    )
    assert around
    return found + [str(row[0]) for row in around]


def push_of_hers(archive: Archive) -> tuple[str, str]:
    """A statement of hers and its theme."""
    rows = archive.rows(
        "SELECT statement_id, theme_id FROM statements WHERE speaker = 'Zubeida' AND label = 'push' "
        "AND theme_id IS NOT NULL ORDER BY 1"
    )
    return str(rows[0][0]), str(rows[0][1])


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Ten people and Zubeida: she was there when themes were fitted, another joined later."""
    made = Archive(tmp_path_factory.mktemp("two_nights"), 9)
    made.write("z.txt", STORY)
    made.run()
    made.write("09.txt", interview_of(9))
    made.run()
    return made


@pytest.fixture
def told(two_nights: Archive, tmp_path: Path) -> Archive:
    """A copy of these two nights."""
    shutil.copytree(two_nights.folder, tmp_path / "archive")
    return Archive(tmp_path / "archive", 0)


def test_no_table_of_either_database_keeps_anything(told: Archive) -> None:
    known = ids(told)
    assert {table for _, table, _ in left(told, *HERS)} >= {"themes", "turns", "products", "switch_parts"}
    done(told, participant=hers(told))
    assert left(told, *HERS, *known) == set()
    assert told.rows("SELECT count(*) FROM switches") == [(10,)]
    told.run()
    assert told.did == {}


def test_the_themes_are_those_of_an_archive_that_never_had_them(told: Archive, tmp_path: Path) -> None:
    done(told, participant=hers(told))
    fresh = Archive(tmp_path / "fresh", 10)
    fresh.run()
    runs = told.state("SELECT DISTINCT run_id FROM label_fits")
    assert runs == told.state("SELECT run_id FROM runs ORDER BY number DESC LIMIT 1")
    for sql in (
        "SELECT label, n_statements, n_noise, mean FROM label_fits ORDER BY label",
        "SELECT label, vector, reach, part_of IS NULL FROM theme_centres ORDER BY ALL",
        "SELECT label, keywords, n_statements, n_participants FROM themes WHERE status = 'active' ORDER BY ALL",
        "SELECT label, statement_id, strength, how FROM machine_members ORDER BY ALL",
        "SELECT statement_id, label, distance, reason FROM theme_noise ORDER BY ALL",
        "SELECT similarity, place FROM counter_evidence ORDER BY ALL",
        "SELECT * FROM segmentation",
        "SELECT statement_id, text_hash, context FROM statement_contexts ORDER BY ALL",
        "SELECT * FROM measures ORDER BY ALL",
        "SELECT * FROM products ORDER BY ALL",
        "SELECT * FROM switch_parts ORDER BY ALL",
    ):
        assert told.state(sql) == fresh.state(sql), sql


def test_names_of_the_past_lose_their_words(told: Archive) -> None:
    """A theme that was retired long ago, and titles in its history, are no place to be remembered in."""
    with duckdb.connect(str(state_path(told.db))) as connection:
        connection.execute("INSERT INTO runs (run_id, number) VALUES ('run-0', 0)")
        connection.execute(
            "INSERT INTO themes (theme_id, label, title, keywords, n_statements, n_participants, status, "
            "first_run_id, last_run_id, titled_by) VALUES ('th-old', 'push', 'Marmalade ledger, van, lose', "
            "['marmalade ledger', 'van', 'lose'], 2, 2, 'retired', 'run-0', 'run-0', 'phrases')"
        )
        for title in ("Marmalade ledger, van", "Tollgate crash", "Van"):
            connection.execute(
                "INSERT INTO theme_history VALUES ('run-0', 'th-old', ?, 'active', 2, 2)", [title]
            )
    assert done(told, participant=hers(told)).themes > 1
    assert told.rows("SELECT title, keywords FROM themes WHERE theme_id = 'th-old'") == [
        ("Van, lose", ["van", "lose"])
    ]
    history = told.rows("SELECT title FROM theme_history WHERE theme_id = 'th-old' ORDER BY ALL")
    assert history == [("(forgotten)",), ("Van",), ("Van",), ("Van, lose",)]


def test_what_people_decided_of_them_goes_and_the_rest_stays(told: Archive) -> None:
    statement, theme = push_of_hers(told)
    [(other,)] = told.rows(
        f"SELECT theme_id FROM themes WHERE label = 'push' AND status = 'active' AND theme_id <> '{theme}' LIMIT 1"
    )
    [(kept,)] = told.rows("SELECT min(theme_id) FROM themes WHERE label = 'habit' AND status = 'active'")
    [(retired,)] = told.rows("SELECT min(theme_id) FROM themes WHERE label = 'anxiety' AND status = 'active'")
    change(told.db, Settings(), "pin", {"statement": statement, "theme": str(other)})
    change(told.db, Settings(), "rename", {"theme": theme, "title": "Lost like the marmalade"})
    change(told.db, Settings(), "rename", {"theme": str(kept), "title": "Onboarding never begun"})
    change(told.db, Settings(), "retire", {"theme": str(retired), "reason": "only her husband"})
    told.run()
    assert told.rows(f"SELECT title FROM themes WHERE theme_id = '{theme}'") == [("Lost like the marmalade",)]
    found = done(told, participant=hers(told))
    assert found.decisions == 3
    text = (told.folder / "studies.themes.toml").read_text()
    assert "Onboarding never begun" in text
    assert str(retired) in text
    assert all(word not in text.lower() for word in (*HERS, statement))
    assert left(told, *HERS, statement) == set()
    assert told.rows("SELECT DISTINCT status FROM theme_curation") == [("applied",)]
    told.run()
    assert told.did == {}


def test_what_people_wrote_around_their_decisions_is_theirs_to_remove(told: Archive) -> None:
    path = told.folder / "studies.themes.toml"
    path.write_text("# Zubeida's theme needs another look\n")
    told.run()
    found = done(told, participant=hers(told))
    assert str(path) in found.left
    assert path.read_text().startswith("# Zubeida")


def test_kept_files_are_searched_for_earlier_readings_too(told: Archive) -> None:
    """What was read of a file before it was changed has other ids, and the same person in it."""
    told.write("z.txt", STORY.replace("three years", "four years"))
    told.run("publish.keep=5")
    told.write("10.txt", interview_of(10))
    told.run("publish.keep=5")
    found = done(told, participant=hers(told))
    assert found.kept_files == 2
    assert left(told, *HERS) == set()


def test_one_that_broke_off_is_gone_on_with(told: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    who, known = hers(told), ids(told)

    def full(*_: object, **__: object) -> None:
        raise PublishError("cannot publish studies.duckdb: No space left on device", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr(forgetting.store, "publish", full)
        with pytest.raises(StateError, match=r"holds nothing of it any more, but studies\.duckdb"):
            done(told, participant=who)
    assert left(told, who)
    again = done(told, participant=who)
    assert again.target.is_empty
    assert left(told, *HERS, *known) == set()
    with pytest.raises(forgetting.UsageError, match="nothing of"):
        done(told, participant=who)


def test_in_the_middle_of_a_change_what_is_missing_is_made(told: Archive) -> None:
    told.write("10.txt", interview_of(10).replace("twice in one month", "three times in one week"))
    told.run(only=("ingest", "extract"))
    assert told.rows("SELECT count(*) FROM transcripts") == [(11,)]
    done(told, participant=hers(told))
    assert left(told, *HERS) == set()
    assert told.rows("SELECT count(*) FROM transcripts") == [(11,)]
    assert told.rows("SELECT count(*) FROM statements ANTI JOIN vectors USING (text_hash)") == [(0,)]
    told.run()
    assert told.did == {}


def test_themes_are_made_by_the_settings_of_the_last_run(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 8)
    archive.write("z.txt", STORY)
    archive.run("cluster.min_participants=3", "cluster.context_weight=0")
    done(archive, participant=hers(archive))
    assert left(archive, *HERS) == set()
    archive.run("cluster.min_participants=3", "cluster.context_weight=0")
    assert archive.did == {}
    assert archive.rows("SELECT min(n_participants) >= 3 FROM themes WHERE status = 'active'") == [(True,)]
