"""Files that would crash, stall or mislead a careless reader are refused with the reason."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pytest

from pipeline.errors import RejectedInput
from pipeline.ingest import sources
from pipeline.ingest.archives import Bounds
from pipeline.ingest.dialects import workbook
from tests.unit.ingest import documents
from tests.unit.ingest.reading import accepted, read, refused, talk

TALK = "Interviewer: Why?\nDana: It broke.\nInterviewer: And?\nDana: So.\n"


def bomb(name: str, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(name, "w") as member:
        for _ in range(size // 1_000_000):
            member.write(b" " * 1_000_000)
    return out.getvalue()


def repacked(data: bytes, member: str, content: bytes) -> bytes:
    """A document with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return documents.archive({**parts, member: content})


@pytest.mark.parametrize("member", ["word/document.xml", "xl/workbook.xml"])
def test_zip_bombs_in_documents(member: str) -> None:
    assert refused(bomb(member, 40_000_000)) == ("bomb", "a file in the zip grows more than 200 times")


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)


def test_entity_bombs_in_documents() -> None:
    word = documents.word([[("Dana: hello", False)]])
    book = documents.workbook({"Talk": [["Speaker", "Text"], ["Dana", "hello"]]})
    assert refused(repacked(word, "word/document.xml", ENTITIES))[0] == "bomb"
    assert refused(repacked(book, "xl/sharedStrings.xml", ENTITIES))[0] == "bomb"


def test_entities_in_pages_are_not_grown() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
        "<html><p>Int: &b;?</p><p>Dana: Yes.</p><p>Int: So?</p></html>"
    )
    assert "lollol" not in str(read(page))


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_deeply_nested_json(text: str) -> None:
    assert refused(text)[0] in ("too_deep", "no_speakers", "damaged")


def test_a_cell_without_end() -> None:
    assert refused('speaker,text\nDana,"' + "word " * 60_000)[0] == "too_large"


def test_a_turn_without_end() -> None:
    reason, detail = refused(TALK + "Interviewer: And then?\nDana: " + "we went home then " * 28_000)
    assert reason == "too_large"
    assert "split it" in detail


def test_yaml_aliases_are_not_followed() -> None:
    block = "---\na: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n---\n"
    assert "c" not in accepted(block + TALK).metadata


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported"),
        (b"{\\rtf1\\ansi Dana: hello}", "unsupported"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(99), "unsupported"),
        (b"ID3\x04" + bytes(99), "unsupported"),
        (b"\x7fELF" + bytes(range(256)), "binary"),
        (b"Dana: hello\n" * 500 + b"\x00", "binary"),
        (b"PK\x03\x04word/ cut off", "damaged"),
        (b"%PDF-1.7 cut off", "damaged"),
        (b'{"results": {"transcripts": [', "damaged"),
        (b"\xef\xbb\xbf\xff\xfe broken", "encoding"),
        (documents.archive({"content.xml": b""}), "unsupported"),
    ],
    ids=["doc", "rtf", "m4a", "mp3", "program", "late zero", "docx", "pdf", "json", "utf-8", "odt"],
)  # fmt: skip
def test_the_true_reason_is_told(data: bytes, reason: str) -> None:
    assert refused(data)[0] == reason


def test_hundreds_of_labels_are_no_speakers() -> None:
    text = "".join(f"Speaker {n}: It broke.\n\n" for n in range(300))
    assert refused(text)[0] == "too_many_speakers"


def test_rejects_never_quote_the_transcript() -> None:
    canary = "marzipan"
    for data in (
        f"{canary} said.\n\n{canary}.",
        f'{{"text": "{canary}"',
        f'speaker,text\n{canary},"{canary * 30_000}',
    ):
        for reject in read(data).rejects:
            assert canary not in reject.detail


def test_an_archive_gives_its_files_in_order() -> None:
    data = documents.archive(
        {"b/two.txt": b"2", "a.txt": b"1", "__MACOSX/x": b"", "b/.DS_Store": b"", "empty/": b""}
    )
    assert list(sources.expand("talks.zip", data)) == [
        ("talks.zip!a.txt", b"1"),
        ("talks.zip!b/two.txt", b"2"),
    ]


def test_gzip_and_nested_archives() -> None:
    inner = documents.archive({"a.txt": b"1"})
    assert list(sources.expand("talk.txt.gz", gzip.compress(b"Dana"))) == [("talk.txt", b"Dana")]
    assert list(sources.expand("x.zip", documents.archive({"y.zip": inner}))) == [("x.zip!y.zip!a.txt", b"1")]


