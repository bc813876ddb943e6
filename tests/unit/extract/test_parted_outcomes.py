"""A sentence that wishes two things gives two outcome statements, each with its own verbatim words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from spacy.language import Language

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.extract.scoring import Scored
from pipeline.extract.sentences import sentences
from pipeline.extract.statements import statements
from pipeline.records import LABELS, Speaker, Statement, Transcript, Turn

SAID = "Well, it was a mess. I want to find the file in ten minutes and send it before lunch. Then it rained."


@lru_cache(maxsize=1)
def english() -> Language:
    return extract.english(ExtractSettings())


def outcomes(text: str) -> list[Statement]:
    """The statements of one turn, in which every sentence that wishes is an outcome."""
    transcript = Transcript(
        "t",
        "a.txt",
        "",
        "text",
        (Turn(0, "Ann", text, "participant", "p"),),
        (Speaker("Ann", "participant", 1, "x"),),
    )
    dialogue = sentences(transcript, english())
    table = np.zeros((len(dialogue), len(LABELS)), dtype=np.float32)
    table[["want" in one.text for one in dialogue], LABELS.index("outcome")] = 0.9
    nothing, n = (None,) * len(dialogue), len(dialogue)
    scored = Scored(table, ((),) * n, nothing, ("functional",) * n, ("self",) * n, ("goal",) * n, ((),) * n)
    return statements(transcript, dialogue, scored, (0.5,) * len(LABELS), ExtractSettings())


def test_each_wish_has_its_own_words_and_its_own_id() -> None:
    first, second = outcomes(SAID)
    assert (first.quote, second.quote) == ("I want to find the file in ten minutes", "send it before lunch.")
    assert all(SAID[one.char_start : one.char_end] == one.quote for one in (first, second))
    assert first.statement_id != second.statement_id
    assert all(one.outcome and one.outcome.statement_id == one.statement_id for one in (first, second))
    assert [one.outcome and one.outcome.verdict for one in (first, second)] == ["ok", "vague_object"]


def test_what_is_measured_stays_with_the_wish_it_was_said_in() -> None:
    first, second = outcomes(SAID)
    assert [(m.normalised, m.statement_id) for m in first.measures] == [("10 minutes", first.statement_id)]
    assert second.measures == ()


def test_one_wish_stays_whole() -> None:
    (only,) = outcomes("It was a mess. I want to find the file before lunch.")
    assert only.quote == "I want to find the file before lunch."
