"""How likely readers would put a drafted outcome statement into a list as it stands, learnt from judged drafts.

One linear model over named features: how the statement opens and ends, the pronouns in it, how much of the sentence it
holds, the frame that it was drawn by. Every weight can be read in ``models/outcomes/usable.json``.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Span

from pipeline.extract.linear import Linear, softmax
from pipeline.extract.linear import read_model as read
from pipeline.resources import models_folder

if TYPE_CHECKING:
    from pipeline.extract.outcome.draft import Draft

CLASSES = ("n", "y")
LEAST = 0.5
"""The chance from which on a draft without a defect is called ``ok``."""
OPENS = ("the likelihood of ", "the time it takes to ", "the time spent ", "the effort it takes to ")
"""What a statement says before its own words begin."""
LENGTHS = (4, 6, 8, 11, 15, 20)

Features = dict[str, float]


class Usable(BaseModel):
    """The model, as ``training/usable.py`` writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    usable: Linear


@lru_cache(maxsize=1)
def shipped_usable() -> Usable:
    """The shipped model.

    Raises:
        ModelError: it is missing or damaged.
    """
    return read(models_folder() / "outcomes" / "usable.json", Usable)


def chance(made: Draft, span: Span, frame: str, kind: str | None, model: Usable) -> float:
    """The chance, from 0 to 1, that readers would use a statement without edits."""
    return softmax(CLASSES, model.usable.totals(of_draft(made, span, frame, kind)))["y"]


def of_draft(made: Draft, span: Span, frame: str, kind: str | None) -> Features:
    """What speaks for and against a statement."""
    said = (made.canonical or "").removeprefix(f"{made.direction} ")
    own = next((said.removeprefix(opens) for opens in OPENS if said.startswith(opens)), said)
    words = [word.strip(",.") for word in own.lower().split()]
    spoken = {t.lower_: t for t in span}
    tags = [spoken[w].tag_ if w in spoken else "new" for w in words]
    light = [w if w not in spoken or spoken[w].is_stop else f"<{spoken[w].pos_}>" for w in words]
    ways = {f"verdict {made.verdict}", f"frame {frame}", f"frame {frame} {made.direction}", f"kind {kind}"}
    ways |= {f"measure {made.measure}", f"direction {made.direction}", f"step {made.job_step}"}
    ways |= {f"opens {one}" for one in light[:1]} | {f"opens {' '.join(light[:2])}"}
    ways |= {f"ends {one}" for one in light[-1:]} | {f"ends {' '.join(light[-2:])}"}
    ways |= {f"word {one}" for one in light} | {f"pair {a} {b}" for a, b in itertools.pairwise(light)}
    ways |= {f"tag {one}" for one in tags} | {f"last tag {one}" for one in tags[-1:]}
    ways |= {f"longer than {n}" for n in LENGTHS if len(words) > n}
    inside = {t.i for t in span if t.lower_ in words}
    after = [t for t in span if inside and t.i > max(inside) and t.is_alpha]
    ways |= {"all to the end"} if not after else {f"left out behind {after[0].pos_}"}
    ways |= {f"names {t.ent_type_ or t.pos_}" for t in span if t.i in inside and t.pos_ == "PROPN"}
    found = dict.fromkeys(sorted(ways), 1.0)
    found["pronouns"] = sum(t.pos_ == "PRON" for t in span if t.i in inside) / 2
    found["verbs"] = sum(t.pos_ in ("VERB", "AUX") for t in span if t.i in inside) / 3
    found["nouns"] = sum(t.pos_ in ("NOUN", "PROPN") for t in span if t.i in inside) / 3
    found["finite"] = sum(t.tag_ in ("VBD", "VBZ", "VBP") for t in span if t.i in inside) / 2
    found["words"] = math.log(1 + len(words)) / 2
    found["sentence"] = math.log(1 + len(span)) / 2
    found["covers"] = len(inside) / max(len(span), 1)
    found["commas"] = own.count(",") / 2
    return found
