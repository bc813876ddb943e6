"""A reading as lines for a person: what ``whyswitch inspect`` prints."""

from __future__ import annotations

from collections import Counter

from pipeline.records import Reading, Transcript

TURNS_SHOWN = 6
_WIDTH = 100


def describe(reading: Reading, n_turns: int = TURNS_SHOWN) -> list[str]:
    """The lines that say what was read from a file, its first turns among them, or why it was refused.

    They quote the first turns, and so belong on the terminal of who may read the transcript: never in a log.
    """
    lines = [f"rejected ({reject.reason}): {reject.detail}" for reject in reading.rejects]
    for number, transcript in enumerate(reading.transcripts, start=1):
        if len(reading.transcripts) > 1:
            lines.append(f"interview {number} of {len(reading.transcripts)}")
        lines += _transcript(transcript, n_turns)
    return lines


def clock(milliseconds: int | None) -> str:
    """``h:mm:ss`` of a time, a dash where there is none."""
    if milliseconds is None:
        return "-"
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _transcript(transcript: Transcript, n_turns: int) -> list[str]:
    timed = sum(turn.start_ms is not None for turn in transcript.turns)
    lines = [
        f"dialect   {transcript.format}",
        f"turns     {len(transcript.turns)}, {transcript.n_words} words, {timed} with a time",
        f"length    {clock(transcript.duration_ms)}",
    ]
    told = {"study": transcript.study, "interview_date": transcript.interview_date, **transcript.metadata}
    lines += [f"metadata  {key}: {value}" for key, value in told.items() if value]
    counts = Counter(turn.speaker for turn in transcript.turns)
    for speaker in transcript.speakers:
        flag = ", please review" if speaker.needs_review else ""
        lines.append(
            f"speaker   {speaker.name}: {speaker.role} ({speaker.confidence:.2f}, {speaker.basis}{flag}), "
            f"{counts[speaker.name]} turns"
        )
    for turn in transcript.turns[:n_turns]:
        text = turn.text if len(turn.text) <= _WIDTH else turn.text[: _WIDTH - 1] + "\u2026"
        lines.append(f"{clock(turn.start_ms):>9}  {turn.speaker}: {text}")
    return lines + [f"warning   {warning}" for warning in transcript.warnings]
