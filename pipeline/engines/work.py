"""One batch in one worker: open what is a reference, load what is heavy once, call the stage."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from pipeline.config import Settings
from pipeline.engines.base import Done, Failure
from pipeline.errors import RejectedInput, StageError, WhyswitchError
from pipeline.inputs import Found, open_sources
from pipeline.key import key_hash

_loaded: dict[tuple[str, str], Any] = {}


def work(name: str, settings: Settings, items: Sequence[Any]) -> Done:
    """The batch done; an item that the stage cannot take is tried alone once more, then given up.

    Raises:
        WhyswitchError: what the stage needs cannot be loaded: no item is to blame.
    """
    from pipeline.stages import stage  # the stages' own imports are heavy: only a worker pays for them

    entry = stage(name)
    made_of = [getattr(settings, section).model_dump_json() for section in entry.sections]
    made_of += [key_hash(settings)] if settings.is_private else []
    key = (name, "".join(made_of))
    if key not in _loaded:
        _loaded[key] = _load(entry, settings)
    with threadpool_limits(1):  # libraries that were loaded before ``prepare`` did not hear of it
        return _worked(entry, _loaded[key], items)


def _worked(entry: Any, resources: Any, items: Sequence[Any]) -> Done:
    try:
        return Done(tuple(items), tuple(_call(entry, resources, items)))
    except WhyswitchError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever one item breaks must not stop the others)
        if len(items) == 1:
            return Done((), (), (_failure(items[0], error),))
    return joined([_alone(entry, resources, item) for item in items])


def joined(parts: Sequence[Done]) -> Done:
    """Several batches as one."""
    return Done(
        tuple(item for part in parts for item in part.items),
        tuple(result for part in parts for result in part.results),
        tuple(failure for part in parts for failure in part.failures),
    )


def _alone(entry: Any, resources: Any, item: Any) -> Done:
    try:
        return Done((item,), tuple(_call(entry, resources, [item])))
    except WhyswitchError:
        raise
    except Exception as error:  # noqa: BLE001 (it is written down as the item's failure)
        return Done((), (), (_failure(item, error),))


def _failure(item: Any, error: Exception) -> Failure:
    if isinstance(error, RejectedInput):
        return Failure(item, error.reason, error.detail)
    if isinstance(error, OSError):
        return Failure(item, "unreadable", error.strerror or type(error).__name__)
    return Failure(item, "failed", type(error).__name__)


def _load(entry: Any, settings: Settings) -> Any:
    try:
        return entry.load(settings)
    except WhyswitchError:
        raise
    except Exception as error:
        raise StageError(
            f"{entry.name}: what it needs cannot be loaded ({type(error).__name__})",
            "`whyswitch doctor` checks the models; free memory or fewer workers may help.",
        ) from error


def _call(entry: Any, resources: Any, items: Sequence[Any]) -> list[Any]:
    opened = list(open_sources(items)) if items and isinstance(items[0], Found) else items
    return list(entry.run(opened, resources))


def prepare(lifeline: Connection | None = None, *, gpu: bool = False) -> None:
    """Set a worker up: one thread each, so that results do not depend on their number; no hub is asked.

    Without ``gpu`` it sees none, as what a GPU computes differs in its last digits.

    ``lifeline`` is the reading end of a pipe whose other end the parent holds: when that is closed, or the parent
    dies, the worker ends at once.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if not gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] = (
        "32"  # one for each length of text ever read is a gigabyte
    )
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"  # the log has one progress bar: the run's
    tqdm.set_lock(threading.RLock())  # its own is shared by processes, and leaks when one ends at once
    if lifeline is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    wait([lifeline])
    os._exit(1)
