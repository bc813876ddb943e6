"""Two published files side by side, by SQL over both."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipeline.errors import UsageError
from pipeline.records import LABELS
from pipeline.sql import literal
from pipeline.store import open_published

StatementKind = Literal[
    "gained",
    "lost",
    "relabelled",
    "reshaped",
    "now_counts",
    "now_for_review",
    "of_new_interview",
    "of_gone_interview",
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files: the run that made it."""

    file: str
    run_id: str
    finished_at: str | None
    version: str


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting, or a stage's recipe, that is not the same."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LabelCount:
    """Statements of a label that count (none for review), before and after."""

    label: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TranscriptChange:
    """An interview that is new, gone, changed its content, or was renamed."""

    kind: Literal["new", "gone", "changed", "renamed"]
    source: str
    transcript_id: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A statement gained, lost, or not as before; ``None`` on the side where it is not."""

    kind: StatementKind
    source: str
    turn_index: int
    label_before: str | None
    label_after: str | None
    quote_before: str | None
    quote_after: str | None
    score_before: float | None
    score_after: float | None


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """A theme that is new, gone, has another title, or grew or shrank."""

    kind: Literal["new", "gone", "retitled", "changed"]
    theme_id: str
    label: str
    title_before: str | None
    title_after: str | None
    participants_before: int
    participants_after: int
    statements_before: int
    statements_after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two published files."""

    before: Side
    after: Side
    settings: tuple[SettingChange, ...]
    labels: tuple[LabelCount, ...]
    transcripts: tuple[TranscriptChange, ...]
    statements: tuple[StatementChange, ...]
    themes: tuple[ThemeChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.transcripts or self.statements or self.themes)

    def kinds(self) -> dict[str, int]:
        """How many statements of each kind of change."""
        return dict(sorted(Counter(one.kind for one in self.statements).items()))


def compare(before: Path, after: Path) -> Difference:
    """What differs from one published file to the other.

    Raises:
        UsageError: one of them is no published file.
    """
    for path in (before, after):
        open_published(path).close()
    with duckdb.connect() as connection:
        for name, path in (("a", before), ("b", after)):
            connection.execute(f"ATTACH {literal(path)} AS {name} (READ_ONLY)")
        try:
            return Difference(
                before=_side(connection, "a", before),
                after=_side(connection, "b", after),
                settings=_settings(connection),
                labels=_labels(connection),
                transcripts=_transcripts(connection),
                statements=_statements(connection),
                themes=_themes(connection),
            )
        except duckdb.Error as error:
            raise UsageError(
                f"{before} and {after} cannot be compared ({type(error).__name__})",
                "One of them lacks a table or column: it is of a much older version, or no published file.",
            ) from error


def _last_run(connection: duckdb.DuckDBPyConnection, side: str) -> tuple[Any, ...]:
    row = connection.execute(
        f"SELECT run_id, finished_at, version, config, models FROM {side}.runs ORDER BY run_number DESC LIMIT 1"
    ).fetchone()
    return row or ("", None, "", "{}", "{}")


def _side(connection: duckdb.DuckDBPyConnection, side: str, path: Path) -> Side:
    run_id, finished, version, *_ = _last_run(connection, side)
    return Side(str(path), run_id, finished.isoformat(timespec="seconds") if finished else None, version)


def _settings(connection: duckdb.DuckDBPyConnection) -> tuple[SettingChange, ...]:
    known = []
    for side in ("a", "b"):
        _, _, version, config, models = _last_run(connection, side)
        flat = {"version": version}
        for section, values in json.loads(config or "{}").items():
            flat |= {f"{section}.{key}": value for key, value in values.items()}
        for stage, recipe in json.loads(models or "{}").items():
            flat |= {f"{stage} (stage version)": recipe["version"]}
            flat |= {f"{stage} (models and rules)": recipe["identity"][:24]}
            flat |= {f"{stage}: {name}": digest for name, digest in recipe["files"].items()}
        known.append(flat)
    names = sorted({*known[0], *known[1]})
    changed = [(name, known[0].get(name), known[1].get(name)) for name in names]
    return tuple(SettingChange(*one) for one in changed if one[1] != one[2])


def _labels(connection: duckdb.DuckDBPyConnection) -> tuple[LabelCount, ...]:
    counts = [
        dict(
            connection.execute(
                f"SELECT label, count(*) FROM {side}.statements WHERE NOT needs_review GROUP BY label"
            ).fetchall()
        )
        for side in ("a", "b")
    ]
    return tuple(LabelCount(label, counts[0].get(label, 0), counts[1].get(label, 0)) for label in LABELS)


