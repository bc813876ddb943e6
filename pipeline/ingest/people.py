"""One id for one person: across the files of a study where the name tells, else within the transcript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.ingest.lexicon import fold, is_generic
from pipeline.records import content_id

_NUMBERED = re.compile(
    r"(?:[a-z]{1,3}|participant|respondent|interviewee|informant|customer|user)[ _#-]*\d{2,}[a-z]?"
)
"""Labels that number the people of a study (``P07``), as against those of a recording (``Speaker 1``)."""


def person_ids(
    transcript_id: str, study: str | None, participants: Sequence[str], metadata: Mapping[str, str]
) -> dict[str, str]:
    """The participant id of each participant's name.

    A participant given in the metadata (``participant_id`` before ``participant``) is the id of the only
    participant of a transcript.
    """
    given = metadata.get("participant_id") or metadata.get("participant")
    if given and len(participants) == 1:
        return {participants[0]: content_id("p", study or "", first_name_first(given))}
    return {name: _person_id(transcript_id, study, first_name_first(name)) for name in participants}


def first_name_first(name: str) -> str:
    """The folded name, with ``Petrov, Dana`` turned to ``dana petrov``."""
    last, comma, first = fold(name).partition(", ")
    return f"{first} {last}" if comma and first and "," not in first else fold(name)


def _person_id(transcript_id: str, study: str | None, folded: str) -> str:
    if is_generic(folded) and not (study and _NUMBERED.fullmatch(folded)):
        return content_id("p", transcript_id, folded)
    return content_id("p", study or "", folded)
