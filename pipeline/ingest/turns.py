"""Cues to turns: consecutive cues of one speaker join; what is no speech is dropped and counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.ingest.clock import STAMP
from pipeline.ingest.draft import Cue

_SOUNDS = "|".join(
    (
        r"laugh(?:s|ing|ter|ed)?|chuckl(?:es?|ing)|giggl(?:es?|ing)|sigh(?:s|ing)?|cough(?:s|ing)?|sneez(?:es?|ing)",
        r"sniff(?:s|ing|les)?|gasp(?:s|ing)?|groan(?:s|ing)?|yawn(?:s|ing)?|cr(?:y|ies|ying)|sob(?:s|bing)?",
        r"whistl(?:es?|ing)|whisper(?:s|ing)?|sing(?:s|ing)|hum(?:s|ming)|breath(?:es|ing)?|inhales?|exhales?",
        r"clears? throat|throat clearing|cross[- ]?talk|overlapping(?: speech| talk| conversation)?",
        r"inaudible|unintelligible|indiscernible|indistinct|unclear|incomprehensible|no audio",
        r"(?:long |short |brief )?(?:pause|silence)s?|noise|static|beep(?:s|ing)?|ding|bleep",
        r"music(?: plays| playing)?|jingle|applause|cheer(?:s|ing)|clap(?:s|ping)|crowd [a-z]+",
        r"(?:phone|door|doorbell|bell|alarm|timer)(?: rings?| ringing| opens?| closes?| bell)?",
        r"dog (?:barks?|barking)|bark(?:s|ing)|knock(?:s|ing)?|foreign language|blank_audio|redacted",
        r"end of (?:recording|audio|transcript|interview)|recording (?:starts?|ends?|stops?|paused)",
        r"(?:[a-z]+ ){0,2}(?:sounds?|noises?|alert|typing)",
    )
)
_WHO = r"(?:both|all|everyone|everybody|soft|softly|light|quiet|quietly|big|nervous|nervously|[A-Z][\w.]*)"
_MARK = re.compile(
    rf"[\[(<{{*_]\W{{0,3}}(?:(?:{_WHO} )?(?:{_SOUNDS})(?: (?:softly|loudly|quietly|nervously))?)?"
    rf"\W{{0,3}}(?:at |@ ?)?(?:e?{STAMP})?\W{{0,3}}[\])>}}*_]|♪[^♪]{{0,300}}♪|[♪♫]+",
    re.IGNORECASE,
)
"""A mark of non-speech in brackets: a sound, a stamp, both, or nothing."""


class Talk(NamedTuple):
    """One speaker's uninterrupted talk, before it has a role."""

    speaker: str
    text: str
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Joined:
    """The talk of one interview in order, and what was dropped from it: marks of non-speech, and words
    before the first speaker.
    """

    talk: list[Talk]
    n_marks: int
    n_before: int = 0


def join(cues: Iterable[Cue], name_of: Mapping[str, str]) -> Joined:
    """Join consecutive cues of one speaker under their settled names; cues without one go on.

    What is said before the first speaker is left out and counted.
    """
    talk: list[Talk] = []
    parts: list[str] = []
    speaker: str | None = None
    start: int | None = None
    end: int | None = None
    n_marks = n_before = 0
    for label, text, cue_start, cue_end in cues:
        if _may_have_marks(text):
            text, dropped = _MARK.subn(_gap, text)
            n_marks += dropped
        if not text or text.isspace():
            continue
        if label is not None and (name := name_of[label]) != speaker:
            if speaker is not None:
                talk.append(Talk(speaker, clean(parts), start, end))
            speaker, parts, start, end = name, [text], cue_start, cue_end
            continue
        if speaker is None:
            n_before += len(text.split())
            continue
        parts.append(text)
        if cue_end is not None and (end is None or cue_end > end):
            end = cue_end
    if speaker is not None:
        talk.append(Talk(speaker, clean(parts), start, end))
    return Joined(talk, n_marks, n_before)


def clean(parts: list[str]) -> str:
    """The parts as one text: single spaces, Unicode composed (NFC)."""
    text = " ".join(parts) if len(parts) > 1 else parts[0]
    if "\n" in text:
        text = text.replace("\n\n", " ").replace("\n", " ")
    # What is printable holds no space but the plain one: then cutting into words can be spared.
    plain = text.isprintable() and "  " not in text
    text = text.strip(" ") if plain else " ".join(text.split())
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)


def _may_have_marks(text: str) -> bool:
    return (
        "[" in text or "(" in text or "*" in text or "_" in text or "<" in text or "{" in text
        or (not text.isascii() and ("♪" in text or "♫" in text))
    )  # fmt: skip


def _gap(found: re.Match[str]) -> str:
    inner = found.group()[1:-1]
    return " " if inner.strip() or found.group()[0] in "♪♫" else found.group()
