"""Bad rule files: each fault is named, with the file, the rule and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from pipeline.errors import ConfigError
from pipeline.extract.cues import CUES, Cues
from pipeline.extract.rules import read_rules
from pipeline.resources import checked

GOOD = """
[[rule]]
id = "push-damp"
label = "push"
weight = 0.4
why = "damp, as a failure of the old"
patterns = [[{LOWER = "damp"}]]
examples = ["It was damp.", "The damp got in.", "Damp everywhere."]
negatives = ["It was dry.", "Dry as a bone."]
"""


def written(folder: Path, text: str, name: str = "own.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def failure(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_rules(folder)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (rule,) = read_rules(written(tmp_path, GOOD))
    assert (rule.id, rule.weight, rule.negation, rule.subject) == ("push-damp", 0.4, "blocks", "any")
    assert rule.examples[0].said == "It was damp."


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "no folder of rules at" in failure(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("weight = 0.4", "weight = 1.4", "rule 'push-damp' weight"),
        ("weight = 0.4", "wieght = 0.4", "rule 'push-damp' w"),
        ('label = "push"', 'label = "shove"', "rule 'push-damp' label"),
        ('id = "push-damp"', 'id = "pull-damp"', "must start with 'push-'"),
        ('id = "push-damp"', 'id = "Push Damp"', "rule 'Push Damp' id"),
        ('patterns = [[{LOWER = "damp"}]]', "", "can never fire"),
        ('["It was dry.", "Dry as a bone."]', '["It was dry."]', "rule 'push-damp' negatives"),
        ('"Damp everywhere."', "", "rule 'push-damp' examples"),
        (
            'patterns = [[{LOWER = "damp"}]]',
            'patterns = [[{LOWER = "damp"}]]\nquestion = [[{LEMMA = "be"}]]',
            "use LOWER",
        ),
        ('"It was damp."', '{said = "It was damp.", aksed = "How?"}', "aksed"),
        ("[[rule]]", "[[rules]]", "rule"),
    ],
)
def test_a_fault_names_the_rule_and_the_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    message = failure(written(tmp_path, GOOD.replace(old, new)))
    assert told in message
    assert "own.toml" in message
    assert "CONTRIBUTING.md" in message


def test_no_toml(tmp_path: Path) -> None:
    assert "cannot read the rule file" in failure(written(tmp_path, "[[rule]\nid = "))


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b'why = "\xff"')
    assert "cannot read the rule file" in failure(tmp_path)


def test_two_rules_of_one_id(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    message = failure(written(tmp_path, GOOD, "second.toml"))
    assert "two rules 'push-damp'" in message
    assert "second.toml" in message


def test_a_pattern_that_spacy_does_not_take_names_its_rule(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, GOOD.replace('LOWER = "damp"', 'LOWRE = "damp"')))
    with pytest.raises(ConfigError, match="push-damp"):
        Cues(spacy.blank("en"), rules)


def test_own_rules_fire_beside_others(tmp_path: Path) -> None:
    second = GOOD.replace("push-damp", "push-cold").replace('LOWER = "damp"', 'LOWER = "cold"')
    nlp = spacy.blank("en")
    cues = Cues(nlp, read_rules(written(tmp_path, GOOD + second)))
    doc = Doc(nlp.vocab, words=["cold", "and", "damp"], heads=[0, 0, 0], deps=["ROOT", "cc", "conj"])
    assert [(span.text, span.label_) for span in cues(doc).spans[CUES]] == [
        ("cold", "push-cold"),
        ("damp", "push-damp"),
    ]


def test_a_dependency_rule_fires_in_its_sentence(tmp_path: Path) -> None:
    tree = """dependencies = [[
        {RIGHT_ID = "lost", RIGHT_ATTRS = {LEMMA = "lose"}},
        {LEFT_ID = "lost", REL_OP = ">", RIGHT_ID = "thing", RIGHT_ATTRS = {DEP = "dobj"}},
    ]]"""
    rules = read_rules(written(tmp_path, GOOD.replace('patterns = [[{LOWER = "damp"}]]', tree)))
    nlp = spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])
    cues = Cues(nlp, rules)
    fired = cues(nlp("We drove home. I lost the keys, and I never lost a coat."))
    assert [span.text for span in fired.spans[CUES]] == ["lost the keys"]
