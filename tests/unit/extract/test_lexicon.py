"""Word lists that break the form are refused with the file and the field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.extract.outcome.lexicon import read_lexicon, shipped
from pipeline.resources import models_folder


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return Path(shutil.copytree(models_folder() / "outcomes", tmp_path / "outcomes"))


def test_the_shipped_lists_are_whole() -> None:
    lexicon = shipped()
    steps = {entry.step for entry in lexicon.step}
    assert steps == {"define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude"}
    assert {"time", "effort", "likelihood", "number", "cost"} <= {entry.measure for entry in lexicon.measure}


def test_no_verb_has_two_steps() -> None:
    lemmas = [lemma for entry in shipped().step for lemma in entry.lemmas]
    assert sorted({lemma for lemma in lemmas if lemmas.count(lemma) > 1}) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('step = "locate"', 'step = "seek"', "step"),
        ("why =", "wy =", "wy"),
        ("[[step]]", "[step]", "cannot read|step"),
    ],
)
def test_a_fault_is_named(lists: Path, old: str, new: str, told: str) -> None:
    path = lists / "job_steps.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        read_lexicon(lists)


def test_a_missing_list(lists: Path) -> None:
    (lists / "measures.toml").unlink()
    with pytest.raises(ConfigError, match=r"measures\.toml"):
        read_lexicon(lists)
