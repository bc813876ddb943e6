"""Whether a phrase says one thing, and a definite one."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.extract.outcome.grammar import VERBAL, conjuncts, lexical
from pipeline.extract.outcome.wording import SPEAKER

VAGUE = frozenset(
    {"it", "this", "that", "he", "she", "they", "them", "him", "her", "these", "those", "one", "which"}
)
LIGHT = frozenset(
    {"be", "do", "have", "get", "go", "make", "take", "put", "know", "see", "want", "need", "able", "use"}
)
HOLLOW = frozenset(
    {"thing", "stuff", "something", "lot", "way", "bit", "anything", "everything", "all", "kind", "sort"}
)


def is_compound(head: Token, kept: Sequence[Token]) -> bool:
    """Whether a further doing is joined to this one, or to what it is made of."""
    if conjuncts(head):
        return True
    if any(_runs_on(t, head) for t in head.doc[head.i + 1 : head.sent.end]):
        return True
    made_of = {head.i, lexical(head).i} | {
        c.i for c in lexical(head).children if c.dep_ in ("ccomp", "xcomp", "oprd")
    }
    return any(
        t.dep_ == "conj" and t.tag_ == "VB" and t.head.i in made_of and t in conjuncts(t.head) for t in kept
    )


def _runs_on(token: Token, head: Token) -> bool:
    """A further bare infinitive behind a comma or "and" that the parser did not join."""
    if head.tag_ != "VB" or token.tag_ != "VB" or token.nbor(-1).lower_ not in (",", "and", "then", "or"):
        return False
    bare = not any(c.dep_ in ("aux", "nsubj", "nsubjpass") for c in token.children)
    return (
        bare
        and token.dep_ in ("dep", "ccomp", "advcl", "conj")
        and head.i + 2 < token.i
        and _level(token, head)
    )


def _level(token: Token, head: Token) -> bool:
    """Whether no relative or adverbial clause lies between a verb and the one it may run on from."""
    for above in token.ancestors:
        if above.i == head.i or above.i < head.i:
            return True
        if above.dep_ in ("relcl", "advcl", "acl"):
            return False
    return True


def is_vague(head: Token, subject: Token | None, kept: Sequence[Token]) -> bool:
    if subject is not None and (subject.lower_ in VAGUE | {"what"} or subject.lemma_ in HOLLOW):
        return True
    verb = lexical(head)
    pronouns = any(t.dep_ in ("dobj", "pobj") and t.lower_ in VAGUE for t in kept)
    if verb.pos_ == "VERB" and verb.lemma_ not in LIGHT and not pronouns:
        return False
    if verb.pos_ not in VERBAL:
        return False
    content = ("NOUN", "PROPN", "ADJ", "NUM", "ADV", "VERB")
    inner = [
        t
        for t in kept
        if t.i != verb.i and t.lemma_ not in LIGHT and t.lower_ not in VAGUE and t.lemma_ not in HOLLOW
    ]
    return not any(t.pos_ in content for t in inner) and not (
        subject is not None and subject.lower_ not in SPEAKER
    )
