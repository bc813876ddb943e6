"""Outcome statements without the names of the products that their own interview tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.extract.outcome.lexicon import Lexicon, shipped
from pipeline.extract.outcomes import anatomy
from pipeline.extract.sentences import Sentence
from pipeline.extract.story.parting import shipped_talk
from pipeline.records import Outcome, Statement, Switch, Transcript


def own_names(transcript: Transcript, told: Switch | None) -> tuple[str, ...]:
    """Every spelling of the named products of an interview, and of the product that its metadata names.

    A thing without a name (the ledger) is left out: it may be what they work on. So is a lower-case word of English
    in raw speech-to-text: nobody can tell it from a noun.
    """
    products = told.products if told else ()
    spelled = [said for product in products if _is_name(product.name) for said in product.spellings]
    known = re.split(r"[(,;]", transcript.metadata.get("product", ""))[0].strip()
    return tuple(dict.fromkeys([*spelled, *([known] if _is_name(known) else [])]))


def _is_name(said: str) -> bool:
    return any(letter.isupper() for letter in said) or not _is_english(said)


def _is_english(said: str) -> bool:
    talk = shipped_talk()
    return all(talk.is_word(word) for word in said.lower().split())


def solution_free(
    statements: Sequence[Statement], dialogue: Sequence[Sentence], names: Sequence[str]
) -> list[Statement]:
    """The statements; where a sound outcome holds one of the names, drafted without it, else ``names_a_solution``.

    Only a statement of one whole sentence is drafted anew.
    """
    held = _pattern(names)
    if held is None:
        return list(statements)
    lexicon = _with_means(shipped(), names)
    whole = {(one.turn_index, one.start, one.end): one for one in dialogue}
    return [
        replace(
            s, outcome=_freed(s.outcome, whole.get((s.turn_index, s.char_start, s.char_end)), held, lexicon)
        )
        if s.outcome is not None and _holds(s.outcome, held)
        else s
        for s in statements
    ]


def _freed(outcome: Outcome, sentence: Sentence | None, held: re.Pattern[str], lexicon: Lexicon) -> Outcome:
    if sentence is not None:
        made = anatomy(outcome.statement_id, sentence, outcome.kind, lexicon)
        if made.verdict == "ok" and not _holds(made, held):
            return made
    return replace(outcome, verdict="names_a_solution")


def _holds(outcome: Outcome, held: re.Pattern[str]) -> bool:
    return outcome.verdict == "ok" and held.search(outcome.canonical or "") is not None


def _pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the names as whole words; one that is a word of English only as it is spelled: Square is no square."""
    if not names:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(_spelled(names))})(?!\w)")


def _spelled(names: Sequence[str]) -> Iterator[str]:
    for name in sorted(names, key=lambda name: (-len(name), name)):
        yield re.escape(name) if _is_english(name) else f"(?i:{re.escape(name)})"


def _with_means(lexicon: Lexicon, names: Sequence[str]) -> Lexicon:
    """The lexicon, to which the names are means by which something is done: ``into Quillbook`` is left out."""
    lemmas = tuple(dict.fromkeys(name.lower().split()[-1] for name in names))
    return lexicon.with_means(lemmas)
