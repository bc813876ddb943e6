"""Word files, PDF pages and workbooks."""

from __future__ import annotations

import datetime
import textwrap

import pypdf
import pytest

from tests.unit.ingest import documents
from tests.unit.ingest.reading import accepted, read, refused, roles, talk

TALK = [
    ("Interviewer", "So what did you use before the Tarn kettle?", 1),
    ("Dana", "A pan, on the hob, for eleven years.", 4),
    ("Interviewer", "And what happened in March?", 9),
    ("Dana", "The handle came off. Note: I was cross.", 11),
    ("Interviewer", "Tell me about the shop.", 20),
    ("Dana", "It was 4:30 on a Friday.", 22),
]
SAID = [(name, text) for name, text, _ in TALK]


def stamped(second: int) -> str:
    return f"00:00:{second:02}"


@pytest.mark.parametrize(
    "paragraphs",
    [
        [[(f"{name}: {text}", False)] for name, text, _ in TALK],
        [[(f"{name}:", True), (f" {text}", False)] for name, text, _ in TALK],
        [[(name, True), (f" {text}", False)] for name, text, _ in TALK],
        [[(part, loud)] for name, text, _ in TALK for part, loud in ((name, True), (text, False))],
    ],
    ids=["labels", "bold labels", "bold names before the text", "bold names above the text"],
)
def test_word_paragraphs(paragraphs: list[list[tuple[str, bool]]]) -> None:
    found = accepted(documents.word(paragraphs))
    assert (found.format, talk(found)) == ("docx", SAID)


def test_bold_questions_are_the_interviewers() -> None:
    found = accepted(documents.word([[(text, name == "Interviewer")] for name, text, _ in TALK]))
    assert talk(found) == [(name.replace("Dana", "Participant"), text) for name, text in SAID]
    assert all(speaker.needs_review for speaker in found.speakers)


@pytest.mark.parametrize(
    "rows",
    [
        [["Time", "Speaker", "Text"], *([stamped(second), name, text] for name, text, second in TALK)],
        [["Who", "What was said?", "Transcript"], *([name, "", text] for name, text, _ in TALK)],
        [[name, text] for name, text, _ in TALK],
        [[stamped(second), name, text] for name, text, second in TALK],
    ],
    ids=["header", "other header", "two columns alone", "three columns alone"],
)
def test_word_tables(rows: list[list[str]]) -> None:
    found = accepted(documents.word_table(rows, "Kettles"))
    assert talk(found) == SAID
    times = [turn.start_ms for turn in found.turns]
    assert times in ([second * 1000 for _, _, second in TALK], [None] * 6)


def test_word_files_from_teams() -> None:
    old = [
        [(f"0:0:{second}.0 --> 0:0:{second + 1}.52\n{name}\n{text}", False)] for name, text, second in TALK
    ]
    found = accepted(documents.word(old))
    assert talk(found) == SAID
    assert (found.turns[1].start_ms, found.turns[1].end_ms) == (4000, 5520)
    new = [[(name, True), (f"   0:{second:02}\n{text}", False)] for name, text, second in TALK]
    found = accepted(documents.word([*new, [("Dana stopped transcription", False)]]))
    assert (talk(found), found.turns[1].start_ms) == (SAID, 4000)


def test_workbooks_are_read_from_the_sheets_with_columns() -> None:
    rows = [
        ["Speaker", "Start", "Text"],
        *([name, datetime.time(0, 0, second), text] for name, text, second in TALK),
    ]
    found = accepted(documents.workbook({"Notes": [["about", "this"], ["one", "two"]], "Talk": rows}))
    assert (found.format, talk(found), found.turns[3].start_ms) == ("xlsx", SAID, 11_000)


def test_two_sheets_are_two_interviews() -> None:
    sheets = {
        who: [["Speaker", "Text"], *([name.replace("Dana", who), text] for name, text in SAID)]
        for who in ("Dana", "Ron")
    }
    found = read(documents.workbook(sheets)).transcripts
    assert [list(roles(one)) for one in found] == [["Interviewer", "Dana"], ["Interviewer", "Ron"]]


