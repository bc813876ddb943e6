"""From a wish down to what it is about: through making sure, preventing, and getting less or more."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.grammar import CLAUSAL, VERBAL, denies, lexical, subject_of
from pipeline.extract.outcome.lexicon import Lexicon

SURE = frozenset({"sure", "certain"})


def descend(frame: Frame, lexicon: Lexicon) -> Frame:
    """``make sure that X`` -> X wanted; ``avoid X``, ``stop X`` -> X dreaded; ``reduce X`` -> less of X."""
    for _ in range(4):
        head = lexical(frame.head) if frame.head.pos_ in VERBAL else frame.head
        able = head.i != frame.head.i
        below = _assured(frame, head, lexicon) or _scaled(frame, head, lexicon)
        below = below or (None if able else _prevented(frame, head, lexicon))
        if below is None:
            return frame
        frame = replace(below, outer=(*frame.outer, head)).turned(when=denies(head))
    return frame


def is_assuring(verb: Token, lexicon: Lexicon) -> bool:
    """``ensure``, ``make sure``."""
    return lexicon.is_a(verb.lemma_, "assure") or (verb.lemma_ == "make" and _sure(verb) is not None)


def _sure(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.lemma_ in SURE and c.dep_ not in ("advmod", "intj")), None)


def _assured(frame: Frame, head: Token, lexicon: Lexicon) -> Frame | None:
    if not is_assuring(head, lexicon):
        return None
    sure = _sure(head)
    for source in (head, sure if sure is not None else head):
        for child in source.children:
            if child.dep_ in (*CLAUSAL, "advcl") and child.pos_ in VERBAL and child.i > head.i:
                return replace(frame, head=child, subject=subject_of(child))
    return None


def _prevented(frame: Frame, head: Token, lexicon: Lexicon) -> Frame | None:
    from_only = head.lemma_ == "keep"
    if head.pos_ != "VERB" or not (from_only or lexicon.is_a(head.lemma_, "prevent")):
        return None
    below = [c for c in head.children if c.i > head.i]
    thing = next((c for c in below if c.dep_ == "dobj"), None)
    for child in below:
        gerund = child.dep_ in (*CLAUSAL, "advcl") and child.tag_ == "VBG" and not from_only
        doing = child if gerund else None
        if child.dep_ == "prep" and child.lower_ == "from":
            doing = next((c for c in child.children if c.dep_ == "pcomp"), None)
        if doing is not None:
            between = thing if thing is not None and thing.i < doing.i else None
            doer = subject_of(doing) or between or frame.subject or subject_of(head)
            return replace(frame, head=doing, wanted=not frame.wanted, subject=doer)
    if from_only:
        return None
    return replace(frame, head=thing, wanted=not frame.wanted, subject=None) if thing is not None else None


def _scaled(frame: Frame, head: Token, lexicon: Lexicon) -> Frame | None:
    if head.pos_ != "VERB" or not lexicon.is_a(head.lemma_, "lower", "raise"):
        return None
    thing = next((c for c in head.children if c.dep_ == "dobj" and c.i > head.i), None)
    if thing is None or thing.pos_ == "PRON" or (head.lemma_ == "save" and not _measured(thing, lexicon)):
        return None
    wanted = frame.wanted != lexicon.is_a(head.lemma_, "lower")
    return replace(frame, name=f"scaled {head.lemma_}", head=thing, wanted=wanted, subject=None)


def _measured(thing: Token, lexicon: Lexicon) -> bool:
    return any((role, thing.lemma_.lower()) in lexicon.measures for role in ("noun", "unit"))
