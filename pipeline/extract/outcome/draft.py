"""A sentence's outcome statement: its parts, the statement they make, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from pipeline.extract.outcome.clauses import Phrase, clause, noun_phrase
from pipeline.extract.outcome.descent import is_assuring
from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.frames import find
from pipeline.extract.outcome.grammar import VERBAL, denies, lexical
from pipeline.extract.outcome.guess import Ruled, guessed, shipped_guess
from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.singleness import HOLLOW, is_fragment
from pipeline.extract.outcome.statement import SCALE, joined, of_doing, of_thing
from pipeline.extract.outcome.times import TIMES
from pipeline.extract.outcome.toil import takes
from pipeline.extract.outcome.usable import LEAST, chance, shipped_usable
from pipeline.extract.outcome.wishing import wishes

CARRIERS = frozenset(
    {"in", "into", "on", "onto", "with", "via", "using", "through", "from", "to", "by", "out"}
)
GETTING = frozenset(
    {"get", "have", "buy", "use", "try", "switch", "move", "install", "download", "go", "find", "hire"}
)
OPEN = frozenset({"wish", "duty", "cannot", "bare", "infinitive"})
"""Frames so wide that what they are about is not always their own head."""
LONGEST = 32
"""Words: a longer statement says more than one thing, or was cut out of unpunctuated speech."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An outcome statement in the making; ``head`` is the lemma of what is acted on or done."""

    verdict: str
    direction: str | None = None
    measure: str | None = None
    object: str | None = None
    head: str | None = None
    context: str | None = None
    canonical: str | None = None
    job_step: str | None = None


def draft(span: Span, lexicon: Lexicon, kind: str | None = None) -> Draft:
    """The statement that a sentence makes, with the first defect of it as its verdict.

    A statement without a defect that readers would hardly use, by what was learnt from judged drafts, is ``doubtful``.
    ``kind`` (goal, hazard, problem) decides what words without a frame of wishing mean.
    """
    made, frame = unjudged(span, lexicon, kind)
    if made.verdict != "ok" or not kind:
        return made
    likely = chance(made, span, frame, kind, shipped_usable()) >= LEAST
    return made if likely else replace(made, verdict="doubtful")


def unjudged(span: Span, lexicon: Lexicon, kind: str | None) -> tuple[Draft, str]:
    """A draft before it is asked whether readers would use it, and the name of the frame that it was drawn by.

    The rules' statement where the models that learnt from coded sentences see it as about the same word; else what
    they tell of it, without a statement: of 161 that were written so, readers would have used 4.
    """
    frame, made = _framed(span, lexicon, kind)
    name = frame.name if frame is not None else "none"
    ruled = _ruled(frame, made)
    if not kind or (frame is not None and not _is_open(frame, made)):
        return made, name
    implied = guessed(span, lexicon, kind, ruled, shipped_guess())
    if implied is None:
        return made, name
    if ruled.head >= 0 and _is_within(implied.frame.head, span.doc[ruled.head]):
        return replace(made, head=implied.frame.head.lemma_.lower()), name
    other = drafted(implied.frame, span, lexicon)
    told = {"direction": implied.direction, "measure": implied.measure}
    return replace(other, **told, verdict="implied", canonical=None, job_step=None), name


def _is_within(head: Token, framed: Token) -> bool:
    """Whether the rules' statement is about a word though not its head: ``being late``, ``something I can lift``."""
    telling = any(t.dep_ in ("relcl", "acl") and framed.is_ancestor(t) for t in (head, *head.ancestors))
    return telling or (head.pos_ == "ADJ" and framed.lemma_ == "be" and framed.is_ancestor(head))


def _is_open(frame: Frame, made: Draft) -> bool:
    """Whether what the rules say leaves room for another reading."""
    return (
        frame.name in OPEN
        and made.verdict not in ("names_a_solution", "compound")
        and made.measure in (None, "", "likelihood")
    )


