"""One id for one person: across the files of a study where the name tells, within the transcript where not."""

from __future__ import annotations

import re

from pipeline.records import content_id

_GENERIC = re.compile(
    r"(?:speaker|spk|participant|respondent|interviewee|informant|guest|customer|user|client|subject|unknown(?: speaker)?|"
    r"answer|channel|person|voice|caller|agent|p|r|b|a|s|ie)[ _#-]*[a-z]?\d*|[a-z]{0,2}\d*|\d+",
    re.I,
)


def person_id(transcript_id: str, study: str | None, name: str) -> str:
    """The participant id of a speaker without a given id."""
    folded = " ".join(name.casefold().split())
    if _GENERIC.fullmatch(folded) and not (study and re.search(r"\d", folded) and not folded.startswith("sp")):
        return content_id("p", transcript_id, folded)
    return content_id("p", study or "", folded)
