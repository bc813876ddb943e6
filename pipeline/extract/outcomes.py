"""The anatomy of an outcome sentence: direction, measure, object of control, context, as one statement."""

from __future__ import annotations

from pipeline.extract.outcome.draft import Draft, draft
from pipeline.extract.outcome.lexicon import Lexicon, shipped
from pipeline.extract.outcome.parting import singles
from pipeline.extract.sentences import Sentence, trimmed
from pipeline.records import Outcome


def anatomy(
    statement_id: str, sentence: Sentence, kind: str | None, lexicon: Lexicon | None = None
) -> Outcome:
    """The parts of one outcome sentence; ``verdict`` is ``ok`` or the first defect of the draft.

    Beside it stays the quote; a draft holds no word that was not said, but for those of its frame. Without a lexicon
    it is drafted by the shipped one.
    """
    if sentence.span is None:
        return Outcome(statement_id, kind, None, None, None, None, None, None, "not_an_outcome")
    return _outcome(statement_id, draft(sentence.span, lexicon or shipped(), kind), kind)


def parts(sentence: Sentence, kind: str | None) -> list[tuple[int, int, Outcome]]:
    """The two outcomes of a sentence that wishes two things, with the stretches of its text; none where it does not.

    Their ``statement_id`` is still empty.
    """
    if sentence.span is None:
        return []
    found = []
    origin = sentence.span.doc.text.index(sentence.text, sentence.span.start_char)
    for single in singles(sentence.span, shipped(), kind):
        start, end = trimmed(sentence.span.doc.text, single.span.start_char, single.span.end_char)
        found.append((start - origin, end - origin, _outcome("", single.draft, kind)))
    return found


def _outcome(statement_id: str, made: Draft, kind: str | None) -> Outcome:
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
