"""The planted set: its files as interviews with marked items, and how many of the items are found.

``python -m tests.spec.privacy.planted [--misses] [--presidio]`` prints the numbers that docs/privacy.md states.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import spacy

from pipeline.config import PrivacySettings
from pipeline.ingest.privacy.analyzer import OfflineEmailRecognizer
from pipeline.ingest.privacy.items import Item, resolved
from pipeline.ingest.privacy.people import Known
from pipeline.ingest.privacy.transcript import found_in, known_names, prepared
from pipeline.records import Speaker, Transcript
from pipeline.resources import checked

Finder = Callable[[Sequence[str], Sequence[str]], list[Sequence[Item]]]
"""Texts and speakers of one interview -> what to replace in each text."""

HERE = Path(__file__).parent
_MARK = re.compile(r"\{([a-z]+):([^{}]+)\}")
_SPEAKER = re.compile(r"^\[([^\]]+)\] ")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Planted:
    """One turn: its text without marks, and what is marked in it."""

    text: str
    items: tuple[Item, ...]
    speaker: str
    where: str


@dataclass
class Counts:
    """Items of one kind: how many are marked, which were missed."""

    marked: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.marked if self.marked else 1.0


@dataclass
class Measured:
    """What was found in a part of the set."""

    names: Counts = field(default_factory=Counts)
    structured: Counts = field(default_factory=Counts)
    replaced: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / self.replaced if self.replaced else 1.0


def interviews(part: str, only: str = "*") -> Iterator[list[Planted]]:
    """The interviews of a part (``develop`` or ``fresh``)."""
    for path in sorted((HERE / part).glob(f"{only}.txt")):
        current: list[Planted] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line or line.startswith("#"):
                continue
            if not line.startswith("| ") and current:
                yield current
                current = []
            current.append(_turn(line.removeprefix("| "), f"{path.stem}:{number}"))
        if current:
            yield current


def _turn(line: str, where: str) -> Planted:
    speaker = "Participant"
    if found := _SPEAKER.match(line):
        speaker, line = found.group(1), line[found.end() :]
    text, items, last = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        items.append(Item(mark.group(1), len(text), len(text) + len(mark.group(2))))
        text += mark.group(2)
        last = mark.end()
    return Planted(text + line[last:], tuple(items), speaker, where)


def measure(part: str, find: Finder, only: str = "*") -> Measured:
    """Recall on names and on structured items; precision over all that is replaced.

    An item is found when no word of it is left; what is replaced is right when it touches a marked item.
    """
    measured = Measured()
    for turns in interviews(part, only):
        speakers = list(dict.fromkeys(turn.speaker for turn in turns))
        for turn, found in zip(turns, find([turn.text for turn in turns], speakers), strict=True):
            _count(turn, found, measured)
    return measured


def ours() -> Finder:
    """What a run finds."""
    privacy = prepared(PrivacySettings(mode="pseudonym"), bytes(32))

    def find(texts: Sequence[str], speakers: Sequence[str]) -> list[Sequence[Item]]:
        voices = tuple(Speaker(name, "participant", 1.0, "test") for name in speakers)
        names = known_names(Transcript("t", "s", "h", "text", (), voices), privacy.lexicon)
        return [items for items, _ in found_in(texts, Known(names, privacy.keep), privacy)]

    return find


def presidio() -> Finder:
    """What Presidio finds with the recognisers and settings that it ships, on the same English model."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import EmailRecognizer

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "pinned"}])
    engine.nlp = {"en": spacy.load(checked("en_core_web_sm_names"))}  # type: ignore[assignment]
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("EmailRecognizer")
    registry.recognizers.append(OfflineEmailRecognizer())
    assert issubclass(OfflineEmailRecognizer, EmailRecognizer)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
    kinds = [
        kind for kind in analyzer.get_supported_entities("en") if kind not in ("DATE_TIME", "NRP", "LOCATION")
    ]

    def find(texts: Sequence[str], speakers: Sequence[str]) -> list[Sequence[Item]]:
        return [
            resolved(
                [Item("name", one.start, one.end) for one in analyzer.analyze(text, "en", entities=kinds)]
            )
            for text in texts
        ]

    return find


def _count(turn: Planted, found: Sequence[Item], measured: Measured) -> None:
    covered = {place for item in found for place in range(item.start, item.end)}
    for item in turn.items:
        counts = measured.names if item.kind == "name" else measured.structured
        counts.marked += 1
        words = list(_WORD.finditer(turn.text, item.start, item.end))
        if not all(place in covered for word in words for place in range(*word.span())):
            counts.missed.append(f"{turn.where} {item.kind}: {turn.text[item.start : item.end]}")
    for item in found:
        measured.replaced += 1
        if not any(item.start < mark.end and mark.start < item.end for mark in turn.items):
            measured.wrong.append(f"{turn.where} {item.kind}: {turn.text[item.start : item.end]}")


def report(part: str, measured: Measured) -> str:
    """The numbers of a part, and what was missed or wrongly replaced."""
    names, rest = measured.names, measured.structured
    lines = [
        f"{part}: names {names.recall:.3f} of {names.marked}, structured {rest.recall:.3f} of {rest.marked}, "
        f"precision {measured.precision:.3f} of {measured.replaced}"
    ]
    lines += [f"  missed  {line}" for line in (*names.missed, *rest.missed)]
    lines += [f"  wrong   {line}" for line in measured.wrong]
    return "\n".join(lines)


def main() -> None:
    """Print the numbers of both parts, and with ``--presidio`` those of Presidio as it ships."""
    find = presidio() if "--presidio" in sys.argv else ours()
    for part in ("develop", "fresh"):
        told = report(part, measure(part, find))
        sys.stdout.write((told if "--misses" in sys.argv else told.partition("\n")[0]) + "\n")


if __name__ == "__main__":
    main()
