"""What is done again, what is kept and what is dropped when inputs, settings or rules change."""

from __future__ import annotations

import gzip
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.resources import checked, folder_hash
from tests.functional.conftest import RULE, Archive, Hooked, content, interview_of


def sources(archive: Archive, where: str = "true") -> set[object]:
    return {row[0] for row in archive.rows(f"SELECT source FROM transcripts WHERE {where}")}


def test_a_second_run_does_nothing(archive: Archive) -> None:
    assert archive.run().worked
    before = archive.db.stat()
    assert not archive.run().worked
    assert archive.did == {}
    assert archive.db.stat() == before


def test_a_renamed_file_costs_no_work_and_has_its_new_name(archive: Archive) -> None:
    archive.run()
    (archive.inputs / "00.txt").rename(archive.inputs / "zz.txt")
    summary = archive.run()
    assert archive.did == {}
    assert archive.heard.of("scan") == [{"changes": {"renamed": 1}}]
    assert "interviews/zz.txt" in sources(archive, "NOT missing")
    assert "interviews/00.txt" not in sources(archive)
    assert summary.counts["rejects"] == 0


def test_a_folder_that_was_moved_is_known_where_it_is_given_by_its_new_name(archive: Archive) -> None:
    archive.run()
    archive.inputs = archive.inputs.rename(archive.folder / "years")
    summary = archive.run()
    assert archive.did == {"ingest": 6}  # a folder may name the study; what was extracted stays
    assert archive.heard.of("scan") == [{"changes": {"renamed": 6}}]
    assert sources(archive) == {f"years/{n:02}.txt" for n in range(6)}
    assert (summary.counts["interviews"], summary.counts["rejects"]) == (6, 0)


def test_a_copy_elsewhere_is_a_duplicate_of_what_is_still_there(archive: Archive) -> None:
    archive.run()
    shutil.copytree(archive.inputs, archive.folder / "copies")
    summary = archive.run(given=str(archive.folder / "copies"))
    assert archive.heard.of("scan") == [{"changes": {"copied": 6}}]
    assert archive.rows("SELECT count(*) FROM rejects WHERE reason = 'duplicate'") == [(6,)]
    assert summary.counts["interviews"] == 6


def test_a_changed_file_replaces_its_interview_and_nothing_of_the_old_stays(archive: Archive) -> None:
    archive.run()
    archive.write("00.txt", interview_of(0).replace("vans", "lorries"))
    archive.run()
    assert archive.did["ingest"] == archive.did["extract"] == 1
    assert archive.rows("SELECT count(*) FROM turns WHERE text LIKE '%0 vans%'") == [(0,)]
    assert len(sources(archive)) == 6
    assert archive.rows("SELECT count(*) FROM vectors v ANTI JOIN statements s USING (text_hash)") == [(0,)]
    assert archive.state("SELECT count(*) FROM statements ANTI JOIN transcripts USING (transcript_id)") == [
        (0,)
    ]


def test_a_removed_file_is_kept_as_missing_and_comes_back_without_work(archive: Archive) -> None:
    archive.run()
    before = content(archive.db)
    path = archive.inputs / "03.txt"
    text = path.read_text()
    path.unlink()
    archive.run()
    assert sources(archive, "missing") == {"interviews/03.txt"}
    assert archive.did == {}
    path.write_text(text)
    archive.run()
    assert archive.did == {}
    assert content(archive.db) == before


def test_prune_drops_what_vanished(archive: Archive) -> None:
    archive.run()
    (archive.inputs / "03.txt").unlink()
    archive.run()
    archive.run(prune=True)
    assert sources(archive) == {f"interviews/{n:02}.txt" for n in (0, 1, 2, 4, 5)}
    assert archive.state("SELECT count(*) FROM turns ANTI JOIN transcripts USING (transcript_id)") == [(0,)]


def test_prune_does_not_empty_an_archive_whose_folder_is_not_mounted(archive: Archive) -> None:
    archive.run()
    for n in range(5):
        (archive.inputs / f"{n:02}.txt").unlink()
    with pytest.raises(UsageError, match="would drop 5 of 6"):
        archive.run(prune=True)
    assert archive.state("SELECT count(*) FROM transcripts") == [(6,)]


def test_vanished_is_noticed_under_a_glob_too(archive: Archive) -> None:
    archive.run(given=str(archive.inputs / "*.txt"))
    (archive.inputs / "03.txt").unlink()
    archive.run(given=str(archive.inputs / "*.txt"))
    assert sources(archive, "missing") == {"interviews/03.txt"}


