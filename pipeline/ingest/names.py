"""Speakers' names made one per person within a file: spelling variants joined, suffixes read and cut."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.ingest.lexicon import fold, role_of, role_word
from pipeline.records import Role

_SUFFIX = re.compile(r"^(.*?\S)\s*[\[(]\s*([^()\[\]]{1,60}?)\s*[\])]$")
_PRONOUNS = re.compile(
    r"(?:she|he|they|her|him|them|hers|his|theirs|any|all|ze|xe)(?:\s*[/|,]\s*\w+)*(?: pronouns)?", re.I
)
_NUMBERED = re.compile(r"(question|answer|q|a)[ .#-]*\d+[a-z]?", re.I)
_RARE, _OFTEN = 2, 10
"""A label seen at most so often is a slip of one seen at least so often and spelt nearly alike."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What each label as written stands for."""

    name_of: Mapping[str, str]
    told: Mapping[str, Role] = field(default_factory=dict)
    """Roles told in a suffix, as in ``Anna (interviewer)``; keys are names."""
    n_slips: int = 0
    """Labels read as misspellings of another."""


def settle(labels: Iterable[str]) -> Naming:
    """The name of each label, given every label of a file once per turn."""
    counts = Counter(labels)
    base = _numbered_away({label: _clean(label) for label in counts}, counts)
    bases: dict[str, str] = {}
    told: dict[str, Role] = {}
    for label, cleaned in base.items():
        name, role = _without_suffix(cleaned, base.values())
        bases[label] = name
        if role:
            told[name] = role
    merged, slips = _merge(bases, counts)
    roles = {merged[name]: role for name, role in told.items()}
    return Naming({label: merged[name] for label, name in bases.items()}, roles, slips)


def _clean(label: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", label).split())
    stripped = text.strip(" *_:.,;-–—#<>\"'“”")
    if stripped.startswith(("[", "(")) and stripped.endswith(("]", ")")):
        stripped = stripped[1:-1].strip()
    return stripped or text or "?"


def _numbered_away(base: dict[str, str], counts: Counter[str]) -> dict[str, str]:
    """``Q1``, ``A1``, ``Q2``, ... of a numbered interview become ``Q`` and ``A``; ``Q1`` of two stays."""
    numbered = [label for label, name in base.items() if _NUMBERED.fullmatch(name)]
    kinds = {base[label][0].casefold() for label in numbered}
    if kinds == {"q", "a"} or (len(numbered) > 4 and all(counts[label] <= 1 for label in numbered)):
        for label in numbered:
            found = _NUMBERED.fullmatch(base[label])
            assert found
            base[label] = found.group(1)
    return base


def _without_suffix(name: str, others: Iterable[str]) -> tuple[str, Role | None]:
    found = _SUFFIX.match(name)
    if not found:
        return name, None
    stem, suffix = found.group(1), found.group(2)
    if role := role_of(suffix):
        return stem, role
    rivals = {other for other in others if (match := _SUFFIX.match(other)) and match.group(1) == stem}
    if len(rivals) > 1 and not _PRONOUNS.fullmatch(suffix):
        return name, None
    return stem, None


def _merge(bases: dict[str, str], counts: Counter[str]) -> tuple[dict[str, str], int]:
    """Names that differ in case or blanks alone become the one most used, a slip what it nearly is."""
    total: Counter[str] = Counter()
    for label, name in bases.items():
        total[name] += counts[label]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in total:
        groups[fold(name)].append(name)
    chosen = {name: max(group, key=lambda one: total[one]) for group in groups.values() for name in group}
    weight: Counter[str] = Counter()
    for name, count in total.items():
        weight[chosen[name]] += count
    often = [name for name, count in weight.items() if count >= _OFTEN]
    slips = {
        name: near for name, count in weight.items() if count <= _RARE and (near := _slip_of(name, often))
    }
    return {name: slips.get(chosen[name], chosen[name]) for name in total}, len(slips)


def _slip_of(name: str, often: list[str]) -> str | None:
    if len(name) < 5 or any(char.isdigit() for char in name) or role_word(name):
        return None
    near = difflib.get_close_matches(fold(name), [fold(one) for one in often], n=1, cutoff=0.85)
    return next((one for one in often if near and fold(one) == near[0]), None)
