"""Every number on the page that follows the study filter: over all studies, and per study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report.evidence import Evidence

ALL = "all"


@dataclass(frozen=True, slots=True)
class Figures:
    """Named numbers per study (``all``, or the study's number as text); a number that is not there is 0."""

    by_study: Mapping[str, Mapping[str, int]]

    def __getitem__(self, name: str) -> int:
        """The number over all studies."""
        return self.by_study[ALL].get(name, 0)

    def largest(self, suffix: str) -> int:
        """The largest number of one label over all studies whose name ends so; 1 when there is none."""
        numbers = self.by_study[ALL].items()
        return max(
            (n for name, n in numbers if name.endswith(suffix) and not name.startswith("any.")), default=1
        )


BASE = """
SELECT s.*, i.study_no FROM statements s JOIN interviews i USING (transcript_id)
"""

LABELS = f"""
SELECT study_no, label,
       count(*) FILTER (NOT needs_review) AS statements,
       count(DISTINCT participant_id) FILTER (NOT needs_review) AS people,
       count(*) FILTER (needs_review) AS review,
       count(*) FILTER (NOT needs_review AND theme_id IS NULL) AS noise,
       count(*) FILTER (NOT needs_review AND stage IS NULL) AS unplaced
FROM ({BASE}) GROUP BY GROUPING SETS ((study_no, label), (study_no), (label), ())
"""

STAGES = f"""
SELECT study_no, label, stage, count(DISTINCT participant_id) AS people, count(*) AS told
FROM ({BASE}) WHERE stage IS NOT NULL AND NOT needs_review
GROUP BY GROUPING SETS ((study_no, label, stage), (study_no, stage), (label, stage), (stage))
"""

PEOPLE = """
SELECT study_no, count(DISTINCT participant_id) AS people, count(DISTINCT transcript_id) AS interviews
FROM turns JOIN interviews USING (transcript_id) WHERE role = 'participant'
GROUP BY GROUPING SETS ((study_no), ())
"""


EVENTS = """
SELECT study_no, part, count(*) FILTER (told) AS told_in, count(*) FILTER (NOT told) AS guessed_in
FROM (SELECT i.study_no, p.part, bool_or(p.score IS NULL) AS told
      FROM switch_parts p JOIN interviews i USING (transcript_id) WHERE p.part IN ('event_one', 'event_two')
      GROUP BY i.study_no, p.part, p.transcript_id)
GROUP BY GROUPING SETS ((study_no, part), (part))
"""


def figures(evidence: Evidence) -> Figures:
    """The numbers of labels, stages, events and people, with ``any`` as the label over all labels."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    found[ALL] = {}
    for row in evidence.rows(LABELS):
        label = row["label"] or "any"
        for name in ("statements", "people", "review", "noise", "unplaced"):
            found[_study(row)][f"{label}.{name}"] = row[name]
    for row in evidence.rows(STAGES):
        name = f"{row['label'] or 'any'}.{row['stage']}"
        found[_study(row)] |= {f"{name}.people_at": row["people"], f"{name}.told": row["told"]}
    for row in evidence.rows(EVENTS):
        found[_study(row)] |= {f"{row['part']}.{name}": row[name] for name in ("told_in", "guessed_in")}
    for row in evidence.rows(PEOPLE):
        found[_study(row)] |= {"people": row["people"], "interviews": row["interviews"]}
    return Figures(dict(found))


def _study(row: Mapping[str, Any]) -> str:
    return ALL if row["study_no"] is None else str(row["study_no"])
