"""Where a stage is mapped: in this process, or over a pool of local processes."""

from pipeline.engines.base import Done, Engine, Failure
from pipeline.engines.pool import PoolEngine
from pipeline.engines.serial import SerialEngine

__all__ = ["Done", "Engine", "Failure", "PoolEngine", "SerialEngine", "engine"]


def engine(workers: int) -> Engine:
    """The engine for that many workers: one needs no further process."""
    return SerialEngine() if workers == 1 else PoolEngine(workers)
