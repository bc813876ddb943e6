"""How far two coders of the same passages agree: F1 and Cohen's kappa per label, over all sentences of these passages.

python -m training.agreement data/speech
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.records import LABELS
from training.speech import rows


def agreement(folder: Path) -> dict[str, tuple[int, int, float, float]]:
    """Per label: codes of the first, codes of the second, F1, kappa."""
    sizes = {row["passage"]: int(row["sentences"]) for row in rows(folder / "passages.tsv")}
    first, second = _codes(folder / "labels.tsv"), _codes(folder / "second.tsv")
    both = {passage for passage, _ in second} & set(sizes)
    total = sum(sizes[passage] for passage in both)
    found = {}
    for label in LABELS:
        a = {key for key, given in first.items() if key[0] in both and label in given}
        b = {key for key, given in second.items() if key[0] in both and label in given}
        same = len(a & b)
        f1 = 2 * same / max(len(a) + len(b), 1)
        observed = (total - len(a | b) + same) / total
        chance = (len(a) * len(b) + (total - len(a)) * (total - len(b))) / total**2
        found[label] = (len(a), len(b), f1, (observed - chance) / (1 - chance))
    return found


def _codes(path: Path) -> dict[tuple[str, int], set[str]]:
    return {(row["passage"], int(row["sentence"])): set(row["labels"].split(",")) for row in rows(path)}


if __name__ == "__main__":
    for name, (one, two, f1, kappa) in agreement(Path(sys.argv[1])).items():
        sys.stdout.write(f"{name:8} first {one:4} second {two:4} F1 {f1:.2f} kappa {kappa:.2f}\n")
