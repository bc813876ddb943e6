"""What themes are called, freed of words that only the forgotten said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.state.forgotten import Target
from pipeline.state.store import State

NAMELESS = "(forgotten)"
"""The title of a theme of the past of whose name nothing stays."""

_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What the forgotten said, in small letters, and the themes that they ever told of."""

    text: str
    themes: frozenset[str]

    def words(self) -> frozenset[str]:
        """The distinct words."""
        return frozenset(_WORD.findall(self.text))


def said(state: State, target: Target) -> Said:
    """What the target said; ask before it is forgotten."""
    texts = state.rows(
        "SELECT lower(text) FROM turns WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(target.transcripts)],
    )
    told = state.rows(
        "SELECT DISTINCT theme_id FROM (SELECT theme_id, statement_id FROM machine_members UNION ALL "
        "SELECT theme_id, statement_id FROM theme_moves UNION ALL SELECT theme_id, exemplar_statement_id FROM themes) "
        "t(theme_id, statement_id) WHERE theme_id IS NOT NULL AND statement_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(target.statements)],
    )
    return Said("\n".join(row[0] for row in texts), frozenset(row[0] for row in told))


class Judge:
    """Tells which words the state holds by no other's right; call it into being after the target is forgotten."""

    def __init__(self, state: State, forgotten: Said) -> None:
        self._state = state
        self._said = forgotten
        self._said_words = forgotten.words()
        kept = state.rows(
            r"SELECT DISTINCT unnest(regexp_extract_all(lower(text), '[\p{L}\p{N}]{3,}')) FROM turns"
        )
        self._kept = "\n".join(row[0] for row in kept)

    def lost(self, parts: Iterable[str], *, told: bool) -> frozenset[str]:
        """The parts of a name that only the forgotten said.

        ``told``: they told of the theme, so that a word's base form (``lose`` for ``lost``) may be theirs too.
        """
        gone: set[str] = set()
        doubtful: list[str] = []
        for part in parts:
            words = [word for word in _WORD.findall(part.lower()) if word not in self._kept]
            if any(told or word in self._said_words for word in words):
                gone.add(part)
            elif " " in part and part.lower() in self._said.text:
                doubtful.append(part)
        return frozenset(gone | self._by_nobody_else(doubtful))

    def _by_nobody_else(self, parts: list[str]) -> set[str]:
        held = self._state.rows(
            "SELECT DISTINCT p.part FROM (SELECT unnest(?::VARCHAR[]) AS part) p, turns t "
            "WHERE contains(lower(t.text), lower(p.part))",
            [parts],
        )
        return set(parts) - {row[0] for row in held}


def strip(state: State, forgotten: Said, judge: Judge) -> int:
    """Take lost words out of titles and keywords, of the past ones too; gives the number of themes touched.

    Titles that people gave stay: they are the curation file's to lose.
    """
    touched: set[str] = set()
    for theme_id, title, keywords, by in state.rows(
        "SELECT theme_id, title, keywords, titled_by FROM themes"
    ):
        told = theme_id in forgotten.themes
        lost = judge.lost([*keywords, *(_parts(title) if by == "phrases" else ())], told=told)
        if lost:
            kept = [word for word in keywords if word not in lost]
            name = title if by == "people" else _called(_parts(title), lost, kept)
            state.run("UPDATE themes SET title = ?, keywords = ? WHERE theme_id = ?", [name, kept, theme_id])
            touched.add(theme_id)
    for theme_id, title in state.rows("SELECT DISTINCT theme_id, title FROM theme_history"):
        if lost := judge.lost(_parts(title), told=theme_id in forgotten.themes):
            state.run(
                "UPDATE theme_history SET title = ? WHERE theme_id = ? AND title = ?",
                [_called(_parts(title), lost, ()), theme_id, title],
            )
            touched.add(theme_id)
    return len(touched)


def _parts(title: str) -> list[str]:
    """The phrases of a title, as they stand among the keywords."""
    parts = title.split(", ")
    return [part[:1].lower() + part[1:] if i == 0 else part for i, part in enumerate(parts) if part]


def _called(parts: list[str], lost: frozenset[str], keywords: Iterable[str]) -> str:
    """A title of what stays of it, filled up with keywords."""
    kept = [part for part in parts if part not in lost and part != NAMELESS]
    if len(kept) == len(parts):
        return ", ".join(parts)[:1].upper() + ", ".join(parts)[1:]
    name = ", ".join(list(dict.fromkeys([*kept, *keywords]))[:3])
    return name[:1].upper() + name[1:] if name else NAMELESS
