"""Which labels are speakers: announced, of a known kind, bold, repeated, or where every paragraph has one."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.ingest.layouts.header import Header
from pipeline.ingest.lexicon import NOT_NAMES, PARTICLES, fold, is_generic, role_word

_PROBE = 4_000
"""Lines by which it is judged whether every paragraph opens with a label."""
_SOLID = 0.93
"""Share of paragraphs with a label from which a label seen once is believed wherever it stands."""


class Label(NamedTuple):
    """What a label tells, wherever it stands."""

    name: str
    column: int
    """Where the talk begins in the line."""
    stamp: str | None
    loud: bool
    """It is in bold print."""
    spaced: bool
    """A blank or the line's end follows it."""


class Candidate(NamedTuple):
    """A line that may open a turn."""

    line: int
    label: Label
    opens: bool
    """The line before is blank."""
    small: bool
    """The talk begins with a small letter."""


def believed(candidates: Sequence[Candidate], lines: Sequence[str], header: Header) -> set[str]:
    """The names among the candidates that are speakers; none where no name is sure."""
    by_name: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_name[one.label.name].append(one)
    sure = {name for name, group in by_name.items() if _is_sure(name, group, header, len(candidates))}
    plain = [one for name in sure for one in by_name[name]]
    if not plain and not any(role_word(name) for name in by_name):
        return set()
    loud = bool(plain) and sum(one.label.loud for one in plain) > 0.8 * len(plain)
    small = sum(one.small for one in plain) > 0.2 * len(plain)
    rare = {
        name
        for name, group in by_name.items()
        if name not in sure and not loud and _may_be_rare(name, group, small=small)
    }
    solid = _all_labelled(lines, {one.line for name in sure | rare for one in by_name[name]})
    rare = {name for name in rare if solid or (name_shaped(name) and any(one.opens for one in by_name[name]))}
    return sure | (rare - _used_as_words(rare, lines))


def name_shaped(name: str) -> bool:
    """Whether every word is capitalised or a particle, as names are; what is in brackets may be anything."""
    stem = name.split("(")[0].split("[")[0]
    words = stem.split()
    if not words or len(words) > 6 or not (words[0][0].isupper() or words[0][0].isdigit()):
        return False
    if stem.rstrip().endswith((",", "…")) or any(word.endswith(".") and len(word) > 5 for word in words[:-1]):
        return False
    return all(
        word[0].isupper() or word[0].isdigit() or word.casefold().strip(".,/") in PARTICLES or word in "/&#-"
        for word in words
    )


def _is_sure(name: str, group: Sequence[Candidate], header: Header, n_all: int) -> bool:
    folded = fold(name)
    if folded in header.names or name in header.roles:
        return True
    if not any(one.label.spaced for one in group) and len(group) < 3:
        return False
    if folded in NOT_NAMES and len(group) < max(5, n_all / 10):
        return False
    shaped = name_shaped(name)
    if shaped and any(one.label.loud or one.label.stamp for one in group):
        return True
    if is_generic(name) and any(char.isdigit() for char in name):
        return True
    if shaped or role_word(name) or is_generic(name) or any(one.label.loud for one in group):
        return len(group) > 1
    return len(group) > 2 and len(name.split()) == 1


def _may_be_rare(name: str, group: Sequence[Candidate], *, small: bool) -> bool:
    """Whether a label seen once looks like a speaker's: a name, and talk that begins as that of others."""
    if fold(name) in NOT_NAMES or len(name.split()) > 4:
        return False
    if not (name_shaped(name) or role_word(name) or _is_small_name(name, group)):
        return False
    return any(one.label.spaced and (small or not one.small) for one in group)


def _is_small_name(name: str, group: Sequence[Candidate]) -> bool:
    """Whether a single word in small letters comes again: a name typed in haste."""
    return len(group) > 1 and name.isalpha() and name.islower()


def _all_labelled(lines: Sequence[str], marked: set[int]) -> bool:
    """Whether every paragraph, or every line, opens with a label."""
    probe = lines[:_PROBE]
    full = [bool(line) and not line.isspace() for line in probe]
    opening = [
        place
        for place, (before, here) in enumerate(itertools.pairwise([False, *full]))
        if here and not before
    ]
    within = sum(place < len(probe) for place in marked)
    if len(opening) < 0.75 * within:
        opening = [place for place, here in enumerate(full) if here]
    return sum(place in marked for place in opening) >= _SOLID * len(opening)


def _used_as_words(names: set[str], lines: Sequence[str]) -> set[str]:
    """Of these one-word labels, those that the text also uses in lower case: words, no names."""
    words_alone = [name for name in names if name.isalpha() and not name.islower() and not role_word(name)]
    single = {name.lower(): name for name in words_alone}
    if not single:
        return set()
    words = Counter(word.strip(".,?!;:\"'") for line in lines for word in line.split() if word[0].islower())
    return {name for lower, name in single.items() if words[lower]}
