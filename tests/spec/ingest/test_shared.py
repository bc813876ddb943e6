"""Real transcripts and known roles: each file is read right, or refused for the true reason."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.spec.ingest.roles import CORPUS, corpus, gold, summed
from tests.spec.ingest.test_samples import read

FORMATS: dict[str, tuple[str, int, list[str], int | None, int | None]] = {
    "assemblyai_utterances.json": ("assemblyai", 1, ["Speaker A"], 170, 25140),
    "aws_speakers.json": ("aws", 7, ["spk_0", "spk_1", "spk_2"], 490, 141540),
    "deepgram_speakers.json": ("deepgram", 10, ["Speaker 0", "Speaker 1", "Speaker 2"], 3040, 163105),
    "descript.vtt": ("vtt", 70, ["Michael", "Nikolay"], 38, 1972267),
    "gcpSttSpeakerDiarization.sample.json": ("google", 3, ["Speaker 2", "Speaker 1"], 12900, 706000),
    "ibmTedTalkTranscript.sample.json": ("ibm", 1, ["Speaker 1"], 13040, 705940),
    "otter.md": ("heads", 84, ["Jonas Rosland", "Jack Breen", "Unknown Speaker"], 21000, None),
    "speechmaticsTedTalkTranscript.sample.json": ("speechmatics", 11, ["F4", "F3", "F2"], 13050, 705920),
    "todayinfocus.sample.json": ("aws", 8, ["spk_0", "spk_1"], 5240, 301363),
    "vtt_saved_as.txt": ("vtt", 35, ["Yishai Beeri", "Conor Bronsdon", "Dan Lines"], 0, 2272891),
    "zoom.vtt": ("vtt", 1, ["Caleob King"], 4160, 1874720),
}
"""File -> dialect, turns, speakers, start of the first turn, end of the last, as told by the file itself."""
WITHOUT_SPEAKERS = [
    "amazonTranscribe.sample.json",
    "aws_plain.json",
    "deepgram_utterances.json",
    "episode_17.srt",
    "speaker_prefix.srt",
    "whisper.json",
    "whisper_goodboy.srt",
    "whisper_goodboy.tsv",
    "whisper_goodboy.vtt",
]


@pytest.mark.parametrize("name", FORMATS)
def test_real_files_are_read(shared: Path, name: str) -> None:
    (transcript,) = read(shared / "real" / "formats" / name).transcripts
    turns = transcript.turns
    assert (
        transcript.format,
        len(turns),
        [speaker.name for speaker in transcript.speakers],
        turns[0].start_ms,
        turns[-1].end_ms,
    ) == FORMATS[name]


@pytest.mark.parametrize("name", WITHOUT_SPEAKERS)
def test_real_files_without_speakers_are_refused(shared: Path, name: str) -> None:
    (reject,) = read(shared / "real" / "formats" / name).rejects
    assert reject.reason == "no_speakers"


def test_no_real_file_is_left_out(shared: Path) -> None:
    assert {path.name for path in (shared / "real" / "formats").iterdir()} == {*FORMATS, *WITHOUT_SPEAKERS}


def test_the_documents_tell_what_was_read_of_each_file() -> None:
    """Every file has its row: the dialect and turns of what is read, the reason of what is refused."""
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
    section = page.partition("## What was read of real files")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if "| `" in line[:3]
    ]
    told = {row[0].strip("`"): row for row in rows}
    assert len(rows) == len(told) == 20
    assert set(told) == {*FORMATS, *WITHOUT_SPEAKERS}
    for name, (dialect, n_turns, *_) in FORMATS.items():
        assert (f"`{dialect}`" in told[name][2], told[name][3]) == (True, str(n_turns)), name
    assert all("rejected, `no_speakers`" in told[name][-1] for name in WITHOUT_SPEAKERS)


def test_the_archive_is_read_by_its_labels(shared: Path) -> None:
    """Every bold label opens a turn, every word of an episode is in a turn, and nothing else speaks."""
    strange = []
    for path in sorted((shared / "real" / "archive").glob("*.md"))[::5]:
        text = path.read_text(encoding="utf-8")
        labels = {label.casefold() for label in re.findall(r"^\*\*([^*\n:]+):?[^*\n]*\*\*", text, re.M)}
        (transcript,) = read(path).transcripts
        spoken = {turn.speaker.casefold() for turn in transcript.turns}
        if not spoken <= labels:
            strange.append((path.name, spoken - labels))
        n_words = len(re.sub(r"\[[^\]]*\]|\*\*[^*\n]+\*\*:?", " ", text.replace("\\", "")).split())
        assert transcript.n_words > 0.97 * n_words
    assert not strange


def test_roles_are_told_by_talk_alone_in_the_written_interviews() -> None:
    told = corpus(CORPUS)
    right, total = summed(told)
    assert total > 100
    assert right / total >= 0.98


def test_roles_are_told_by_talk_alone_in_the_gold_texts(shared: Path) -> None:
    right, total = summed([*gold(shared, "real"), *gold(shared, "written")])
    assert right / total >= 0.95


def test_roles_are_right_in_the_gold_texts_as_they_are(shared: Path) -> None:
    right, total = summed([*gold(shared, "real", own=True), *gold(shared, "written", own=True)])
    assert right == total


def test_sample_interviews_have_their_roles(sample: Path) -> None:
    for path in sorted(sample.iterdir()):
        (transcript,) = read(path).transcripts
        roles = Counter(speaker.role for speaker in transcript.speakers)
        assert roles["interviewer"] >= 1, path.name
        assert not any(speaker.needs_review for speaker in transcript.speakers), path.name
