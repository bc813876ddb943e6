"""Quantities lie in the text, in order, and never within one another, whatever the text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.intensity import intensity
from pipeline.extract.numbers import quantities

PIECES = """
a an the half two three twenty five hundred thousand couple few dozen of and or to point % $ £
pounds quid hours minutes week month every other twice times per cent people rows about under 12 3.5
2,000 - , . between k grand
"""
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_places(text: str) -> None:
    found = quantities(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(q.low <= q.high for q in found)


@given(st.integers(min_value=2, max_value=999_999))
def test_digits_are_read_as_they_stand(number: int) -> None:
    (found,) = quantities(f"It cost {number:,} dollars.")
    assert (found.low, found.high, found.unit) == (number, number, "USD")


@given(st.text(max_size=60))
def test_intensity_always_has_a_level(text: str) -> None:
    assert intensity(text).level in ("strong", "medium", "mild")
