"""Surveys and forgettings publish by themselves: never more than their own change, never what a run did not end."""

from __future__ import annotations

import errno
import importlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import PublishError, UsageError
from pipeline.forgetting import Wish, forget
from pipeline.survey import import_ratings
from tests.functional.conftest import Archive, interview_of

CANARY = "Quillbase"
WISH = (
    "Interviewer: What did you want?\n\nMeg: I want to see who owes what before the shop opens on Monday.\n"
)
PRIVATE = "privacy.mode=pseudonym"
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.functional.conftest import Archive, Hooked

def kill(stage, batch):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

Archive(Path(sys.argv[1]), 0).run("privacy.mode=pseudonym", engine=Hooked(kill))
"""
Change = Callable[[Archive], object]


def survey(archive: Archive) -> object:
    """Import a rating of Meg's wish."""
    ((outcome,),) = archive.state("SELECT min(statement_id) FROM outcomes")
    answers = archive.folder / "answers.csv"
    answers.write_text(f"outcome_id,importance,satisfaction\n{outcome},5,1\n", encoding="utf-8")
    return import_ratings(archive.db, answers)


def forgetting(archive: Archive) -> object:
    """Forget the participant of the first interview."""
    ((who,),) = archive.state("SELECT min(participant_id) FROM turns WHERE text LIKE '%1 vans%'")
    return forget(archive.db, Wish(participant=str(who)), Settings(), agree=lambda _: True)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Three interviews and one with an outcome, published with pseudonyms."""
    made = Archive(tmp_path_factory.mktemp("published"), 3)
    made.write("meg.txt", WISH)
    made.run(PRIVATE)
    return made


@pytest.fixture
def asked(published: Archive, tmp_path: Path) -> Archive:
    """A copy of these."""
    shutil.copytree(published.folder, tmp_path / "archive")
    return Archive(tmp_path / "archive", 0)


def killed(archive: Archive, stage: str) -> None:
    """A night with a new input that is killed when a stage begins."""
    archive.write(f"{CANARY}.txt", interview_of(9))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(archive.folder), stage], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("stage", ["extract", "cluster"])
def test_nothing_is_published_after_a_night_that_broke_off(asked: Archive, stage: str) -> None:
    killed(asked, stage)
    assert CANARY in str(asked.state("SELECT source, shown FROM sources WHERE shown IS NULL"))
    before = asked.db.read_bytes()
    for change in (survey, forgetting):
        with pytest.raises(UsageError, match="did not end") as refused:
            change(asked)
        assert "whyswitch run" in refused.value.remedy
    assert asked.db.read_bytes() == before
    assert asked.state("SELECT count(*) FROM ratings") == [(0,)]
    asked.run(PRIVATE)
    for change in (survey, forgetting):
        change(asked)
    assert CANARY.encode() not in asked.db.read_bytes()
    assert asked.rows("SELECT count(*) FROM ratings") == [(1,)]


def test_half_a_change_is_not_published(asked: Archive) -> None:
    asked.write("new.txt", interview_of(9))
    asked.run(PRIVATE, only=("ingest",))
    for change in (survey, forgetting):
        with pytest.raises(UsageError, match=r"half a change \(.*extract"):
            change(asked)


def test_a_night_that_was_stopped_by_its_checks_is_not_published(asked: Archive) -> None:
    for n in range(9):
        asked.write(f"empty{n}.txt", f"{n}\x00\x01")
    with pytest.raises(PublishError, match="were rejected"):
        asked.run(PRIVATE, "publish.max_reject_share=0.1")
    for change in (survey, forgetting):
        with pytest.raises(UsageError, match="did not end well"):
            change(asked)


def full(archive: Archive, change: Change) -> None:
    """The change meets a full disk when it publishes."""

    def no_room(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.import_module("pipeline.store.publish"), "sync", no_room)
        with pytest.raises(Exception, match="No space left on device"):
            change(archive)


def test_ratings_that_cannot_be_published_are_not_kept(asked: Archive) -> None:
    full(asked, survey)
    assert asked.state("SELECT status FROM runs ORDER BY number") == [("done",), ("failed",)]
    assert asked.state("FROM ratings") == []
    survey(asked)
    assert asked.rows("SELECT status FROM runs ORDER BY run_number") == [("done",), ("failed",), ("done",)]
    assert asked.rows("SELECT count(*) FROM ratings") == [(1,)]


def test_a_forgetting_that_cannot_be_published_ends_as_failed_and_goes_on(asked: Archive) -> None:
    full(asked, forgetting)
    assert asked.state("SELECT status FROM runs ORDER BY number") == [("done",), ("failed",)]
    assert forget(asked.db, Wish(source="*nobody*"), Settings(), agree=lambda _: True)
    assert asked.rows("SELECT status FROM runs ORDER BY run_number") == [("done",), ("failed",), ("done",)]


def test_a_night_between_does_not_pay_for_a_forgetting_that_broke_off(asked: Archive) -> None:
    """It goes on when it is asked for again: as a run of its own, which writes over no other run's row."""
    full(asked, forgetting)
    asked.run(PRIVATE)
    before = asked.state("SELECT run_id, counts, work FROM runs ORDER BY number")
    assert forget(asked.db, Wish(source="*nobody*"), Settings(), agree=lambda _: True)
    assert asked.state("SELECT run_id, counts, work FROM runs ORDER BY number")[:-1] == before
    assert asked.state("FROM duties") == []


def test_a_forgetting_that_goes_on_shows_no_bare_name(asked: Archive) -> None:
    """What a night read that broke off after it has no hidden name yet."""
    full(asked, forgetting)
    killed(asked, "extract")
    with pytest.raises(UsageError, match="nothing was changed"):
        forget(asked.db, Wish(source="*nobody*"), Settings(), agree=lambda _: True)
