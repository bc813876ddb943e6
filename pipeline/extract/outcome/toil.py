"""What the job takes, told as a judgement: ``it took me forever to ...`` (hard case 15 b)."""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.grammar import CLAUSAL, VERBAL, denies, is_infinitive, subject_of
from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.wording import SPEAKER

AMOUNTS = ("dobj", "npadvmod", "advmod", "attr", "oprd", "dative", "ccomp", "nsubj")
NOT_THINGS = SPEAKER | {"me", "us", "it", "that", "this", "which", "there"}


def takes(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``it took me forever to X``, ``I spend hours on X``, ``we pay six pounds for X``."""
    entry = lexicon.measures.get(("verb", token.lemma_.lower()))
    if entry is None or token.pos_ != "VERB" or denies(token):
        return None
    amount = next(
        (c for c in token.children if c.i > token.i and _is_amount(c, lexicon, entry.measure)), None
    )
    if amount is None:
        return None
    doing = _doing(token, amount)
    counted = (
        amount if entry.measure == "time" and not any(_is_unit(t, lexicon) for t in amount.subtree) else None
    )
    measure = "number" if counted is not None else entry.measure
    if doing is not None:
        said = {t.i for t in doing.subtree}
        words = tuple(t for t in amount.subtree if t.i not in said)
        return Frame(
            token.lemma_, doing, False, (token,), subject_of(doing), measure, amount=words, counted=counted
        )
    return _thing(token, measure, tuple(amount.subtree)) if counted is None else None


def hard(token: Token, lexicon: Lexicon, kind: str | None) -> Frame | None:  # noqa: ARG001
    """``it was hard to X``, ``slow to X``, ``expensive to X``: wished easy or complained of as hard alike."""
    entry = lexicon.measures.get(("adjective", token.lemma_.lower()))
    if (
        entry is None
        or token.pos_ not in ("ADJ", "ADV")
        or token.dep_ not in ("acomp", "ROOT", "ccomp", "xcomp", "oprd")
    ):
        return None
    for source in (token, token.head if token.dep_ == "acomp" else token):
        for child in source.children:
            if child.dep_ in (*CLAUSAL, "advcl") and child.i > token.i and is_infinitive(child):
                return Frame("hard", child, False, (), subject_of(child), entry.measure)
    return None


def _doing(token: Token, amount: Token) -> Token | None:
    below = [
        c for c in token.children if c.dep_ in (*CLAUSAL, "advcl") and c.i > token.i and c.pos_ in VERBAL
    ]
    below += [c for c in amount.children if c.dep_ in ("relcl", "acl", "advcl") and c.pos_ in VERBAL]
    return next((c for c in below if c.tag_ == "VBG" or is_infinitive(c)), None)


def _thing(token: Token, measure: str, amount: tuple[Token, ...]) -> Frame | None:
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("on", "for") and child.i > token.i:
            thing = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
            if thing is not None and thing.lower_ not in NOT_THINGS:
                said = {t.i for t in thing.subtree}
                words = tuple(t for t in amount if t.i not in said)
                return Frame(token.lemma_, thing, False, (), subject_of(thing), measure, amount=words)
    subject = subject_of(token)
    if token.lemma_ in ("take", "cost") and subject is not None:
        return Frame(token.lemma_ + " subject", subject, False, (), None, measure)
    return None


def _is_unit(token: Token, lexicon: Lexicon) -> bool:
    return ("unit", token.lemma_.lower()) in lexicon.measures


def _is_amount(token: Token, lexicon: Lexicon, measure: str) -> bool:
    if token.dep_ not in AMOUNTS:
        return False
    numbered = any(c.dep_ == "nummod" or c.lower_ in ("so", "too", "many", "several") for c in token.subtree)
    if measure == "cost":
        named = token.lower_ in ("more", "money", "fortune", "extra", "double")
        return token.pos_ == "NUM" or named or (token.pos_ in ("NOUN", "SYM") and numbered)
    more = any(c.lower_ == "more" for c in token.children)
    of_time = token.lemma_ in ("all", "most", "part", "best", "half") and any(
        _is_unit(t, lexicon) for t in token.subtree
    )
    return not more and (_is_unit(token, lexicon) or of_time or (token.dep_ == "dobj" and numbered))
