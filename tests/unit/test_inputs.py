"""What lies under the inputs, and what their surroundings say of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, NoInputError
from pipeline.inputs import Found, open_source, scan
from pipeline.inputs.open import SourceChanged


def _scan(
    *inputs: Path | str, known: dict[str, tuple[str | None, int, int]] | None = None, **options: object
):  # type: ignore[no-untyped-def]
    settings = {"run_id": "run-1", "max_bytes": 1_000_000, **options}
    return scan([str(given) for given in inputs], known or {}, **settings)  # type: ignore[arg-type]


def _context(row: tuple[object, ...]) -> dict[str, str]:
    return dict(json.loads(str(row[4])))


def test_files_of_a_folder_in_name_order_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a.vtt", ".hidden", "sub/c.srt", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    names = [Path(str(row[0])).name for row in _scan(tmp_path).rows]
    assert names == ["a.vtt", "b.txt", "c.srt"]


def test_glob_and_single_file(tmp_path: Path) -> None:
    for name in ("2023-a.txt", "2024-b.txt", "2024-c.txt"):
        (tmp_path / name).write_text(name)
    assert len(_scan(f"{tmp_path}/2024-*.txt").rows) == 2
    assert len(_scan(tmp_path / "2023-a.txt").rows) == 1


def test_nothing_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(NoInputError, match="there is no"):
        _scan(tmp_path / "absent")
    with pytest.raises(NoInputError, match="no files under"):
        _scan(tmp_path)


def test_link_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    rows = {Path(str(row[0])).name: row[5] for row in _scan(tmp_path).rows}
    assert rows == {"a.txt": "present", "dead": "refused"}


def test_too_large_and_odd_files_are_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_text("x" * 2000)
    os.mkfifo(tmp_path / "pipe")
    reasons = {Path(str(row[0])).name: row[6] for row in _scan(tmp_path, max_bytes=1000).rows}
    assert reasons == {"big.txt": "too_large", "pipe": "not_a_file"}


def test_known_hash_is_used_only_while_size_and_time_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    first = _scan(path).rows[0]
    known = {str(first[0]): ("remembered", int(first[2]), int(first[3]))}
    assert _scan(path, known=known).rows[0][1] == "remembered"
    path.write_text("three")
    assert _scan(path, known=known).rows[0][1] != "remembered"


def test_context_nearest_word_wins(tmp_path: Path) -> None:
    folder = tmp_path / "spring"
    folder.mkdir()
    for name in ("a-2024-05-01.txt", "b.txt", "c.txt"):
        (folder / name).write_text("Q: hi")
    (folder / "metadata.csv").write_text("file,study,product\nb.txt,csv study,Hob\nc.txt,csv study,Hob\n")
    (folder / "c.toml").write_text('study = "toml study"\ndate = 2024-06-01\n')
    rows = {
        Path(str(r[0])).name: _context(r)
        for r in _scan(folder, name_pattern=r"(?P<date>\d{4}-\d\d-\d\d)").rows
    }
    assert rows["a-2024-05-01.txt"] == {"folder": "spring", "date": "2024-05-01"}
    assert rows["b.txt"] == {"folder": "spring", "study": "csv study", "product": "Hob"}
    assert rows["c.txt"] == {
        "folder": "spring",
        "study": "toml study",
        "product": "Hob",
        "date": "2024-06-01",
    }
    assert set(rows) == {"a-2024-05-01.txt", "b.txt", "c.txt"}


def test_bad_name_pattern_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(ConfigError, match=r"ingest\.name_pattern"):
        _scan(tmp_path, name_pattern="(?P<x")


def test_source_that_changed_since_the_scan_is_not_read_as_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    row = _scan(path).rows[0]
    found = Found(str(row[0]), str(row[1]), str(row[4]), "mark")
    assert open_source(found).data == b"one"
    path.write_text("two")
    with pytest.raises(SourceChanged):
        open_source(found)
