"""Clips and their attributes as statement records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.config import ExtractSettings
from pipeline.extract.intensity import intensity
from pipeline.extract.led import is_led
from pipeline.extract.measures import measures
from pipeline.extract.outcomes import anatomy, parts
from pipeline.extract.parts import part_of
from pipeline.extract.scoring import Scored
from pipeline.extract.sentences import Sentence
from pipeline.extract.spans import Clip, clips
from pipeline.records import LABELS, Label, Statement, Transcript, content_id, text_hash


def statements(
    transcript: Transcript,
    dialogue: Sequence[Sentence],
    scored: Scored,
    thresholds: Sequence[float],
    settings: ExtractSettings,
) -> list[Statement]:
    """All statements of a transcript, in order of place and label."""
    found = []
    for column, label in enumerate(LABELS):
        threshold = min(max(thresholds[column] + settings.threshold_shift, 0.01), 0.99)
        for clip in clips(dialogue, scored.probabilities[:, column], threshold, settings.review_band):
            made = _statement(transcript, dialogue, scored, clip, label)
            found += _parted(
                made, dialogue[clip.first], scored.kinds[clip.first], alone=clip.first == clip.last
            )
    return sorted(found, key=lambda s: (s.turn_index, s.char_start, s.char_end, s.label))


def _statement(
    transcript: Transcript, dialogue: Sequence[Sentence], scored: Scored, clip: Clip, label: Label
) -> Statement:
    turn = transcript.turns[dialogue[clip.first].turn_index]
    start, end = dialogue[clip.first].start, dialogue[clip.last].end
    rows = range(clip.first, clip.last + 1)
    best = max(rows, key=lambda i: scored.probabilities[i, LABELS.index(label)])
    quote = turn.text[start:end]
    identity = content_id("s", transcript.transcript_id, turn.turn_index, start, end, label)
    outcome = anatomy(identity, dialogue[best], scored.kinds[best]) if label == "outcome" else None
    told = intensity(quote) if label != "outcome" else None
    return Statement(
        statement_id=identity,
        transcript_id=transcript.transcript_id,
        turn_index=turn.turn_index,
        speaker=turn.speaker,
        participant_id=turn.participant_id or content_id("p", transcript.transcript_id, turn.speaker),
        label=label,
        quote=quote,
        char_start=start,
        char_end=end,
        start_ms=turn.start_ms,
        score=round(float(np.max(scored.probabilities[list(rows), LABELS.index(label)])), 4),
        needs_review=not clip.sure,
        stage=scored.stages[best],
        dimension=scored.dimensions[best],
        holder=scored.holders[best],
        evidence=_evidence(dialogue[clip.first], scored, rows, best, label),
        text_hash=text_hash(quote),
        embed_text=quote,
        outcome=outcome,
        intensity=told.level if told else None,
        intensity_reasons=told.reasons if told else (),
        led=is_led(dialogue[clip.first].question, quote, opens=not turn.text[:start].strip()),
        part=part_of(quote, scored.holders[best]),
        measures=measures(identity, dialogue, clip),
    )


def _parted(made: Statement, sentence: Sentence, kind: str | None, *, alone: bool) -> list[Statement]:
    """The two outcomes of a sentence that wishes two things, each with its own words; else the statement itself."""
    if made.outcome is None or not alone or made.outcome.verdict != "compound":
        return [made]
    found = []
    for start, end, outcome in parts(sentence, kind):
        quote = sentence.text[start:end]
        first, last = sentence.start + start, sentence.start + end
        identity = content_id("s", made.transcript_id, made.turn_index, first, last, made.label)
        inside = [m for m in made.measures if first <= m.char_start and m.char_end <= last]
        found.append(
            replace(
                made,
                statement_id=identity,
                quote=quote,
                char_start=first,
                char_end=last,
                text_hash=text_hash(quote),
                embed_text=quote,
                outcome=replace(outcome, statement_id=identity),
                part=part_of(quote, made.holder),
                measures=tuple(
                    replace(
                        m,
                        statement_id=identity,
                        measure_id=content_id("m", identity, m.char_start, m.char_end),
                    )
                    for m in inside
                ),
            )
        )
    return found or [made]


def _evidence(first: Sentence, scored: Scored, rows: range, best: int, label: Label) -> str:
    peaks = scored.probabilities[list(rows)].max(axis=0)
    rules = sorted({rule for i in rows for rule in scored.rules[i] if rule.startswith(label + "-")})
    return json.dumps(
        {
            "scores": {name: round(float(value), 3) for name, value in zip(LABELS, peaks, strict=True)},
            "rules": rules,
            "question": first.question[-300:],
            "sentences": len(rows),
            "examples": [
                {"id": near.example_id, "labels": near.labels, "likeness": near.likeness}
                for near in scored.neighbours[best]
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
