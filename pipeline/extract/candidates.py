"""spaCy component ``whyswitch/candidates``: the stretches of a doc that can be a statement, as spans."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.extract.sentences import CANDIDATES

__all__ = ["CANDIDATES", "Candidates", "candidates"]

LONGEST = 70
"""Tokens: a longer sentence without inner punctuation is raw speech-to-text, and is cut at clause starts."""


def candidates(doc: Doc) -> list[Span]:
    """The doc's sentences; overlong unpunctuated ones in clause-like parts."""
    found: list[Span] = []
    for sentence in doc.sents:
        found += _parts(sentence) if len(sentence) > LONGEST and not _punctuated(sentence) else [sentence]
    return found


def _punctuated(sentence: Span) -> bool:
    return sum(token.is_punct for token in sentence) * 25 > len(sentence)


def _parts(sentence: Span) -> list[Span]:
    """Cut before conjunctions and clause subjects, no part under 8 tokens or over 35."""
    cuts = [sentence.start]
    for token in sentence:
        here = token.i - cuts[-1]
        opens = token.dep_ in ("cc", "mark") or token.lower_ in (
            "so",
            "and",
            "but",
            "because",
            "then",
            "i",
            "we",
        )
        if (opens and here >= 12 and sentence.end - token.i >= 8) or here >= 35:
            cuts.append(token.i)
    return [sentence.doc[a:b] for a, b in zip(cuts, [*cuts[1:], sentence.end], strict=True)]


class Candidates:
    """Writes the candidates to ``doc.spans["whyswitch/candidates"]``."""

    def __call__(self, doc: Doc) -> Doc:
        doc.spans[CANDIDATES] = candidates(doc)
        return doc


@Language.factory(CANDIDATES, requires=["doc.sents", "token.dep"], assigns=["doc.spans"])
def create_candidates(nlp: Language, name: str) -> Candidates:  # noqa: ARG001
    """The component for a pipeline."""
    return Candidates()
