"""The report as a file: whole or not at all, and known by its fingerprint."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline import report
from pipeline.config import ClusterSettings, ReportSettings, Settings
from pipeline.errors import PublishError, UsageError
from pipeline.report import document
from tests.unit.report.published_file import PublishedFile


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A file with one interview."""
    made = PublishedFile()
    key = made.interview("a.txt", [("interviewer", "Q", "Why?"), ("participant", "Ann", "It broke twice.")])
    made.statement(key, 1, "push", "It broke twice.")
    return made.save(tmp_path / "file.duckdb")


@pytest.fixture
def drawn(published: Path, tmp_path: Path) -> Path:
    """Its report."""
    path = tmp_path / "report.html"
    report.write(published, path, Settings())
    return path


def test_a_fresh_report_is_current(published: Path, drawn: Path) -> None:
    assert report.is_current(drawn, published, Settings())


def test_settings_of_other_stages_do_not_make_it_stale(published: Path, drawn: Path) -> None:
    assert report.is_current(drawn, published, Settings(cluster=ClusterSettings(min_participants=5)))


def test_its_own_settings_make_it_stale(published: Path, drawn: Path) -> None:
    assert not report.is_current(drawn, published, Settings(report=ReportSettings(title="Spring")))


@pytest.mark.parametrize("started", ["2027-01-01", "2025-01-01"], ids=["later", "the clock was set back"])
def test_a_further_run_makes_it_stale(published: Path, drawn: Path, started: str) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "INSERT INTO runs (run_id, run_number, started_at, status) VALUES ('run-2', 2, ?, 'done')",
            [started],
        )
    assert not report.is_current(drawn, published, Settings())


def test_a_new_version_makes_it_stale(published: Path, drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "VERSION", "next")
    assert not report.is_current(drawn, published, Settings())


@pytest.mark.parametrize(
    "content", [b"", b"<title>mine</title>", b'<meta name="whyswitch-fingerprint" content="x">']
)
def test_another_file_is_not_current(published: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.html"
    path.write_bytes(content)
    assert not report.is_current(path, published, Settings())


def test_without_the_published_file_nothing_is_current(drawn: Path, tmp_path: Path) -> None:
    assert not report.is_current(drawn, tmp_path / "none.duckdb", Settings())
    assert not report.is_current(tmp_path / "none.html", tmp_path / "none.duckdb", Settings())


def test_the_same_file_gives_the_same_bytes(published: Path, drawn: Path, tmp_path: Path) -> None:
    report.write(published, tmp_path / "again.html", Settings())
    assert (tmp_path / "again.html").read_bytes() == drawn.read_bytes()


def test_a_report_that_fails_half_way_leaves_the_old_one(
    published: Path, drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = drawn.read_bytes()

    def half(*_: object) -> object:
        yield "<!doctype html>"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(document, "page", half)
    with pytest.raises(PublishError, match="No space left on device"):
        report.write(published, drawn, Settings())
    assert drawn.read_bytes() == old
    assert sorted(path.name for path in drawn.parent.iterdir()) == ["file.duckdb", "report.html"]


def test_a_folder_that_is_not_there_is_a_clear_error(published: Path, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"cannot write the report .*none/report\.html"):
        report.write(published, tmp_path / "none" / "report.html", Settings())


def test_no_published_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        report.write(tmp_path / "none.duckdb", tmp_path / "report.html", Settings())


def test_the_published_file_is_left_as_it_was(published: Path, drawn: Path) -> None:
    before = published.read_bytes()
    report.write(published, drawn, Settings())
    assert published.read_bytes() == before


def test_a_file_without_interviews_gives_a_page_that_says_so(tmp_path: Path) -> None:
    published = PublishedFile().save(tmp_path / "empty.duckdb")
    report.write(published, tmp_path / "report.html", Settings())
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No interview has been read yet." in text
    assert text.count("Nothing of this kind was found.") == 4
    assert "No outcome statements were found." in text
    assert "No file was refused." in text
