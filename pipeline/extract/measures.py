"""The quantities that a statement's words hold, and those told in a short sentence right beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.numbers import Quantity, quantities
from pipeline.extract.sentences import Sentence
from pipeline.extract.spans import Clip
from pipeline.records import Measure, content_id

SHORT = 7
"""Words up to which a sentence beside a statement is its tail: ``It took forever. Three hours every Friday.``"""


def measures(statement_id: str, dialogue: Sequence[Sentence], clip: Clip) -> tuple[Measure, ...]:
    """What is measured in the sentences of a clip, in order; offsets are code points of the turn."""
    found = [
        _measure(statement_id, dialogue[i], quantity, beside=not clip.first <= i <= clip.last)
        for i in (*range(clip.first, clip.last + 1), *_beside(dialogue, clip))
        for quantity in quantities(dialogue[i].text)
    ]
    return tuple(sorted(found, key=lambda measure: measure.char_start))


def _beside(dialogue: Sequence[Sentence], clip: Clip) -> Iterator[int]:
    """The positions of short sentences of the same turn before and behind the clip."""
    here = dialogue[clip.first]
    for i in (clip.first - 1, clip.last + 1):
        if 0 <= i < len(dialogue):
            near = dialogue[i]
            if near.turn_index == here.turn_index and len(near.text.split()) <= SHORT:
                yield i


def _measure(statement_id: str, sentence: Sentence, told: Quantity, *, beside: bool) -> Measure:
    start, end = sentence.start + told.start, sentence.start + told.end
    return Measure(
        measure_id=content_id("m", statement_id, start, end),
        statement_id=statement_id,
        kind=told.kind,
        low=told.low,
        high=told.high,
        unit=told.unit,
        per=told.per,
        approximate=told.approximate,
        bound=told.bound,
        minutes=told.minutes,
        normalised=str(told),
        relation="beside" if beside else "within",
        quote=sentence.text[told.start : told.end],
        char_start=start,
        char_end=end,
    )