def by_rules(span: Span, lexicon: Lexicon, kind: str | None) -> Ruled:
    """What the frames of wishing alone say of a sentence."""
    return _ruled(*_framed(span, lexicon, kind))


def framed(span: Span, lexicon: Lexicon, kind: str | None) -> Draft:
    """The statement that the rules alone make."""
    return _framed(span, lexicon, kind)[1]


def _framed(span: Span, lexicon: Lexicon, kind: str | None) -> tuple[Frame | None, Draft]:
    frame = find(span, lexicon, kind)
    return frame, drafted(frame, span, lexicon) if frame is not None else Draft("not_an_outcome")


def _ruled(frame: Frame | None, made: Draft) -> Ruled:
    if frame is None:
        return Ruled()
    head = lexical(frame.head) if frame.head.pos_ in VERBAL else frame.head
    return Ruled(frame.name, head.i, made.direction, made.measure, made.job_step)


def drafted(frame: Frame, span: Span, lexicon: Lexicon, unsaid: frozenset[int] = frozenset()) -> Draft:
    """The statement of a frame that was found; the words at the positions ``unsaid`` are left out of it."""
    frame = _measured(frame, lexicon)
    lifted = _lifted(frame.head, lexicon)
    dropped = _unsaid(frame, lexicon) | {t.i for t in lifted} | unsaid
    if frame.head.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "DET") and frame.subject is None:
        phrase = noun_phrase(frame.head, span, lexicon, frame.outer, dropped)
    else:
        able = frame.name not in ("cannot", "duty")
        phrase = clause(
            frame.head, span, lexicon, frame.outer, frame.subject, dropped, possible=able, alone=frame.alone
        )
    if unsaid or frame.head.dep_ == "conj":
        phrase = replace(phrase, compound=False)
    made = _stated(frame, phrase, lexicon)
    return replace(made, verdict=_verdict(made, frame, phrase, span, lexicon), job_step=_step(frame, lexicon))


def _stated(frame: Frame, phrase: Phrase, lexicon: Lexicon) -> Draft:
    twice = frame.name == "wish" and not frame.wanted and bool(frame.subject) and not denies(frame.head)
    denied = phrase.denied and not twice
    direction = "increase" if frame.wanted != denied else "minimize"
    if phrase.nominal:
        direction, measure, words = of_thing(frame, phrase, direction, lexicon)
    else:
        direction, measure, words = _scaled(frame, phrase) or of_doing(frame, phrase, direction)
    head = lexical(frame.head) if frame.head.pos_ in VERBAL else frame.head
    if not phrase.gerund:
        return Draft("vague_object", direction, measure, None, head.lemma_.lower())
    return Draft(
        "ok",
        direction,
        measure,
        joined(phrase.subject, phrase.object),
        head.lemma_.lower(),
        phrase.context or None,
        f"{direction} {words}",
    )


def _scaled(frame: Frame, phrase: Phrase) -> tuple[str, str, str] | None:
    """Doing more or less of something: ``drive less`` -> the amount of driving."""
    scale = next(
        (c.lower_ for c in frame.head.children if c.lower_ in SCALE and c.dep_ in ("dobj", "advmod")), None
    )
    if scale is None or frame.measure is not None or phrase.denied or not phrase.gerund:
        return None
    wanted = SCALE[scale] if frame.wanted else {"minimize": "increase"}.get(SCALE[scale], "minimize")
    words = phrase.gerund
    paid = words.partition(" ")
    if paid[0] in ("paying", "spending"):
        return wanted, "cost", f"the amount {'paid' if paid[0] == 'paying' else 'spent'}{paid[1]}{paid[2]}"
    return wanted, "amount", f"the amount of {words}"


