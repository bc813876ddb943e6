"""From transcripts to themes: the planted studies as interviews, run like any other, judged on what was found."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from bench.themes.corpora import PLANTED
from bench.themes.scores import apart
from pipeline.config import load_settings
from pipeline.events import QuietEvents
from pipeline.runner import Job, run

ARI = 0.25
COVERED = 0.5
"""Least share of the shorter of a planted and a found statement, in characters, that makes them one."""


def end_to_end(study: str, assignments: Sequence[str]) -> dict[str, Any]:
    """ARI and AMI of themes made of what the reader found, on the found statements that are planted ones."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = write(study, folder / "interviews")
        db = folder / "study.duckdb"
        run(Job((str(folder / "interviews"),), db, load_settings(None, list(assignments))), QuietEvents())
        with duckdb.connect(str(db), read_only=True) as connection:
            found = connection.execute(_FOUND).fetchall()
    matched = [(one, theme_id) for *place, theme_id in found if (one := _planted(truth, *place)) is not None]
    themes = [f"{label} {theme}" if theme else "" for (_, label, theme), _ in matched]
    groups = [theme_id or "" for _, theme_id in matched]
    ari = float(adjusted_rand_score(apart(themes), apart(groups)))
    planted = sum(len(places) for places in truth.values())
    return {
        "planted": planted,
        "found": len(found),
        "found and planted": len(matched),
        "planted and found": len({one[0] for one, _ in matched}),
        "ari": round(ari, 3),
        "ami": round(float(adjusted_mutual_info_score(apart(themes), apart(groups))), 3),
        "themes": len({group for group in groups if group}),
        "noise": round(sum(not group for group in groups) / max(len(groups), 1), 3),
        "bars": {"ARI at least 0.25": ari >= ARI},
    }


_FOUND = """
SELECT x.source, u.text, s.char_start, s.char_end, s.label, s.theme_id
FROM statements s JOIN transcripts x USING (transcript_id) JOIN turns u USING (transcript_id, turn_index)
WHERE NOT s.needs_review ORDER BY s.statement_id
"""

Planted = tuple[str, str, str]
"""A planted statement: its number, label and theme (empty: none)."""
Place = tuple[str, int, int, Planted]
"""The text of a turn, and where in it a planted statement starts and ends."""


def write(study: str, folder: Path) -> dict[str, list[Place]]:
    """One text file per person; gives what is planted in each: turn text, start and end, and the statement."""
    folder.mkdir(parents=True)
    with (PLANTED / f"{study}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    truth: dict[str, list[Place]] = {}
    told: dict[str, list[str]] = {}
    for i, row in enumerate(rows):
        name = f"{row['participant']}.txt"
        exchange = f"Interviewer: {row['question']}\n\n{row['participant'].title()}: {row['turn']}\n"
        if exchange not in told.setdefault(name, []):
            told[name].append(exchange)
        start = row["turn"].find(row["statement"])
        place = (row["turn"], start, start + len(row["statement"]), (str(i), row["label"], row["theme"]))
        truth.setdefault(name, []).append(place)
    for name, exchanges in told.items():
        (folder / name).write_text("\n".join(exchanges), encoding="utf-8")
    return truth


def _planted(truth: dict[str, list[Place]], source: str, *found: Any) -> Planted | None:
    """The planted statement that a found one is: the one it shares most with, of the same label where two do."""
    turn, start, end, label = found
    best: tuple[float, bool, Planted] | None = None
    for text, first, last, planted in truth.get(Path(source).name, ()):
        shared = (min(end, last) - max(start, first)) / max(min(end - start, last - first), 1)
        if text == turn and shared >= COVERED:
            rank = (shared, planted[1] == label, planted)
            best = rank if best is None or rank[:2] > best[:2] else best
    return best[2] if best else None
