"""Counter-evidence: what people say against a theme's force about the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.cluster.space import BLOCK, Matrix, unit
from pipeline.records import CounterStatement, Label, Opposing

OPPOSITE: dict[Label, tuple[Label, ...]] = {
    "push": ("habit", "anxiety"),
    "pull": ("anxiety", "habit"),
    "anxiety": ("pull", "push"),
    "habit": ("push", "pull"),
    "outcome": (),
}
"""Push and pull speak for the change, anxiety and habit against it; an outcome takes no side."""

KEPT = 5
LEAST = 0.3
"""Cosine below which a statement is about something else."""


def counter_statements(
    theme_ids: Sequence[str], means: Matrix, opposing: Opposing | None
) -> Iterator[CounterStatement]:
    """For each theme the opposing statements nearest to it, closest first.

    Args:
        theme_ids: the themes.
        means: one row per theme, the mean of its statements' vectors.
        opposing: the statements to choose from.
    """
    if opposing is None or not opposing.statement_ids or not theme_ids:
        return
    middles = unit(means)
    vectors = np.asarray(opposing.vectors)
    best: list[list[tuple[float, str]]] = [[] for _ in theme_ids]
    for start in range(0, len(vectors), BLOCK):
        likeness = middles @ np.asarray(vectors[start : start + BLOCK], dtype=np.float64).T
        for theme, row in enumerate(likeness):
            near = np.argsort(-row, kind="stable")[:KEPT]
            found = [(-round(float(row[i]), 6), opposing.statement_ids[start + i]) for i in near]
            best[theme] = sorted(best[theme] + [pair for pair in found if -pair[0] >= LEAST])[:KEPT]
    for theme_id, found in zip(theme_ids, best, strict=True):
        for rank, (negative, statement_id) in enumerate(found, start=1):
            yield CounterStatement(theme_id, statement_id, -negative, rank)
