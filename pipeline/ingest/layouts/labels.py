"""``Name: text``: a label with a colon opens the turn, plain or bold, with or without a stamp."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.ingest.clock import STAMP
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark, stamp_ms
from pipeline.ingest.lexicon import NOT_NAMES, PARTICLES, fold, is_generic, role_word

_REACH = 110
"""Characters of a line in which a label's colon must stand."""

_CLOCK = rf"\\?[\[({{#]?\\?{STAMP}(?:\s*(?:-->|->|-|–|to)\s*{STAMP})?\\?[\])}}#]?"
_LABEL = re.compile(
    rf"[\s>*_#•|-]*?(?:(?P<before>{_CLOCK})[\s|,–-]*)?(?P<bold>\*\*|__)?[\[<(]?"
    rf"(?P<name>[^\W_][^\n:*\[\]{{}}<>?!;\"“”|=]{{0,60}}?)[\]>)]?"
    rf"[ \t]*(?P<inner>{_CLOCK})?[ \t]*(?P<shut>\*\*|__)?[ \t]*[:：](?!//)"
    rf"(?:[ \t]*(?P=name)[:：])?(?P<bold2>\*\*|__)?"
    rf"(?P<gap>[ \t]*)(?:(?P<after>{_CLOCK})(?=\s|\*|$)[\s-]*)?"
)
_STARTS = re.compile(STAMP)


class Candidate(NamedTuple):
    """A line that may open a turn."""

    line: int
    name: str
    column: int
    stamp: str | None
    loud: bool
    spaced: bool
    opens: bool
    """The line before is blank."""


def find(lines: Sequence[str], header: Header) -> list[Mark]:
    """The marks of a labelled text; none where no labels are believable."""
    candidates = _candidates(lines)
    names = _believed(candidates, lines, header)
    marks = []
    for one in candidates:
        if one.name in names:
            marks.append(Mark(one.line, one.name, *_times(one.stamp), one.column))
    return marks


def _candidates(lines: Sequence[str]) -> list[Candidate]:
    found = []
    blank = True
    for place, line in enumerate(lines):
        head = line[:_REACH]
        if ":" in head or "：" in head:
            match = _LABEL.match(head)
            if match:
                found.append(_candidate(place, match, line, blank=blank))
        blank = not line or line.isspace()
    return found


def _candidate(place: int, match: re.Match[str], line: str, *, blank: bool) -> Candidate:
    column = match.end()
    return Candidate(
        place,
        " ".join(match["name"].split()),
        column,
        match["before"] or match["inner"] or match["after"],
        bool(match["bold"] and (match["shut"] or match["bold2"])),
        column >= len(line) or bool(match["gap"]) or bool(match["bold2"]),
        blank,
    )


def _times(stamp: str | None) -> tuple[int | None, int | None]:
    if not stamp:
        return None, None
    found = _STARTS.findall(stamp)
    return stamp_ms(found[0]), stamp_ms(found[1]) if len(found) > 1 else None


def _believed(candidates: list[Candidate], lines: Sequence[str], header: Header) -> set[str]:
    """The labels that are speakers: announced, of known kind, bold, repeated, or alone among their like."""
    by_name: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_name[one.name].append(one)
    sure = {name for name, group in by_name.items() if _is_sure(name, group, header, len(candidates))}
    often = sum(len(by_name[name]) for name in sure)
    if not often:
        return set()
    loud = sum(one.loud for name in sure for one in by_name[name]) > 0.8 * often
    solid = _all_labelled(lines, {one.line for one in candidates if one.name in sure})
    rare = {
        name
        for name, group in by_name.items()
        if name not in sure
        and not loud
        and any(one.spaced for one in group)
        and _may_be_rare(name, group, solid=solid)
    }
    if rare:
        rare -= _used_as_words(rare, lines)
    return sure | rare


def _is_sure(name: str, group: list[Candidate], header: Header, n_all: int) -> bool:
    folded = fold(name)
    if folded in header.names or name in header.roles:
        return True
    if not any(one.spaced for one in group) and len(group) < 3:
        return False
    if folded in NOT_NAMES and len(group) < max(5, n_all / 10):
        return False
    if role_word(name) or (is_generic(name) and (any(char.isdigit() for char in name) or len(group) > 1)):
        return True
    shaped = name_shaped(name)
    if any(one.loud or one.stamp for one in group) and shaped:
        return True
    if shaped or any(one.loud for one in group):
        return len(group) > 1
    return len(group) > 3 and len(name.split()) == 1


def name_shaped(name: str) -> bool:
    """Whether every word is capitalised or a particle, as names are written."""
    words = name.replace("(", " ").replace(")", " ").split()
    if not words or len(words) > 6 or not (words[0][0].isupper() or words[0][0].isdigit()):
        return False
    if name.endswith((",", "…")) or "..." in name:
        return False
    return all(
        word[0].isupper() or word[0].isdigit() or word.casefold().strip(".,/") in PARTICLES or word in "/&#-"
        for word in words
    )


def _all_labelled(lines: Sequence[str], marked: set[int]) -> bool:
    """Whether every paragraph, or every line, opens with a label."""
    opening = [
        place for place in range(1, len(lines)) if lines[place].strip() and not lines[place - 1].strip()
    ]
    if len(opening) < len(marked) / 2:
        opening = [place for place, line in enumerate(lines) if line.strip()]
    return sum(place in marked for place in opening) >= 0.93 * len(opening)


def _may_be_rare(name: str, group: list[Candidate], *, solid: bool) -> bool:
    if not name_shaped(name) or fold(name) in NOT_NAMES or len(name.split()) > 4:
        return False
    return any(one.opens for one in group) or solid


def _used_as_words(names: set[str], lines: Sequence[str]) -> set[str]:
    """Of these one-word labels, those that the text also uses in lower case: words, no names."""
    single = {name.lower(): name for name in names if " " not in name and name.isalpha()}
    if not single:
        return set()
    words = Counter(word.strip(".,?!;:\"'") for line in lines for word in line.split() if word[0].islower())
    return {name for lower, name in single.items() if words[lower]}
