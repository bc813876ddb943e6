"""Sentences that speak of a product as "it", where the sentence before tells which product that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import Thing

NOTHING_MEANT = re.compile(
    r"\bit(?:'s|'d| is| was| had| has| would| will)?(?: been| be)?(?: just| only| so| too| very| quite| really| about"
    r"| around| nearly| almost| already| still| not)* (?:rain\w*|snow\w*|pour\w*|cold|hot|dark|late|early|time"
    r"|half past|\d\S*|(?:a |the |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter|easter"
    r"|christmas|january|february|march|april|june|july|august|september|october|november|december"
    r"|seem\w*|occurred to|dawned on|turn\w* out|happen\w* (?:that|to)|t(?:ook|akes) (?:me|us|him|her|them)"
    r"|\w+ (?:to|that|who|when|because|how|if|for me|for us))\b"
    r"|\b(?:do|does|did|done|doing|have|had|keep|kept|wr[io]te) it (?:all |just |mostly |down )*"
    r"(?:by|in|on|with|from)\b"
)
"""Talk in which "it" stands for the weather, the hour, what comes behind it, or what they work on."""


def pointing(lines: Sequence[Line], products: Sequence[Thing]) -> dict[str, list[int]]:
    """By a product's key the participants' sentences that speak of it as "it".

    The sentence before, of the same turn or of the question, must name one product and no other, or speak of one
    as "it" in its turn. "They" is left out: too often it is people.
    """
    named: dict[int, set[str]] = defaultdict(set)
    for thing in products:
        for mention in thing.mentions:
            named[mention.line].add(thing.key)
    found: dict[str, list[int]] = defaultdict(list)
    about = None
    for number, line in enumerate(lines):
        if named[number]:
            about = next(iter(named[number])) if len(named[number]) == 1 and not _asks_before(line) else None
        elif about and not line.asks and _says_it(line) and _follows(lines, number):
            found[about].append(number)
        else:
            about = None
    return dict(found)


def _asks_before(line: Line) -> bool:
    """Whether it asks for the time before a product: then "it" is what they had, not the product."""
    return line.asks and not {"before", "until", "without"}.isdisjoint(line.plain)


def _says_it(line: Line) -> bool:
    said = any(word.split("'")[0] in ("it", "its") for word in line.plain)
    return said and not NOTHING_MEANT.search(line.text.lower().replace("’", "'"))


def _follows(lines: Sequence[Line], number: int) -> bool:
    """Whether a sentence goes on in the turn of the one before, or answers it."""
    before = lines[number - 1]
    return before.asks or before.turn_index == lines[number].turn_index
