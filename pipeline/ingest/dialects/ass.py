"""Advanced SubStation captions (Aegisub): one ``Dialogue:`` line a cue, with the speaker in a field of its own."""

from __future__ import annotations

import re

from pipeline.ingest.clock import milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.draft import Cue, Draft

_EVENTS = re.compile(r"^\[Events\][ \t]*$", re.M | re.I)
_FIELDS = "layer, start, end, style, name, marginl, marginr, marginv, effect, text"
_OVERRIDE = re.compile(r"\{[^{}\n]{0,400}\}")
_BREAK = re.compile(r"\\[Nn]|\\h")
_PROBE = 20_000


def detect(content: Content) -> bool:
    """Whether there is a section of events with dialogue."""
    head = content.text[:_PROBE]
    return bool(_EVENTS.search(head)) and "\nDialogue:" in content.text


def read(content: Content) -> list[Draft]:
    """The interview of the dialogue lines, by the field ``Name`` or, where it is empty, by labels in the text."""
    events = _EVENTS.split(content.text, maxsplit=1)[-1]
    fields = _FIELDS
    cues = []
    for line in events.split("\n"):
        kind, _, rest = line.partition(":")
        if kind == "Format":
            fields = rest
        elif kind == "Dialogue":
            cues.append(_cue(rest, [name.strip().casefold() for name in fields.split(",")]))
    cues.sort(key=lambda cue: cue.start_ms or 0)
    if any(cue.speaker for cue in cues):
        return [Draft("ass", cues)]
    return [captions.label_cues("ass", cues)]


def _cue(line: str, names: list[str]) -> Cue:
    values = dict(zip(names, line.strip().split(",", len(names) - 1), strict=False))
    text = _BREAK.sub(lambda found: " " if found.group() == "\\h" else "\n", values.get("text", ""))
    speaker = (values.get("name") or values.get("actor") or "").strip()
    return Cue(
        speaker or None,
        _OVERRIDE.sub("", text),
        milliseconds(values.get("start", "")),
        milliseconds(values.get("end", "")),
    )
