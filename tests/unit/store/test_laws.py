"""Every law finds what breaks it, and nothing in a file that is as it should be."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.store.laws import LAWS, broken_laws
from tests.unit.report.published_file import PublishedFile

ANN, BEN = "The ledger got wet twice.", "Our ledger fell into the sink."
GOAL = "I want to see who owes what."

BREACHES = {
    "every quote is in its turn at its offsets": "UPDATE statements SET char_start = char_start + 1",
    "every statement's speaker is a participant": "UPDATE turns SET role = 'interviewer'",
    "transcript ids are unique": "INSERT INTO transcripts FROM transcripts LIMIT 1",
    "every turn stands in its interview once": "INSERT INTO turns FROM turns ORDER BY ALL LIMIT 1",
    "statement ids are unique": "INSERT INTO statements FROM statements LIMIT 1",
    "every theme of a statement exists, is active and has its label": "UPDATE themes SET status = 'retired'",
    "support is counted in participants": "UPDATE themes SET n_participants = NULL",
    "no statement is in two themes": "INSERT INTO theme_members FROM theme_members LIMIT 1",
    "the members of themes are the statements that name them": "DELETE FROM theme_members WHERE statement_id = $ben",
    "the exemplar of an active theme is one of its members": "UPDATE themes SET exemplar_statement_id = $goal",
    "every theme in the lineage is known": "INSERT INTO theme_lineage (theme_id, event) VALUES ('th0', 'born')",
    "a theme that went on kept at least half of its statements": (
        "UPDATE theme_lineage SET event = 'continued', overlap = 0.49"
    ),
    "every statement that counts is in a theme or in the noise, never in both": "DELETE FROM theme_noise",
    "every outcome is an outcome statement": "UPDATE outcomes SET statement_id = $ben",
    "no statement has two outcomes": "INSERT INTO outcomes FROM outcomes",
    "every measure is in its turn at its offsets, and of a statement": "UPDATE measures SET char_end = 3",
    "every part of a switch, and every product, is in its turn at its offsets": "UPDATE products SET quote = 'x'",
    "no input is both accepted and rejected by ingest": (
        "INSERT INTO rejects (source, stage) SELECT source, 'ingest' FROM transcripts LIMIT 1"
    ),
    "every input is an interview or a reject": "INSERT INTO rejects (source, stage) VALUES ('c.txt', 'scan')",
    "every statement that counts has its vector": "DELETE FROM vectors",
}
"""What holds -> what breaks it."""

STRANGERS = {
    "a member that no statement names": "UPDATE statements SET theme_id = NULL WHERE statement_id = $ben",
    "a member that is no statement": "UPDATE theme_members SET statement_id = 'st0' WHERE statement_id = $ben",
    "another theme": "UPDATE theme_members SET theme_id = 'th0' WHERE statement_id = $ben",
}


class Made:
    """A published file on which every law holds, and the ids of its statements by name."""

    def __init__(self, folder: Path) -> None:
        made = PublishedFile()
        turns = [("interviewer", "Int", "And then?")]
        first = made.interview("a.txt", [*turns, ("participant", "Ann", f"{ANN} {GOAL}")])
        second = made.interview("b.txt", [*turns, ("participant", "Ben", BEN)])
        ann = made.statement(first, 1, "push", ANN)
        self.ids = {
            "ben": made.statement(second, 1, "push", BEN),
            "goal": made.statement(first, 1, "outcome", GOAL),
        }
        made.outcome(self.ids["goal"], "see who owes what")
        theme = made.theme("push", "The ledger got wet", [ann, self.ids["ben"]])
        made.add("theme_lineage", run_id="run-1", theme_id=theme, event="born")
        place = {"transcript_id": first, "turn_index": 1, "quote": ANN, "char_start": 0, "char_end": len(ANN)}
        made.add("measures", measure_id="m1", statement_id=ann, **place)
        made.add("products", product_id="p1", **place)
        made.reject("empty.txt", "empty")
        made.tables["runs"][0]["counts"] = '{"inputs": 3}'
        self.path = made.save(folder / "made.duckdb")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("laws"))


def broken_by(made: Made, folder: Path, sql: str) -> set[str]:
    """The laws that do not hold any more when something was done to a copy of the file."""
    copy = shutil.copy(made.path, folder / "broken.duckdb")
    with duckdb.connect(str(copy)) as connection:
        named = {name: key for name, key in made.ids.items() if f"${name}" in sql}
        connection.execute(sql, named or None)
        return {told.rpartition(" (")[0] for told in broken_laws(connection)}


def test_every_law_has_its_breach() -> None:
    assert set(BREACHES) == {law for law, _ in LAWS}


@pytest.mark.parametrize("law", BREACHES)
def test_a_law_finds_its_breach(made: Made, tmp_path: Path, law: str) -> None:
    assert law in broken_by(made, tmp_path, BREACHES[law])


@pytest.mark.parametrize("sql", STRANGERS.values(), ids=STRANGERS)
def test_members_and_statements_are_compared_both_ways(made: Made, tmp_path: Path, sql: str) -> None:
    law = "the members of themes are the statements that name them"
    assert law in broken_by(made, tmp_path, sql)


def test_a_theme_whose_statements_people_pinned_elsewhere_needs_no_exemplar(
    made: Made, tmp_path: Path
) -> None:
    columns = "theme_id, label, status, n_statements, n_participants"
    empty = f"INSERT INTO themes ({columns}) VALUES ('t', 'push', 'active', 0, 0)"
    assert broken_by(made, tmp_path, empty) == set()
