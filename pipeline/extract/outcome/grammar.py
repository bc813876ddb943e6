"""Small questions to the parse that several parts of the reading ask."""

from __future__ import annotations

from spacy.tokens import Token

VERBAL = ("VERB", "AUX")
CLAUSAL = ("xcomp", "ccomp")
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
NOBODY = {"nobody": "anybody", "none": "any", "nothing": "anything", "neither": "either", "noone": "anyone"}
POSSIBLE = frozenset({"can", "could", "ca"})
"""Helpers that say what is possible."""


MISREAD = {"hoped": "hope", "hoping": "hope", "gon": "go", "wanna": "want", "'s": "be", "'": "be"}
"""Words whose lemma the English model gets wrong."""
NEVER = frozenset({"never", "nae", "no'", "nowt"})
LATER = frozenset({"would", "could", "might", "will", "'ll", "may", "can", "ca", "wo"})


def lemma(token: Token) -> str:
    """The lemma in lower case."""
    return MISREAD.get(token.lower_, token.lemma_.lower())


def subject_of(verb: Token) -> Token | None:
    """The subject that stands with a verb."""
    return next((child for child in verb.children if child.dep_ in SUBJECTS), None)


def denies(head: Token) -> bool:
    """Whether a clause is negated by a word of its own."""
    return any(child.dep_ == "neg" or child.lower_ in NEVER for child in head.children)


def denying(noun: Token) -> bool:
    """``nobody``, ``no dog``."""
    return noun.lower_ in NOBODY or any(
        child.lower_ == "no" and child.dep_ == "det" for child in noun.children
    )


def is_condition(verb: Token) -> bool:
    """Whether a clause says on what condition: "not" in ``if I'm not cooking`` forbids nothing."""
    return any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether", "when") for c in verb.children)


def is_infinitive(verb: Token) -> bool:
    """``to find``."""
    to = any(child.lower_ in ("to", "na", "ta") and child.dep_ == "aux" for child in verb.children)
    return to and (
        verb.tag_ == "VB"
        or any(child.dep_ in ("auxpass", "aux") and child.tag_ == "VB" for child in verb.children)
    )


def is_later(verb: Token) -> bool:
    """Whether a verb is told of what would or may come, rather than of what came."""
    helping = helpers(verb)
    return bool(helping & LATER) or ("'d" in helping and verb.tag_ == "VB")


def helpers(verb: Token) -> frozenset[str]:
    """The auxiliaries of a verb, in lower case."""
    return frozenset(child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass"))


def lexical(head: Token) -> Token:
    """The verb that carries the meaning: ``be able to find`` -> ``find``, ``have to wait`` -> ``wait``."""
    for _ in range(3):
        inner = next((c for c in head.children if c.dep_ == "xcomp" and c.pos_ in VERBAL), None)
        able = next((c for c in head.children if c.dep_ in ("acomp", "advmod") and c.lemma_ == "able"), None)
        if able is not None:
            inner = next((c for c in able.children if c.dep_ in ("xcomp", "advcl")), inner)
        light = head.lemma_ in ("have", "get", "need", "manage", "try", "start", "learn")
        if inner is None or not (able is not None or (light and is_infinitive(inner))):
            return head
        head = inner
    return head


def conjuncts(head: Token) -> list[Token]:
    """Further doings joined to this one; "go and see", "try and find" are one doing."""
    found = [c for c in head.children if c.dep_ == "conj" and c.pos_ in VERBAL and subject_of(c) is None]
    one_doing = head.lemma_ in ("go", "come", "try") and len(found) == 1 and found[0].i - head.i == 2
    return [] if one_doing else found
