"""Trains what tells the parts of things in a switch (fired, hired, refused), on the headers of the written corpus.

    python -m training.story            # cross-validates, then writes models/story/things.json and talk.tsv

First the words around a thing, by batch; then how far these and the reader's word count beside each other, on the
interviews whose things the reader was not taught. To be run after every training of the reader.
"""

from __future__ import annotations

import functools
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import spacy
from scipy.optimize import minimize

from pipeline.extract import OVERLAP
from pipeline.extract.reader import Reader
from pipeline.extract.story.choosing import Chosen, choose
from pipeline.extract.story.cues import cues
from pipeline.extract.story.features import features, heard
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import Talk, Thing, singular, things
from pipeline.extract.story.parting import Heard, Weights, dictionary, listed
from pipeline.resources import checked
from training.corpus import Interview, read_corpus
from training.dialogues import dialogue_of, held_out
from training.softmax import cross_entropy, hashed

ROOT = Path(__file__).parent.parent
CLASSES = ("other", "fired", "hired", "refused")
SEEN = 6
"""Things around which a word must be seen to be a feature."""
PULL = 6.0
"""How firmly weights are held to what was believed of them: there are few interviews to learn from."""
MISREAD = 0.4
"""Share of codes dropped in training, as a reader would miss them."""
HELD = 2.0
"""How firmly the weights of the reader's word are held to nothing."""
ONE_IN = 6
"""Of so many interviews one is left out of what the reader is taught of things, by a hash of its name."""
FOLDS = 6
SWEEP = (0.25, 0.4, 0.55, 0.7, 0.85)
"""Least chances of a role to show figures at."""


Entities = Callable[[str], tuple[tuple[int, int, str], ...]]


def entities() -> Entities:
    """Names in a sentence by the pinned English model; sentences without a capital have none."""
    nlp = spacy.load(
        checked("en_core_web_sm"), exclude=["senter", "parser", "tagger", "lemmatizer", "attribute_ruler"]
    )

    @functools.cache
    def seen(text: str) -> tuple[tuple[int, int, str], ...]:
        if not re.search(r"[A-Z]", text[1:].replace("I", "")):
            return ()
        return tuple((e.start_char, e.end_char, e.label_) for e in nlp(text).ents)

    return seen


@dataclass(frozen=True)
class Case:
    """One interview: its lines, its things, and the part of each."""

    interview: Interview
    lines: list[Line]
    things: list[Thing]
    parts: list[str]


def is_left_out(name: str) -> bool:
    """Whether the reader is not taught the parts of this interview's things."""
    return hashed(name) % ONE_IN == 0


def lines_of(interview: Interview, seed: int, ner: Entities | None = None) -> list[Line]:
    """The interview as the story's readers see it, with some codes missed."""
    chance = random.Random(seed)
    found = []
    for s in interview.text.sentences:
        labels = frozenset(label for label in s.labels if chance.random() > MISREAD)
        asks = interview.text.role(s.speaker) == "interviewer"
        seen = ner(s.text) if ner is not None and not asks else ()
        found.append(Line(s.turn, s.speaker, asks, 0, s.text, labels, seen))
    return found


def talk_of(interviews: Sequence[Interview], folder: Path) -> Talk:
    """In what share of these interviews each word occurs."""
    seen: Counter[str] = Counter()
    for one in interviews:
        seen.update({word for line in lines_of(one, 0) for word in line.plain if word[0].isalpha()})
    return Talk(
        {word: n / len(interviews) for word, n in seen.items() if n > 1}, *listed(folder), dictionary()
    )


def wanted(header: str) -> tuple[str, str]:
    """What a header names, split into what is told of it and what else it mentions."""
    head = re.split(r",|;|\(| that | which | with | from | for | on | by ", header, maxsplit=1)[0]
    return head, header


def parts_of(found: Sequence[Thing], interview: Interview) -> list[str]:
    """The part of each thing, from the interview's header."""
    fired, hired = interview.header.get("fired", ""), interview.header.get("hired", "")
    parts = []
    for thing in found:
        part = "other"
        if _named_in(thing, fired):
            part = "fired"
        elif _named_in(thing, hired):
            part = "refused" if hired.lower().startswith("nothing") else "hired"
        parts.append(part)
    return parts


