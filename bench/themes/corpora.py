"""Statements whose themes are known, as clustering takes them in: the two planted studies, and intents by path."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline import cluster, embed
from pipeline.records import LABELS, ClusterInput, Label, content_id

PLANTED = Path(__file__).parents[2] / "data" / "planted"
STUDIES = ("car-club", "vet-records")
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Told:
    """One statement: who says it, as what, in which theme (empty: in none), and the words around it."""

    statement_id: str
    person: str
    label: Label
    theme: str
    text: str
    question: str = ""
    around: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Statements with their vectors, one row each."""

    name: str
    told: tuple[Told, ...]
    vectors: Rows
    contexts: Rows | None
    """Vectors of the surroundings; none where statements have none."""

    def part(self, chosen: Sequence[int]) -> Corpus:
        """Some of the statements."""
        rows = list(chosen)
        contexts = None if self.contexts is None else self.contexts[rows]
        return Corpus(self.name, tuple(self.told[i] for i in rows), self.vectors[rows], contexts)

    def themed(self) -> Corpus:
        """The statements that belong to a theme."""
        return self.part([i for i, one in enumerate(self.told) if one.theme])

    def labels(self) -> Iterator[tuple[Label, list[int]]]:
        """Each label with its rows."""
        for label in LABELS:
            rows = [i for i, one in enumerate(self.told) if one.label == label]
            if rows:
                yield label, rows

    def truth(self) -> list[str]:
        """The true group of each statement: its label and theme; one of its own where it has none."""
        return [f"{one.label} {one.theme}" if one.theme else f"alone {i}" for i, one in enumerate(self.told)]

    def entries(self) -> list[ClusterInput]:
        """What the stage takes in, one entry a label."""
        return [entry(self.part(rows), label) for label, rows in self.labels()]


def entry(corpus: Corpus, label: Label) -> ClusterInput:
    """All statements of ``corpus``, which are of one label, to be grouped anew."""
    return ClusterInput(
        label,
        "bench",
        tuple(one.statement_id for one in corpus.told),
        tuple(one.person for one in corpus.told),
        tuple(one.text for one in corpus.told),
        corpus.vectors,
        contexts=corpus.contexts,
        around=() if corpus.contexts is None else tuple(one.around for one in corpus.told),
    )


def planted(study: str) -> tuple[Told, ...]:
    """The statements of a planted study."""
    with (PLANTED / f"{study}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for i, row in enumerate(rows):
        start = row["turn"].find(row["statement"])
        if start < 0:
            raise ValueError(f"{study}, row {i + 2}: the statement is not in its turn")
        around = cluster.surroundings(row["turn"], start, start + len(row["statement"]))
        key = content_id("st", study, row["participant"], i)
        found.append(
            Told(
                key, f"{study} {row['participant']}", row["label"], row["theme"], row["statement"],
                row["question"], around,
            )  # type: ignore[arg-type]
        )  # fmt: skip
    return tuple(found)


def intents(path: Path) -> tuple[Told, ...]:
    """The texts of a data set of intents: CSV with the columns ``text`` and ``category`` (or ``label``).

    Every text is somebody else's. All go as one label, since intents have none.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Told(content_id("st", "intent", i), f"p{i}", "push", row.get("category") or row["label"], row["text"])
        for i, row in enumerate(rows)
    )


@dataclass(frozen=True, slots=True)
class Encoder:
    """Vectors of texts by a pinned model or a folder, kept in a folder between runs where one is given."""

    name: str
    cache: Path | None = None

    def rows(self, texts: Sequence[str]) -> Rows:
        """One row of unit length per text; those kept count only for the same model, read in the same way."""
        made = [embed.model_key(self.name), embed.VERSION]
        mark = hashlib.sha256("\x1f".join([*made, *texts]).encode()).hexdigest()[:24]
        kept = self.cache / f"{mark}.npy" if self.cache else None
        if kept is not None and kept.is_file():
            return np.asarray(np.load(kept, allow_pickle=False), dtype=np.float32)
        rows = embed.SentenceEncoder(self.name).encode(texts)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, rows, allow_pickle=False)
        return rows

    def corpus(self, name: str, told: Sequence[Told]) -> Corpus:
        """The statements with vectors of themselves and, where they have them, of their surroundings."""
        contexts = self.rows([one.around for one in told]) if all(one.around for one in told) else None
        return Corpus(name, tuple(told), self.rows([one.text for one in told]), contexts)


def joined(corpora: Sequence[Corpus]) -> Corpus:
    """Several corpora, all with surroundings, as one archive."""
    contexts = [corpus.contexts for corpus in corpora if corpus.contexts is not None]
    return Corpus(
        " and ".join(corpus.name for corpus in corpora),
        tuple(one for corpus in corpora for one in corpus.told),
        np.concatenate([corpus.vectors for corpus in corpora]),
        np.concatenate(contexts) if len(contexts) == len(corpora) else None,
    )


def renamed(told: Sequence[Told], prefix: str) -> tuple[Told, ...]:
    """The same statements under other ids, as another archive would have them."""
    return tuple(replace(one, statement_id=content_id("st", prefix, one.statement_id)) for one in told)
