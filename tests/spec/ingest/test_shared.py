"""Real transcripts and known roles: each file is read right, or refused for the true reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.records import Transcript
from tests.spec.ingest.test_samples import read
from tests.unit.ingest.reading import accepted

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
CORPUS = Path(__file__).parents[3] / "data" / "corpus"


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


def renamed(turns: list[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """The talk with labels that tell nothing (``Speaker 1``), and what each stands for."""
    names = {name: f"Speaker {n}" for n, name in enumerate(dict.fromkeys(name for name, _ in turns), start=1)}
    return "\n\n".join(f"{names[name]}: {text}" for name, text in turns), {
        new: old for old, new in names.items()
    }


def right_roles(
    transcript: Transcript, stands_for: dict[str, str], interviewers: set[str]
) -> tuple[int, int]:
    """How many speakers have their role, of how many."""
    found = [
        (speaker.role == "interviewer") == (stands_for[speaker.name] in interviewers)
        for speaker in transcript.speakers
    ]
    return sum(found), len(found)


def corpus_talk(path: Path) -> list[tuple[str, str]]:
    lines = [
        line.split(" || ")[0]
        for line in path.read_text(encoding="utf-8").split("\n")
        if not line.startswith("@")
    ]
    turns: list[tuple[str, str]] = []
    for line in lines:
        found = re.match(r"([A-Z][A-Z0-9'’ -]*): (.*)", line)
        if found:
            turns.append((found.group(1), found.group(2)))
        elif turns and line.strip():
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {line.strip()}")
    return turns


def test_roles_are_told_by_talk_alone_in_the_written_interviews() -> None:
    right = total = 0
    for path in sorted(CORPUS.glob("*/*.txt")):
        turns = corpus_talk(path)
        interviewers = {name for name, _ in turns if re.fullmatch(r"INT\d?", name)}
        if interviewers and len({name for name, _ in turns}) > 1:
            text, stands_for = renamed(turns)
            one, all_ = right_roles(accepted(text), stands_for, interviewers)
            right, total = right + one, total + all_
    assert total > 100
    assert right / total >= 0.98


def test_roles_are_told_by_talk_alone_in_the_gold_texts(shared: Path) -> None:
    known = json.loads((shared / "gold" / "labels" / "roles.json").read_text(encoding="utf-8"))
    right = total = 0
    for part in ("real", "written"):
        for path in sorted((shared / "gold" / "texts" / part).glob("*.txt")):
            turns = re.findall(r"^([^:\n]{1,40}): (.*)$", path.read_text(encoding="utf-8"), re.M)
            text, stands_for = renamed(turns)
            one, all_ = right_roles(accepted(text), stands_for, set(known[path.stem]))
            right, total = right + one, total + all_
    assert right / total >= 0.95


def test_sample_interviews_have_their_roles(sample: Path) -> None:
    for path in sorted(sample.iterdir()):
        (transcript,) = read(path).transcripts
        roles = Counter(speaker.role for speaker in transcript.speakers)
        assert roles["interviewer"] >= 1, path.name
        assert not any(speaker.needs_review for speaker in transcript.speakers), path.name
