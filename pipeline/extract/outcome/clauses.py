"""Which words of a sentence belong to what is wanted or dreaded, put into a neutral phrase."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.extract.outcome.context import context_of
from pipeline.extract.outcome.grammar import (
    NOBODY,
    POSSIBLE,
    VERBAL,
    conjuncts,
    denies,
    denying,
    lemma,
    lexical,
    subject_of,
)
from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.singleness import HOLLOW, VAGUE, is_compound, is_vague, points_away
from pipeline.extract.outcome.wording import SPEAKER, gerund, text, without_fillers

OBJECTIVE = {"he": "him", "she": "her", "they": "them", "who": "somebody"}
OUTSIDE = frozenset(
    {
        "nsubj",
        "nsubjpass",
        "csubj",
        "expl",
        "aux",
        "auxpass",
        "neg",
        "mark",
        "cc",
        "punct",
        "parataxis",
        "intj",
    }
    | {"conj", "discourse", "dep", "preconj", "meta"}
)
EXCUSING = frozenset({"because", "cos", "cause", "cuz", "since", "so", "though", "although", "as"})
PUTTING = frozenset({"want", "need", "like", "have", "get", "see", "keep", "leave", "prefer"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A clause or noun phrase in neutral words."""

    head: Token
    subject: str
    """Who does it, unless it is the speaker, in the form that stands before a gerund."""
    gerund: str
    infinitive: str
    object: str
    """The infinitive or noun phrase without its context."""
    context: str
    compound: bool
    vague: bool
    denied: bool
    """Whether its own words deny it: ``not``, ``nobody``, ``no dog``."""
    nominal: bool = False


def noun_phrase(
    head: Token, span: Span, lexicon: Lexicon, outer: Sequence[Token], dropped: Collection[int]
) -> Phrase:
    """A wanted or dreaded thing; ``outer`` are the heads above it, ``dropped`` positions are left unsaid."""
    outside = [t for t in context_of(outer, lexicon) if t.i not in dropped and span.start <= t.i < span.end]
    taken = {t.i for t in outside} | set(dropped)
    tokens = [t for t in _subtree(head, span) if t.i not in taken]
    tokens += [t for t in _trailing(head, outer, span) if t.i not in taken | {t.i for t in tokens}]
    tokens = sorted(tokens, key=lambda t: t.i)
    denied = denying(head)
    words = text(tokens, _positive(head) if denied else None)
    when = text(outside)
    hollow = head.lower_ in VAGUE or head.lemma_ in HOLLOW
    filled = any(t.pos_ in ("NOUN", "VERB", "ADJ", "PROPN") for t in tokens if t.i != head.i)
    vague = not words or (hollow and not filled) or points_away([t for t in tokens if t.i != head.i], head)
    whole = f"{words} {when}".strip()
    return Phrase(head, "", whole, whole, words, when, False, vague, denied, True)


def clause(
    head: Token,
    span: Span,
    lexicon: Lexicon,
    outer: Sequence[Token],
    subject: Token | None,
    dropped: Collection[int],
    *,
    possible: bool = True,
    alone: bool = False,
) -> Phrase:
    """A wanted or dreaded doing; a subject that is the speaker is left out.

    With ``possible``, "can" and "could" are kept as "being able to"; with ``alone`` no subject is said.
    """
    subject = None if alone else subject if subject is not None else subject_of(head)
    kept = [t for t in _kept(head, span) if t.i not in dropped]
    inside = {t.i for t in context_of({head, lexical(head)}, lexicon)} & {t.i for t in kept}
    busy = (
        {t.i for t in kept} | {t.i for t in subject.subtree} if subject is not None else {t.i for t in kept}
    )
    outside = [
        t
        for t in context_of(outer, lexicon)
        if t.i not in busy | set(dropped) and span.start <= t.i < span.end
    ]
    outside = [t for t in outside if t.i != head.i]
    first, rest = _verbs(head, possible=possible)
    before, after = [t for t in kept if t.i < head.i], [t for t in kept if t.i > head.i]
    doing = {c.i: gerund(lemma(c)) for c in conjuncts(head) if c.tag_ in ("VB", "VBP", "VBZ", "VBD")}
    plain = {c.i: lemma(c) for c in conjuncts(head) if c.tag_ in ("VB", "VBP", "VBZ", "VBD")}
    bare = [t for t in after if t.i not in inside]
    return Phrase(
        head=head,
        subject=_doer(head, subject, span, dropped),
        gerund=_joined(text(before), gerund(first), rest, text(after, doing), text(outside)),
        infinitive=_joined(text(before), first, rest, text(after, plain), text(outside)),
        object=_joined(text([t for t in before if t.i not in inside]), first, rest, text(bare, plain)),
        context=text([*(t for t in kept if t.i in inside), *outside]),
        compound=is_compound(head, kept),
        vague=is_vague(head, subject, [*kept, *outside]),
        denied=denies(head) != bool(subject is not None and denying(subject)),
    )


