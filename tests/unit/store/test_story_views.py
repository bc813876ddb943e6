"""The views drawn from the story: what stops them, four questions, job stories, coverage, saturation, needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.records import TIMELINE, content_id
from pipeline.store import VIEWS
from pipeline.store.gaps import ASK, BASE, RUN
from pipeline.store.shape import VALUE, View
from pipeline.store.story import SWITCHES
from tests.unit.report.published_file import PublishedFile

TURNS = [
    ("interviewer", "Int", "How was it?"),
    (
        "participant",
        "Ann",
        "The ledger got wet twice. I want to see who owes what. I'd done it so for years.",
    ),
    ("interviewer", "Int", "And then?"),
    ("participant", "Ann", "I was afraid of losing the old pages. The till did the sums at once."),
    ("interviewer", "Int", "Did that help?"),
    ("participant", "Ann", "Yes."),
    ("interviewer", "Int", "Anything else?"),
    ("participant", "Ann", "The ledger got wet a third time and that was that."),
]


class Shop:
    """One interview with an outcome and the forces around it; the ids of its statements by name."""

    def __init__(self, folder: Path) -> None:
        made = PublishedFile()
        key = self.key = made.interview(
            "shop.txt", TURNS, study="tills", interview_date="2026-01-01", metadata='{"segment": "corner"}'
        )
        self.outcome = made.statement(key, 1, "outcome", "I want to see who owes what.")
        made.outcome(self.outcome, "increase the likelihood of seeing who owes what", job_step="monitor")
        self.push = made.statement(key, 1, "push", "The ledger got wet twice.", stage="first_thought")
        self.habit = made.statement(key, 1, "habit", "I'd done it so for years.")
        self.anxiety = made.statement(key, 3, "anxiety", "I was afraid of losing the old pages.")
        self.pull = made.statement(key, 3, "pull", "The till did the sums at once.")
        self.led = made.statement(key, 5, "pull", "Yes.", led=True)
        self.late = made.statement(key, 7, "push", "The ledger got wet a third time and that was that.")
        quote = "The ledger got wet twice."
        switch = content_id("w", key)
        made.add("switches", switch_id=switch, transcript_id=key, source="shop.txt", participant_id="Ann")
        place = {"turn_index": 1, "quote": quote, "char_start": 0, "char_end": len(quote)}
        fired = {"part_id": "a1", "part": "fired", "rank": 1, "value": "ledger"}
        made.add("switch_parts", switch_id=switch, transcript_id=key, **fired, **place)
        last = "The ledger got wet a third time and that was that."
        for number, (part, text, turn, score) in enumerate(
            (("event_one", quote, 1, 0.7), ("event_two", last, 7, None))
        ):
            event = {"part_id": f"e{number}", "part": part, "rank": 1, "value": text, "score": score}
            where = {"turn_index": turn, "quote": text, "char_start": 0, "char_end": len(text)}
            made.add("switch_parts", switch_id=switch, transcript_id=key, **event, **where)
        made.interview("silent.txt", TURNS[:1], study="tills", interview_date="2026-01-02")
        self.connection = duckdb.connect(str(made.save(folder / "shop.duckdb")), read_only=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query gives."""
        return self.connection.execute(sql).fetchall()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The published file of the shop."""
    made = Shop(tmp_path)
    yield made
    made.connection.close()


def test_impediments_say_why_they_are_linked(shop: Shop) -> None:
    found = shop.rows(
        "SELECT statement_id, label, reason, rank FROM impediments WHERE reason <> 'same topic'"
    )
    assert {(row[0], row[2]) for row in found} == {
        (shop.push, "same turn"), (shop.habit, "same turn"), (shop.anxiety, "neighbouring turn"),
    }  # fmt: skip
    assert sorted(row[3] for row in found) == [1, 2, 3]


def test_what_is_far_is_linked_by_topic_alone(shop: Shop) -> None:
    found = shop.rows(f"SELECT reason, similarity FROM told_with WHERE statement_id = '{shop.late}'")
    assert all(reason == "same topic" and similarity >= 0.5 for reason, similarity in found)


def test_led_answers_are_linked_to_nothing(shop: Shop) -> None:
    assert shop.rows(f"FROM told_with WHERE statement_id = '{shop.led}'") == []
    assert shop.rows(f"FROM four_questions WHERE told_id = '{shop.led}'") == []


def test_four_questions_are_answered_in_quotes(shop: Shop) -> None:
    found = shop.rows("SELECT question, quote FROM four_questions WHERE source = 'shop.txt' AND rank = 1")
    assert dict(found) == {
        "trying_to_do": "I want to see who owes what.",
        "in_the_way": "The ledger got wet twice.",
        "until_then": "The ledger got wet twice.",
        "better": "The till did the sums at once.",
    }


def test_a_question_nobody_answered_stands_without_an_answer(shop: Shop) -> None:
    found = shop.rows("SELECT quote, rank FROM four_questions WHERE source = 'silent.txt'")
    assert found == [(None, None)] * 4


def test_four_questions_by_study_count_people(shop: Shop) -> None:
    found = shop.rows(
        "SELECT answer, n_participants, quotes FROM four_questions_by_study WHERE question = 'until_then'"
    )
    assert found == [("ledger", 1, ["The ledger got wet twice."])]


def test_a_job_story_is_made_of_what_was_told(shop: Shop) -> None:
    found = shop.rows("SELECT job_story, when_id, want_id, so_id, empty_parts FROM job_stories")
    assert found == [
        (
            "When “The ledger got wet twice”, I want to increase the likelihood of seeing who owes what, so I can "
            "“The till did the sums at once”.",
            shop.push, shop.outcome, shop.pull, [],
        )
    ]  # fmt: skip


def test_empty_parts_of_a_job_story_stay_visibly_empty(tmp_path: Path) -> None:
    made = PublishedFile()
    key = made.interview("bare.txt", [("participant", "Ann", "I want to see who owes what.")])
    statement = made.statement(key, 0, "outcome", "I want to see who owes what.")
    made.outcome(statement, None, verdict="vague_object")
    with duckdb.connect(str(made.save(tmp_path / "bare.duckdb")), read_only=True) as connection:
        found = connection.execute("SELECT job_story, empty_parts FROM job_stories").fetchall()
    assert found == [
        (
            "When [not told], I want “I want to see who owes what”, so I can [not told].",
            ["when", "want", "so"],
        )
    ]


def test_coverage_asks_for_what_was_not_told(shop: Shop) -> None:
    found = shop.rows(
        "SELECT value, status, ask_next_time FROM coverage WHERE source = 'shop.txt' AND aspect = 'stage'"
    )
    told = {value for value, status, ask in found if status == "told" and ask is None}
    asked = {value for value, status, ask in found if status == "not discussed" and ask.endswith("?")}
    assert told == {"first_thought"}
    assert asked == set(TIMELINE) - told


def test_an_interview_that_says_nothing_lacks_everything(shop: Shop) -> None:
    assert shop.rows("SELECT count(*) FROM coverage WHERE source = 'silent.txt' AND n_told = 0") == [
        (len(ASK),)
    ]


def test_needs_count_people_and_say_nothing_of_importance(shop: Shop) -> None:
    found = shop.rows("SELECT statement, n_participants, job_step FROM needs")
    assert found == [("increase the likelihood of seeing who owes what", 1, "monitor")]
    assert shop.rows("FROM opportunities") == []


def test_saturation_by_new_themes_of_further_interviews(tmp_path: Path) -> None:
    made = PublishedFile()
    said = ["wet", "torn", "lost", "slow", "wet", "wet"]
    assert len(said) == BASE + RUN
    by_theme: dict[str, list[str]] = {}
    for number, word in enumerate(said):
        text = f"It was {word}."
        key = made.interview(f"{number}.txt", [("participant", f"P{number}", text)], study="one")
        by_theme.setdefault(word, []).append(made.statement(key, 0, "push", text))
    for word, ids in by_theme.items():
        made.theme("push", word, ids)
    with duckdb.connect(str(made.save(tmp_path / "s.duckdb")), read_only=True) as connection:
        found = connection.execute(
            "SELECT new_themes, themes_so_far, new_information, tells_nothing_new FROM saturation"
        ).fetchall()
    assert [row[0] for row in found] == [1, 1, 1, 1, 0, 0]
    assert [row[1] for row in found] == [1, 2, 3, 4, 4, 4]
    assert [row[2:] for row in found] == [(None, None)] * (BASE + RUN - 1) + [(0.0, True)]


def test_an_event_that_is_only_guessed_is_not_told(shop: Shop) -> None:
    found = shop.rows("SELECT value, status FROM coverage WHERE source = 'shop.txt' AND value LIKE 'event%'")
    assert dict(found) == {"event_one": "not discussed", "event_two": "told"}


def test_the_timeline_has_the_events_that_are_told(shop: Shop) -> None:
    found = shop.rows("SELECT stage, label, event_one_quote, event_two_quote FROM timeline")
    last = "The ledger got wet a third time and that was that."
    assert found == [("first_thought", "push", None, last)]


def test_a_guessed_event_is_no_when_of_a_job_story(tmp_path: Path) -> None:
    made = PublishedFile()
    said = "The ledger got wet. I want to see who owes what."
    key = made.interview("bare.txt", [("participant", "Ann", said)])
    made.outcome(made.statement(key, 0, "outcome", "I want to see who owes what."), "increase it")
    place = {"turn_index": 0, "quote": "The ledger got wet.", "char_start": 0, "char_end": 19}
    event = {"part_id": "e", "part": "event_one", "rank": 1, "value": "wet", "score": 0.7}
    made.add("switch_parts", switch_id="w", transcript_id=key, **event, **place)
    with duckdb.connect(str(made.save(tmp_path / "bare.duckdb")), read_only=True) as connection:
        found = connection.execute("SELECT when_quote, empty_parts FROM job_stories").fetchall()
    assert found == [(None, ["when", "so"])]


def test_the_events_of_a_switch_are_those_that_are_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS state")
        connection.execute("CREATE TABLE state.transcripts AS SELECT 't' AS transcript_id, 'h' AS sha256")
        connection.execute(
            "CREATE TABLE state.sources AS SELECT 'h' AS sha256, 'a.txt' AS source, NULL AS shown, "
            "'present' AS status"
        )
        connection.execute(
            "CREATE TABLE state.switches AS SELECT 'w' AS switch_id, 't' AS transcript_id, NULL AS participant_id, "
            "NULL AS kind, NULL AS ended"
        )
        connection.execute(
            "CREATE TABLE state.switch_parts AS SELECT 'w' AS switch_id, 1 AS rank, p.part, p.quote AS value, p.quote, "
            "p.score FROM (VALUES ('event_one', 'It was slow.', 0.7), ('event_two', 'The last straw.', NULL)) "
            "p(part, quote, score)"
        )
        connection.execute("CREATE TABLE state.extractions AS SELECT 't' AS transcript_id, 'r1' AS run_id")
        row = connection.execute(SWITCHES.query).fetchall()[0]
    told = dict(zip((column.name for column in SWITCHES.columns), row, strict=True))
    assert (told["event_one_quote"], told["event_two_quote"]) == (None, "The last straw.")


@pytest.mark.parametrize(
    "view", [v for v in VIEWS if "transcript_id" in dict(v.columns)], ids=lambda view: view.name
)
def test_every_view_of_interviews_can_be_grouped_by_metadata(shop: Shop, view: View) -> None:
    assert view.columns[-1][0] == "metadata"
    found = shop.rows(f"SELECT metadata->>'segment', count(*) FROM {view.name} GROUP BY ALL")
    of_the_shop = shop.rows(f"SELECT count(*) FROM {view.name} WHERE transcript_id = '{shop.key}'")[0][0]
    assert dict(found).get("corner", 0) == of_the_shop
    assert of_the_shop or view.name == "measured_statements"


KEYS_OF = {
    "needs": "needs_by_metadata",
    "segments": "segments_by_metadata",
    **dict.fromkeys(
        ("top_themes", "themes_by_month", "themes_by_study", "themes_by_product", "theme_changes"),
        "themes_by_metadata",
    ),
}
"""Views whose rows are of many interviews -> the view that counts the same by key and value."""
ROWS_OF = {"four_questions_by_study": "four_questions", "noise_share": "noise"}
"""Views that sum up the rows of another, in which metadata stand."""
OF_NO_INTERVIEW = {"noise_by_run", "opportunities"}
"""Runs, and respondents of a survey with its own segments."""


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three interviews in two regions with something in every view of interviews."""
    made, wants = PublishedFile(), []
    said = (
        "I want to see who owes what. It took two hours. It was slow. I was afraid. It was fast. It rained."
    )
    for number, region in enumerate(("north", "north", "south")):
        key = made.interview(
            f"{number}.txt",
            [("participant", f"P{number}", said)],
            study="tills",
            interview_date="2026-01-01",
            metadata=json.dumps({"region": region}),
        )
        wants.append(made.statement(key, 0, "outcome", "I want to see who owes what.", stage="deciding"))
        made.outcome(wants[-1], "increase the likelihood of seeing who owes what")
        slow = made.statement(key, 0, "push", "It took two hours.")
        start = said.index("two hours")
        place = {"turn_index": 0, "quote": "two hours", "char_start": start, "char_end": start + 9}
        made.add(
            "measures",
            measure_id=f"m{number}",
            statement_id=slow,
            transcript_id=key,
            kind="duration",
            **place,
        )
        worry = made.statement(key, 0, "anxiety", "I was afraid.")
        made.add("segment_members", segment_id="s1", participant_id=f"P{number}")
    theme = made.theme("outcome", "who owes what", wants)
    made.add("counter_evidence", theme_id=theme, statement_id=worry, similarity=0.5, place=1)
    made.add("segment_traits", segment_id="s1", theme_id=theme, share_inside=1.0, share_outside=0.0, place=1)
    path = made.save(tmp_path_factory.mktemp("regions") / "regions.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_can_be_grouped_by_a_key(regions: duckdb.DuckDBPyConnection, view: View) -> None:
    if view.name in OF_NO_INTERVIEW:
        return
    name = KEYS_OF.get(view.name) or ROWS_OF.get(view.name) or view.name
    columns = [column for column, _ in next(v for v in VIEWS if v.name == name).columns]
    region = "value" if "value" in columns and "key" in columns else "metadata->>'region'"
    assert region == "value" or columns[-1] == "metadata"
    found = dict(regions.execute(f"SELECT {region}, count(*) FROM {name} GROUP BY ALL").fetchall())
    assert found.get("south"), found
    assert set(found) <= {"north", "south"}


@pytest.mark.parametrize("key", ['a "x" b', "back\\slash", "p/q~"])
def test_a_key_may_hold_quotes_and_slashes(regions: duckdb.DuckDBPyConnection, key: str) -> None:
    found = regions.execute(
        f"SELECT {VALUE} FROM (SELECT json_object($key, 'v') AS metadata) t, (SELECT $key AS key) k",
        {"key": key},
    ).fetchall()
    assert found == [("v",)]


def test_needs_and_segments_are_counted_by_key(regions: duckdb.DuckDBPyConnection) -> None:
    people = regions.execute(
        "SELECT key, value, n_participants FROM needs_by_metadata ORDER BY value"
    ).fetchall()
    assert people == [("region", "north", 2), ("region", "south", 1)]
    people = regions.execute(
        "SELECT key, value, n_people FROM segments_by_metadata ORDER BY value"
    ).fetchall()
    assert people == [("region", "north", 2), ("region", "south", 1)]


def test_a_theme_told_by_led_answers_alone_is_nothing_new(tmp_path: Path) -> None:
    made = PublishedFile()
    first = made.interview("1.txt", [("participant", "Ann", "It was slow.")], study="one")
    led = made.interview("2.txt", [("participant", "Ben", "Yes, slow.")], study="one")
    made.theme(
        "push",
        "slow",
        [
            made.statement(first, 0, "push", "It was slow."),
            made.statement(led, 0, "push", "Yes, slow.", led=True),
        ],
    )
    with duckdb.connect(str(made.save(tmp_path / "led.duckdb")), read_only=True) as connection:
        assert connection.execute("SELECT n_themes FROM saturation").fetchall() == [(1,), (0,)]


def test_led_answers_make_no_need_and_are_not_told(tmp_path: Path) -> None:
    made = PublishedFile()
    turns = [("interviewer", "Int", "You want to see who owes what?"), ("participant", "Ann", "Yes, I do.")]
    key = made.interview("led.txt", turns)
    statement = made.statement(key, 1, "outcome", "Yes, I do.", led=True, stage="deciding")
    made.outcome(statement, "increase it", job_step="monitor")
    with duckdb.connect(str(made.save(tmp_path / "led.duckdb")), read_only=True) as connection:
        assert connection.execute("FROM needs").fetchall() == []
        told = connection.execute("SELECT value FROM coverage WHERE status = 'told'").fetchall()
    assert told == []
