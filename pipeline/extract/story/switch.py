"""The switch of one interview, put together from its things and from what its sentences tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.story.choosing import Chosen, Scored, choose, telling_mention
from pipeline.extract.story.lines import Line
from pipeline.extract.story.parting import shipped_talk, shipped_weights
from pipeline.extract.story.pointing import pointing
from pipeline.extract.story.telling import told
from pipeline.records import Product, Statement, Switch, SwitchPart, Transcript, content_id

Ended = Literal["stayed", "went_back"]
Kind = Literal["like_for_like", "cross_category", "from_nothing", "stayed"]
MOST = {
    "event_one": 3,
    "event_two": 3,
    "when": 2,
    "decided_by": 2,
    "paid": 3,
    "ended": 2,
    "doing_now": 6,
    "candidate": 5,
}
"""How many of each part are kept, surest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part before it is ranked."""

    part: str
    value: str
    score: float | None
    line: int
    reason: str | None = None
    product_id: str | None = None


def switch(transcript: Transcript, lines: Sequence[Line], statements: Sequence[Statement]) -> Switch | None:
    """The switch that an interview tells; None where nothing of one is told."""
    chosen = choose(lines, shipped_talk(), shipped_weights(), transcript.metadata.get("product", ""))
    return put_together(transcript, lines, statements, chosen)


def put_together(
    transcript: Transcript, lines: Sequence[Line], statements: Sequence[Statement], chosen: Chosen
) -> Switch | None:
    """The switch of these things; None where there are none and no sentence tells of one."""
    pointed = pointing(lines, [scored.thing for scored in _picked(chosen)])
    products = _products(transcript, chosen, lines, pointed)
    found = [
        *_things(chosen, products, lines, pointed),
        *_sentences(lines, _named_lines(chosen, pointed)),
        *_events(lines, statements),
    ]
    if not found:
        return None
    identity = content_id("w", transcript.transcript_id)
    parts = tuple(_ranked(identity, found, lines))
    people = {t.participant_id for t in transcript.turns if t.role == "participant"}
    ended = _ended(parts)
    return Switch(
        switch_id=identity,
        participant_id=people.pop() if len(people) == 1 else None,
        ended=ended,
        kind=_kind(parts, chosen, ended),
        products=tuple(products.values()),
        parts=parts,
    )


def _picked(chosen: Chosen) -> list[Scored]:
    """The products of the switch."""
    return [one for one in (chosen.fired, chosen.hired, *chosen.others) if one is not None]


def _products(
    transcript: Transcript, chosen: Chosen, lines: Sequence[Line], pointed: Mapping[str, Sequence[int]]
) -> dict[str, Product]:
    """Product records by the thing's key."""
    roles = [
        (chosen.fired, "fired"),
        (chosen.hired, "hired"),
        *((other, "candidate") for other in chosen.others),
    ]
    made = {}
    for scored, role in roles:
        if scored is None:
            continue
        thing, mention = scored.thing, telling_mention(scored, lines, role)
        line = lines[mention.line]
        made[thing.key] = Product(
            product_id=content_id("d", transcript.transcript_id, thing.key),
            name=thing.name,
            spellings=thing.spellings,
            role=role,  # type: ignore[arg-type]
            n_mentions=len(thing.mentions) + len(pointed.get(thing.key, ())),
            turn_index=line.turn_index,
            quote=line.text,
            char_start=line.start,
            char_end=line.start + len(line.text),
        )
    return made


def _things(
    chosen: Chosen,
    products: dict[str, Product],
    lines: Sequence[Line],
    pointed: Mapping[str, Sequence[int]],
) -> Iterator[Found]:
    for scored, role in ((chosen.fired, "fired"), (chosen.hired, "hired")):
        if scored is not None:
            yield _thing(scored, role, products, lines)
    for scored in chosen.others:
        reason = _reason(scored, lines, pointed.get(scored.thing.key, ()))
        yield _thing(scored, "candidate", products, lines, reason)


def _thing(
    scored: Scored,
    role: str,
    products: dict[str, Product],
    lines: Sequence[Line],
    reason: str | None = None,
) -> Found:
    score = {"fired": scored.chances["fired"], "hired": scored.new}.get(role, scored.product)
    mention = telling_mention(scored, lines, role)
    product_id = products[scored.thing.key].product_id
    return Found(role, scored.thing.name, round(score, 3), mention.line, reason, product_id)


