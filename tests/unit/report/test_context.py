"""Turns cut into pieces around their statements."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.context import Piece, Span, pieces


def test_a_statement_inside_a_turn_is_one_covered_piece() -> None:
    text = "It broke. I was late again. Anyway."
    found = pieces(text, [Span("a", 10, 27)], margin=400)
    assert found == [
        Piece("It broke. "),
        Piece("I was late again.", ("a",), ("a",)),
        Piece(" Anyway."),
    ]


def test_two_labels_on_the_same_words_nest_in_one_piece() -> None:
    found = pieces("All of it.", [Span("push", 0, 10), Span("outcome", 0, 10)], margin=400)
    assert found == [Piece("All of it.", ("outcome", "push"), ("outcome", "push"))]


def test_the_longer_of_two_overlapping_statements_is_the_outer_one() -> None:
    text = "aaaa bbbb cccc"
    found = pieces(text, [Span("short", 5, 9), Span("long", 0, 14)], margin=400)
    assert [(p.text, p.covering, p.starting) for p in found] == [
        ("aaaa ", ("long",), ("long",)),
        ("bbbb", ("long", "short"), ("short",)),
        (" cccc", ("long",), ()),
    ]


def test_offsets_count_code_points() -> None:
    text = "\U0001f600\U0001f600 it was slow"
    found = pieces(text, [Span("a", 3, 14)], margin=400)
    assert found[-1].text == "it was slow"


def test_long_talk_is_cut_at_spaces_and_says_how_much_is_left_out() -> None:
    before, after = "word " * 200, " tail" * 200
    text = before + "THE QUOTE" + after
    found = pieces(text, [Span("a", 1000, 1009)], margin=60)
    assert [p.text for p in found if p.covering] == ["THE QUOTE"]
    assert found[0].skipped == 940
    assert found[0].text == "word " * 12
    assert found[-1].text == ""
    assert found[-1].skipped == len(text) - sum(len(p.text) for p in found) - 940


def test_a_short_rest_is_kept_rather_than_cut() -> None:
    text = "x" * 20 + " the quote " + "y" * 70
    found = pieces(text, [Span("a", 21, 30)], margin=60)
    assert "".join(p.text for p in found) == text


@st.composite
def turns(draw: st.DrawFn) -> tuple[str, list[Span], int]:
    """A turn's text, some spans of it, and a margin."""
    text = draw(st.text(alphabet="ab \U0001f600\n", min_size=1, max_size=300))
    edges = st.integers(0, len(text))
    spans = []
    for number in range(draw(st.integers(1, 4))):
        start, end = sorted((draw(edges), draw(edges)))
        if start < end:
            spans.append(Span(f"s{number}", start, end))
    return text, spans, draw(st.integers(4, 80))


@given(turns())
def test_nothing_is_lost_or_moved(turn: tuple[str, list[Span], int]) -> None:
    text, spans, margin = turn
    found = pieces(text, spans, margin)
    place = 0
    covered: dict[str, str] = {}
    for piece in found:
        place += piece.skipped
        assert text[place : place + len(piece.text)] == piece.text
        place += len(piece.text)
        for key in piece.covering:
            covered[key] = covered.get(key, "") + piece.text
    assert place == len(text)
    assert covered == {span.statement_id: text[span.start : span.end] for span in spans}
    starts = [key for piece in found for key in piece.starting]
    assert sorted(starts) == sorted(covered)
