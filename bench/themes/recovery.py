"""Are planted themes found again? Ours against BERTopic and k-means told the true number; the choices tried."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from bench.themes.corpora import Corpus, Encoder, Told
from bench.themes.scores import Scores, score
from bench.themes.systems import (
    bertopic,
    dense,
    is_installed,
    ours,
    reduced,
    reductions,
    space,
    told_the_number,
)
from pipeline import cluster

SEEDS = 5
TIMES = 3
"""Runs of BERTopic, which is not seeded by default; the mean is told."""
WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0)
AGAINST_BERTOPIC = 3.0
GROUPS = (0.5, 1.6)
NOISE = 0.35
INTENTS_ARI = 0.35


def recovered(corpus: Corpus, resources: cluster.Resources, small: Encoder) -> dict[str, Any]:
    """The scores of all systems on one corpus, and which bars they meet.

    Args:
        corpus: the statements.
        resources: how whyswitch groups them.
        small: the encoder that BERTopic takes by default.
    """
    weight = resources.settings.context_weight
    clock = time.perf_counter()
    own = score(corpus, ours(corpus, resources))
    seconds = time.perf_counter() - clock
    means = _mean(score(corpus, told_the_number(corpus, weight, seed)) for seed in range(SEEDS))
    told: dict[str, Any] = {
        "statements": len(corpus.told),
        "whyswitch": own.told() | {"seconds": round(seconds, 1)},
        "k-means, true number": means.told(),
    }
    others: dict[str, Scores] = {}
    if is_installed("bertopic"):
        vectors = small.rows([one.text for one in corpus.told])
        for name, by_label in (("BERTopic", False), ("BERTopic per label", True)):
            runs = (score(corpus, bertopic(corpus, vectors, by_label=by_label)) for _ in range(TIMES))
            others[name] = _mean(runs)
            told[name] = others[name].told()
    return told | {"bars": _bars(own, means, others)}


def _bars(own: Scores, means: Scores, others: Mapping[str, Scores]) -> dict[str, bool | str]:
    bars: dict[str, bool | str] = {
        "above k-means": own.ari > means.ari and own.ami > means.ami,
        "groups 0.5 to 1.6 of true": GROUPS[0] <= own.ratio <= GROUPS[1],
        "noise at most 0.35": own.noise <= NOISE,
        "3 times BERTopic": "not measured: pip install 'whyswitch[bench]'",
    }
    for name, other in others.items():
        bars[f"3 times {name}"] = (
            own.ari >= AGAINST_BERTOPIC * other.ari and own.ami >= AGAINST_BERTOPIC * other.ami
        )
    return bars


def _mean(scores: Iterable[Scores]) -> Scores:
    found = list(scores)
    return Scores(
        float(np.mean([one.ari for one in found])),
        float(np.mean([one.ami for one in found])),
        round(float(np.mean([one.groups for one in found]))),
        found[0].true_groups,
        float(np.mean([one.noise for one in found])),
    )


def intents(corpus: Corpus, resources: cluster.Resources, small: Encoder) -> dict[str, Any]:
    """The same on a set of intents, with the bar that the issue names for it."""
    told = recovered(corpus, resources, small)
    told["bars"]["ARI at least 0.35"] = told["whyswitch"]["ari"] >= INTENTS_ARI
    return told


def choices(corpus: Corpus, resources: cluster.Resources) -> dict[str, Any]:
    """HDBSCAN after each reduction and on the neighbourhood graph, by the same rule of sizes; and what is shipped."""
    weight = resources.settings.context_weight
    told = {
        "whyswitch": score(corpus, ours(corpus, resources)).told(),
        "neighbourhood graph": score(corpus, dense(corpus, weight)).told(),
    }
    for way in reductions():
        clock = time.perf_counter()
        found = score(corpus, reduced(corpus, weight, way)).told()
        told[way.name] = found | {"seconds": round(time.perf_counter() - clock, 2)}
    return told


def vectors(
    told: Sequence[Told], name: str, encoders: Sequence[Encoder], resources: cluster.Resources
) -> list[dict[str, Any]]:
    """For each encoder and weight of the surroundings: do neighbours share a theme, and what comes out of it."""
    rows = []
    for encoder in encoders:
        clock = time.perf_counter()
        corpus = encoder.corpus(name, told)
        seconds = time.perf_counter() - clock
        for weight in WEIGHTS:
            settings = resources.settings.model_copy(update={"context_weight": weight})
            mine = cluster.Resources(settings, resources.curation, resources.nlp)
            means = _mean(score(corpus, told_the_number(corpus, weight, seed)) for seed in range(SEEDS))
            own = score(corpus, ours(corpus, mine))
            rows.append(
                {
                    "encoder": encoder.name,
                    "weight of surroundings": weight,
                    "5 nearest share the theme": round(neighbours(corpus.themed(), weight), 3),
                    "k-means, true number: ARI": round(means.ari, 3),
                    "whyswitch: ARI": round(own.ari, 3),
                    "whyswitch: AMI": round(own.ami, 3),
                    "ms to embed a statement": round(1000 * seconds / len(told), 1),
                }
            )
    return rows


def neighbours(corpus: Corpus, weight: float) -> float:
    """The share of a statement's five nearest of its label that are of its theme."""
    shares = []
    for _, chosen in corpus.labels():
        part = corpus.part(chosen)
        rows = space(part, weight)
        themes = np.array([one.theme for one in part.told])
        likeness = rows @ rows.T
        np.fill_diagonal(likeness, -np.inf)
        near = np.argsort(-likeness, axis=1, kind="stable")[:, :5]
        shares.append((themes[near] == themes[:, None]).mean(axis=1))
    return float(np.concatenate(shares).mean())