def test_other_inputs_leave_earlier_ones_alone(archive: Archive) -> None:
    archive.run()
    archive.write("../more/a.txt", interview_of(9))
    archive.run(given=str(archive.folder / "more"))
    assert len(sources(archive, "NOT missing")) == 7


def test_two_files_with_one_content_are_one_interview(archive: Archive) -> None:
    shutil.copy(archive.inputs / "00.txt", archive.inputs / "copy.txt")
    archive.run()
    assert archive.rows("SELECT source, reason FROM rejects") == [("interviews/copy.txt", "duplicate")]
    (archive.inputs / "00.txt").unlink()
    archive.run()
    assert archive.did == {}
    assert archive.rows("SELECT * FROM rejects") == []
    assert "interviews/copy.txt" in sources(archive, "NOT missing")
    assert len(sources(archive)) == 6


def test_a_rejected_file_that_is_deleted_is_no_longer_told(archive: Archive) -> None:
    path = archive.write("empty.txt", "")
    assert archive.run().counts["rejects"] == 1
    assert archive.run().counts["rejects"] == 1
    assert archive.did == {}
    path.unlink()
    assert archive.run().counts["rejects"] == 0
    assert archive.rows("SELECT * FROM rejects") == []


def test_metadata_beside_a_file_reads_that_file_again(archive: Archive) -> None:
    archive.run()
    archive.write("02.toml", 'study = "Spring"')
    archive.run()
    assert archive.did["ingest"] == 1
    assert archive.rows("SELECT source FROM transcripts WHERE study = 'Spring'") == [("interviews/02.txt",)]


def test_a_theme_setting_groups_anew_and_nothing_else(archive: Archive) -> None:
    archive.run()
    archive.run("cluster.min_participants=3")
    assert set(archive.did) == {"cluster"}


