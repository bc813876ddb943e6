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
