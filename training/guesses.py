"""Trains what an outcome sentence is about where no rule says it, on sentences coded by people.

    python -m training.guesses            # cross-validates by interview, then writes models/outcomes/guess.json

``data/outcomes/taught.tsv`` holds the codes; the sentences on which the rules are measured (``coded.tsv``) are of
other interviews.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from spacy.tokens import Span

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.extract.linear import Linear, Row
from pipeline.extract.outcome.draft import by_rules
from pipeline.extract.outcome.grammar import lemma
from pipeline.extract.outcome.guess import (
    Guess,
    Ruled,
    candidates,
    of_head,
    of_sentence,
    of_word,
)
from pipeline.extract.outcome.lexicon import Lexicon, shipped
from training.corpus import read_corpus
from training.softmax import SEEN, classifier, hashed, matrix
from training.speech import rows

PULL = {"head": 1.0, "direction": 2.0, "measure": 2.0}
"""How firmly weights are held to nothing."""
FOLDS = 5
DIRECTIONS = ("minimize", "increase")
MEASURES = ("likelihood", "time", "effort", "number", "cost", "amount")


@dataclass(frozen=True)
class Case:
    """One coded sentence, parsed, with what the rules make of it."""

    fold: int
    span: Span
    kind: str | None
    direction: str
    measure: str
    head: str
    ruled: Ruled


def main() -> None:
    """Cross-validate, then train on all and write the models."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    p.add_argument("--taught", type=Path, default=Path("data/outcomes/taught.tsv"))
    p.add_argument("--out", type=Path, default=Path("models/outcomes/guess.json"))
    given = p.parse_args()
    lexicon = shipped()
    some = cases(given.corpus, given.taught, lexicon)
    sys.stdout.write(json.dumps(cross_validated(some, lexicon), indent=1) + "\n")
    model = fit(some, lexicon)
    given.out.write_text(model.model_dump_json() + "\n", encoding="utf-8")


def cases(corpus: Path, taught: Path, lexicon: Lexicon) -> list[Case]:
    """The coded sentences, parsed."""
    codes = {(row["interview"], int(row["sentence"])): row for row in rows(taught)}
    nlp = extract.english(ExtractSettings())
    found = []
    for interview in read_corpus(corpus):
        for s in interview.text.sentences:
            row = codes.get((interview.text.name, s.sid))
            if row is None:
                continue
            span, kind = nlp(s.text)[:], s.attributes.get("outcome_kind") or None
            fold = hashed(interview.text.name) % FOLDS
            ruled = by_rules(span, lexicon, kind)
            told = (row["direction"], row["measure"], row["head"])
            found.append(Case(fold, span, kind, *told, ruled))
    return found


def fit(some: Sequence[Case], lexicon: Lexicon) -> Guess:
    """The three models."""
    told = [of_sentence(c.span, lexicon, c.kind, c.ruled) | _of_right_head(c) for c in some]
    return Guess(
        head=_ranker(some, lexicon),
        direction=_classes(told, [c.direction for c in some], DIRECTIONS, PULL["direction"]),
        measure=_classes(told, [c.measure for c in some], MEASURES, PULL["measure"]),
    )


def _of_right_head(case: Case) -> Row:
    words = candidates(case.span)
    right = [w for w, name in zip(words, map(lemma, words), strict=True) if name == case.head]
    return of_head(right[0]) if right else {}


def cross_validated(some: Sequence[Case], lexicon: Lexicon) -> dict[str, float]:
    """Shares right under a model that never saw the interview: of all, and of those in which no frame is found."""
    hits: Counter[str] = Counter()
    for fold in range(FOLDS):
        model = fit([c for c in some if c.fold != fold], lexicon)
        for case in (c for c in some if c.fold == fold):
            words = candidates(case.span)
            names = [lemma(word) for word in words]
            scores = [model.head.totals(of_word(w, case.span, lexicon, case.ruled))[0] for w in words]
            best = words[int(np.argmax(scores))] if words else None
            row = of_sentence(case.span, lexicon, case.kind, case.ruled) | (
                of_head(best) if best is not None else {}
            )
            right = {
                "head": best is not None and names[words.index(best)] == case.head,
                "direction": model.direction.likeliest(row)[0] == case.direction,
                "measure": model.measure.likeliest(row)[0] == case.measure,
                "head among candidates": case.head in names,
                "sentences": True,
            }
            framed = "framed" if case.ruled.head >= 0 else "unframed"
            for part, is_right in right.items():
                hits[part] += is_right
                hits[f"{framed}: {part}"] += is_right
            if case.ruled.head >= 0:
                hits["framed: head by rules"] += lemma(case.span.doc[case.ruled.head]) == case.head
                hits["framed: direction by rules"] += case.ruled.direction == case.direction
                hits["framed: measure by rules"] += case.ruled.measure == case.measure
    share = {"framed": hits["framed: sentences"], "unframed": hits["unframed: sentences"]}
    return {
        part: n if part.endswith("sentences") else round(n / share.get(part.split(":")[0], len(some)), 3)
        for part, n in sorted(hits.items())
    }


def _ranker(some: Sequence[Case], lexicon: Lexicon) -> Linear:
    """Weights by which the coded head comes before the other words of its sentence."""
    tables: list[tuple[list[Row], list[int]]] = []
    for case in some:
        words = candidates(case.span)
        right = [i for i, name in enumerate(map(lemma, words)) if name == case.head]
        if right:
            tables.append(([of_word(w, case.span, lexicon, case.ruled) for w in words], right))
    seen = Counter(name for table, _ in tables for name in {n for row in table for n in row})
    names = sorted(name for name, n in seen.items() if n >= SEEN)
    place = {name: i for i, name in enumerate(names)}
    starts = np.cumsum([0, *(len(table) for table, _ in tables)])
    x = matrix([row for table, _ in tables for row in table], place)
    right = np.zeros(x.shape[0], dtype=bool)
    for start, (_, hits) in zip(starts, tables, strict=False):
        right[[start + i for i in hits]] = True
    group = np.repeat(np.arange(len(tables)), [len(table) for table, _ in tables])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ w
        top = np.maximum.reduceat(scores, starts[:-1])
        raised = np.exp(scores - top[group])
        share = raised / np.add.reduceat(raised, starts[:-1])[group]
        mass = np.add.reduceat(np.where(right, share, 0), starts[:-1])
        wanted = np.where(right, share, 0) / mass[group]
        return float(-np.log(mass).sum() + PULL["head"] / 2 * w @ w), x.T @ (share - wanted) + PULL[
            "head"
        ] * w

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    weights = {name: (round(float(found[i]), 3),) for name, i in place.items() if abs(found[i]) >= 0.01}
    return Linear(classes=("head",), bias=(0.0,), weights=weights)


def _classes(told: Sequence[Row], right: Sequence[str], names: tuple[str, ...], pull: float) -> Linear:
    return classifier(told, np.eye(len(names))[[names.index(one) for one in right]].tolist(), names, pull)


if __name__ == "__main__":
    main()
