"""How many speakers get their role by talk alone, in interviews whose interviewers are known.

``python -m tests.spec.ingest.roles [SHARED]`` prints the numbers that docs/roles.md states.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.records import Transcript
from tests.unit.ingest.reading import accepted

CORPUS = Path(__file__).parents[3] / "data" / "corpus"
Told = tuple[int, int]
"""Speakers with their role, of how many."""


def renamed(turns: list[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """The talk with labels that tell nothing (``Speaker 1``), and what each stands for."""
    names = {name: f"Speaker {n}" for n, name in enumerate(dict.fromkeys(name for name, _ in turns), start=1)}
    return "\n\n".join(f"{names[name]}: {text}" for name, text in turns), {
        new: old for old, new in names.items()
    }


def right_roles(
    transcript: Transcript, stands_for: dict[str, str], interviewers: set[str]
) -> tuple[int, int]:
    """How many speakers have their role, of how many."""
    found = [
        (speaker.role == "interviewer") == (stands_for[speaker.name] in interviewers)
        for speaker in transcript.speakers
    ]
    return sum(found), len(found)


def corpus_talk(path: Path) -> list[tuple[str, str]]:
    lines = [
        line.split(" || ")[0]
        for line in path.read_text(encoding="utf-8").split("\n")
        if not line.startswith("@")
    ]
    turns: list[tuple[str, str]] = []
    for line in lines:
        found = re.match(r"([A-Z][A-Z0-9'’ -]*): (.*)", line)
        if found:
            turns.append((found.group(1), found.group(2)))
        elif turns and line.strip():
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {line.strip()}")
    return turns


def corpus(folder: Path) -> list[Told]:
    """The roles told in each written interview with an interviewer, labels renamed."""
    found = []
    for path in sorted(folder.glob("*/*.txt")):
        turns = corpus_talk(path)
        interviewers = {name for name, _ in turns if re.fullmatch(r"INT\d?", name)}
        if interviewers and len({name for name, _ in turns}) > 1:
            text, stands_for = renamed(turns)
            found.append(right_roles(accepted(text), stands_for, interviewers))
    return found


def gold(shared: Path, part: str, *, own: bool = False) -> list[Told]:
    """The roles told in each gold text of a part; labels renamed, or with ``own`` as they are."""
    known = json.loads((shared / "gold" / "labels" / "roles.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((shared / "gold" / "texts" / part).glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        turns = re.findall(r"^([^:\n]{1,40}): (.*)$", text, re.M)
        stands_for = {name: name for name, _ in turns}
        if not own:
            text, stands_for = renamed(turns)
        found.append(right_roles(accepted(text), stands_for, set(known[path.stem])))
    return found


def summed(told: Iterable[Told]) -> Told:
    """Both numbers over many interviews."""
    rights, totals = zip(*told, strict=True)
    return sum(rights), sum(totals)


def _line(name: str, told: list[Told]) -> str:
    two, more = ([one for one in told if (one[1] == 2) is pair] for pair in (True, False))
    parts = [
        f"{right} of {total}" for right, total in (summed(part) if part else (0, 0) for part in (two, more))
    ]
    return f"{name}: two speakers {parts[0]}, others {parts[1]}"


def main(shared: str = "") -> None:
    """Print them, those of the gold texts too where they are given."""
    sys.stdout.write(_line("written interviews", corpus(CORPUS)) + "\n")
    for part in ("written", "real") if shared else ():
        sys.stdout.write(_line(f"gold {part}, labels that tell nothing", gold(Path(shared), part)) + "\n")
        sys.stdout.write(_line(f"gold {part}, own labels", gold(Path(shared), part, own=True)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
