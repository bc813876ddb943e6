"""When the themes of a label are made anew, and when new statements merely join them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.config import ClusterSettings
from pipeline.records import Fit

GROWTH = 0.25
"""Statements since the last fit, as a share of those fitted, at which it is outdated."""
NOISIER = 0.15
"""How much the noise share may rise above that of the last fit."""
ENOUGH = 30
"""New statements from which the noise share is worth a look."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many statements of a label there are, and what became of those that were placed before."""

    n_statements: int
    n_noise: int
    """Of them, those that the run before left in no theme."""
    n_new: int = 0
    n_gone: int = 0
    """Those that came and those that went since the run before; a statement that is read otherwise does both."""


def mode(
    fit: Fit | None, standing: Standing, method: str, settings: ClusterSettings
) -> Literal["refit", "grow"]:
    """Whether to group all statements of a label together again.

    Always without a fit, or where the vectors or the rules of grouping are others now; else as ``cluster.refit``
    says: ``auto`` asks how much was added, lost or replaced since, and whether noise grew.
    """
    if fit is None or fit.method != method or settings.refit == "always":
        return "refit"
    if settings.refit == "never":
        return "grow"
    changed = max(abs(standing.n_statements - fit.n_statements), standing.n_new + standing.n_gone)
    if changed >= GROWTH * max(fit.n_statements, 1):
        return "refit"
    share = standing.n_noise / max(standing.n_statements - standing.n_new, 1)
    noisier = share - fit.n_noise / max(fit.n_statements, 1)
    return "refit" if changed >= ENOUGH and noisier > NOISIER else "grow"
