"""What a second coder marked, so that training can see where two careful people differ.

``second.tsv`` has one row per sentence that the second coder labelled (text, sentence number from 1, ..., labels, ...);
a row for sentence 0 says that the text was read and nothing in it labelled. A text without any row was coded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from pipeline.evaluate.gold import ALL_PARTICIPANTS, GoldText
from pipeline.records import LABELS
from training.speech import rows

Codes = Mapping[tuple[bool, str], Mapping[int, frozenset[str]]]
"""Per text coded twice (whether it is a passage of speech, its name): the second coder's labels by sentence number."""


def second_codes(tables: Iterable[Path]) -> Codes:
    """The second coders' labels in some ``second.tsv`` tables; a table that is absent says nothing."""
    found: dict[tuple[bool, str], dict[int, frozenset[str]]] = {}
    for path in tables:
        for row in rows(path) if path.is_file() else ():
            given = row["labels"].split(",")
            name = row.get("interview") or row["passage"]
            found.setdefault(("passage" in row, name), {})[int(row["sentence"])] = frozenset(
                x for x in LABELS if x in given
            )
    return found


def called(text: GoldText) -> tuple[bool, str]:
    """What a text is called in the codes: an interview and a passage may have the same name."""
    return text.part == ALL_PARTICIPANTS, text.name


def shares(text: GoldText, second: Codes) -> np.ndarray:
    """(sentences, labels): the share of the text's coders, one or two, who gave the label."""
    first = _marks([s.labels for s in text.sentences])
    other = second.get(called(text))
    if other is None:
        return first
    return (first + _marks([other.get(s.sid, frozenset()) for s in text.sentences])) / 2


def _marks(given: list[frozenset[str]]) -> np.ndarray:
    return np.array([[label in labels for label in LABELS] for labels in given], dtype=np.float32)
