"""Writes what is derived from the code: configs/default.toml and docs/tables.md. ``--check`` only compares."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from pipeline.config import Settings
from pipeline.store.tables import TABLES, VIEWS

ROOT = Path(__file__).parent.parent


def default_toml() -> str:
    """Every setting with its meaning and default."""
    lines = ["# Every setting with its default. Made from pipeline/config.py by `make generate`.", ""]
    for section, values in Settings().model_dump(mode="json").items():
        lines.append(f"[{section}]")
        fields = type(getattr(Settings(), section)).model_fields
        for name, value in values.items():
            speed = isinstance(extra := fields[name].json_schema_extra, dict) and extra.get("speed")
            lines.append(f"# {fields[name].description}{' (changes no result)' if speed else ''}")
            lines.append(f"{name} = {_toml(value)}")
        lines.append("")
    text = "\n".join(lines)
    assert Settings.model_validate(tomllib.loads(text)) == Settings()
    return text


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
            if value
            else "{}"
        )
    return json.dumps(value, ensure_ascii=False)


def tables_md() -> str:
    """The public tables and views."""
    lines = [
        "# Tables and views",
        "",
        "What `whyswitch run` publishes. Names and columns are a contract: they are added to, never renamed.",
        "The same texts stand as comments in the file itself",
        "(`SELECT table_name, column_name, comment FROM duckdb_columns()`).",
        "Made from `pipeline/store/` (tables.py, story.py and their neighbours) by `make generate`.",
    ]
    for table in TABLES:
        lines += [
            "",
            f"## {table.name}",
            "",
            table.comment,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        lines += [f"| {c.name} | {c.type} | {c.comment} |" for c in table.columns]
    for view in VIEWS:
        lines += ["", f"## {view.name} (view)", "", view.comment, "", "| column | meaning |", "|---|---|"]
        lines += [f"| {name} | {comment} |" for name, comment in view.columns]
    return "\n".join(lines) + "\n"


FILES = {"configs/default.toml": default_toml, "docs/tables.md": tables_md}


def main() -> int:
    """Write the files, or say which are not current."""
    stale = []
    for name, make in FILES.items():
        path, text = ROOT / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if stale:
        sys.stdout.write(f"{'not current' if '--check' in sys.argv else 'wrote'}: {', '.join(stale)}\n")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
