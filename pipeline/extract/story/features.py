"""What the words around a thing's mentions say of the part it plays, as named numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.extract.pieces import PARTS
from pipeline.extract.story.cues import cues
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import DETERMINERS, Mention, Talk, Thing

Odds = npt.NDArray[np.float64]
KINDS = {
    "PERSON": "person",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "people",
    "ORG": "firm",
    "PRODUCT": "product",
}
"""Kinds of names that the English model tells apart."""
PLACED = frozenset(
    [
        "road",
        "street",
        "lane",
        "hill",
        "city",
        "town",
        "falls",
        "park",
        "valley",
        "county",
        "river",
        "beach",
        "island",
        "square",
        "bridge",
    ]
)
UNSURE = 5.0
"""What the reader says of a thing counts for no more than this, in natural logs."""
FORCES = ("push", "pull", "anxiety", "habit")


def features(thing: Thing, lines: Sequence[Line], talk: Talk, beside: Sequence[Thing]) -> dict[str, float]:
    """Named features of one thing; ``beside`` are all things of the interview, most mentioned first."""
    most = max((len(other.mentions) for other in beside), default=1)
    mentions, last = thing.mentions, max(len(lines) - 1, 1)
    n = len(mentions)
    places = [m.line / last for m in mentions]
    asked = [m for m in mentions if lines[m.line].asks]
    found = {
        "name": float(thing.is_name),
        "mentions": math.log(n) / 2,
        "share": n / most,
        "once": float(n == 1),
        "asked": len(asked) / n,
        "asked_first": float(lines[mentions[0].line].asks),
        "first": places[0],
        "last": places[-1],
        "middle": sum(places) / n,
        "early": sum(p < 0.3 for p in places) / n,
        "late": sum(p > 0.7 for p in places) / n,
        "rarity": talk.rarity(thing.key.split()[0]) / 6,
        "person": float(thing.key.split()[0] in talk.people),
        "place": float(any(word in talk.places for word in thing.key.split())),
        "words": float(len(thing.name.split()) > 1),
        "determined": sum(_before(lines, m) in DETERMINERS for m in mentions) / n,
        "plural": sum(m.said.lower().endswith("s") for m in mentions) / n,
    }
    found |= dict.fromkeys(_spelt(thing, talk), 1.0)
    if thing.is_name:
        found |= _among([other for other in beside if other.is_name], thing)
    for label in FORCES:
        found[f"in {label}"] = sum(label in lines[m.line].labels for m in mentions) / n
        found[f"ever {label}"] = float(any(label in lines[m.line].labels for m in mentions))
    kinds = Counter(KINDS.get(_kind(lines, m), "none") for m in mentions)
    found |= {f"seen as {kind}": count / n for kind, count in kinds.items()}
    for cue in cues():
        hits = sum(cue.fits(lines[m.line], m) for m in mentions)
        if hits:
            found[f"cue {cue.id}"] = min(hits, 3) / 2 + 0.5
    return found


def heard(beside: Sequence[Thing], lines: Sequence[Line]) -> list[dict[str, float]]:
    """Per thing, what the reader says of the words that name it: log odds of each part against none.

    ``heard PART`` is the mean over its mentions, ``once PART`` the highest, ``most PART`` whether no other thing
    of the interview has a higher mean. Nothing where the reader did not read.
    """
    tables = [_odds(thing, lines) for thing in beside]
    means = [table.mean(axis=0) for table in tables if table is not None]
    highest = np.max(means, axis=0) if means else np.zeros(len(PARTS) - 1)
    return [_heard(table, highest) for table in tables]


def _heard(table: Odds | None, highest: Odds) -> dict[str, float]:
    if table is None:
        return {}
    found: dict[str, float] = {}
    for part, mean, most, top in zip(PARTS[1:], table.mean(axis=0), table.max(axis=0), highest, strict=True):
        found |= {
            f"heard {part}": float(mean),
            f"once {part}": float(most),
            f"most {part}": float(mean >= top),
        }
    return found


def _odds(thing: Thing, lines: Sequence[Line]) -> Odds | None:
    """(mentions read, 3) log odds of fired, hired, refused against none."""
    found = []
    for mention in thing.mentions:
        line = lines[mention.line]
        place = line.tokens[mention.first].start, line.tokens[mention.last - 1].end
        logs = line.pieces.heard(*place) if line.pieces is not None else None
        if logs is not None:
            found.append(np.clip(logs[1:] - logs[0], -UNSURE, UNSURE))
    return np.array(found) if found else None


def _spelt(thing: Thing, talk: Talk) -> Iterator[str]:
    """What the spelling of a name says: products are coined, or are words of English in capitals."""
    if not thing.is_name:
        return
    word, said = thing.key.split()[0], thing.name.split()[0]
    if talk.is_coined(word):
        yield "coined"
    elif talk.is_word(word):
        yield "word of English"
    if said[1:].lower() != said[1:]:
        yield "acronym" if said.isupper() else "capital inside"
    if not word.isascii():
        yield "foreign letters"
    if word.endswith(("days", "ish", "ese", "ian", "ians")):
        yield "of a people or a day"
    if thing.key.split()[-1] in PLACED:
        yield "road or town"


def _among(names: Sequence[Thing], thing: Thing) -> dict[str, float]:
    """How a name stands among all names of its interview."""
    order = sorted(names, key=lambda other: other.mentions[0].line)
    n, most = len(thing.mentions), max(len(other.mentions) for other in names)
    return {
        "most named": float(n == most),
        "named more": sum(len(other.mentions) > n for other in names) / 3,
        "share of names": n / most,
        "first name": float(order[0] is thing),
        "only name": float(len(names) == 1),
        "place in names": order.index(thing) / max(len(order) - 1, 1),
    }


def _kind(lines: Sequence[Line], mention: Mention) -> str:
    line = lines[mention.line]
    return line.kind_at(line.tokens[mention.first].start, line.tokens[mention.last - 1].end)


def _before(lines: Sequence[Line], mention: Mention) -> str:
    return lines[mention.line].plain[mention.first - 1] if mention.first else ""