def _reason(scored: Scored, lines: Sequence[Line], pointed: Sequence[int]) -> str | None:
    """The words of a worry told of the thing: in its sentence, the next of the same turn, or one that calls it "it"."""
    places = []
    for mention in scored.thing.mentions:
        after = mention.line + 1
        goes_on = after < len(lines) and lines[after].turn_index == lines[mention.line].turn_index
        places += [mention.line, after] if goes_on else [mention.line]
    worries = (lines[at] for at in (*places, *pointed))
    return next((line.text for line in worries if not line.asks and "anxiety" in line.labels), None)


def _named_lines(chosen: Chosen, pointed: Mapping[str, Sequence[int]]) -> set[int]:
    """The sentences in which a product of the switch is named or called "it", with their neighbours."""
    named = {mention.line for one in _picked(chosen) for mention in one.thing.mentions}
    named |= {line for found in pointed.values() for line in found}
    return {number + step for number in named for step in (-1, 0, 1)}


def _sentences(lines: Sequence[Line], named: set[int]) -> Iterator[Found]:
    for number, line in enumerate(lines):
        if not line.asks:
            for one in told(line.text):
                if number in named or not one.near_product:
                    yield Found(one.part, one.value, None, number, one.rule)


def _events(lines: Sequence[Line], statements: Sequence[Statement]) -> Iterator[Found]:
    """The strongest pushes on either side of the start of looking, where stages tell it."""
    forces = [s for s in statements if s.label == "push" and s.stage and not s.needs_review]
    for part, stages in (
        ("event_one", ("first_thought", "passive_looking")),
        ("event_two", ("active_looking", "deciding")),
    ):
        told_then = [s for s in forces if s.stage in stages]
        if told_then:
            best = max(told_then, key=lambda s: (s.intensity == "strong", s.turn_index, s.score))
            at = _line_of(lines, best)
            if at is not None:
                yield Found(part, best.quote, best.score, at, "strongest push of the stage")


def _line_of(lines: Sequence[Line], statement: Statement) -> int | None:
    for number, line in enumerate(lines):
        if line.turn_index == statement.turn_index and line.start == statement.char_start:
            return number
    return None


def _ranked(identity: str, found: Sequence[Found], lines: Sequence[Line]) -> Iterator[SwitchPart]:
    """Parts in order: things by score; what is said in so many words before what is guessed from a stage."""
    by_part: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if all(other.line != one.line for other in by_part[one.part] if one.product_id is None):
            by_part[one.part].append(one)
    for part, group in sorted(by_part.items()):
        late = part in ("ended", "event_two")
        group.sort(
            key=lambda f: (
                f.product_id is None and f.score is not None,
                -(f.score or 0),
                -f.line if late else f.line,
            )
        )
        for rank, one in enumerate(group[: MOST.get(part, 1)], 1):
            line = lines[one.line]
            yield SwitchPart(
                part_id=content_id("a", identity, part, one.line, one.value),
                part=part,  # type: ignore[arg-type]
                rank=rank,
                value=one.value,
                product_id=one.product_id,
                reason=one.reason,
                score=one.score,
                turn_index=line.turn_index,
                quote=line.text,
                char_start=line.start,
                char_end=line.start + len(line.text),
            )


def _ended(parts: Sequence[SwitchPart]) -> Ended | None:
    """What the last sentence says that says how it ended."""
    last = next((part.value for part in parts if part.part == "ended" and part.rank == 1), None)
    return "stayed" if last == "stayed" else "went_back" if last == "went_back" else None


def _kind(parts: Sequence[SwitchPart], chosen: Chosen, ended: Ended | None) -> Kind | None:
    """What kind of switch it was; None where it cannot be told: of two things without a name nobody knows."""
    if ended == "stayed":
        return "stayed"
    if chosen.hired is None:
        return None
    if chosen.fired is not None:
        named = (chosen.fired.thing.is_name, chosen.hired.thing.is_name)
        return {(True, True): "like_for_like", (False, False): None}.get(named, "cross_category")
    done = [part for part in parts if part.part == "doing_now"]
    if any(part.value != "nothing" for part in done):
        return "cross_category"
    return "from_nothing" if done else None
