"""``make scale``: what many interviews of an hour take, reckoned from measured rates.

Nothing is measured here: the rates are those of ``make bench-writer``, ``make bench`` and ``make bench-ray``, each
an option, and its default the figure that docs/scale.md says was measured. Prints the table of that page; give
other rates to reckon with another reader or another machine, as in ``make scale SCALE='--read-s 3'``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

LABELS = 5
DAY = 86_400.0
SHOWN = (100_000, 10_000_000)
CORES = (16, 128)


@dataclass(frozen=True, slots=True)
class Rates:
    """What one interview of one hour (9,000 words) takes; seconds are those of one core."""

    read_s: float = 7.8
    """The reader finds statements in it."""
    ingest_ms: float = 3.0
    """Its speakers and turns are read; more with privacy, or from documents."""
    embed_ms: float = 9.9
    """One text becomes a vector."""
    statements: float = 111.0
    """Statements found in it."""
    texts: float = 2.0
    """Texts to embed per statement: the quote, and what surrounds it."""
    write_ms: float = 67.0
    """The writer takes it in: unpickled, committed with its vectors."""
    listing_us: float = 56.0
    """One file is scanned and compared with what is known."""
    listing_kb: float = 5.3
    """Memory that the scan holds per file."""
    pair_ns: float = 96.0
    """Grouping, per pair of statements of one label."""
    state_kb: float = 540.0
    """The state holds so much of it."""

    @property
    def worked_s(self) -> float:
        """Seconds of workers."""
        return self.read_s + (self.ingest_ms + self.statements * self.texts * self.embed_ms) / 1000

    @property
    def enough_cores(self) -> float:
        """Cores that keep the one writer busy; more are of no use."""
        return self.worked_s / (self.write_ms / 1000)


def table(rates: Rates) -> str:
    """What the numbers of interviews in ``SHOWN`` take, as a table in Markdown."""
    head = "| what | " + " | ".join(f"{number:,} interviews" for number in SHOWN) + " |"
    columns = [_column(rates, number) for number in SHOWN]
    lines = [f"| {name} | " + " | ".join(column[name] for column in columns) + " |" for name in columns[0]]
    return "\n".join([head, "|---" * (len(SHOWN) + 1) + "|", *lines]) + "\n"


def _column(rates: Rates, number: int) -> dict[str, str]:
    worked, written = number * rates.worked_s, number * rates.write_ms / 1000
    label = number * rates.statements / LABELS
    found = {"work of all workers": _days(worked, "core-")}
    for cores in CORES:
        found[f"reading on {cores} cores"] = _days(max(worked / cores, written))
    listed = f"{_days(number * rates.listing_us / 1e6)}, {_size(number * rates.listing_kb)} of memory"
    found |= {
        f"the writer's own work, the least on any number of cores; {rates.enough_cores:,.0f} reach it": _days(
            written
        ),
        "listing the files, at each run": listed,
        "the state": _size(number * rates.state_kb),
        "statements of one label": f"{label:,.0f}",
        "grouping one label anew, one core": _days(label**2 * rates.pair_ns / 1e9),
        "memory for that, vectors and surroundings alone": _size(label * rates.texts * 384 * 4 / 1000),
    }
    return found


def _days(seconds: float, of: str = "") -> str:
    for size, name in ((365 * DAY, "years"), (DAY, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.{0 if seconds >= 20 * size else 1}f} {of}{name}"
    return f"{seconds:,.0f} {of}seconds"


def _size(kb: float) -> str:
    for size, name in ((1e9, "TB"), (1e6, "GB")):
        if kb >= size:
            return f"{kb / size:,.{0 if kb >= 20 * size else 1}f} {name}"
    return f"{kb / 1e3:,.0f} MB"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for one in fields(Rates):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=float, default=one.default)
    print(table(Rates(**vars(parser.parse_args()))), end="")  # noqa: T201


if __name__ == "__main__":
    main()
