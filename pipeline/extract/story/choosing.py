"""Which of an interview's things were fired, hired, or looked at and not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.story.cues import cues
from pipeline.extract.story.features import features, heard
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import Mention, Talk, Thing, things
from pipeline.extract.story.parting import Weights, chances
from pipeline.extract.story.persons import is_person

LEAST = 0.35
"""Chance of being a product of the switch at all, below which a named thing is only mentioned."""
LEAST_UNNAMED = 0.45
"""The same for a thing without a name: most nouns are none."""
LEAST_ROLE = 0.25
"""Chance of the very role, below which a product of the switch stays a candidate."""
OLD = frozenset({"left", "had"})
NEW = frozenset({"taken-up", "signed-up", "got", "tried", "called"})
REFUSING = frozenset({"tried", "sent-back", "worried", "than"})


@dataclass(frozen=True, slots=True)
class Scored:
    """A thing with the chance of each part."""

    thing: Thing
    chances: Mapping[str, float]

    @property
    def product(self) -> float:
        """The chance that it has a part at all."""
        return 1 - self.chances["other"]

    @property
    def new(self) -> float:
        """The chance that it is what was hired, or would have been."""
        return self.chances["hired"] + self.chances["refused"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The things of a switch; ``others`` are products that were neither left nor taken, surest first."""

    fired: Scored | None
    hired: Scored | None
    others: tuple[Scored, ...]


def choose(
    lines: Sequence[Line], talk: Talk, model: Weights, known: str = "", least_role: float = LEAST_ROLE
) -> Chosen:
    """The things of the switch; ``known`` is the product that the interview's metadata names: it is the new one."""
    found = things(lines, talk)
    scored = [
        Scored(t, certain or chances(model, features(t, lines, talk, found), said))
        for t, said in zip(found, heard(found, lines), strict=True)
        if (certain := _told(t, known)) or not is_person(t, lines)
    ]
    fit = [s for s in scored if s.product >= (LEAST if s.thing.is_name else LEAST_UNNAMED)]
    fired = max(fit, key=lambda s: s.chances["fired"], default=None)
    hired = max(fit, key=lambda s: s.new, default=None)
    if fired is hired and fired is not None:
        rest = [s for s in fit if s is not fired]
        if fired.chances["fired"] > fired.new:
            hired = max(rest, key=lambda s: s.new, default=None)
        else:
            fired = max(rest, key=lambda s: s.chances["fired"], default=None)
    fired = fired if fired is not None and fired.chances["fired"] >= least_role else None
    hired = hired if hired is not None and hired.new >= least_role else None
    others = [s for s in fit if s.thing.is_name and s not in (fired, hired)]
    return Chosen(fired, hired, tuple(sorted(others, key=lambda s: -s.product)))


def _told(thing: Thing, known: str) -> dict[str, float] | None:
    """Certainty for a name that the metadata's product holds."""
    words = known.lower().replace(",", " ").replace("(", " ").split()
    if not thing.is_name or thing.key.split()[0] not in words:
        return None
    return {"other": 0.0, "fired": 0.0, "hired": 1.0, "refused": 0.0}


def telling_mention(scored: Scored, lines: Sequence[Line], role: str) -> Mention:
    """The mention whose sentence tells most of the thing's part; participants' before interviewers'."""
    wanted = {"fired": OLD, "hired": NEW}.get(role, REFUSING)
    labels = {"fired": {"push", "habit"}, "hired": {"pull"}}.get(role, {"anxiety"})

    def weight(mention: Mention) -> tuple[bool, int, int]:
        line = lines[mention.line]
        cued = sum(cue.id in wanted and cue.fits(line, mention) for cue in cues())
        return not line.asks, cued + len(labels & line.labels), -mention.line

    return max(scored.thing.mentions, key=weight)
