"""Whether a phrase says one thing, and a definite one."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span, Token

from pipeline.extract.outcome.grammar import VERBAL, conjuncts, lexical
from pipeline.extract.outcome.times import TIMES
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

POINTING = frozenset({"it", "this", "that", "him", "her", "them", "these", "those"})
PLACEHOLDERS = frozenset({"something", "thing", "things", "stuff"})
OBJECTS = ("dobj", "pobj", "dative")
ARTICLES = frozenset({"the", "a", "an", "my", "our", "your", "very"})
UNFINISHED = ARTICLES | {"and", "or", "but", "because", "than", "if"}
"""What no whole phrase ends with."""


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


def is_fragment(words: str, span: Span) -> bool:
    """Whether a phrase breaks off, or the sentence that it was drawn from does: ``to sort out the``."""
    ends = words.rpartition(" ")[2].lower(), next((t.lower_ for t in reversed(list(span)) if t.is_alpha), "")
    return ends[0] in UNFINISHED or ends[1] in ARTICLES


def points_away(kept: Sequence[Token], subject: Token | None = None) -> bool:
    """Whether an object of a phrase is a pronoun that the phrase does not explain, or a bare placeholder.

    ``putting a price on it`` does not say of what; ``knowing what a pie costs before one puts a price on it`` does.
    """
    named = [t.i for t in subject.subtree if t.pos_ in ("NOUN", "PROPN")] if subject is not None else []
    for token in sorted(kept, key=lambda t: t.i):
        if token.dep_ in OBJECTS and token.lower_ in POINTING and not named:
            return True
        bare = not any(c.dep_ in ("amod", "relcl", "acl", "prep", "compound") for c in token.children)
        if token.dep_ in OBJECTS and token.lower_ in PLACEHOLDERS and bare:
            return True
        thing = token.pos_ in ("NOUN", "PROPN") and token.lower_ not in PLACEHOLDERS | TIMES
        if thing and token.dep_ != "npadvmod":
            named.append(token.i)
    return False


def is_vague(head: Token, subject: Token | None, kept: Sequence[Token]) -> bool:
    if subject is not None and (subject.lower_ in VAGUE | {"what"} or subject.lemma_ in HOLLOW):
        return True
    if points_away(kept, subject):
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
