"""What must hold on every published file, as SQL that finds what breaks it."""

from __future__ import annotations

import duckdb

LAWS: tuple[tuple[str, str], ...] = (
    (
        "every quote is in its turn at its offsets",
        "SELECT count(*) FROM statements s LEFT JOIN turns t USING (transcript_id, turn_index) "
        "WHERE substr(t.text, s.char_start + 1, s.char_end - s.char_start) IS DISTINCT FROM s.quote",
    ),
    (
        "every statement's speaker is a participant",
        "SELECT count(*) FROM statements s LEFT JOIN turns t USING (transcript_id, turn_index) "
        "WHERE t.role IS DISTINCT FROM 'participant' OR t.speaker IS DISTINCT FROM s.speaker",
    ),
    (
        "transcript ids are unique",
        "SELECT count(*) - count(DISTINCT transcript_id) FROM transcripts",
    ),
    (
        "every turn stands in its interview once",
        "SELECT count(*) - count(DISTINCT (transcript_id, turn_index)) FROM turns",
    ),
    (
        "statement ids are unique",
        "SELECT count(*) - count(DISTINCT statement_id) FROM statements",
    ),
    (
        "every theme of a statement exists, is active and has its label",
        "SELECT count(*) FROM statements s LEFT JOIN themes h USING (theme_id) "
        "WHERE s.theme_id IS NOT NULL AND (h.label IS DISTINCT FROM s.label OR h.status <> 'active')",
    ),
    (
        "support is counted in participants",
        "SELECT count(*) FROM themes h LEFT JOIN (SELECT theme_id, count(DISTINCT participant_id) AS n, "
        "count(*) AS m FROM statements WHERE theme_id IS NOT NULL GROUP BY theme_id) c USING (theme_id) "
        "WHERE h.status = 'active' AND (h.n_participants IS DISTINCT FROM coalesce(c.n, 0) "
        "OR h.n_statements IS DISTINCT FROM coalesce(c.m, 0))",
    ),
    (
        "no statement is in two themes",
        "SELECT count(*) - count(DISTINCT statement_id) FROM theme_members",
    ),
    (
        "the members of themes are the statements that name them",
        "SELECT count(*) FROM theme_members m FULL JOIN "
        "(SELECT statement_id, theme_id FROM statements WHERE theme_id IS NOT NULL) s USING (statement_id) "
        "WHERE m.theme_id IS DISTINCT FROM s.theme_id",
    ),
    (
        "the exemplar of an active theme is one of its members",
        "SELECT count(*) FROM themes h WHERE h.status = 'active' "
        "AND EXISTS (FROM theme_members m WHERE m.theme_id = h.theme_id) AND NOT EXISTS "
        "(FROM theme_members m WHERE m.theme_id = h.theme_id AND m.statement_id = h.exemplar_statement_id)",
    ),
    (
        "every theme in the lineage is known",
        "SELECT count(*) FROM theme_lineage l ANTI JOIN themes h USING (theme_id)",
    ),
    (
        "a theme that went on kept at least half of its statements",
        "SELECT count(*) FROM theme_lineage WHERE event = 'continued' AND overlap < 0.5",
    ),
    (
        "every statement that counts is in a theme or in the noise, never in both",
        "SELECT count(*) FROM statements s LEFT JOIN theme_noise n USING (statement_id) "
        "WHERE NOT s.needs_review AND (s.theme_id IS NULL) = (n.statement_id IS NULL)",
    ),
    (
        "every outcome is an outcome statement",
        "SELECT count(*) FROM outcomes o LEFT JOIN statements s USING (statement_id) "
        "WHERE s.label IS DISTINCT FROM 'outcome'",
    ),
    (
        "no statement has two outcomes",
        "SELECT count(*) - count(DISTINCT statement_id) FROM outcomes",
    ),
    (
        "every measure is in its turn at its offsets, and of a statement",
        "SELECT count(*) FROM measures m LEFT JOIN turns t USING (transcript_id, turn_index) "
        "LEFT JOIN statements s USING (statement_id) WHERE s.statement_id IS NULL "
        "OR substr(t.text, m.char_start + 1, m.char_end - m.char_start) IS DISTINCT FROM m.quote",
    ),
    (
        "every part of a switch, and every product, is in its turn at its offsets",
        "SELECT count(*) FROM (SELECT transcript_id, turn_index, quote, char_start, char_end FROM switch_parts "
        "UNION ALL SELECT transcript_id, turn_index, quote, char_start, char_end FROM products) p "
        "LEFT JOIN turns t USING (transcript_id, turn_index) "
        "WHERE substr(t.text, p.char_start + 1, p.char_end - p.char_start) IS DISTINCT FROM p.quote",
    ),
    (
        "no input is both accepted and rejected by ingest",
        "SELECT count(*) FROM rejects r JOIN transcripts t USING (source) WHERE r.stage IN ('scan', 'ingest')",
    ),
    (
        "every input is an interview or a reject",
        "SELECT count(*) FROM (FROM runs ORDER BY run_number DESC LIMIT 1) r WHERE (r.counts->>'inputs')::BIGINT <> "
        "(SELECT count(DISTINCT source) FROM transcripts) "
        "+ (SELECT count(*) FROM rejects WHERE stage IN ('scan', 'ingest'))",
    ),
    (
        "every statement that counts has its vector",
        "SELECT count(*) FROM statements s ANTI JOIN vectors v USING (text_hash) WHERE NOT s.needs_review",
    ),
)
"""(what holds, query that counts the breaches)"""

READ_LAW = (
    "read = accepted + rejected",
    "SELECT count(*) FROM state.sources x WHERE x.status IN ('present', 'refused') "
    "AND (coalesce(x.shown, x.source) IN (SELECT source FROM transcripts))::INTEGER "
    "+ (coalesce(x.shown, x.source) IN (SELECT source FROM rejects WHERE stage IN ('scan', 'ingest')))::INTEGER <> 1",
)
"""Holds between the state and what is published from it."""


def broken_laws(connection: duckdb.DuckDBPyConnection, *, state: str | None = None) -> list[str]:
    """The laws that do not hold on the tables in reach, each with its number of breaches.

    ``state`` is the name under which the working state is attached, where it is.
    """
    laws = LAWS
    if state is not None:
        laws = (*LAWS, (READ_LAW[0], READ_LAW[1].replace("state.", f'"{state}".')))
    broken = []
    for law, sql in laws:
        row = connection.execute(sql).fetchone()
        if row and row[0]:
            broken.append(f"{law} ({row[0]} breaches)")
    return broken
