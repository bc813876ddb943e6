"""The chance of each part that a thing may play in the switch: fired, hired, refused, or none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from spacy.lookups import Lookups

from pipeline.errors import ModelError
from pipeline.extract.linear import Linear, added, read_model, softmax
from pipeline.extract.story.mentions import Talk
from pipeline.resources import checked, models_folder, people_lists


class Heard(BaseModel):
    """How far the words around a thing count beside what the reader says of it, and what the latter adds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: float
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]


class Weights(Linear):
    """What the words around a thing say of its part, as ``training/story.py`` writes it."""

    heard: Heard | None = None


def chances(
    model: Weights, row: Mapping[str, float], heard: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The chance of each class, summing to one; ``heard`` is what the reader says, nothing where it did not read."""
    found = model.totals(row)
    if heard and model.heard is not None:
        found = [model.heard.share * total for total in found]
        found = added(
            [a + b for a, b in zip(found, model.heard.bias, strict=True)], model.heard.weights, heard
        )
    return softmax(model.classes, found)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The shipped model.

    Raises:
        ModelError: it is missing or damaged.
    """
    return read_model(models_folder() / "story" / "things.json", Weights)


@lru_cache(maxsize=1)
def shipped_talk() -> Talk:
    """Common talk as the written corpus shows it.

    Raises:
        ModelError: a file is missing or damaged.
    """
    folder = models_folder() / "story"
    try:
        rows = (folder / "talk.tsv").read_text(encoding="utf-8").splitlines()
        shares = {word: float(share) for word, share in (row.split("\t") for row in rows)}
        return Talk(shares, *listed(folder), dictionary())
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read the word lists of {folder}", "Reinstall whyswitch.") from error


@lru_cache(maxsize=1)
def dictionary() -> frozenset[str]:
    """Uninflected words of English, from the pinned English model's lemmatizer.

    Raises:
        ModelError: the model is missing or is not the pinned one.
    """
    table = Lookups().from_disk(checked("en_core_web_sm") / "lemmatizer" / "lookups").get_table("lemma_index")
    return frozenset(word for words in table.values() for word in words if word.islower())


def listed(folder: Path) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words that name no product, names of people, names of places; ``folder`` is that of the story's word lists."""
    people = frozenset(word for path in people_lists() for word in _words(path))
    return _words(folder / "never.txt"), people, _words(folder / "places.txt")


def _words(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word.strip(",:=") for line in lines if not line.startswith("#") for word in line.split())
