"""Who is interviewer and who participant: by what is told, by name, else by how each one talks."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.config import IngestSettings
from pipeline.ingest.evidence import leanings, probability
from pipeline.ingest.lexicon import fold, is_host, role_of, role_word
from pipeline.ingest.people import first_name_first
from pipeline.ingest.turns import Talk
from pipeline.records import Role, Speaker

REVIEW_BELOW = 0.9
"""Roles less sure than this are flagged for a person to look at."""

_PAIRS: tuple[tuple[str, str], ...] = (
    ("i", "r"),
    ("i", "b"),
    ("i", "a"),
    ("i", "s"),
    ("q", "r"),
    ("q", "b"),
    ("m", "r"),
    ("m", "p"),
    ("r", "p"),
    ("int", "res"),
    ("int", "r"),
    ("int", "b"),
    ("int", "s"),
    ("interviewer", "r"),
    ("interviewer", "b"),
    ("interviewer", "s"),
    ("f", "p"),
    ("res", "p"),
    ("mod", "r"),
    ("l", "b"),
)
"""Letters that stand for interviewer and participant where both occur."""

_KNOWN_ASKER, _KNOWN_TELLER, _ANOTHER_ASKER = -2.5, 2.0, -1.0
"""Log odds that a known interviewer, a known participant, or one told by talk adds for all others."""
_DISAGREE = 0.8
"""How sure a role by talk is at most where the label says otherwise."""
_GIVEN = re.compile(r"([^:=;,]+?)\s*(?:=|:)\s*(interviewer|participant|other)\b", re.I)
_PART = re.compile(r"\s*(.+?)\s*[=:]\s*(interviewer|participant|other)\s*", re.I)


def assign(
    talk: Sequence[Talk], told: Mapping[str, Role], metadata: Mapping[str, str], settings: IngestSettings
) -> list[Speaker]:
    """The speakers in the order of their first turn, each with a role, its basis and its confidence (0 to 1).

    What a person has said comes first: ``roles`` of the metadata (``Anna=interviewer; Sam=participant``), the
    settings' names, roles told in the file, ``interviewer`` and ``participant`` of the metadata. Then role
    words, then the talk itself. A host who talks like one who tells is judged by the talk, too.
    """
    names = list(dict.fromkeys(turn.speaker for turn in talk))
    if settings.all_participants:
        return [Speaker(name, "participant", 1.0, "setting") for name in names]
    given = _given(names, told, metadata, settings)
    worded = {name: speaker for name, speaker in _worded(names).items() if name not in given}
    hosts = _telling_hosts(worded, talk)
    known = given | {name: speaker for name, speaker in worded.items() if name not in hosts}
    rest = [name for name in names if name not in known]
    judged = known | _by_talk(talk, rest, known)
    if not any(speaker.role == "interviewer" for speaker in known.values()):
        judged |= {name: _disagreeing(judged[name]) for name in hosts if judged[name].role != "interviewer"}
    return [judged[name] for name in names]


def _telling_hosts(worded: Iterable[str], talk: Sequence[Talk]) -> frozenset[str]:
    """The hosts by label who talk like one who tells, not asks."""
    hosts = [name for name in worded if is_host(name)]
    odds = leanings(talk) if hosts else {}
    return frozenset(name for name in hosts if odds.get(name, 0.0) < 0)


def _disagreeing(speaker: Speaker) -> Speaker:
    """A host's role by talk where nobody else is known to ask: to be looked at, since the label says otherwise."""
    sure = min(speaker.confidence, _DISAGREE)
    return dataclasses.replace(speaker, confidence=sure, basis="talk, against the label", needs_review=True)


def _given(
    names: Sequence[str], told: Mapping[str, Role], metadata: Mapping[str, str], settings: IngestSettings
) -> dict[str, Speaker]:
    """The speakers whose roles somebody has stated."""
    fixed = {first_name_first(name): role_of(role) for name, role in _fixed(metadata.get("roles", ""))}
    found: dict[str, Speaker] = {}
    for name in names:
        if by_person := fixed.get(first_name_first(name)):
            found[name] = Speaker(name, by_person, 1.0, "stated by a person")
        elif role := _listed(name, settings):
            found[name] = Speaker(name, role, 1.0, "setting")
        elif name in told:
            found[name] = Speaker(name, told[name], 0.99, "stated in the file")
    keys: tuple[Role, ...] = ("interviewer", "participant")
    for role in keys:
        for name in _matching(metadata.get(role, ""), [name for name in names if name not in found]):
            found[name] = Speaker(name, role, 0.99, "metadata")
    return found


