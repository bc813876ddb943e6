"""One source file to its reading: pick the dialect, join turns, say who speaks."""

from __future__ import annotations

from pipeline.config import Settings
from pipeline.errors import RejectedInput
from pipeline.ingest import names, people, roles, turns
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import DIALECTS
from pipeline.ingest.draft import Draft
from pipeline.records import Reading, Reject, SourceFile, Speaker, Transcript, Turn, content_id


def read_source(source: SourceFile, settings: Settings) -> Reading:
    """The transcripts of one file, or the reject that says why there are none."""
    try:
        drafts = read_drafts(Content(source.source, source.data), settings.ingest.max_bytes)
        transcripts = tuple(
            _transcript(source, draft, settings, content_id("t", source.sha256, *([n] if len(drafts) > 1 else [])))
            for n, draft in enumerate(drafts)
        )
        return Reading(source.sha256, transcripts, ())
    except RejectedInput as refused:
        return _rejected(source, refused.reason, refused.detail)
    except Exception as error:  # noqa: BLE001  (one bad file must not stop a night's batch; it is recorded)
        return _rejected(source, "unreadable", type(error).__name__)


def read_drafts(content: Content, max_bytes: int) -> list[Draft]:
    """The interviews of a file as its dialect's reader gives them.

    Raises:
        RejectedInput: the file is empty, too large, of no known dialect, or its reader refuses it.
    """
    if not content.data.strip():
        raise RejectedInput("empty", "the file holds nothing")
    if len(content.data) > max_bytes:
        raise RejectedInput("too_large", f"{len(content.data):,} bytes; ingest.max_bytes is {max_bytes:,}")
    for dialect in DIALECTS:
        if dialect.detect(content):
            return dialect.read(content)
    raise RejectedInput("unknown_format", "no known transcript dialect")


def _rejected(source: SourceFile, reason: str, detail: str) -> Reading:
    return Reading(source.sha256, (), (Reject(source.source, source.sha256, "ingest", reason, detail),))


def _transcript(source: SourceFile, draft: Draft, settings: Settings, transcript_id: str) -> Transcript:
    naming = names.settle(cue.speaker for cue in draft.cues if cue.speaker)
    joined = turns.join(draft.cues, naming.name_of)
    if not joined.talk:
        raise RejectedInput("no_text", "nobody says a word")
    metadata = {**draft.metadata, **source.context}
    study = metadata.pop("study", None) or None
    date = metadata.pop("interview_date", None) or metadata.pop("date", None) or None
    speakers = roles.assign(joined.talk, {**naming.told, **draft.roles}, settings.ingest)
    participants = [speaker.name for speaker in speakers if speaker.role == "participant"]
    if not participants:
        raise RejectedInput("no_participant", "every speaker is an interviewer or neither")
    given = metadata.get("participant_id") or metadata.get("participant")
    ids = {
        name: content_id("p", study or "", " ".join(given.casefold().split()))
        if given and len(participants) == 1
        else people.person_id(transcript_id, study, name)
        for name in participants
    }
    role_of = {speaker.name: speaker.role for speaker in speakers}
    ends = [talk.end_ms for talk in joined.talk if talk.end_ms is not None]
    return Transcript(
        transcript_id=transcript_id,
        source=source.source,
        sha256=source.sha256,
        format=draft.format,
        turns=tuple(
            Turn(n, talk.speaker, talk.text, role_of[talk.speaker], ids.get(talk.speaker), talk.start_ms, talk.end_ms)
            for n, talk in enumerate(joined.talk)
        ),
        speakers=tuple(
            Speaker(s.name, s.role, s.confidence, s.basis, s.needs_review, ids.get(s.name)) for s in speakers
        ),
        study=study,
        interview_date=date,
        duration_ms=draft.duration_ms or max(ends, default=None),
        metadata=metadata,
        warnings=(*draft.warnings, *((f"{joined.n_marks} marks of non-speech dropped",) if joined.n_marks else ())),
    )
