"""The shipped reader's calibration and thresholds anew, on the texts that its training held out.

    python -m training.recalibrate --shared DIR [--model models/dialogue]

Needed when codes were corrected after a training: the weights stay, the card's numbers follow the better codes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from safetensors.torch import load_file
from transformers import AutoTokenizer

from pipeline.extract.reader import assemble, vocabulary
from training.calibrate import calibrate, held_out_logits, quality
from training.encoders import encoder_folder
from training.examples import document
from training.sources import coded_texts
from training.train import _divide, say


def main() -> None:
    """Rewrite the card."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--model", type=Path, default=Path("models/dialogue"))
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    p.add_argument("--speech", type=Path, default=Path("data/speech"))
    given = p.parse_args()
    path = given.model / "reader.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    base = encoder_folder(card["encoder"])
    net = assemble(base, load_file(given.model / "reader.safetensors")).eval()
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    texts, said = coded_texts(given.corpus, given.speech, given.shared)
    say(said)
    _, held = _divide(texts, float(card["training"]["options"]["held_out"]))
    documents = [document(text, tokenizer) for text in held]
    logits = held_out_logits(net, documents, vocabulary(tokenizer), int(card["window_tokens"]))
    card |= calibrate(logits, documents)
    say("held " + quality(logits, documents, card))
    path.write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
