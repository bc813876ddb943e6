"""The working state: one DuckDB file that only the runner opens.

``State`` gives what is stale and takes what was computed; every ``commit_*`` is one transaction that holds results
and fingerprints together.
"""

from pipeline.state.lock import hold
from pipeline.state.store import State, state_path

__all__ = ["State", "hold", "state_path"]
