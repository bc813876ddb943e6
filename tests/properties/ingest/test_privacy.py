"""Whatever is said, replacing persons ends soon, breaks nothing, and does the same again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import PrivacySettings
from pipeline.ingest.privacy.people import Known
from pipeline.ingest.privacy.transcript import Privacy, found_in, prepared, private
from pipeline.records import Speaker, Transcript, Turn

PIECES = (
    "Dana", "dana", "Will", "will", "Mrs", "O'Neil", "José", "my sister", "said", "at", "dot", "gmail", "com",
    "@", ".", ",", "?", "\n", "  ", "oh", "seven", "double", "one", "two", "07700", "900461", "+44", "(0)20",
    "4111 1111 1111 1111", "street", "flat", "12", "rue de la", "postcode", "EH8", "9YL", "https://x.com/a",
    "www.", "_", "\u200b", "ß", "İ", "ﬁ", "🦊", "Ǆ", "\u0301",
)  # fmt: skip


@pytest.fixture(scope="module")
def privacy() -> Privacy:
    """Pseudonyms under a key of zeros."""
    return prepared(PrivacySettings(mode="pseudonym", terms=("Project Kite",)), bytes(32))


def interview(texts: Sequence[str], names: Sequence[str]) -> Transcript:
    turns = tuple(Turn(i, names[i % len(names)], text) for i, text in enumerate(texts))
    speakers = tuple(Speaker(name, "participant", 1.0, "test") for name in dict.fromkeys(names))
    return Transcript("t", "s", "h", "text", turns, speakers)


TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map(" ".join)
NAMES = st.lists(st.sampled_from(PIECES) | st.text(min_size=1, max_size=8), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXT, min_size=1, max_size=3), NAMES)
def test_every_item_lies_in_its_text_and_speakers_stay_apart(
    privacy: Privacy, texts: list[str], names: list[str]
) -> None:
    for text, (items, _) in zip(texts, found_in(texts, Known(), privacy), strict=True):
        assert all(0 <= item.start < item.end <= len(text) for item in items)
        assert all(one.end <= two.start for one, two in itertools.pairwise(items))
    given = interview(texts, names)
    made = private(given, privacy)
    assert made == private(given, privacy)
    assert [turn.turn_index for turn in made.turns] == list(range(len(texts)))
    assert len({speaker.name for speaker in made.speakers}) == len(given.speakers)
    assert {turn.speaker for turn in made.turns} <= {speaker.name for speaker in made.speakers}


@pytest.mark.parametrize(
    "unit",
    [
        "one two three ",
        "oh ",
        "1 ",
        "A. ",
        "Dana ",
        "at gmail dot com ",
        "_",
        "a.a@",
        "PO box one ",
        "12 Aa ",
    ],
)
def test_time_grows_no_faster_than_length(privacy: Privacy, unit: str) -> None:
    def seconds(times: int) -> float:
        clock = time.process_time()
        found_in([unit * times], Known(), privacy)
        return time.process_time() - clock

    seconds(100)
    assert seconds(4_000) < 12 * max(seconds(1_000), 0.25)
