"""The themes as they are shown: titles that people gave, what is merged or retired, what happened because of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.cluster.curate import Verdict
from pipeline.cluster.scene import Placed
from pipeline.records import ClusterInput, LineageEvent, Theme


def final_themes(
    entry: ClusterInput, placed: Placed, verdict: Verdict
) -> tuple[tuple[Theme, ...], tuple[LineageEvent, ...]]:
    """Every theme ever seen with its status, and the events that people's word brought about in this run."""
    standing = set(placed.standing())
    told = {event.theme_id for event in placed.events if event.event in ("retired", "merged")}
    merged = {event.theme_id: event.other_theme_id for event in placed.events if event.event == "merged"}
    themes = dict(placed.themes)
    for part in placed.sub_themes:
        if part.theme_id in verdict.split:
            themes.setdefault(part.sub_theme_id, _promoted(entry, placed, part.sub_theme_id))
            standing.add(part.sub_theme_id)
    before = {theme.theme_id: theme for theme in entry.themes}
    shown, events = [], []
    for key in sorted(themes):
        theme = _judged(entry, themes[key], verdict, merged.get(key), stands=key in standing)
        shown.append(theme)
        if key not in told:
            events += _changes(entry, before.get(key), theme)
    for part in placed.sub_themes:
        if part.theme_id in verdict.split and part.sub_theme_id not in before:
            events.append(LineageEvent(entry.run_id, part.theme_id, "split", part.sub_theme_id, None))
            events.append(LineageEvent(entry.run_id, part.sub_theme_id, "born", part.theme_id, None))
    return _counted(entry, placed, verdict, shown), tuple(events)


def _counted(
    entry: ClusterInput, placed: Placed, verdict: Verdict, themes: Sequence[Theme]
) -> tuple[Theme, ...]:
    """The themes with the statements and people of this input; those of a grown label are counted in the state."""
    if entry.mode == "grow":
        return tuple(themes)
    who = dict(zip(entry.statement_ids, entry.participant_ids, strict=True))
    split = {part.sub_theme_id for part in placed.sub_themes if part.theme_id in verdict.split}
    said: dict[str, list[str]] = {}
    for member in placed.members:
        own = member.sub_theme_id if member.sub_theme_id in split else member.theme_id
        final = verdict.pins.get(member.statement_id, verdict.final(own or member.theme_id))
        if final is not None:
            said.setdefault(final, []).append(who[member.statement_id])
    inside = {member.statement_id for member in placed.members}
    for statement_id, final in verdict.pins.items():
        if statement_id in who and statement_id not in inside:
            said.setdefault(final, []).append(who[statement_id])
    return tuple(_with_support(theme, Counter(said.get(theme.theme_id, ()))) for theme in themes)


def _with_support(theme: Theme, voices: Counter[str]) -> Theme:
    total = sum(voices.values())
    most = max(voices.values(), default=0)
    return replace(
        theme,
        n_statements=total,
        n_participants=len(voices),
        concentration=round(most / total, 4) if total else 0.0,
    )


def _promoted(entry: ClusterInput, placed: Placed, sub_theme_id: str) -> Theme:
    part = next(one for one in placed.sub_themes if one.sub_theme_id == sub_theme_id)
    return Theme(
        part.sub_theme_id, entry.label, part.title, part.keywords, 0, 0, part.exemplar_statement_id, "active",
        entry.run_id, entry.run_id,
    )  # fmt: skip


def _judged(
    entry: ClusterInput, theme: Theme, verdict: Verdict, merged_by_machine: str | None, *, stands: bool
) -> Theme:
    title = verdict.titles.get(theme.theme_id)
    if title is not None:
        theme = replace(theme, title=title, titled_by="people")
    elif theme.titled_by == "people":
        named = ", ".join(theme.keywords[:3]).capitalize()
        theme = replace(theme, titled_by="phrases", title=named or theme.title)
    end = verdict.final(theme.theme_id)
    if not stands:
        if theme.status != "active":
            return theme
        gone = "merged" if merged_by_machine else "retired"
        return replace(theme, status=gone, merged_into=merged_by_machine)  # type: ignore[arg-type]
    if end is None:
        return replace(theme, status="retired", merged_into=None)
    if end != theme.theme_id:
        return replace(theme, status="merged", merged_into=end)
    return replace(theme, status="active", merged_into=None, last_run_id=entry.run_id)


def _changes(entry: ClusterInput, before: Theme | None, now: Theme) -> list[LineageEvent]:
    """What people's word changed since the last run."""
    was = before.status if before is not None else "active"
    if now.status == was and (before is None or before.merged_into == now.merged_into):
        return []
    if now.status == "merged":
        return [LineageEvent(entry.run_id, now.theme_id, "merged", now.merged_into, None)]
    if now.status == "retired":
        return [LineageEvent(entry.run_id, now.theme_id, "retired", None, None)]
    return [LineageEvent(entry.run_id, now.theme_id, "continued", None, None)]
