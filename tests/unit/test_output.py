"""Files that commands write: as a whole, with the permissions that were there, or a message with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import diff, survey
from pipeline.cli import app
from pipeline.errors import UsageError
from pipeline.output import write_output


def test_it_is_written_with_the_permissions_that_were_there(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_output(path, "one")
    path.chmod(0o600)
    write_output(path, "tüo")
    assert path.read_text(encoding="utf-8") == "tüo"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_link_is_written_through_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_output(tmp_path / "link", "after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"


@pytest.mark.parametrize("place", ["nowhere/page.html", "."])
def test_where_nothing_can_be_written_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="cannot write") as told:
        write_output(tmp_path / place, "text")
    assert "folder" in told.value.remedy


@pytest.mark.parametrize("command", [["diff", "a", "b", "-f", "json"], ["survey", "export"]])
def test_commands_tell_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    for module, names in ((diff, ("published_file", "compare")), (survey, ("chosen",))):
        for name in names:
            monkeypatch.setattr(module, name, lambda *_, **__: None)
    monkeypatch.setattr(diff, "as_json", lambda _: "{}")
    monkeypatch.setattr(survey, "answer_sheet", lambda _: "outcome_id")
    done = CliRunner().invoke(app, [*command, "-o", str(tmp_path / "nowhere" / "page")])
    assert isinstance(done.exception, UsageError)
