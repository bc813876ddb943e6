"""Caption files cut into cues: the well-formed quickly, all others with patience."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue

TIME_LINE = re.compile(
    r"[ \t]*(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?[ \t]*-->[ \t]*"
    r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?(?![\d:])[^\n]*"
)
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_ARROW = " --> "
_LONG, _SHORT = len("00:00:00.000"), len("00:00.000")
_WEIGHTS = np.array(
    [36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1_000, 0, 100, 10, 1], dtype=np.int64
)
_DIGITS, _COLONS, _POINT = (0, 1, 3, 4, 6, 7, 9, 10, 11), (2, 5), 8


def parse(text: str) -> list[Cue]:
    """The cues of a caption file with their raw payload, without speakers.

    Raises:
        RejectedInput: ``no_text`` where there is no time line.
    """
    return _well_formed(text) or _any_formed(text)


def _well_formed(text: str) -> list[Cue]:
    """The cues of a file in which blank lines part the cues and times are written out; none for any other."""
    starts: list[str] = []
    ends: list[str] = []
    payloads: list[str] = []
    for block in text.split("\n\n"):
        place = block.find(_ARROW)
        if place < 0:
            bare = block.strip()
            if bare and starts and not _NOTE.match(bare):
                return []
            continue
        begin = block.rfind("\n", 0, place) + 1
        width = place - begin
        until = place + len(_ARROW) + width
        if width not in (_LONG, _SHORT) or block[until : until + 1] not in ("\n", " ", ""):
            return []
        if block.find("-->", until) >= 0 or block.count("\n", 0, begin) > 1 + block.startswith("\n"):
            return []
        lead = "" if width == _LONG else "00:"
        starts.append(lead + block[begin:place])
        ends.append(lead + block[place + len(_ARROW) : until])
        after = block.find("\n", until)
        payloads.append(block[after + 1 :].rstrip("\n") if after >= 0 else "")
    begun, ended = _clock_readings(starts), _clock_readings(ends)
    if begun is None or ended is None:
        return []
    return [Cue(None, *entry) for entry in zip(payloads, begun, ended, strict=True)]


def _clock_readings(stamps: list[str]) -> list[int] | None:
    """The milliseconds of stamps of one width, None where one of them is no clock reading."""
    joined = "".join(stamps)
    if not joined or not joined.isascii() or len(joined) != _LONG * len(stamps):
        return None
    signs = np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(-1, _LONG)
    digits = signs[:, _DIGITS]
    points = signs[:, _POINT]
    if (digits < 48).any() or (digits > 57).any() or (signs[:, _COLONS] != 58).any():
        return None
    if ((points != 46) & (points != 44)).any():
        return None
    found: list[int] = ((signs.astype(np.int64) - 48) @ _WEIGHTS).tolist()
    return found


def _any_formed(text: str) -> list[Cue]:
    """The cues by their time lines, whatever stands or lacks between them."""
    spans: list[tuple[int, int, int, int]] = []
    place = text.find("-->")
    while place >= 0:
        begin = text.rfind("\n", 0, place) + 1
        found = TIME_LINE.match(text, begin)
        if found:
            parts = found.groups()
            spans.append((begin, found.end(), _ms(*parts[:4]), _ms(*parts[4:])))
            place = text.find("-->", found.end())
        else:
            place = text.find("-->", place + 3)
    if not spans:
        raise RejectedInput("no_text", "there are no captions with times")
    return _cues(text, spans)


def _ms(hours: str | None, minutes: str | None, seconds: str | None, fraction: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    if fraction is None:
        return whole * 1000
    return whole * 1000 + int(fraction) * (1, 100, 10, 1)[len(fraction)]


def _cues(text: str, spans: Sequence[tuple[int, int, int, int]]) -> list[Cue]:
    cues = []
    numbered = _are_numbered(text, spans)
    for place, (_, begin, start, end) in enumerate(spans):
        last = place + 1 == len(spans)
        payload = text[begin + 1 : len(text) if last else spans[place + 1][0]]
        cues.append(Cue(None, _payload(payload, last=last, numbered=numbered), start, end))
    return cues


def _are_numbered(text: str, spans: Sequence[tuple[int, int, int, int]]) -> bool:
    """Whether a number stands above most time lines."""
    probe = spans[:200]
    above = [
        text[text.rfind("\n", 0, max(begin - 1, 0)) + 1 : max(begin - 1, 0)].strip() for begin, *_ in probe
    ]
    return sum(line.isdigit() for line in above) > len(probe) / 2


def _payload(block: str, *, last: bool, numbered: bool) -> str:
    """The spoken lines of what stands between two time lines: without the next one's id, notes and styles."""
    if last:
        return _without_notes(block)
    head, gap, tail = block.rpartition("\n\n")
    if "\n\n" not in head:
        if gap and "\n" not in tail[:-1]:
            return head.strip("\n")
        if not gap:
            lines = block.rstrip("\n").split("\n")
            if numbered and lines and lines[-1].strip().isdigit() and not block.endswith("\n\n"):
                lines.pop()
            return "\n".join(lines)
    adjacent = not block.endswith("\n\n") and tail.count("\n") <= 1
    return _without_notes(head if adjacent and gap else block)


def _without_notes(block: str) -> str:
    first, *rest = re.split(r"\n[ \t]*\n", block.strip("\n"))
    return "\n".join([first, *(part for part in rest if not _NOTE.match(part.lstrip()))]).strip()
