"""``whyswitch inspect`` and ``whyswitch roles``: what is read of a file, and roles that a person fixes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from pipeline.config import Settings, load_settings
from pipeline.errors import UsageError
from pipeline.inspection import inspect
from pipeline.role_fixing import fix_roles, voices
from tests.functional.conftest import Archive, CommandLine

TALK = (
    "1\n00:00:01,000 --> 00:00:04,000\nSpeaker 1: We had the van for years and the book got lost.\n\n"
    "2\n00:00:05,000 --> 00:00:07,000\nSpeaker 2: The book was mine, and I was sick of it.\n\n"
    "3\n00:00:08,000 --> 00:00:11,500\nSpeaker 1: My sister had the app by then.\n"
)
SETTINGS = Settings()


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Captions of two of whom nobody can tell who asks."""
    path = tmp_path / "interviews" / "van.srt"
    path.parent.mkdir()
    path.write_text(TALK)
    return path


def roles_of(path: Path) -> dict[str, str]:
    return {one.speaker.name: one.speaker.role for one in voices(str(path), SETTINGS)}


def test_inspect_shows_what_is_read(whyswitch: CommandLine, talk: Path) -> None:
    (talk.parent / "van.toml").write_text('study = "Vans"\n')
    done = whyswitch("inspect", "interviews/van.srt", "--turns", "1")
    assert done.returncode == 0
    said = done.stdout.splitlines()
    assert said[0] == "file      interviews/van.srt"
    assert {"dialect   srt", "turns     3, 28 words, 3 with a time", "length    0:00:11"} <= set(said)
    assert "metadata  study: Vans" in said
    assert sum(line.startswith("speaker   Speaker ") for line in said) == 2
    assert "  0:00:01  Speaker 1: We had the van for years and the book got lost." in said
    assert "sick of it" not in done.stdout


def test_inspect_tells_why_a_file_is_rejected_and_replaces_persons_when_asked(
    whyswitch: CommandLine, talk: Path
) -> None:
    (talk.parent / "empty.txt").write_text("")
    talk.write_text(TALK.replace("My sister", "Guinevere, my sister,"))
    done = whyswitch("inspect", "interviews", "--set", "privacy.mode=mask")
    assert done.returncode == 3
    assert "rejected (empty): the file holds nothing" in done.stdout
    assert "[name], my sister, had the app" in done.stdout
    assert "Guinevere" not in done.stdout
    assert sorted(path.name for path in talk.parents[1].iterdir()) == ["interviews"]


def test_inspect_looks_into_archives(talk: Path) -> None:
    with zipfile.ZipFile(talk.parent / "more.zip", "w") as packed:
        packed.writestr("a/one.srt", TALK)
        packed.writestr("two.txt", "I: Why?\nP: The pan broke.\n")
    found = {one.source.rpartition("interviews/")[2]: one for one in inspect([str(talk.parent)], SETTINGS)}
    assert sorted(found) == ["more.zip!a/one.srt", "more.zip!two.txt", "van.srt"]
    assert all(one.packed is (name != "van.srt") for name, one in found.items())


def test_a_role_is_fixed_once_and_for_all(whyswitch: CommandLine, talk: Path) -> None:
    done = whyswitch(
        "roles", "interviews/van.srt", "--interviewer", "speaker  2", "--participant", "Speaker 1"
    )
    assert done.returncode == 0, done.stderr
    assert "fixed in" in done.stdout
    assert "please review" not in done.stdout
    assert roles_of(talk) == {"Speaker 1": "participant", "Speaker 2": "interviewer"}
    talk.with_suffix(".toml").write_text('roles = "Speaker 1=interviewer; Speaker 2=participant"\n')
    assert roles_of(talk) == {"Speaker 1": "interviewer", "Speaker 2": "participant"}


def test_what_else_the_sidecar_says_stays(talk: Path) -> None:
    side = talk.with_suffix(".toml")
    side.write_text('# by hand\nstudy = "Vans"\nroles = "Speaker 1=other"\nproduct = "Book"\n')
    fix_roles(str(talk), {"Speaker 2": "participant"}, SETTINGS)
    assert side.read_text() == (
        '# by hand\nstudy = "Vans"\nroles = "Speaker 1=other; Speaker 2=participant;"\nproduct = "Book"\n'
    )
    assert roles_of(talk) == {"Speaker 1": "other", "Speaker 2": "participant"}


def test_a_table_of_roles_is_mended_by_hand(talk: Path) -> None:
    side = talk.with_suffix(".toml")
    side.write_text('[roles]\n"Speaker 1" = "other"\n')
    assert roles_of(talk)["Speaker 1"] == "other"
    with pytest.raises(UsageError, match="no sidecar of keys and values"):
        fix_roles(str(talk), {"Speaker 2": "participant"}, SETTINGS)
    assert side.read_text() == '[roles]\n"Speaker 1" = "other"\n'


def test_a_json_sidecar_is_kept_as_one(talk: Path) -> None:
    side = talk.with_suffix(".json")
    side.write_text('{"study": "Vans"}')
    assert fix_roles(str(talk), {"Speaker 2": "interviewer", "Speaker 1": "participant"}, SETTINGS) == side
    assert json.loads(side.read_text())["study"] == "Vans"
    assert roles_of(talk) == {"Speaker 1": "participant", "Speaker 2": "interviewer"}


def test_names_with_commas_and_accents(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(
        "Núñez, Ana: The pan broke and I was sick of it.\n\nO'Hara, Bo: Then what happened?\n" * 3
    )
    names = list(roles_of(path))
    assert names == ["Núñez, Ana", "O'Hara, Bo"]
    fix_roles(str(path), {names[0]: "interviewer", names[1]: "participant"}, SETTINGS)
    assert roles_of(path) == {names[0]: "interviewer", names[1]: "participant"}


def test_wrong_use_is_told(talk: Path) -> None:
    with pytest.raises(UsageError, match="no speaker 'Dana'"):
        fix_roles(str(talk), {"Dana": "participant"}, SETTINGS)
    with pytest.raises(UsageError, match="nobody would be left"):
        fix_roles(str(talk), {"Speaker 1": "other", "Speaker 2": "interviewer"}, SETTINGS)
    with zipfile.ZipFile(talk.parent / "more.zip", "w") as packed:
        packed.writestr("one.srt", TALK)
        packed.writestr("two.srt", TALK + "\n")
    with pytest.raises(UsageError, match="holds 2 files"):
        voices(str(talk.parent / "more.zip"), SETTINGS)


def test_the_next_run_goes_by_it(archive: Archive) -> None:
    archive.run()
    fix_roles(
        str(archive.inputs / "00.txt"), {"Interviewer": "participant", "Person0": "interviewer"}, SETTINGS
    )
    archive.run()
    assert archive.did["ingest"] == 1
    found = archive.rows("SELECT speaker, role, basis FROM speakers JOIN transcripts USING (transcript_id) "
                         "WHERE source LIKE '%00.txt' ORDER BY 1")  # fmt: skip
    assert found == [
        ("Interviewer", "participant", "stated by a person"),
        ("Person0", "interviewer", "stated by a person"),
    ]
    assert load_settings() == SETTINGS
