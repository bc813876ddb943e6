"""Published files for tests: the public tables, filled with rows of a test's own."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.records import content_id, text_hash
from pipeline.state.rows import insert
from pipeline.store import TABLES, VIEWS
from pipeline.store.laws import broken_laws

SAMPLES = Path(__file__).parents[3] / "data" / "sample"

Row = dict[str, Any]


class PublishedFile:
    """Rows for a published file, added one by one; ``save`` writes them and checks the laws."""

    def __init__(self, run_id: str = "run-1") -> None:
        self.run_id = run_id
        self.tables: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        config = '{"cluster": {"min_statements": 6, "min_participants": 2}}'
        when = {"started_at": datetime(2026, 3, 1, 2), "finished_at": datetime(2026, 3, 1, 3)}
        self.add("runs", run_id=run_id, run_number=1, status="done", version="0.1.0", config=config, **when)

    def add(self, table: str, **values: Any) -> Row:
        """One row; columns not named are null."""
        row = {column.name: None for column in self._columns(table)} | values
        self.tables[table].append(row)
        return row

    def interview(self, source: str, turns: list[tuple[str, str, str]], **values: Any) -> str:
        """An interview of (role, speaker, text) turns; a participant's id is the speaker's name."""
        key = content_id("tr", source)
        words = sum(len(text.split()) for _, _, text in turns)
        row = {"transcript_id": key, "source": source, "format": "text", "sha256": key, "n_words": words,
               "n_turns": len(turns), "n_sentences": len(turns), "metadata": "{}", "warnings": "[]",
               "missing": False, "run_id": self.run_id}  # fmt: skip
        self.add("transcripts", **(row | values))
        for place, (role, speaker, text) in enumerate(turns):
            person = speaker if role == "participant" else None
            time = {"start_ms": place * 20_000, "end_ms": place * 20_000 + 19_000}
            who = {"speaker": speaker, "role": role, "participant_id": person}
            self.add("turns", transcript_id=key, turn_index=place, text=text, **who, **time)
        for role, speaker in dict.fromkeys((role, speaker) for role, speaker, _ in turns):
            person = speaker if role == "participant" else None
            known = {"confidence": 1.0, "basis": "label", "needs_review": False}
            self.add(
                "speakers", transcript_id=key, speaker=speaker, role=role, participant_id=person, **known
            )
        return key

    def statement(self, transcript_id: str, turn_index: int, label: str, quote: str, **values: Any) -> str:
        """A statement on the words of a turn; its vector is made of the theme's and the quote's letters."""
        (turn,) = (
            t for t in self.tables["turns"]
            if t["transcript_id"] == transcript_id and t["turn_index"] == turn_index
        )  # fmt: skip
        source = next(t["source"] for t in self.tables["transcripts"] if t["transcript_id"] == transcript_id)
        start = turn["text"].index(quote)
        key = content_id("st", transcript_id, turn_index, start, len(quote), label)
        row = {"statement_id": key, "transcript_id": transcript_id, "source": source, "label": label,
               "turn_index": turn_index, "speaker": turn["speaker"], "participant_id": turn["participant_id"],
               "quote": quote, "char_start": start, "char_end": start + len(quote), "score": 0.8,
               "start_ms": turn["start_ms"], "needs_review": False, "dimension": "functional",
               "holder": "self", "evidence": "{}", "run_id": self.run_id,
               "text_hash": text_hash(quote)}  # fmt: skip
        self.add("statements", **(row | values))
        return key

    def outcome(self, statement_id: str, canonical: str | None, **values: Any) -> None:
        """The anatomy of an outcome statement."""
        row = {"statement_id": statement_id, "kind": "goal", "canonical": canonical, "verdict": "ok"}
        self.add("outcomes", **(row | values))

    def theme(self, label: str, title: str, statement_ids: list[str], **values: Any) -> str:
        """An active theme of these statements; support is counted from them."""
        key = content_id("th", label, title)
        members = [s for s in self.tables["statements"] if s["statement_id"] in statement_ids]
        for place, statement in enumerate(members):
            statement["theme_id"] = key
            self.add("theme_members", theme_id=key, statement_id=statement["statement_id"],
                     strength=1 - place / 100)  # fmt: skip
        row = {"theme_id": key, "label": label, "title": title, "keywords": title.split()[:4],
               "n_statements": len(members), "n_participants": len({m["participant_id"] for m in members}),
               "exemplar_statement_id": statement_ids[0] if statement_ids else None, "status": "active",
               "first_run_id": self.run_id, "last_run_id": self.run_id}  # fmt: skip
        self.add("themes", **(row | values))
        return key

    def reject(self, source: str, reason: str, detail: str = "", stage: str = "ingest") -> None:
        """An input that was refused."""
        self.add("rejects", source=source, stage=stage, reason=reason, detail=detail, run_id=self.run_id)

    def save(self, path: Path) -> Path:
        """Write the file; vectors are made for every statement.

        Raises:
            AssertionError: a law of the published file does not hold on these rows.
        """
        self.tables["vectors"] = [
            {"text_hash": key, "model": "letters", "vector": vector, "run_id": self.run_id}
            for key, vector in self._vectors().items()
        ]
        told = {row["statement_id"] for row in self.tables["theme_noise"]}
        for row in self.tables["statements"]:
            if not row["theme_id"] and not row["needs_review"] and row["statement_id"] not in told:
                reason = {"label": row["label"], "reason": "far_from_all"}
                self.add("theme_noise", statement_id=row["statement_id"], **reason)
        with duckdb.connect(str(path)) as connection:
            for table in TABLES:
                columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
                connection.execute(f"CREATE TABLE {table.name} ({columns})")
                rows = [[row[column.name] for column in table.columns] for row in self.tables[table.name]]
                insert(connection, table.name, [column.type for column in table.columns], rows)
            for view in VIEWS:
                connection.execute(f"CREATE VIEW {view.name} AS {view.query}")
            broken = broken_laws(connection)
            assert broken == [], broken
        return path

    def _vectors(self) -> dict[str, list[float]]:
        """Letter counts of the quote and, thrice, of its theme: deterministic, and alike within a theme."""
        found = {}
        for row in self.tables["statements"]:
            words = row["quote"] + 3 * str(row["theme_id"] or "")
            found[row["text_hash"]] = [
                float(words.lower().count(chr(97 + i % 26)) + i / 32) for i in range(32)
            ]
        return found

    @staticmethod
    def _columns(table: str) -> tuple[Any, ...]:
        return next(t.columns for t in TABLES if t.name == table)


STAGES = ("first_thought", "passive_looking", "active_looking", "deciding", "first_use", None)
"""Stages dealt out to the invented statements: nobody talks of ``ongoing_use``."""

PLANTED: tuple[tuple[str, str, str], ...] = (
    ("push", "Nobody has decided what there is to eat", r"\bfreezer|\bcereal|what's for|\bchicken\b"),
    ("push", "It eats the whole Sunday", r"\bsunday|washed up|weekend"),
    ("push", "Food goes in the bin", r"\bbin\b|\bwaste|sachets|\bpigs?\b"),
    ("push", "It failed when it mattered", r"broke|couldn't|can't do|wouldn't"),
    ("pull", "It says how long it takes", r"minutes|half an hour|quick"),
    ("pull", "Someone like us already has it", r"sister|neighbour|showed me|told me"),
    ("pull", "The children join in", r"\bkids?\b|\bboys?\b|\bgirls?\b"),
    ("anxiety", "Stopping it may be hard", r"\bcard\b|\bquit\b|cancel"),
    ("anxiety", "What it costs in the end", r"\bpaid\b|dollars|pounds|\bcost"),
    ("anxiety", "What the family will say", r"\bmother\b|\bmama\b|\bkoro\b|\bdad\b"),
    ("habit", "It has always been done this way", r"\balways\b|used to|\byears\b"),
    ("habit", "Half the week was already paid for", r"already|discount|coming"),
    ("outcome", "Everybody fed at a set time", r"o'clock|on the table|at six|\btime\b"),
    ("outcome", "Not having to think about it", r"\bthink\b|\bremember|\bworry"),
)
"""(label, theme, what a sentence holds to be planted under it): invented, not coded."""


def sample_study() -> PublishedFile:
    """A file on the plain-text sample interviews with invented statements, themes, outcomes and rejects."""
    made = PublishedFile()
    planted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(SAMPLES.glob("*.txt")):
        front, turns = _read(path)
        date, study = front.get("date"), front.get("study")
        key = made.interview(f"data/sample/{path.name}", turns, study=study, interview_date=date,
                             duration_ms=len(turns) * 20_000, metadata=json.dumps(front))  # fmt: skip
        _plant(made, key, turns, planted)
    for (label, title), ids in planted.items():
        members = {
            s["statement_id"]: s["participant_id"]
            for s in made.tables["statements"]
            if s["statement_id"] in ids
        }
        if len(set(members.values())) > 1 and not title.startswith("It failed"):
            made.theme(label, title, list(members))
    made.reject("data/sample/broken.docx", "not_a_docx", "the file is no zip archive")
    made.reject("data/sample/empty.txt", "empty", "the file holds no words", stage="scan")
    return made


def _plant(
    made: PublishedFile, key: str, turns: list[tuple[str, str, str]], planted: dict[Any, list[str]]
) -> None:
    for place, (role, _, text) in enumerate(turns):
        if role != "participant":
            continue
        for sentence in re.findall(r"[^.!?]{25,220}[.!?]", text):
            quote = sentence.strip(' "')
            hits = [(label, title) for label, title, words in PLANTED if re.search(words, quote.lower())]
            for label, title in hits[:2]:
                number = len(made.tables["statements"])
                score, stage = 0.55 + number * 37 % 45 / 100, STAGES[number % len(STAGES)]
                if any(r["quote"] == quote and r["label"] == label for r in made.tables["statements"]):
                    continue
                unsure = number % 9 == 8
                statement = made.statement(
                    key, place, label, quote, score=score, stage=stage, needs_review=unsure
                )
                if not unsure:
                    planted[label, title].append(statement)
                if label == "outcome":
                    verdict = ("ok", "ok", "no_measure", "compound")[number % 4]
                    kind = ("goal", "hazard", "problem")[number % 3]
                    draft = f"minimize the time it takes to get to: {title.lower()}"
                    made.outcome(statement, draft, verdict=verdict, kind=kind, job_step="prepare")


def _read(path: Path) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    text = path.read_text(encoding="utf-8")
    front: dict[str, str] = {}
    if text.startswith("---\n"):
        head, text = text[4:].split("\n---\n", 1)
        front = dict(line.split(": ", 1) for line in head.splitlines())
    found = re.findall(r"(?m)^([A-Z][\w.]*): (.+)$", text)
    asks = {"Interviewer", "INT", "MK", "I", "Q"}
    return front, [("interviewer" if who in asks else "participant", who, said) for who, said in found]
