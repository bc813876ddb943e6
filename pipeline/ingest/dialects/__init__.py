"""The dialects that are read, in the order in which they are tried.

A dialect is a module with a ``detect`` and a ``read``. ``detect`` looks at the content and says whether
``read`` should have it; ``read`` gives the interviews it holds, or raises ``RejectedInput`` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import ass, delimited, lrc, pdf, sbv, srt, text, vtt, webpage, word, workbook
from pipeline.ingest.dialects.speech import (
    amberscript,
    assemblyai,
    aws,
    azure,
    deepgram,
    generic,
    google,
    ibm,
    otter,
    paperedit,
    podcast,
    rev,
    speechmatics,
    whisper,
)
from pipeline.ingest.draft import Draft


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of writing a transcript down."""

    name: str
    detect: Callable[[Content], bool]
    read: Callable[[Content], list[Draft]]


DIALECTS: tuple[Dialect, ...] = (
    Dialect("pdf", pdf.detect, pdf.read),
    Dialect("docx", word.detect, word.read),
    Dialect("xlsx", workbook.detect, workbook.read),
    Dialect("aws", aws.detect, aws.read),
    Dialect("deepgram", deepgram.detect, deepgram.read),
    Dialect("ibm", ibm.detect, ibm.read),
    Dialect("speechmatics", speechmatics.detect, speechmatics.read),
    Dialect("google", google.detect, google.read),
    Dialect("azure", azure.detect, azure.read),
    Dialect("assemblyai", assemblyai.detect, assemblyai.read),
    Dialect("rev", rev.detect, rev.read),
    Dialect("amberscript", amberscript.detect, amberscript.read),
    Dialect("podcast", podcast.detect, podcast.read),
    Dialect("otter", otter.detect, otter.read),
    Dialect("paperedit", paperedit.detect, paperedit.read),
    Dialect("whisper", whisper.detect, whisper.read),
    Dialect("json", generic.detect, generic.read),
    Dialect("vtt", vtt.detect, vtt.read),
    Dialect("srt", srt.detect, srt.read),
    Dialect("sbv", sbv.detect, sbv.read),
    Dialect("ass", ass.detect, ass.read),
    Dialect("html", webpage.detect, webpage.read),
    Dialect("lrc", lrc.detect, lrc.read),
    Dialect("csv", delimited.detect, delimited.read),
    Dialect("text", text.detect, text.read),
)
