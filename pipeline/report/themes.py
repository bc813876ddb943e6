"""Themes: the strongest of each label with their quotes, and the list of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.report.evidence import Evidence
from pipeline.report.quotes import COLUMNS, Quote, quote

MOST = 0.5
"""Share of a theme's statements by one person from which the page says so."""


@dataclass(frozen=True, slots=True)
class Theme:
    """An active theme; support is counted in people."""

    theme_id: str
    label: str
    title: str
    keywords: tuple[str, ...]
    n_people: int
    n_statements: int
    strong: bool
    """Whether it is among the themes shown with quotes."""
    concentration: float | None = None
    """Share of its statements that one person said, where that is most of them."""
    by_study: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """study number -> (people, statements)"""


@dataclass(frozen=True, slots=True)
class JobStory:
    """One outcome of a theme as a job story, with who tells it and where."""

    sentence: str
    study_no: int
    speaker: str
    participant_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Themes:
    """All that the page shows of themes."""

    listed: tuple[Theme, ...]
    n_active: Mapping[str, int]
    """label -> number of active themes"""
    quotes: Mapping[str, tuple[Quote, ...]]
    """theme_id -> quotes, of the strong themes"""
    loose: Mapping[str, tuple[Quote, ...]]
    """label -> the surest quotes in no theme"""
    stories: Mapping[str, JobStory]
    """theme_id -> its fullest job story, of the strong themes of outcomes"""

    def strong(self, label: str) -> tuple[Theme, ...]:
        """The themes of a label that are shown with quotes, most people first."""
        return tuple(theme for theme in self.listed if theme.label == label and theme.strong)


LISTED = """
SELECT theme_id, label, title, keywords, n_participants AS n_people, n_statements,
       CASE WHEN concentration >= $most THEN concentration END AS concentration, row_number() OVER
       (PARTITION BY label ORDER BY n_participants DESC, n_statements DESC, theme_id) AS place
FROM themes WHERE status = 'active'
QUALIFY place <= $per_force OR
        row_number() OVER (ORDER BY n_participants DESC, n_statements DESC, theme_id) <= $limit
ORDER BY n_participants DESC, n_statements DESC, theme_id
"""

BY_STUDY = """
SELECT s.theme_id, i.study_no, count(DISTINCT s.participant_id) AS people, count(*) AS statements
FROM statements s JOIN interviews i USING (transcript_id)
WHERE s.theme_id IN (SELECT unnest($ids::VARCHAR[])) GROUP BY ALL
"""

# The exemplar first, then one quote per person before anyone's second: a theme is shown by its people.
QUOTES = f"""
WITH ranked AS (
    SELECT {COLUMNS}, s.theme_id, m.strength, s.score, s.statement_id = h.exemplar_statement_id AS exemplar,
           row_number() OVER (PARTITION BY s.theme_id, s.participant_id ORDER BY
               s.statement_id IS NOT DISTINCT FROM h.exemplar_statement_id DESC, m.strength DESC,
               s.score DESC, s.statement_id) AS nth_of_person
    FROM statements s JOIN interviews i USING (transcript_id) JOIN themes h USING (theme_id)
    LEFT JOIN theme_members m USING (theme_id, statement_id)
    WHERE s.theme_id IN (SELECT unnest($ids::VARCHAR[])))
SELECT *, row_number() OVER (PARTITION BY theme_id ORDER BY exemplar DESC NULLS LAST, nth_of_person,
                             strength DESC, score DESC, statement_id) AS place
FROM ranked QUALIFY place <= $limit ORDER BY theme_id, place
"""

LOOSE = f"""
SELECT {COLUMNS}, row_number() OVER (PARTITION BY s.label ORDER BY s.score DESC, s.statement_id) AS place
FROM (SELECT *, row_number() OVER
             (PARTITION BY label, participant_id ORDER BY score DESC, statement_id) AS nth
      FROM statements WHERE theme_id IS NULL AND NOT needs_review) s
JOIN interviews i USING (transcript_id) WHERE s.nth = 1
QUALIFY place <= $limit ORDER BY s.label, place
"""

STORIES = """
SELECT t.theme_id, t.job_story AS sentence, i.study_no, s.speaker, s.participant_id, s.source
FROM stories t JOIN statements s ON s.statement_id = t.want_id JOIN interviews i ON i.transcript_id = t.transcript_id
WHERE t.theme_rank = 1 AND t.theme_id IN (SELECT unnest($ids::VARCHAR[]))
"""


def themes(evidence: Evidence) -> Themes:
    """The active themes, the quotes of the strongest, and per label the surest quotes that are in none."""
    settings = evidence.settings
    rows = evidence.rows(LISTED, limit=settings.table_rows, per_force=settings.themes_per_force, most=MOST)
    support = _support(evidence, [row["theme_id"] for row in rows])
    listed = tuple(
        Theme(
            **{
                k: row[k] for k in ("theme_id", "label", "title", "n_people", "n_statements", "concentration")
            },
            keywords=tuple(row["keywords"] or ()),
            strong=row["place"] <= settings.themes_per_force,
            by_study=support[row["theme_id"]],
        )
        for row in rows
    )
    active = evidence.rows("SELECT label, count(*) AS n FROM themes WHERE status = 'active' GROUP BY label")
    strong = [theme.theme_id for theme in listed if theme.strong]
    return Themes(
        listed=listed,
        n_active={row["label"]: row["n"] for row in active},
        quotes=_grouped(evidence, QUOTES, "theme_id", ids=strong, limit=settings.quotes_per_theme),
        loose=_grouped(evidence, LOOSE, "label", limit=settings.quotes_per_theme),
        stories={row.pop("theme_id"): JobStory(**row) for row in evidence.rows(STORIES, ids=strong)},
    )


def _support(evidence: Evidence, ids: list[str]) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in evidence.rows(BY_STUDY, ids=ids):
        found[row["theme_id"]][str(row["study_no"])] = (row["people"], row["statements"])
    return found


def _grouped(evidence: Evidence, sql: str, key: str, **parameters: object) -> dict[str, tuple[Quote, ...]]:
    found: dict[str, list[Quote]] = defaultdict(list)
    for row in evidence.rows(sql, **parameters):
        found[row[key]].append(quote(row))
    return {name: tuple(quotes) for name, quotes in found.items()}
