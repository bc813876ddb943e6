"""The front door of clustering: same statements in any order, same themes; too few give none."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline import cluster
from pipeline.config import Settings, load_settings
from pipeline.records import ClusterInput, content_id
from tests.unit.cluster.test_density import blobs

THINGS = ("the repair bill", "the parking permit", "the insurance letter", "the rusty gearbox")


@pytest.fixture(scope="module")
def resources() -> cluster.Resources:
    return cluster.load(Settings())


def entry(order: list[int], people: int = 20) -> ClusterInput:
    vectors = blobs(4, 15)
    texts = [f"I was tired of {THINGS[i // 15]} again, number {i}." for i in range(60)]
    ids = [content_id("s", text) for text in texts]
    return ClusterInput(
        "push",
        "run-1",
        tuple(ids[i] for i in order),
        tuple(f"p{i % people}" for i in order),
        tuple(texts[i] for i in order),
        np.asarray(vectors[order], dtype=np.float32),
    )


def test_the_order_of_statements_changes_nothing(resources: cluster.Resources) -> None:
    forward = cluster.run([entry(list(range(60)))], resources)
    backward = cluster.run([entry(list(range(60))[::-1])], resources)
    assert forward == backward
    assert len(forward[0].themes) == 4


def test_themes_are_named_by_what_sets_them_apart(resources: cluster.Resources) -> None:
    [found] = cluster.run([entry(list(range(60)))], resources)
    said = {word for theme in found.themes for word in theme.title.lower().replace(",", "").split()}
    assert {"permit", "gearbox", "insurance"} <= said


def test_one_person_makes_no_theme(resources: cluster.Resources) -> None:
    [found] = cluster.run([entry(list(range(60)), people=1)], resources)
    assert found.themes == ()
    assert found.members == ()


def test_too_few_statements_give_none(resources: cluster.Resources) -> None:
    [found] = cluster.run([entry(list(range(5)))], resources)
    assert found.themes == ()


def test_support_is_counted_in_people(resources: cluster.Resources) -> None:
    [found] = cluster.run([entry(list(range(60)), people=3)], resources)
    assert {theme.n_participants for theme in found.themes} == {3}
    assert sum(theme.n_statements for theme in found.themes) == len(found.members)


def test_statements_are_compared_by_the_large_encoder_where_the_reader_uses_it() -> None:
    def model(*assignments: str) -> str:
        return cluster.compared(load_settings(None, list(assignments))).embed.model

    assert model() == "mpnet"
    assert model("extract.profile=thorough") == "mpnet"
    assert model("extract.profile=rules") == "minilm"
    assert model("cluster.model=") == "minilm"
    assert model("cluster.model=minilm") == "minilm"
