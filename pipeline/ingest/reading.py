"""One source file to its reading: pick the dialect, join turns, say who speaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pipeline.config import Settings
from pipeline.errors import RejectedInput
from pipeline.ingest import checks, language, metadata, names, people, roles, turns
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import DIALECTS
from pipeline.ingest.draft import Draft
from pipeline.ingest.names import Naming
from pipeline.ingest.turns import Joined, Talk
from pipeline.records import (
    SIDECAR_WARNINGS,
    Reading,
    Reject,
    SourceFile,
    Speaker,
    Transcript,
    Turn,
    content_id,
)

_ANY = "*"
"""The setting that accepts every language."""
_READ = "en"
"""The language of the rules and models."""


def read_source(source: SourceFile, settings: Settings) -> Reading:
    """The transcripts of one file, or the reject that says why there are none."""
    try:
        drafts = read_drafts(Content(source.source, source.data), settings.ingest.max_bytes)
        return Reading(source.sha256, _transcripts(source, drafts, settings), ())
    except RejectedInput as refused:
        return _rejected(source, refused.reason, refused.detail)
    except Exception as error:  # noqa: BLE001  (one bad file must not stop a batch; the reject records it)
        return _rejected(source, "unreadable", type(error).__name__)


def read_drafts(content: Content, max_bytes: int) -> list[Draft]:
    """The interviews of a file as its dialect's reader gives them.

    Raises:
        RejectedInput: the file is empty, too large, of no known dialect, or its reader refuses it.
    """
    if not content.data.strip(b" \t\r\n\x00"):
        raise RejectedInput("empty", "the file holds nothing")
    if len(content.data) > max_bytes:
        raise RejectedInput("too_large", f"{len(content.data):,} bytes; ingest.max_bytes is {max_bytes:,}")
    checks.refuse_unsupported(content.data)
    for dialect in DIALECTS:
        if dialect.detect(content):
            return dialect.read(content)
    raise RejectedInput("unknown_format", "no transcript dialect that is known; docs/formats.md lists them")


def _rejected(source: SourceFile, reason: str, detail: str) -> Reading:
    return Reading(source.sha256, (), (Reject(source.source, source.sha256, "ingest", reason, detail),))


def _transcripts(source: SourceFile, drafts: Sequence[Draft], settings: Settings) -> tuple[Transcript, ...]:
    """The transcripts of a file's interviews; one that is refused among several becomes a warning.

    Raises:
        RejectedInput: what the first refusal says, where no interview is left.
    """
    accepted: list[Transcript] = []
    refusals: list[tuple[int, RejectedInput]] = []
    for number, draft in enumerate(drafts, start=1):
        part = (source.sha256, number) if len(drafts) > 1 else (source.sha256,)
        try:
            accepted.append(_transcript(source, draft, settings, content_id("t", *part)))
        except RejectedInput as refused:
            refusals.append((number, refused))
    if not accepted:
        raise refusals[0][1] if refusals else RejectedInput("no_text", "the file holds no interview")
    if not refusals:
        return tuple(accepted)
    lost = tuple(
        f"interview {number} of {len(drafts)} is not read: {refused}" for number, refused in refusals
    )
    return (dataclasses.replace(accepted[0], warnings=(*accepted[0].warnings, *lost)), *accepted[1:])


def _transcript(source: SourceFile, draft: Draft, settings: Settings, transcript_id: str) -> Transcript:
    naming = names.settle(cue.speaker for cue in draft.cues if cue.speaker)
    joined = turns.join(draft.cues, naming.name_of)
    code = _language(joined.talk, settings)
    values = metadata.merged(draft.metadata, source.context)
    beside = values.pop(SIDECAR_WARNINGS, "")
    if folder := values.pop("folder", ""):
        values.setdefault("study", folder)
    speakers = _speakers(joined.talk, draft, naming, values, settings)
    participants = [speaker.name for speaker in speakers if speaker.role == "participant"]
    if not participants:
        raise RejectedInput("no_participant", "every speaker is an interviewer or neither")
    study = values.pop("study", None)
    ids = people.person_ids(transcript_id, study, participants, values)
    return Transcript(
        transcript_id=transcript_id,
        source=source.source,
        sha256=source.sha256,
        format=draft.format,
        turns=_turns(joined.talk, speakers, ids),
        speakers=tuple(_identified(one, ids) for one in speakers),
        study=study,
        interview_date=metadata.take_date(values),
        duration_ms=_duration(draft, joined.talk),
        metadata=values,
        warnings=(
            *filter(None, beside.split("; ")),
            *draft.warnings,
            *_counted(joined, naming.n_slips),
            *_foreign(code),
            *checks.warnings(joined.talk, speakers),
        ),
    )


def _speakers(
    talk: Sequence[Talk], draft: Draft, naming: Naming, values: dict[str, str], settings: Settings
) -> list[Speaker]:
    """The speakers with their roles; all doubtful where the file has no labels."""
    stated = {naming.name_of.get(name, name): role for name, role in draft.roles.items()}
    speakers = roles.assign(talk, {**naming.told, **stated}, values, settings.ingest)
    return [_doubted(speaker) for speaker in speakers] if draft.doubtful else speakers


def _language(talk: Sequence[Talk], settings: Settings) -> str | None:
    """The language of the talk, None where it cannot be told; what is no interview in an accepted one is refused.

    Raises:
        RejectedInput: ``no_text``, ``too_many_speakers``, ``too_large`` or ``language``.
    """
    if not talk:
        raise RejectedInput("no_text", "nobody says a word")
    checks.refuse_crowds(talk)
    checks.refuse_endless(talk)
    code = language.told(talk)
    accepted = settings.ingest.languages
    if code and _ANY not in accepted and code not in accepted:
        raise RejectedInput(
            "language", f"the language is '{code}'; ingest.languages accepts {', '.join(accepted)}"
        )
    return code


def _identified(one: Speaker, ids: dict[str, str]) -> Speaker:
    return Speaker(one.name, one.role, one.confidence, one.basis, one.needs_review, ids.get(one.name))


def _doubted(speaker: Speaker) -> Speaker:
    return dataclasses.replace(speaker, confidence=0.5, basis="order of paragraphs", needs_review=True)


def _turns(talk: Sequence[Talk], speakers: Sequence[Speaker], ids: dict[str, str]) -> tuple[Turn, ...]:
    role_of = {speaker.name: speaker.role for speaker in speakers}
    return tuple(
        Turn(
            number,
            one.speaker,
            one.text,
            role_of[one.speaker],
            ids.get(one.speaker),
            one.start_ms,
            one.end_ms,
        )
        for number, one in enumerate(talk)
    )


def _duration(draft: Draft, talk: Sequence[Talk]) -> int | None:
    ends = [one.end_ms for one in talk if one.end_ms is not None]
    if draft.duration_ms is not None:
        ends.append(draft.duration_ms)
    return max(ends, default=None)


def _foreign(code: str | None) -> list[str]:
    """The warning that no model knows the language."""
    if code in (None, _READ):
        return []
    return [f"the language is '{code}': rules and models are English, what they find is not to be trusted"]


def _counted(joined: Joined, n_slips: int) -> list[str]:
    found = []
    if joined.n_marks:
        found.append(f"{joined.n_marks} marks of non-speech dropped")
    if joined.n_before:
        found.append(f"{joined.n_before} words before the first speaker are not read")
    if n_slips:
        found.append(f"{n_slips} labels read as misspellings of another")
    return found
