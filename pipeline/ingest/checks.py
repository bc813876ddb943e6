"""What no reader takes, and what a person should look at in what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.errors import RejectedInput
from pipeline.ingest.lexicon import INTERPRETER, fold
from pipeline.ingest.turns import Talk
from pipeline.records import Speaker

_UNSUPPORTED: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (doc, xls): save it as docx or xlsx"),
    (b"{\\rtf", "a rich text file (rtf): save it as docx or plain text"),
    (b"\x1f\x8b", "a gzip file: unpack it, or give it to the command as it is"),
    (b"ID3", "a sound file: transcribe it first"),
    (b"RIFF", "a sound file: transcribe it first"),
    (b"OggS", "a sound file: transcribe it first"),
    (b"fLaC", "a sound file: transcribe it first"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_MANY_SPEAKERS, _CROWD = 25, 100
_ENDLESS = 500_000
"""Characters of one turn: some ten hours in which nobody else says a word."""
_LATE_MS = 45 * 60_000
_LONG_WORD = 24
"""Characters beyond which a word is probably several."""


def refuse_unsupported(data: bytes) -> None:
    """Refuse kinds of files that are known not to be read.

    Raises:
        RejectedInput: ``unsupported``, with what to do.
    """
    for signature, what in _UNSUPPORTED:
        if data.startswith(signature):
            raise RejectedInput("unsupported", what)
    if data[4:8] == b"ftyp":
        raise RejectedInput("unsupported", "a sound or video file: transcribe it first")
    if data.startswith(b"PK\x03\x04") and b"word/" not in data and b"xl/workbook" not in data:
        raise RejectedInput("unsupported", "a zip file that is no docx or xlsx: save it as one, or unpack it")


def refuse_crowds(talk: Sequence[Talk]) -> None:
    """Refuse talk with more speakers than any interview has: what was read as labels are none.

    Raises:
        RejectedInput: ``too_many_speakers``.
    """
    n_speakers = len({turn.speaker for turn in talk})
    if n_speakers > _CROWD:
        raise RejectedInput("too_many_speakers", f"{n_speakers:,} labels: they cannot all be speakers")


def refuse_endless(talk: Sequence[Talk]) -> None:
    """Refuse a turn longer than anybody talks: it takes more memory to parse than a worker has.

    Raises:
        RejectedInput: ``too_large``, with what to do.
    """
    longest = max((len(turn.text) for turn in talk), default=0)
    if longest > _ENDLESS:
        raise RejectedInput(
            "too_large",
            f"a turn of {longest:,} characters, {_ENDLESS:,} at most: export it with a line for each turn, or split it",
        )


def warnings(talk: Sequence[Talk], speakers: Sequence[Speaker]) -> list[str]:
    """What a person should know of how a transcript was read; no word of it is quoted."""
    found = []
    if len(speakers) == 1:
        found.append("only one speaker is told")
    if len(speakers) > _MANY_SPEAKERS:
        found.append(f"{len(speakers)} speakers: some may be no speakers")
    if any(INTERPRETER & set(fold(speaker.name).split()) for speaker in speakers):
        found.append(
            "an interpreter speaks: the participant's words in another's mouth are not read as theirs"
        )
    if n_review := sum(speaker.needs_review for speaker in speakers):
        found.append(f"the roles of {n_review} speakers are doubtful")
    starts = [turn.start_ms for turn in talk if turn.start_ms is not None]
    if starts != sorted(starts):
        found.append("the times do not rise from turn to turn")
    if starts and starts[0] > _LATE_MS:
        found.append("the times begin late: they may be of the day, not of the recording")
    n_once = sum(count == 1 for count in Counter(turn.speaker for turn in talk).values())
    if n_once > 2:
        found.append(f"{n_once} speakers speak once only")
    if _run_together(talk):
        found.append("words seem to have run together")
    return found


def _run_together(talk: Sequence[Talk]) -> bool:
    size = sum(len(turn.text) for turn in talk)
    long = sum(
        turn.text.isascii() and " " not in turn.text[:_LONG_WORD] and len(turn.text) > _LONG_WORD
        for turn in talk
    )
    return long > 0.05 * len(talk) and size > 200
