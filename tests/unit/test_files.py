"""Where the files around a published one lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files import key_path, shadow_path


@pytest.mark.parametrize(
    ("published", "key"),
    [
        ("studies.duckdb", "studies.state.key"),
        ("studies.shadow.duckdb", "studies.state.key"),
        ("eye.shadows.duckdb", "eye.shadows.state.key"),
        ("a.shadow.b.duckdb", "a.shadow.b.state.key"),
        ("a.shadow.b.shadow.duckdb", "a.shadow.b.state.key"),
    ],
)
def test_a_file_and_its_shadow_have_one_key(published: str, key: str) -> None:
    assert key_path(Path("x") / published) == Path("x") / key


def test_shadows_of_files_named_alike_have_keys_of_their_own() -> None:
    names = [Path(name) for name in ("eyes.duckdb", "eye.shadows.duckdb")]
    assert len({key_path(shadow_path(name)) for name in names}) == len(names)
