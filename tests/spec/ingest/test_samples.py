"""Every sample file is read as the ``.want`` file beside it says: dialect, speakers, roles, times and words.

To add a case: put a file in ``samples/``, write by hand what should be read into ``NAME.want``, run this.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline import ingest
from pipeline.config import Settings
from pipeline.records import Reading, SourceFile, Transcript

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".want")


def read(path: Path) -> Reading:
    data = path.read_bytes()
    source = SourceFile(path.name, hashlib.sha256(data).hexdigest(), data)
    return ingest.run([source], ingest.load(Settings()))[0]


def clock(ms: int | None) -> str:
    if ms is None:
        return "-"
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def written(reading: Reading) -> str:
    if reading.rejects:
        return "".join(f"reject: {reject.reason}\n" for reject in reading.rejects)
    return "\n".join(written_transcript(transcript) for transcript in reading.transcripts)


def written_transcript(transcript: Transcript) -> str:
    lines = [f"format: {transcript.format}"]
    for speaker in transcript.speakers:
        lines.append(
            f"speaker: {speaker.name} | {speaker.role}" + (" | review" if speaker.needs_review else "")
        )
    for key, value in (("study", transcript.study), ("interview_date", transcript.interview_date)):
        if value:
            lines.append(f"{key}: {value}")
    lines += [f"metadata: {key} = {value}" for key, value in transcript.metadata.items()]
    lines += [f"warning: {warning}" for warning in transcript.warnings if shown(warning)]
    lines.append("")
    for turn in transcript.turns:
        lines.append(f"{clock(turn.start_ms)} {clock(turn.end_ms)} {turn.speaker}: {turn.text}")
    return "\n".join(lines) + "\n"


def shown(warning: str) -> bool:
    """Counts of dropped laughter, dropped lines and doubtful roles are in many files, and tested elsewhere."""
    return not any(part in warning for part in ("marks of non-speech", "that nobody says", "doubtful"))


@pytest.mark.parametrize("name", NAMES)
def test_sample_is_read_as_wanted(name: str) -> None:
    assert written(read(SAMPLES / name)) == (SAMPLES / f"{name}.want").read_text(encoding="utf-8")


def test_every_expectation_has_its_sample() -> None:
    wanted = {path.name.removesuffix(".want") for path in SAMPLES.glob("*.want")}
    assert wanted == set(NAMES)
