"""How far two coders of the same texts agree: F1 and Cohen's kappa per label, over all sentences of these texts.

python -m training.agreement data/speech
python -m training.agreement data/corpus
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.records import LABELS
from training.corpus import read_corpus
from training.second import second_codes
from training.speech import rows


def agreement(folder: Path) -> dict[str, tuple[int, int, float, float]]:
    """Per label: codes of the first, codes of the second, F1, kappa."""
    second = {name: codes for (_, name), codes in second_codes([folder / "second.tsv"]).items()}
    sizes, first = _passages(folder) if (folder / "passages.tsv").is_file() else _interviews(folder)
    both = set(second) & set(sizes)
    total = sum(sizes[name] for name in both)
    found = {}
    for label in LABELS:
        a, b = (
            {(n, i) for n in both for i, given in c[n].items() if label in given} for c in (first, second)
        )
        same = len(a & b)
        f1 = 2 * same / max(len(a) + len(b), 1)
        observed = (total - len(a | b) + same) / total
        chance = (len(a) * len(b) + (total - len(a)) * (total - len(b))) / total**2
        found[label] = (len(a), len(b), f1, (observed - chance) / (1 - chance))
    return found


def _passages(folder: Path) -> tuple[dict[str, int], dict[str, dict[int, frozenset[str]]]]:
    """Per passage its number of sentences, and the first coder's labels by sentence."""
    sizes = {row["passage"]: int(row["sentences"]) for row in rows(folder / "passages.tsv")}
    found: dict[str, dict[int, frozenset[str]]] = {name: {} for name in sizes}
    for row in rows(folder / "labels.tsv"):
        found[row["passage"]][int(row["sentence"])] = frozenset(row["labels"].split(","))
    return sizes, found


def _interviews(folder: Path) -> tuple[dict[str, int], dict[str, dict[int, frozenset[str]]]]:
    """Per interview its number of participants' sentences, and the writer's labels by sentence."""
    texts = [one.text for one in read_corpus(folder)]
    sizes = {t.name: sum(t.role(s.speaker) == "participant" for s in t.sentences) for t in texts}
    return sizes, {t.name: {s.sid: frozenset(s.labels) for s in t.sentences} for t in texts}


if __name__ == "__main__":
    for name, (one, two, f1, kappa) in agreement(Path(sys.argv[1])).items():
        sys.stdout.write(f"{name:8} first {one:4} second {two:4} F1 {f1:.2f} kappa {kappa:.2f}\n")
