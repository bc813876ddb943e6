"""The words around a quote: what it is about is often said just before or after."""

from __future__ import annotations

import re

WORDS = 90
"""Longest surroundings, in words; a longer turn is cut to the sentences nearest to the quote."""
VERSION = "1"

_ENDING = re.compile(r"[.!?\u2026]+[\"')\u2019\u201d]*\s+|\n+")


def surroundings(turn: str, start: int, end: int) -> str:
    """The turn around the quote at ``start:end`` (code points), cut at sentences to about ``WORDS`` words.

    Sentences are added on the side that has fewer words so far, so that the quote stays in the middle.
    """
    if len(turn.split()) <= WORDS:
        return turn.strip()
    cuts = [0, *(found.end() for found in _ENDING.finditer(turn)), len(turn)]
    left = max(cut for cut in cuts if cut <= start)
    right = min(cut for cut in cuts if cut >= end)
    while True:
        before = max((cut for cut in cuts if cut < left), default=None)
        after = min((cut for cut in cuts if cut > right), default=None)
        ahead, behind = len(turn[left:start].split()), len(turn[end:right].split())
        room = WORDS - len(turn[left:right].split())
        wider = [
            (ahead, before, right) if before is not None else None,
            (behind, left, after) if after is not None else None,
        ]
        fitting = [
            (words, new_left, new_right)
            for words, new_left, new_right in (one for one in wider if one is not None)
            if len(turn[new_left:new_right].split()) - len(turn[left:right].split()) <= room
        ]
        if not fitting:
            return turn[left:right].strip()
        _, left, right = min(fitting, key=lambda one: one[0])
