"""What caption dialects share: blocks cut at their time lines, rolling lines undone, speakers told apart."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue, Draft
from pipeline.ingest.layouts import paragraphs
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.labels import find as find_labels
from pipeline.ingest.layouts.labels import name_shaped

TIME_LINE = re.compile(
    r"[ \t]*(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?[ \t]*-->[ \t]*"
    r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?(?![\d:])[^\n]*"
)
_VOICE = re.compile(r"<v(?:\.[^ \t>]+)?[ \t]+([^>\n]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<(?:\d+:)?\d+:\d\d\.\d+>|\{\\[^{}\n]{0,60}\}")
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_CHANGE = re.compile(r"\s*(?:>>+|&gt;&gt;)\s*|\s*[-–—]\s+(?=\S)")
UNKNOWN = "Unknown speaker"
"""Who speaks after a change of speaker that bears no name."""


def parse(text: str) -> list[Cue]:
    """The cues of a caption file with their raw payload, without speakers.

    Raises:
        RejectedInput: ``no_text`` where there is no time line.
    """
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


def draft(name: str, cues: list[Cue]) -> Draft:
    """The draft of raw cues: rolling lines undone, tags removed, speakers told by tag, label or first line.

    Raises:
        RejectedInput: ``no_speakers`` where nothing tells who speaks.
    """
    cues = _unrolled(cues)
    if any("<v" in cue.text for cue in cues):
        voiced = [part for cue in cues for part in _voices(cue)]
        return Draft(name, _changes_named(voiced))
    return label_cues(name, [_untagged(cue) for cue in cues])


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


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Cues without the lines that rolling captions repeat from the cue before."""
    before: list[str] = []
    repeated = 0
    result = []
    for cue in cues:
        lines = (
            [line for line in _TAG.sub("", cue.text).split("\n") if line.strip()]
            if "<" in cue.text
            else cue.text.split("\n")
        )
        n_same = next((n for n in range(min(len(before), len(lines)), 0, -1) if before[-n:] == lines[:n]), 0)
        repeated += bool(n_same)
        result.append((cue, n_same))
        before = lines
    if repeated < 0.3 * len(cues):
        return cues
    fresh = []
    for cue, n_same in result:
        lines = [line for line in cue.text.split("\n") if line.strip()]
        if lines[n_same:]:
            fresh.append(cue._replace(text="\n".join(lines[n_same:])))
    return fresh


def _untagged(cue: Cue) -> Cue:
    text = cue.text
    if "<" in text or "{" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return cue if text is cue.text else cue._replace(text=text)


def _voices(cue: Cue) -> list[Cue]:
    """The cue's parts by voice tag; what stands before the first tag has no speaker."""
    pieces = _VOICE.split(cue.text)
    names = [None, *(html.unescape(name).strip() or None for name in pieces[1::2])]
    found = [
        _untagged(Cue(name, piece, cue.start_ms, cue.end_ms))
        for name, piece in zip(names, pieces[0::2], strict=True)
    ]
    return [part for part in found if part.text.strip()]


def _labelled(cues: list[Cue]) -> list[Cue]:
    """The cues cut at labels (``Name: text``) at the beginning of a line; none without believable labels."""
    lines: list[str] = []
    owner: list[int] = []
    for place, cue in enumerate(cues):
        own = cue.text.split("\n")
        lines += own
        lines.append("")
        owner += [place] * (len(own) + 1)
    marks = find_labels(lines, Header())
    if not marks:
        return []
    marked = {mark.line: mark for mark in marks}
    result: list[Cue] = []
    begun = -1
    for number, line in enumerate(lines):
        mark = marked.get(number)
        cue = cues[owner[number]]
        if mark:
            text = line[mark.column :] if mark.column is not None else ""
            result.append(Cue(mark.name, text, cue.start_ms, cue.end_ms))
        elif not line:
            continue
        elif owner[number] == begun:
            result[-1] = result[-1]._replace(text=f"{result[-1].text}\n{line}")
        else:
            result.append(Cue(None, line, cue.start_ms, cue.end_ms))
        begun = owner[number]
    return result


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
        text = cue.text
        if text[:1] in ">-–—" or text[:1].isspace():
            found = _CHANGE.match(text)
            if found:
                cue = Cue(cue.speaker or UNKNOWN, text[found.end() :], cue.start_ms, cue.end_ms)
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
