"""The ways of grouping that are compared: ours, k-means told the true number, BERTopic, other reductions."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hdbscan import HDBSCAN
from sklearn.cluster import KMeans

from bench.themes.corpora import Corpus, Rows
from pipeline import cluster
from pipeline.cluster import density
from pipeline.cluster.density import sizes
from pipeline.cluster.space import mixed, offset, placed
from pipeline.records import ClusterInput

Reduce = Callable[[Rows, int], Any]
"""Rows and a number of dimensions -> rows of that many."""


def is_installed(package: str) -> bool:
    """Whether a package of the bench extra is there."""
    return importlib.util.find_spec(package) is not None


def grouped(entries: Iterable[ClusterInput], resources: cluster.Resources) -> dict[str, str]:
    """Statement -> theme (empty for none), as whyswitch groups them."""
    found: dict[str, str] = {}
    for entry in entries:
        found |= dict.fromkeys(entry.statement_ids, "")
        [made] = cluster.run([entry], resources)
        found |= {member.statement_id: member.theme_id for member in made.members}
    return found


def ours(corpus: Corpus, resources: cluster.Resources) -> list[str]:
    """The theme of each statement, in order."""
    found = grouped(corpus.entries(), resources)
    return [found[one.statement_id] for one in corpus.told]


def space(corpus: Corpus, weight: float) -> Rows:
    """The rows of one label as whyswitch compares them: sentence and surroundings mixed, the mean taken away."""
    mixture = mixed(corpus.vectors, corpus.contexts, weight)
    return np.asarray(placed(mixture, offset(mixture)), dtype=np.float32)


def told_the_number(corpus: Corpus, weight: float, seed: int) -> list[str]:
    """k-means for each label, told how many themes it truly has."""
    groups = [""] * len(corpus.told)
    for label, chosen in corpus.labels():
        part = corpus.part(chosen)
        number = len({one.theme for one in part.told} - {""})
        found = KMeans(max(number, 1), n_init=10, random_state=seed).fit_predict(space(part, weight))
        for i, group in zip(chosen, found, strict=True):
            groups[i] = f"{label} {group}"
    return groups


def bertopic(corpus: Corpus, vectors: Rows, *, by_label: bool) -> list[str]:
    """BERTopic's defaults on the texts, given the vectors of its default model; not seeded, as it comes."""
    parts = [rows for _, rows in corpus.labels()] if by_label else [list(range(len(corpus.told)))]
    groups = [""] * len(corpus.told)
    for number, chosen in enumerate(parts):
        for i, topic in zip(chosen, _topics(corpus.part(chosen), vectors[chosen]), strict=True):
            groups[i] = f"{number} {topic}" if topic >= 0 else ""
    return groups


def _topics(corpus: Corpus, vectors: Rows) -> list[int]:
    from bertopic import BERTopic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, _ = BERTopic().fit_transform([one.text for one in corpus.told], vectors)
    return [int(topic) for topic in found]


@dataclass(frozen=True, slots=True)
class Reduction:
    """One way to reduce rows before HDBSCAN."""

    name: str
    reduce: Reduce
    dimensions: int


def reductions() -> list[Reduction]:
    """Those that were weighed against the neighbourhood graph."""
    found = [
        Reduction("none", lambda rows, _: rows, 0),
        Reduction("PCA, 5", _pca, 5),
        Reduction("PCA, 30", _pca, 30),
        Reduction("random projection, 30", _projected, 30),
    ]
    return [*found, Reduction("UMAP, 5", _umap, 5)] if is_installed("umap") else found


def _pca(rows: Rows, dimensions: int) -> Any:
    from sklearn.decomposition import PCA

    return PCA(min(dimensions, len(rows) - 1), svd_solver="full").fit_transform(rows)


def _projected(rows: Rows, dimensions: int) -> Any:
    from sklearn.random_projection import GaussianRandomProjection

    return GaussianRandomProjection(dimensions, random_state=0).fit_transform(rows)


def _umap(rows: Rows, dimensions: int) -> Any:
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reducer = UMAP(
            n_components=dimensions, metric="cosine", min_dist=0.0, n_neighbors=min(15, len(rows) - 1),
            random_state=0,
        )  # fmt: skip
        return reducer.fit_transform(rows)


def reduced(corpus: Corpus, weight: float, way: Reduction) -> list[str]:
    """HDBSCAN for each label on rows reduced that way, with the smallest group of our own rule."""
    groups = [""] * len(corpus.told)
    for label, chosen in corpus.labels():
        rows = way.reduce(space(corpus.part(chosen), weight), way.dimensions)
        smallest = sizes(len(rows)).smallest_group
        found = HDBSCAN(min_cluster_size=smallest, min_samples=2, core_dist_n_jobs=1).fit_predict(
            np.asarray(rows, dtype=np.float64)
        )
        for i, group in zip(chosen, found, strict=True):
            groups[i] = f"{label} {group}" if group >= 0 else ""
    return groups


def dense(corpus: Corpus, weight: float) -> list[str]:
    """HDBSCAN on the neighbourhood graph for each label: what is shipped for large labels and clear groups."""
    groups = [""] * len(corpus.told)
    for label, chosen in corpus.labels():
        found = density.groups(space(corpus.part(chosen), weight)).numbers
        for i, group in zip(chosen, found, strict=True):
            groups[i] = f"{label} {group}" if group >= 0 else ""
    return groups
