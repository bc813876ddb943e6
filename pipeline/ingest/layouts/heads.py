"""A line of its own says who speaks: ``Name  0:21``, ``[00:12] Name``, ``NAME``, ``### Name (role)``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.clock import STAMP
from pipeline.ingest.layouts.belief import name_shaped
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark, stamp_ms
from pipeline.ingest.lexicon import NOT_NAMES, fold, is_generic, role_word

_REACH = 90
"""Characters of a line that can be no more than a head."""

_RANGE = (
    rf"[\[(]?(?<![\d:])(?P<start>{STAMP})(?:\s*(?:-->|->|-|–|—|to)\s*(?P<end>{STAMP}))?"
    r"(?P<day>\s?[AaPp]\.?[Mm]\.?)?[\])]?"
)
_NAME = r"(?P<name>[^\W_][^\n:*\[\]{}<>?!;\"“”|=]{0,60}?(?:\([^()]{1,40}\))?)"
_AFTER = re.compile(rf"[\s>*_#•-]*[\[(]?{_NAME}[\])]?[*_]*[\s,|@–—-]+[*_]*{_RANGE}[*_\s:]*$")
_BEFORE = re.compile(rf"[\s>*_#•-]*{_RANGE}[\s,|*_–—-]*[\[(]?{_NAME}[\])]?[*_\s:]*$")
_PLAIN = re.compile(
    r"(?P<name>[^\W_](?:[\w.'’ ]{0,58}[^\W_])?)[ \t]+(?P<start>\d{1,2}:[0-5]\d(?::[0-5]\d)?)(?P<end>!)?(?P<day>!)?$"
)
"""What ``_AFTER`` finds in most heads, found sooner."""
_DIGIT = re.compile(r"\d")
_TIME_ALONE = re.compile(rf"\s*{_RANGE}\s*$")
_BARE = re.compile(rf"\s*(?P<mark>#{{1,6}}\s+|\*\*|__|\[|<)?{_NAME}(?:\*\*|__|\]|>)?\s*$")


class _Head(NamedTuple):
    line: int
    name: str
    start_ms: int | None
    end_ms: int | None
    last: int
    """The line after which the talk begins."""
    stamped: bool


def find(lines: Sequence[str], header: Header) -> list[Mark]:
    """The marks of a text with heads; none where no heads are believable."""
    heads = [
        head for place, line in enumerate(lines) if 0 < len(line) < _REACH and (head := _head(lines, place))
    ]
    by_name: dict[str, list[_Head]] = defaultdict(list)
    for head in heads:
        by_name[_stem(head.name)].append(head)
    n_stamped = sum(head.stamped for head in heads)
    names = {name for name, group in by_name.items() if _is_sure(name, group, header, n_stamped)}
    if any(role_word(name) for name in names):
        names |= {name for name, group in by_name.items() if len(group) > 1 and _may_be_name(name)}
    if not names:
        names = _opening_all(lines, by_name)
    kept = [head for head in heads if _stem(head.name) in names]
    if n_stamped > 1:
        kept = [head for head in kept if head.stamped or role_word(_stem(head.name))]
    return [Mark(head.line, head.name, head.start_ms, head.end_ms, None, head.last) for head in kept]


def _head(lines: Sequence[str], place: int) -> _Head | None:
    line = lines[place]
    if line.isspace():
        return None
    if _DIGIT.search(line):
        for pattern in (_PLAIN, _AFTER, _BEFORE):
            found = pattern.match(line)
            if found:
                return _made(found, found["name"], place, place)
        found = _TIME_ALONE.match(line)
        if found:
            return _two_lines(lines, place, found)
    bare = _BARE.match(line)
    if bare and not _TIME_ALONE.match(lines[place + 1] if place + 1 < len(lines) else ""):
        return _Head(place, _tidy(bare["name"]), None, None, place, stamped=False)
    return None


def _two_lines(lines: Sequence[str], place: int, time: re.Match[str]) -> _Head | None:
    """A name and a time on lines next to each other, in either order."""
    above = _BARE.match(lines[place - 1]) if place and len(lines[place - 1]) < _REACH else None
    if above and name_shaped(_tidy(above["name"])):
        return _made(time, above["name"], place - 1, place)
    below = (
        _BARE.match(lines[place + 1]) if place + 1 < len(lines) and len(lines[place + 1]) < _REACH else None
    )
    if below and name_shaped(_tidy(below["name"])):
        return _made(time, below["name"], place, place + 1)
    return None


def _made(time: re.Match[str], name: str, line: int, last: int) -> _Head:
    """The head; a time of day (``10:02 AM``) is none of the recording's."""
    start, end = (None, None) if time["day"] else (stamp_ms(time["start"]), stamp_ms(time["end"]))
    return _Head(line, _tidy(name), start, end, last, stamped=True)


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip(" ,-–—")


def _is_sure(name: str, group: list[_Head], header: Header, n_stamped: int) -> bool:
    folded = fold(name)
    if folded in header.names or name in header.roles:
        return True
    if any(head.stamped for head in group):
        return n_stamped >= 2 and (name_shaped(name) or is_generic(name) or len(group) > 2)
    if folded in NOT_NAMES:
        return False
    if role_word(name) or any(role_word(head.name.partition("(")[2].strip("() ")) for head in group):
        return True
    return len(group) > 2 and _may_be_name(name)


def _opening_all(lines: Sequence[str], by_name: Mapping[str, list[_Head]]) -> set[str]:
    """Names that come twice each, where every paragraph opens with one and goes on: a short talk."""
    names = {name for name, group in by_name.items() if len(group) > 1 and _may_be_name(name)}
    opening = {head.line for name in names for head in by_name[name]}
    full = [bool(line.strip()) for line in lines]
    for place, here in enumerate(full):
        opens = here and not (place and full[place - 1])
        goes_on = place + 1 < len(full) and full[place + 1]
        if opens and not (place in opening and goes_on):
            return set()
    return names if len(names) > 1 else set()


def _may_be_name(name: str) -> bool:
    return (
        len(name.split()) <= 4
        and name_shaped(name)
        and not name.endswith(".")
        and fold(name) not in NOT_NAMES
    )


def _stem(name: str) -> str:
    return name.partition("(")[0].strip()
