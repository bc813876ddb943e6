"""What of a folder of rules or models makes results stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.extract.rules import read_rules
from pipeline.resources import folder_files, folder_hash


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with one file, and one in a folder below."""
    folder = tmp_path / ".kept" / "rules"
    (folder / "more").mkdir(parents=True)
    (folder / "push.toml").write_text("a")
    (folder / "more" / "pull.toml").write_text("b")
    return folder


def hashed(folder: Path) -> str:
    folder_hash.cache_clear()
    return folder_hash(folder)


def test_every_file_counts_by_its_name_below_the_folder(rules: Path) -> None:
    assert set(folder_files(rules)) == {"push.toml", "more/pull.toml"}


@pytest.mark.parametrize(
    "name", ["README.md", "more/NOTES.MD", ".push.toml.swp", "push.toml~", ".git/config", ".DS_Store"]
)
def test_pages_hidden_files_and_backups_make_nothing_stale(rules: Path, name: str) -> None:
    before = hashed(rules)
    (rules / name).parent.mkdir(exist_ok=True)
    (rules / name).write_text("x")
    assert hashed(rules) == before


@pytest.mark.parametrize("name", ["push.toml", "new.toml", "more/pull.toml"])
def test_what_can_change_a_result_makes_it_stale(rules: Path, name: str) -> None:
    before = hashed(rules)
    (rules / name).write_text("changed")
    assert hashed(rules) != before


def test_an_absent_folder_holds_nothing(tmp_path: Path) -> None:
    assert folder_files(tmp_path / "nowhere") == {}


def test_a_hidden_file_of_rules_is_not_read_either(rules: Path) -> None:
    (rules / "push.toml").unlink()
    (rules / ".#push.toml").write_text("no rule at all")
    assert read_rules(rules) == ()
