"""What people write in place of a name: role words, labels of tools, keys of headers (words.toml)."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pipeline.records import Role

RoleWord = Literal["interviewer", "participant", "other", "unknown"]

WORDS_FILE = Path(__file__).with_name("words.toml")
NAME_FILES = tuple(
    Path(__file__).with_name("privacy") / "words" / name for name in ("given.txt", "given_words.txt")
)
_WORDS: dict[str, Any] = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))

NOT_NAMES = frozenset(_WORDS["labels"]["not_names"])
"""Words before a colon that are no speaker."""
PARTICLES = frozenset(_WORDS["labels"]["particles"])
"""Words of a name that are written small."""
INTERPRETER = frozenset({"interpreter", "translator"})
SMALL_ENGLISH = frozenset(_WORDS["english"]["small"])
"""Small words of English speech that the languages next to it do not share."""
COLUMNS: dict[str, frozenset[str]] = {kind: frozenset(names) for kind, names in _WORDS["columns"].items()}
"""Headings of a table's columns by what they hold."""
METADATA_KEYS: dict[str, str] = {
    key: "" if name in ("own", "beside") else name
    for name, keys in _WORDS["metadata"].items()
    for key in keys
}
"""Keys of a header above the talk, and the name each is kept under ('' = its own)."""

WEAK_KEYS = frozenset(_WORDS["metadata"]["beside"])
"""Keys that may as well be words of the talk."""

_ROLES: tuple[RoleWord, ...] = ("unknown", "other", "participant", "interviewer")
_ROLE_OF: dict[str, RoleWord] = {word: role for role in _ROLES for word in _WORDS["roles"][role]}
_HOSTS = frozenset(_WORDS["roles"]["hosts"])
_PHRASES: dict[str, RoleWord] = _WORDS["roles"]["phrases"]
_QUALIFIERS = frozenset(_WORDS["roles"]["qualifiers"])
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|\?+")
_GENERIC = re.compile(
    r"(?:speakers?|spk|spkr|participants?|respondents?|interviewees?|informants?|guests?|customers?|users?|"
    r"clients?|subjects?|(?:unknown|unidentified)(?: speaker)?|answers?|channels?|ch|persons?|voices?|"
    r"callers?|agents?|consumers?|buyers?|patients?|males?|females?|man|woman|sprecher(?:in)?|locuteur|hablante)?"
    r"[ _#.-]*(?:[a-z]|[a-z]{1,3}[ _-]?\d+|\d+[a-z]?)?",
)


@functools.lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name without case, trailing dots and spare spaces."""
    return " ".join(name.casefold().replace("\u2019", "'").split()).strip(" .:")


@functools.cache
def given_names() -> frozenset[str]:
    """People's given names in small letters, read when one is first asked for."""
    lines = (line for file in NAME_FILES for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


@functools.lru_cache(maxsize=4096)
def is_generic(name: str) -> bool:
    """Whether a name could stand for anybody (``Speaker 2``, ``P07``, ``B``, ``spk_0``, ``Participant``)."""
    return bool(_GENERIC.fullmatch(fold(name))) or role_word(name) is not None


@functools.lru_cache(maxsize=4096)
def role_word(name: str) -> RoleWord | None:
    """``interviewer``, ``participant``, ``other`` or ``unknown`` where the label says so, else None."""
    words = _WORD.findall(fold(name))
    if len(words) > 1 and (words[-1].isdigit() or len(words[-1]) == 1):
        words.pop()
    if not words or len(words) > 4:
        return None
    meant = [word for word in words if word not in _QUALIFIERS] or words[-1:]
    if len(meant) > 1:
        return _PHRASES.get(" ".join(meant))
    return _ROLE_OF.get(meant[0])


def is_host(name: str) -> bool:
    """Whether the label is one of those who ask and may as well tell: ``Host``, ``Co-host 2``, ``Presenter``."""
    return role_word(name) == "interviewer" and not _HOSTS.isdisjoint(
        {fold(name), *_WORD.findall(fold(name))}
    )


def role_of(name: str) -> Role | None:
    """The role that the label itself states, None where it is a name or nobody in particular."""
    word = role_word(name)
    return None if word == "unknown" else word
