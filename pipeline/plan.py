"""What a run would do and why, before it does: the run's own scan and staleness, in a transaction that is undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from pipeline import theming
from pipeline.curation import curated
from pipeline.engines import SerialEngine
from pipeline.events import QuietEvents
from pipeline.files import key_path
from pipeline.flow import Flow
from pipeline.key import settled
from pipeline.recipes import Recipe, differences, recipes
from pipeline.records import LABELS
from pipeline.runner import Job
from pipeline.state import State, extractions, hold, runs, sources, state_path, themes, vectors
from pipeline.state.looking import looked_at
from pipeline.state.stale import force, remembered
from pipeline.target import check_target

SURROUNDINGS = "what surrounds the file: folder, name or sidecar"
READ_ANEW = "read anew"


@dataclass(slots=True)
class StagePlan:
    """What one stage would do."""

    stage: str
    unit: str
    """What its items are."""
    new: int = 0
    """Items it never worked on."""
    changed: int = 0
    """Items that take the place of others: the content of a known file is another."""
    missing: int = 0
    """Items whose file is gone; they are kept."""
    stale: int = 0
    """Items it would work on again."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why, with the number of items; an item may have several reasons."""
    estimated: bool = False
    """Whether ``new`` is reckoned from past interviews."""
    seconds: float | None = None
    """From past runs; None where there are none."""
    rough: bool = False
    """Whether those runs worked with other settings, rules or models."""

    @property
    def items(self) -> int:
        """All it would work on."""
        return self.new + self.changed + self.stale

    def add(self, reasons: list[str]) -> None:
        """One more stale item."""
        self.stale += 1
        for reason in reasons:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    inputs: int
    """Files found."""
    changes: dict[str, int]
    """found, changed, renamed, copied, back, missing, unreadable, refused, gone, pruned -> files."""
    stages: tuple[StagePlan, ...]
    seconds: float | None
    """Over all stages, with the look at the inputs and publishing; None where a stage with work has no past."""
    beside: float = 0.0
    """Of these, for the look at the inputs and for publishing."""

    @property
    def works(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.changes) or any(stage.items for stage in self.stages)


def plan(job: Job) -> Plan:
    """What ``run`` would do with this job; nothing is changed.

    Raises:
        WhyswitchError: as ``run`` would before its first stage.
    """
    check_target(job.published, job.inputs)
    path = state_path(job.published)
    exists = path.exists()
    settings = settled(job.settings, key_path(job.published), make=False)
    job = replace(job, settings=curated(settings, job.published))
    there = None
    with ExitStack() as held:
        if exists:
            held.enter_context(hold(path))
            there = held.enter_context(looked_at(path))
        state = State(there, memory_limit=job.settings.run.memory_limit)
        try:
            with state.transaction(keep=False):
                return _plan(job, state)
        finally:
            state.close()


def _plan(job: Job, state: State) -> Plan:
    known = recipes(job.settings)
    flow = Flow(state, SerialEngine(), job.settings, known, job.choice, QuietEvents(), "plan")
    paces = runs.paces(state, {stage: recipe.fingerprint for stage, recipe in known.items()})
    changes: Counter[str] = Counter()
    if job.choice.does("ingest"):
        changes = flow.scan(job.sources())
    for stage in job.choice.force:
        force(state, stage)
    extractions.take_up(state, [one.recipe for one in vectors.sets(known)])
    theming.surround(flow.state, vectors.compared(flow.recipes))
    planner = _Planner(state, known, remembered(state))
    ingest = planner.ingest(flow)
    extract = planner.extract(flow, ingest)
    embed = planner.embed(extract)
    stages = (ingest, extract, embed, planner.cluster(extract, embed))
    chosen = tuple(one for one in stages if job.choice.does(one.stage))
    for one in chosen:
        pace = paces.get(one.stage)
        if pace is not None:
            one.seconds, one.rough = round(pace.seconds(one.items), 1), pace.rough
    working = [one.seconds for one in chosen if one.items]
    inputs = changes.pop("inputs", 0)
    beside = _beside(paces, inputs, publishes=any(one.items for one in chosen))
    total = None
    if None not in working:
        total = round(beside + sum(second for second in working if second is not None), 1)
    return Plan(inputs, dict(changes), chosen, total, beside)