def _named_in(thing: Thing, header: str) -> bool:
    text = header if thing.is_name else wanted(header)[0]
    if not thing.is_name and header.lower().startswith("nothing"):
        text = header
    words = [singular(w) for w in re.findall(r"[\w'&+-]+", text.lower().replace("'s", ""))]
    key = [singular(w) for w in thing.key.split()]
    return any(words[i : i + len(key)] == key for i in range(len(words)))


def cases(interviews: Sequence[Interview], talk: Talk, ner: Entities) -> list[Case]:
    """All interviews with their things."""
    made = []
    for number, one in enumerate(interviews):
        lines = lines_of(one, number, ner)
        found = things(lines, talk)
        made.append(Case(one, lines, found, parts_of(found, one)))
    return made


def rows(some: Sequence[Case], talk: Talk) -> tuple[list[dict[str, float]], list[str]]:
    """Features and part of every thing."""
    table, parts = [], []
    for case in some:
        table += [features(t, case.lines, talk, case.things) for t in case.things]
        parts += case.parts
    return table, parts


def fit(table: Sequence[Mapping[str, float]], parts: Sequence[str]) -> Weights:
    """Weights by feature, for each class, as plain numbers."""
    seen = Counter(name for row in table for name in row)
    names = sorted(name for name, n in seen.items() if n >= SEEN)
    place = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(table), len(names)))
    for i, row in enumerate(table):
        for name, value in row.items():
            if name in place:
                x[i, place[name]] = value
    y = np.eye(len(CLASSES))[[CLASSES.index(part) for part in parts]]
    believed = np.array([believed_of(name) for name in names])
    learnt, bias = _corrected(x, y, believed)
    return Weights(
        classes=CLASSES,
        bias=tuple(round(float(b), 4) for b in bias),
        weights={name: tuple(round(float(w), 4) for w in learnt[i]) for name, i in place.items()},
    )


def believed_of(name: str) -> tuple[float, ...]:
    """What a feature says of each class before anything is learnt: the beliefs of its cue."""
    cue = next((cue for cue in cues() if name == f"cue {cue.id}"), None)
    return (0.0, cue.fired, cue.hired, cue.refused) if cue else (0.0,) * len(CLASSES)


