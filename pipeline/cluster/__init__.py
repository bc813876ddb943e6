"""Statements of one label grouped into themes: first version, HDBSCAN on the vectors as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.config import ClusterSettings, Settings
from pipeline.records import Clustering, ClusterInput, LineageEvent, Theme, ThemeMember, content_id

VERSION = "1"


def identity(settings: Settings) -> str:
    """Nothing besides the settings changes the themes."""
    return ""


def load(settings: Settings) -> ClusterSettings:
    """The settings are all it needs."""
    return settings.cluster


def run(batch: Sequence[ClusterInput], resources: ClusterSettings) -> list[Clustering]:
    """The themes of each label."""
    return [_cluster(entry, resources) for entry in batch]


def _cluster(entry: ClusterInput, settings: ClusterSettings) -> Clustering:
    from hdbscan import HDBSCAN

    n = len(entry.statement_ids)
    if n < settings.min_statements:
        return Clustering(entry.label, (), (), ())
    vectors = np.asarray(entry.vectors, dtype=np.float64)
    found = HDBSCAN(min_cluster_size=max(3, int(np.sqrt(n) / 2)), min_samples=2).fit(vectors)
    themes, members, events = [], [], []
    for number in range(found.labels_.max() + 1):
        rows = np.flatnonzero(found.labels_ == number)
        people = {entry.participant_ids[i] for i in rows}
        if len(people) < settings.min_participants:
            continue
        centre = vectors[rows].mean(axis=0)
        best = rows[int(np.argmax(vectors[rows] @ centre))]
        theme_id = content_id("th", entry.label, entry.statement_ids[best])
        words = Counter(w for i in rows for w in set(entry.texts[i].lower().split()) if len(w) > 4)
        keywords = tuple(w for w, _ in words.most_common(5))
        themes.append(
            Theme(theme_id, entry.label, ", ".join(keywords[:3]), keywords, len(rows), len(people),
                  entry.statement_ids[best], "active", entry.run_id, entry.run_id)
        )  # fmt: skip
        members += [ThemeMember(theme_id, entry.statement_ids[i], float(found.probabilities_[i])) for i in rows]
        events.append(LineageEvent(entry.run_id, theme_id, "born", None, None))
    return Clustering(entry.label, tuple(themes), tuple(members), tuple(events))
