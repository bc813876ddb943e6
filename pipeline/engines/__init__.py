"""Where a stage is mapped: over a pool of local processes, or in this one."""

from pipeline.engines.base import Done, Engine, Failure
from pipeline.engines.pool import PoolEngine
from pipeline.engines.serial import SerialEngine

__all__ = ["Done", "Engine", "Failure", "PoolEngine", "SerialEngine", "engine"]


def engine(workers: int) -> Engine:
    """The engine for that many workers; even one works apart, so that what kills it does not kill the run."""
    return PoolEngine(workers)
