"""Entries in the curation file: added behind what people wrote, in place of earlier ones on the same thing."""

from __future__ import annotations

import tomllib

from pipeline.curation.file import with_entry

WRITTEN = """# agreed on Monday

[[rename]]
theme = "th1"   # the big one
title = "Repairs"

[[merge]]
theme = "th2"
into = "th1"
"""


def test_comments_and_other_entries_stay() -> None:
    text = with_entry(WRITTEN, "retire", {"theme": "th9", "reason": 'said "so"'})
    assert text.startswith(WRITTEN)
    assert tomllib.loads(text)["retire"] == [{"theme": "th9", "reason": 'said "so"'}]


def test_a_second_title_takes_the_place_of_the_first() -> None:
    text = with_entry(WRITTEN, "rename", {"theme": "th1", "title": "Repairs cost too much"})
    assert tomllib.loads(text)["rename"] == [{"theme": "th1", "title": "Repairs cost too much"}]
    assert "# agreed on Monday" in text


def test_the_first_entry_makes_the_file() -> None:
    assert tomllib.loads(with_entry("", "split", {"theme": "th1"})) == {"split": [{"theme": "th1"}]}
