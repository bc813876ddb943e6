"""Which things of an interview are persons who act, and so no products: data, in ``models/story/persons.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.story.cues import Cue, cues, read_cues
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import Thing

PRODUCT_CUES = frozenset({"signed-up", "kind"})
"""Cues that only products have around them; they outweigh what looks like a person's doing."""


@lru_cache(maxsize=1)
def person_cues() -> tuple[Cue, ...]:
    """The shipped cues.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    return read_cues("persons.toml")


def is_person(thing: Thing, lines: Sequence[Line]) -> bool:
    """Whether somewhere in the interview the thing acts as a person, and nowhere stands as a product."""
    said = [(lines[mention.line], mention) for mention in thing.mentions]
    acts = any(cue.fits(line, mention) for cue in person_cues() for line, mention in said)
    product = [cue for cue in cues() if cue.id in PRODUCT_CUES]
    return acts and not any(cue.fits(line, mention) for cue in product for line, mention in said)
