"""What the documents say is so: generated files are current, queries run, names exist, links lead somewhere."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from pipeline import cli
from pipeline.store.story import STORY_TABLES, STORY_VIEWS
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


def test_pages_that_the_code_names_exist() -> None:
    files = [
        path
        for end in ("*.py", "*.toml", "*.md")
        for top in ("pipeline", "models", "configs")
        for path in ROOT.glob(f"{top}/**/{end}")
    ]
    named = {
        name
        for path in files
        for name in re.findall(r"\bdocs/[\w/]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_headings_that_the_code_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("pipeline/**/*.py"))
    named = set(re.findall(r"See CONTRIBUTING\.md, '([^']+)'", sources))
    assert named
    assert named <= set(re.findall(r"^## (.+)$", text, re.M))


def test_every_reason_of_a_reject_is_described() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    section = page.partition("## Reasons of rejects")[2].partition("\n## ")[0]
    sources = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("pipeline/**/*.py"))
    given = re.findall(
        r"(?:RejectedInput\(|Failure\(\w+, |problem=\()\s*\"(\w+)\"|sha256, 'scan', '(\w+)'", sources
    )
    reasons = {one or other for one, other in given}
    assert reasons == set(re.findall(r"^\| `(\w+)` \|", section, re.M))


def test_every_folder_of_data_and_of_views_is_listed() -> None:
    data = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert [
        path.name
        for path in (ROOT / "data").iterdir()
        if f"`{path.name}" not in data and path.name != "README.md"
    ] == []
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    views = [
        path
        for path in ROOT.glob("pipeline/store/*.py")
        if re.search(r"^\w+(: .*)? = View\(|^    View\(", path.read_text(encoding="utf-8"), re.M)
    ]
    assert [path.name for path in views if path.name not in contributing] == []


def test_every_folder_of_models_has_its_card() -> None:
    folders = [path for path in (ROOT / "models").iterdir() if path.is_dir()]
    assert len(folders) >= 4
    for folder in folders:
        card = (folder / "README.md").read_text(encoding="utf-8")
        files = {path.name for path in folder.iterdir()} - {"README.md"}
        assert {name for name in files if f"`{name}`" not in card} == set(), folder.name


def test_every_table_and_view_of_the_story_has_an_example() -> None:
    page = (ROOT / "docs" / "story.md").read_text(encoding="utf-8")
    asked = " ".join(re.findall(r'^whyswitch query "(.+)"$', page, re.M))
    names = {part.name for part in (*STORY_TABLES, *STORY_VIEWS)} | {"outcomes", "statements", "timeline"}
    assert {name for name in names if not re.search(rf"\b(?:FROM|JOIN) {name}\b", asked)} == set()


def _commands() -> list[str]:
    """Every command of the app, those of groups behind the group's name."""
    app = get_command(cli.app)
    assert isinstance(app, TyperGroup)
    groups = {name: group.commands for name, group in app.commands.items() if isinstance(group, TyperGroup)}
    return sorted({*app.commands, *(f"{name} {one}" for name, inner in groups.items() for one in inner)})


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_named_in_the_documents(command: str) -> None:
    text = "\n".join(
        page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
    )
    words = command.split()
    assert re.search(r"[^`\n]*".join(("whyswitch", *(rf"\b{word}\b" for word in words))), text)


def test_every_command_that_the_documents_name_exists() -> None:
    groups = {command.partition(" ")[0] for command in _commands()}
    for page in (*PAGES, *ROOT.glob("models/**/*.md")):
        for name in re.findall(
            r"(?:^ {4}|`|bin/|&& )whyswitch ([a-z]+)\b", page.read_text(encoding="utf-8"), re.M
        ):
            assert name in groups, f"{page.name}: whyswitch {name}"


def _said(text: str) -> list[list[str]]:
    """The commands of a page, from ``whyswitch`` to the end of the command, as words."""
    lines = re.findall(r"^ {4}[^`\n]*?\bwhyswitch (.+)$|`(?:[\w./]*/)?whyswitch ([^`]+)`", text, re.M)
    ends = re.compile(r"\s#\s|\s+>>?\s|\s&&|\s\||;")
    return [ends.split(one or other)[0].split() for one, other in lines]


def test_every_option_that_the_documents_name_exists() -> None:
    app = get_command(cli.app)
    seen = 0
    for page in (*PAGES, *ROOT.glob("models/**/*.md")):
        for words in _said(page.read_text(encoding="utf-8")):
            command = app
            while isinstance(command, TyperGroup) and words and words[0] in command.commands:
                command = command.commands[words.pop(0)]
            known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
            given = {
                word.partition("=")[0].strip("'\"") for word in words if re.fullmatch(r"--?[a-z].*", word)
            }
            assert given <= known | {"--help"}, f"{page.name}: {' '.join(words)}"
            seen += len(given)
    assert seen > 30


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
    text = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/story.md"))
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
            r"\b(?:run|ingest|privacy|extract|embed|cluster|report|publish|notify)\.[a-z_]{4,}\b",
            page.read_text(encoding="utf-8"),
        )
        if not name.endswith((".html", ".duckdb", ".json", ".toml"))
    }
    assert {name for name in named if name not in known and not name.endswith(("_", ".log"))} == set()


