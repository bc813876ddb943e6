"""What must not matter: another name, a filler, a turn cut in two, lost commas. Each may flip a stated share."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline import extract, ingest
from pipeline.config import Settings
from pipeline.evaluate.gold import Coded, GoldText
from pipeline.evaluate.systems import marks_of
from pipeline.extract.sentences import sentences
from pipeline.records import SourceFile

SAMPLES = ("hearing-aids-01-ron.txt", "school-coach-01-heather.txt")


@pytest.fixture(scope="module")
def extractor() -> extract.Extractor:
    """The shipped extraction."""
    return extract.load(Settings())


@pytest.fixture(scope="module")
def talks(sample: Path, extractor: extract.Extractor) -> list[GoldText]:
    """Two samples, sentence by sentence."""
    found = []
    for name in SAMPLES:
        data = (sample / name).read_bytes()
        source = SourceFile(name, hashlib.sha256(data).hexdigest(), data, {})
        transcript = ingest.run([source], ingest.load(Settings()))[0].transcripts[0]
        rows = [
            Coded(i, s.turn_index, s.speaker, s.text, frozenset())
            for i, s in enumerate(sentences(transcript, extractor.nlp), 1)
        ]
        asking = frozenset(s.name for s in transcript.speakers if s.role != "participant")
        found.append(GoldText("sample", name, tuple(rows), asking))
    return found


def marks(talk: GoldText, extractor: extract.Extractor) -> np.ndarray:
    """Labels per sentence, those for review left out."""
    shown = [s for s in extract.run([talk.transcript()], extractor)[0].statements if not s.needs_review]
    return marks_of(talk, shown)


def _told(talk: GoldText, change: Callable[[Coded], str]) -> GoldText:
    return dataclasses.replace(
        talk, sentences=tuple(dataclasses.replace(s, text=change(s)) for s in talk.sentences)
    )


def _renamed(talk: GoldText) -> GoldText:
    """The same talk by another person about another product."""
    names = {"Kestrel": "Marlow", "Fenline": "Oxbow", "Dawson": "Tillery", "Ron": "Alf", "Heather": "Moira"}
    pattern = re.compile("|".join(names))
    told = _told(talk, lambda s: pattern.sub(lambda m: names[m.group(0)], s.text))
    return dataclasses.replace(
        told,
        sentences=tuple(
            dataclasses.replace(s, speaker=names.get(s.speaker, s.speaker)) for s in told.sentences
        ),
    )


def _with_fillers(talk: GoldText) -> GoldText:
    return _told(talk, lambda s: f"Um, {s.text[:1].lower()}{s.text[1:]}" if s.sid % 3 == 0 else s.text)


def _cut_turns(talk: GoldText) -> GoldText:
    """Every turn cut in two after its second sentence."""
    place: dict[int, int] = {}
    rows = []
    for s in talk.sentences:
        place[s.turn] = place.get(s.turn, 0) + 1
        rows.append(dataclasses.replace(s, turn=2 * s.turn + (place[s.turn] > 2)))
    return dataclasses.replace(talk, sentences=tuple(rows))


def _without_commas(talk: GoldText) -> GoldText:
    return _told(talk, lambda s: s.text.replace(",", ""))


@pytest.mark.parametrize(
    ("change", "most"),
    [(_renamed, 0.1), (_with_fillers, 0.55), (_cut_turns, 0.15), (_without_commas, 0.6)],
    ids=["names", "fillers", "cut turns", "commas"],
)
def test_change_that_must_not_matter_flips_few_labels(
    change: Callable[[GoldText], GoldText], most: float, talks: list[GoldText], extractor: extract.Extractor
) -> None:
    flipped = total = 0
    for talk in talks:
        before, after = marks(talk, extractor), marks(change(talk), extractor)
        flipped += int((before != after).sum())
        total += int(before.sum())
    assert total > 20
    assert flipped / total <= most, f"{flipped} of {total}"
