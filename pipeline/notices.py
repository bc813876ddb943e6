"""Who hears of a run's end: a summary file, Prometheus's textfile collector, a webhook. None of them fails a run."""

from __future__ import annotations

import dataclasses
import http.client
import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import store
from pipeline.config import NotifySettings
from pipeline.events import Events

if TYPE_CHECKING:
    from pipeline.runner import Summary

TRIES = 3
FIRST_PAUSE_S = 1.0
PASSING = {408, 425, 429}
"""Answers below 500 that ask for another try."""
KEPT_SUMMARIES = 400
"""More than a year of nights."""


def give_notice(summary: Summary, published: Path, notify: NotifySettings, events: Events) -> None:
    """Tell all that the settings name; what cannot be told is an event, no failure."""
    told = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "db": published.name,
    } | dataclasses.asdict(summary)
    if notify.summaries:
        _guarded("summary", events, lambda: _write_summary(told, published.parent / notify.summaries))
    if notify.metrics:
        _guarded("metrics", events, lambda: _write_metrics(told, published.parent / notify.metrics))
    if notify.webhook:
        _guarded("webhook", events, lambda: _post(told, notify))


def _guarded(name: str, events: Events, give: Any) -> None:
    try:
        give()
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        events.tell("notice_failed", notice=name, reason=str(reason))


def _write_summary(told: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{told['number']:06d}.{told['run_id']}.json"
    for left in folder.glob(".[0-9]*.run-*.json.[0-9]*"):  # of runs that were killed as they told it
        left.unlink(missing_ok=True)
    store.replace_text(folder / name, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    for old in sorted(folder.glob("[0-9]*.run-*.json"))[:-KEPT_SUMMARIES]:
        old.unlink(missing_ok=True)


def _write_metrics(told: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    store.clear_left_over(path)
    store.replace_text(path, metrics(told, _last_success(path)))


def metrics(told: dict[str, Any], last_success: float) -> str:
    """The run in Prometheus's text format; ``last_success`` is carried over where the run failed."""
    db = str(told["db"]).replace("\\", "\\\\").replace('"', '\\"')
    now = datetime.fromisoformat(told["time"]).timestamp()
    done = told["status"] == "done"
    counts, work = told["counts"], told["work"]
    values: list[tuple[str, str, dict[str, str], float]] = [
        ("last_run_timestamp_seconds", "end of the last run", {}, now),
        (
            "last_success_timestamp_seconds",
            "end of the last run that was done",
            {},
            now if done else last_success,
        ),
        ("last_run_success", "1 when the last run was done", {}, float(done)),
        ("last_run_duration_seconds", "how long it took", {}, told["seconds"]),
    ]
    for name in ("interviews", "rejects", "needs_review", "themes", "missing", "waiting"):
        if name in counts:
            values.append((name, f"{name} after the run", {}, counts[name]))
    values += [
        ("statements", "statements that count", {"label": label}, number)
        for label, number in counts.get("statements", {}).items()
    ]
    for stage, one in work.items():
        values.append(("stage_items", "items done by the run", {"stage": stage}, one["items"]))
        values.append(("stage_seconds", "seconds taken by the run", {"stage": stage}, one["seconds"]))
    lines: list[str] = []
    for name in dict.fromkeys(value[0] for value in values):
        meaning = next(value[1] for value in values if value[0] == name)
        lines += [f"# HELP whyswitch_{name} {meaning}", f"# TYPE whyswitch_{name} gauge"]
        for _, _, labels, number in (value for value in values if value[0] == name):
            named = ",".join(f'{key}="{value}"' for key, value in {"db": db, **labels}.items())
            lines.append(f"whyswitch_{name}{{{named}}} {number:.15g}")
    return "\n".join(lines) + "\n"


def _last_success(path: Path) -> float:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0.0
    known = [line for line in lines if line.startswith("whyswitch_last_success_timestamp_seconds{")]
    try:
        return float(known[0].rpartition(" ")[2]) if known else 0.0
    except ValueError:  # somebody else wrote into it: better no last success than no metrics for ever
        return 0.0


def _post(told: dict[str, Any], notify: NotifySettings) -> None:
    request = urllib.request.Request(
        notify.webhook,
        data=json.dumps(told).encode("utf-8"),
        headers={"Content-Type": "application/json", "User-Agent": "whyswitch"},
        method="POST",
    )
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=notify.webhook_seconds):
                return
        except urllib.error.HTTPError as error:
            if attempt == TRIES or not (error.code >= 500 or error.code in PASSING):
                raise OSError(error.code, f"the server answered {error.code}") from error
        except (OSError, http.client.HTTPException):
            if attempt == TRIES:
                raise
        time.sleep(FIRST_PAUSE_S * 3 ** (attempt - 1))
