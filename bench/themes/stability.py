"""Do themes stay what they are when statements come in another order, or when some are missing?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bench.themes.corpora import Corpus, renamed
from bench.themes.scores import agreement
from bench.themes.systems import grouped
from pipeline import cluster

TIMES = 5
KEPT = 0.9
BAR = 0.85


def stability(corpus: Corpus, resources: cluster.Resources) -> dict[str, Any]:
    """Mean ARI over five shuffles, five renamings and five subsamples of 90 %, on the statements shared.

    A shuffle changes the order of files and rows. Statements are put in the order of their ids before they are
    grouped, so a renaming, which changes that order too, is the harder test.
    """
    whole = grouped(corpus.entries(), resources)
    shuffles, renamings, samples = [], [], []
    for seed in range(TIMES):
        random = np.random.default_rng(seed)
        order = [int(i) for i in random.permutation(len(corpus.told))]
        shuffles.append(agreement(whole, grouped(corpus.part(order).entries(), resources)))
        renamings.append(agreement(whole, _renamed(corpus, f"archive {seed}", resources)))
        kept = sorted(order[: round(KEPT * len(order))])
        samples.append(agreement(whole, grouped(corpus.part(kept).entries(), resources)))
    return {
        "shuffles": _told(shuffles),
        "other ids": _told(renamings),
        "subsamples of 90 %": _told(samples),
        "bars": {"shuffles 1.0": min(shuffles) == 1.0, "subsamples 0.85": float(np.mean(samples)) >= BAR},
    }


def _renamed(corpus: Corpus, prefix: str, resources: cluster.Resources) -> dict[str, str]:
    told = renamed(corpus.told, prefix)
    found = grouped(replace(corpus, told=told).entries(), resources)
    return {old.statement_id: found[new.statement_id] for old, new in zip(corpus.told, told, strict=True)}


def _told(values: list[float]) -> dict[str, float]:
    return {"mean": round(float(np.mean(values)), 3), "lowest": round(min(values), 3)}
