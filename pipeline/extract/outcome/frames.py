"""What in a sentence is wanted or dreaded: the frames of English that say so, found on the parse.

A frame gives the head of what is wanted (a verb or a noun) and whether it is wanted or dreaded, without what
its own words deny. The first frame in the order of ``FRAMES`` counts; within one, the first in the sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from spacy.tokens import Span, Token

from pipeline.extract.outcome.descent import descend, is_assuring
from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.grammar import (
    CLAUSAL,
    VERBAL,
    denies,
    denying,
    helpers,
    is_condition,
    is_infinitive,
    is_later,
    subject_of,
)
from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.toil import hard, takes
from pipeline.extract.outcome.wishing import MODALS, aim, cleft, of_copula, wanted_thing, wish
from pipeline.extract.outcome.wording import SPEAKER

Finder = Callable[[Token, Lexicon, "str | None"], "Frame | None"]
FORBIDDING = frozenset(
    {"miss", "lose", "risk", "forget", "waste", "fail", "drop", "leave", "make", "be", "go", "run"}
)
"""Verbs with which "can't" forbids; with others it tells that something is impossible."""
SAID = frozenset(
    {"thank", "look", "mind", "say", "see", "let", "suppose", "guess", "remember", "imagine", "tell"}
)
TELLING = frozenset(
    {"say", "think", "tell", "mean", "know", "guess", "ask", "write", "suppose", "reckon", "remember"}
)


def find(span: Span, lexicon: Lexicon, kind: str | None) -> Frame | None:
    """The frame of a sentence, followed down to what it is about; None when there is none."""
    for finder in FRAMES:
        for token in span:
            frame = finder(token, lexicon, kind)
            if frame is not None and span.start <= frame.head.i < span.end:
                return descend(frame, lexicon)
    return None


def _cannot(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``you can't have X``, ``I can't be doing X``, ``I won't have X``, ``we can't afford to X``."""
    subject = subject_of(token)
    if token.pos_ not in VERBAL or not denies(token) or subject is None or is_condition(token):
        return None
    helped = helpers(token)
    if kind == "hazard" and helped & {"ca", "can"} and token.lemma_ in FORBIDDING:
        return Frame("cannot", token, True, (), subject)
    if subject.lower_ not in SPEAKER:
        return None
    if (
        kind == "hazard"
        and token.tag_ == "VBG"
        and helped & {"'m", "am", "'re", "are"}
        and token.lower_ not in ("going", "gon")
    ):
        return Frame("cannot", token, True, (), subject)
    vowed = next((c for c in token.children if c.dep_ == "xcomp" and is_infinitive(c)), None)
    if token.lower_ in ("going", "gon") and vowed is not None and kind == "hazard":
        return Frame("cannot", vowed, False, (token,))
    if not is_later(token) and not helped & {"can", "could"}:
        return None
    if token.lemma_ in ("have", "afford", "risk", "let"):
        half = cleft(token)
        thing = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
        below = next((c for c in token.children if c.dep_ in CLAUSAL and c.i > token.i), None)
        if below is not None and thing is None:
            return Frame("cannot", below, False, (token,), subject_of(below))
        found = half if half is not None else (wanted_thing(token, thing) if thing is not None else None)
        return replace(found, name="cannot", wanted=False) if found is not None else None
    forbidden = not helped & {"ca", "can", "could"} or token.tag_ == "VBG" or token.lemma_ in FORBIDDING
    if kind == "hazard" and forbidden and token.tag_ in ("VB", "VBG", "VBN"):
        return Frame("cannot", token, True, (), subject)
    return None


