"""What stands above the talk: lines of metadata, and a legend of who is who."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.lexicon import METADATA_KEYS, WEAK_KEYS, fold, role_of, role_word
from pipeline.records import Role

_KEYED = re.compile(r"[\s>*_#-]*([^\W\d_][\w ./#-]{0,40}?)[*_\s]*:[*_]*\s+(\S.*)$")
_LEGEND = re.compile(
    r"[\s>*_-]*[\"'(]?([^\W_][\w .-]{0,20}?)[\"')]?\s*(?:=|:|-|–|—|means|is)\s*(?:the\s+)?([^=:]{2,60})$"
)
_HEADING = re.compile(r"\s*(?:#{1,6}\s|={3,}|-{3,}|\*{3,}|_{3,})")
_TITLES = 2
"""Lines of titles that may stand above a header."""
_LIMIT = 60
"""Lines of the beginning in which a header may stand."""


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata and legend above the talk, and how many lines they take."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    """Folded names that the header or the front matter announces as speakers."""
    n_lines: int = 0

    def below(self, above: Header) -> Header:
        """The header together with one that stands above several interviews; what is nearer wins."""
        return Header(
            {**above.metadata, **self.metadata},
            {**above.roles, **self.roles},
            above.names | self.names,
            self.n_lines,
        )


def read_header(lines: Sequence[str], known: Mapping[str, str]) -> Header:
    """The header of a text; ``known`` is the metadata of its front matter."""
    metadata: dict[str, str] = {}
    roles: dict[str, Role] = {}
    n_lines = n_titles = 0
    strong = False
    for place, line in enumerate(lines[:_LIMIT]):
        if not line.strip() or _HEADING.match(line):
            continue
        if legend := _legend(line):
            roles[legend[0]] = legend[1]
            strong = True
        elif entry := _entry(line, lines):
            metadata[entry[0]] = entry[1]
            strong = strong or entry[0] not in WEAK_KEYS
        elif n_lines or n_titles == _TITLES or not _may_be_title(line):
            break
        else:
            n_titles += 1
            continue
        n_lines = place + 1
    if not strong:
        return Header({}, {}, _announced(known), 0)
    return Header(metadata, roles, _announced(known) | _announced(metadata) | set(map(fold, roles)), n_lines)


def _announced(metadata: Mapping[str, str]) -> frozenset[str]:
    """The folded names that metadata gives."""
    keys = ("participant", "interviewer", "speakers")
    return frozenset(fold(part) for key in keys for part in _parts(metadata.get(key, ""))) - {""}


def _may_be_title(line: str) -> bool:
    """Whether a line above a header is a title: short, and nobody's turn."""
    return (
        ":" not in line
        and len(line.split()) <= 12
        and not line.rstrip().endswith(("?", "."))
        and not role_word(line)
    )


def _parts(value: str) -> list[str]:
    return [part.strip() for part in re.split(r",|;|/| and | & ", value) if part.strip()]


def _spoken_labels(lines: Sequence[str]) -> dict[str, int]:
    """How often each ``label:`` opens a line (folded)."""
    counts: dict[str, int] = {}
    for line in lines[:400]:
        label, colon, _ = line[:60].partition(":")
        if colon and len(label) < 45:
            folded = fold(label.strip(" *_>#-"))
            counts[folded] = counts.get(folded, 0) + 1
    return counts


def _entry(line: str, lines: Sequence[str]) -> tuple[str, str] | None:
    found = _KEYED.match(line)
    if not found:
        return None
    key, value = fold(found.group(1)), found.group(2).strip(" *_")
    if key not in METADATA_KEYS or len(value.split()) > 25:
        return None
    if role_word(key) and not _announces(key, value, lines):
        return None
    return METADATA_KEYS[key] or key.replace(" ", "_"), value


def _announces(key: str, value: str, lines: Sequence[str]) -> bool:
    """Whether ``Interviewer: Anna`` names who asks, rather than being the first turn."""
    if value.endswith(("?", "!", ".")) or len(value.split()) > 8:
        return False
    spoken = _spoken_labels(lines)
    parts = _parts(value)
    if any(spoken.get(fold(part), 0) > 1 for part in parts):
        return True
    return spoken.get(key, 0) <= 1


def _legend(line: str) -> tuple[str, Role] | None:
    found = _LEGEND.match(line)
    if not found:
        return None
    label, meaning = found.group(1).strip(), found.group(2).strip(" .;,*_")
    if fold(label) in METADATA_KEYS or len(label.split()) > 2:
        return None
    parts = (meaning, *re.split(r"[,;()/]", meaning))
    role = next((role for part in parts if (role := role_of(part.strip()))), None)
    return (label, role) if role else None
