"""Twenty nights of five interviews each against one batch of a hundred, through the state as nightly runs use it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.themes.corpora import Corpus
from bench.themes.scores import agreement, score
from pipeline import theming
from pipeline.choice import Choice
from pipeline.config import Settings
from pipeline.engines import SerialEngine
from pipeline.events import QuietEvents
from pipeline.flow import Flow, Inputs
from pipeline.recipes import recipes
from pipeline.records import Extraction, Reading, Speaker, Statement, Transcript, Turn, Vector, text_hash
from pipeline.state import State, extractions, readings, runs, vectors

INTERVIEWS = 100
EACH_NIGHT = 5
AGREE = 0.8
SAME = 0.5


class Archive:
    """A state in memory, filled by interviews whose statements are known; vectors are those of the corpus."""

    def __init__(self, corpus: Corpus, interviews: Sequence[Sequence[int]], settings: Settings) -> None:
        self._corpus, self._interviews, self._settings = corpus, interviews, settings
        self._recipes = recipes(settings)
        self._state = State(None)
        self._nights = 0
        self._set = vectors.compared(self._recipes)

    def night(self, numbers: Sequence[int]) -> dict[str, str]:
        """Take in some interviews and make themes; gives statement -> theme of all so far, empty for noise."""
        self._nights += 1
        run_id = f"night {self._nights:02}"
        runs.begin(self._state, runs.Start(run_id, datetime.now(UTC), "bench", "{}", "{}"))
        for number in numbers:
            self._take_in(number, run_id)
        flow = Flow(
            self._state, SerialEngine(), self._settings, self._recipes, Choice(only=("cluster",)), QuietEvents(),
            run_id,
        )  # fmt: skip
        theming.surround(self._state, self._set)
        self._embed([i for number in numbers for i in self._interviews[number]], run_id)
        flow.all(_NO_INPUTS)
        self._state.run("UPDATE runs SET status = 'done' WHERE run_id = ?", [run_id])
        return dict(
            self._state.rows(
                "SELECT s.statement_id, coalesce(m.theme_id, '') FROM statements s "
                "LEFT JOIN theme_members m USING (statement_id)"
            )
        )

    def events(self) -> list[tuple[str, str, float | None]]:
        """(run, event, overlap) of all that happened to themes."""
        return [
            (row[0], row[1], row[2])
            for row in self._state.rows("SELECT run_id, event, overlap FROM theme_lineage ORDER BY ALL")
        ]

    def fits(self) -> int:
        """How many of the nights made the themes of some label anew, the first time apart."""
        return int(
            self._state.value("SELECT count(DISTINCT run_id) FROM theme_lineage WHERE event = 'continued'")
        )

    def close(self) -> None:
        """Let the state go."""
        self._state.close()

    def _take_in(self, number: int, run_id: str) -> None:
        key = f"t{number:03}"
        told = [self._corpus.told[i] for i in self._interviews[number]]
        turns = tuple(Turn(i, "P", one.around, participant_id=f"p{number}") for i, one in enumerate(told))
        transcript = Transcript(
            key, f"{key}.txt", f"{number:064x}", "txt", turns, (Speaker("P", "participant", 1.0, "bench"),)
        )
        found = []
        for i, one in enumerate(told):
            start = one.around.find(one.text)
            found.append(
                Statement(
                    one.statement_id, key, i, "P", f"p{number}", one.label, one.text, start, start + len(one.text),
                    None, 1.0, False, None, None, None, "{}", text_hash(one.text), one.text,
                )
            )  # fmt: skip
        reading = Reading(transcript.sha256, (transcript,), ())
        readings.commit(self._state, [(reading, "bench")], self._recipes["ingest"].fingerprint, run_id)
        extraction = Extraction(key, tuple(found), len(found))
        recipe = self._recipes["extract"].fingerprint
        extractions.commit(self._state, [(extraction, "bench")], [], recipe, run_id)

    def _embed(self, rows: Sequence[int], run_id: str) -> None:
        texts: dict[str, Any] = {}
        for i in rows:
            texts[text_hash(self._corpus.told[i].text)] = self._corpus.vectors[i]
            if self._set.around and self._corpus.contexts is not None:
                texts.setdefault(text_hash(self._corpus.told[i].around), self._corpus.contexts[i])
        new = set(texts) - {row[0] for row in self._state.rows("SELECT text_hash FROM vectors")}
        made = [Vector(key, "bench", tuple(texts[key].tolist())) for key in sorted(new)]
        vectors.commit(self._state, made, self._set.recipe, run_id)


def nightly(corpus: Corpus, settings: Settings) -> dict[str, Any]:
    """The statements of ``corpus`` dealt out to a hundred interviews, and both ways compared."""
    dealt = np.random.default_rng(0).permutation(len(corpus.told))
    interviews = [[int(i) for i in dealt[n::INTERVIEWS]] for n in range(INTERVIEWS)]
    batch = Archive(corpus, interviews, settings)
    at_once = batch.night(range(INTERVIEWS))
    batch.close()
    archive = Archive(corpus, interviews, settings)
    overlaps: list[float] = []
    before: dict[str, str] = {}
    for start in range(0, INTERVIEWS, EACH_NIGHT):
        now = archive.night(range(start, start + EACH_NIGHT))
        overlaps += kept(before, now)
        before = now
    events, fits = archive.events(), archive.fits()
    archive.close()
    agreed = agreement(at_once, before)
    told = [overlap for _, event, overlap in events if event == "continued" and overlap is not None]
    return {
        "interviews": INTERVIEWS,
        "nights": INTERVIEWS // EACH_NIGHT,
        "nights with a refit": fits,
        "ARI with the batch": round(agreed, 3),
        "ARI with the truth: batch": _truth(corpus, at_once),
        "ARI with the truth: nights": _truth(corpus, before),
        "events": {kind: sum(event == kind for _, event, _ in events) for kind in _EVENTS},
        "least overlap told of a continued theme": round(min(told, default=1.0), 3),
        "least overlap of an id from night to night": round(min(overlaps, default=1.0), 3),
        "bars": {
            "ARI 0.8 with the batch": agreed >= AGREE,
            "no id changes meaning": min(overlaps, default=1.0) >= SAME,
        },
    }


def kept(before: dict[str, str], now: dict[str, str]) -> list[float]:
    """For each theme of both nights, the members shared, of all that either has among statements of both nights."""
    then, later = _members(before, before.keys() & now.keys()), _members(now, before.keys() & now.keys())
    return [
        len(then[key] & later[key]) / len(then[key] | later[key])
        for key in sorted(then.keys() & later.keys())
    ]


def _members(found: dict[str, str], statements: set[str]) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    for key in statements:
        if found[key]:
            members.setdefault(found[key], set()).add(key)
    return members


def _truth(corpus: Corpus, found: dict[str, str]) -> float:
    return round(score(corpus, [found[one.statement_id] for one in corpus.told]).ari, 3)


_NO_INPUTS = Inputs((), Path())
_EVENTS = ("born", "continued", "split", "merged", "retired")
