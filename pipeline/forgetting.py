"""A person removed from an archive: state, vectors, themes, published file, kept history, manifest, report; proved."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import publishing, report, store, theming
from pipeline.config import Settings
from pipeline.curation.file import curated, curation_path, read_text, without, write_text
from pipeline.errors import StateError, UsageError, WhyswitchError
from pipeline.files import belongings, key_path, shadow_path
from pipeline.inputs import location_of
from pipeline.inputs.entries import is_url
from pipeline.naming import report_beside
from pipeline.proof import Proof, Traces, holds, search, traces
from pipeline.recipes import as_json
from pipeline.shadow import drop
from pipeline.state import State, forgotten, hold, state_path, theme_words
from pipeline.state import rewrite as rewriting
from pipeline.state.forgotten import Target
from pipeline.state.stale import remember


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to be forgotten: one of the three is given."""

    participant: str | None = None
    transcript: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, and the proof that it is gone."""

    target: Target
    kept_files: int
    """Older published files that held it and are gone."""
    themes: int
    """Themes whose names lost words."""
    decisions: int
    """Entries of the curation file that spoke of it and are gone."""
    left: tuple[str, ...]
    """Files and archives that still lie there with it: they are the user's to remove."""
    proof: Proof


def forget(
    published: Path,
    wish: Wish,
    settings: Settings,
    *,
    agree: Callable[[Target], bool],
    page: Path | None = None,
) -> Forgotten | None:
    """Remove a person from everything that runs into a published file have made, and prove it; None if not agreed.

    A forgetting that broke off is gone on with when it is asked for again.

    Args:
        published: the published file.
        wish: who is to be forgotten.
        settings: for the report, for where notices lie, and for where the curation file is.
        agree: asked before anything is changed.
        page: the report, which is drawn anew; the one beside the published file where none is given.

    Raises:
        UsageError: there is no state, nobody of that name is in it, or the last run did not end.
        StateHeldError: a run is at work.
        ConfigError: the curation file cannot be read or written.
        StateError: traces were found after all, the message names the files; or it broke off.
    """
    path = state_path(published)
    if not path.is_file():
        raise UsageError(f"there is no {path}", "Name the published file beside it with --db.")
    settings = curated(settings, published)
    page = page or report_beside(published)
    with hold(path):
        state = State(path)
        try:
            target = _target(state, wish)
            goes_on = rewriting.is_owed(state, rewriting.FORGET)
            publishing.check_whole(state, published, made_here=theming.MADE_HERE, goes_on=goes_on)
            if not agree(target):
                return None
            looked_for = traces(state, target, [one for one in (wish.participant, wish.transcript) if one])
            drop(published)
            kept = _remove_kept(published, looked_for)
            removed = _remove(state, published, target, settings)
            _show(state, published, removed.run, settings, page)
        finally:
            with contextlib.suppress(duckdb.Error):  # a broken connection was already told
                state.close()
        rewriting.rewrite(path, forgotten=True)
        proof = _prove(published, page, settings, looked_for)
        left = _left(target, published, curation_path(settings, published), looked_for)
    return Forgotten(target, kept, removed.themes, removed.decisions, left, proof)


def _target(state: State, wish: Wish) -> Target:
    if wish.participant:
        target = forgotten.of_participant(state, wish.participant)
    elif wish.transcript:
        target = forgotten.of_transcript(state, wish.transcript)
    else:
        target = forgotten.of_source(state, wish.source or "")
    if target.is_empty and not rewriting.is_owed(state, rewriting.FORGET):
        name = wish.participant or wish.transcript or wish.source
        raise UsageError(
            f"nothing of '{name}' is in {state.path}",
            "Ids stand in `turns.participant_id` and `transcripts.transcript_id`; a pattern is a glob over sources.",
        )
    return target


@dataclass(frozen=True, slots=True)
class _Removed:
    run: publishing.Begun
    themes: int = 0
    decisions: int = 0


