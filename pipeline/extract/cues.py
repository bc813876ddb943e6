"""spaCy component ``whyswitch/cues``: where cue rules fire, as spans labelled by their rules' ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.errors import MatchPatternError
from spacy.language import Language
from spacy.matcher import DependencyMatcher, Matcher
from spacy.tokens import Doc, Span, Token

from pipeline.errors import ConfigError
from pipeline.extract.gate import Gate
from pipeline.extract.negation import is_negated
from pipeline.extract.rules import Rule, read_rules

CUES = "whyswitch/cues"
FIRST = frozenset({"i", "we", "me", "us", "my", "our", "myself", "mine", "ours"})
SECOND = frozenset({"you", "your", "yours"})


class Cues:
    """Fires the rules on a doc.

    Raises:
        ConfigError: spaCy does not take a pattern; the message names the rule.
    """

    def __init__(self, nlp: Language, rules: tuple[Rule, ...]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._vocab = nlp.vocab
        self._tokenizer = nlp.tokenizer
        self._tokens: dict[str, Matcher] = {}
        self._trees: dict[str, DependencyMatcher] = {}
        self._questions = Matcher(nlp.vocab, validate=True)
        for rule in rules:
            self._add(rule)
        self._gate = Gate(nlp.vocab.strings, rules)
        self._asking = {rule.id for rule in rules if rule.needs_question}

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its cues in ``doc.spans["whyswitch/cues"]``; none crosses a sentence's end."""
        words = doc.to_array(["LOWER", "LEMMA"])
        found = {}
        for sentence in doc.sents:
            here = {int(word) for word in words[sentence.start : sentence.end].flat}
            for rule_id in self._gate.open(here):
                for span in self._fired(rule_id, sentence):
                    found[span.start, span.end, rule_id] = span
        doc.spans[CUES] = [found[key] for key in sorted(found)]
        return doc

    def parse(self, text: str) -> Doc:
        """A question as tokens only: its patterns look at words, not at the parse."""
        return self._tokenizer(text)

    def asked(self, question: Doc) -> frozenset[str]:
        """The rules that need a question and find it in this one."""
        found = self._questions(question) if len(self._questions) else ()
        return frozenset(self._vocab.strings[match[0]] for match in found)

    def needs_question(self, rule_id: str) -> bool:
        """Whether a rule fires only after certain questions."""
        return rule_id in self._asking

    def _add(self, rule: Rule) -> None:
        try:
            if rule.patterns:
                self._tokens[rule.id] = Matcher(self._vocab, validate=True)
                self._tokens[rule.id].add(rule.id, [list(pattern) for pattern in rule.patterns])
            if rule.dependencies:
                self._trees[rule.id] = DependencyMatcher(self._vocab, validate=True)
                self._trees[rule.id].add(rule.id, [list(pattern) for pattern in rule.dependencies])
            if rule.question:
                self._questions.add(rule.id, [list(pattern) for pattern in rule.question])
        except (MatchPatternError, ValueError) as error:
            raise ConfigError(
                f"rule '{rule.id}': spaCy does not take its pattern: {error}",
                "See https://spacy.io/usage/rule-based-matching for what a pattern may hold.",
            ) from error

    def _fired(self, rule_id: str, sentence: Span) -> Iterator[Span]:
        rule = self.rules[rule_id]
        if rule_id in self._tokens:
            for _, start, end in self._tokens[rule_id](sentence):
                span = sentence[start:end]
                if _allowed(rule, span.root, range(span.start, span.end)):
                    yield Span(sentence.doc, span.start, span.end, label=rule_id)
        if rule_id in self._trees:
            for _, positions in self._trees[rule_id](sentence):
                matched = [sentence.start + position for position in positions]
                if _allowed(rule, sentence.doc[matched[0]], matched):
                    yield Span(sentence.doc, min(matched), max(matched) + 1, label=rule_id)


def _allowed(rule: Rule, head: Token, matched: Sequence[int]) -> bool:
    """Whether negation and doer of the matched words are what the rule asks for."""
    if rule.negation != "ignored" and is_negated(head, matched) != (rule.negation == "required"):
        return False
    return rule.subject == "any" or _has_subject(head, rule.subject)


def _has_subject(token: Token, wanted: str) -> bool:
    """Whether the doer, or else the owner, of what ``token`` heads is the one wanted."""
    for _ in range(4):
        subjects = [child.lower_ for child in token.children if child.dep_ in ("nsubj", "nsubjpass", "poss")]
        if subjects:
            return subjects[0] in FIRST if wanted == "first" else subjects[0] not in SECOND
        if token.dep_ in ("nsubj", "nsubjpass", "poss"):
            return token.lower_ in FIRST if wanted == "first" else token.lower_ not in SECOND
        if token.dep_ == "ROOT":
            break
        token = token.head
    return wanted == "not_second"


@Language.factory(
    CUES,
    requires=["token.dep", "token.lemma", "token.pos"],
    assigns=["doc.spans"],
    default_config={"folders": []},
)
def create_cues(nlp: Language, name: str, folders: list[str]) -> Cues:  # noqa: ARG001
    """The component, with the rules of some folders."""
    return Cues(nlp, read_rules(*(Path(folder) for folder in folders)))