def _beside(paces: Mapping[str, runs.Pace], inputs: int, *, publishes: bool) -> float:
    """Seconds for the look at the inputs, and for publishing where anything changes."""
    parts = {"scan": inputs, "publish": int(publishes)}
    return round(sum(paces[name].seconds(number) for name, number in parts.items() if name in paces), 1)


class _Planner:
    """Counts what is stale, and says why."""

    def __init__(self, state: State, known: Mapping[str, Recipe], past: Mapping[str, Recipe]) -> None:
        self._state = state
        self._known = known
        self._past = past
        self._reread: set[str] = set()

    def ingest(self, flow: Flow) -> StagePlan:
        """Files to read."""
        found = StagePlan("ingest", "files")
        found.missing = self._missing("sources")
        standing = sources.standing(self._state)
        for one in flow.stale_sources():
            if one.is_new:
                changed = one.source in standing and standing[one.source].sha256 is not None
                found.changed += changed
                found.new += not changed
                continue
            self._reread.add(one.sha256)
            found.add(["forced"] if one.forced else self._why("ingest", one.read_with) or [SURROUNDINGS])
        return found

    def extract(self, flow: Flow, ingest: StagePlan) -> StagePlan:
        """Interviews to extract: those stale, at most all that are read anew, and one per new file."""
        found = StagePlan("extract", "interviews")
        found.missing = self._missing("sources JOIN transcripts USING (sha256)")
        if flow.choice.does("ingest"):
            found.new, found.changed = ingest.new, ingest.changed
        reread = {
            row[0]
            for row in self._state.rows(
                "SELECT transcript_id FROM transcripts WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))",
                [sorted(self._reread)],
            )
        }
        for one in extractions.stale(self._state, self._known["extract"].fingerprint):
            reread.discard(one.transcript_id)
            if one.is_new:
                found.new += 1
            else:
                found.add(
                    ["forced"] if one.forced else self._why("extract", one.extracted_with) or [READ_ANEW]
                )
        for _ in reread:
            found.add([READ_ANEW])
        found.estimated = bool(reread)
        return found

    def embed(self, extract: StagePlan) -> StagePlan:
        """Texts to embed: those without a vector, and those that new interviews may bring."""
        found = StagePlan("embed", "texts", estimated=bool(extract.items))
        wanted = vectors.sets(self._known)
        without = sum(vectors.stale(self._state, one) for one in wanted)
        current = {one.recipe for one in wanted}
        others = [old for old in vectors.made_with(self._state) if old not in current]
        if without and others:
            found.stale = without
            why = ["forced"] if "forced" in others else self._why("embed", others[0]) or [READ_ANEW]
            found.reasons = dict.fromkeys(why, without)
        else:
            found.new = without
        found.new += round((extract.new + extract.changed) * self._texts_per_interview())
        return found

    def _missing(self, rows: str) -> int:
        return int(
            self._state.value(
                f"SELECT count(DISTINCT sha256) FROM {rows} WHERE status = 'missing' AND sha256 NOT IN "
                "(SELECT sha256 FROM sources WHERE status = 'present' AND sha256 IS NOT NULL)"
            )
        )

    def _texts_per_interview(self) -> float:
        texts = " + ".join(
            f"(SELECT count(DISTINCT text_hash) FROM ({wanted.texts}))"
            for wanted in vectors.sets(self._known)
        )
        rate = self._state.value(f"SELECT ({texts}) / greatest((SELECT count(*) FROM extractions), 1)")
        return float(rate)

    def cluster(self, extract: StagePlan, embed: StagePlan) -> StagePlan:
        """The labels to group, all or none."""
        found = StagePlan("cluster", "labels")
        recipe = self._known["cluster"]
        mark = themes.fingerprint(self._state, recipe.fingerprint, vectors.compared(self._known))
        if themes.is_current(self._state, mark) and not (extract.items or embed.items):
            return found
        made_with = themes.made_with(self._state)
        if made_with is None and not self._state.value("SELECT count(*) FROM clusterings"):
            found.new = len(LABELS)
            return found
        found.stale = len(LABELS)
        why = self._why("cluster", made_with) if made_with != recipe.fingerprint else []
        if extract.items:
            why.append("statements may change")
        elif embed.items:
            why.append("vectors change")
        found.reasons = dict.fromkeys(why or ["statements changed"], len(LABELS))
        return found

    def _why(self, stage: str, made_with: str | None) -> list[str]:
        new = self._known[stage]
        if made_with == new.fingerprint:
            return []
        return differences(self._past.get(made_with or ""), new)
