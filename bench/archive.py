"""Made-up interviews in any number, for measuring: the same number gives the same interview on every machine.

The sentences are the examples and the counter-examples of the cue rules, so that every so many carry a force
or an outcome; each is given a name or a number, so that few texts are alike.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from pipeline.extract.rules import read_rules

ROOT = Path(__file__).parent.parent
QUESTIONS = (
    "What happened before you changed?",
    "And then?",
    "Tell me more about that day.",
    "Who else was there?",
    "What were you worried about?",
    "How did you decide in the end?",
    "What did you do before that?",
    "How is it now?",
)
ASIDES = (
    "That was in week {n}.",
    "We were {n} people then.",
    "My colleague {name} saw it too.",
    "{name} told me so on the phone.",
    "It was the {n}th of the month, I think.",
    "We drove over to {name}'s place that morning.",
)
NAMES = (
    "Ada",
    "Bram",
    "Cleo",
    "Dilys",
    "Edgar",
    "Femke",
    "Goran",
    "Hanna",
    "Idris",
    "Jonas",
    "Kaya",
    "Lewis",
)


@cache
def sentences() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What carries something, and what does not."""
    telling: list[str] = []
    idle: list[str] = []
    for rule in read_rules(ROOT / "models" / "cues"):
        telling += [example.said for example in rule.examples]
        idle += [example.said for example in rule.negatives]
    return tuple(telling), tuple(idle)


def interview(number: int, exchanges: int = 10, telling: float = 0.25) -> str:
    """One interview of so many questions and answers, as text with speakers' labels.

    ``telling`` is the share of sentences that are taken from the rules' examples.
    """
    chance = random.Random(number)
    name = f"{NAMES[number % len(NAMES)]} {number}"
    lines = []
    for _ in range(exchanges):
        lines.append(f"Interviewer: {chance.choice(QUESTIONS)}")
        lines.append(f"{name}: {_answer(chance, telling)}")
    return "\n\n".join(lines) + "\n"


def _answer(chance: random.Random, share: float) -> str:
    telling, idle = sentences()
    said = []
    for _ in range(chance.randint(2, 5)):
        pool = telling if chance.random() < share else idle
        aside = chance.choice(ASIDES).format(n=chance.randint(3, 400), name=chance.choice(NAMES))
        said.append(f"{chance.choice(pool)} {aside}")
    return " ".join(said)


def write(folder: Path, numbers: range, exchanges: int = 10, telling: float = 0.25) -> None:
    """Interviews as files, a hundred to a folder, each folder a study."""
    for number in numbers:
        path = folder / f"study-{number // 100:04}" / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(interview(number, exchanges, telling), encoding="utf-8")