def _corrected(x: np.ndarray, y: np.ndarray, believed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Softmax weights and biases that fit, pulled towards what is believed."""
    shape = believed.shape

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        change, bias = flat[:-4].reshape(shape), flat[-4:]
        scores = x @ (believed + change) + bias
        lost, away = cross_entropy(scores, y)
        slope = np.concatenate([(x.T @ away + PULL * change).ravel(), away.sum(axis=0)])
        return lost + PULL / 2 * float((change**2).sum()), slope

    found = minimize(loss, np.zeros(believed.size + 4), jac=True, method="L-BFGS-B").x
    return believed + found[:-4].reshape(shape), found[-4:]


def measured(some: Sequence[Case], found: Sequence[Chosen]) -> dict[str, dict[str, float]]:
    """Precision and recall of fired and hired, for named things and for those without a name."""
    told: dict[str, dict[str, float]] = {}
    for role, parts in (("fired", {"fired"}), ("hired or refused", {"hired", "refused"})):
        for kind, is_name in (("named", True), ("unnamed", False)):
            gold = right = given = 0
            for case, chosen in zip(some, found, strict=True):
                wanted_keys = {
                    t.key
                    for t, p in zip(case.things, case.parts, strict=True)
                    if p in parts and t.is_name == is_name
                }
                pick = chosen.fired if role == "fired" else chosen.hired
                gold += bool(wanted_keys)
                if pick is not None and pick.thing.is_name == is_name:
                    given += 1
                    right += pick.thing.key in wanted_keys
            told[f"{role}, {kind}"] = {
                "interviews": gold,
                "given": given,
                "precision": round(right / max(given, 1), 3),
                "recall": round(right / max(gold, 1), 3),
            }
    return told


def told_by_words(some: Sequence[Case], talk: Talk) -> list[Weights]:
    """Per interview a model of the words around things that never saw its batch."""
    tables = [rows([case], talk) for case in some]
    made: dict[str, Weights] = {}
    for batch in sorted({case.interview.text.part for case in some}):
        inside = [i for i, case in enumerate(some) if case.interview.text.part != batch]
        made[batch] = fit(
            [r for i in inside for r in tables[i][0]], [p for i in inside for p in tables[i][1]]
        )
    return [made[case.interview.text.part] for case in some]


def read_by(some: Sequence[Case], folder: Path) -> list[Case]:
    """The same interviews with what the reader says of their words."""
    reader = Reader(folder, overlap=OVERLAP["default"])
    found = []
    for case in some:
        told = reader.read(dialogue_of(case.interview.text)).parts
        lines = [replace(line, pieces=pieces) for line, pieces in zip(case.lines, told, strict=True)]
        found.append(replace(case, lines=lines))
    return found


def fit_heard(some: Sequence[Case], models: Sequence[Weights], talk: Talk) -> Heard:
    """How far the words around a thing count beside what the reader says of it."""
    words, rows_heard, parts = [], [], []
    for case, model in zip(some, models, strict=True):
        for thing, part, said in zip(case.things, case.parts, heard(case.things, case.lines), strict=True):
            if said:
                words.append(model.totals(features(thing, case.lines, talk, case.things)))
                rows_heard.append(said)
                parts.append(part)
    names = sorted({name for row in rows_heard for name in row})
    x = np.array([[row[name] for name in names] for row in rows_heard])
    t, y = np.array(words), np.eye(len(CLASSES))[[CLASSES.index(part) for part in parts]]
    shape = (len(names), len(CLASSES))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        share, bias, weights = flat[0], flat[1:5], flat[5:].reshape(shape)
        scores = share * t + x @ weights + bias
        lost, away = cross_entropy(scores, y)
        slope = [(away * t).sum(), *away.sum(axis=0), *(x.T @ away + HELD * weights).ravel()]
        return lost + HELD / 2 * float((weights**2).sum()), np.array(slope)

    start = np.zeros(5 + len(names) * len(CLASSES))
    start[0] = 1.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    weights = found[5:].reshape(shape)
    return Heard(
        share=round(float(found[0]), 4),
        bias=tuple(round(float(b), 4) for b in found[1:5]),
        weights={name: tuple(round(float(w), 4) for w in weights[i]) for i, name in enumerate(names)},
    )


def heard_apart(some: Sequence[Case], models: Sequence[Weights], talk: Talk) -> list[Weights]:
    """Per interview a model with the reader's word, learnt from the other folds."""
    folds = [hashed(case.interview.text.name) // ONE_IN % FOLDS for case in some]
    learnt = []
    for fold in range(FOLDS):
        inside = [i for i, own in enumerate(folds) if own != fold]
        learnt.append(fit_heard([some[i] for i in inside], [models[i] for i in inside], talk))
    return [
        model.model_copy(update={"heard": learnt[fold]}) for model, fold in zip(models, folds, strict=True)
    ]


def shown(title: str, some: Sequence[Case], models: Sequence[Weights], talk: Talk) -> None:
    """Print precision and recall at several least chances of a role."""
    for least in SWEEP:
        found = [
            choose(case.lines, talk, model, least_role=least)
            for case, model in zip(some, models, strict=True)
        ]
        sys.stdout.write(f"{title}, least chance {least}: {json.dumps(measured(some, found))}\n")


def main() -> None:
    """Cross-validate, then train on all and write the model, its word list and its card."""
    folder = ROOT / "models" / "story"
    interviews = read_corpus(ROOT / "data" / "corpus")
    talk = talk_of(interviews, folder)
    some = cases(interviews, talk, entities())
    models = told_by_words(some, talk)
    shown("words alone, all", some, models, talk)
    kept = held_out(ROOT / "data" / "held-out.tsv")
    apart = [
        i
        for i, case in enumerate(some)
        if is_left_out(case.interview.text.name)
        or (case.interview.text.part, case.interview.text.name) in kept
    ]
    known = read_by([some[i] for i in apart], ROOT / "models" / "dialogue")
    theirs = [models[i] for i in apart]
    shown("words alone, of those left out", known, theirs, talk)
    shown("with the reader, of those left out", known, heard_apart(known, theirs, talk), talk)
    model = fit(*rows(some, talk)).model_copy(update={"heard": fit_heard(known, theirs, talk)})
    (folder / "things.json").write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
    shares = [f"{word}\t{share:.4f}" for word, share in sorted(talk.shares.items())]
    (folder / "talk.tsv").write_text("\n".join(shares) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
