"""The dialects that are read, in the order in which they are tried.

A dialect is a module with a ``detect`` and a ``read``. ``detect`` looks at the content and says whether ``read``
should have it; ``read`` gives the interviews it holds, or raises ``RejectedInput`` with the true reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import aws, deepgram, labels, srt, vtt, word
from pipeline.ingest.draft import Draft


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of writing a transcript down."""

    name: str
    detect: Callable[[Content], bool]
    read: Callable[[Content], list[Draft]]


DIALECTS: tuple[Dialect, ...] = (
    Dialect("docx", word.detect, word.read),
    Dialect("aws", aws.detect, aws.read),
    Dialect("deepgram", deepgram.detect, deepgram.read),
    Dialect("vtt", vtt.detect, vtt.read),
    Dialect("srt", srt.detect, srt.read),
    Dialect("labels", labels.detect, labels.read),
)