def test_documents_are_no_archives() -> None:
    for data in (documents.word([[("Dana: hello", False)]]), documents.workbook({"A": [["a"]]})):
        assert list(sources.expand("talk", data)) == [("talk", data)]
    assert list(sources.expand("talk.txt", b"Dana: hello")) == [("talk.txt", b"Dana: hello")]


@pytest.mark.parametrize("name", ["../up.txt", "a/../../up.txt", "/etc/passwd", "C:\\x.txt", "..\\up.txt"])
def test_paths_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(RejectedInput, match="unsafe_path"):
        list(sources.expand("talks.zip", documents.archive({name: b"1"})))


def test_archives_within_bounds() -> None:
    with pytest.raises(RejectedInput, match="bomb"):
        list(sources.expand("talks.zip", bomb("a.txt", 40_000_000)))
    nested = documents.archive({"a.txt": b"1"})
    for _ in range(3):
        nested = documents.archive({"n.zip": nested})
    with pytest.raises(RejectedInput, match="too_deep"):
        list(sources.expand("talks.zip", nested))
    with pytest.raises(RejectedInput, match="bomb"):
        list(sources.expand("talk.gz", gzip.compress(bytes(2000)), bounds=Bounds(member_bytes=1000)))


def test_archives_in_an_archive_share_its_bounds() -> None:
    inner = documents.archive({f"{n}.txt": bytes(100) for n in range(10)})
    outer = documents.archive({f"{n}.zip": inner for n in range(10)})
    packed = documents.archive({f"{n}.txt.gz": gzip.compress(bytes(1000)) for n in range(10)})
    assert len(list(sources.expand("x.zip", outer))) == 100
    for data, bounds in (
        (outer, Bounds(members=100)),
        (outer, Bounds(total_bytes=len(inner) * 10 + 9_000)),
        (packed, Bounds(total_bytes=9_000)),
    ):
        with pytest.raises(RejectedInput, match="bomb"):
            list(sources.expand("x.zip", data, bounds=bounds))


def test_a_line_of_commas_without_end() -> None:
    assert refused("speaker,text\nDana,hello\n" + "," * 6_000_000)[0] == "too_large"


def test_workbooks_beyond_bounds_are_refused_and_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ["Speaker", "Text"],
        ["Interviewer", "Why?"],
        ["Dana", "It broke."],
        *[["Interviewer", "And?"]] * 9,
    ]
    monkeypatch.setattr(workbook, "_ROWS", 10)
    assert refused(documents.workbook({"Talk": rows}))[0] == "too_large"
    assert len(read(documents.workbook({"Talk": rows[:3], "More": rows[:4]})).transcripts) == 2
    monkeypatch.setattr(workbook, "_SHEETS", 1)
    assert refused(documents.workbook({"Talk": rows[:3], "More": rows[:4]}))[0] == "too_large"


def test_empty_rows_of_a_workbook_count_for_little() -> None:
    rows = [["Speaker", "Text"], ["Interviewer", "Why?"], *[["", ""]] * 2000, ["Dana", "It broke."]]
    book = openpyxl.load_workbook(io.BytesIO(documents.workbook({"Talk": rows})))
    book["Talk"].cell(row=250_000, column=1, value="Interviewer")
    book["Talk"].cell(row=250_000, column=2, value="And?")
    assert talk(accepted(documents.saved(book)))[-1] == ("Interviewer", "And?")


def test_columns_beyond_bounds_are_told() -> None:
    wide = [["Speaker", "Text", *[""] * 62, "Note"], ["Interviewer", "Why?"], ["Dana", "It.", *["x"] * 63]]
    assert "columns beyond the first 64 are not read" in accepted(documents.workbook({"A": wide})).warnings


def test_damaged_archives() -> None:
    good = documents.archive({"a.txt": b"Dana: hello" * 50})
    for data in (good[:60], gzip.compress(b"Dana")[:-6], good.replace(b"a.txt", b"b.txt", 1)):
        with pytest.raises(RejectedInput, match="damaged"):
            list(sources.expand("x", data))


def test_what_an_archive_holds_is_read(interview: str) -> None:
    ((_, data),) = sources.expand("talks.zip", documents.archive({"a.txt": interview.encode()}))
    assert len(talk(accepted(data))) == 4
