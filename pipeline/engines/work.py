"""One batch in one worker: open what is a reference, load what is heavy once, call the stage."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pipeline.config import Settings
from pipeline.engines.base import Done, Failure
from pipeline.inputs import Found, open_source

_loaded: dict[tuple[str, str], Any] = {}


def work(name: str, settings: Settings, items: Sequence[Any]) -> Done:
    """The batch done; an item that the stage cannot take is tried alone once more, then given up."""
    try:
        return Done(tuple(items), tuple(_call(name, settings, items)))
    except Exception as error:  # noqa: BLE001 (whatever one item breaks must not stop the others)
        if len(items) == 1:
            return Done((), (), (_failure(items[0], error),))
    parts = [_alone(name, settings, item) for item in items]
    return Done(
        tuple(item for part in parts for item in part.items),
        tuple(result for part in parts for result in part.results),
        tuple(failure for part in parts for failure in part.failures),
    )


def _alone(name: str, settings: Settings, item: Any) -> Done:
    try:
        return Done((item,), tuple(_call(name, settings, [item])))
    except Exception as error:  # noqa: BLE001
        return Done((), (), (_failure(item, error),))


def _failure(item: Any, error: Exception) -> Failure:
    if isinstance(error, OSError):
        return Failure(item, "unreadable", error.strerror or type(error).__name__)
    return Failure(item, "failed", type(error).__name__)


def _call(name: str, settings: Settings, items: Sequence[Any]) -> list[Any]:
    from pipeline.stages import stage  # the stages' own imports are heavy: only a worker pays for them

    entry = stage(name)
    key = (name, "".join(getattr(settings, section).model_dump_json() for section in entry.sections))
    if key not in _loaded:
        _loaded[key] = entry.load(settings)
    opened = [open_source(item) if isinstance(item, Found) else item for item in items]
    return entry.run(opened, _loaded[key])


def prepare() -> None:
    """Set a worker up: one thread each, so that results do not depend on their number; no hub is asked."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
