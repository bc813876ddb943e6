"""One input as its readers see it: bytes, decoded text, parsed JSON, each made once and on demand."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from charset_normalizer import from_bytes

from pipeline.errors import RejectedInput
from pipeline.ingest.lexicon import SMALL_ENGLISH

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64_000
"""Bytes looked at where an encoding has to be guessed."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")
_ENGLISH_SHARE = 0.15
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_MAC = re.compile(rb"[a-z][\x8a\x8c\x8e\xd2-\xd5]|[\x81\x8d\x8f\x90\x9d]|\xd2[A-Z]")
"""What is a capital within a word, or nothing at all, in Windows' code page: accents and quotes of the Mac's."""


@dataclass(frozen=True)
class Content:
    """A file's name and bytes, with its text and its JSON document on demand."""

    name: str
    data: bytes

    @cached_property
    def head(self) -> bytes:
        """The first bytes, for telling binary kinds apart."""
        return self.data[:4096]

    @cached_property
    def text(self) -> str:
        """The decoded text with ``\\n`` line ends and without a byte-order mark.

        Raises:
            RejectedInput: ``binary`` or ``encoding``.
        """
        text = _decode(self.data)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\ufeff", "") if "\ufeff" in text else text

    @cached_property
    def document(self) -> Any:
        """The parsed JSON document, or None where the file is no JSON.

        Raises:
            RejectedInput: ``too_deep`` or ``damaged``, for what begins as JSON but does not parse.
        """
        start = self.data[:512].lstrip(b"\xef\xbb\xbf \t\r\n\xff\xfe\x00")[:1]
        if start not in (b"{", b"["):
            return None
        return _parse(self.text)


def _parse(text: str) -> Any:
    head = text.lstrip()[:200]
    try:
        return json.loads(text)
    except RecursionError:
        raise RejectedInput("too_deep", "the JSON is nested deeper than any transcript") from None
    except ValueError:
        listed = _by_line(text)
        if listed:
            return listed
        if head.startswith("{") and head[1:].lstrip()[:1] in ('"', "}"):
            raise RejectedInput("damaged", "begins as JSON, but is cut off or not valid JSON") from None
        return None


def _by_line(text: str) -> list[Any]:
    """The documents of a file with one on each line (JSONL); none where a line is no document."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return []
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return []


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding)
    if b"\x00" in data[:4096]:
        return _strict(data, _wide_encoding(data))
    if b"\x00" in data:
        raise RejectedInput("binary", "holds zero bytes: no text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, _guess(data))


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise RejectedInput("encoding", f"begins as {encoding} text, but is not valid {encoding}") from None


def _wide_encoding(data: bytes) -> str:
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    raise RejectedInput("binary", "holds zero bytes: no text file")


def _guess(data: bytes) -> str:
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in data[:_SAMPLE])
    if controls > 0.01 * min(len(data), _SAMPLE):
        raise RejectedInput("binary", "holds control bytes: no text file")
    sample = data[:_SAMPLE]
    loose = sample.decode("utf-8", errors="replace")
    foreign, broken = len(_NOT_ASCII.findall(loose)), loose.count("\ufffd")
    if foreign >= max(1, broken):
        return "utf-8"  # damaged: two bytes that make one of its signs by chance are rare
    if _is_english(sample):
        return "mac_roman" if _MAC.search(sample) else "cp1252"
    found = from_bytes(sample).best()
    return found.encoding if found else "cp1252"


def _is_english(sample: bytes) -> bool:
    """Whether the small words of English are there: its accents and quotes are those of Western code pages."""
    words = _LATIN_WORD.findall(sample.decode("latin-1").lower())
    return sum(map(SMALL_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * max(1, len(words))
