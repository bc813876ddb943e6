"""The codebook's hit rule, episodes and figures, on cases worked out by hand."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.evaluate import Evaluation, evaluate_folder, print_evaluation, systems
from pipeline.evaluate.attributes import attribute_results
from pipeline.evaluate.gold import GoldText, read_gold
from pipeline.evaluate.hits import covered, episodes, near
from pipeline.evaluate.metrics import Judged, measure
from pipeline.evaluate.systems import System, judge, majority, zero_shot
from pipeline.events import QuietEvents, TextEvents
from pipeline.records import LABELS, Label, Statement, Transcript
from training.corpus import read_corpus

TURN = "It broke every week. I liked the new one, it was quiet and cheap and small."
FIRST, SECOND = (0, 0, 20), (0, 21, len(TURN))


@pytest.mark.parametrize(
    ("span", "first", "second"),
    [
        ((0, 0, 20), True, False),
        ((0, 0, len(TURN)), True, True),
        ((0, 9, 20), True, False),
        ((0, 9, 35), True, True),
        ((1, 0, 20), False, False),
        ((0, 21, 40), False, True),
    ],
    ids=[
        "the sentence",
        "both",
        "a clause of it",
        "a fragment across both",
        "another turn",
        "a clause of the second",
    ],
)
def test_span_counts_by_half_of_words_either_way(
    span: tuple[int, int, int], first: bool, second: bool
) -> None:
    assert covered(TURN, FIRST, [span]) is first
    assert covered(TURN, SECOND, [span]) is second


def test_small_part_of_a_long_span_and_of_a_long_sentence_does_not_count() -> None:
    turn = "One two three four five six seven eight. Nine ten eleven twelve thirteen fourteen."
    second = (0, 41, len(turn))
    assert not covered(turn, second, [(0, 0, 49)])


def test_episodes_allow_a_gap_of_one() -> None:
    assert episodes([True, False, True, False, False, True]) == [(0, 2), (5, 5)]
    assert episodes([False, False]) == []


def test_near_is_within_one_sentence() -> None:
    assert near((4, 5), [(6, 9)])
    assert not near((4, 5), [(7, 9)])


def _judged(gold: list[int], predicted: list[int]) -> Judged:
    def marks(rows: list[int]) -> np.ndarray:
        table = np.zeros((6, 5), dtype=bool)
        table[rows, 0] = True
        return table

    return Judged("real", "x", marks(gold), marks(predicted), 0)


def test_sentence_and_episode_figures() -> None:
    text = _judged([0, 1, 5], [1, 3])
    by_sentence = measure("s", "real", "sentence", [text]).labels[0]
    assert (by_sentence.precision.value, by_sentence.recall.value) == (0.5, pytest.approx(1 / 3))
    by_episode = measure("s", "real", "episode", [text]).labels[0]
    assert (by_episode.precision.value, by_episode.recall.value) == (1.0, 0.5)


def test_interval_holds_the_value_and_is_repeatable() -> None:
    texts = [_judged([0, 1], [0]), _judged([2], [2, 3]), _judged([4], [])]
    one, two = (measure("s", "real", "sentence", texts) for _ in range(2))
    assert one == two
    figure = one.labels[0].f1
    assert figure.low <= figure.value <= figure.high


def test_every_figure_is_shown_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [_judged([0, 1], [0]), _judged([2], [2, 3]), _judged([4], [])]
    result = measure("s", "real", "sentence", texts)
    print_evaluation(Evaluation((result,), ()), "table")
    shown = capsys.readouterr().out
    for figure in (result.forces_precision, result.labels[0].f1, result.labels[0].recall):
        assert f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]" in shown
    assert len(re.findall(r"\d\.\d\d \[\d\.\d\d, \d\.\d\d\]", shown)) == 3 * (1 + len(LABELS))


def test_a_baseline_s_labels_on_questions_are_leaks(tmp_path: Path) -> None:
    (text,) = read_gold(_small_gold(tmp_path))
    judged = judge(text, majority([text]))
    assert judged.leaks == 1
    assert judged.predicted[:, LABELS.index("push")].tolist() == [True, True]


def test_zero_shot_marks_as_many_sentences_as_the_corpus_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = read_gold(_small_gold(tmp_path))
    cosines = np.array([[0.1], [0.3], [0.2]]) * np.ones(len(LABELS))
    monkeypatch.setattr(systems, "described", lambda: lambda _: cosines)
    monkeypatch.setattr(systems, "SHARES", dict.fromkeys(LABELS, 0.1) | {"pull": 0.5})
    judged = judge(text, zero_shot())
    assert judged.predicted.tolist() == [
        [True] * len(LABELS),
        [label == "pull" for label in LABELS],
    ]


def test_the_shares_are_those_of_the_written_corpus() -> None:
    sentences = [
        sentence
        for interview in read_corpus(Path(__file__).parents[2] / "data" / "corpus")
        for sentence in interview.text.sentences
        if interview.text.role(sentence.speaker) == "participant"
    ]
    for label, share in systems.SHARES.items():
        assert sum(label in one.labels for one in sentences) / len(sentences) == pytest.approx(
            share, abs=0.005
        )


class Told(QuietEvents):
    """Remembers stages and their progress."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int | None, int]] = []

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        steps: list[int] = []
        yield steps.append
        self.done.append((name, total, sum(steps)))


