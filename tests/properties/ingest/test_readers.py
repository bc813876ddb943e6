"""Whatever bytes come in, a reading comes out: no crash, no hang, and what is accepted keeps the laws.

``make test`` reads the same few thousand inputs each time, ``make fuzz`` 100,000 others.
"""

from __future__ import annotations

import io
import json
import signal
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RejectedInput
from pipeline.ingest import sources
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import DIALECTS
from pipeline.records import Reading, Transcript
from tests.unit.ingest import documents
from tests.unit.ingest.reading import read

SAMPLES = Path(__file__).parents[2] / "spec" / "ingest" / "samples"
FILES = {path.name: path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.suffix != ".want"}
JSON_FILES = {name: json.loads(data) for name, data in FILES.items() if name.endswith(".json")}
DOCUMENTS = {
    "docx": documents.word([[("Interviewer: Why?", False)], [("Dana: It broke.", False)]] * 3),
    "xlsx": documents.workbook({"A": [["Speaker", "Text"], ["Interviewer", "Why?"], ["Dana", "It broke."]]}),
    "pdf": documents.pdf([["Interviewer: Why?", "Dana: It broke."]] * 3),
    "zip": documents.archive({"a.txt": b"Dana: It broke.", "b/c.zip": documents.archive({"d.txt": b"x"})}),
}


def dialect_of(data: bytes) -> str:
    content = Content("sample", data)
    try:
        return next(dialect.name for dialect in DIALECTS if dialect.detect(content))
    except RejectedInput:  # text in an encoding that is broken
        return "text"


BY_DIALECT: dict[str, dict[str, bytes]] = defaultdict(dict)
for _name, _data in {**FILES, **{name: DOCUMENTS[name] for name in ("docx", "xlsx", "pdf")}}.items():
    BY_DIALECT[dialect_of(_data)][_name] = _data

FUZZ_EXAMPLES = 3_100
"""Inputs of each of the 33 properties: 100,000 in all."""
IS_FUZZ = settings.get_current_profile_name() == "fuzz"
FAST = settings(
    max_examples=FUZZ_EXAMPLES if IS_FUZZ else 40,
    derandomize=not IS_FUZZ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
HANG_S = 10
"""Seconds of CPU time that no input of this size may take."""


class Hang(BaseException):
    """An input took too long; no reader may catch it."""


@pytest.fixture(autouse=True)
def watch() -> Iterator[None]:
    """The signal by which a hang ends."""

    def ended(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, ended)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def read_in_time(data: bytes | str, **options: object) -> Reading:
    """The reading of an input, told as a failure where it hangs."""
    signal.setitimer(signal.ITIMER_PROF, HANG_S)
    try:
        return read(data, **options)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


SIGNS = st.sampled_from(
    [
        *(
            b"\n",
            b"\n\n",
            b": ",
            b"**",
            b"[",
            b"]",
            b"(",
            b'"',
            b"-->",
            b"<v ",
            b">",
            b"#",
            b"---\n",
            b"{",
            b"}",
        ),
        *(
            b"null",
            b"1e400",
            b"\t",
            b",",
            b"\x00",
            b"\xff",
            b"A" * 200,
            b"00:00:01.000",
            b"Speaker 1: ",
            b"&#",
        ),
        *(b"</", b"NaN", b"\r", b"\xe2\x80\x8b"),
    ]
)


def check(reading: Reading) -> None:
    """The laws of a reading; a failure that nobody foresaw would be told as ``unreadable``."""
    assert len(reading.rejects) <= 1
    assert bool(reading.rejects) != bool(reading.transcripts)
    assert all(reject.reason != "unreadable" for reject in reading.rejects), reading.rejects
    for transcript in reading.transcripts:
        check_transcript(transcript)


def check_transcript(transcript: Transcript) -> None:
    names = {speaker.name for speaker in transcript.speakers}
    roles = {speaker.name: speaker.role for speaker in transcript.speakers}
    assert "participant" in roles.values()
    assert [turn.turn_index for turn in transcript.turns] == list(range(len(transcript.turns)))
    assert {turn.speaker for turn in transcript.turns} == names
    before = None
    for turn in transcript.turns:
        assert turn.text
        assert turn.text == " ".join(turn.text.split())
        assert turn.speaker != before, "two turns of one speaker in a row"
        assert turn.role == roles[turn.speaker]
        assert (turn.participant_id is not None) == (turn.role == "participant")
        assert all(time is None or time >= 0 for time in (turn.start_ms, turn.end_ms))
        before = turn.speaker


@st.composite
def damaged(draw: st.DrawFn, files: dict[str, bytes]) -> bytes:
    """A file with pieces cut out, doubled, or strange signs put in."""
    data = bytearray(files[draw(st.sampled_from(sorted(files)))])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 4)):
            case 0:
                data[place:place] = draw(SIGNS)
            case 1:
                del data[place : place + draw(st.integers(1, 60))]
            case 2:
                data[place:place] = data[: draw(st.integers(0, 80))]
            case 3:
                data[place:place] = data[place : place + draw(st.integers(1, 40))] * draw(st.integers(2, 200))
            case _:
                data = data[: max(place, 1)]
    return bytes(data)


