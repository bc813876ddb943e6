"""Coded real speech: stand-off labels in ``data/speech`` that point into transcripts kept elsewhere.

``passages.tsv`` names the stretches that were coded (passage, file, first spoken paragraph, paragraphs, sentences);
``labels.tsv`` has one row per labelled sentence (passage, sentence number from 1, first 12 hex digits of the sha256 of
its text, labels, outcome kind, stage, dimension, holder). A sentence of a passage without a row carries no label. No
text is kept here.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from pipeline.evaluate.gold import Coded, GoldText
from pipeline.records import LABELS

SPEAKER = re.compile(r"^\*\*(.{1,60}?):\*\*\s*(.*)", re.DOTALL)
PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a transcript file, in order."""

    turn: int
    speaker: str
    text: str


def paragraphs(path: Path) -> list[tuple[str, str]]:
    """(speaker, text) of every spoken paragraph of a ``**Name:** text`` file."""
    found: list[tuple[str, str]] = []
    speaker = ""
    for match in PARAGRAPH.finditer(path.read_text(encoding="utf-8")):
        opening = SPEAKER.match(match.group(0))
        if opening:
            speaker = opening.group(1)
        text = (opening.group(2) if opening else match.group(0)).strip()
        if speaker and text:
            found.append((speaker, text))
    return found


def sentences(spoken: list[tuple[str, str]], nlp: Language) -> list[Said]:
    """The sentences of some paragraphs, in order."""
    found: list[Said] = []
    docs = nlp.pipe((text for _, text in spoken), batch_size=64)
    for turn, ((name, _), doc) in enumerate(zip(spoken, docs, strict=True)):
        found += [Said(turn, name, s.text.strip()) for s in doc.sents if s.text.strip()]
    return found


def digest(text: str) -> str:
    """The hash by which a label knows its sentence."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def read_speech(labels: Path, archive: Path, nlp: Language) -> tuple[list[GoldText], int]:
    """The coded passages whose transcripts are at hand, and how many passages were left out.

    A passage is left out when its file is absent, or when a labelled sentence is not the one that was coded.
    """
    coded = _by_passage(rows(labels / "labels.tsv"))
    cache: dict[str, list[tuple[str, str]]] = {}
    found, lost = [], 0
    for passage in rows(labels / "passages.tsv"):
        path = archive / passage["file"]
        if passage["file"] not in cache:
            cache[passage["file"]] = paragraphs(path) if path.is_file() else []
        first = int(passage["paragraph"])
        said = sentences(cache[passage["file"]][first : first + int(passage["paragraphs"])], nlp)
        text = _text(passage["passage"], said, coded.get(passage["passage"], []))
        if text is None:
            lost += 1
        else:
            found.append(text)
    return found, lost


def _text(name: str, said: list[Said], codes: Iterable[dict[str, str]]) -> GoldText | None:
    coding = {int(row["sentence"]): row for row in codes}
    if not said or any(n > len(said) or digest(said[n - 1].text) != row["hash"] for n, row in coding.items()):
        return None
    coded = tuple(_coded(n, sentence, coding.get(n)) for n, sentence in enumerate(said, 1))
    return GoldText("speech", name, coded, frozenset())


def _coded(number: int, said: Said, row: dict[str, str] | None) -> Coded:
    if row is None:
        return Coded(number, said.turn, said.speaker, said.text, frozenset(), {})
    given = set(row["labels"].split(","))
    attributes = {key: row[key] for key in ("outcome_kind", "stage", "dimension", "holder")}
    return Coded(
        number, said.turn, said.speaker, said.text, frozenset(x for x in LABELS if x in given), attributes
    )


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated table of codes, by column."""
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def _by_passage(coded: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in coded:
        found.setdefault(row["passage"], []).append(row)
    return found
