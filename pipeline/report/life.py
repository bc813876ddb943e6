"""What belongs to themes besides quotes: their parts, what speaks against them, what changed, what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.report.evidence import Evidence
from pipeline.report.quotes import COLUMNS, Quote, quote

AGAINST = 3
"""Quotes against a theme, by different people."""
CHANGES = 40
"""Changes that are listed."""
RUNS = 6
"""Runs whose noise is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a theme."""

    title: str
    n_people: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a theme in the last run."""

    event: str
    label: str
    title: str
    other_title: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """People with like needs: how many, and what sets them apart as (label, title, share inside, share outside)."""

    n_people: int
    traits: tuple[tuple[str, str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Life:
    """All that the page tells of themes besides their quotes."""

    against: Mapping[str, tuple[Quote, ...]]
    """theme_id -> quotes."""
    parts: Mapping[str, tuple[Part, ...]]
    """theme_id -> parts, most people first."""
    changes: tuple[Change, ...]
    n_changes: Mapping[str, int]
    """event -> number in the last run."""
    reasons: Mapping[str, tuple[tuple[str, int], ...]]
    """label -> (reason, statements in no theme), most first."""
    noise: Mapping[int, Mapping[str, float]]
    """run number -> label -> share of its statements in no theme; of the last runs, newest first."""
    conflicts: tuple[tuple[str, str], ...]
    """(entry of the curation file, why it could not be applied)"""
    segments: tuple[Segment, ...]
    no_segments: str | None
    """Why there are no segments; None where there are, or where nobody looked."""


AGAINST_SQL = f"""
SELECT {COLUMNS}, e.theme_id FROM counter_evidence e JOIN statements s USING (statement_id)
JOIN interviews i USING (transcript_id) WHERE e.theme_id IN (SELECT unnest($ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY e.theme_id, s.participant_id ORDER BY e.place) = 1
ORDER BY e.theme_id, e.place
"""
PARTS = """
SELECT theme_id, title, n_participants AS n_people FROM sub_themes
WHERE theme_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY theme_id, n_people DESC, sub_theme_id
"""
LAST = "run_number = (SELECT max(run_number) FROM runs)"
CHANGED = f"""
SELECT event, label, title, other_title FROM theme_changes WHERE {LAST}
ORDER BY event, label, title, theme_id, other_theme_id LIMIT $limit
"""
REASONS = "SELECT label, reason, count(*) AS n FROM theme_noise GROUP BY ALL ORDER BY label, n DESC, reason"
NOISE = """
SELECT run_number, label, share FROM noise_by_run WHERE share IS NOT NULL AND run_number IN (
    SELECT DISTINCT run_number FROM noise_by_run ORDER BY run_number DESC LIMIT $limit)
ORDER BY run_number DESC, label
"""
CONFLICTS = (
    "SELECT DISTINCT entry, detail FROM theme_curation WHERE status = 'conflict' ORDER BY ALL LIMIT $limit"
)
TRAITS = "SELECT segment_id, n_people, label, title, share_inside, share_outside FROM segments"


def life(evidence: Evidence, theme_ids: Sequence[str]) -> Life:
    """What is told of these themes, of the last run, and of what is in no theme."""
    ids = list(theme_ids)
    against: dict[str, list[Quote]] = defaultdict(list)
    for row in evidence.rows(AGAINST_SQL, ids=ids):
        against[row["theme_id"]].append(quote(row))
    parts: dict[str, list[Part]] = defaultdict(list)
    for row in evidence.rows(PARTS, ids=ids):
        parts[row["theme_id"]].append(Part(row["title"], row["n_people"]))
    reasons: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in evidence.rows(REASONS):
        reasons[row["label"]].append((row["reason"], row["n"]))
    changes = evidence.rows(f"SELECT event, count(*) AS n FROM theme_changes WHERE {LAST} GROUP BY ALL")
    noise: dict[int, dict[str, float]] = defaultdict(dict)
    for row in evidence.rows(NOISE, limit=RUNS):
        noise[row["run_number"]][row["label"]] = row["share"]
    looked = evidence.rows("SELECT reason FROM segmentation")
    return Life(
        against={key: tuple(quotes[:AGAINST]) for key, quotes in against.items()},
        parts={key: tuple(found) for key, found in parts.items()},
        changes=tuple(Change(**row) for row in evidence.rows(CHANGED, limit=CHANGES)),
        n_changes={row["event"]: row["n"] for row in changes},
        reasons={label: tuple(found) for label, found in reasons.items()},
        noise=dict(noise),
        conflicts=tuple((row["entry"], row["detail"]) for row in evidence.rows(CONFLICTS, limit=CHANGES)),
        segments=_segments(evidence),
        no_segments=looked[0]["reason"] if looked else None,
    )


def _segments(evidence: Evidence) -> tuple[Segment, ...]:
    traits: dict[tuple[str, int], list[tuple[str, str, float, float]]] = defaultdict(list)
    for row in evidence.rows(TRAITS):
        trait = (row["label"], row["title"], row["share_inside"], row["share_outside"])
        traits[row["segment_id"], row["n_people"]].append(trait)
    return tuple(Segment(n_people, tuple(found)) for (_, n_people), found in traits.items())
