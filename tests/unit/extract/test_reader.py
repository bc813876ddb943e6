"""The reader: what is exported is what is read back; a score depends on its own dialogue alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModel

from pipeline.errors import ModelError
from pipeline.extract.pieces import PARTS
from pipeline.extract.reader import OUTPUTS, DialogueNet, Reader, split, steps
from pipeline.extract.sentences import Sentence
from pipeline.records import LABELS
from pipeline.resources import checked
from training.export import export


def _talk(*rows: tuple[str, str]) -> list[Sentence]:
    return [
        Sentence(i, name, "interviewer" if name == "INT" else "participant", 0, len(text), text, "")
        for i, (name, text) in enumerate(rows)
    ]


TALK = _talk(
    ("INT", "What happened before you changed?"),
    ("ANN", "The old one broke down twice that week."),
    ("ANN", "It was raining."),
    ("INT", "And then?"),
    ("ANN", "I was afraid that we would lose all the photos."),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader that was never trained: some layers moved at random."""
    torch.manual_seed(3)
    base = checked("minilm")
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    net = DialogueNet(
        AutoModel.from_pretrained(base, config=config, local_files_only=True), config.hidden_size
    )
    with torch.no_grad():
        for parameter in net.encoder.encoder.layer[5].parameters():  # type: ignore[union-attr,index]
            parameter.add_(torch.randn_like(parameter) * 0.02)
        net.parts.weight.normal_(std=0.1)
    card = {"encoder": "minilm", "window_tokens": 64}
    target: Path = tmp_path_factory.mktemp("reader")
    export(net, base, card, target)
    torch.save(net.state_dict(), target / "whole.pt")
    return target


def test_only_what_changed_is_exported(folder: Path) -> None:
    from safetensors.torch import load_file

    names = set(load_file(folder / "reader.safetensors"))
    assert all(name.startswith(("head", "parts", "encoder.encoder.layer.5")) for name in names)
    assert (folder / "reader.safetensors").stat().st_size < 1_500_000


def test_of_the_change_made_by_training_little_is_lost(folder: Path) -> None:
    from safetensors.torch import load_file

    from pipeline.extract.reader import assemble

    whole = torch.load(folder / "whole.pt", weights_only=True)
    before = assemble(checked("minilm"), {}).state_dict()
    again = assemble(checked("minilm"), load_file(folder / "reader.safetensors")).state_dict()
    for name, tensor in whole.items():
        if name.startswith(("head", "parts")):
            assert torch.equal(again[name], tensor)
            continue
        change, lost = tensor - before[name], again[name] - tensor
        assert lost.square().mean() <= 0.02 * change.square().mean(), name


def test_steps_are_unpacked_in_order() -> None:
    packed = torch.tensor([[0x1F, 0x80]], dtype=torch.uint8)
    assert steps(packed).tolist() == [[-7.0, 7.0, 0.0, -8.0]]


def test_scores_do_not_depend_on_batch_size_or_on_what_was_read_before(folder: Path) -> None:
    one = Reader(folder, overlap=0.5, batch_windows=8)
    other = Reader(folder, overlap=0.5, batch_windows=8)
    other.read(_talk(("BO", "Something else altogether, and rather long, about trains and tickets.")))
    assert np.array_equal(one.read(TALK).labels, other.read(TALK).labels)


def test_one_row_per_sentence_and_none_for_an_empty_dialogue(folder: Path) -> None:
    reader = Reader(folder, overlap=0.15)
    assert reader.read(TALK).labels.shape == (5, len(LABELS))
    assert reader.read([]).labels.shape == (0, len(LABELS))


def test_every_word_is_told_of_by_its_pieces(folder: Path) -> None:
    read = Reader(folder, overlap=0.5).read(TALK)
    for sentence, pieces in zip(TALK, read.parts, strict=True):
        assert pieces.logits.shape == (len(pieces.places), len(PARTS))
        said = "".join(sentence.text[a:b] for a, b in pieces.places)
        assert said == sentence.text.replace(" ", "")
    start = TALK[4].text.index("photos")
    heard = read.parts[4].heard(start, start + 6)
    assert heard is not None
    assert np.exp(heard).sum() <= 1 + 1e-6
    assert read.parts[4].heard(500, 510) is None


def test_a_piece_is_told_of_by_its_own_state(folder: Path) -> None:
    reader = Reader(folder, overlap=0.5)
    (window,) = reader.windows(TALK)
    base = checked("minilm")
    net = DialogueNet(AutoModel.from_pretrained(base, local_files_only=True), 384)
    net.load_state_dict(torch.load(folder / "whole.pt", weights_only=True))
    net.eval()
    with torch.inference_mode():
        states = net.encoder(input_ids=torch.tensor([window.tokens])).last_hidden_state[0]
        wanted = net.parts(states).numpy()
    read = reader.read(TALK).parts
    for position in range(len(TALK)):
        mine = wanted[np.array(window.segments) == position + 1][1:]
        assert np.abs(mine - read[position].logits).max() < 0.15 * max(1.0, np.abs(wanted).max())


def test_split_covers_all_outputs() -> None:
    read = split(np.zeros((2, OUTPUTS)))
    assert read.labels.shape[1] + read.stage.shape[1] + read.holder.shape[1] + read.dimension.shape[1] == 16
    assert read.kind.shape[1] == 3


def test_absent_reader_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the reader"):
        Reader(tmp_path, overlap=0.15)
