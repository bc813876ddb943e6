"""Stages mapped over a pool of local processes.

A batch whose worker dies (out of memory, a crash in a library) is tried again item by item, each in a process of
its own; an item that kills its process twice is given up, the others go on.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any

from pipeline.config import Settings
from pipeline.engines.base import DEATHS, Done, given_up
from pipeline.engines.work import prepare, work
from pipeline.errors import StageError

TRIES = 2


class PoolEngine:
    """A pool that starts with the first batch and lives until ``close``."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: _Pool | None = None
        self._flying: dict[Future[Done], Sequence[Any]] = {}

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """Yield batches as they are done; at most two per worker are in flight."""
        todo = iter(batches)
        flying = self._flying
        while True:
            while len(flying) < 2 * self._workers and (batch := next(todo, None)) is not None:
                flying[self._submit(stage, settings, batch)] = batch
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            broken = []
            for future in done:
                batch = flying.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    broken.append(batch)
            if broken:
                broken += flying.values()
                self.close()
                yield from _one_by_one(stage, settings, [item for batch in broken for item in batch])

    def close(self) -> None:
        """Let the workers go; what they had begun is dropped."""
        if self._pool is not None:
            self._pool.close(at_once=bool(self._flying))
            self._pool = None
        self._flying.clear()

    def _submit(self, stage: str, settings: Settings, batch: Sequence[Any]) -> Future[Done]:
        if self._pool is None:
            self._pool = _Pool(self._workers)
        return self._pool.submit(stage, settings, batch)


class _Pool:
    """Processes that end with this one, however it ends."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("forkserver")
        self._end: Connection
        lifeline, self._end = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=prepare, initargs=(lifeline,)
        )

    def submit(self, stage: str, settings: Settings, items: Sequence[Any]) -> Future[Done]:
        try:
            return self._executor.submit(work, stage, settings, items)
        except BrokenProcessPool as error:
            broken: Future[Done] = Future()
            broken.set_exception(error)
            return broken

    def close(self, *, at_once: bool = False) -> None:
        if at_once:
            self._end.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._end.close()


def _one_by_one(stage: str, settings: Settings, items: Sequence[Any]) -> Iterator[Done]:
    """Each item in turn; those that kill their worker are only given up once another one survived.

    Raises:
        StageError: so many die in a row that it is not the items.
    """
    pool = _Pool(1)
    killers: list[Any] = []
    try:
        for item in items:
            for _ in range(TRIES):
                try:
                    done = pool.submit(stage, settings, [item]).result()
                except BrokenProcessPool:
                    pool.close()
                    pool = _Pool(1)
                else:
                    yield from given_up(killers)
                    killers.clear()
                    yield done
                    break
            else:
                killers.append(item)
            if len(killers) == DEATHS:
                raise StageError(
                    f"{stage}: worker processes die one after another",
                    "The machine may be out of memory: fewer workers (--workers) or smaller batches help.",
                )
        yield from given_up(killers)
    finally:
        pool.close()
