"""Gold files: coded transcripts in the layout DIR/texts/PART/NAME.txt, DIR/labels/PART/NAME.{sents,gold}.tsv."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.records import LABELS, Label, Role, Speaker, Transcript, Turn, content_id

ALL_PARTICIPANTS = "speech"
"""In the part of this name every speaker counts as a participant."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One sentence as coded; ``labels`` is empty for most."""

    sid: int
    turn: int
    speaker: str
    text: str
    labels: frozenset[Label]
    attributes: Mapping[str, str] = field(default_factory=dict)
    """outcome_kind, stage, dimension, holder; empty where not coded."""


@dataclass(frozen=True, slots=True)
class GoldText:
    """A coded transcript: its sentences, and the transcript that they make up."""

    part: str
    name: str
    sentences: tuple[Coded, ...]
    interviewers: frozenset[str]
    first: Mapping[int, Coded] = field(default_factory=dict)
    """What the first of two coders coded, before it was settled, by sentence; empty where one coder coded."""
    second: Mapping[int, Coded] = field(default_factory=dict)

    def role(self, speaker: str) -> Role:
        """Who the speaker is."""
        return "interviewer" if speaker in self.interviewers else "participant"

    def transcript(self) -> Transcript:
        """The sentences joined into turns, as ingest would give them."""
        turns: list[Turn] = []
        for sentence in self.sentences:
            if turns and turns[-1].turn_index == sentence.turn:
                last = turns[-1]
                turns[-1] = Turn(
                    last.turn_index,
                    last.speaker,
                    f"{last.text} {sentence.text}",
                    last.role,
                    last.participant_id,
                )
            else:
                role = self.role(sentence.speaker)
                person = content_id("p", self.name, sentence.speaker) if role == "participant" else None
                turns.append(Turn(sentence.turn, sentence.speaker, sentence.text, role, person))
        numbered = [Turn(i, t.speaker, t.text, t.role, t.participant_id) for i, t in enumerate(turns)]
        people = tuple(
            Speaker(name, self.role(name), 1.0, "gold") for name in sorted({t.speaker for t in turns})
        )
        return Transcript(
            content_id("t", self.part, self.name), self.name, "", "gold", tuple(numbered), people
        )

    def places(self) -> list[tuple[int, int, int]]:
        """(turn index in ``transcript()``, start, end) of each sentence."""
        found: list[tuple[int, int, int]] = []
        index, previous, offset = -1, None, 0
        for sentence in self.sentences:
            if sentence.turn != previous:
                index, previous, offset = index + 1, sentence.turn, 0
            else:
                offset += 1
            found.append((index, offset, offset + len(sentence.text)))
            offset += len(sentence.text)
        return found


def read_gold(folder: Path, parts: list[str] | None = None) -> list[GoldText]:
    """The coded transcripts of a folder, by part and name; without ``parts`` every part but ``speech``.

    Raises:
        UsageError: there are none, or a file breaks the layout.
    """
    labels = folder / "labels"
    chosen = parts or sorted(p.name for p in labels.glob("*") if p.is_dir() and p.name != ALL_PARTICIPANTS)
    roles = _roles(labels / "roles.json")
    found = [text for part in chosen for text in _part(labels / part, roles)]
    if not found:
        raise UsageError(
            f"there are no gold files under {folder}",
            "Expected: DIR/labels/PART/NAME.sents.tsv and NAME.gold.tsv; see docs/quality.md.",
        )
    return found


def _roles(path: Path) -> dict[str, list[str]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _part(folder: Path, roles: Mapping[str, list[str]]) -> Iterator[GoldText]:
    for path in sorted(folder.glob("*.sents.tsv")):
        name = path.name.removesuffix(".sents.tsv")
        coding = _coding(path.with_name(f"{name}.gold.tsv"))
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        if any(len(row) != 4 for row in rows):
            raise UsageError(f"{path}: every line must be sid, turn, speaker, sentence, with tabs between")
        sentences = tuple(_coded(row, coding) for row in rows)
        coders = [_by_coder(rows, path.with_name(f"{name}.coder{number}.tsv")) for number in (1, 2)]
        yield GoldText(folder.name, name, sentences, frozenset(roles.get(name, ())), *coders)


def _by_coder(rows: list[list[str]], path: Path) -> dict[int, Coded]:
    coding = _coding(path)
    return {int(row[0]): _coded(row, coding) for row in rows if int(row[0]) in coding}


def _coding(path: Path) -> dict[int, dict[str, str]]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:] if line.strip()]
    return {int(row["sid"]): row for row in rows}


def _coded(row: list[str], coding: Mapping[int, Mapping[str, str]]) -> Coded:
    known = coding.get(int(row[0]), {})
    given = {part.strip() for part in known.get("labels", "").split(",")}
    labels = frozenset(label for label in LABELS if label in given)
    return Coded(
        int(row[0]),
        int(row[1]),
        row[2],
        row[3],
        labels,
        {k: v for k, v in known.items() if k not in ("sid", "labels")},
    )
