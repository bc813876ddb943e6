"""What ``make run`` does, whole: the samples with the shipped settings, to a published file and a report that opens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.records import LABELS
from pipeline.store.laws import broken_laws
from tests.functional import chromium
from tests.functional.conftest import rows

pytestmark = pytest.mark.slow

SHARED = """
SELECT count(*) FROM (
    SELECT theme_id FROM theme_members JOIN statements s USING (theme_id, statement_id)
    WHERE s.source LIKE '%/meal-kit-%' GROUP BY theme_id HAVING count(DISTINCT s.participant_id) >= 2)
"""
"""Themes that two or more of the people of the meal-kit interviews tell."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """A folder in which the samples were run."""
    made: Path = tmp_path_factory.mktemp("samples")
    shutil.copytree(sample, made / "data" / "sample")
    done = whyswitch(made, "run", "data/sample")
    assert done.returncode == 0, done.stderr
    return made


def whyswitch(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``whyswitch ...`` in that folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def test_every_sample_is_read_and_every_label_is_found(folder: Path) -> None:
    db = folder / "whyswitch.duckdb"
    counted = "SELECT count(*), count(*) FILTER (source LIKE '%/meal-kit-%') FROM transcripts"
    assert rows(db, counted) == [(15, 8)]
    assert rows(db, "SELECT source, reason FROM rejects") == []
    assert {row[0] for row in rows(db, "SELECT label FROM statements WHERE NOT needs_review")} == set(LABELS)
    with duckdb.connect(str(db), read_only=True) as connection:
        assert broken_laws(connection) == []


def test_people_of_one_domain_share_themes(folder: Path) -> None:
    [(shared,)] = rows(folder / "whyswitch.duckdb", SHARED)
    assert isinstance(shared, int)
    assert shared >= 5


def test_a_second_run_does_nothing_and_says_so(folder: Path) -> None:
    files = [folder / "whyswitch.duckdb", folder / "report.html"]
    before = [path.read_bytes() for path in files]
    again = whyswitch(folder, "run", "data/sample")
    assert again.returncode == 0, again.stderr
    assert "Nothing to do" in again.stdout
    assert [path.read_bytes() for path in files] == before


@pytest.mark.skipif(chromium.found() is None, reason="no Chromium on this machine")
def test_the_report_opens_without_complaints(folder: Path, tmp_path: Path) -> None:
    report = folder / "report.html"
    with chromium.page(tmp_path) as page:
        page.open(report)
        assert page.js("document.querySelectorAll('details.interview').length") == 15
        assert page.js("document.querySelectorAll('.map svg path').length") > 0
        assert page.complaints() == []
        assert page.requests() == [report.resolve().as_uri()]
