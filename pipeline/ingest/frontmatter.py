"""What a file says of itself in a YAML block at its top."""

from __future__ import annotations

import itertools
import re
from typing import Any

import yaml

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_INNER = re.compile(r"\n---[ \t]*\n(?:[A-Za-z_][\w -]{0,40}:[^\n]*\n){1,40}---[ \t]*(?=\n|\Z)")
"""A block of front matter further down, with its lines of keys."""
_LIMIT = 20_000
"""Characters of front matter; more is no front matter."""


def split(text: str) -> tuple[dict[str, str], str]:
    """The metadata and the text after it; a block that is no mapping stays in the text."""
    if not text[:64].lstrip().startswith("---"):
        return {}, text
    found = _BLOCK.match(text, 0, min(len(text), _LIMIT))
    if not found:
        return {}, text
    try:
        values = yaml.load(found.group(1), Loader=_PlainLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(values, dict):
        return {}, text
    return {
        str(key).strip().lower(): flat for key, value in values.items() if (flat := flatten(value))
    }, text[found.end() :]


def parts(text: str) -> list[str]:
    """The text cut before each of its blocks of front matter, where it holds several; else as a whole."""
    if not text[:64].lstrip().startswith("---") or text.count("\n---") < 3:
        return [text]
    starts = [0]
    first = _BLOCK.match(text, 0, min(len(text), _LIMIT))
    found = _INNER.search(text, first.end()) if first else None
    while found:
        starts.append(found.start() + 1)
        found = _INNER.search(text, found.end())
    return [
        text[begin:end] for begin, end in itertools.pairwise([*starts, len(text)]) if text[begin:end].strip()
    ]


def flatten(value: Any) -> str:
    """A metadata value as one line of text: lists joined by commas, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(part for part in (flatten(item) for item in value) if part)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {flatten(item)}" for key, item in value.items())
    return " ".join(str(value).split())


class _PlainLoader(yaml.SafeLoader):
    """A YAML loader without aliases (no bombs) that leaves every scalar as its text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {}
