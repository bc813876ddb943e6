"""What is told of a switch whose things are known: its kind, its end, its events, mentions and reasons.

``switch.tsv`` is meant to be extended: an interview in a line, with slashes (INT asks, several sentences of one
speaker are one turn, a sentence that is afraid or worried is an anxiety), then what is fired, hired and looked at as
well, which are given; then what must come out: kind, how it ended, how often each thing is mentioned, the worry told of
each candidate, and the values of all other parts. "-" = nothing. Which things are fired and hired is ``story.tsv``'s.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.extract.story.choosing import Chosen, Scored
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import things
from pipeline.extract.story.parting import shipped_talk
from pipeline.extract.story.pointing import pointing
from pipeline.extract.story.switch import put_together, switch
from pipeline.records import Statement, Switch, Transcript

HERE = Path(__file__).parent
SURE = {"other": 0.0, "fired": 0.5, "hired": 0.5, "refused": 0.0}
EMPTY = Transcript("t", "a.txt", "", "text", (), ())


def rows() -> list[dict[str, str]]:
    with (HERE / "switch.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def lines(text: str) -> list[Line]:
    """An interview written in one line."""
    found: list[Line] = []
    turn, start, before = -1, 0, ""
    for part in text.split(" / "):
        speaker, _, said = part.partition(": ")
        turn, start, before = (turn, start, before) if speaker == before else (turn + 1, 0, speaker)
        labels = frozenset({"anxiety"} if "afraid" in said or "worried" in said else ())
        found.append(Line(turn, speaker, speaker == "INT", start, said, labels))
        start += len(said) + 1
    return found


def known(told_of: list[Line], row: dict[str, str]) -> Chosen:
    """The things that a row gives."""
    found = {thing.name: Scored(thing, SURE) for thing in things(told_of, shipped_talk())}
    fired, hired = (found[row[role]] if row[role] != "-" else None for role in ("fired", "hired"))
    others = [] if row["looked at"] == "-" else row["looked at"].split(", ")
    return Chosen(fired, hired, tuple(found[name] for name in others))


def written(told: Switch, role: str) -> str:
    """What came out, in the words of a row."""
    names = {product.product_id: product for product in told.products}
    if role == "mentions":
        return ", ".join(f"{one.name} {one.n_mentions}" for one in told.products) or "-"
    if role == "reasons":
        return (
            ", ".join(
                f"{names[p.product_id].name}: {p.reason}" for p in told.parts if p.product_id and p.reason
            )
            or "-"
        )
    rest = [f"{p.part}: {p.value}" for p in told.parts if p.product_id is None and p.part != "ended"]
    return ", ".join(rest) or "-"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:80])
def test_what_is_told_of_a_switch(row: dict[str, str]) -> None:
    told_of = lines(row["text"])
    told = put_together(EMPTY, told_of, [], known(told_of, row))
    assert told is not None
    found = {name: written(told, name) for name in ("mentions", "reasons", "other parts")}
    found |= {"kind": told.kind or "-", "ended": told.ended or "-"}
    assert found == {name: row[name] for name in found}


def test_there_are_enough_rows_of_every_kind() -> None:
    kinds = [row["kind"] for row in rows()]
    assert len(kinds) >= 20
    for kind in ("like_for_like", "cross_category", "from_nothing", "stayed", "-"):
        assert kinds.count(kind) >= 2, kind


def test_a_product_of_the_metadata_is_taken_up_from_a_workaround() -> None:
    said = lines("ANN: I kept it in a notebook. / ANN: We ate Larderbox on Friday.")
    told = switch(Transcript("t", "a.txt", "", "text", (), (), metadata={"product": "Larderbox"}), said, [])
    assert told is not None
    assert told.kind == "cross_category"


def test_where_nothing_of_a_switch_is_told_there_is_none() -> None:
    said = lines("INT: How was your week? / ANN: Judith came up from Leeds. / ANN: It was raining in Leeds.")
    assert switch(EMPTY, said, []) is None


def push(line: Line, stage: str) -> Statement:
    return Statement(
        "s", "t", line.turn_index, "Ann", "p", "push", line.text, line.start, line.start + len(line.text), None, 0.7,
        False, stage, None, None, "{}", "h", line.text,
    )  # fmt: skip


def test_an_event_that_is_guessed_from_a_push_has_a_chance_and_one_that_is_told_has_none() -> None:
    said = lines("ANN: The orders got lost twice. / ANN: The second leak was the last straw.")
    told = switch(EMPTY, said, [push(said[0], "first_thought")])
    assert told is not None
    events = [(p.rank, p.value, p.score) for p in told.parts if p.part == "event_one"]
    assert events == [(1, "last straw", None), (2, "The orders got lost twice.", 0.7)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("INT: What of Ledgerly? / ANN: It lost the orders. / ANN: And it was slow. / ANN: We had tea.", [1, 2]),
        ("ANN: I tried Ledgerly. / ANN: We had tea. / ANN: It was slow.", []),
        ("ANN: I tried Ledgerly. / BEN: It was slow.", []),
        ("ANN: I tried Ledgerly and Bookwren. / ANN: It was slow.", []),
        ("ANN: I tried Ledgerly. / ANN: It was raining.", []),
        ("ANN: I tried Ledgerly. / ANN: It was about half past six.", []),
        ("ANN: I tried Ledgerly. / ANN: It was hard to say no.", []),
        ("ANN: I tried Ledgerly. / ANN: It's got a nice front page.", [1]),
        ("ANN: I tried Ledgerly. / ANN: They were kind.", []),
        ("ANN: I tried Ledgerly. / INT: Did it help?", []),
    ],
)  # fmt: skip
def test_it_is_a_product_where_the_sentence_before_tells_which(said: str, meant: list[int]) -> None:
    told_of = lines(said)
    named = [thing for thing in things(told_of, shipped_talk()) if thing.is_name]
    assert pointing(told_of, named).get("ledgerly", []) == meant
