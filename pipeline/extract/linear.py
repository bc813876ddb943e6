"""Linear models over named features, kept as plain numbers that anybody can read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from pipeline.errors import ModelError

Row = Mapping[str, float]
Model = TypeVar("Model", bound=BaseModel)


class Linear(BaseModel):
    """A weight per named feature and class."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def totals(self, row: Row) -> list[float]:
        """The score of each class, before it is made a chance."""
        return added(self.bias, self.weights, row)

    def likeliest(self, row: Row) -> tuple[str, float]:
        """The likeliest class, and its chance."""
        chances = softmax(self.classes, self.totals(row))
        name = max(chances, key=chances.__getitem__)
        return name, chances[name]


def added(bias: Sequence[float], weights: Mapping[str, tuple[float, ...]], row: Row) -> list[float]:
    """What the features of a row add to each class's bias."""
    found = list(bias)
    for name, value in row.items():
        for place, weight in enumerate(weights.get(name, ())):
            found[place] += value * weight
    return found


def softmax(classes: Sequence[str], totals: Sequence[float]) -> dict[str, float]:
    """The chance of each class, summing to one."""
    highest = max(totals)
    raised = [math.exp(total - highest) for total in totals]
    return {name: value / sum(raised) for name, value in zip(classes, raised, strict=True)}


def read_model(path: Path, kind: type[Model]) -> Model:
    """The model that a file holds.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        return kind.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path}", "Reinstall whyswitch.") from error
