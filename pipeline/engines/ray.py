"""Stages mapped over a Ray cluster. Ray places the batches, moves them, and tries those of lost workers again.

Tasks, not actors: a task that a dying node was working on goes to any node that is left, and a Ray worker process is
reused by the next task, so that what a stage loads is loaded once per worker. The run alone writes.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.engines.base import DEATHS, Done, given_up
from pipeline.engines.work import prepare, work
from pipeline.errors import StageError, UsageError, WhyswitchError

RETRIES = 3
"""How often Ray tries a batch again whose worker or node was lost."""

KNOCK_S = 10.0

_prepared: set[str] = set()
"""What this worker process has checked: the recipes by which it works."""


class RayEngine:
    """A connection to a cluster that is made with the first batch and lives until ``close``.

    Args:
        address: the cluster's; empty for that of ``RAY_ADDRESS``, or else a new one on this machine.
        workers: CPUs to use at most; 0 = all that the cluster has at the time.

    Raises:
        UsageError: Ray is not installed.
    """

    def __init__(self, address: str, workers: int) -> None:
        self._ray = _package()
        self._address = address or os.environ.get("RAY_ADDRESS", "")
        self._workers = workers
        self._connected = False
        self._flying: dict[Any, Sequence[Any]] = {}

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """Yield batches as they are done; at most two per CPU are in the cluster, so that none of it fills up."""
        self._connect()
        share = self._gpu_share(stage, settings)
        task = self._task(stage, settings, share)
        todo = iter(batches)
        while True:
            room = 2 * self._places(share) - len(self._flying)
            while room > 0 and (batch := next(todo, None)) is not None:
                self._flying[task(batch, RETRIES)] = batch
                room -= 1
            if not self._flying:
                return
            (first, *_), _ = self._ray.wait(list(self._flying), num_returns=1)
            batch = self._flying.pop(first)
            done = self._done(stage, first)
            if done is None:
                yield from self._one_by_one(stage, task, batch)
            else:
                yield done

    def close(self) -> None:
        """Let the cluster go; what it had begun is dropped."""
        for flying in self._flying:
            self._ray.cancel(flying, force=True)
        self._flying.clear()
        if self._connected:
            self._connected = False
            self._ray.shutdown()

    # -- the cluster ------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        if self._ray.is_initialized():
            return
        options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
        with _own_signals():
            if self._address:
                self._join(options)
            else:
                self._ray.init(
                    "local", num_cpus=self._workers or _cores(), include_dashboard=False, **options
                )
        self._connected = True

    def _join(self, options: dict[str, Any]) -> None:
        remedy = (
            "`ray status --address ADDR` asks it; its Ray and Python must be of the same version as here."
        )
        try:
            knock(self._address)
            self._ray.init(self._address, **options)
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(
                f"no Ray cluster can be used at {self._address} ({type(error).__name__})", remedy
            ) from error

    def _places(self, share: float) -> int:
        """Tasks that can work at once, at most one per CPU; the cluster may grow and shrink meanwhile."""
        there = self._ray.cluster_resources()
        places = int(min(there.get("CPU", 0), there.get("GPU", 0) / share if share else math.inf))
        return max(1, min(places, self._workers or places))

    def _gpu_share(self, stage: str, settings: Settings) -> float:
        from pipeline.stages import stage as named

        wanted = named(stage).gpu(settings) and self._ray.cluster_resources().get("GPU", 0) > 0
        return settings.run.gpu_share if wanted else 0.0

    def _task(self, stage: str, settings: Settings, share: float) -> Callable[[Sequence[Any], int], Any]:
        from pipeline.recipes import recipe  # it imports the stages, which are heavy

        remote = self._ray.remote(_work)
        remotes = {n: remote.options(max_retries=n, num_gpus=share) for n in {1, RETRIES}}
        mark, folder = recipe(stage, settings).fingerprint, str(Path.cwd())

        def task(batch: Sequence[Any], retries: int) -> Any:
            return remotes[retries].remote(stage, settings, batch, mark, folder)

        return task

    def _done(self, stage: str, reference: Any) -> Done | None:
        """The batch done; None where Ray gave its worker up for lost, every time.

        Raises:
            WhyswitchError: what the worker raised; a StageError where it is none of ours.
        """
        errors = self._ray.exceptions
        lost = (
            errors.WorkerCrashedError,
            errors.NodeDiedError,
            errors.OutOfMemoryError,
            errors.ObjectLostError,
        )
        try:
            done: Done = self._ray.get(reference)
        except lost:
            return None
        except errors.RayError as error:
            cause = getattr(error, "cause", None) or error
            if isinstance(cause, WhyswitchError):
                raise cause from None
            raise StageError(
                f"{stage}: a worker of the Ray cluster fails ({type(cause).__name__})",
                "Every node needs whyswitch of the same version, with its models, and enough memory.",
            ) from error
        return done

    def _one_by_one(
        self, stage: str, task: Callable[[Sequence[Any], int], Any], items: Sequence[Any]
    ) -> Iterator[Done]:
        """Each item in turn, tried twice; those that lose their worker are given up once another one survived.

        Raises:
            StageError: so many are lost in a row that it is not the items.
        """
        killers: list[Any] = []
        for item in items:
            done = self._done(stage, task([item], 1))
            if done is not None:
                yield from given_up(killers)
                killers.clear()
                yield done
                continue
            killers.append(item)
            if len(killers) == DEATHS:
                raise StageError(
                    f"{stage}: workers of the Ray cluster die one after another",
                    "The nodes may be out of memory: fewer CPUs per node, or smaller batches, help.",
                )
        yield from given_up(killers)


def _work(name: str, settings: Settings, items: Sequence[Any], mark: str, folder: str) -> Done:
    """One batch in one Ray worker, which works by the same recipe as the run or not at all."""
    if mark not in _prepared:
        prepare(gpu=bool(_package().get_gpu_ids()))
        with contextlib.suppress(OSError):  # relative paths only mean something where the folder is shared
            os.chdir(folder)
        _check(name, settings, mark)
        _prepared.add(mark)
    return work(name, settings, items)


def _check(name: str, settings: Settings, mark: str) -> None:
    from pipeline.recipes import recipe
    from pipeline.version import __version__

    if recipe(name, settings).fingerprint != mark:
        raise StageError(
            f"{name}: the Ray node {socket.gethostname()} has other models, rules or another whyswitch ({__version__})",
            "Install the same wheel on every node, and share folders that settings name under the same path.",
        )


def _package() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a run tells nobody of itself
    os.environ.setdefault(
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0"
    )  # said by default in Ray's next major version
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise UsageError("the engine 'ray' needs Ray", "pip install 'whyswitch[ray]'") from error


def knock(address: str) -> None:
    """Nothing, where somebody listens at HOST:PORT: Ray itself would try for minutes.

    Raises:
        OSError: nobody does.
    """
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_S).close()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Keep the run's way of ending: connecting to Ray replaces what SIGTERM does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
