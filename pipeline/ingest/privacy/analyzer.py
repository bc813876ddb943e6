"""Presidio with the pinned English model and recognisers of our own: everything to replace but the names' last word.

Presidio is told its model and its recognisers; nothing is looked up in its own settings and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine, LocalRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    PhoneRecognizer,
)
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.ingest.privacy.addresses import addresses
from pipeline.ingest.privacy.contacts import contacts
from pipeline.ingest.privacy.items import Item
from pipeline.ingest.privacy.numbers import is_other_number, numbers
from pipeline.resources import checked

_KINDS = {"EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "card", "IBAN_CODE": "number"}
_REGIONS = ("US", "GB", "IE", "AU", "IN", "DE", "FR", "ZA")
_BATCH = 64
_PIECE, _OVERLAP = 4_000, 400
"""Characters that are looked through at once, and how far they reach into the next ones."""
_UNSPEAKABLE = re.compile(r"\S{120,}|[^\w\s]{12,}|_{6,}")
"""No words, and costly to cut into tokens: the tagger sees blanks in their place."""


class Finder(LocalRecognizer):
    """A plain function over a text as a recogniser of Presidio."""

    def __init__(self, name: str, kinds: Sequence[str], find: Callable[[str], Iterator[Item]]) -> None:
        self._find = find
        super().__init__(supported_entities=list(kinds), supported_language="en", name=name)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """What the function finds, each for certain."""
        return [RecognizerResult(item.kind, item.start, item.end, 1.0) for item in self._find(text)]


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's e-mail patterns without the look-up of the domain, which would ask the network for a list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Every match counts."""
        return True


class NoContext(ContextAwareEnhancer):
    """Scores as they are: the finders look at the words around by themselves."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self, text: str, raw_results: list[Any], nlp_artifacts: Any, recognizers: Any, context: Any = None
    ) -> list[Any]:
        """The results unchanged."""
        return raw_results


class Analyzer:
    """Finds structured items, and tags names for ``people`` to judge."""

    def __init__(self) -> None:
        self.nlp = names_model()
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "pinned"}])
        engine.nlp = {"en": self.nlp}  # type: ignore[assignment]
        registry = RecognizerRegistry(recognizers=recognizers(), supported_languages=["en"])
        self._engine = AnalyzerEngine(
            registry=registry, nlp_engine=engine, context_aware_enhancer=NoContext()
        )
        self._kinds = sorted({kind for one in registry.recognizers for kind in one.supported_entities})

    def items(self, text: str) -> list[Item]:
        """The structured items of a text; overlapping ones are not joined yet."""
        return [
            Item(item.kind, begin + item.start, begin + item.end)
            for begin, end in _pieces(text)
            for item in self._items(text[begin:end])
        ]

    def _items(self, text: str) -> list[Item]:
        if not may_hold_items(text):
            return []
        blank = NlpArtifacts(
            entities=[],
            tokens=Doc(self.nlp.vocab),
            tokens_indices=[],
            lemmas=[],
            nlp_engine=None,
            language="en",
        )
        found = self._engine.analyze(text, "en", entities=self._kinds, nlp_artifacts=blank)
        items = [Item(_KINDS.get(one.entity_type, one.entity_type), one.start, one.end) for one in found]
        return [
            item
            for item in items
            if not (item.kind in ("phone", "card") and is_other_number(text, item.start, item.end))
        ]

    def tagged(self, texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
        """For each text the entities of the English model: (start, end, label)."""
        spoken = (_UNSPEAKABLE.sub(lambda run: " " * len(run.group()), text) for text in texts)
        for doc in self.nlp.pipe(spoken, batch_size=_BATCH):
            yield [(span.start_char, span.end_char, span.label_) for span in doc.ents]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where a long text is cut, at blanks and with some overlap, so that time grows no faster than length."""
    if len(text) <= _PIECE + _OVERLAP:
        yield 0, len(text)
        return
    for begin in range(0, len(text), _PIECE):
        blank = text.find(" ", begin, begin + _OVERLAP) if begin else begin
        end = begin + _PIECE + _OVERLAP
        until = text.rfind(" ", begin + _PIECE, end) if end < len(text) else len(text)
        yield max(blank, begin), until if until > 0 else end


def recognizers() -> list[LocalRecognizer]:
    """Presidio's own for what it knows well, ours for speech and for what stands in no standard."""
    return [
        OfflineEmailRecognizer(),
        PhoneRecognizer(supported_regions=_REGIONS),
        CreditCardRecognizer(),
        IbanRecognizer(),
        Finder("numbers", ("phone", "card", "number"), numbers),
        Finder("contacts", ("email", "link"), contacts),
        Finder("addresses", ("address",), addresses),
    ]


def may_hold_items(text: str) -> bool:
    """A cheap look: most turns hold no digit, no number word, no ``@`` and no ``dot``."""
    if any(char.isdigit() or char in "@/" for char in text) or "." in text.strip(".")[:-1]:
        return True
    return len(text) > 400 or not _SIGNS.isdisjoint(re.findall(r"[a-z]+", text.lower()))


_SIGNS = frozenset(
    "zero oh double triple treble one two three four five six seven eight nine ten eleven "
    "twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety dot at slash handle username street "
    "road avenue lane postcode zip flat apartment number close drive box "
    "crescent terrace gardens court grove mews unit hundred underscore gmail hotmail instagram insta twitter "
    "discord facebook github linkedin reddit skype snapchat telegram tiktok twitch venmo youtube gamertag".split()
)


def names_model() -> Language:
    """The entity tagger of the pinned English model, alone.

    Raises:
        ModelError: the model is not the pinned one.
    """
    folder = checked("en_core_web_sm_names")
    return spacy.load(
        folder, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    )


def common_words() -> frozenset[str]:
    """The words of the English model's lemmatiser, lower case."""
    folder = checked("en_core_web_sm_names")
    nlp = spacy.load(folder, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "ner", "senter"])
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    words: set[str] = set()
    for table in ("lemma_index", "lemma_exc"):
        for group in lookups.get_table(table).values():
            words.update(group)
    return frozenset(words)