def test_a_changed_rule_file_extracts_anew_but_reads_nothing(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(RULE)
    setting = f"extract.rules={folder}"
    archive.run(setting)
    (folder / "mine.toml").write_text(RULE.replace("0.9", "0.8"))
    folder_hash.cache_clear()
    archive.run(setting)
    assert archive.did["extract"] == 6
    assert "ingest" not in archive.did


def test_limits_of_the_scan_re_read_nothing_else(archive: Archive) -> None:
    archive.write("long.txt", interview_of(7) * 60)
    assert archive.run("ingest.max_bytes=5000").counts["rejects"] == 1
    assert archive.run().counts["rejects"] == 0
    assert archive.did["ingest"] == 1


def test_speed_settings_change_nothing(archive: Archive) -> None:
    archive.run()
    assert not archive.run("run.batch_files=1", "run.batch_texts=2", "run.memory_limit=1GB").worked


def test_same_rows_for_any_batch_size(archive: Archive, tmp_path: Path) -> None:
    archive.run()
    other = Archive(tmp_path / "other", 6)
    other.run("run.batch_files=1", "run.batch_texts=1")
    assert content(other.db) == content(archive.db)


@pytest.mark.parametrize(("workers", "batches"), [(1, 1), (2, 8), (8, 15)])
def test_a_few_files_are_work_for_every_worker(tmp_path: Path, workers: int, batches: int) -> None:
    archive = Archive(tmp_path, 15)
    seen: Counter[str] = Counter()
    archive.run(f"run.workers={workers}", engine=Hooked(lambda stage, _: seen.update([stage])))
    assert seen["ingest"] == seen["extract"] == batches
    assert seen["embed"] == 1, "so few texts are not worth another worker's load of an encoder"


# -- a file that cannot be read -------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_tonight_is_kept_and_read_again_tomorrow(archive: Archive) -> None:
    archive.run()
    before = content(archive.db)
    path = archive.inputs / "01.txt"
    text = path.read_text()
    path.unlink()
    path.symlink_to("nowhere")
    summary = archive.run()
    assert sources(archive, "missing") == {"interviews/01.txt"}
    assert summary.counts["rejects"] == 0
    path.unlink()
    path.write_text(text)
    archive.run()
    assert archive.did == {}
    assert content(archive.db) == before


def test_a_rejected_file_that_cannot_be_read_tonight_still_counts_once(archive: Archive) -> None:
    path = archive.write("questions.txt", "Interviewer: What happened?\n\nInterviewer: And then?\n")
    assert archive.run().counts["inputs"] == 7
    path.unlink()
    path.symlink_to("nowhere")
    archive.write("06.txt", interview_of(6))
    summary = archive.run()
    assert (summary.counts["inputs"], summary.counts["interviews"], summary.counts["rejects"]) == (8, 7, 1)
    assert len(sources(archive)) == 7


def test_a_file_that_vanishes_between_scan_and_reading_is_taken_up_by_the_next_run(archive: Archive) -> None:
    path = archive.inputs / "01.txt"
    text = path.read_text()

    def vanish(stage: str, batch: Sequence[Any]) -> None:
        if stage == "ingest":
            path.unlink(missing_ok=True)

    archive.run(engine=Hooked(vanish))
    assert archive.rows("SELECT source, stage, reason FROM rejects") == [
        ("interviews/01.txt", "scan", "unreadable")
    ]
    path.write_text(text)
    assert archive.run().counts["rejects"] == 0
    assert len(sources(archive)) == 6


def test_a_file_that_changes_while_it_is_read_keeps_its_old_interview(archive: Archive) -> None:
    archive.run()
    path = archive.write("01.txt", interview_of(1).replace("vans", "lorries"))

    def change(stage: str, batch: Sequence[Any]) -> None:
        if stage == "ingest":
            path.write_text(interview_of(1).replace("vans", "boats"))

    archive.run(engine=Hooked(change))
    assert archive.rows("SELECT count(*) FROM turns WHERE text LIKE '%1 vans%'") == [(1,)]
    archive.run()
    assert archive.rows("SELECT count(*) FROM turns WHERE text LIKE '%1 boats%'") == [(1,)]
    assert len(sources(archive, "NOT missing")) == 6


# -- a part of the work ---------------------------------------------------------------------------------------


def test_limit_reads_so_many_new_ones_and_publishes_them(archive: Archive) -> None:
    archive.run(limit=2)
    assert len(sources(archive)) == 2
    archive.run(limit=3)
    assert archive.did["ingest"] == 3
    archive.run()
    assert archive.did["ingest"] == 1
    assert len(sources(archive)) == 6


def test_since_reads_the_new_ones_that_changed_lately(archive: Archive) -> None:
    old = (datetime.now() - timedelta(days=9)).timestamp()
    for n in range(4):
        os.utime(archive.inputs / f"{n:02}.txt", (old, old))
    archive.run(since=datetime.now().astimezone() - timedelta(days=2))
    assert sources(archive) == {"interviews/04.txt", "interviews/05.txt"}


def test_half_a_change_is_not_published(archive: Archive) -> None:
    archive.run()
    before = archive.db.stat()
    archive.write("new.txt", interview_of(7))
    assert archive.run("extract.threshold_shift=0.01", only=("ingest",)).waiting == {"extract": 7}
    assert archive.heard.of("publish_skipped")[0]["waiting"] == {"extract": 7}
    assert archive.db.stat() == before
    archive.run("extract.threshold_shift=0.01")
    assert len(sources(archive)) == 7


def test_themes_alone_need_whole_vectors(archive: Archive) -> None:
    archive.run(only=("ingest", "extract"))
    with pytest.raises(UsageError, match="need the vectors"):
        archive.run(only=("cluster",))


@pytest.mark.parametrize("stage", ["ingest", "extract", "embed", "cluster"])
def test_force_does_a_stage_anew_and_gives_the_same_rows(archive: Archive, stage: str) -> None:
    archive.run()
    before = content(archive.db)
    summary = archive.run(force=(stage,))
    assert archive.did[stage]
    assert archive.rows("SELECT run_id FROM runs ORDER BY run_number DESC LIMIT 1") == [(summary.run_id,)]
    archive.run("run.batch_files=2")
    assert archive.did == {}
    assert archive.heard.of("publish") == []
    after = content(archive.db)
    assert {name: after[name] for name in after if name != "theme_lineage"} == {
        name: before[name] for name in before if name != "theme_lineage"
    }


def test_forced_themes_of_a_grown_archive_are_published(archive: Archive) -> None:
    archive.run()
    archive.write("06.txt", interview_of(6))
    archive.run()
    grown = archive.rows("SELECT * EXCLUDE run_id FROM theme_members ORDER BY ALL")
    summary = archive.run(force=("cluster",))
    assert archive.did == {"cluster": archive.did["cluster"]}
    assert archive.rows("SELECT run_id FROM runs ORDER BY run_number DESC LIMIT 1") == [(summary.run_id,)]
    published = archive.rows("SELECT * EXCLUDE run_id FROM theme_members ORDER BY ALL")
    assert published == archive.state("FROM theme_members ORDER BY ALL")
    assert published != grown, "a fit over all is to differ from one that grew, or this proves nothing"


def test_a_theme_whose_exemplar_is_gone_shows_another_member(archive: Archive) -> None:
    archive.run("cluster.refit=never")
    ((theme, source),) = archive.rows(
        "SELECT h.theme_id, s.source FROM themes h JOIN statements s ON s.statement_id = h.exemplar_statement_id "
        "ORDER BY h.n_statements DESC, h.theme_id LIMIT 1"
    )
    name = str(source).rpartition("/")[2]
    archive.write(name, interview_of(int(name[:2])).replace("vans", "lorries"))
    archive.run("cluster.refit=never")
    ((kept, exemplar),) = archive.state(
        f"SELECT statement_id IS NOT NULL, exemplar_statement_id FROM themes LEFT JOIN statements "
        f"ON statement_id = exemplar_statement_id WHERE themes.theme_id = '{theme}'"
    )
    assert not kept, f"{exemplar} is to be gone, or this proves nothing"
    assert archive.rows(
        f"SELECT m.statement_id IS NOT NULL, t.exemplar IS NOT NULL FROM themes h JOIN top_themes t USING (theme_id) "
        "LEFT JOIN theme_members m ON m.statement_id = h.exemplar_statement_id AND m.theme_id = h.theme_id "
        f"WHERE h.theme_id = '{theme}'"
    ) == [(True, True)]


# -- a new embedding model ------------------------------------------------------------------------------------


def test_a_half_done_change_of_model_is_never_published(archive: Archive, tmp_path: Path) -> None:
    archive.run()
    before = archive.db.stat()
    folder = tmp_path / "another-model"
    shutil.copytree(checked("minilm"), folder)
    (folder / "NOTE").write_text("makes it another model")
    batches = 0

    def stop(stage: str, batch: Sequence[Any]) -> None:
        nonlocal batches
        batches += stage == "embed"
        if batches == 3:
            raise KeyboardInterrupt

    settings = (f"embed.model={folder}", "run.batch_texts=1")
    with pytest.raises(KeyboardInterrupt):
        archive.run(*settings, engine=Hooked(stop))
    assert archive.db.stat() == before
    assert len(archive.state("SELECT DISTINCT recipe FROM vectors")) == 2
    summary = archive.run(*settings)
    assert len(archive.state("SELECT DISTINCT recipe FROM vectors")) == 1
    models = archive.rows("SELECT DISTINCT model FROM vectors")
    assert len(models) == 1
    assert str(models[0][0]).startswith("another-model:")
    assert summary.work["embed"]["items"] == archive.state("SELECT count(*) FROM vectors")[0][0] - 2  # type: ignore[operator]


# -- archives and URLs ----------------------------------------------------------------------------------------


def test_interviews_in_archives(archive: Archive) -> None:
    with zipfile.ZipFile(archive.inputs / "spring.zip", "w") as packed:
        for n in (10, 11):
            packed.writestr(f"{n}.txt", interview_of(n))
        packed.writestr("metadata.csv", "file,study\n10.txt,Spring\n")
    (archive.inputs / "12.txt.gz").write_bytes(gzip.compress(interview_of(12).encode()))
    archive.run()
    packed_names = {"interviews/12.txt.gz", "interviews/spring.zip!10.txt", "interviews/spring.zip!11.txt"}
    assert packed_names <= sources(archive)
    assert archive.rows("SELECT source FROM transcripts WHERE study = 'Spring'") == [
        ("interviews/spring.zip!10.txt",)
    ]
    archive.run()
    assert archive.did == {}
    with zipfile.ZipFile(archive.inputs / "spring.zip", "w") as packed:
        packed.writestr("10.txt", interview_of(10))
    archive.run()
    assert sources(archive, "missing") == {"interviews/spring.zip!11.txt"}


def test_inputs_by_url(archive: Archive) -> None:
    archive.run(given=archive.inputs.as_uri())
    assert f"{archive.inputs.as_uri()}/00.txt" in sources(archive)
    (archive.inputs / "03.txt").unlink()
    archive.run(given=archive.inputs.as_uri())
    assert sources(archive, "missing") == {f"{archive.inputs.as_uri()}/03.txt"}


def test_a_run_over_its_own_folder_reads_none_of_its_own_files(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run(given=str(archive.folder))
    archive.run("publish.keep=2", "notify.summaries=runs", "notify.metrics=x.prom", given=str(archive.folder))
    archive.write("new.txt", interview_of(8))
    for _ in range(2):
        settings = ("publish.keep=2", "notify.summaries=runs", "notify.metrics=x.prom")
        summary = archive.run(*settings, given=str(archive.folder))
    assert summary.counts["rejects"] == 0
    assert len(sources(archive)) == 7
