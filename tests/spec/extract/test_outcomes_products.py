"""Outcome sentences that name a product of their own interview.

``outcomes_products.tsv`` is meant to be extended: a sentence, the names that the interview tells of (with slashes),
the statement that is made of it, and the verdict. A name that can be left out is left out; else the draft is not sound.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pytest
from spacy.language import Language

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.extract.outcomes import anatomy
from pipeline.extract.own_names import own_names, solution_free
from pipeline.extract.sentences import sentences
from pipeline.records import Outcome, Product, Speaker, Statement, Switch, Transcript, Turn

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def english() -> Language:
    return extract.english(ExtractSettings())


def rows() -> list[dict[str, str]]:
    with (HERE / "outcomes_products.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def transcript(text: str, **metadata: str) -> Transcript:
    turns = (Turn(0, "Ann", text, "participant", "p"),)
    return Transcript(
        "t", "a.txt", "", "text", turns, (Speaker("Ann", "participant", 1, "x"),), metadata=metadata
    )


def freed(text: str, names: tuple[str, ...], *, end: int | None = None) -> Outcome:
    """The outcome of a turn of one sentence, in an interview that tells of the names; ``end`` cuts the statement."""
    dialogue = sentences(transcript(text), english())
    said = Statement(
        "s", "t", 0, "Ann", "p", "outcome", text, 0, end or len(text), None, 0.9, False, None, None, None, "{}",
        "h", text, anatomy("s", dialogue[0], "goal"),
    )  # fmt: skip
    (made,) = solution_free([said], dialogue, names)
    assert made.outcome is not None
    assert made.quote == text
    return made.outcome


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["sentence"])
def test_no_sound_statement_names_a_product_of_the_interview(row: dict[str, str]) -> None:
    found = freed(row["sentence"], tuple(row["names"].split("/")))
    assert (found.canonical, found.verdict) == (row["canonical"], row["verdict"])


def test_without_such_names_the_drafts_stay() -> None:
    assert freed("I want to get the orders into Quillbook.", ()).verdict == "ok"


def test_a_part_of_a_sentence_is_judged_though_not_drafted_anew() -> None:
    found = freed("I want to get the orders into Quillbook.", ("Quillbook",), end=10)
    assert found.verdict == "names_a_solution"


def product(name: str, *spellings: str) -> Product:
    return Product("d", name, spellings or (name,), "hired", 1, 0, "", 0, 0)


def test_names_are_those_of_the_switch_and_of_the_metadata() -> None:
    told = Switch("w", None, None, None, (product("Quillbook", "Quillbook", "quill book"),), ())
    said = transcript("Well.", product="Larderbox (weekly boxes)")
    assert own_names(said, told) == ("Quillbook", "quill book", "Larderbox")
    assert own_names(said, None) == ("Larderbox",)


@pytest.mark.parametrize(
    ("said", "is_name"),
    [("ledger", False), ("Square", True), ("farehawk", True), ("meal kit", False), ("", False)],
)
def test_a_thing_without_a_name_is_no_name(said: str, is_name: bool) -> None:
    told = Switch("w", None, None, None, (product(said),), ())
    assert bool(own_names(transcript("Well."), told)) == is_name
    assert bool(own_names(transcript("Well.", product=said), None)) == is_name
