"""What the reader says of a sentence's word pieces: what each would be in the switch, if it named a thing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PARTS = ("other", "fired", "hired", "refused")
"""What a named thing may be in the switch."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A sentence's word pieces, of an endless sentence the first.

    ``places`` (pieces, 2) tells where each starts and ends, in code points of the sentence; ``logits`` (pieces, 4)
    are those of PARTS.
    """

    places: npt.NDArray[np.int32]
    logits: npt.NDArray[np.float32]

    def heard(self, start: int, end: int) -> npt.NDArray[np.float64] | None:
        """Natural logs of the chances of PARTS for the words of a stretch, their mean; None where none was read."""
        inside = (self.places[:, 0] < end) & (self.places[:, 1] > start)
        if not inside.any():
            return None
        logits = self.logits[inside].astype(np.float64)
        highest = logits.max(axis=1, keepdims=True)
        logs = logits - highest - np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
        return np.asarray(logs.mean(axis=0), dtype=np.float64)