VALUES = st.sampled_from(
    [
        "null",
        "true",
        "-1",
        "1e400",
        "999999999999",
        "NaN",
        '""',
        '"00:01"',
        '"9e9"',
        "[]",
        "{}",
        "[[]]",
        '[{"text": 5}]',
    ]
).map(json.loads)


@st.composite
def damaged_json(draw: st.DrawFn) -> str:
    """A service's JSON with some values of other kinds, and some left out."""
    document = json.loads(json.dumps(JSON_FILES[draw(st.sampled_from(sorted(JSON_FILES)))]))
    for _ in range(draw(st.integers(1, 5))):
        holder = document
        for _ in range(draw(st.integers(0, 8))):
            inner = list(holder.values()) if isinstance(holder, dict) else holder
            nested = [value for value in inner if isinstance(value, dict | list) and value]
            if not nested:
                break
            holder = draw(st.sampled_from(nested))
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        if len(keys):
            holder[draw(st.sampled_from(list(keys)))] = draw(VALUES)
    return json.dumps(document)


@pytest.mark.parametrize("dialect", [dialect.name for dialect in DIALECTS])
@FAST
@given(data=st.data())
def test_damaged_files(dialect: str, data: st.DataObject) -> None:
    check(read_in_time(data.draw(damaged(BY_DIALECT[dialect]))))


@st.composite
def damaged_parts(draw: st.DrawFn, document: bytes) -> bytes:
    """A document whose zip is sound, but not one of the parts in it."""
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = draw(st.sampled_from(sorted(name for name in parts if name.endswith((".xml", ".rels")))))
    return documents.archive({**parts, name: draw(damaged({name: parts[name]}))})


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@FAST
@given(data=st.data())
def test_documents_with_damaged_parts(kind: str, data: st.DataObject) -> None:
    check(read_in_time(data.draw(damaged_parts(DOCUMENTS[kind]))))


@FAST
@given(damaged_json())
def test_damaged_json(text: str) -> None:
    check(read_in_time(text))


@FAST
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    check(read_in_time(data))


@FAST
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    check(read_in_time(text))


LINES = st.lists(
    st.sampled_from(
        ["I: Why?", "Dana: It broke.", "", "00:01", "# Shop", "And so.", "Dana", "**Int**", "- yes", "a\tb"]
    )
)


@FAST
@given(LINES)
def test_any_lines(lines: list[str]) -> None:
    check(read_in_time("\n".join(lines)))


@FAST
@given(damaged({"zip": DOCUMENTS["zip"]}))
def test_damaged_archives(data: bytes) -> None:
    reasons = {"bomb", "damaged", "encrypted", "too_deep", "unsafe_path"}
    try:
        found = list(sources.expand("talks.zip", data))
    except RejectedInput as refused:
        found, reasons = [], reasons - {refused.reason}
        if len(reasons) == 5:
            raise
    assert all(name.startswith("talks.zip") and isinstance(content, bytes) for name, content in found)


WORDS = st.text("abcdefghijklmnopqrstuvwxyz ,.'é", min_size=1, max_size=60).filter(
    lambda text: text.strip(" ,.")
)


@FAST
@given(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=8))
def test_words_come_through_every_plain_way_of_writing(pairs: list[tuple[str, str]]) -> None:
    turns = [
        (name, " ".join(text.split()))
        for pair in pairs
        for name, text in zip(("Interviewer", "Dana"), pair, strict=True)
    ]
    labelled = "\n\n".join(f"{name}: {text}" for name, text in turns)
    bold = "\n\n".join(f"**{name}:** {text}" for name, text in turns)
    captions = "WEBVTT\n\n" + "\n\n".join(
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n<v {name}>{text}</v>"
        for n, (name, text) in enumerate(turns)
    )
    spoken = json.dumps(
        {
            "segments": [
                {"speaker": name, "startTime": n, "endTime": n + 1, "body": text}
                for n, (name, text) in enumerate(turns)
            ]
        }
    )
    for way in (labelled, bold, captions, spoken):
        reading = read(way, languages=("*",))
        assert [(turn.speaker, turn.text) for turn in reading.transcripts[0].turns] == turns


@pytest.mark.parametrize("name", sorted(FILES))
def test_samples_keep_the_laws(name: str) -> None:
    check(read_in_time(FILES[name]))
