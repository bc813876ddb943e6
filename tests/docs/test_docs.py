"""What the documents say is so: generated files are current, queries run, names exist, links lead somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.conftest import RULES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/**/*.md")])


def test_generated_files_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a run over one sample was done."""
    folder: Path = tmp_path_factory.mktemp("readme")
    sample = sorted((ROOT / "data" / "sample").glob("*.txt"))[0]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline.cli",
            "run",
            str(sample),
            "--db",
            str(folder / "whyswitch.duckdb"),
            *RULES,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def _queries() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [m.group(0) for m in re.finditer(r'whyswitch query "[^"]*"( --format \w+)?', text)]


@pytest.mark.parametrize("command", _queries())
def test_queries_of_the_readme_run(command: str, published: Path) -> None:
    arguments = shlex.split(command.replace("\n", " "))[1:]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments, "--db", str(published / "whyswitch.duckdb")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_python_example_of_the_readme_runs(published: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert code
    for block in code:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=published, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_settings_named_in_the_documents_exist() -> None:
    from pipeline.config import known_settings

    known = known_settings()
    named = {
        name
        for page in PAGES
        for name in re.findall(
            r"\b(?:run|ingest|privacy|extract|embed|cluster|report)\.[a-z_]{4,}\b",
            page.read_text(encoding="utf-8"),
        )
        if not name.endswith((".html", ".duckdb", ".json", ".toml"))
    }
    assert {name for name in named if name not in known and not name.endswith(("_", ".log"))} == set()
