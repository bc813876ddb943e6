"""Cues to a draft: rolling lines undone, tags removed, speakers told by tag, label or first line."""

from __future__ import annotations

import html
import itertools
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue, Draft
from pipeline.ingest.layouts import paragraphs
from pipeline.ingest.layouts.belief import name_shaped
from pipeline.ingest.layouts.dashes import find_bracketed
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.labels import find as find_labels
from pipeline.ingest.layouts.marks import Mark

_VOICE = re.compile(r"<v(?:\.[^ \t<>]{1,100})?[ \t]{1,20}([^<>\n]{1,200})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<(?:\d+:)?\d+:\d\d\.\d+>|\{\\[^{}\n]{0,60}\}")
_CHANGE = re.compile(r"\s*(?:>>+|&gt;&gt;)\s*|\s*[-–—]\s+(?=\S)")
_WORD_TIMES = re.compile(r"</?c[^<>\n]{0,100}>|<[\d:.]{5,15}>")
_PROBE, _ROLLING = 300, 0.3
"""First cues looked at, and the share of them that repeat the one before, from which captions roll."""
_SIGNS = (">", "-", "–", "—")
UNKNOWN = "Unknown speaker"
"""Who speaks after a change of speaker that bears no name."""


def draft(name: str, cues: list[Cue]) -> Draft:
    """The draft of raw cues as they stand in a caption file.

    Raises:
        RejectedInput: ``no_speakers`` where nothing tells who speaks.
    """
    cues = _unrolled(cues)
    payload = "\n".join([cue.text for cue in cues])
    if "<v" in payload:
        return Draft(name, _changes_named([part for cue in cues for part in _voices(cue)]))
    if "<" in payload or "&" in payload or "{" in payload:
        cues = [_untagged(cue) for cue in cues]
    return label_cues(name, cues)


def label_cues(name: str, cues: list[Cue], remedy: str = "export them with speaker names") -> Draft:
    """The draft of cues whose speakers, if told at all, stand as labels in the text."""
    labelled = _labelled(cues) or _first_lines(cues)
    if labelled:
        return Draft(name, _changes_named(labelled))
    if sum(cue.text.startswith(">>") for cue in cues) > 2:
        blocks = _change_blocks(cues)
        spoken = paragraphs.alternate([cue.text for cue in blocks])
        timed = [cue._replace(speaker=one.speaker) for cue, one in zip(blocks, spoken, strict=True)]
        return Draft(name, timed, doubtful=True)
    raise RejectedInput("no_speakers", f"the text does not say who speaks: {remedy}")


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Cues without the lines that rolling captions repeat from the cue before."""
    if sum(map(bool, _repeats(cues[:_PROBE]))) < _ROLLING * min(len(cues), _PROBE):
        return cues
    fresh = []
    for cue, same in zip(cues, _repeats(cues), strict=True):
        lines = [line for line in cue.text.split("\n") if line.strip()][same:]
        if lines:
            fresh.append(cue._replace(text="\n".join(lines)))
    return fresh


def _repeats(cues: list[Cue]) -> list[int]:
    """How many of each cue's lines are the last ones of the cue before."""
    before: list[str] = []
    found = []
    for cue in cues:
        lines = _bare_lines(cue.text)
        same = 0
        if lines and lines[0] in before:
            same = next(
                (n for n in range(min(len(before), len(lines)), 0, -1) if before[-n:] == lines[:n]), 0
            )
        found.append(same)
        before = lines or before
    return found


def _bare_lines(text: str) -> list[str]:
    """The lines of a cue that hold something, without the tags that time its words."""
    if "<" in text:
        text = _WORD_TIMES.sub("", text)
    return [line for line in text.split("\n") if line and not line.isspace()]


def _untagged(cue: Cue) -> Cue:
    text = cue.text
    if "<" in text or "{" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return cue if text is cue.text else cue._replace(text=text)


