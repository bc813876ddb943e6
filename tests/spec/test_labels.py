"""Language examples per label: what the shipped reader must get right, in files that a researcher can extend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.config import Settings
from pipeline.evaluate.gold import Coded, GoldText
from pipeline.evaluate.systems import marks_of
from pipeline.records import LABELS

FOLDER = Path(__file__).parent / "labels"
FILES = sorted(FOLDER.glob("*.txt"))


@dataclass(frozen=True)
class Bar:
    """How many coded and how many plain sentences must come out right."""

    coded: int
    plain: int


def read(path: Path) -> tuple[Bar, list[GoldText]]:
    """The bar and the exchanges of a file."""
    first, *blocks = path.read_text(encoding="utf-8").split("\n", 1)
    found = re.fullmatch(r"# at least: coded (\d+), plain (\d+)", first)
    assert found, f"{path.name}: the first line must say '# at least: coded N, plain N'"
    texts = [_exchange(f"{path.stem}-{i}", block) for i, block in enumerate(blocks[0].strip().split("\n\n"))]
    return Bar(int(found.group(1)), int(found.group(2))), texts


def _exchange(name: str, block: str) -> GoldText:
    sentences: list[Coded] = []
    turn, previous = -1, ""
    for line in block.splitlines():
        speaker, _, rest = line.partition(": ")
        words, _, labels = rest.partition(" => ")
        if speaker != previous:
            turn, previous = turn + 1, speaker
        given = frozenset(label for label in LABELS if label in [part.strip() for part in labels.split(",")])
        assert bool(labels) == bool(given), f"{name}: unknown label in {labels!r}"
        sentences.append(Coded(len(sentences) + 1, turn, speaker, words.strip(), given))
    return GoldText("spec", name, tuple(sentences), frozenset({"INT"}))


def right(texts: list[GoldText], extractor: extract.Extractor) -> tuple[int, int]:
    """Coded sentences with one of their labels found, and plain ones left alone."""
    coded = plain = 0
    for text in texts:
        found = [s for s in extract.run([text.transcript()], extractor)[0].statements if not s.needs_review]
        for sentence, row in zip(text.sentences, marks_of(text, found), strict=True):
            if sentence.speaker == "INT":
                assert not row.any()
                continue
            shown = {label for label, mark in zip(LABELS, row, strict=True) if mark}
            coded += bool(sentence.labels & shown)
            plain += not sentence.labels and not shown
    return coded, plain


@pytest.fixture(scope="module")
def extractor() -> extract.Extractor:
    """The shipped extraction."""
    return extract.load(Settings())


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_examples_come_out_right(path: Path, extractor: extract.Extractor) -> None:
    bar, texts = read(path)
    coded, plain = right(texts, extractor)
    assert coded >= bar.coded
    assert plain >= bar.plain


def test_there_is_a_file_for_every_label() -> None:
    assert [path.stem for path in FILES] == sorted(LABELS)
