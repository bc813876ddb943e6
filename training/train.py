"""``make train``: the dialogue reader from the corpus and the coded speech, with its thresholds and its card's numbers.

    python -m training.train [--shared DIR] [--encoder minilm] [--epochs 5] ...

Real speech is used where the transcripts are at hand (``--shared``); without them it trains on the written corpus
alone, and says so.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from pipeline.evaluate.gold import GoldText, read_gold
from pipeline.extract.reader import DialogueNet, assemble, pooled, vocabulary
from pipeline.records import LABELS
from training import emotions
from training.calibrate import calibrate, held_out_logits, quality
from training.corpus import read_corpus
from training.dialogues import held_out
from training.encoders import encoder_folder
from training.examples import Batch, Document, batches, document, epoch_windows, gather
from training.export import HEADS, export
from training.lower import Lower
from training.noise import noise
from training.parts import IGNORE, named_things
from training.second import called, second_codes
from training.sources import coded_texts

PARTS_WEIGHT = (0.35, 1.0, 1.2, 1.5)
"""Of a piece that names nothing of the switch, what was fired, hired, refused: the rarer the dearer."""


def main() -> None:
    """Train, calibrate, export."""
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    chance = random.Random(options.seed)
    base = encoder_folder(options.encoder)
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    marks = vocabulary(tokenizer)
    options.hidden_token, options.rough = tokenizer.mask_token_id, noise(tokenizer)
    texts, said = coded_texts(Path(options.corpus), Path(options.speech), options.shared)
    say(said)
    train, held = divide(texts, options.held_out)
    second = second_codes((Path(options.corpus) / "second.tsv", Path(options.speech) / "second.tsv"))
    say(
        f"{sum(called(text) in second for text in train)} of {len(train)} texts to learn from were coded twice"
    )
    named = (
        named_things(read_corpus(Path(options.corpus)), tokenizer) if Path(options.corpus).is_dir() else {}
    )
    documents = [
        document(text, tokenizer, second, None if called(text)[0] else named.get(text.name)) for text in train
    ]
    net = _network(base, options)
    if options.emotions and options.shared:
        _emotions(net, options, tokenizer, marks, chance)
    tests = _tests(options, tokenizer)
    held_documents = [document(text, tokenizer, second) for text in held]
    facts = {
        "encoder": options.encoder,
        "window_tokens": options.window,
        "training": _facts(texts, train, held, options),
    }

    def look(average: DialogueNet) -> None:
        card = _show(average, held_documents, tests, marks, options)
        export(average, base, card | facts, Path(options.output), exact=options.exact)
        say(f"wrote {options.output}")

    _fit(net, documents, marks, options, chance, look)


def say(text: str) -> None:
    """A line of progress."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _options() -> Any:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, default=None, help="folder with real/archive, gold, real/related")
    p.add_argument("--corpus", default="data/corpus")
    p.add_argument("--speech", default="data/speech")
    p.add_argument("--output", default="models/dialogue")
    p.add_argument("--encoder", default="minilm")
    p.add_argument("--epochs", type=float, default=5)
    p.add_argument(
        "--minutes", type=float, default=1e9, help="stop training after this long; the schedule adapts"
    )
    p.add_argument("--emotions", type=float, default=1, help="epochs of the related task before ours")
    p.add_argument("--lr", type=float, default=1.5e-4)
    p.add_argument(
        "--decay", type=float, default=0.9, help="learning rate of each layer as a share of the one above"
    )
    p.add_argument(
        "--freeze", type=int, default=0, help="lower layers left as they are (embeddings always are)"
    )
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--window", type=int, default=256)
    p.add_argument("--keep-empty", type=float, default=0.6, help="share kept of windows without any label")
    p.add_argument(
        "--positive", type=float, default=2.0, help="weight of a label's presence against its absence"
    )
    p.add_argument("--average", type=float, default=0.995, help="decay of the running mean of the weights")
    p.add_argument(
        "--held-out",
        type=Path,
        default=Path("data/held-out.tsv"),
        help="texts kept for thresholds and calibration",
    )
    p.add_argument("--exact", action="store_true", help="write the weights in full, to go on from later")
    p.add_argument("--start", type=Path, default=None, help="folder of a reader to go on from")
    p.add_argument(
        "--cuts", type=int, default=2, help="different cuts of the texts into windows, kept in memory"
    )
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--looks", type=int, default=4, help="how often the held-out texts are looked at")
    return p.parse_args()


def divide(texts: list[GoldText], listed: Path) -> tuple[list[GoldText], list[GoldText]]:
    """Texts to train on and texts to choose thresholds on: whole ones, by a list that outlives every training."""
    held = held_out(listed)
    order = sorted(texts, key=lambda t: (t.part, t.name))
    return (
        [t for t in order if (t.part, t.name) not in held],
        [t for t in order if (t.part, t.name) in held],
    )


