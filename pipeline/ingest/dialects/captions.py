"""What caption dialects share: cue blocks cut at their time lines, speakers from tags and prefixes."""

from __future__ import annotations

import html
import re
from collections import Counter

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue, Draft

_TIME = r"(?:(\d+):)?(\d+):(\d\d)[.,](\d{1,3})"
_LINE = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*$", re.M)
_VOICE = re.compile(r"<v(?:\.[^ \t>]+)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]{0,200}>|</?>")
_PREFIX = re.compile(r"[ \t]*(?:>>[ \t]*)?([^\W_][^:\n<>\[\]?!;]{0,48}?)[ \t]*:(?=\s)\s*")


def parse(text: str) -> list[Cue]:
    """The cues of a caption file, without speakers, as their raw payload."""
    lines = list(_LINE.finditer(text))
    cues = []
    for place, line in enumerate(lines):
        until = lines[place + 1].start() if place + 1 < len(lines) else len(text)
        payload = _payload(text[line.end() : until], last=place + 1 == len(lines))
        parts = line.groups()
        cues.append(Cue(None, payload, _ms(parts[:4]), _ms(parts[4:])))
    return cues


def drafted(name: str, cues: list[Cue]) -> Draft:
    """The draft of raw cues: tags read and removed, speakers told by voice tags or prefixes."""
    voiced: list[Cue] = []
    for cue in cues:
        voiced.extend(_voices(cue))
    return Draft(name, _prefixed(voiced))


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int(((fraction or "") + "00")[:3])


def _payload(block: str, *, last: bool) -> str:
    lines = [line.strip() for line in block.strip("\n").split("\n")]
    if not last and lines and (lines[-1].isdigit() or _is_id(lines)):
        lines.pop()
    kept = []
    for line in lines:
        if line.startswith(("NOTE", "STYLE", "REGION")):
            break
        if line:
            kept.append(line)
    return "\n".join(kept)


def _is_id(lines: list[str]) -> bool:
    return len(lines) > 1 and not lines[-2] and " " not in lines[-1]


def _voices(cue: Cue) -> list[Cue]:
    if "<" not in cue.text and "&" not in cue.text:
        return [cue]
    pieces = _VOICE.split(cue.text)
    found = []
    for name, piece in zip([None, *pieces[1::2]], pieces[0::2], strict=True):
        text = html.unescape(_TAG.sub("", piece)).strip()
        if text:
            found.append(Cue(html.unescape(name).strip() if name else None, text, cue.start_ms, cue.end_ms))
    return found


def _prefixed(cues: list[Cue]) -> list[Cue]:
    if any(cue.speaker for cue in cues):
        return cues
    matches = [_PREFIX.match(cue.text) for cue in cues]
    counts = Counter(found.group(1) for found in matches if found)
    names = {name for name, count in counts.items() if count > 1 or len(name.split()) < 4}
    result = []
    for cue, found in zip(cues, matches, strict=True):
        if found and found.group(1) in names:
            result.append(Cue(found.group(1), cue.text[found.end() :], cue.start_ms, cue.end_ms))
        else:
            result.append(cue)
    if not any(cue.speaker for cue in result):
        raise RejectedInput("no_speakers", "the captions do not say who speaks")
    return result
