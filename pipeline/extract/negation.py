"""Whether words are said not to be so, read off the dependency parse (codebook, hard case 8).

The parse is climbed from the words' head; a negation counts when it hangs on one of the heads passed, and the
climb stops where another statement begins: a relative or adverbial clause, a conjunct with a subject or a
tense of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from spacy.tokens import Token

NEGATIONS = frozenset(
    {
        "no",
        "not",
        "n't",
        "never",
        "nothing",
        "none",
        "nobody",
        "nowhere",
        "neither",
        "nor",
        "hardly",
        "barely",
        "scarcely",
    }
)
NOT_A_NEGATION = frozenset({"only", "just", "merely", "simply"})
"""What turns a negation into its contrary when it follows: "it wasn't just slow"."""
DENYING = frozenset({"say", "think", "mean", "find", "feel", "believe", "suppose", "guess"})
"""Verbs whose negation denies what follows: "I don't think it was slow"."""
REASONS = frozenset({"because", "due", "despite"})
"""What they govern is told as so, whatever is denied above: "I didn't go, because of the noise"."""
CLIMB = 6
"""Heads passed at most; beyond them a negation seldom speaks of the words."""


def is_negated(token: Token, inside: Collection[int] = ()) -> bool:
    """Whether what ``token`` heads is denied; negations at the positions ``inside`` are the words' own."""
    for _ in range(CLIMB):
        if token.lower_ in NEGATIONS and token.i not in inside:
            return True
        if any(_negates(child) and child.i not in inside for child in token.children):
            return True
        head = token.head
        if token.dep_ in ("pobj", "pcomp") and head.lower_ == "without" and head.i not in inside:
            return True
        if token.dep_ == "ROOT":
            return False
        if token.dep_ in ("ccomp", "csubj", "advcl"):
            if _own_subject(token) or token.dep_ == "advcl":
                return _denied_frame(token)
        elif token.dep_ == "relcl":
            return head.lower_ in NEGATIONS or (head.lower_.startswith("any") and is_negated(head, inside))
        elif token.dep_ == "parataxis" or (token.dep_ == "conj" and _apart(token)) or token.lower_ in REASONS:
            return False
        token = head
    return False


def _negates(child: Token) -> bool:
    """A negation of its head, not an answer ("No, it was slow") and not "not only"."""
    if child.dep_ not in ("neg", "det", "advmod", "nsubj", "nsubjpass", "dobj", "attr", "preconj", "cc"):
        return False
    if child.dep_ != "neg" and child.lower_ not in NEGATIONS:
        return False
    following = child.i + 1
    return following >= len(child.doc) or child.doc[following].lower_ not in NOT_A_NEGATION


def _own_subject(token: Token) -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass", "expl") for child in token.children)


def _apart(token: Token) -> bool:
    """A conjunct that says something of its own: it has a subject, a tense, or "but" before it."""
    if _own_subject(token) or token.tag_ in ("VBD", "VBZ", "VBP"):
        return True
    return any(child.dep_ == "cc" and child.lower_ == "but" for child in token.head.children)


def _denied_frame(token: Token) -> bool:
    """Whether a frame before denies it: ``it wasn't that``, ``not because``, ``I don't think``."""
    head = token.head
    if head.i > token.i or not any(_negates(child) for child in head.children):
        return False
    if token.dep_ == "advcl":
        return head.lemma_ == "be" and any(child.lower_ == "because" for child in token.children)
    return head.lemma_ == "be" or head.lemma_ in DENYING
