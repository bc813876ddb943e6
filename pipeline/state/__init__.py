"""The working state: one DuckDB file that only the runner opens.

One module a subject: each says what is stale and takes what was computed; every ``commit`` is one transaction
that holds results and fingerprints together.
"""

from pipeline.state.lock import Patience, hold
from pipeline.state.store import State, state_path

__all__ = ["Patience", "State", "hold", "state_path"]
