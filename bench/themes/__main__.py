"""``make bench-themes``: every bar on themes, measured in one run and told as JSON, with what is met and what not.

Parts, each alone with ``--only PART`` (several times for several):

    recovery   the two planted studies: whyswitch, k-means told the true number, BERTopic's defaults
    intents    the same on a set of intents given by ``--intents FILE.csv`` (columns text and category)
    vectors    encoders and weights of the surroundings: neighbours of one theme, ARI, time
    choices    HDBSCAN after no reduction, PCA, random projection, UMAP, and on the neighbourhood graph
    stability  five shuffles, five archives of other ids, five subsamples of 90 %
    nights     twenty nights of five interviews each against one batch of a hundred
    end        the planted studies as interviews, read by the reader: themes of what is found
    assign     1,000 new statements to 2,000 themes of 1,000,000 statements (--new, --themes, --statements)
    refit      a fit of 200,000 statements of one label (--fitted)

BERTopic and UMAP are in the extra ``bench``; without it their rows are left out and the bar says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.themes import cost, reading, recovery
from bench.themes.corpora import STUDIES, Corpus, Encoder, intents, joined, planted
from bench.themes.nights import nightly
from bench.themes.stability import stability
from pipeline import cluster
from pipeline.config import Settings, load_settings

PARTS = ("recovery", "intents", "vectors", "choices", "stability", "nights", "end", "assign", "refit")
ENCODERS = ("minilm", "mpnet")


class Bench:
    """What the parts share: settings, the model of titles, encoders, the studies."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.settings: Settings = load_settings(None, given.set)
        self.resources = cluster.load(self.settings)
        self.encoder = self.named(cluster.compared(self.settings).embed.model)

    def named(self, name: str) -> Encoder:
        """An encoder, with the folder that keeps vectors between runs, if one is given."""
        return Encoder(name, Path(self.given.cache) if self.given.cache else None)

    def studies(self) -> list[Corpus]:
        """The planted studies, noise and all."""
        return [self.encoder.corpus(study, planted(study)) for study in self.given.study or STUDIES]

    def both(self) -> Corpus:
        """The planted studies as one archive."""
        return joined([self.encoder.corpus(study, planted(study)) for study in STUDIES])

    def recovery(self) -> dict[str, Any]:
        """Each study with its noise, and with the true statements alone."""
        small = self.named("minilm")
        return {
            name: recovery.recovered(corpus, self.resources, small)
            for study in self.studies()
            for name, corpus in ((study.name, study), (f"{study.name}, true ones alone", study.themed()))
        }

    def intents(self) -> dict[str, Any] | str:
        """The set given by path."""
        if not self.given.intents:
            return "not measured: give a file by --intents"
        corpus = self.encoder.corpus("intents", intents(Path(self.given.intents)))
        return recovery.intents(corpus, self.resources, self.named("minilm"))

    def vectors(self) -> dict[str, Any]:
        """The table of encoders and weights."""
        encoders = [self.named(name) for name in self.given.encoder or ENCODERS]
        return {
            study: recovery.vectors(planted(study), study, encoders, self.resources)
            for study in self.given.study or STUDIES
        }

    def choices(self) -> dict[str, Any]:
        """The table of reductions."""
        return {study.name: recovery.choices(study, self.resources) for study in self.studies()}

    def stability(self) -> dict[str, Any]:
        """Shuffles, other ids, subsamples."""
        return {study.name: stability(study, self.resources) for study in self.studies()}

    def nights(self) -> dict[str, Any]:
        """Nights against a batch."""
        return nightly(self.both(), self.settings)

    def end(self) -> dict[str, Any]:
        """From transcripts to themes."""
        return {study: reading.end_to_end(study, self.given.set) for study in self.given.study or STUDIES}

    def assign(self) -> dict[str, Any]:
        """New statements on a large archive."""
        return cost.measured("grow", [self.given.new, self.given.themes, self.given.statements])

    def refit(self) -> dict[str, Any]:
        """One label anew."""
        return cost.measured("refit", [self.given.fitted, max(round((self.given.fitted / 2) ** 0.5), 2)])


def main() -> None:
    """Run the parts asked for, one after the other; each is printed as soon as it is done."""
    parser = argparse.ArgumentParser(
        prog="bench.themes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; all without")
    parser.add_argument("--study", choices=STUDIES, action="append", help="a planted study; both without")
    parser.add_argument("--encoder", action="append", help="encoders of the part `vectors`")
    parser.add_argument("--set", action="append", default=[], help="a setting: section.key=value")
    parser.add_argument("--intents", help="CSV of the 77-intent data set, or another of its form")
    parser.add_argument("--cache", help="a folder that keeps vectors between runs")
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--themes", type=int, default=2_000)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--fitted", type=int, default=200_000)
    bench = Bench(parser.parse_args())
    for part in bench.given.only or PARTS:
        measure: Callable[[], Any] = getattr(bench, part)
        sys.stdout.write(json.dumps({part: measure()}, indent=1) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