def _voices(cue: Cue) -> list[Cue]:
    """The cue's parts by voice tag; what stands before the first tag has no speaker."""
    text = cue.text
    if text.startswith("<v ") and text.count("<", 1) - text.endswith("</v>") == 0 and "&" not in text:
        name, _, said = text[3:].partition(">")
        return [Cue(name.strip() or None, said.removesuffix("</v>"), cue.start_ms, cue.end_ms)]
    pieces = _VOICE.split(text)
    names = [None, *(html.unescape(name).strip() or None for name in pieces[1::2])]
    found = [
        _untagged(Cue(name, piece, cue.start_ms, cue.end_ms))
        for name, piece in zip(names, pieces[0::2], strict=True)
    ]
    return [part for part in found if part.text.strip()]


def _labelled(cues: list[Cue]) -> list[Cue]:
    """The talk cut at labels (``Name: text``) at the beginning of a line; none without believable labels."""
    lines = [cue.text for cue in cues]
    owner: Sequence[int] = range(len(cues))
    if any("\n" in line for line in lines):
        owner = [place for place, cue in enumerate(cues) for _ in range(cue.text.count("\n") + 1)]
        lines = "\n".join(lines).split("\n")
    opens = [True, *(here != before for before, here in itertools.pairwise(owner))]
    marks = find_labels(lines, Header(), opens) or find_bracketed(lines, Header(), opens)
    if not marks:
        return []
    marks = sorted({mark.line: mark for mark in (*_changes(lines), *marks)}.values())
    untils = [mark.line for mark in marks[1:]] + [len(lines)]
    spoken = cues[: owner[marks[0].line]]
    for (line, name, _, _, column, _), until in zip(marks, untils, strict=True):
        text = lines[line][column or 0 :]
        if until > line + 1:
            text = "\n".join((text, *lines[line + 1 : until]))
        spoken.append(
            Cue(name, text, cues[owner[line]].start_ms, _last_end(cues, owner[line], owner[until - 1]))
        )
    return spoken


def _last_end(cues: list[Cue], first: int, last: int) -> int | None:
    """The latest end of a run of cues."""
    if first == last:
        return cues[first].end_ms
    return max((cue.end_ms for cue in cues[first : last + 1] if cue.end_ms is not None), default=None)


def _changes(lines: list[str]) -> list[Mark]:
    """Marks of a change of speaker (``>>``, a dash) that bear no name."""
    return [
        Mark(place, UNKNOWN, None, None, found.end())
        for place, line in enumerate(lines)
        if line[:1] in _SIGNS and (found := _CHANGE.match(line))
    ]


def _first_lines(cues: list[Cue]) -> list[Cue]:
    """Cues whose first line is the speaker's name alone, as Teams writes them into documents."""
    firsts = Counter(cue.text.split("\n", 1)[0].strip() for cue in cues if "\n" in cue.text)
    names = {name for name, count in firsts.items() if count > 1 and name_shaped(name.replace(",", ""))}
    if len(names) > 30 or sum(firsts[name] for name in names) < 0.8 * len(cues):
        return []
    result = []
    for cue in cues:
        first, _, rest = cue.text.partition("\n")
        known = first.strip() in names
        result.append(cue._replace(speaker=first.strip(), text=rest) if known else cue)
    return result


def _changes_named(cues: list[Cue]) -> list[Cue]:
    """Cues in which a mark of a change (``>>``, a dash) without a name is told as an unknown speaker."""
    result = []
    for cue in cues:
        if cue.text[:1] in _SIGNS and (found := _CHANGE.match(cue.text)):
            cue = Cue(cue.speaker or UNKNOWN, cue.text[found.end() :], cue.start_ms, cue.end_ms)
        result.append(cue)
    return result


def _change_blocks(cues: list[Cue]) -> list[Cue]:
    blocks: list[Cue] = []
    for cue in cues:
        if cue.text.startswith(">>") or not blocks:
            blocks.append(cue._replace(text=cue.text.lstrip("> ")))
        else:
            blocks[-1] = Cue(None, f"{blocks[-1].text} {cue.text}", blocks[-1].start_ms, cue.end_ms)
    return blocks
