"""The anatomy of an outcome sentence: direction, measure, object of control, context, as one statement."""

from __future__ import annotations

from pipeline.extract.outcome.draft import draft
from pipeline.extract.outcome.lexicon import shipped
from pipeline.extract.sentences import Sentence
from pipeline.records import Outcome


def anatomy(statement_id: str, sentence: Sentence, kind: str | None) -> Outcome:
    """The parts of one outcome sentence; ``verdict`` is ``ok`` or the first defect of the draft.

    Beside it stays the quote; a draft holds no word that was not said, but for those of its frame.
    """
    if sentence.span is None:
        return Outcome(statement_id, kind, None, None, None, None, None, None, "not_an_outcome")
    made = draft(sentence.span, shipped(), kind)
    return Outcome(
        statement_id=statement_id,
        kind=kind,
        direction=made.direction,
        measure=made.measure or None,
        object=made.object,
        context=made.context,
        canonical=made.canonical,
        job_step=made.job_step,
        verdict=made.verdict,
    )