def _network(base: Path, options: Any) -> DialogueNet:
    if options.start:
        net = assemble(base, load_file(options.start / "reader.safetensors"))
        return _thaw(net, options.freeze)
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    encoder = AutoModel.from_pretrained(base, config=config, local_files_only=True)
    net = DialogueNet(encoder, config.hidden_size)
    nn.init.normal_(net.head.weight, std=0.02)
    nn.init.zeros_(net.head.bias)
    with torch.no_grad():
        net.head.bias[: len(LABELS)] = -3.0
    return _thaw(net, options.freeze)


def _thaw(net: DialogueNet, freeze: int) -> DialogueNet:
    """The network, its layers from ``freeze`` upwards open to training."""
    net.encoder.requires_grad_(requires_grad=False)
    for layer in list(net.encoder.encoder.layer)[freeze:]:  # type: ignore[union-attr,arg-type]
        layer.requires_grad_(requires_grad=True)
        _attend_fully(layer)
    return net


def _attend_fully(layer: nn.Module) -> None:
    """No dropout on the attention's weights: on a processor it costs a fifth of a step and was not seen to help."""
    for name, part in layer.named_modules():
        if isinstance(part, nn.Dropout) and "attention.attn" in f"{name}.":
            part.p = 0.0


def _groups(net: nn.Module, options: Any) -> list[dict[str, Any]]:
    """Lower layers learn slower; the heads ten times faster."""
    top = 1 + max(
        int(n.split(".layer.")[1].split(".")[0]) for n, _ in net.named_parameters() if ".layer." in n
    )
    found: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = top - int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else 0
        rate = options.lr * (10 if name.startswith(HEADS) else options.decay**depth)
        found.setdefault((rate, 0.05 if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in found.items()]


def _loss(logits: torch.Tensor, batch: Batch, positive: torch.Tensor) -> torch.Tensor:
    """Labels with smoothing, any label at all, and the attributes where coded."""
    n = len(LABELS)
    counted, targets = batch.counted, batch.targets
    truth = batch.shares
    total = counted.sum().clamp(min=1)
    smooth = truth * 0.96 + 0.01
    each = nn.functional.binary_cross_entropy_with_logits(
        logits[..., :n], smooth, pos_weight=positive, reduction="none"
    )
    some = nn.functional.binary_cross_entropy_with_logits(logits[..., n], truth.amax(-1), reduction="none")
    loss = (each.sum(-1) * counted).sum() / total + 0.3 * (some * counted).sum() / total
    start = n + 1
    for column, width in enumerate((6, 2, 3, 3)):
        wanted = targets[..., n + column].masked_fill(counted == 0, -100).reshape(-1)
        part = logits[..., start : start + width].reshape(-1, width)
        start += width
        known = (wanted >= 0).sum()
        if known:
            loss = loss + 0.1 * nn.functional.cross_entropy(part, wanted, ignore_index=-100) * min(
                1.0, known / 8
            )
    return loss


def _parts_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Of the word pieces that name a thing, what it was in the switch; few of them count for little."""
    wanted = batch.parts[batch.parts != IGNORE]
    if not len(wanted):
        return torch.zeros(())
    loss = nn.functional.cross_entropy(logits, wanted, weight=torch.tensor(PARTS_WEIGHT))
    return 0.3 * min(1.0, len(wanted) / 30) * loss


def _fit(
    net: DialogueNet, documents: list[Document], marks: Any, options: Any, chance: random.Random, look: Any
) -> DialogueNet:
    """Train; the running mean of the weights comes back."""
    optimiser = torch.optim.AdamW(_groups(net, options), betas=(0.9, 0.98))
    rates = [group["lr"] for group in optimiser.param_groups]
    average = copy.deepcopy(net).eval()
    lower = Lower(net, options.freeze)
    rounds = [lower.states(_windows(documents, marks, options, chance), marks, options)]
    per_epoch = len(rounds[0]) // options.batch + 1
    steps, step, turn, looked = int(per_epoch * options.epochs), 0, 0, 0
    clock, spoken = time.monotonic(), 0.0
    positive = _positive(documents, options.positive)
    say(f"{len(documents)} texts, {per_epoch} steps an epoch, {steps} in all")
    while step < steps:
        if turn and len(rounds) < options.cuts:
            rounds.append(lower.states(_windows(documents, marks, options, chance), marks, options))
        for part in batches(rounds[turn % len(rounds)], options.batch, chance):
            spent = (time.monotonic() - clock) / 60
            progress = max(step / steps, spent / options.minutes)
            if progress >= 1 or step >= steps:
                step = steps
                break
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, (progress + 0.001) / 0.06) * max(0.02, 1 - progress)
            spoken += _step(net, lower, part, (marks.padding, positive), optimiser)
            step += 1
            _mean(average, net, min(options.average, (1 + step) / (10 + step)))
            if step % 100 == 0:
                say(f"step {step}/{steps} loss {spoken / 100:.4f} {60 * spent:.0f}s")
                spoken = 0.0
            if progress * options.looks >= looked + 1:
                looked += 1
                look(average)
        turn += 1
    look(average)
    return average


def _positive(documents: list[Document], weight: float) -> torch.Tensor:
    """The weight of each label's presence: ``weight``, more for the rarer ones (by the root of their frequency)."""
    counts = sum(doc.shares[doc.counted].sum(0) for doc in documents)
    counts = torch.from_numpy(np.asarray(counts)).clamp(min=1).float()
    return weight * (counts.mean() / counts).sqrt()


def _windows(documents: list[Document], marks: Any, options: Any, chance: random.Random) -> list[Any]:
    return epoch_windows(
        documents, marks, options.window, chance, keep_empty=options.keep_empty, rough=options.rough
    )


def _step(
    net: DialogueNet, lower: Lower, part: Any, given: tuple[int, torch.Tensor], optimiser: Any
) -> float:
    net.train()
    batch = gather([pair[:2] for pair in part], given[0])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = lower.upwards([pair[2] for pair in part], batch)
        logits = net.head(net.drop(pooled(states, batch.segments, batch.count)))
        parts = net.parts(net.drop(states[batch.parts != IGNORE]))
    loss = _loss(logits.float(), batch, given[1]) + _parts_loss(parts.float(), batch)
    optimiser.zero_grad()
    loss.backward()
    if not nn.utils.clip_grad_norm_(net.parameters(), 1.0).isfinite():
        say(
            f"a step left out: loss {float(loss.detach())} on {', '.join(pair[0].text.name for pair in part)}"
        )
        return 0.0
    optimiser.step()
    return float(loss.detach())


@torch.no_grad()
def _mean(average: nn.Module, net: nn.Module, keep: float) -> None:
    for mean, now in zip(average.parameters(), net.parameters(), strict=True):
        if now.requires_grad:
            mean.mul_(keep).add_(now.detach(), alpha=1 - keep)


def _emotions(net: DialogueNet, options: Any, tokenizer: Any, marks: Any, chance: random.Random) -> None:
    comments = emotions.read_emotions(options.shared / "real" / "related" / "goemotions_train.tsv")
    if not comments:
        say("no related task at hand: left out")
        return
    task = emotions.EmotionNet(net, net.head.in_features // 2)
    optimiser = torch.optim.AdamW(
        [p for p in task.parameters() if p.requires_grad], lr=options.lr, weight_decay=0.01
    )
    found = emotions.emotion_windows(comments, tokenizer, marks, options.window)
    steps = int(options.emotions * len(found) / options.batch)
    step, spoken, clock = 0, 0.0, time.monotonic()
    while step < steps:
        for inputs, targets, counted in emotions.emotion_batches(
            found, comments, options.batch, marks.padding, chance
        ):
            if step >= steps:
                break
            task.train()
            for group in optimiser.param_groups:
                group["lr"] = options.lr * min(1.0, (step + 1) / 40) * max(0.05, 1 - step / steps)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = task(*inputs)
            each = nn.functional.binary_cross_entropy_with_logits(logits.float(), targets, reduction="none")
            loss = (each.sum(-1) * counted).sum() / counted.sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            spoken += float(loss.detach())
            if step % 100 == 0:
                say(f"emotions {step}/{steps} loss {spoken / 100:.4f} {time.monotonic() - clock:.0f}s")
                spoken = 0.0


def _tests(options: Any, tokenizer: Any) -> dict[str, list[Document]]:
    """Gold parts that are only ever looked at, never chosen on."""
    if not options.shared:
        return {}
    texts = read_gold(options.shared / "gold", ["real", "written"])
    return {
        part: [document(t, tokenizer) for t in texts if t.part == part]
        for part in sorted({t.part for t in texts})
    }


def _show(
    net: DialogueNet, held: list[Document], tests: dict[str, list[Document]], marks: Any, options: Any
) -> dict[str, Any]:
    """The card's numbers, from the held-out texts; how the network does on all is said."""
    logits = held_out_logits(net, held, marks, options.window)
    card = calibrate(logits, held)
    say("held   " + quality(logits, held, card))
    for part, documents in tests.items():
        say(f"{part:<7}" + quality(held_out_logits(net, documents, marks, options.window), documents, card))
    return card


def _facts(
    texts: list[GoldText], train: list[GoldText], held: list[GoldText], options: Any
) -> dict[str, Any]:
    kept = {key: str(value) if isinstance(value, Path) else value for key, value in vars(options).items()}
    kept["start"] = kept["start"] and "an earlier reader"
    for key in ("shared", "rough", "output", "exact", "looks"):
        kept.pop(key, None)
    return {
        "texts": len(texts),
        "trained_on": len(train),
        "held_out": len(held),
        "sentences": sum(len(t.sentences) for t in train),
        "labels": {label: sum(label in s.labels for t in train for s in t.sentences) for label in LABELS},
        "options": json.loads(json.dumps(kept)),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


if __name__ == "__main__":
    main()
