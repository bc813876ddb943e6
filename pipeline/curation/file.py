"""The curation file: where it lies, and entries put into it without touching what people wrote around them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.naming import beside
from pipeline.store import replace_text

NAME = "themes.toml"
HEADER = "# What people decided about themes; applied by every run after the machine. See docs/themes.md.\n"
DECIDES = {"rename": "theme", "pin": "statement", "split": "theme", "retire": "theme", "merge": "theme"}
"""Kind of entry -> the field that it decides on; a new entry takes the place of an earlier one on the same."""


def curation_path(settings: Settings, published: Path) -> Path:
    """The file that ``cluster.curation`` names; else the one beside the published file, see ``naming.beside``."""
    named = settings.cluster.curation
    return Path(named) if named else beside(published, NAME)


def curated(settings: Settings, published: Path) -> Settings:
    """The settings with the curation file that lies beside the published file, where there is one and none is named."""
    path = curation_path(settings, published)
    if settings.cluster.curation or not path.is_file():
        return settings
    return settings.model_copy(
        update={"cluster": settings.cluster.model_copy(update={"curation": str(path)})}
    )


def with_entry(text: str, kind: str, fields: Mapping[str, str]) -> str:
    """The text of a curation file with one more entry, in place of an earlier one of its kind on the same thing."""
    head, *blocks = _blocks(text or HEADER)
    about = fields[DECIDES[kind]]
    kept = [block for block in blocks if not _is_about(block, kind, about)]
    parts = [part.rstrip() for part in (head, *kept) if part.strip()]
    return "\n\n".join([*parts, _entry(kind, fields)]) + "\n"


def without(text: str, statements: Collection[str], is_lost: Callable[[str], bool]) -> tuple[str, int]:
    """The text of a curation file without what it says of forgotten statements or in their words; and how much went.

    A pin of such a statement goes, and a title in lost words; of a retirement in such words the reason goes alone.
    """
    head, *blocks = _blocks(text)
    kept = [head]
    for block in blocks:
        [(kind, [entry])] = tomllib.loads(block).items()
        if is_lost(str(entry.get("reason", ""))):
            del entry["reason"]
            kept.append(_entry(kind, entry) + "\n\n")
        elif entry.get("statement") not in statements and not is_lost(str(entry.get("title", ""))):
            kept.append(block)
    gone = sum(one not in kept for one in blocks)
    return ("".join(kept).rstrip() + "\n", gone) if gone else (text, 0)


def _blocks(text: str) -> list[str]:
    """What stands before the first entry, then each entry with the lines up to the next."""
    return re.split(r"(?m)^(?=\[\[)", text)


def _entry(kind: str, fields: Mapping[str, str]) -> str:
    return "\n".join([f"[[{kind}]]", *(f"{key} = {_quoted(value)}" for key, value in fields.items())])


def read_text(path: Path) -> str:
    """What the file says now; nothing where there is none.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the curation file {path}: {type(error).__name__}") from error


def write_text(path: Path, text: str) -> None:
    """Replace the file as a whole.

    Raises:
        ConfigError: it cannot be written; the old one stands.
    """
    try:
        replace_text(path, text)
    except OSError as error:
        raise ConfigError(
            f"cannot write the curation file {path}: {error.strerror}", "Check the folder's permissions."
        ) from error


def _is_about(block: str, kind: str, about: str) -> bool:
    if not block.startswith(f"[[{kind}]]"):
        return False
    [entry] = tomllib.loads(block)[kind]
    return bool(entry.get(DECIDES[kind]) == about)


def _quoted(value: str) -> str:
    """A TOML string: JSON's escapes are among TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
