"""The cosine from which the zero-shot baseline gives each label: the one with the best F1 on the written corpus.

Prints ``SIMILAR`` of ``pipeline/evaluate/systems.py``: ``python -m training.zero_shot``. What ``whyswitch eval`` judges
is not looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.gold import GoldText
from pipeline.evaluate.systems import described
from pipeline.records import LABELS
from training.corpus import read_corpus

CORPUS = Path(__file__).parents[1] / "data" / "corpus"


def best_cosines(texts: Sequence[GoldText]) -> dict[str, tuple[float, float]]:
    """Label -> cosine and the F1 that it reaches over the participants' sentences of the texts."""
    cosines_of = described()
    cosines = np.concatenate([cosines_of(text)[participants(text)] for text in texts])
    gold = np.array(
        [
            [label in text.sentences[i].labels for label in LABELS]
            for text in texts
            for i in participants(text)
        ]
    )
    return {str(label): best(cosines[:, i], gold[:, i]) for i, label in enumerate(LABELS)}


def participants(text: GoldText) -> list[int]:
    """The places of the participants' sentences."""
    return [i for i, s in enumerate(text.sentences) if text.role(s.speaker) == "participant"]


def best(cosines: npt.NDArray[np.float32], gold: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The cosine at which taking all above it gives the best F1, rounded down to hundredths, and that F1."""
    order = np.argsort(-cosines)
    right = np.cumsum(gold[order])
    f1 = 2 * right / (np.arange(1, len(gold) + 1) + gold.sum())
    place = int(np.argmax(f1))
    return float(np.floor(cosines[order][place] * 100) / 100), float(f1[place])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=4, help="of so many interviews one is read")
    given = parser.parse_args()
    chosen = [one.text for one in read_corpus(CORPUS)[:: given.every]]
    sys.stdout.write(f"{len(chosen)} interviews\n")
    for label, (cosine, f1) in best_cosines(chosen).items():
        sys.stdout.write(f"{label}: {cosine:.2f} (F1 {f1:.2f})\n")
