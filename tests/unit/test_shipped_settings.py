"""The settings files that are shipped are valid, and the default one says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import Settings, load_settings
from pipeline.errors import UsageError
from pipeline.resources import configs_folder

NAMES = ("archive", "default", "nightly")


@pytest.mark.parametrize("name", NAMES)
def test_shipped_settings_are_valid(name: str) -> None:
    load_settings(configs_folder() / f"{name}.toml")


def test_default_file_is_the_default() -> None:
    assert load_settings(configs_folder() / "default.toml") == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_the_shipped_file(name: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["settings", name])
    assert printed.exit_code == 0
    mine = tmp_path / "mine.toml"
    mine.write_bytes(printed.stdout_bytes)
    assert mine.read_bytes() == (configs_folder() / f"{name}.toml").read_bytes()
    assert load_settings(mine) == load_settings(configs_folder() / f"{name}.toml")


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    result = CliRunner().invoke(app, ["settings", "weekly"])
    assert isinstance(result.exception, UsageError)
    assert "archive, default, nightly" in str(result.exception)
