"""The shipped reader's calibration and thresholds, on the texts that its training held out, read as a run reads them.

    python -m training.recalibrate --shared DIR [--model models/dialogue]

To be run after a training (which calibrates weights that are not yet rounded, in other windows), and whenever codes
were corrected: the weights stay, the card's numbers follow.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from transformers import AutoTokenizer

from pipeline.extract import OVERLAP
from pipeline.extract.reader import Reader
from training.calibrate import calibrate, quality
from training.encoders import encoder_folder
from training.examples import document
from training.second import second_codes
from training.sources import coded_texts
from training.train import divide, say


def main() -> None:
    """Rewrite the card."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--model", type=Path, default=Path("models/dialogue"))
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    p.add_argument("--speech", type=Path, default=Path("data/speech"))
    p.add_argument("--held-out", type=Path, default=Path("data/held-out.tsv"))
    given = p.parse_args()
    path = given.model / "reader.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    texts, said = coded_texts(given.corpus, given.speech, given.shared)
    say(said)
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder(card["encoder"]), local_files_only=True)
    second = second_codes((given.corpus / "second.tsv", given.speech / "second.tsv"))
    documents = [document(text, tokenizer, second) for text in divide(texts, given.held_out)[1]]
    reader = Reader(given.model, overlap=OVERLAP["default"])
    logits = [reader.read(doc.dialogue).labels.astype(np.float64) for doc in documents]
    card |= calibrate(logits, documents)
    say("held " + quality(logits, documents, card))
    path.write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
