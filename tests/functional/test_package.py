"""What is installed elsewhere works: the wheel in an environment of its own, the published file in an old DuckDB."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from pipeline.store.tables import TABLES, VIEWS
from tests.functional.conftest import RULE, RULES, Archive, interview_of, rows

ROOT = Path(__file__).parents[2]
OLDEST_CLIENT = "1.2.0"
"""The DuckDB that the published file promises to open in."""

pytestmark = pytest.mark.slow


def pip(*arguments: str | Path) -> None:
    """Run pip; skip the test where it cannot reach its index."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "No matching distribution" in done.stderr or "Could not find a version" in done.stderr:
        pytest.skip("needs a package index to install from")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the wheel installed; what it asks for is taken from this one."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("whyswitch-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    pip("--python", python, "install", "--quiet", "--no-deps", wheel)
    beside = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages(folder / "venv") / "zz-beside.pth").write_text("\n".join(sorted(beside)) + "\n")
    return folder / "venv"


def packages(environment: Path) -> Path:
    """Where an environment keeps its packages."""
    (found,) = environment.glob("lib/python3*/site-packages")
    return found


def whyswitch(environment: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed ``whyswitch`` in that folder, with nothing of the repository in reach."""
    return subprocess.run(
        [str(environment / "bin" / "whyswitch"), *arguments],
        cwd=folder,
        env={**without_path(), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def without_path() -> dict[str, str]:
    """The environment's variables but those that lead to the repository."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_the_wheel_is_what_is_installed(installed: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [str(installed / "bin" / "python"), "-c", _WHERE],
        cwd=tmp_path,
        env=without_path(),
        capture_output=True,
        text=True,
        check=True,
    )
    where, version, licence = told.stdout.splitlines()
    assert Path(where).is_relative_to(installed)
    assert licence == "Apache-2.0"
    assert version in whyswitch(installed, tmp_path, "--version").stdout


_WHERE = """
from importlib.metadata import metadata
import pipeline
print(pipeline.__file__)
print(metadata("whyswitch")["Version"])
print(metadata("whyswitch")["License-Expression"])
"""


def test_the_wheel_holds_what_a_run_needs(installed: Path) -> None:
    top = packages(installed)
    found = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    for name in ("models.toml", "encoder.txt", "dialogue/reader.safetensors"):
        assert f"pipeline/_models/{name}" in found
    assert "pipeline/_configs/nightly.toml" in found
    assert [name for name in found if name.startswith("pipeline/_models/cues/")]
    kept = {
        f"pipeline/{path.relative_to(ROOT / 'pipeline').as_posix()}"
        for path in (ROOT / "pipeline").rglob("*")
        if path.suffix in (".toml", ".html", ".css", ".js", ".j2", ".py")
    }
    assert kept - found == set()
    assert not [name for name in found if name.startswith(("tests/", "training/", "data/"))]


def test_the_wheel_runs_outside_the_repository(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "interviews").mkdir()
    for n in range(3):
        (tmp_path / "interviews" / f"{n}.txt").write_text(interview_of(n))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(RULE)
    done = whyswitch(installed, tmp_path, "run", "interviews", "--set", "extract.rules=rules")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").stat().st_size > 10_000
    identity = str(rows(tmp_path / "whyswitch.duckdb", "SELECT models FROM runs")[0][0])
    assert "cues/" in identity
    assert "mine.toml" in identity
    told = whyswitch(installed, tmp_path, "doctor")
    assert told.returncode == 0, told.stdout


def test_the_published_file_opens_in_an_old_duckdb(archive: Archive, tmp_path: Path) -> None:
    archive.run()
    venv.create(tmp_path / "old", with_pip=False)
    python = tmp_path / "old" / "bin" / "python"
    pip("--python", str(python), "install", "--quiet", f"duckdb=={OLDEST_CLIENT}")
    names = [entry.name for entry in (*TABLES, *VIEWS)]
    done = subprocess.run(
        [str(python), "-c", _READ_ALL, str(archive.db), *names],
        capture_output=True,
        text=True,
        check=False,
        env=without_path(),
    )
    assert done.returncode == 0, done.stderr
    version, *counts = done.stdout.splitlines()
    assert version == OLDEST_CLIENT
    assert counts == [f"{name} {archive.rows(f'SELECT count(*) FROM {name}')[0][0]}" for name in names]


_READ_ALL = """
import sys, duckdb
print(duckdb.__version__)
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    for name in sys.argv[2:]:
        print(name, len(connection.execute(f"SELECT * FROM {name}").fetchall()))
"""


def test_rules_profile_needs_no_reader(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(interview_of(1))
    done = whyswitch(installed, tmp_path, "run", "one.txt", "--no-report", *RULES)
    assert done.returncode == 0, done.stderr