def test_measuring_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def finds_nothing(text: GoldText) -> np.ndarray:
        return np.zeros((len(text.sentences), len(LABELS)), dtype=bool)

    def shipped(settings: Settings, keep: dict[str, Sequence[Statement]] | None = None) -> System:
        if keep is not None:
            keep["x"] = ()
        return finds_nothing

    monkeypatch.setattr("pipeline.evaluate.shipped", shipped)
    monkeypatch.setattr("pipeline.evaluate.zero_shot", lambda: finds_nothing)
    told = Told()
    evaluate_folder(_small_gold(tmp_path), Settings(), hearer=told)
    assert told.done == [("eval", 4, 4)]


def test_a_bar_is_drawn_on_a_terminal() -> None:
    out = io.StringIO()
    with TextEvents(Console(file=out, force_terminal=True, width=100)).stage("eval", 4) as advance:
        advance(1)
        advance(3)
    assert "eval" in out.getvalue()
    assert "4/4" in out.getvalue()


def _small_gold(folder: Path) -> Path:
    """Gold files with one text: a question and two sentences of a participant, one of them a push."""
    labels = folder / "labels" / "mine"
    labels.mkdir(parents=True)
    (labels / "x.sents.tsv").write_text("1\t0\tQ\tWhy?\n2\t1\tAnn\tIt broke.\n3\t1\tAnn\tTwice.\n")
    (labels / "x.gold.tsv").write_text(
        "sid\tlabels\toutcome_kind\tstage\tdimension\tholder\n2\tpush\t\t\tfunctional\tself\n"
    )
    (folder / "labels" / "roles.json").write_text('{"x": ["Q"]}')
    return folder


def test_gold_text_joins_sentences_into_turns_with_places(tmp_path: Path) -> None:
    text = read_gold(_small_gold(tmp_path))[0]
    turns = text.transcript().turns
    assert [(t.role, t.text) for t in turns] == [("interviewer", "Why?"), ("participant", "It broke. Twice.")]
    assert [turns[i].text[a:b] for i, a, b in text.places()] == ["Why?", "It broke.", "Twice."]
    assert text.sentences[1].labels == {"push"}


def test_no_gold_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no gold files"):
        read_gold(tmp_path)


def test_attributes_beside_majority_and_coders(tmp_path: Path) -> None:
    folder = tmp_path / "labels" / "mine"
    folder.mkdir(parents=True)
    said = ["It broke.", "It broke again.", "I was afraid.", "Tea came."]
    (folder / "one.sents.tsv").write_text(
        "".join(f"{n}\t{n}\tAnn\t{text}\n" for n, text in enumerate(said)), encoding="utf-8"
    )
    head = "sid\tlabels\toutcome_kind\tstage\tdimension\tholder\n"
    codes = "0\tpush\t\tfirst_thought\tfunctional\tself\n1\tpush\t\tfirst_thought\temotional\tself\n"
    worry = "2\tanxiety\t\tdeciding\temotional\tself\n"
    (folder / "one.gold.tsv").write_text(head + codes + worry, encoding="utf-8")
    (folder / "one.coder1.tsv").write_text(head + codes + worry, encoding="utf-8")
    (folder / "one.coder2.tsv").write_text(
        head + codes.replace("emotional", "functional") + worry.replace("anxiety", "push"), encoding="utf-8"
    )
    (text,) = read_gold(tmp_path)
    found = [
        statement_on(text.transcript(), 0, label="push", stage="first_thought", dimension="functional"),
        statement_on(text.transcript(), 1, label="push", stage=None, dimension="emotional"),
        statement_on(text.transcript(), 2, label="habit", stage="deciding", dimension="emotional"),
    ]
    results = {one.attribute: one for one in attribute_results([text], {"one": found})}
    assert "outcome_kind" not in results
    stage, dimension = results["stage"], results["dimension"]
    assert (stage.sentences, stage.given, stage.accuracy, stage.majority, stage.coders) == (
        2,
        1,
        0.5,
        1.0,
        1.0,
    )
    assert (dimension.accuracy, dimension.majority, dimension.coders, dimension.of_coders) == (
        1.0,
        0.5,
        0.5,
        2.0,
    )
    assert dimension.coder_sentences == 2


def statement_on(
    transcript: Transcript, turn: int, *, label: Label, stage: str | None, dimension: str
) -> Statement:
    """A statement on a whole turn."""
    text = transcript.turns[turn].text
    return Statement(
        statement_id=f"s{turn}", transcript_id=transcript.transcript_id, turn_index=turn, speaker="Ann",
        participant_id="p", label=label, quote=text, char_start=0, char_end=len(text), start_ms=None, score=0.9,
        needs_review=False, stage=stage, dimension=dimension, holder="self", evidence="{}", text_hash="",
        embed_text=text,
    )  # fmt: skip
