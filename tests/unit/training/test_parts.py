"""Which word pieces name what was left and what was taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from pipeline.extract.pieces import PARTS
from pipeline.resources import checked
from training.corpus import read_interview
from training.parts import IGNORE, named_things
from training.story import ONE_IN, is_left_out

INTERVIEW = """@domain: booking of rooms
@fired: Bookwise
@hired: Tillman
INT: What did you have before?
ANN: We had Bookwise, and Bookwise would lose a room every week. || push
My sister had told me of Tillman, and Oleander, and I looked at Tillman that night. || pull
So I left Bookwise. || push
INT: And Oleander?
ANN: Oleander was never in it.
"""


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    """The reader's."""
    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(checked("mpnet"), local_files_only=True)
    return found


def _name(left_out: bool) -> str:
    return next(f"x{i}" for i in range(500) if is_left_out(f"x{i}") is left_out)


def test_pieces_of_a_name_carry_its_part(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    path = tmp_path / f"{_name(left_out=False)}.txt"
    path.write_text(INTERVIEW)
    interview = read_interview(path)
    named = named_things([interview], tokenizer)[interview.text.name]
    for said, part in (("Bookwise", "fired"), ("tillman", "hired"), ("Oleander", "other")):
        pieces = tokenizer(f"I left {said}.", add_special_tokens=False)["input_ids"]
        found = named.targets(pieces).tolist()
        assert found == [IGNORE, IGNORE, *[PARTS.index(part)] * (len(pieces) - 3), IGNORE], said


def test_a_longer_word_is_not_the_name(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    path = tmp_path / f"{_name(left_out=False)}.txt"
    path.write_text(INTERVIEW.replace("Tillman", "Till"))
    interview = read_interview(path)
    named = named_things([interview], tokenizer)[interview.text.name]
    word = tokenizer("tillerless", add_special_tokens=False)["input_ids"]
    assert set(named.targets(word)) == {IGNORE}


def test_some_interviews_are_left_out_to_measure_on(
    tmp_path: Path, tokenizer: PreTrainedTokenizerBase
) -> None:
    path = tmp_path / f"{_name(left_out=True)}.txt"
    path.write_text(INTERVIEW)
    assert named_things([read_interview(path)], tokenizer) == {}
    share = sum(is_left_out(f"a{i:02}") for i in range(600)) / 600
    assert 0.5 / ONE_IN < share < 2 / ONE_IN
