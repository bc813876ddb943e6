from pipeline.extract.measures import measures
from pipeline.extract.sentences import Sentence
from pipeline.extract.spans import Clip


def dialogue(*texts: str) -> list[Sentence]:
    """Sentences of one turn, a space between."""
    found, start = [], 0
    for text in texts:
        found.append(Sentence(0, "Ann", "participant", start, start + len(text), text, ""))
        start += len(text) + 1
    return found


def test_quantities_of_the_statement_and_of_the_short_sentence_behind_it() -> None:
    told = dialogue(
        "The old one cost nine pounds a month.",
        "Three hours every Friday.",
        "And then my brother came with his two dogs.",
    )
    found = measures("s1", told, Clip(0, 0, sure=True))
    assert [(m.normalised, m.relation) for m in found] == [
        ("9 GBP per month", "within"),
        ("3 hours per week", "beside"),
    ]
    text = " ".join(s.text for s in told)
    assert [text[m.char_start : m.char_end] for m in found] == [m.quote for m in found]
    assert found[1].minutes == 180


def test_another_turn_is_not_beside() -> None:
    first, second = dialogue("It took forever.", "Three hours.")
    other = Sentence(1, "Ann", "participant", 0, 12, second.text, "")
    assert measures("s1", [first, other], Clip(0, 0, sure=True)) == ()
