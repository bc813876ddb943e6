"""What was read: studies, interviews, people, words, and what was refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipeline.report.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Study:
    """One study; ``name`` is None for interviews that name none."""

    number: int
    name: str | None
    n_interviews: int
    n_people: int
    n_words: int
    n_statements: int
    first_date: str | None
    last_date: str | None
    new_information: float | None
    """New themes of its last interviews as a share of those of its first; None with too few to say."""
    tells_nothing_new: bool | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that was refused."""

    source: str
    stage: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that the evidence is of."""

    run_id: str
    version: str
    finished: str
    config: str
    """All settings, as indented JSON."""
    min_statements: int | None
    min_participants: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands in the published file, in numbers."""

    studies: tuple[Study, ...]
    n_interviews: int
    n_people: int
    n_words: int
    n_sentences: int
    duration_ms: int
    n_missing: int
    n_shown: int
    first_date: str | None
    last_date: str | None
    n_refused: int
    reasons: tuple[tuple[str, int], ...]
    refusals: tuple[Refusal, ...]
    prefix: str
    """What all sources begin with, up to a slash: left out where sources are named."""


STUDIES = """
SELECT s.study_no AS number, s.study AS name, count(*) AS n_interviews,
       (SELECT count(DISTINCT u.participant_id) FROM turns u JOIN interviews x USING (transcript_id)
        WHERE x.study_no = s.study_no AND u.role = 'participant') AS n_people,
       coalesce(sum(i.n_words), 0)::BIGINT AS n_words,
       (SELECT count(*) FROM statements c JOIN interviews x USING (transcript_id)
        WHERE x.study_no = s.study_no AND NOT c.needs_review) AS n_statements,
       min(i.interview_date) AS first_date, max(i.interview_date) AS last_date,
       (SELECT arg_max(x.new_information, x.interview_number) FROM saturation x
        WHERE x.study IS NOT DISTINCT FROM s.study) AS new_information,
       (SELECT arg_max(x.tells_nothing_new, x.interview_number) FROM saturation x
        WHERE x.study IS NOT DISTINCT FROM s.study) AS tells_nothing_new
FROM studies s JOIN interviews i USING (study_no) GROUP BY ALL ORDER BY number
"""

TOTALS = """
SELECT count(*) AS n_interviews, coalesce(sum(n_words), 0)::BIGINT AS n_words,
       coalesce(sum(n_sentences), 0)::BIGINT AS n_sentences,
       coalesce(sum(duration_ms), 0)::BIGINT AS duration_ms, count(*) FILTER (missing) AS n_missing,
       min(interview_date) AS first_date, max(interview_date) AS last_date,
       (SELECT count(DISTINCT participant_id) FROM turns WHERE role = 'participant') AS n_people,
       (SELECT count(*) FROM shown) AS n_shown, (SELECT count(*) FROM rejects) AS n_refused
FROM interviews
"""

LAST_RUN = """
SELECT run_id, version, strftime(finished_at, '%Y-%m-%d %H:%M') AS finished, config FROM runs
ORDER BY status = 'done' DESC, run_number DESC LIMIT 1
"""


def overview(evidence: Evidence) -> Overview:
    """The numbers of everything that was read and refused."""
    reasons = evidence.rows("SELECT reason, count(*) AS n FROM rejects GROUP BY ALL ORDER BY n DESC, reason")
    refusals = evidence.rows(
        "SELECT source, stage, reason, detail FROM rejects ORDER BY source, stage, reason LIMIT $limit",
        limit=evidence.settings.table_rows,
    )
    return Overview(
        **evidence.rows(TOTALS)[0],
        studies=tuple(Study(**row) for row in evidence.rows(STUDIES)),
        reasons=tuple((row["reason"], row["n"]) for row in reasons),
        refusals=tuple(Refusal(**row) for row in refusals),
        prefix=shared_folder([row["source"] for row in evidence.rows("SELECT source FROM transcripts")]),
    )


def last_run(evidence: Evidence) -> LastRun | None:
    """The newest finished run; None in a file that holds none."""
    found = evidence.rows(LAST_RUN)
    if not found:
        return None
    row = found[0]
    config: dict[str, Any] = json.loads(row["config"] or "{}")
    cluster = config.get("cluster", {})
    return LastRun(
        run_id=row["run_id"],
        version=row["version"] or "",
        finished=row["finished"] or "",
        config=json.dumps(config, indent=2, ensure_ascii=False),
        min_statements=cluster.get("min_statements"),
        min_participants=cluster.get("min_participants"),
    )


def shared_folder(sources: list[str]) -> str:
    """The longest folder, with its slash, that all sources lie in; empty when they share none."""
    folder = sources[0][: sources[0].rfind("/") + 1] if sources else ""
    while folder and not all(source.startswith(folder) for source in sources):
        folder = folder[: folder.rfind("/", 0, -1) + 1]
    return folder
