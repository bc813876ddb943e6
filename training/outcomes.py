"""How right outcome statements are: against two coders, and as two readers judge them.

    python -m training.outcomes [--corpus data/corpus] [--coded data/outcomes]

Draws nothing but a table: of the sentences on which the coders agree, the share in which the draft says the same; of
the drafts, the share that both readers, and either of them, would use without edits.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import extract
from pipeline.config import ExtractSettings
from pipeline.extract.outcome.draft import Draft, draft
from pipeline.extract.outcomes import shipped
from training.corpus import read_corpus
from training.speech import rows
from training.train import say

PARTS = ("direction", "measure", "head", "job_step")
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A drafted statement and what two readers said of it."""

    canonical: str
    first: bool
    second: bool


def main() -> None:
    """Print the table."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    p.add_argument("--coded", type=Path, default=Path("data/outcomes"))
    given = p.parse_args()
    first, second = (coded(given.coded / "coded.tsv", coder) for coder in ("first", "second"))
    drafts = drafted(given.corpus, set(first))
    judgements = judged(given.coded / "judged.tsv")
    say(f"{len(first)} sentences; coders agree: {shares(first, second)}")
    for name, some in (
        ("all", drafts),
        ("stated", {key: one for key, one in drafts.items() if one.canonical}),
        ("ok", {key: one for key, one in drafts.items() if one.verdict == "ok"}),
    ):
        say(f"{name}: {len(some)} drafts; right where coders agree: {right(some, first, second)}")
        say(f"{name}: usable without edits: {usable(some, judgements)}")


def coded(path: Path, coder: str) -> dict[Key, tuple[str, ...]]:
    """What one coder gave, by interview and sentence."""
    return {
        (row["interview"], int(row["sentence"])): tuple(row[part] for part in PARTS)
        for row in rows(path)
        if row["coder"] == coder
    }


def judged(path: Path) -> dict[Key, Judged]:
    """The judgements, by interview and sentence."""
    return {
        (row["interview"], int(row["sentence"])): Judged(
            row["canonical"], row["first"] == "y", row["second"] == "y"
        )
        for row in rows(path)
    }


def drafted(corpus: Path, wanted: set[Key]) -> dict[Key, Draft]:
    """The statements that the rules make of these sentences, told their kind as a run is by the reader."""
    nlp = extract.english(ExtractSettings())
    found: dict[Key, Draft] = {}
    for interview in read_corpus(corpus):
        for s in interview.text.sentences:
            if (key := (interview.text.name, s.sid)) in wanted:
                found[key] = draft(nlp(s.text)[:], shipped(), s.attributes.get("outcome_kind") or None)
    return found


def shares(one: Mapping[Key, tuple[str, ...]], other: Mapping[Key, tuple[str, ...]]) -> str:
    """Per part the share of sentences in which both say the same."""
    return ", ".join(
        f"{part} {sum(one[key][i] == other[key][i] for key in one) / len(one):.2f}"
        for i, part in enumerate(PARTS)
    )


def right(
    drafts: Mapping[Key, Draft],
    first: Mapping[Key, tuple[str, ...]],
    second: Mapping[Key, tuple[str, ...]],
) -> str:
    """Per part the share of drafts that say what both coders say, and of how many."""
    told = []
    for i, part in enumerate(PARTS):
        both = [key for key in drafts if first[key][i] == second[key][i]]
        hits = sum(getattr(drafts[key], part) == first[key][i] for key in both)
        told.append(f"{part} {hits / max(len(both), 1):.2f} of {len(both)}")
    return ", ".join(told)


def usable(drafts: Mapping[Key, Draft], judgements: Mapping[Key, Judged]) -> str:
    """The share of drafts that readers would use; one that is drafted otherwise than when it was judged is left out."""
    none = Judged("", first=False, second=False)
    known = {
        key: judgements.get(key, none)
        for key, one in drafts.items()
        if (one.canonical or "") == judgements.get(key, none).canonical
    }
    n = max(len(known), 1)
    first, second = sum(one.first for one in known.values()), sum(one.second for one in known.values())
    both = sum(one.first and one.second for one in known.values())
    return (
        f"first {first / n:.2f}, second {second / n:.2f}, both {both / n:.2f} of {len(known)};"
        f" {len(drafts) - len(known)} drafted otherwise since"
    )


if __name__ == "__main__":
    main()
