"""Who is interviewer and who participant: by what is told, by name, else by evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.config import IngestSettings
from pipeline.ingest.turns import Talk
from pipeline.records import Role, Speaker

_INTERVIEWER = re.compile(
    r"(?:interviewer|moderator|facilitator|researcher|host|int|i|q|iv|mod|res|me|question)\s*[#-]?\d*", re.I
)
_PARTICIPANT = re.compile(
    r"(?:interviewee|participant|respondent|informant|guest|customer|user|client|subject|answer|p|r|b|a|ie)\s*[#-]?\d*", re.I
)


def assign(talk: Sequence[Talk], told: Mapping[str, Role], settings: IngestSettings) -> list[Speaker]:
    """The speakers in the order of their first turn, each with a role, its basis and its confidence."""
    names = list(dict.fromkeys(turn.speaker for turn in talk))
    known = {name: found for name in names if (found := _by_name(name, told, settings))}
    if settings.all_participants:
        return [Speaker(name, "participant", 1.0, "setting") for name in names]
    missing = [name for name in names if name not in known]
    guessed = _by_evidence(talk, missing, known)
    return [known.get(name) or guessed[name] for name in names]


def _by_name(name: str, told: Mapping[str, Role], settings: IngestSettings) -> Speaker | None:
    folded = name.casefold()
    listed: tuple[tuple[Role, tuple[str, ...]], ...] = (
        ("interviewer", settings.interviewer_names),
        ("participant", settings.participant_names),
        ("other", settings.other_names),
    )
    for role, entries in listed:
        if folded in {entry.casefold() for entry in entries}:
            return Speaker(name, role, 1.0, "setting")
    if name in told:
        return Speaker(name, told[name], 0.99, "told")
    if _INTERVIEWER.fullmatch(name):
        return Speaker(name, "interviewer", 0.98, "name")
    if _PARTICIPANT.fullmatch(name):
        return Speaker(name, "participant", 0.98, "name")
    return None


def _by_evidence(talk: Sequence[Talk], names: list[str], known: Mapping[str, Speaker]) -> dict[str, Speaker]:
    if any(speaker.role == "interviewer" for speaker in known.values()) or not names:
        return {name: Speaker(name, "participant", 0.9, "the interviewer is known") for name in names}
    asked: dict[str, float] = defaultdict(float)
    words: dict[str, int] = defaultdict(int)
    for turn in talk:
        asked[turn.speaker] += turn.text.count("?")
        words[turn.speaker] += len(turn.text.split())
    chosen = max(names, key=lambda name: asked[name] / (words[name] + 20))
    if len(names) == 1 and not known:
        return {chosen: Speaker(chosen, "participant", 0.5, "the only speaker", needs_review=True)}
    return {
        name: Speaker(name, "interviewer" if name == chosen else "participant", 0.8, "evidence") for name in names
    }
