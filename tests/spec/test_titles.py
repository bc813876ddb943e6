"""Themes' titles as plain files: see tests/spec/titles/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.cluster.phrases import phrases
from pipeline.cluster.titles import Name, Telling, names
from pipeline.resources import checked

if TYPE_CHECKING:
    from spacy.language import Language

CASES = sorted((Path(__file__).parent / "titles").glob("*.txt"))


@dataclass
class Case:
    """One theme of a file."""

    told: list[tuple[str, str]] = field(default_factory=list)
    wanted: list[tuple[str, str]] = field(default_factory=list)


def read(path: Path) -> list[Case]:
    """The themes of a file, in order."""
    cases: list[Case] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## theme"):
            cases.append(Case())
        elif line[:2] in ("= ", "+ ", "- "):
            cases[-1].wanted.append((line[0], line[2:].strip()))
        elif line.strip():
            person, _, said = line.partition(": ")
            cases[-1].told.append((person, said))
    return cases


@pytest.fixture(scope="module")
def nlp() -> Language:
    import spacy

    return spacy.load(checked("en_core_web_sm"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_titles_read_as_the_file_says(path: Path, nlp: Language) -> None:
    cases = read(path)
    said = iter(phrases(nlp, [text for case in cases for _, text in case.told]))
    found = names([[Telling(person, 1.0, next(said)) for person, _ in case.told] for case in cases])
    wrong = [
        f"{mark} {words}: {name.title} | {', '.join(name.keywords)}"
        for case, name in zip(cases, found, strict=True)
        for mark, words in case.wanted
        if not holds(mark, words, name)
    ]
    assert not wrong, "\n".join(wrong)


def holds(mark: str, words: str, name: Name) -> bool:
    """Whether a name is as one line of a file wants it."""
    if mark == "=":
        return name.title == words
    if mark == "+":
        return words in name.title.lower()
    return not re.search(rf"\b{words}\b", f"{name.title} {' '.join(name.keywords)}".lower())


def test_every_theme_of_the_files_wants_something() -> None:
    assert CASES
    assert all(case.wanted and case.told for path in CASES for case in read(path))
