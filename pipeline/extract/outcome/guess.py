"""What an outcome sentence is about, learnt from sentences that people have coded.

Three linear models over named features of the parse: which word is what is done or acted on, whether it is wanted or
dreaded, and in what measure. What the frames of wishing say is one of the features. They are small, and every weight
can be read in ``models/outcomes/guess.json``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Span, Token

from pipeline.extract.linear import Linear, read_model
from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.grammar import SUBJECTS, VERBAL, denies, denying, helpers, lemma, subject_of
from pipeline.extract.outcome.lexicon import Lexicon, Role
from pipeline.resources import models_folder

HEADS = ("VERB", "NOUN", "AUX", "ADJ", "PROPN")
"""Parts of speech that can be what an outcome is about."""
ROLES: tuple[Role, ...] = ("wish", "would", "dread", "duty", "aim", "assure", "prevent", "lower", "raise")
SURE = 0.8
"""Chance from which on the models decide a direction or a measure against the rules."""
CLEARLY = 0.5
"""By how much (natural logarithm of the odds) another word must be likelier than the head of the rules' frame."""
FEW = 30
"""Words of a sentence from which on its later ones are all far."""

Features = dict[str, float]


class Guess(BaseModel):
    """The models, as ``training/guesses.py`` writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    head: Linear
    direction: Linear
    measure: Linear


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules make of a sentence: the head of the frame that they find, and the direction and measure."""

    frame: str = "none"
    head: int = -1
    direction: str | None = None
    measure: str | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Implied:
    """What the models make of a sentence."""

    frame: Frame
    direction: str
    measure: str


@lru_cache(maxsize=1)
def shipped_guess() -> Guess:
    """The shipped models.

    Raises:
        ModelError: they are missing or damaged.
    """
    return read_model(models_folder() / "outcomes" / "guess.json", Guess)


def guessed(span: Span, lexicon: Lexicon, kind: str | None, ruled: Ruled, guess: Guess) -> Implied | None:
    """What a sentence is likeliest about; None where no word can be its head, or it is that of the rules.

    Of the head the models decide; of direction and measure the rules, unless the models are ``SURE``.
    """
    words = candidates(span)
    if not words:
        return None
    totals = [guess.head.totals(of_word(word, span, lexicon, ruled))[0] for word in words]
    likeliest = max(totals)
    framed = [total for word, total in zip(words, totals, strict=True) if word.i == ruled.head]
    if framed and framed[0] > likeliest - CLEARLY:
        return None
    head = words[totals.index(likeliest)]
    if ruled.head >= 0 and _says_no_more(head, span.doc[ruled.head], lexicon):
        return None
    row = of_sentence(span, lexicon, kind, ruled) | of_head(head)
    direction = _surer(ruled.direction, *guess.direction.likeliest(row))
    measure = _surer(ruled.measure or None, *guess.measure.likeliest(row))
    subject = subject_of(head) if head.pos_ in VERBAL else None
    named = None if measure == "likelihood" else measure
    frame = Frame("implied", head, direction == "increase", subject=subject, measure=named)
    return Implied(frame, direction, measure)


def _says_no_more(head: Token, framed: Token, lexicon: Lexicon) -> bool:
    """Whether a word only wishes for what the rules' head names."""
    wishing = any(lexicon.is_a(lemma(head), role) for role in ROLES)
    return head.is_ancestor(framed) and (wishing or head.pos_ == "ADJ")


def _surer(ruled: str | None, likeliest: str, chance: float) -> str:
    return ruled if ruled is not None and chance < SURE else likeliest


def candidates(span: Span) -> list[Token]:
    """The words that can be what an outcome is about."""
    return [
        t
        for t in span
        if t.pos_ in HEADS and t.is_alpha and t.dep_ not in ("aux", "auxpass") and t.head.lower_ != "without"
    ]


