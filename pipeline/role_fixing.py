"""The roles of a file's speakers shown, and fixed by a person once and for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.ingest.lexicon import fold
from pipeline.inputs.entries import is_url
from pipeline.inputs.sidecar_roles import write_roles
from pipeline.inspection import Inspected, inspect
from pipeline.records import Role, Speaker


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker of a file, over all of its interviews."""

    speaker: Speaker
    n_turns: int
    n_words: int


def voices(file: str, settings: Settings) -> list[Voice]:
    """The speakers of a file in the order of their first turn.

    Raises:
        UsageError: it is no single file, or it is rejected.
    """
    found = _one(file, settings)
    if found.reading.rejects:
        reject = found.reading.rejects[0]
        raise UsageError(
            f"{file} is rejected ({reject.reason}): {reject.detail}", "`whyswitch inspect` looks closer."
        )
    turns: Counter[str] = Counter()
    words: Counter[str] = Counter()
    speakers: dict[str, Speaker] = {}
    for transcript in found.reading.transcripts:
        for speaker in transcript.speakers:
            speakers.setdefault(speaker.name, speaker)
        for turn in transcript.turns:
            turns[turn.speaker] += 1
            words[turn.speaker] += len(turn.text.split())
    return [Voice(speaker, turns[name], words[name]) for name, speaker in speakers.items()]


def fix_roles(file: str, wanted: Mapping[str, Role], settings: Settings) -> Path:
    """Keep these roles, and those fixed before, in the file's sidecar; gives its path.

    Args:
        file: a file on this machine, not packed in an archive.
        wanted: speaker -> role; case and blanks of a name do not matter.
        settings: as of the runs that read the file.

    Raises:
        UsageError: there is no such speaker, the file has no place for a sidecar, or that cannot be written.
    """
    found = _one(file, settings)
    if is_url(found.location) or found.packed:
        raise UsageError(
            f"{file} has no place for a sidecar: it is {'in an archive' if found.packed else 'no local file'}",
            "Put its roles into the folder's metadata.csv, column `roles`: Anna=interviewer; Sam=participant;",
        )
    known = voices(file, settings)
    roles: dict[str, str] = {
        one.speaker.name: one.speaker.role for one in known if one.speaker.basis == "stated by a person"
    }
    names = {fold(one.speaker.name): one.speaker.name for one in known}
    for name, role in wanted.items():
        if fold(name) not in names:
            raise UsageError(
                f"there is no speaker '{name}' in {file}", f"There are: {', '.join(names.values())}."
            )
        roles[names[fold(name)]] = role
    if known and not any(roles.get(one.speaker.name, one.speaker.role) == "participant" for one in known):
        raise UsageError("nobody would be left as a participant", "An interview needs one: check the roles.")
    return write_roles(Path(found.location), roles)


def _one(file: str, settings: Settings) -> Inspected:
    plain = settings.model_copy(update={"privacy": settings.privacy.model_copy(update={"mode": "off"})})
    found = list(inspect([file], plain))
    if len(found) != 1:
        raise UsageError(f"{file} holds {len(found)} files", "Give one of them.")
    return found[0]
