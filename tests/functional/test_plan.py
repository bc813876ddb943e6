"""A plan says what the run then does, and why; and changes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.choice import Choice, moment, stage_names
from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.plan import Plan, plan
from pipeline.resources import folder_hash
from pipeline.runner import Job
from pipeline.state import State
from tests.functional.conftest import RULE, Archive, interview_of
from tests.unit.state.test_schema import VERSIONS, old_state


def planned(archive: Archive, *assignments: str, **choice: Any) -> Plan:
    settings = load_settings(None, ["extract.profile=rules", *assignments])
    return plan(Job((str(archive.inputs),), archive.db, settings, choice=Choice(**choice)))


def stages(told: Plan) -> dict[str, tuple[int, int]]:
    """stage -> (new, again), of those with work."""
    return {one.stage: (one.new, one.stale) for one in told.stages if one.items}


def reasons(told: Plan, stage: str) -> dict[str, int]:
    return next(one.reasons for one in told.stages if one.stage == stage)


def test_before_the_first_run_nothing_is_made(archive: Archive) -> None:
    told = planned(archive)
    assert told.inputs == 6
    assert told.changes == {"found": 6}
    assert stages(told) == {"ingest": (6, 0), "extract": (6, 0), "cluster": (5, 0)}
    assert told.seconds is None
    assert [path.name for path in archive.folder.iterdir()] == ["interviews"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_state_of_an_earlier_version_stays_of_it(archive: Archive, version: int) -> None:
    state = old_state(archive.folder / "studies.state.duckdb", version)
    before = state.read_bytes()
    told = planned(archive)
    assert told.changes["found"] == 6
    assert state.read_bytes() == before
    assert {path.name for path in archive.folder.iterdir()} == {
        "interviews",
        "studies.state.duckdb",
        "studies.state.duckdb.lock",
    }
    archive.run()
    assert not planned(archive).works


def test_after_a_run_there_is_nothing_to_do(archive: Archive) -> None:
    archive.run()
    assert not planned(archive).works


def test_files_new_changed_missing_and_renamed(archive: Archive) -> None:
    archive.run()
    archive.write("new.txt", interview_of(9))
    archive.write("01.txt", interview_of(8))
    (archive.inputs / "02.txt").unlink()
    (archive.inputs / "03.txt").rename(archive.inputs / "renamed.txt")
    told = planned(archive)
    assert told.changes == {"found": 1, "changed": 1, "missing": 1, "renamed": 1}
    assert stages(told)["ingest"] == stages(told)["extract"] == (1, 0)
    assert [(one.changed, one.missing) for one in told.stages if one.stage in ("ingest", "extract")] == [
        (1, 1)
    ] * 2
    assert reasons(told, "cluster") == {"statements may change": 5}
    assert told.seconds is not None
    archive.run()
    assert archive.did["ingest"] == 2
    assert not planned(archive).works


@pytest.mark.parametrize(
    ("assignment", "stage", "reason"),
    [
        ("ingest.all_participants=true", "ingest", "setting ingest.all_participants: false -> true"),
        ("extract.threshold_shift=0.05", "extract", "setting extract.threshold_shift: 0.0 -> 0.05"),
        ("cluster.min_participants=4", "cluster", "setting cluster.min_participants: 2 -> 4"),
    ],
)
def test_a_setting_is_named(archive: Archive, assignment: str, stage: str, reason: str) -> None:
    archive.run()
    told = planned(archive, assignment)
    assert reason in reasons(told, stage)
    assert stages(told)[stage] == (0, 5 if stage == "cluster" else 6)
    archive.run(assignment)
    assert set(stages(told)) >= set(archive.did) - {"embed"}


def test_a_rule_file_is_named(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(RULE)
    setting = f"extract.rules={folder}"
    archive.run(setting)
    (folder / "mine.toml").write_text(RULE.replace("0.9", "0.8"))
    folder_hash.cache_clear()
    told = planned(archive, setting)
    assert reasons(told, "extract") == {f"rule file {folder}/mine.toml changed": 6}
    assert "ingest" not in stages(told)
    (folder / "more.toml").write_text(RULE.replace("push-vans", "push-van"))
    folder_hash.cache_clear()
    assert f"rule file {folder}/more.toml added" in reasons(planned(archive, setting), "extract")


def test_a_new_stage_version_is_named(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from pipeline import recipes

    archive.run()
    newer = tuple(
        dataclasses.replace(entry, version=entry.version + "+") if entry.name == "extract" else entry
        for entry in recipes.STAGES
    )
    monkeypatch.setattr("pipeline.recipes.STAGES", newer)
    (reason,) = reasons(planned(archive), "extract")
    assert reason.startswith("stage version ")


def test_a_model_is_named(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import recipes

    archive.run()
    newer = tuple(
        replace(
            entry,
            identity=lambda settings, was=entry.identity: was(settings) + " next",
            models=lambda _: {"English model": "en_core_web_sm:next"},
        )
        if entry.name == "extract"
        else entry
        for entry in recipes.STAGES
    )
    monkeypatch.setattr("pipeline.recipes.STAGES", newer)
    (reason,) = reasons(planned(archive), "extract")
    assert re.fullmatch(r"English model: \S+ -> en_core_web_sm:next", reason)


def test_surroundings_are_named(archive: Archive) -> None:
    archive.run()
    archive.write("02.toml", 'study = "Spring"')
    told = planned(archive)
    assert reasons(told, "ingest") == {"what surrounds the file: folder, name or sidecar": 1}
    assert reasons(told, "extract") == {"read anew": 1}


def test_forced_and_chosen_stages(archive: Archive) -> None:
    archive.run()
    told = planned(archive, force=("extract",))
    assert stages(told)["extract"] == (0, 6)
    assert reasons(told, "extract") == {"forced": 6}
    assert not planned(archive).works
    archive.write("new.txt", interview_of(9))
    assert [one.stage for one in planned(archive, only=("extract", "embed")).stages] == ["extract", "embed"]


def test_estimates_come_from_past_runs(archive: Archive) -> None:
    archive.run()
    for n in range(10, 20):
        archive.write(f"{n}.txt", interview_of(n))
    told = planned(archive)
    by_stage = {one.stage: one for one in told.stages}
    assert by_stage["embed"].estimated
    assert by_stage["embed"].new > 0
    assert told.beside > 0
    assert told.seconds == pytest.approx(told.beside + sum(one.seconds or 0 for one in told.stages), abs=0.2)


def test_an_estimate_parts_what_a_start_costs_from_what_each_item_costs(archive: Archive) -> None:
    archive.run()
    with State(archive.folder / "studies.state.duckdb").connection as connection:
        ((models,),) = connection.execute("SELECT models FROM runs").fetchall()
        for number, items in enumerate((10, 12, 8, 40), start=2):
            work = json.dumps({"extract": {"items": items, "seconds": 20 + 3 * items}})
            connection.execute(
                "INSERT INTO runs (run_id, status, models, work, number) VALUES (?, 'done', ?, ?, ?)",
                [f"run-{number}", models, work, number],
            )
        connection.execute("UPDATE runs SET work = NULL WHERE number = 1")
    told = {one.stage: one for one in planned(archive, force=("extract",)).stages}
    assert told["extract"].seconds == pytest.approx(20 + 3 * 6)
    assert not told["extract"].rough
    other = {one.stage: one for one in planned(archive, "extract.threshold_shift=0.1").stages}
    assert other["extract"].seconds == told["extract"].seconds
    assert other["extract"].rough


def test_a_plan_leaves_the_state_as_it_was(archive: Archive) -> None:
    archive.run()
    before = {
        table: archive.state(f"SELECT * FROM {table}")
        for table in ("sources", "waiting", "readings", "journal")
    }
    archive.write("new.txt", interview_of(9))
    (archive.inputs / "02.txt").unlink()
    planned(archive, prune=True, force=("ingest",))
    assert before == {table: archive.state(f"SELECT * FROM {table}") for table in before}


def test_names_of_stages_and_dates_are_checked() -> None:
    assert stage_names(["cluster", "ingest,extract"]) == ("ingest", "extract", "cluster")
    with pytest.raises(UsageError, match="no stage 'exctract'"):
        stage_names(["exctract"])
    assert moment("2026-03-01").day == 1
    with pytest.raises(UsageError, match="no date"):
        moment("yesterday")
