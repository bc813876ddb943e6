"""All coded texts at hand, and what is not."""

from __future__ import annotations

from pathlib import Path

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.evaluate.gold import GoldText, read_gold
from training.corpus import read_corpus
from training.speech import read_speech


def coded_texts(corpus: Path, speech: Path, shared: Path | None) -> tuple[list[GoldText], str]:
    """The written corpus; with ``shared`` also the coded real speech. The second part says what there is."""
    written = [interview.text for interview in read_corpus(corpus)] if corpus.is_dir() else []
    said = [f"{len(written)} written interviews"]
    texts = list(written)
    if shared is None:
        said.append("no folder of real speech given: training on the written corpus alone")
        return texts, "; ".join(said)
    gold = read_gold(shared / "gold", ["speech"])
    texts += gold
    said.append(f"{len(gold)} coded passages of the gold part 'speech'")
    if (speech / "passages.tsv").is_file():
        nlp = extract.english(ExtractSettings())
        for name in nlp.pipe_names:
            if name not in ("tok2vec", "parser"):
                nlp.remove_pipe(name)
        coded, lost = read_speech(speech, shared / "real" / "archive", nlp)
        texts += coded
        said.append(f"{len(coded)} coded passages of the archive ({lost} without their transcript)")
    return texts, "; ".join(said)
