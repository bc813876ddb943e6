"""What the tests of ingest share: reading bytes or text as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pipeline import ingest
from pipeline.config import IngestSettings, Settings
from pipeline.records import Reading, SourceFile, Transcript


def source(data: bytes | str, name: str = "talk", context: Mapping[str, str] | None = None) -> SourceFile:
    """The file as the runner would hand it over."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return SourceFile(name, hashlib.sha256(raw).hexdigest(), raw, context or {})


def read(data: bytes | str, context: Mapping[str, str] | None = None, **settings: object) -> Reading:
    """The reading of a file under these ingest settings."""
    chosen = Settings(ingest=IngestSettings.model_validate(settings))
    return ingest.run([source(data, context=context)], ingest.load(chosen))[0]


def accepted(data: bytes | str, context: Mapping[str, str] | None = None, **settings: object) -> Transcript:
    """The only transcript of a file."""
    reading = read(data, context, **settings)
    assert not reading.rejects, reading.rejects
    (transcript,) = reading.transcripts
    return transcript


def refused(data: bytes | str, **settings: object) -> tuple[str, str]:
    """The reason and the detail for which a file is refused."""
    reading = read(data, **settings)
    assert not reading.transcripts
    (reject,) = reading.rejects
    assert reject.stage == "ingest"
    return reject.reason, reject.detail


def talk(transcript: Transcript) -> list[tuple[str, str]]:
    """Who says what."""
    return [(turn.speaker, turn.text) for turn in transcript.turns]


def roles(transcript: Transcript) -> dict[str, str]:
    """The role of each speaker."""
    return {speaker.name: speaker.role for speaker in transcript.speakers}