def _fixed(stated: str) -> list[tuple[str, str]]:
    """Names and roles of ``Anna=interviewer; Sam=participant``; a name with a comma needs the semicolons."""
    if ";" not in stated:
        return _GIVEN.findall(stated)
    found = (_PART.fullmatch(part) for part in stated.split(";"))
    return [(match[1], match[2]) for match in found if match]


def _listed(name: str, settings: IngestSettings) -> Role | None:
    """The role under which the settings list a name, whichever name comes first: ``Marsh, Jo`` is ``Jo Marsh``."""
    lists: tuple[tuple[Role, Iterable[str]], ...] = (
        ("interviewer", settings.interviewer_names),
        ("participant", settings.participant_names),
        ("other", settings.other_names),
    )
    person = first_name_first(name)
    return next((role for role, listed in lists if person in map(first_name_first, listed)), None)


def _matching(value: str, names: Sequence[str]) -> list[str]:
    """The speakers that a metadata value names: in full, by first or last name, or by initials."""
    found = [name for name in names if first_name_first(name) == first_name_first(value)]
    if found:
        return found
    for part in re.split(r",|;| and | & ", value):
        person = fold(part)
        words = re.sub(r"\(.*?\)", "", person).split()
        if not words:
            continue
        initials = "".join(word[0] for word in words)
        exact = [name for name in names if person == first_name_first(name)]
        found += exact or [
            name
            for name in names
            if fold(name) in words
            or fold(name).split()[0:1] == words[0:1]
            or (len(words) > 1 and fold(name) == initials)
        ]
    return found


def _worded(names: Sequence[str]) -> dict[str, Speaker]:
    """The speakers whose labels are role words, or letters that are roles beside each other."""
    found: dict[str, Speaker] = {}
    bare = {name: re.sub(r"[\s._#-]*\d*$", "", fold(name)) for name in names}
    present = set(bare.values())
    for name in names:
        word = role_word(name) or role_word(name.split("(")[0])
        if word == "unknown":
            found[name] = Speaker(name, "other", 0.6, "nobody in particular", needs_review=True)
        elif word:
            found[name] = Speaker(name, word, 0.98, "name")
    for asker, teller in _PAIRS:
        if {asker, teller} <= present and len(present) <= 4:
            for name in names:
                if bare[name] == asker:
                    found.setdefault(name, Speaker(name, "interviewer", 0.95, "name"))
                elif bare[name] == teller:
                    found.setdefault(name, Speaker(name, "participant", 0.95, "name"))
    return found


def _by_talk(talk: Sequence[Talk], rest: Sequence[str], known: Mapping[str, Speaker]) -> dict[str, Speaker]:
    """The remaining speakers by how they talk, given who is known."""
    if not rest:
        return {}
    spoken = [turn for turn in talk if turn.speaker not in known or known[turn.speaker].role != "other"]
    odds = leanings(spoken)
    if not odds:
        return {name: _judged(name, 0.5, "the only speaker") for name in rest}
    roles = {speaker.role for speaker in known.values()}
    told = roles & {"interviewer", "participant"}
    shift = (_KNOWN_ASKER if "interviewer" in roles else 0.0) + (
        _KNOWN_TELLER if "participant" in roles else 0.0
    )
    if told:
        chances = {name: probability(odds.get(name, 0.0) + shift) for name in rest}
    else:
        chances = _one_of_two(rest[0], rest[1], odds) if len(rest) == 2 else _first_of_many(odds)
    return {
        name: _judged(name, chance, "talk") for name, chance in _with_a_participant(chances, roles).items()
    }


def _one_of_two(first: str, second: str, odds: Mapping[str, float]) -> dict[str, float]:
    """The chances of two of whom exactly one asks."""
    chance = probability(odds[first] - odds[second])
    return {first: chance, second: 1 - chance}


def _first_of_many(odds: Mapping[str, float]) -> dict[str, float]:
    """The chances of three or more: the likeliest asks, and makes it less likely that others do too."""
    first = max(odds, key=lambda name: odds[name])
    chances = {name: probability(value + _ANOTHER_ASKER) for name, value in odds.items()}
    return {**chances, first: max(probability(odds[first]), 0.51)}


def _with_a_participant(chances: dict[str, float], roles: set[Role]) -> dict[str, float]:
    """The chances such that somebody is a participant: the least likely interviewer, if nobody else."""
    if "participant" not in roles and all(chance >= 0.5 for chance in chances.values()):
        least = min(chances, key=lambda name: chances[name])
        return {**chances, least: 0.49}
    return chances


def _judged(name: str, chance: float, basis: str) -> Speaker:
    role: Role = "interviewer" if chance > 0.5 else "participant"
    sure = max(chance, 1 - chance)
    return Speaker(name, role, round(sure, 3), basis, needs_review=sure < REVIEW_BELOW)
