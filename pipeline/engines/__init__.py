"""Where a stage is mapped: over a pool of local processes, over a Ray cluster, or in this process."""

from pipeline.config import Settings
from pipeline.engines.base import Done, Engine, Failure
from pipeline.engines.pool import PoolEngine
from pipeline.engines.serial import SerialEngine

__all__ = ["Done", "Engine", "Failure", "PoolEngine", "SerialEngine", "engine"]


def engine(settings: Settings) -> Engine:
    """The engine that the settings name; even one worker works apart, so that what kills it does not kill the run.

    Raises:
        UsageError: it is Ray, and Ray is not installed.
    """
    if settings.run.engine == "ray":
        from pipeline.engines.ray import RayEngine

        return RayEngine(settings.run.ray_address, settings.run.workers)
    return PoolEngine(settings.workers())