def _measured(frame: Frame, lexicon: Lexicon) -> Frame:
    """The frame with the measure that an adverb of its doing names: ``find it quickly`` -> time."""
    if frame.measure is not None or frame.head.pos_ not in VERBAL:
        return frame
    toil = takes(lexical(frame.head), lexicon, None)
    if toil is not None and frame.name != "duty":
        return replace(toil, outer=(*frame.outer, *toil.outer))
    adverb = _adverb(frame.head, lexicon)
    if adverb is None:
        return frame
    return replace(frame, measure=lexicon.measures["adverb", adverb.lower_].measure)


def _adverb(head: Token, lexicon: Lexicon) -> Token | None:
    for verb in (head, lexical(head) if head.pos_ in VERBAL else head):
        for child in verb.children:
            clausal = any(
                t.dep_ in ("advcl", "ccomp") and t.lemma_ not in ("can", "possible", "could")
                for t in child.children
            )
            if child.dep_ == "advmod" and ("adverb", child.lower_) in lexicon.measures and not clausal:
                return child
    return None


def _unsaid(frame: Frame, lexicon: Lexicon) -> set[int]:
    """Positions of words that the measure says instead."""
    adverb = _adverb(frame.head, lexicon) if frame.head.pos_ in VERBAL else None
    unsaid = {t.i for t in adverb.subtree} if adverb is not None else set()
    unsaid |= {t.i for t in frame.amount}
    return unsaid | {c.i for c in frame.head.children if c.lower_ in SCALE}


def _lifted(head: Token, lexicon: Lexicon) -> list[Token]:
    """Words that name the means by which, and can be left out: ``into the spreadsheet``."""
    found: list[Token] = []
    if head.pos_ not in VERBAL:
        return found
    verb = lexical(head)
    for carrier in (head, verb, *(c for c in verb.children if c.dep_ == "dobj")):
        for child in carrier.children:
            if (
                child.dep_ == "prep"
                and child.lower_ in CARRIERS
                and any(_is_means(t, lexicon) for t in child.children)
            ):
                found += list(child.subtree)
    return found


def _is_means(token: Token, lexicon: Lexicon) -> bool:
    return token.lemma_.lower() in lexicon.solutions or token.lower_ in lexicon.solutions


def _verdict(made: Draft, frame: Frame, phrase: Phrase, span: Span, lexicon: Lexicon) -> str:
    if _names_a_solution(frame, lexicon):
        return "names_a_solution"
    if phrase.compound or len((made.canonical or "").split()) > LONGEST:
        return "compound"
    if frame.name in ("wish", "rather") and len(wishes(span, lexicon)) > 1:
        return "compound"
    hollow = phrase.nominal and phrase.head.lemma_ in HOLLOW and made.direction == "minimize"
    if phrase.vague or hollow:
        return "vague_object"
    if is_fragment(made.canonical or "", span):
        return "fragment"
    return "ok" if made.measure else "no_measure"


def _names_a_solution(frame: Frame, lexicon: Lexicon) -> bool:
    head = frame.head
    if not frame.wanted or frame.measure is not None:
        return False
    if head.pos_ in VERBAL:
        verb = lexical(head)
        thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
        if verb.lemma_ not in GETTING or thing is None:
            return False
        head = thing
    if head.lemma_ == "one" and any(c.dep_ == "amod" for c in head.children):
        return True
    name = head.pos_ == "PROPN" and head.lower_ not in TIMES and frame.subject is None
    return _is_means(head, lexicon) or (name and not any(c.dep_ == "relcl" for c in head.children))


def _step(frame: Frame, lexicon: Lexicon) -> str | None:
    head = frame.head
    if any(is_assuring(verb, lexicon) for verb in frame.outer):
        return "confirm"
    if head.pos_ not in VERBAL:
        return None if frame.measure is None else "execute"
    verb = lexical(head)
    particle = next((c.lower_ for c in verb.children if c.dep_ in ("prt", "advmod", "prep", "acomp")), "")
    lemma = verb.lemma_.lower()
    return lexicon.steps.get(f"{lemma} {particle}") or lexicon.steps.get(lemma) or "execute"
