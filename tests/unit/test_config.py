"""Settings: read, checked, and named when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import RunSettings, Settings, known_settings, load_settings
from pipeline.errors import ConfigError


def test_defaults_are_valid_and_every_setting_says_what_it_means() -> None:
    assert load_settings() == Settings()
    assert all(len(meaning) > 10 for meaning in known_settings().values())


def test_assignment_overrides_file(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[extract]\nprofile = "rules"\n[cluster]\nmin_participants = 3\n')
    settings = load_settings(path, ["cluster.min_participants=4", "report.title=Spring"])
    assert settings.extract.profile == "rules"
    assert settings.cluster.min_participants == 4
    assert settings.report.title == "Spring"


@pytest.mark.parametrize(
    ("given", "wrong", "right"),
    [
        ("cluster.min_participant=3", "cluster.min_participant", "cluster.min_participants"),
        ("embed.modle=minilm", "embed.modle", "embed.model"),
        ("extarct.profile=rules", "extarct", "extract"),
    ],
)
def test_misspelt_setting_names_itself_and_its_nearest_right_spelling(
    given: str, wrong: str, right: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(None, [given])
    assert f"'{wrong}'" in caught.value.message
    assert f"'{right}'" in caught.value.remedy


@pytest.mark.parametrize("given", ["cluster.min_participants=0", "run.workers=many", "extract.profile=magic"])
def test_value_out_of_bounds_names_the_setting(given: str) -> None:
    with pytest.raises(ConfigError, match=given.partition("=")[0].replace(".", r"\.")):
        load_settings(None, [given])


def test_assignment_without_form_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"section\.key=value"):
        load_settings(None, ["profile"])


def test_broken_or_absent_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[extract\n")
    with pytest.raises(ConfigError, match="no valid TOML"):
        load_settings(broken)
    with pytest.raises(ConfigError, match="cannot read"):
        load_settings(tmp_path / "absent.toml")


def test_fingerprint_ignores_speed_and_sees_the_rest() -> None:
    assert RunSettings(workers=1).fingerprint() == RunSettings(workers=9, batch_files=3).fingerprint()
    changed = load_settings(None, ["cluster.min_participants=3"])
    assert changed.cluster.fingerprint() != Settings().cluster.fingerprint()