def _trailing(head: Token, outer: Sequence[Token], span: Span) -> list[Token]:
    """What the parser hung on the verb behind a thing: ``my Sunday back``, ``strangers in the house``."""
    found: list[Token] = []
    for verb in outer[-1:]:
        for child in verb.children:
            after = child.i > head.i and child.dep_ in ("prep", "advmod", "prt") and not _excuses(child)
            if after and not any(
                t.lower_ in SPEAKER | {"me", "us"} for t in child.subtree if t.dep_ == "pobj"
            ):
                found += [t for t in child.subtree if span.start <= t.i < span.end]
    return without_fillers(found)


def _subtree(head: Token, span: Span) -> list[Token]:
    """A noun's own words, without statements joined behind it."""
    apart: set[int] = set()
    for token in head.subtree:
        joined = token.dep_ == "conj" and token.pos_ in VERBAL and token.head.pos_ not in VERBAL
        if token.dep_ in ("parataxis", "intj", "discourse") or joined:
            apart |= {t.i for t in token.subtree}
    tokens = [t for t in head.subtree if t.i not in apart and span.start <= t.i < span.end]
    while tokens and tokens[-1].dep_ in ("cc", "punct"):
        tokens.pop()
    return without_fillers(tokens)


def _kept(head: Token, span: Span) -> list[Token]:
    """The words of a clause: what hangs on its head, without subject, helpers and other statements."""
    kept: set[int] = set()
    joined = conjuncts(head)
    for child in head.children:
        before = child.i < head.i and child.dep_ not in ("advmod", "npadvmod")
        if (
            before
            or (child.dep_ in OUTSIDE and child not in joined)
            or child.lower_ == "never"
            or _excuses(child)
        ):
            continue
        kept |= {t.i for t in child.subtree if not (t.dep_ == "neg" and t.head.i == head.i)}
    if joined:
        kept |= {c.i for c in head.children if c.dep_ in ("cc", "punct") and head.i < c.i < joined[-1].i}
    tokens = [span.doc[i] for i in sorted(kept) if span.start <= i < span.end]
    return without_fillers(t for t in tokens if t.dep_ not in ("intj", "parataxis"))


def _excuses(child: Token) -> bool:
    """A clause that gives the reason, not the result."""
    if child.dep_ not in ("advcl", "ccomp", "prep"):
        return False
    if child.dep_ == "ccomp" and child.head.lemma_ == "be" and subject_of(child) is not None:
        return not any(t.dep_ in ("mark", "advmod") for t in child.children)
    opening = (
        {child.lower_} if child.dep_ == "prep" else {t.lower_ for t in child.children if t.dep_ == "mark"}
    )
    return (bool(opening & EXCUSING) and child.dep_ != "prep") or child.lower_ == "because"


def _verbs(head: Token, *, possible: bool) -> tuple[str, str]:
    """The first verbal word as a base form, and further ones as they stand."""
    helping = [c for c in head.children if c.dep_ in ("aux", "auxpass") and c.i < head.i]
    passive = next((c for c in helping if c.dep_ == "auxpass"), None)
    perfect = next((c for c in helping if c.lemma_ == "have" and head.tag_ in ("VBN", "VBD")), None)
    if passive is not None and passive.lower_ == "'s" and _is_person(subject_of(head)):
        passive, perfect = None, passive
    own = head.lower_
    if passive is not None:
        first, rest = ("get" if passive.lemma_ == "get" else "be"), own
    elif perfect is not None:
        first, rest = "have", own
    elif head.pos_ in VERBAL and not _is_participle(head):
        first, rest = lemma(head), ""
    else:
        first, rest = "be", own
    able = possible and any(c.lower_ in POSSIBLE for c in helping)
    return ("be", f"able to {first} {rest}".strip()) if able else (first, rest)


def _is_participle(head: Token) -> bool:
    """``want it done``, ``need that phone answered``: no helper, but done to it all the same."""
    if head.tag_ not in ("VBN", "VBD") or any(c.dep_ in ("aux", "mark") for c in head.children):
        return False
    return head.dep_ in ("oprd", "xcomp", "acl") or (head.dep_ == "ccomp" and head.head.lemma_ in PUTTING)


def _is_person(subject: Token | None) -> bool:
    """Whether "'s" behind a subject is "has" rather than "is" before a participle: "he's eaten"."""
    return subject is not None and subject.lower_ in ("he", "she", "everybody", "everyone", "somebody", "who")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part).strip(" ,")


def _doer(head: Token, subject: Token | None, span: Span, dropped: Collection[int]) -> str:
    if subject is None and any(c.dep_ == "expl" and c.lower_ == "there" for c in head.children):
        return "there"
    if subject is None or subject.lower_ in SPEAKER | {"me", "us"}:
        return ""
    if subject.lower_ in OBJECTIVE:
        return OBJECTIVE[subject.lower_]
    own = {t.i for t in head.subtree} if subject.i not in {t.i for t in head.subtree} else set()
    own |= {c.i for c in subject.children if c.lower_ == "that" and subject.pos_ == "PRON"}
    tokens = [t for t in _subtree(subject, span) if t.i not in own | set(dropped)]
    return text(tokens, _positive(subject) if denying(subject) else None)


def _positive(head: Token) -> dict[int, str]:
    """What to say instead of the denying words of a noun phrase."""
    found = {c.i: "any" for c in head.children if c.lower_ == "no" and c.dep_ == "det"}
    return found | ({head.i: NOBODY[head.lower_]} if head.lower_ in NOBODY else {})