def _dread(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``I was scared of losing X``, ``there's a risk that X``, ``I worry about X``."""
    if not lexicon.is_a(token.lemma_.lower(), "dread") and not lexicon.is_a(token.lower_, "dread"):
        return None
    if token.dep_ == "dobj" and lexicon.is_a(token.head.lemma_, "lower", "raise"):
        return None
    if token.pos_ == "NOUN" and token.dep_ == "nsubj" and token.head.tag_ == "VBG":
        return Frame("dread", token.head, denies(token.head), alone=True)
    if token.pos_ == "NOUN" and token.dep_ == "nsubj" and token.head.lemma_ == "be":
        found = of_copula(token.head, "dread")
        return found.turned() if found is not None else None
    refused = denies(token) or denies(token.head)
    for child in (c for c in token.children if c.i > token.i):
        if child.dep_ in (*CLAUSAL, "acl", "advcl", "relcl") and child.pos_ in VERBAL:
            return Frame("dread", child, refused, (), subject_of(child))
        if child.dep_ == "prep" and child.lower_ in ("of", "about", "for"):
            for below in child.children:
                if below.dep_ in ("pcomp", "pobj"):
                    return Frame("dread", below, refused, (), subject_of(below))
    thing = next((c for c in token.children if c.dep_ == "dobj"), None) if token.pos_ == "VERB" else None
    return Frame("dread", thing, refused) if thing is not None else None


def _duty(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:
    """``it has to X``, ``you must X``, ``nobody should X``; a past "had to" is toil, but for a problem."""
    if token.pos_ in VERBAL and helpers(token) & MODALS:
        subject = subject_of(token)
        half = cleft(token) if subject is not None and subject.lower_ == "what" else None
        return (
            half.turned(when=denies(token)) if half is not None else Frame("duty", token, True, (), subject)
        )
    if not lexicon.is_a(token.lemma_.lower(), "duty") and token.lemma_ not in ("get", "suppose", "need"):
        return None
    below = next(
        (c for c in token.children if c.dep_ in CLAUSAL and is_infinitive(c) and c.i > token.i), None
    )
    if below is None or token.pos_ not in VERBAL or token.dep_ == "xcomp":
        return None
    past = (token.lower_ == "had" or (token.lower_ == "'d" and token.pos_ == "VERB")) or (
        token.lemma_ == "have" and "used" in {c.lower_ for c in token.children}
    )
    if (past and kind != "problem" and not is_assuring(below, lexicon)) or denies(token):
        return Frame("toil", token, not past, (), subject_of(token))
    return Frame("duty", below, True, (token,), subject_of(token))


def _purpose(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``so that I can X``, ``so nobody has to X``."""
    verb = token.head
    if token.lower_ != "so" or token.dep_ not in ("mark", "advmod", "cc") or verb.pos_ not in VERBAL:
        return None
    if subject_of(verb) is None or verb.i < token.i or verb.tag_ == "VBD":
        return None
    able = helpers(verb) & {"can", "could"}
    if kind == "hazard" and token.dep_ != "mark" and not able:
        return Frame("purpose", verb, denies(verb), (), subject_of(verb))
    later = is_later(verb) or helpers(verb) & {"do", "does"}
    return Frame("purpose", verb, True, (), subject_of(verb)) if token.dep_ == "mark" or later else None


def _infinitive(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """An answer without its wish: ``To be home before dark.``, ``That he walks in quiet.``."""
    if token.dep_ != "ROOT" or token.pos_ not in VERBAL or kind is None:
        return None
    subject = subject_of(token)
    if subject is None and (
        "to" in helpers(token) or (token.tag_ in ("VB", "VBP") and token.lower_ not in SAID)
    ):
        return Frame("infinitive", token, wanted=True)
    if any(c.dep_ == "mark" and c.lower_ == "that" and c.i <= token.sent.start + 1 for c in token.children):
        return Frame("infinitive", token, True, (), subject)
    return None


def _somebody(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """An answer that names what is wanted with its doing: ``And somebody to tell you in time.``."""
    if kind is None or token.dep_ != "ROOT" or token.pos_ not in ("NOUN", "PRON"):
        return None
    doing = any(is_infinitive(c) for c in token.children if c.dep_ in ("relcl", "acl", "xcomp", "advcl"))
    return Frame("somebody", token, kind != "hazard") if doing else None


def _bare(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """What would happen, told of a hazard: ``if it leaks the ceiling comes down``."""
    if kind != "hazard" or token.dep_ != "ROOT" or token.pos_ not in VERBAL:
        return None
    subject = subject_of(token)
    if subject is None or token.lemma_ in TELLING or subject.lower_ in ("what", "who", "which"):
        return None
    coming = next((c for c in token.children if c.dep_ == "xcomp" and is_infinitive(c)), None)
    if token.lower_ in ("going", "gon") and coming is not None:
        return Frame("bare", coming, denying(subject) != denies(token), (token,), subject)
    if token.tag_ in ("VBZ", "VBP") or is_later(token):
        return Frame("bare", token, denying(subject), (), subject)
    return None


FRAMES: tuple[Finder, ...] = (
    hard,
    wish,
    takes,
    _dread,
    _cannot,
    aim,
    _duty,
    _purpose,
    _infinitive,
    _somebody,
    _bare,
)
