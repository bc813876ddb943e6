"""Outcome sentences and the statements that they make.

``outcomes.tsv`` is meant to be extended: one sentence a line, with its kind, the direction, the measure, the
lemma of what is acted on, the whole statement ("-" = none, or not looked at) and the verdict.
``outcomes_parted.tsv`` holds sentences that wish two things, with the words and the statement of each, and some
left whole ("-"). ``outcomes_beyond.tsv`` holds sentences whose right statement is known and not yet reached.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.extract.outcome.draft import Draft, draft
from pipeline.extract.outcome.lexicon import Entry, shipped
from pipeline.extract.outcome.parting import singles
from pipeline.resources import checked

HERE = Path(__file__).parent
LEXICON = shipped()


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def drafted(sentence: str, kind: str | None = "goal") -> Draft:
    doc = english()(sentence)
    return draft(doc[:], LEXICON, kind)


def compared(row: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a draft is and what the row wants, where the row says anything."""
    found = drafted(row["sentence"], row["kind"])
    said = {
        "direction": found.direction or "-",
        "measure": found.measure or "-",
        "object head": found.head or "-",
        "canonical": found.canonical or "-",
        "verdict": found.verdict,
    }
    wanted = {key: row[key] for key in said if row[key] != "-" or key != "canonical"}
    return {key: said[key] for key in wanted}, wanted


@pytest.mark.parametrize("row", rows("outcomes_parted.tsv"), ids=lambda row: row["sentence"])
def test_two_wishes_are_two_outcomes(row: dict[str, str]) -> None:
    doc = english()(row["sentence"])
    found = [
        said for one in singles(doc[:], LEXICON, "goal") for said in (one.span.text, one.draft.canonical)
    ]
    wanted = [row[name] for name in ("first", "first statement", "second", "second statement")]
    assert (found or ["-"] * 4) == wanted


@pytest.mark.parametrize("row", rows("outcomes.tsv"), ids=lambda row: row["sentence"])
def test_statement(row: dict[str, str]) -> None:
    found, wanted = compared(row)
    assert found == wanted


@pytest.mark.parametrize("row", rows("outcomes_beyond.tsv"), ids=lambda row: row["sentence"])
@pytest.mark.xfail(strict=True, reason="not yet reached; move the line to outcomes.tsv when it is")
def test_statement_beyond_reach(row: dict[str, str]) -> None:
    found, wanted = compared(row)
    assert found == wanted


def test_there_are_enough_sentences_of_every_verdict() -> None:
    verdicts = [row["verdict"] for row in rows("outcomes.tsv")]
    assert len(verdicts) >= 120
    for verdict in ("ok", "no_measure", "names_a_solution", "compound", "vague_object", "not_an_outcome"):
        assert verdicts.count(verdict) >= 3, verdict


@pytest.mark.parametrize("entry", LEXICON.measure, ids=lambda entry: entry.id)
def test_measures(entry: Entry) -> None:
    found = {example: drafted(example).measure for example in entry.examples}
    assert found == dict.fromkeys(entry.examples, entry.measure)  # type: ignore[attr-defined]


@pytest.mark.parametrize("entry", LEXICON.step, ids=lambda entry: entry.id)
def test_job_steps(entry: Entry) -> None:
    found = {example: drafted(example).job_step for example in entry.examples}
    assert found == dict.fromkeys(entry.examples, entry.step)  # type: ignore[attr-defined]


@pytest.mark.parametrize("entry", LEXICON.direction, ids=lambda entry: entry.id)
def test_directions(entry: Entry) -> None:
    dreaded = entry.role in ("dread", "prevent", "lower")  # type: ignore[attr-defined]
    found = {example: drafted(example).direction for example in entry.examples}
    turned = {e for e in entry.examples if "nobody" in e}
    wanted = {e: "minimize" if dreaded != (e in turned) else "increase" for e in entry.examples}
    assert found == wanted


@pytest.mark.parametrize("entry", LEXICON.solution, ids=lambda entry: entry.id)
def test_solutions_are_named_or_lifted_out(entry: Entry) -> None:
    for example in entry.examples:
        found = drafted(example)
        said = (found.canonical or "").lower().split()
        assert found.verdict == "names_a_solution" or not set(said) & set(entry.lemmas), example
