"""Which cue rules can fire in a sentence at all, told by its words alone: so that few patterns are tried.

A pattern's token that names its word or lemma, and is not optional, must meet one of its words in the
sentence. spaCy's matchers would try every pattern on every token; a hundred rules would cost half as much as
the parse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spacy.strings import StringStore

from pipeline.extract.rules import Rule

Words = frozenset[int]
OPTIONAL = frozenset({"?", "*", "!"})


class Gate:
    """Lets through the rules whose words are there."""

    def __init__(self, strings: StringStore, rules: Sequence[Rule]) -> None:
        self._always: set[str] = set()
        self._by_word: dict[int, list[tuple[str, tuple[Words, ...]]]] = defaultdict(list)
        for rule in rules:
            for tokens in (
                *rule.patterns,
                *([node.get("RIGHT_ATTRS", {}) for node in p] for p in rule.dependencies),
            ):
                self._add(rule.id, tuple(_needed(strings, tokens)))

    def open(self, words: set[int]) -> list[str]:
        """The ids of the rules that these words, as hashes of lower-case forms and lemmas, let through."""
        found = set(self._always)
        for word in words & self._by_word.keys():
            for rule_id, others in self._by_word[word]:
                if rule_id not in found and not any(words.isdisjoint(other) for other in others):
                    found.add(rule_id)
        return sorted(found)

    def _add(self, rule_id: str, needed: tuple[Words, ...]) -> None:
        if not needed:
            self._always.add(rule_id)
            return
        rarest = min(needed, key=len)
        others = tuple(words for words in needed if words is not rarest)
        for word in rarest:
            self._by_word[word].append((rule_id, others))


def _needed(strings: StringStore, tokens: Sequence[Mapping[str, Any]]) -> Iterator[Words]:
    for token in tokens:
        if str(token.get("OP", "1")) in OPTIONAL or str(token.get("OP", "1")).startswith(("{0", "{,")):
            continue
        for key in ("LOWER", "LEMMA"):
            value = token.get(key)
            if isinstance(value, Mapping):
                value = value.get("IN")
            if isinstance(value, str):
                value = [value]
            if value is not None:
                yield frozenset(strings.add(str(word)) for word in value)
