"""LRC: a stamp in brackets before every line, tags like ``[ar:...]`` at the top."""

from __future__ import annotations

import re

from pipeline.ingest.clock import milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.draft import Cue, Draft

_LINE = re.compile(r"\[(\d{1,3}:\d\d(?:[.:]\d{1,3})?)\](.*)$")
_ID_TAG = re.compile(r"\[(?:ar|al|ti|au|by|re|ve|length|offset|la|tool|#)\s*:(.*)\]\s*$", re.I)
_WORD_STAMP = re.compile(r"<\d+:\d\d\.\d+>")


def detect(content: Content) -> bool:
    """Whether all lines of the beginning are stamped, and stamped the LRC way."""
    if not content.text[:200].lstrip().startswith("["):
        return False
    lines = [line.strip() for line in content.text[:8000].split("\n")[:-1] or [content.text] if line.strip()]
    stamped = [line for line in lines if _LINE.match(line)]
    tags = sum(bool(_ID_TAG.match(line)) for line in lines)
    exact = sum(bool(re.match(r"\[\d+:\d\d\.\d\d\d?\]", line)) for line in stamped)
    return (
        len(stamped) > 1 and len(stamped) + tags >= 0.9 * len(lines) and (tags > 0 or exact == len(stamped))
    )


def read(content: Content) -> list[Draft]:
    """The interview of an LRC file; a line's end is the next one's stamp, where that is an empty line."""
    cues: list[Cue] = []
    metadata: dict[str, str] = {}
    for raw in content.text.split("\n"):
        line = raw.strip()
        if found := _LINE.match(line):
            start = milliseconds(found.group(1))
            text = _WORD_STAMP.sub("", found.group(2)).strip()
            if not text and cues and cues[-1].end_ms is None:
                cues[-1] = cues[-1]._replace(end_ms=start)
            elif text:
                cues.append(Cue(None, text, start))
        elif (tag := _ID_TAG.match(line)) and line[1:3].lower() == "ti":
            metadata["title"] = tag.group(1).strip()
    drafted = captions.label_cues("lrc", cues)
    drafted.metadata = metadata
    return [drafted]
