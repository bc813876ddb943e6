"""How well groups agree: ARI and AMI with every statement without a group as a group of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from bench.themes.corpora import Corpus


@dataclass(frozen=True, slots=True)
class Scores:
    """One way of grouping one corpus, against its true themes."""

    ari: float
    ami: float
    groups: int
    true_groups: int
    noise: float
    """Share of statements in no group, of those that truly have one."""

    @property
    def ratio(self) -> float:
        """Groups found for each true one."""
        return self.groups / self.true_groups

    def told(self) -> dict[str, Any]:
        """For JSON, rounded."""
        return {key: round(value, 3) for key, value in asdict(self).items()} | {
            "groups / true": round(self.ratio, 2)
        }


def apart(groups: Sequence[str]) -> list[str]:
    """The groups with every statement without one (an empty name) as its own."""
    return [group or f"noise {i}" for i, group in enumerate(groups)]


def score(corpus: Corpus, groups: Sequence[str]) -> Scores:
    """``groups``, an empty name for noise, against the themes of all statements of ``corpus``."""
    truth, found = corpus.truth(), apart(groups)
    themed = [i for i, one in enumerate(corpus.told) if one.theme]
    return Scores(
        ari=float(adjusted_rand_score(truth, found)),
        ami=float(adjusted_mutual_info_score(truth, found)),
        groups=len(set(groups) - {""}),
        true_groups=len({truth[i] for i in themed}),
        noise=sum(not groups[i] for i in themed) / max(len(themed), 1),
    )


def agreement(first: dict[str, str], second: dict[str, str]) -> float:
    """ARI of two groupings (statement -> group, empty for noise) on the statements of both."""
    shared = sorted(first.keys() & second.keys())
    one, other = apart([first[key] for key in shared]), apart([second[key] for key in shared])
    return float(adjusted_rand_score(one, other))
