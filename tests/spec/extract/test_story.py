"""What sentences tell of a switch, and what short interviews fire and hire.

``telling.tsv`` (a sentence, the parts it tells), ``story.tsv`` (an interview in a line, with slashes, what is fired
and what is hired) and ``persons.tsv`` (an interview, a name in it, whether it is a person's) are meant to be extended.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.extract.story.choosing import choose
from pipeline.extract.story.cues import Cue, cues
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import things
from pipeline.extract.story.parting import shipped_talk, shipped_weights
from pipeline.extract.story.persons import is_person, person_cues
from pipeline.extract.story.telling import Rule, telling_rules, told

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def lines(text: str) -> list[Line]:
    """An interview written in one line; INT asks; complaints are pushes."""
    found = []
    for number, part in enumerate(text.split(" / ")):
        speaker, _, said = part.partition(": ")
        labels = frozenset({"push"} if "crash" in said or "enough" in said else ())
        found.append(Line(number, speaker, speaker == "INT", 0, said, labels))
    return found


@pytest.mark.parametrize("row", rows("telling.tsv"), ids=lambda row: row["sentence"])
def test_told(row: dict[str, str]) -> None:
    assert (", ".join(sorted({one.part for one in told(row["sentence"])})) or "-") == row["parts"]


@pytest.mark.parametrize("rule", telling_rules(), ids=lambda rule: rule.id)
def test_every_rule_by_its_examples(rule: Rule) -> None:
    for example in rule.examples:
        assert rule.id in {one.rule for one in told(example)}, example
    for negative in rule.negatives:
        assert rule.id not in {one.rule for one in told(negative)}, negative


@pytest.mark.parametrize("cue", cues(), ids=lambda cue: cue.id)
def test_every_cue_by_its_examples(cue: Cue) -> None:
    assert all(cue.compiled.search(example) for example in cue.examples)


@pytest.mark.parametrize("row", rows("story.tsv"), ids=lambda row: row["fired"] + " " + row["hired"])
def test_fired_and_hired(row: dict[str, str]) -> None:
    chosen = choose(lines(row["text"]), shipped_talk(), shipped_weights())
    fired = chosen.fired.thing.name if chosen.fired else "-"
    hired = chosen.hired.thing.name if chosen.hired else "-"
    assert (fired, hired) == (row["fired"], row["hired"])


@pytest.mark.parametrize("row", rows("persons.tsv"), ids=lambda row: row["text"])
def test_persons_are_no_products(row: dict[str, str]) -> None:
    told_of = lines(row["text"])
    found = {thing.name: thing for thing in things(told_of, shipped_talk())}
    assert ("yes" if is_person(found[row["name"]], told_of) else "no") == row["person"]


@pytest.mark.parametrize("cue", person_cues(), ids=lambda cue: cue.id)
def test_every_cue_of_persons_by_its_examples(cue: Cue) -> None:
    assert all(cue.compiled.search(example) for example in cue.examples)


def test_a_person_is_never_chosen() -> None:
    told_of = lines("ANN: We were with Fien. / ANN: I cancelled Fien. / ANN: I asked Fien to type them.")
    chosen = choose(told_of, shipped_talk(), shipped_weights())
    assert (chosen.fired, chosen.hired, chosen.others) == (None, None, ())


def test_spellings_of_one_product_are_one() -> None:
    told_of = lines(
        "ANN: We had Vantage Rooms. / ANN: I like Vantage. / ANN: Vantage Room's fine. / ANN: on vantage rooms"
    )
    names = [thing for thing in things(told_of, shipped_talk()) if thing.is_name]
    assert [thing.name for thing in names] == ["Vantage Rooms"]
    assert len(names[0].mentions) == 3


def test_the_product_of_the_metadata_is_what_is_hired() -> None:
    text = "ANN: I went past the Larderbox van. / ANN: We ate Larderbox on Friday."
    chosen = choose(lines(text), shipped_talk(), shipped_weights(), known="Larderbox (weekly boxes)")
    assert chosen.hired is not None
    assert chosen.hired.thing.name == "Larderbox"