def pages(lines: list[str], height: int = 14) -> list[list[str]]:
    cut = [lines[begin : begin + height] for begin in range(0, len(lines), height)]
    return [
        ["Kettle study - confidential", *page, f"Page {number} of {len(cut)}"]
        for number, page in enumerate(cut, 1)
    ]


def test_a_pdf_of_two_pages_has_running_heads_too() -> None:
    lines = [f"{name}: {text}" for name, text in SAID * 4]
    assert talk(accepted(documents.pdf(pages(lines)))) == SAID * 4


def test_a_label_at_the_top_of_two_pages_is_no_running_head() -> None:
    two = [["Dana: Yes.", "Interviewer: And?"], ["Dana: Yes.", "Interviewer: So?", "Dana: A pan."]]
    found = accepted(documents.pdf(two))
    assert [name for name, _ in talk(found)] == ["Dana", "Interviewer"] * 2 + ["Dana"]


def test_heads_of_turns_at_the_top_of_every_page_are_no_running_heads() -> None:
    said = [
        turn
        for what in ("pan", "kettle", "hob", "shop")
        for turn in (("Jo Marsh", f"So what of the {what}?"), ("Dana", f"A {what}, for eleven years."))
    ]
    lines = [
        line
        for second, (name, text) in enumerate(said, 10)
        for line in (f"{name}  0:{second}", textwrap.fill(text, 60))
    ]
    found = accepted(documents.pdf([lines[begin : begin + 4] for begin in range(0, len(lines), 4)]))
    assert talk(found) == said
    assert [turn.start_ms for turn in found.turns] == [second * 1000 for second in range(10, 18)]


def test_names_alone_at_the_top_of_every_page_are_no_running_heads() -> None:
    pages = [
        [
            "DANA",
            f"A {what}.",
            "INTERVIEWER",
            f"And the {what}?",
            "DANA",
            f"It broke, my {what}.",
            "INTERVIEWER",
            f"Why was the {what} old?",
        ]
        for what in ("pan", "kettle", "hob", "shop")
    ]
    found = accepted(documents.pdf(pages))
    assert [name for name, _ in talk(found)] == ["DANA", "INTERVIEWER"] * 8


def test_pdf_labels_without_running_heads() -> None:
    lines = [line for name, text in SAID * 4 for line in textwrap.wrap(f"{name}: {text}", 30)]
    found = accepted(documents.pdf(pages(lines)))
    assert (found.format, talk(found)) == ("pdf", SAID * 4)
    assert any("page headers" in warning for warning in found.warnings)


def test_pdf_from_otter() -> None:
    lines = [
        line
        for name, text, second in TALK * 4
        for line in (f"{name}  0:{second:02}", *textwrap.wrap(text, 30))
    ]
    found = accepted(documents.pdf(pages(lines)))
    assert talk(found) == SAID * 4
    assert [turn.start_ms for turn in found.turns[:6]] == [second * 1000 for _, _, second in TALK]


def test_pdf_from_maxqda_with_numbered_paragraphs() -> None:
    lines = [
        f"{n}  {name[0]}: {text} #{stamped(second)}-5#" for n, (name, text, second) in enumerate(TALK, 1)
    ]
    found = accepted(documents.pdf([lines]))
    assert talk(found) == [(name[0], text) for name, text in SAID]
    assert [turn.end_ms for turn in found.turns] == [second * 1000 + 500 for _, _, second in TALK]


def test_pdf_words_cut_at_a_lines_end_are_joined() -> None:
    lines = [
        "Interviewer: So what about the Tarn ket-",
        "tle? The well-",
        "known one, the well-known pan?",
        "Dana: It was extraor-",
        "dinary.",
    ]
    found = accepted(documents.pdf([lines]))
    assert found.turns[0].text == "So what about the Tarn kettle? The well-known one, the well-known pan?"
    assert found.turns[1].text == "It was extraordinary."


def test_pdf_of_images_is_refused() -> None:
    assert refused(documents.pdf([[], []]))[0] == "no_text"


def test_pdf_with_a_password_is_refused() -> None:
    import io

    writer = pypdf.PdfWriter(io.BytesIO(documents.pdf([["Dana: hello"]])))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert refused(out.getvalue())[0] == "encrypted"
