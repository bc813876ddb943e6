"""What is stale, mapped, and committed: the only place that knows when something is computed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline import report, store
from pipeline.config import Settings
from pipeline.engines import Done, Engine, engine
from pipeline.errors import StageError
from pipeline.events import Events
from pipeline.inputs import Found, scan
from pipeline.records import Reading, Reject, content_id
from pipeline.stages import STAGES, Stage, stage
from pipeline.state import State, hold, state_path
from pipeline.version import __version__


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did and what now stands in the published file."""

    run_id: str
    worked: bool
    seconds: float
    counts: dict[str, Any] = field(default_factory=dict)


class Run:
    """One run over some inputs into one published file."""

    def __init__(self, inputs: Sequence[str], published: Path, settings: Settings, events: Events) -> None:
        self.inputs = inputs
        self.published = published
        self.settings = settings
        self.events = events
        self.done: dict[str, int] = {}
        self.started = datetime.now(UTC).replace(tzinfo=None)
        self.run_id = content_id("run-" + self.started.strftime("%Y%m%dT%H%M%S") + "-", time.time_ns())

    def execute(self, report_path: Path | None) -> Summary:
        """Bring the published file, and the report where one is asked for, up to date.

        Raises:
            WhyswitchError: see ``pipeline.errors``; what was committed before stays and is not done again.
        """
        clock = time.monotonic()
        path = state_path(self.published)
        with hold(path):
            state = State(
                path, memory_limit=self.settings.run.memory_limit, threads=min(self.settings.workers(), 8)
            )
            mapper = engine(self.settings.workers())
            try:
                worked, counts = self._flow(state, mapper, report_path)
            finally:
                mapper.close()
                state.close()
        return Summary(self.run_id, worked, time.monotonic() - clock, counts)

    def _flow(self, state: State, mapper: Engine, report_path: Path | None) -> tuple[bool, dict[str, Any]]:
        prints = {entry.name: _stage_fingerprint(entry, self.settings) for entry in STAGES}
        model = stage("embed").identity(self.settings)
        state.begin_run(
            self.run_id, self.started, __version__, self.settings.model_dump_json(), json.dumps(prints)
        )
        status = "failed"
        counts: dict[str, Any] = {}
        try:
            self._scan(state)
            self._ingest(state, mapper, prints["ingest"])
            state.sweep()
            self._extract(state, mapper, prints["extract"])
            self._embed(state, mapper, model)
            self._cluster(state, mapper, state.clustering_fingerprint(prints["cluster"], model), model)
            counts = store.count(state.connection) | {"done": self.done}
            status = "done"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            state.end_run(self.run_id, datetime.now(UTC).replace(tzinfo=None), status, json.dumps(counts))
        published = self._publish(state)
        drawn = self._report(report_path, fresh=published)
        return bool(self.done) or published or drawn, counts

    # -- stages -----------------------------------------------------------------------------------------------

    def _scan(self, state: State) -> None:
        with self.events.stage("scan", None):
            known = state.known_sources()
            found = scan(
                self.inputs,
                known,
                run_id=self.run_id,
                max_bytes=self.settings.ingest.max_bytes,
                name_pattern=self.settings.ingest.name_pattern,
            )
            now = {row[0] for row in found.rows}
            missing = [source for source in known if source not in now and found.covers(source)]
            state.commit_sources(found.rows, missing)

    def _ingest(self, state: State, mapper: Engine, fingerprint: str) -> None:
        stale = [
            Found(s, sha, context, mark) for s, sha, context, _, mark in state.stale_sources(fingerprint)
        ]

        def commit(done: Done) -> None:
            pairs = [
                (reading, item.fingerprint) for item, reading in zip(done.items, done.results, strict=True)
            ]
            for failure in done.failures:
                lost = Reject(
                    failure.item.source, failure.item.sha256, "ingest", failure.reason, failure.detail
                )
                pairs.append((Reading(failure.item.sha256, (), (lost,)), failure.item.fingerprint))
            state.commit_readings(pairs, self.run_id)

        self._map(mapper, "ingest", _batches(stale, self.settings.run.batch_files), len(stale), commit)

    def _extract(self, state: State, mapper: Engine, fingerprint: str) -> None:
        stale = state.stale_transcripts(fingerprint)
        marks = dict(stale)
        size = self.settings.run.batch_files
        batches = (state.transcripts([key for key, _ in part]) for part in _batches(stale, size))

        def commit(done: Done) -> None:
            found = [(extraction, marks[extraction.transcript_id]) for extraction in done.results]
            state.commit_extractions(found, self.run_id)
            lost = [
                Reject(f.item.transcript_id, f.item.sha256, "extract", f.reason, f.detail)
                for f in done.failures
            ]
            state.quarantine(
                lost, {f.item.transcript_id: marks[f.item.transcript_id] for f in done.failures}, self.run_id
            )

        self._map(mapper, "extract", batches, len(stale), commit)

    def _embed(self, state: State, mapper: Engine, model: str) -> None:
        total = state.stale_texts(model)
        if not total:
            return

        def commit(done: Done) -> None:
            if done.failures:
                raise StageError(
                    f"embed could not take {len(done.failures)} texts ({done.failures[0].detail})"
                )
            state.commit_vectors(done.results, self.run_id)

        texts = state.texts_to_embed(model, self.settings.run.batch_texts)
        self._map(mapper, "embed", texts, total, commit)
        state.drop_other_vectors(model)

    def _cluster(self, state: State, mapper: Engine, fingerprint: str, model: str) -> None:
        if state.is_clustered(fingerprint):
            return
        found: list[Any] = []

        def collect(done: Done) -> None:
            if done.failures:
                raise StageError(
                    f"cluster failed for {done.failures[0].item.label} ({done.failures[0].detail})"
                )
            found.extend(done.results)

        inputs = ([entry] for entry in state.cluster_inputs(model, self.run_id))
        self._map(mapper, "cluster", inputs, len(stage_labels()), collect)
        state.commit_clusterings(sorted(found, key=lambda c: c.label), fingerprint, self.run_id)

    def _map(
        self,
        mapper: Engine,
        name: str,
        batches: Iterable[Sequence[Any]],
        total: int,
        commit: Callable[[Done], None],
    ) -> None:
        if not total:
            return
        with self.events.stage(name, total) as advance:
            for done in mapper.map(name, self.settings, batches):
                commit(done)
                advance(len(done.items) + len(done.failures))
                for failure in done.failures:
                    self.events.failure(name, failure.reason, failure.detail)
                self.done[name] = self.done.get(name, 0) + len(done.items)

    # -- what is shown ----------------------------------------------------------------------------------------

    def _publish(self, state: State) -> bool:
        if store.is_published(state.connection, self.published):
            return False
        with self.events.stage("publish", None):
            store.publish(state.connection, self.published, self.run_id)
        return True

    def _report(self, path: Path | None, *, fresh: bool) -> bool:
        if path is None or (
            path.exists() and not fresh and report.is_current(path, self.published, self.settings)
        ):
            return False
        with self.events.stage("report", None):
            report.write(self.published, path, self.settings)
        return True


def run(
    inputs: Sequence[str], published: Path, settings: Settings, *, report_path: Path | None, events: Events
) -> Summary:
    """Do the main job: read, extract, embed, cluster, publish and draw whatever is not up to date."""
    return Run(inputs, published, settings, events).execute(report_path)


def stage_labels() -> tuple[str, ...]:
    """The labels that are clustered, each on its own."""
    from pipeline.records import LABELS

    return LABELS


def _stage_fingerprint(entry: Stage, settings: Settings) -> str:
    parts = [entry.name, entry.version, entry.identity(settings)]
    parts += [getattr(settings, section).fingerprint() for section in entry.sections]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()


def _batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    walk = iter(items)
    while batch := list(islice(walk, size)):
        yield batch