def _transcripts(connection: duckdb.DuckDBPyConnection) -> tuple[TranscriptChange, ...]:
    rows = connection.execute(
        """
        WITH gone AS (FROM a.transcripts ANTI JOIN b.transcripts USING (transcript_id)),
             new AS (FROM b.transcripts ANTI JOIN a.transcripts USING (transcript_id))
        SELECT 'changed' AS kind, n.source, n.transcript_id, 'was ' || g.transcript_id
        FROM new n JOIN gone g USING (source)
        UNION ALL SELECT 'new', source, transcript_id, NULL FROM new ANTI JOIN gone USING (source)
        UNION ALL SELECT 'gone', source, transcript_id, NULL FROM gone ANTI JOIN new USING (source)
        UNION ALL SELECT 'renamed', y.source, y.transcript_id, 'was ' || x.source
        FROM a.transcripts x JOIN b.transcripts y USING (transcript_id) WHERE x.source <> y.source
        ORDER BY kind, source, transcript_id
        """
    ).fetchall()
    return tuple(TranscriptChange(*row) for row in rows)


def _statements(connection: duckdb.DuckDBPyConnection) -> tuple[StatementChange, ...]:
    connection.execute(_SPANS)
    rows = connection.execute(_CHANGES).fetchall()
    return tuple(StatementChange(*row) for row in rows)


_SPANS = """
CREATE TEMP TABLE matched AS
SELECT x.statement_id AS before_id, y.statement_id AS after_id
FROM a.statements x JOIN b.statements y USING (transcript_id, turn_index, char_start, char_end, label);

CREATE TEMP TABLE olds AS
FROM a.statements ANTI JOIN (SELECT before_id AS statement_id FROM matched) USING (statement_id);

CREATE TEMP TABLE news AS
FROM b.statements ANTI JOIN (SELECT after_id AS statement_id FROM matched) USING (statement_id);

CREATE TEMP TABLE moved AS
WITH pairs AS (
    SELECT x.statement_id AS before_id, y.statement_id AS after_id, x.label = y.label AS same_label,
           least(x.char_end, y.char_end) - greatest(x.char_start, y.char_start) AS shared
    FROM olds x JOIN news y USING (transcript_id, turn_index)
    WHERE least(x.char_end, y.char_end) > greatest(x.char_start, y.char_start))
SELECT before_id, after_id, same_label FROM pairs
QUALIFY row_number() OVER (PARTITION BY before_id ORDER BY same_label DESC, shared DESC, after_id) = 1
    AND row_number() OVER (PARTITION BY after_id ORDER BY same_label DESC, shared DESC, before_id) = 1;
"""
"""A span of one side with the span of the other that overlaps it most, the same label first, each used once."""

_CHANGES = """
SELECT kind, source, turn_index, label_before, label_after, quote_before, quote_after, score_before, score_after
FROM (
    SELECT CASE WHEN m.same_label THEN 'reshaped' ELSE 'relabelled' END AS kind, y.source, y.turn_index,
           x.label AS label_before, y.label AS label_after, x.quote AS quote_before, y.quote AS quote_after,
           x.score AS score_before, y.score AS score_after, y.char_start AS place
    FROM moved m JOIN a.statements x ON x.statement_id = m.before_id
    JOIN b.statements y ON y.statement_id = m.after_id
    UNION ALL
    SELECT CASE WHEN y.needs_review THEN 'now_for_review' ELSE 'now_counts' END, y.source, y.turn_index,
           x.label, y.label, x.quote, y.quote, x.score, y.score, y.char_start
    FROM matched m JOIN a.statements x ON x.statement_id = m.before_id
    JOIN b.statements y ON y.statement_id = m.after_id WHERE x.needs_review <> y.needs_review
    UNION ALL
    SELECT CASE WHEN transcript_id IN (SELECT transcript_id FROM a.transcripts) THEN 'gained'
                ELSE 'of_new_interview' END,
           source, turn_index, NULL, label, NULL, quote, NULL, score, char_start
    FROM news WHERE statement_id NOT IN (SELECT after_id FROM moved)
    UNION ALL
    SELECT CASE WHEN transcript_id IN (SELECT transcript_id FROM b.transcripts) THEN 'lost'
                ELSE 'of_gone_interview' END,
           source, turn_index, label, NULL, quote, NULL, score, NULL, char_start
    FROM olds WHERE statement_id NOT IN (SELECT before_id FROM moved))
ORDER BY kind, source, turn_index, place, label_before, label_after
"""


def _themes(connection: duckdb.DuckDBPyConnection) -> tuple[ThemeChange, ...]:
    rows = connection.execute(
        """
        WITH x AS (FROM a.themes WHERE status = 'active'), y AS (FROM b.themes WHERE status = 'active')
        SELECT CASE WHEN x.theme_id IS NULL THEN 'new' WHEN y.theme_id IS NULL THEN 'gone'
                    WHEN x.title <> y.title THEN 'retitled' ELSE 'changed' END AS kind,
               theme_id, coalesce(y.label, x.label) AS label, x.title, y.title,
               coalesce(x.n_participants, 0), coalesce(y.n_participants, 0),
               coalesce(x.n_statements, 0), coalesce(y.n_statements, 0)
        FROM x FULL JOIN y USING (theme_id)
        WHERE (x.title, x.n_participants, x.n_statements) IS DISTINCT FROM (y.title, y.n_participants, y.n_statements)
        ORDER BY kind, label, greatest(x.n_participants, y.n_participants) DESC, theme_id
        """
    ).fetchall()
    return tuple(ThemeChange(*row) for row in rows)
