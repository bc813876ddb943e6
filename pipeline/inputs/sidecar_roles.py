"""Roles that a person has fixed, kept in a file's sidecar: ``roles = "Anna=interviewer; Sam=participant;"``."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.store.manifest import replace_text

KEY = "roles"
_LINE = re.compile(r"(?m)^[ \t]*[\"']?roles[\"']?[ \t]*=.*(?:\n|\Z)", re.IGNORECASE)


def sidecar_of(file: Path) -> Path:
    """The sidecar that a file's roles are kept in: ``NAME.json`` where there is one beside it, else ``NAME.toml``."""
    stem = file.with_name(file.name.removesuffix(".gz")).with_suffix("")
    as_json = stem.with_name(stem.name + ".json")
    return as_json if as_json.is_file() and as_json != file else stem.with_name(stem.name + ".toml")


def write_roles(file: Path, roles: Mapping[str, str]) -> Path:
    """Keep the roles in the file's sidecar, all else in it as it was; gives the sidecar.

    Raises:
        UsageError: a name cannot be written there, or the sidecar cannot be read or written.
    """
    for name in roles:
        if ";" in name or "\n" in name:
            raise UsageError(
                f"a speaker's label holds '{';' if ';' in name else 'a line break'}",
                "Correct it in the file.",
            )
    path = sidecar_of(file)
    text = "".join(f"{name}={role}; " for name, role in roles.items()).strip()
    try:
        before = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        replace_text(path, _in_json(before, text) if path.suffix == ".json" else _in_toml(before, text))
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}",
            "Make the folder writable, or use ingest.participant_names.",
        ) from error
    except ValueError as error:
        raise UsageError(f"{path} is no sidecar of keys and values", "Mend or remove it.") from error
    return path


def _in_toml(before: str, roles: str) -> str:
    line = f"{KEY} = {json.dumps(roles, ensure_ascii=False)}\n"
    after = _LINE.sub(lambda _: line, before, count=1) if _LINE.search(before) else line + before
    tomllib.loads(after)  # a table of roles, or one that was broken before, must be mended by hand
    return after


def _in_json(before: str, roles: str) -> str:
    values = json.loads(before)
    if not isinstance(values, dict):
        raise ValueError("no table of keys and values")  # noqa: TRY004
    kept = {key: value for key, value in values.items() if key.lower() != KEY}
    return json.dumps(kept | {KEY: roles}, ensure_ascii=False, indent=1) + "\n"
