"""Trains whether readers would use a drafted outcome statement, on drafts that two readers judged.

    python -m training.usable             # cross-validates by interview, then writes models/outcomes/usable.json

``data/outcomes/weighed.tsv`` holds the judgements, of drafts of the sentences in ``taught.tsv``. ``judged.tsv``, of
other interviews, is only measured on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.extract.linear import Linear, Row, softmax
from pipeline.extract.outcome.draft import unjudged
from pipeline.extract.outcome.lexicon import shipped
from pipeline.extract.outcome.usable import CLASSES, Usable, of_draft
from training.corpus import read_corpus
from training.outcomes import Judged, judged
from training.softmax import classifier, hashed
from training.train import say

PULL = 4.0
"""How firmly weights are held to nothing."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A judged draft: the share of readers who would use it."""

    fold: int
    row: Row
    verdict: str
    share: float

    @property
    def both(self) -> bool:
        """Whether both readers would use it."""
        return self.share == 1.0


def main() -> None:
    """Cross-validate, then train on all and write the model."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    p.add_argument("--coded", type=Path, default=Path("data/outcomes"))
    p.add_argument("--examples", type=Path, default=Path("tests/spec/extract/outcomes.tsv"))
    p.add_argument("--out", type=Path, default=Path("models/outcomes/usable.json"))
    given = p.parse_args()
    taught, measured = (cases(given.corpus, judged(given.coded / n)) for n in ("weighed.tsv", "judged.tsv"))
    plain = examples(given.examples)
    chances = left_out(taught, plain)
    say(f"{len(taught)} drafts, {sum(c.both for c in taught)} of use to both readers; left out:")
    say(table(taught, chances))
    model = Usable(usable=fit([*taught, *plain]))
    say("of other interviews:")
    say(table(measured, of(model.usable, measured)))
    say("the plain examples, left out:")
    say(table(plain, left_out(plain, taught)))
    given.out.write_text(model.model_dump_json() + "\n", encoding="utf-8")


def cases(corpus: Path, judgements: dict[tuple[str, int], Judged]) -> list[Case]:
    """The judged drafts that the rules still make, with their features."""
    nlp = extract.english(ExtractSettings())
    found = []
    for interview in read_corpus(corpus):
        for s in interview.text.sentences:
            told = judgements.get((interview.text.name, s.sid))
            if told is None:
                continue
            span, kind = nlp(s.text)[:], s.attributes.get("outcome_kind") or None
            made, frame = unjudged(span, shipped(), kind)
            if made.canonical and made.canonical == told.canonical:
                row = of_draft(made, span, frame, kind)
                share = (told.first + told.second) / 2
                found.append(Case(hashed(interview.text.name) % FOLDS, row, made.verdict, share))
    return found


def examples(path: Path) -> list[Case]:
    """The plain sentences of the example file whose drafts have no defect, as drafts that anybody would use."""
    nlp = extract.english(ExtractSettings())
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        sentence, kind = line.split("\t")[:2]
        span = nlp(sentence)[:]
        made, frame = unjudged(span, shipped(), kind)
        if made.canonical and made.verdict == "ok":
            fold = hashed(sentence) % FOLDS
            found.append(Case(fold, of_draft(made, span, frame, kind), made.verdict, 1.0))
    return found


def fit(some: Sequence[Case]) -> Linear:
    """The model of some cases."""
    return classifier([c.row for c in some], [(1 - c.share, c.share) for c in some], CLASSES, PULL)


def of(model: Linear, some: Sequence[Case]) -> np.ndarray:
    """The chance of each case."""
    return np.array([softmax(CLASSES, model.totals(c.row))["y"] for c in some])


def left_out(some: Sequence[Case], beside: Sequence[Case]) -> np.ndarray:
    """The chance of each case under a model that never saw its interview."""
    found = np.zeros(len(some))
    for fold in range(FOLDS):
        inside = [i for i, c in enumerate(some) if c.fold == fold]
        found[inside] = of(fit([c for c in (*some, *beside) if c.fold != fold]), [some[i] for i in inside])
    return found


def table(some: Sequence[Case], chances: np.ndarray) -> str:
    """Precision and number kept by the least chance, of the drafts without a defect."""
    told = []
    for least in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        kept = [c for p, c in zip(chances, some, strict=True) if p >= least and c.verdict == "ok"]
        both, either = sum(c.both for c in kept), sum(c.share > 0 for c in kept)
        n = max(len(kept), 1)
        told.append(
            f"  from {least:.1f}: {len(kept)} ok, both {both / n:.2f} ({both}), either {either / n:.2f}"
        )
    return "\n".join(told)


if __name__ == "__main__":
    main()
