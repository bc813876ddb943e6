"""The settings files that are shipped are valid, and the default one says what the code says."""

from __future__ import annotations

import pytest

from pipeline.config import Settings, load_settings
from pipeline.resources import configs_folder


@pytest.mark.parametrize("name", ["default", "nightly", "archive"])
def test_shipped_settings_are_valid(name: str) -> None:
    load_settings(configs_folder() / f"{name}.toml")


def test_default_file_is_the_default() -> None:
    assert load_settings(configs_folder() / "default.toml") == Settings()
