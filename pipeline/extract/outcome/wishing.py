"""Verbs and nouns of wishing, and what they wish: ``I want ...``, ``what I need is ...``."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.grammar import (
    CLAUSAL,
    NOBODY,
    VERBAL,
    denies,
    helpers,
    is_infinitive,
    subject_of,
)
from pipeline.extract.outcome.grammar import lemma as lemma_of
from pipeline.extract.outcome.lexicon import Lexicon

WOULD = frozenset({"would", "'d", "should"})
CONDITIONS = frozenset({"when", "if", "because", "since", "whenever", "unless"})
MODALS = frozenset({"must", "should", "shall", "ought"})
PEOPLE = frozenset(
    {"someone", "somebody", "anyone", "anybody", "everyone", "everybody", "people", "them", "him", "her"}
)


def wish(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``I want (somebody) to ...``, ``we needed ...``, ``I'd like ...``, ``I'd rather ...``."""
    would = bool(helpers(token) & WOULD)
    if token.dep_ == "relcl" and any(
        c.dep_ == "nsubj" and c.lower_ in ("who", "that", "which") for c in token.children
    ):
        return None
    if token.pos_ in VERBAL and would and any(c.lower_ == "rather" for c in token.children):
        return Frame("rather", token, wanted=True)
    if token.pos_ not in (*VERBAL, "PROPN") or not _wishes(token, lexicon, would=would) or _told_of(token):
        return None
    found = _complement(token)
    refused = denies(token) or any(c.lower_ in NOBODY and c.dep_ == "nsubj" for c in token.children)
    return found.turned(when=refused) if found is not None else None


def _told_of(token: Token) -> bool:
    """A wish that is a condition, a duty, or of the past: ``when you need help``, ``nobody should need``."""
    opening = {c.lower_ for c in token.children if c.dep_ in ("mark", "advmod") and c.i < token.i}
    conditional = token.dep_ == "advcl" and bool(opening & CONDITIONS)
    owed = bool(helpers(token) & MODALS) and lemma_of(token) in ("want", "need")
    return conditional or owed or (token.dep_ == "xcomp" and token.head.lower_ == "used")


def _wishes(token: Token, lexicon: Lexicon, *, would: bool) -> bool:
    lemma = lemma_of(token)
    if lemma == "be" and any(c.dep_ == "prep" and c.lower_ == "after" for c in token.children):
        return subject_of(token) is not None
    if token.dep_ in ("aux", "compound", "amod"):
        return False
    if lemma == "look" and not helpers(token) & {"was", "were", "'m", "am", "'re", "been", "are", "is", "'s"}:
        return False
    if lemma in ("look", "mean", "try", "expect", "ask", "hope", "insist"):
        led = any(
            is_infinitive(c) or (c.dep_ == "prep" and c.lower_ in ("for", "after")) for c in token.children
        )
        if not led and not (lemma == "hope" and any(c.dep_ == "ccomp" for c in token.children)):
            return False
    return lexicon.is_a(lemma, "wish") or (would and lexicon.is_a(lemma, "would"))


def _complement(token: Token) -> Frame | None:
    """What a verb of wishing wishes: a clause, a thing, or the other half of ``what I want is ...``."""
    half = cleft(token)
    if half is not None:
        return half
    below = [c for c in token.children if c.i > token.i]
    for child in below:
        if token.lemma_ == "need" and child.tag_ == "VBG":
            continue
        if child.dep_ in CLAUSAL and (child.pos_ not in ("NOUN", "PRON") or subject_of(child) is not None):
            return Frame("wish", child, True, (token,), subject_of(child))
    for child in below:
        if child.dep_ in ("dobj", "oprd", "attr", "dative"):
            return wanted_thing(token, child)
        if child.dep_ == "advcl" and is_infinitive(child) and token.lemma_ in ("need", "want", "like"):
            return Frame("wish", child, True, (token,), subject_of(child))
        if child.dep_ == "prep" and child.lower_ in ("for", "after"):
            thing = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
            return Frame("wish", thing, True, (token,)) if thing is not None else None
    return None


def wanted_thing(token: Token, thing: Token) -> Frame:
    """A thing, or a doing that the parser hung on it: ``want them to know``."""
    for child in thing.children:
        whole = is_infinitive(child) and any(
            c.dep_ in ("dobj", "ccomp", "acomp", "dative") for c in child.children
        )
        done = child.dep_ == "acl" and child.tag_ == "VBN" and token.lemma_ in ("want", "need")
        if child.dep_ in ("relcl", "acl", "advcl") and (whole or done or child.tag_ == "VBG"):
            return Frame("wish", child, True, (token,), thing)
    for child in (c for c in token.children if c.dep_ == "advcl" and c.i > thing.i):
        if (child.tag_ == "VBG" or (is_infinitive(child) and thing.lower_ in PEOPLE)) and subject_of(
            child
        ) is None:
            return Frame("wish", child, True, (token,), thing)
    return Frame("wish", thing, True, (token,))


def cleft(token: Token) -> Frame | None:
    """``what I want is X``, ``all I wanted was X``: X."""
    copula = None
    asked = any(t.lower_ in ("what", "all") and t.i <= token.i for t in token.subtree)
    if asked and token.dep_ in ("csubj", "nsubj", "ccomp", "csubjpass") and token.head.lemma_ == "be":
        copula = token.head
    elif (
        token.dep_ == "relcl" and token.head.dep_ in ("nsubj", "nsubjpass") and token.head.head.lemma_ == "be"
    ):
        copula = token.head.head
    return of_copula(copula, "wish") if copula is not None and copula.i > token.i else None


def of_copula(copula: Token, name: str) -> Frame | None:
    below = [c for c in copula.children if c.i > copula.i]
    for child in below:
        if child.dep_ in (*CLAUSAL, "advcl") and child.pos_ in VERBAL:
            return Frame(name, child, not denies(copula), (), subject_of(child))
    for child in below:
        if child.dep_ in ("attr", "acomp") and child.pos_ in ("NOUN", "PROPN", "PRON"):
            return Frame(name, child, not denies(copula), (copula,))
    return None


def aim(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``my goal was to ...``, ``the whole point is that ...``, ``what matters is that ...``."""
    if token.lemma_ == "matter" and token.pos_ == "VERB":
        return cleft(token)
    if token.pos_ != "NOUN" or not lexicon.is_a(token.lemma_.lower(), "aim"):
        return None
    if token.dep_ not in ("nsubj", "nsubjpass") or token.head.lemma_ != "be":
        return None
    if token.lemma_ in ("thing", "job") and not any(
        c.lower_ in ("main", "whole", "only", "one") for c in token.children
    ):
        return None
    found = of_copula(token.head, "aim")
    return found if found is not None and found.head.pos_ in VERBAL else None


def wishes(span: Span, lexicon: Lexicon) -> list[Frame]:
    """All wishes of a sentence that stand beside each other: more than one make it compound."""
    found: list[Frame] = []
    for token in span:
        frame = wish(token, lexicon, None)
        inside = any(
            token.i in {t.i for t in other.head.subtree} or token.i == other.head.i for other in found
        )
        if frame is not None and not inside and frame.head.i not in {other.head.i for other in found}:
            found.append(frame)
    return found
