"""What ``whyswitch inspect`` prints."""

from __future__ import annotations

from pipeline.ingest.summary import clock, describe
from tests.unit.ingest.reading import read

TALK = (
    "---\nstudy: Kettles\ndate: 2024-03-12\nproduct: Tarn\n---\n"
    "[00:01] Interviewer: Why did you buy it?\n[00:04] Dana: The pan broke. [laughs]\n[01:09] Bo: Hm.\n"
)


def test_an_interview_is_described() -> None:
    lines = describe(read(TALK))
    assert lines[:6] == [
        "dialect   labels",
        "turns     3, 9 words, 3 with a time",
        "length    -",
        "metadata  study: Kettles",
        "metadata  interview_date: 2024-03-12",
        "metadata  product: Tarn",
    ]
    assert lines[6] == "speaker   Interviewer: interviewer (0.98, name), 1 turns"
    assert "  0:00:04  Dana: The pan broke." in lines
    assert "warning   1 marks of non-speech dropped" in lines


def test_a_reject_is_described() -> None:
    assert describe(read("")) == ["rejected (empty): the file holds nothing"]


def test_several_interviews_are_numbered() -> None:
    text = "# Interview 1\n\nI: Why?\nP: So.\n\n# Interview 2\n\nI: What?\nP: That.\n"
    assert [line for line in describe(read(text)) if line.startswith("interview ")] == [
        "interview 1 of 2",
        "interview 2 of 2",
    ]


def test_clock() -> None:
    assert [clock(None), clock(0), clock(3_725_900)] == ["-", "0:00:00", "1:02:05"]