def _remove(state: State, published: Path, target: Target, settings: Settings) -> _Removed:
    """Take the target out of the state, as a run of its own that goes on until the rest is published."""
    if target.is_empty:
        return _Removed(publishing.begin(state, published))
    said = theme_words.said(state, target)
    with state.transaction():
        forgotten.forget(state, target)
        judge = theme_words.Judge(state, said)
        before = theming.before(state, settings)
        decisions = _free_curation(settings, target, judge)
        before = before.renewed() if before else None
        renamed = theme_words.strip(state, said, judge)
        run = publishing.begin(state, published)
        if before:
            before = before.complete(state, run.run_id)
            _remember(state, before, run.run_id)
            theming.make_anew(state, before.making(run.run_id))
        for duty in (rewriting.REWRITE, rewriting.FORGET):
            rewriting.owe(state, duty)
    return _Removed(run, renamed, decisions)


def _free_curation(settings: Settings, target: Target, judge: theme_words.Judge) -> int:
    """Take what speaks of the target out of the curation file; gives the number of entries touched."""
    path = Path(settings.cluster.curation)
    if not settings.cluster.curation:
        return 0
    text, gone = without(
        read_text(path),
        frozenset(target.statements),
        lambda words: bool(judge.lost([words], told=False)),
    )
    if gone:
        write_text(path, text)
    return gone


def _remove_kept(published: Path, looked_for: Traces) -> int:
    """Drop the older published files that hold any of it; gives their number."""
    holding = [path for path in store.kept_files(published) if holds(path, looked_for)]
    for path in holding:
        path.unlink()
        path.with_name(f"{path.stem}.manifest.json").unlink(missing_ok=True)
    return len(holding)


def _remember(state: State, before: theming.Before, run_id: str) -> None:
    """Write down by what themes are made in this run."""
    remember(state, before.recipes)
    state.run("UPDATE runs SET models = ? WHERE run_id = ?", [as_json(before.recipes), run_id])


def _show(state: State, published: Path, run: publishing.Begun, settings: Settings, page: Path) -> None:
    """Publish what is left, and draw it."""
    try:
        publishing.show(state, published, run)
        if page.is_file() and published.is_file():
            report.write(published, page, settings)
    except WhyswitchError as error:
        raise StateError(
            f"{error.message}; {state.path} holds nothing of it any more, but {published.name} and the report may",
            "Mend the cause, then give the same command again.",
        ) from error


def _prove(published: Path, page: Path, settings: Settings, looked_for: Traces) -> Proof:
    proof = search(_files(published, page, settings), looked_for)
    if proof.found:
        where = "; ".join(f"{file} ({kind})" for file, kind in proof.found[:8])
        raise StateError(
            f"{len(proof.found)} traces are left: {where}",
            "They are out of the tables of runs. Please report this.",
        )
    return proof


def _files(published: Path, page: Path, settings: Settings) -> list[Path]:
    """All files that runs into the published one wrote."""
    notices = [
        published.parent / name for name in (settings.notify.summaries, settings.notify.metrics) if name
    ]
    found: list[Path] = []
    for path in (
        *belongings(published),
        *belongings(shadow_path(published)),
        key_path(published),
        page,
        *notices,
    ):
        found += sorted(path.rglob("*")) if path.is_dir() else [path]
    return [path for path in dict.fromkeys(found) if path.is_file()]


def _left(target: Target, published: Path, curation: Path, looked_for: Traces) -> tuple[str, ...]:
    base = Path.cwd() / published.parent
    places = [location_of(source, base) for source in target.sources]
    held = [str(curation)] if curation.is_file() and search([curation], looked_for).found else []
    return (*(one for one in places if is_url(one) or Path(one.partition("!")[0]).exists()), *held)


def as_json_text(done: Forgotten) -> str:
    """What was done, as JSON."""
    proof = {"files": done.proof.files, "bytes": done.proof.size, "strings": done.proof.strings, "found": 0}
    return json.dumps(
        {
            "interviews": len(done.target.transcripts),
            "participants": len(done.target.participants),
            "statements": len(done.target.statements),
            "kept_files": done.kept_files,
            "themes_renamed": done.themes,
            "decisions_removed": done.decisions,
            "inputs_left": list(done.left),
            "proof": proof,
        },
        indent=1,
    )