def test_the_table_of_scale_is_what_its_rates_give() -> None:
    from bench.scale import Rates, table

    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert table(Rates()) in page
    assert Rates(read_s=0.8).enough_cores < Rates().enough_cores / 3


OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_event_is_described_with_its_fields() -> None:
    from pipeline.events import EVENTS

    section = OPERATIONS.partition("## Logs")[2].partition("| kind of change |")[0]
    described = {
        name: tuple(fields.split(", "))
        for name, fields in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.M)
    }
    assert described == EVENTS


def test_every_field_of_a_plan_is_described() -> None:
    from pipeline.plan import Plan, StagePlan

    section = OPERATIONS.partition("| field of `plan --json` |")[2].partition("\n\n")[0]
    described = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert described == [*(one.name for one in fields(Plan)), "works"]
    row = re.findall(r"^\| `stages` \|(.*)$", section, re.M)[0]
    assert re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", row)) == [one.name for one in fields(StagePlan)]


def test_every_kind_of_change_is_described() -> None:
    from pipeline.state.journal import Change

    described = re.findall(
        r"^\| `(\w+)` \|", OPERATIONS.partition("| kind of change |")[2].partition("\n\n")[0], re.M
    )
    assert sorted(described) == sorted((*get_args(Change), "forgotten"))


def test_the_files_around_a_published_one_are_described() -> None:
    from pipeline.files import belongings, key_path

    published = Path("studies.duckdb")
    named = {path.name for path in (*belongings(published), key_path(published))}
    passing = {"studies.state.duckdb.wal", "studies.state.duckdb.tmp"}
    assert {name for name in named - passing if name not in OPERATIONS} == set()
    assert "`FILE.state.duckdb.lock`" in OPERATIONS


def test_every_metric_is_described() -> None:
    from pipeline.notices import metrics

    counts = dict.fromkeys(("interviews", "rejects", "needs_review", "themes", "missing", "waiting"), 1)
    told = {"db": "x", "time": "2026-01-01T00:00:00+00:00", "status": "done", "seconds": 1.0}
    work = {"ingest": {"items": 1, "seconds": 1.0}}
    text = metrics({**told, "counts": {**counts, "statements": {"push": 1}}, "work": work}, 0.0)
    assert set(re.findall(r"^(whyswitch_\w+)\{", text, re.M)) == set(
        re.findall(r"`(whyswitch_\w+)(?:\{\w+\})?`", OPERATIONS)
    )


def test_tests_that_operations_names_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", OPERATIONS))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


# -- the nightly job --------------------------------------------------------------------------------------------


def _crontab(page: str) -> str:
    """The command of the page's crontab line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^    15 2 \* \* \*  (.*)$", text, re.M)[0]


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 137])
def test_cron_mails_failures_and_nothing_else(tmp_path: Path, page: str, code: int) -> None:
    program = tmp_path / ".venv" / "bin" / "whyswitch"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "$*"\necho event >&2\nexit {code}\n')
    program.chmod(0o755)
    command = _crontab(page)
    assert "%" not in command, "cron takes it for a newline"
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("/srv/research &&", f"{tmp_path} &&")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout != "") == (code not in (0, 3))
    assert done.stderr == ""
    assert (tmp_path / "run.log").read_text().splitlines()[1] == "event"


def _nightly_commands() -> list[list[str]]:
    """The arguments of the crontab lines and of the systemd unit."""
    unit = re.findall(r"^ExecStart=\S+/whyswitch (.*)$", OPERATIONS, re.M)
    lines = [
        re.findall(r"whyswitch (.*?) >>", _crontab(page))[0] for page in ("README.md", "docs/operations.md")
    ]
    return [shlex.split(line) for line in (*unit, *lines)]


def test_every_way_of_starting_it_is_the_same_and_is_understood(tmp_path: Path) -> None:
    commands = _nightly_commands()
    assert len(commands) == 3
    assert commands[0] == commands[1] == commands[2]
    (tmp_path / "nightly.toml").write_bytes((ROOT / "configs" / "nightly.toml").read_bytes())
    (tmp_path / "interviews").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *commands[0]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("error", 2), done.stderr
    assert "interviews" in last["message"]
    assert (tmp_path / "runs").is_dir(), "a run that fails before it begins gives notice"


def test_units_of_systemd_have_what_they_need() -> None:
    blocks = re.findall(r"```ini\n(.*?)```", OPERATIONS, re.S)
    service, timer = (_unit(block) for block in blocks)
    assert service["Service"]["successexitstatus"] == "3"
    assert service["Service"]["oompolicy"] == "continue", "or the first worker that is killed ends the night"
    assert "memorymax" in service["Service"]
    assert service["Service"]["environment"] == "XDG_CACHE_HOME=/var/cache"
    assert timer["Timer"]["persistent"] == "true"


def _unit(block: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.read_string(block)
    return found
