"""Examples beside which a sentence is put."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from pipeline.extract.neighbours import Example, Neighbours, read_examples


def test_the_likest_first(tmp_path: Path) -> None:
    states = np.array([[127, 0], [0, 127], [90, 90], [-127, 0]], dtype=np.int8)
    save_file(
        {
            "directions": np.eye(2, dtype=np.float16),
            "middle": np.zeros(2, dtype=np.float32),
            "states": states,
        },
        tmp_path / "neighbours.safetensors",
    )
    rows = ["a01:1\tpush\tIt broke.", "a01:2\t\tYes.", 'a02:9\tpush,habit\t"Well', "b01:4\tpull\tIt sings."]
    (tmp_path / "neighbours.tsv").write_text(
        "example_id\tlabels\ttext\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    found = Neighbours(tmp_path).nearest(np.array([[2.0, 0.1], [0.0, 5.0]], dtype=np.float32))
    assert [near.example_id for near in found[0]] == ["a01:1", "a02:9", "a01:2"]
    assert [near.labels for near in found[1]] == ["", "push,habit", "push"]
    assert found[1][0].likeness == 1.0
    assert read_examples(tmp_path)[2] == Example("a02:9", "push,habit", '"Well')


def test_a_reader_without_examples(tmp_path: Path) -> None:
    found = Neighbours(tmp_path)
    assert found.nearest(np.zeros((3, 0), dtype=np.float32)) == [(), (), ()]
    assert read_examples(tmp_path) == ()
