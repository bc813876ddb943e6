"""Stages mapped over a pool of local processes.

A batch whose worker dies (out of memory, a crash in a library) is tried again item by item, each in a process of
its own; an item that kills its process twice is given up, the others go on.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pipeline.config import Settings
from pipeline.engines.base import Done, Failure
from pipeline.engines.work import prepare, work

TRIES = 2


class PoolEngine:
    """A pool that starts with the first batch and lives until ``close``."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """Yield batches as they are done; at most two per worker are in flight."""
        todo = iter(batches)
        flying: dict[Future[Done], Sequence[Any]] = {}
        exhausted = False
        while True:
            while not exhausted and len(flying) < 2 * self._workers:
                batch = next(todo, None)
                if batch is None:
                    exhausted = True
                else:
                    flying[self._submit(stage, settings, batch)] = batch
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                if future not in flying:
                    continue
                batch = flying.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost = [batch, *flying.values()]
                    flying.clear()
                    self.close()
                    for part in lost:
                        yield from self._one_by_one(stage, settings, part)

    def close(self) -> None:
        """Let the workers go; what they had begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _submit(self, stage: str, settings: Settings, batch: Sequence[Any]) -> Future[Done]:
        if self._pool is None:
            self._pool = _pool(self._workers)
        try:
            return self._pool.submit(work, stage, settings, batch)
        except BrokenProcessPool:
            broken: Future[Done] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken

    def _one_by_one(self, stage: str, settings: Settings, batch: Sequence[Any]) -> Iterator[Done]:
        pool = _pool(1)
        try:
            for item in batch:
                for attempt in range(TRIES):
                    try:
                        yield pool.submit(work, stage, settings, [item]).result()
                        break
                    except BrokenProcessPool:
                        pool.shutdown(wait=True)
                        pool = _pool(1)
                        if attempt == TRIES - 1:
                            yield Done((), (), (Failure(item, "killed_worker", "its process died twice"),))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=prepare)
