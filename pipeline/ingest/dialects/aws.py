"""AWS Transcribe JSON, with speaker labels."""

from __future__ import annotations

from typing import Any

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Cue, Draft


def detect(content: Content) -> bool:
    """Whether the document is an AWS Transcribe job's result."""
    document = content.document
    return isinstance(document, dict) and isinstance(document.get("results"), dict) and "transcripts" in document["results"]


def read(content: Content) -> list[Draft]:
    """The interview of the job's items, each spoken by whom its segment names."""
    results = content.document["results"]
    speakers = {
        item["start_time"]: segment["speaker_label"]
        for segment in (results.get("speaker_labels") or {}).get("segments") or ()
        for item in segment.get("items") or ()
    }
    cues: list[Cue] = []
    for item in results.get("items") or ():
        _add(cues, item, item.get("speaker_label") or speakers.get(item.get("start_time")))
    if not any(cue.speaker for cue in cues):
        raise RejectedInput("no_speakers", "the job ran without speaker labels or channels")
    return [Draft("aws", cues)]


def _add(cues: list[Cue], item: dict[str, Any], speaker: str | None) -> None:
    text = item["alternatives"][0]["content"]
    if item["type"] == "punctuation" and cues:
        cues[-1] = cues[-1]._replace(text=cues[-1].text + text)
        return
    cues.append(Cue(speaker, text, of_seconds(item.get("start_time")), of_seconds(item.get("end_time"))))
