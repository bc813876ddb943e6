"""spaCy component ``whyswitch/cues``: where cue rules fire, as a span group; each span's id is its rule's.

Negation and subject are read off the parse: a match is negated when a negation hangs on its head or on a verb
above it within the sentence ("I was never worried", "it wasn't that it was slow").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.matcher import DependencyMatcher, Matcher
from spacy.tokens import Doc, Span, Token

from pipeline.extract.rules import Rule, read_rules

CUES = "whyswitch/cues"
NEGATIONS = frozenset({"no", "not", "n't", "never", "nothing", "none", "neither", "nor", "hardly", "without"})
FIRST = frozenset({"i", "we", "me", "us", "my", "our", "myself"})


class Cues:
    """Fires the rules on a doc."""

    def __init__(self, nlp: Language, rules: tuple[Rule, ...]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._tokens = Matcher(nlp.vocab, validate=True)
        self._trees = DependencyMatcher(nlp.vocab, validate=True)
        self._questions = Matcher(nlp.vocab, validate=True)
        for rule in rules:
            if rule.patterns:
                self._tokens.add(rule.id, [list(pattern) for pattern in rule.patterns])
            if rule.dependencies:
                self._trees.add(rule.id, [list(pattern) for pattern in rule.dependencies])
            if rule.question:
                self._questions.add(rule.id, [list(pattern) for pattern in rule.question])
        self._vocab = nlp.vocab
        self._tokenizer = nlp.tokenizer
        self._asking = {rule.id for rule in rules if rule.needs_question}

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its cues in ``doc.spans["whyswitch/cues"]``."""
        found = {(span.start, span.end, span.label_): span for span in self._fired(doc)}
        doc.spans[CUES] = [found[key] for key in sorted(found)]
        return doc

    def parse(self, text: str) -> Doc:
        """A question as tokens only: its patterns look at words, not at the parse."""
        return self._tokenizer(text)

    def asked(self, question: Doc) -> frozenset[str]:
        """The rules that need a question and find it in this one."""
        return frozenset(self._vocab.strings[match[0]] for match in self._questions(question))

    def needs_question(self, rule_id: str) -> bool:
        """Whether a rule fires only after certain questions."""
        return rule_id in self._asking

    def _fired(self, doc: Doc) -> Iterator[Span]:
        for key, start, end in self._tokens(doc):
            yield from self._accept(self._vocab.strings[key], doc[start:end])
        for key, positions in self._trees(doc):
            yield from self._accept(self._vocab.strings[key], doc[min(positions) : max(positions) + 1])

    def _accept(self, rule_id: str, span: Span) -> Iterator[Span]:
        rule = self.rules[rule_id]
        negated = is_negated(span) if rule.negation != "ignored" else False
        if (rule.negation == "blocks" and negated) or (rule.negation == "required" and not negated):
            return
        if rule.subject != "any" and not _has_subject(span, rule.subject):
            return
        yield Span(span.doc, span.start, span.end, label=rule_id)


def is_negated(span: Span) -> bool:
    """Whether the words of the span are said not to be so."""
    inside = {token.i for token in span}
    token: Token = span.root
    for _ in range(4):
        if any(c.i not in inside and (c.dep_ == "neg" or c.lower_ in NEGATIONS) for c in token.children):
            return True
        if token.dep_ == "ROOT" or token.dep_ in ("advcl", "relcl", "parataxis"):
            return False
        if token.dep_ in ("conj", "ccomp") and any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children):
            return token.dep_ == "ccomp" and _negated_frame(token.head)
        token = token.head
    return False


def _negated_frame(token: Token) -> bool:
    """``it wasn't that ...``, ``I wouldn't say ...``: denied as a whole; ``I don't think`` likewise."""
    return any(c.dep_ == "neg" for c in token.children) and token.lemma_ in ("be", "say", "think", "mean", "find")


def _has_subject(span: Span, wanted: str) -> bool:
    token = span.root
    for _ in range(4):
        for child in token.children:
            if child.dep_ in ("nsubj", "nsubjpass", "poss"):
                return child.lower_ in FIRST if wanted == "first" else child.lower_ not in ("you", "your")
        if token.dep_ == "ROOT":
            break
        token = token.head
    return wanted == "not_second"


@Language.factory(CUES, requires=["token.dep", "token.lemma", "token.pos"], assigns=["doc.spans"], default_config={"folders": []})
def create_cues(nlp: Language, name: str, folders: list[str]) -> Cues:
    """The component, with the rules of some folders."""
    return Cues(nlp, read_rules(*(Path(folder) for folder in folders)))