def of_word(word: Token, span: Span, lexicon: Lexicon, ruled: Ruled) -> Features:
    """What speaks for one word as the head."""
    above = word.head if word.head.i != word.i else None
    ways = {
        f"pos {word.pos_}",
        f"tag {word.tag_}",
        f"dep {word.dep_}",
        f"pos {word.pos_} dep {word.dep_}",
        f"above {above.pos_ if above is not None else 'none'}",
        f"above dep {above.dep_ if above is not None else 'none'} dep {word.dep_}",
        f"lemma {lemma(word)}",
    }
    if above is not None:
        ways |= {f"above lemma {lemma(above)}", *(f"under {role}" for role in _roles(above, lexicon))}
        ways |= {f"far under {role}" for role in _roles(above.head, lexicon)}
    ways |= {f"is {role}" for role in _roles(word, lexicon)}
    ways |= {f"has {child.dep_}" for child in word.children}
    ways |= {f"helped {other}" for other in helpers(word)}
    place = word.i - span.start
    found = dict.fromkeys(sorted(ways), 1.0)
    found |= {
        "place": place / max(len(span) - 1, 1),
        "early": float(place < 3),
        "deep": _depth(word, span) / 4,
    }
    found["subtree"] = math.log(1 + sum(1 for _ in word.subtree)) / 2
    found["denied"] = float(denies(word))
    found[f"framed {ruled.frame}"] = float(word.i == ruled.head)
    found["framed"] = float(word.i == ruled.head)
    found["under the framed"] = float(word.head.i == ruled.head and word.i != ruled.head)
    found["above the framed"] = float(any(child.i == ruled.head for child in word.children))
    found[f"under the framed dep {word.dep_}"] = found["under the framed"]
    found["person subject"] = float(_has_person(word))
    return found


def _has_person(word: Token) -> bool:
    subject = subject_of(word)
    return subject is not None and subject.lower_ in ("i", "we", "you", "she", "he", "they")


def _depth(word: Token, span: Span) -> int:
    depth = 0
    while word.head.i != word.i and span.start <= word.head.i < span.end and depth < FEW:
        word, depth = word.head, depth + 1
    return depth


def _roles(word: Token, lexicon: Lexicon) -> Iterator[str]:
    return (role for role in ROLES if lexicon.is_a(lemma(word), role))


def of_sentence(span: Span, lexicon: Lexicon, kind: str | None, ruled: Ruled) -> Features:
    """What speaks for a direction and a measure: words, pairs of words, cues, the kind that the reader tells."""
    words = [lemma(t) for t in span if t.is_alpha]
    ways = {f"word {w}" for w in words} | {f"pair {a} {b}" for a, b in itertools.pairwise(words)}
    ways |= {f"role {role}" for t in span for role in _roles(t, lexicon)}
    ways |= {f"kind {kind}", f"ends {span[-1].text if not span[-1].is_alpha else 'word'}"}
    ways |= {f"measure {entry}" for entry in _measures(span, lexicon)}
    ways |= {f"tense {t.tag_}" for t in span if t.dep_ == "ROOT"}
    ways |= {f"ruled {ruled.direction}", f"ruled {ruled.measure}", f"frame {ruled.frame}"}
    ways |= {f"frame {ruled.frame} ruled {ruled.direction}", f"ruled step {ruled.step}"}
    denied = sum(t.dep_ == "neg" or denying(t) for t in span)
    return dict.fromkeys(sorted(ways), 1.0) | {"denied": float(denied > 0), "denied twice": float(denied > 1)}


def of_head(head: Token) -> Features:
    """What the chosen head says of direction and measure."""
    ways = {f"head {lemma(head)}", f"head pos {head.pos_}", f"head tag {head.tag_}"}
    ways |= {f"head helped {other}" for other in helpers(head)}
    if any(child.dep_ in SUBJECTS for child in head.children):
        ways.add("head has subject")
    return dict.fromkeys(sorted(ways), 1.0) | {"head denied": float(denies(head))}


def _measures(span: Span, lexicon: Lexicon) -> Iterator[str]:
    for token in span:
        for role in ("unit", "adverb", "adjective", "noun", "verb"):
            for form in (lemma(token), token.lower_):
                if (role, form) in lexicon.measures:
                    yield f"{role} {lexicon.measures[role, form].measure}"
