"""``make bench-reading``: how many megabytes a second one core reads, for captions and text, with nothing else.

The files are made here: an hour of talk of two people in each of the dialects, several copies. The best of some
rounds is told, in CPU time, as JSON: megabytes of 1,000,000 bytes per second. Exits with 1 under ``--least``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable

from pipeline import ingest
from pipeline.config import Settings
from pipeline.records import SourceFile

ASKS = (
    "So what happened before that?",
    "And how did it feel?",
    "What did you try first?",
    "Tell me more about it.",
)
TELLS = (
    "Well, we had the old booking book for years, and it got lost twice in one month.",
    "I was sick of it, to be honest, because everybody wrote in it and nobody could read it.",
    "My sister showed me the app on her phone, and you could see every booking at once.",
    "But I was worried that we would lose the old ones, so we kept both for a while.",
    "The most annoying part was that I had to type each of them in again by hand.",
    "And then one Monday the book was simply gone, and that was that.",
)


def talk(seconds: int = 3600) -> list[tuple[int, str, str]]:
    """(second, speaker, sentence) of an hour: one question, then some sentences of an answer."""
    found = []
    for number, second in enumerate(range(0, seconds, 4)):
        asks = number % 7 == 0
        said = ASKS[number // 7 % len(ASKS)] if asks else TELLS[number * 5 % len(TELLS)]
        found.append((second, "Interviewer" if asks else "Dana Petrov", f"{said} That was number {number}."))
    return found


def _clock(second: int, point: str) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{point}000"


def srt_each() -> str:
    """A name in every cue."""
    cues = enumerate(talk(), start=1)
    return "".join(
        f"{n}\n{_clock(s, ',')} --> {_clock(s + 3, ',')}\n{who}: {said}\n\n" for n, (s, who, said) in cues
    )


def srt_first() -> str:
    """A name only where the speaker changes, cues of two lines."""
    lines, before = [], ""
    for n, (s, who, said) in enumerate(talk(), start=1):
        middle = said.rfind(" ", 0, len(said) // 2)
        text = f"{said[:middle]}\n{said[middle + 1 :]}"
        label = "" if who == before else f"{who}: "
        lines.append(f"{n}\n{_clock(s, ',')} --> {_clock(s + 3, ',')}\n{label}{text}\n\n")
        before = who
    return "".join(lines)


def vtt_voices() -> str:
    """Voice tags."""
    cues = "".join(
        f"{_clock(s, '.')} --> {_clock(s + 3, '.')}\n<v {who}>{said}</v>\n\n" for s, who, said in talk()
    )
    return f"WEBVTT\n\n{cues}"


def vtt_names() -> str:
    """Zoom's way: numbered cues with a name each."""
    cues = enumerate(talk(), start=1)
    return "WEBVTT\n\n" + "".join(
        f"{n}\n{_clock(s, '.')} --> {_clock(s + 3, '.')}\n{who}: {said}\n\n" for n, (s, who, said) in cues
    )


def text_labels() -> str:
    """A label before every paragraph; neighbours of one speaker joined."""
    parts: list[str] = []
    before = ""
    for _, who, said in talk():
        parts.append(f" {said}" if who == before else f"\n\n{who}: {said}")
        before = who
    return "".join(parts).strip() + "\n"


def text_stamped() -> str:
    """A head with a stamp on a line of its own."""
    parts: list[str] = []
    before = ""
    for second, who, said in talk():
        stamp = _clock(second, ".")[:8]
        parts.append(f" {said}" if who == before else f"\n\n{who}  {stamp}\n{said}")
        before = who
    return "".join(parts).strip() + "\n"


KINDS: dict[str, Callable[[], str]] = {
    "srt, a name in each cue": srt_each,
    "srt, names at changes": srt_first,
    "vtt, voice tags": vtt_voices,
    "vtt, a name in each cue": vtt_names,
    "text, labels": text_labels,
    "text, heads with stamps": text_stamped,
}


def speed(text: str, copies: int, rounds: int) -> float:
    """Megabytes per second of CPU time, the best of some rounds.

    Raises:
        ValueError: the text is not read as an interview of two.
    """
    data = text.encode("utf-8")
    batch = [SourceFile("x", hashlib.sha256(data).hexdigest(), data)] * copies
    resources = ingest.load(Settings())
    best = float("inf")
    for _ in range(rounds):
        clock = time.process_time()
        readings = ingest.run(batch, resources)
        best = min(best, time.process_time() - clock)
    if any(len(one.transcripts) != 1 or len(one.transcripts[0].speakers) != 2 for one in readings):
        raise ValueError("it is not read as an interview of two")
    return round(copies * len(data) / 1e6 / best, 1)


def main() -> None:
    """Measure all kinds, or those whose name holds a word."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--copies", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--least", type=float, default=20.0, help="megabytes per second that each should reach"
    )
    given = parser.parse_args()
    told = {
        name: speed(make(), given.copies, given.rounds) for name, make in KINDS.items() if given.only in name
    }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    slow = [name for name, found in told.items() if found < given.least]
    if slow:
        sys.stderr.write(f"under {given.least:g} megabytes per second: {'; '.join(slow)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
