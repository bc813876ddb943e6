"""The flow of one run through an open state: scan, then each stage's stale work mapped and committed."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline import cluster, theming
from pipeline.choice import Choice
from pipeline.config import Settings
from pipeline.ending import heed
from pipeline.engines import Done, Engine
from pipeline.engines.base import DEATHS
from pipeline.errors import StageError, UsageError
from pipeline.events import Events
from pipeline.inputs import Found, Scan, ScanOptions, location_of, scan
from pipeline.recipes import Recipe
from pipeline.records import LABELS, Clustering, Reading, Reject
from pipeline.state import (
    State,
    extractions,
    forgotten,
    readings,
    sources,
    themes,
    vectors,
)
from pipeline.state.stale import force

ROUNDS = 4
"""Batches that each worker gets at least, where there is work for so many: all end at about the same time."""
LEAST_TEXTS = 64
"""Texts worth the load of an encoder in one more worker."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run reads: the paths, globs or URLs given, and where names start."""

    given: tuple[str, ...]
    base: Path
    """The published file's folder."""
    leave_out: frozenset[str] = frozenset()
    """The run's own files."""


@dataclass
class Flow:
    """One run's way through the stages."""

    state: State
    engine: Engine
    settings: Settings
    recipes: Mapping[str, Recipe]
    choice: Choice
    events: Events
    run_id: str
    work: dict[str, dict[str, float]] = field(default_factory=dict)
    """Stage -> items done and seconds taken, for stages that had work."""

    def all(self, inputs: Inputs) -> None:
        """Do everything that is stale and chosen."""
        if self.choice.does("ingest"):
            self.scan(inputs)
        for stage in self.choice.force:
            force(self.state, stage)
        if self.choice.does("ingest"):
            self._ingest(inputs.base)
            readings.sweep(self.state, self.run_id)
        if self.choice.does("extract"):
            self._extract()
        if self.choice.does("embed"):
            self._embed()
        if self.choice.does("cluster"):
            self._cluster()

    def derive(self, base: Path) -> None:
        """Make all that rests on single interviews, from the sources that the state has."""
        self._ingest(base)
        self._extract()
        self._embed()

    def scan(self, inputs: Inputs) -> Counter[str]:
        """Take over what lies under the inputs; gives the number of each kind of change, and of all ``inputs``."""
        options = ScanOptions(
            inputs.base, self.settings.ingest.max_bytes, self.settings.ingest.name_pattern, inputs.leave_out
        )
        clock = time.monotonic()
        found, n_forgotten = _without_forgotten(
            scan(inputs.given, sources.known(self.state), options), forgotten.marks(self.state)
        )
        with self.state.transaction():
            changes = sources.apply(self.state, found, self.run_id, prune=self.choice.prune)
            changes += Counter(forgotten=n_forgotten)
            self._check_pruned(changes["pruned"])
        self.events.tell("scan", changes=dict(changes))
        self.work["scan"] = {"items": len(found.sources), "seconds": round(time.monotonic() - clock, 3)}
        return changes + Counter(inputs=sum(one.status != "archive" for one in found.sources))

    def _check_pruned(self, pruned: int) -> None:
        standing = int(self.state.value("SELECT count(DISTINCT sha256) FROM transcripts"))
        limit = self.settings.publish.max_pruned_share
        if pruned > limit * standing:
            raise UsageError(
                f"--prune would drop {pruned} of {standing} interviews (publish.max_pruned_share allows {limit:.0%})",
                "Is the folder mounted and whole? If so, allow more: --set publish.max_pruned_share=1",
            )

    def stale_sources(self) -> list[sources.Stale]:
        """Contents to read: all that must be read anew, and of the new ones those chosen."""
        stale = sources.stale(self.state, self.recipes["ingest"].fingerprint)
        new = [one for one in stale if one.is_new]
        if self.choice.since is not None:
            since = int(self.choice.since.timestamp() * 1e9)
            new = [one for one in new if one.mtime_ns >= since]
        kept = {one.sha256 for one in new[: self.choice.limit]}
        return [one for one in stale if not one.is_new or one.sha256 in kept]

    def _ingest(self, base: Path) -> None:
        recipe = self.recipes["ingest"].fingerprint
        stale = [_found(one, base) for one in self.stale_sources()]

        def commit(done: Done) -> None:
            pairs = [
                (reading, item.fingerprint) for item, reading in zip(done.items, done.results, strict=True)
            ]
            for lost in done.failures:
                if lost.reason == "unreadable":
                    sources.set_unreadable(self.state, lost.item.source, lost.detail, self.run_id)
                    continue
                reject = Reject(lost.item.source, lost.item.sha256, "ingest", lost.reason, lost.detail)
                pairs.append((Reading(lost.item.sha256, (), (reject,)), lost.item.fingerprint))
            readings.commit(self.state, pairs, recipe, self.run_id)
            for reading, _ in pairs:
                for one in reading.rejects:
                    self.events.tell("reject", stage="ingest", reason=one.reason, id=reading.sha256[:16])

        size = self._size(len(stale), self.settings.run.batch_files)
        self._map(_Work("ingest", _batches(stale, size), len(stale), commit))

    def _extract(self) -> None:
        recipe = self.recipes["extract"].fingerprint
        extractions.take_up(self.state, [one.recipe for one in vectors.sets(self.recipes)])
        marks = {one.transcript_id: one.fingerprint for one in extractions.stale(self.state, recipe)}
        size = self._size(len(marks), self.settings.run.batch_files)
        batches = (readings.transcripts(self.state, part) for part in _batches(list(marks), size))

        def commit(done: Done) -> None:
            found = [(extraction, marks[extraction.transcript_id]) for extraction in done.results]
            lost = [
                (
                    Reject(key := f.item.transcript_id, f.item.sha256, "extract", f.reason, f.detail),
                    marks[key],
                )
                for f in done.failures
            ]
            extractions.commit(self.state, found, lost, recipe, self.run_id)

        self._map(_Work("extract", batches, len(marks), commit))

    def _embed(self) -> None:
        theming.surround(self.state, vectors.compared(self.recipes))
        wanted = vectors.sets(self.recipes)
        for one in wanted:
            self._embed_set(one)
        vectors.sweep(self.state, wanted)

    def _embed_set(self, wanted: vectors.Wanted) -> None:
        own = wanted.recipe == self.recipes["embed"].fingerprint
        lost: dict[str, tuple[str, str]] = {}

        def commit(done: Done) -> None:
            lost.update({f.item.text_hash: (f.reason, f.detail) for f in done.failures})
            if len(lost) > DEATHS:  # it is not the texts
                raise StageError(f"embed: {len(lost)} texts fail ({done.failures[0].detail})")
            vectors.commit(self.state, done.results, wanted.recipe, self.run_id)

        total = vectors.stale(self.state, wanted)
        size = self._size(total, self.settings.run.batch_texts, least=LEAST_TEXTS)
        work = _Work("embed", vectors.texts(self.state, wanted, size), total, commit)
        self._map(work, self.settings if own else cluster.compared(self.settings))
        if lost:
            extractions.give_up(self.state, lost, wanted.recipe, self.run_id)

    def _cluster(self) -> None:
        recipe, compared = self.recipes["cluster"].fingerprint, vectors.compared(self.recipes)
        mark = themes.fingerprint(self.state, recipe, compared)
        if themes.is_current(self.state, mark):
            return
        if vectors.stale(self.state, compared):
            raise UsageError(
                "themes need the vectors of all statements, and some are not made yet",
                "Run without --only, or with --only embed --only cluster.",
            )
        making = theming.Making(self.settings, recipe, compared, self.run_id)
        found: list[Clustering] = []

        def collect(done: Done) -> None:
            if done.failures:
                raise StageError(f"cluster: {done.failures[0].item.label} fails ({done.failures[0].detail})")
            found.extend(done.results)

        inputs = ([theming.label_input(self.state, making, label)] for label in LABELS)
        self._map(_Work("cluster", inputs, len(LABELS), collect))
        theming.put(self.state, found, making, mark)

    def _size(self, total: int, most: int, *, least: int = 1) -> int:
        """Items in a batch: ``most``, or fewer where that would leave a local worker without work."""
        workers = self.settings.workers()
        if workers == 1 or self.settings.run.engine == "ray":
            return most  # how many CPUs a cluster will have is not known
        return min(most, max(least, math.ceil(total / (ROUNDS * workers))))

    def _map(self, work: _Work, settings: Settings | None = None) -> None:
        if not work.total:
            return
        clock = time.monotonic()
        told = self.work.setdefault(work.stage, {"items": 0, "seconds": 0.0})
        before = told["seconds"]
        with self.events.stage(work.stage, work.total) as advance:
            for done in self.engine.map(work.stage, settings or self.settings, work.batches):
                heed()
                work.commit(done)
                for lost in done.failures:
                    self.events.tell("failure", stage=work.stage, reason=lost.reason, detail=lost.detail)
                told["items"] += len(done.items)
                told["seconds"] = round(before + time.monotonic() - clock, 3)
                advance(len(done.items) + len(done.failures))


def _without_forgotten(found: Scan, marks: frozenset[str]) -> tuple[Scan, int]:
    """The scan without contents that are to be forgotten for ever, and their number."""
    if not marks:
        return found, 0
    kept = tuple(one for one in found.sources if not (one.sha256 and forgotten.mark(one.sha256) in marks))
    return replace(found, sources=kept), len(found.sources) - len(kept)


@dataclass(frozen=True, slots=True)
class _Work:
    """What one stage has to do: batches of items, and what becomes of each that is done."""

    stage: str
    batches: Iterable[Sequence[Any]]
    total: int
    commit: Callable[[Done], None]


def _found(stale: sources.Stale, base: Path) -> Found:
    location = location_of(stale.packed_in or stale.source, base)
    return Found(
        stale.source,
        stale.sha256,
        stale.context,
        stale.fingerprint,
        location,
        packed=stale.packed_in is not None,
    )


def _batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    walk = iter(items)
    while batch := list(islice(walk, size)):
        yield batch
