"""The shipped reader's examples: sentences of the written interviews, with their codes and the reader's state of them.

    python -m training.neighbours [--model models/dialogue] [--corpus data/corpus]

To be made anew after every training. Sentences are drawn by label, so that each is well represented, and some without.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from pipeline.evaluate.gold import GoldText
from pipeline.extract import OVERLAP
from pipeline.extract.reader import Reader
from pipeline.extract.windows import weight
from pipeline.records import LABELS
from training.corpus import read_corpus
from training.dialogues import dialogue_of
from training.train import say

PER_LABEL = 1000
WITHOUT = 1500
DIRECTIONS = 64


def main() -> None:
    """Write ``neighbours.tsv`` and ``neighbours.safetensors``."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, default=Path("models/dialogue"))
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    given = p.parse_args()
    texts = [interview.text for interview in read_corpus(given.corpus)]
    chosen = _chosen(texts)
    reader = Reader(given.model, overlap=OVERLAP["default"])
    rows, states = [], []
    for text in texts:
        wanted = [i for i in range(len(text.sentences)) if (text.name, i) in chosen]
        if not wanted:
            continue
        states.append(_states(reader, text)[wanted])
        rows += [
            f"{text.name}:{s.sid}\t{','.join(x for x in LABELS if x in s.labels)}\t{s.text}"
            for s in (text.sentences[i] for i in wanted)
        ]
    _write(given.model, rows, np.concatenate(states))
    say(f"{len(rows)} examples")


def _chosen(texts: list[GoldText]) -> set[tuple[str, int]]:
    chance = random.Random(11)
    pools: dict[str, list[tuple[str, int]]] = {label: [] for label in (*LABELS, "")}
    for text in texts:
        for i, sentence in enumerate(text.sentences):
            if text.role(sentence.speaker) == "participant":
                for label in sentence.labels or {""}:
                    pools[label].append((text.name, i))
    return {
        one
        for label, pool in pools.items()
        for one in chance.sample(pool, min(len(pool), PER_LABEL if label else WITHOUT))
    }


def _states(reader: Reader, text: GoldText) -> np.ndarray:
    """Each sentence's state, from the window in which it has the most context."""
    dialogue = dialogue_of(text)
    best = np.full(len(dialogue), -1)
    found = np.zeros((len(dialogue), 0), dtype=np.float32)
    with torch.inference_mode():
        for window in reader.windows(dialogue):
            states = reader.states([window])[0].numpy()
            if not found.shape[1]:
                found = np.zeros((len(dialogue), states.shape[1]), dtype=np.float32)
            for position, i in enumerate(window.sentences):
                if weight(position, len(window.sentences)) > best[i]:
                    best[i], found[i] = weight(position, len(window.sentences)), states[position]
    return found


def _write(folder: Path, rows: list[str], states: np.ndarray) -> None:
    """States along the directions in which they differ most, each of length one, in steps of 1/127."""
    middle = states.mean(axis=0)
    _, _, directions = np.linalg.svd(states - middle, full_matrices=False)
    directions = directions[:DIRECTIONS].T.astype(np.float16)
    short = (states - middle) @ directions.astype(np.float32)
    short /= np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-6)
    (folder / "neighbours.tsv").write_text(
        "example_id\tlabels\ttext\n" + "".join(row + "\n" for row in rows), encoding="utf-8"
    )
    found = {
        "directions": np.ascontiguousarray(directions),
        "middle": middle.astype(np.float32),
        "states": (short * 127).round().astype(np.int8),
    }
    save_file(found, folder / "neighbours.safetensors")


if __name__ == "__main__":
    main()
