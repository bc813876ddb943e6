"""The front door: one reading per file, in order, whatever the files hold."""

from __future__ import annotations

import pytest

from pipeline import ingest
from pipeline.config import IngestSettings, Settings
from pipeline.ingest import dialects, reading
from pipeline.ingest.content import Content
from pipeline.records import content_id
from tests.unit.ingest.reading import accepted, read, refused, source

TWO_INTERVIEWS = """# Interview 1: Dana

I: So what did you use before?
P: A pan, for eleven years.
I: And then?
P: The handle came off.

# Interview 2: Ron

I: What made you look?
P: My daughter said so.
I: What did she say?
P: She said, Dad, it whistles.
"""


def test_readings_stand_in_the_order_of_the_batch(interview: str) -> None:
    batch = [source(interview, "one"), source(b"", "two"), source(interview + "\nDana: Yes.\n", "three")]
    readings = ingest.run(batch, ingest.load(Settings()))
    assert [one.sha256 for one in readings] == [one.sha256 for one in batch]
    assert [len(one.transcripts) for one in readings] == [1, 0, 1]
    assert [one.rejects[0].source for one in readings if one.rejects] == ["two"]


def test_one_interview_is_named_by_its_content(interview: str) -> None:
    file = source(interview)
    assert accepted(interview).transcript_id == content_id("t", file.sha256)


def test_several_interviews_are_numbered() -> None:
    found = read(TWO_INTERVIEWS).transcripts
    digest = source(TWO_INTERVIEWS).sha256
    assert [one.transcript_id for one in found] == [content_id("t", digest, 1), content_id("t", digest, 2)]
    assert [one.turns[1].text for one in found] == ["A pan, for eleven years.", "My daughter said so."]
    assert [one.metadata["title"] for one in found] == ["Interview 1: Dana", "Interview 2: Ron"]


def short(asks: str, tells: str) -> str:
    return f"{asks}: What did you use before?\n{tells}: A pan.\n{asks}: And then?\n{tells}: It broke.\n\n"


@pytest.mark.parametrize(
    ("one", "other", "asks", "tells"),
    [
        ("# Dana", "# Ron", "I", ("P", "P")),
        ("## P01", "## P02", "Anna", ("P", "P")),
        ("# Interview: Ron", "# Interview: Dana Petrov", "I", ("P", "P")),
        ("# Interview A", "# Interview B", "I", ("P", "P")),
        ("## Kitchen", "## Office", "Interviewer", ("Dana", "Ron")),
    ],
)
def test_headings_of_other_people_part_interviews(
    one: str, other: str, asks: str, tells: tuple[str, str]
) -> None:
    text = f"{one}\n\n{short(asks, tells[0])}{other}\n\n{short(asks, tells[1])}"
    found = read(text).transcripts
    assert [len(transcript.turns) for transcript in found] == [4, 4]
    assert [transcript.metadata["title"] for transcript in found] == [one.strip("# "), other.strip("# ")]


@pytest.mark.parametrize(
    ("one", "other", "asks", "tells"),
    [
        ("# Shop", "# Kitchen", "I", "P"),
        ("# Dana", "# Ron", "Interviewer", "Dana"),
        ("## Session: Warmup", "## Session: Buying", "I", "P"),
    ],
)
def test_headings_of_topics_part_nothing(one: str, other: str, asks: str, tells: str) -> None:
    found = accepted(f"{one}\n\n{short(asks, tells)}{other}\n\n{short(asks, tells)}")
    assert len(found.turns) == 8


def test_talk_above_the_first_heading_is_an_interview_of_its_own() -> None:
    text = short("I", "P") + "## Session 2\n\n" + short("I", "P") + "## Session 3\n\n" + short("I", "P")
    assert [len(one.turns) for one in read(text).transcripts] == [4, 4, 4]


def test_a_header_above_several_interviews_is_that_of_all() -> None:
    text = "Study: Kettles\nDate: 2024-05-01\nMK = interviewer\n\n"
    text += TWO_INTERVIEWS.replace("I:", "MK:").replace("P:", "GL:")
    found = read(text).transcripts
    assert [(one.study, one.interview_date) for one in found] == [("Kettles", "2024-05-01")] * 2
    assert [one.speakers[0].basis for one in found] == ["stated in the file"] * 2
    assert not any(one.warnings for one in found)


def test_what_is_lost_above_several_interviews_is_told() -> None:
    one, other = read("Can you hear me now?\n\n" + TWO_INTERVIEWS).transcripts
    assert one.warnings == ("5 words above the first interview are not read",)
    assert not other.warnings


def test_participants_of_two_interviews_in_one_file_are_two_people() -> None:
    one, other = read(TWO_INTERVIEWS).transcripts
    assert one.speakers[1].name == other.speakers[1].name == "P"
    assert one.speakers[1].participant_id != other.speakers[1].participant_id


def test_a_refused_interview_among_several_becomes_a_warning() -> None:
    lost = TWO_INTERVIEWS.replace("P: My daughter said so.", "I: No?").replace(
        "P: She said, Dad, it whistles.", "I: Hm."
    )
    found = read(lost)
    assert not found.rejects
    (transcript,) = found.transcripts
    assert transcript.warnings[-1].startswith("interview 2 of 2 is not read: no_participant")


def test_an_unforeseen_failure_is_told_by_its_type_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(content: Content) -> list[object]:
        raise LookupError(f"Dana said {content.text}")

    broken = dialects.Dialect("broken", lambda _: True, fails)  # type: ignore[arg-type]
    monkeypatch.setattr(reading, "DIALECTS", (broken,))
    assert refused("Dana: my secret") == ("unreadable", "LookupError")


def test_a_file_beyond_the_limit_is_refused() -> None:
    reason, detail = refused("Dana: x\n" * 1000, max_bytes=1000)
    assert (reason, detail) == ("too_large", "8,000 bytes; ingest.max_bytes is 1,000")


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\x00\x00"])
def test_nothing_is_refused_as_empty(data: bytes) -> None:
    assert refused(data)[0] == "empty"


def test_identity_does_not_depend_on_settings_that_fingerprints_hold() -> None:
    other = Settings(ingest=IngestSettings(interviewer_names=("MK",)))
    assert ingest.identity(Settings()) == ingest.identity(other)
    assert len(ingest.identity(Settings())) == 64


def test_reading_twice_gives_the_same() -> None:
    assert read(TWO_INTERVIEWS) == read(TWO_INTERVIEWS)


def test_dialects_have_different_names() -> None:
    names = [dialect.name for dialect in dialects.DIALECTS]
    assert len(set(names)) == len(names)
