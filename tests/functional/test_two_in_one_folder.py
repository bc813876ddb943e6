"""Two published files in one folder share nothing that a run, a decision or a forgetting writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import Settings
from pipeline.curation import curation_path
from pipeline.files import own_files
from pipeline.naming import beside, report_beside
from tests.functional.conftest import interview_of


@pytest.mark.parametrize(
    ("published", "report", "themes"),
    [
        ("whyswitch.duckdb", "report.html", "themes.toml"),
        ("whyswitch.shadow.duckdb", "report.html", "themes.toml"),
        ("studies.duckdb", "studies.report.html", "studies.themes.toml"),
        ("studies.shadow.duckdb", "studies.report.html", "studies.themes.toml"),
        ("whyswitch.db", "whyswitch.report.html", "whyswitch.themes.toml"),
        ("spring.2026.duckdb", "spring.2026.report.html", "spring.2026.themes.toml"),
    ],
)
def test_names_beside_a_published_file(published: str, report: str, themes: str) -> None:
    path = Path("folder") / published
    assert report_beside(path) == Path("folder") / report
    assert curation_path(Settings(), path) == Path("folder") / themes == beside(path, "themes.toml")
    own = own_files(path, Settings(), None)
    assert {str(Path.cwd() / "folder" / name) for name in (report, themes)} <= own


def test_runs_and_reports_of_two_files_keep_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(interview_of(1))
    rules = ("--set", "extract.profile=rules", "--log", "quiet", "--workers", "1")
    for arguments in (("run", "a", *rules), ("run", "b", "--db", "b.duckdb", *rules)):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    pages = {path.name: path.read_bytes() for path in tmp_path.glob("*.html")}
    assert set(pages) == {"report.html", "b.report.html"}
    (tmp_path / "b.report.html").unlink()
    told = CliRunner().invoke(app, ("report", "--db", "b.duckdb"))
    assert "b.report.html" in told.stdout
    assert (tmp_path / "b.report.html").is_file()
    assert (tmp_path / "report.html").read_bytes() == pages["report.html"]
