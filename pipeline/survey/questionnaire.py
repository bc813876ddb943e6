"""The questionnaire: which outcomes are asked of, as a page to read and as a sheet to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.store import open_published

COLUMNS = ("respondent", "segment", "outcome_id", "statement", "importance", "satisfaction")
"""Of the sheet that is filled in: a row per respondent and outcome."""
IMPORTANCE = "How important is it to you? 1 not at all, 2 a little, 3 rather, 4 very, 5 extremely"
SATISFACTION = (
    "How satisfied are you with it as it is today? 1 not at all, 2 a little, 3 rather, 4 very, 5 entirely"
)


@dataclass(frozen=True, slots=True)
class Item:
    """An outcome that is asked of; ``n_participants`` tell it in the interviews."""

    outcome_id: str
    statement: str
    n_participants: int


def chosen(published: Path, outcome_ids: Sequence[str] = (), *, top: int = 20) -> list[Item]:
    """The outcomes named, in that order; without names the ``top`` that most people tell. No quote is among them.

    Raises:
        UsageError: there is no published file, no sound outcome in it, or one that is named has no sound draft.
    """
    connection = open_published(published)
    try:
        sql = "SELECT outcome_id, statement, n_participants FROM needs WHERE statement IS NOT NULL"
        ranked = {row[0]: Item(*row) for row in connection.execute(sql).fetchall()}
        sql = (
            "SELECT s.statement_id, o.canonical, 1 FROM outcomes o JOIN statements s USING (statement_id) "
            "WHERE o.verdict = 'ok' AND s.statement_id IN (SELECT unnest(?::VARCHAR[]))"
        )
        named = {row[0]: Item(*row) for row in connection.execute(sql, [list(outcome_ids)]).fetchall()}
    finally:
        connection.close()
    if not outcome_ids:
        if not ranked:
            raise UsageError(
                f"{published} holds no outcome statement without a defect",
                "`SELECT verdict, count(*) FROM outcomes GROUP BY verdict` tells why.",
            )
        return list(ranked.values())[:top]
    unknown = [one for one in outcome_ids if one not in named]
    if unknown:
        raise UsageError(
            f"no sound outcome statement: {', '.join(unknown)}",
            "Take outcome_id from the view `needs`, or a statement_id whose verdict is ok.",
        )
    return [ranked.get(one) or named[one] for one in outcome_ids]


def answer_sheet(items: Sequence[Item]) -> str:
    """The CSV that one respondent's answers are written into; sheets of several are put under one another."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(("", "", item.outcome_id, item.statement, "", "") for item in items)
    return told.getvalue()


def questionnaire(items: Sequence[Item]) -> str:
    """The questionnaire as Markdown, to read or to copy into a survey tool; each question names its outcome_id."""
    lines = ["# Questionnaire", "", f"- Importance: {IMPORTANCE}.", f"- Satisfaction: {SATISFACTION}.", ""]
    for number, item in enumerate(items, 1):
        lines += [
            f"## {number}. {item.statement}",
            "",
            f"`{item.outcome_id}`",
            "",
            "Importance: ( ) 1 ( ) 2 ( ) 3 ( ) 4 ( ) 5",
            "",
            "Satisfaction: ( ) 1 ( ) 2 ( ) 3 ( ) 4 ( ) 5",
            "",
        ]
    return "\n".join(lines)
