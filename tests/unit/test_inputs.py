"""What lies under the inputs, and what their surroundings say of them."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import io
import json
import os
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest

from pipeline.config import load_settings
from pipeline.engines.work import work
from pipeline.errors import ConfigError, NoInputError, UsageError
from pipeline.inputs import Found, Scan, ScanOptions, Source, open_sources, scan
from pipeline.inputs.entries import matcher
from pipeline.inputs.open import SourceChanged
from pipeline.records import SIDECAR_WARNINGS, SourceFile

OLD = time.time() - 3600


def look(
    base: Path, *inputs: Path | str, known: Mapping[str, Source] | None = None, **options: object
) -> Scan:
    settings = {"base": base, "max_bytes": 1_000_000, **options}
    return scan([str(given) for given in inputs], known or {}, ScanOptions(**settings))  # type: ignore[arg-type]


def by_name(found: Scan) -> dict[str, Source]:
    return {source.source: source for source in found.sources}


def context(source: Source) -> dict[str, str]:
    return dict(json.loads(source.context))


def write(path: Path, text: str | bytes = "Q: hi") -> Path:
    """A file that was last changed an hour ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (OLD, OLD))
    return path


def archive(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def opened(found: Scan, base: Path) -> dict[str, SourceFile]:
    wanted = [
        Found(
            s.source,
            s.sha256 or "",
            s.context,
            "mark",
            str(base / (s.packed_in or s.source)),
            bool(s.packed_in),
        )
        for s in found.sources
        if s.status == "present"
    ]
    return {one.source: one for one in open_sources(wanted)}


@pytest.fixture
def old_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files written by the test count as old: they get stamps."""
    monkeypatch.setattr("pipeline.inputs.local.FRESH_NS", -(10**12))


def test_files_of_a_folder_in_name_order_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a.vtt", ".hidden", "sub/c.srt", ".git/config"):
        write(tmp_path / name)
    assert list(by_name(look(tmp_path, tmp_path))) == ["a.vtt", "b.txt", "sub/c.srt"]


def test_glob_and_single_file(tmp_path: Path) -> None:
    for name in ("2023-a.txt", "2024-b.txt", "2024-c.txt"):
        write(tmp_path / name)
    assert len(look(tmp_path, f"{tmp_path}/2024-*.txt").sources) == 2
    assert len(look(tmp_path, tmp_path / "2023-a.txt").sources) == 1


def test_a_source_has_one_name_however_its_path_is_spelt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "work" / "in" / "a.txt")
    write(tmp_path / "elsewhere" / "b.txt")
    monkeypatch.chdir(tmp_path / "work")
    base = tmp_path / "work"
    for given in ("in", "./in", "../work/in/", str(tmp_path / "work/in/a.txt"), "in/*.txt", "."):
        assert [s.source for s in look(base, given).sources] == ["in/a.txt"], given
    assert [s.source for s in look(base, "../elsewhere").sources] == [f"{tmp_path}/elsewhere/b.txt"]


def test_nothing_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(NoInputError, match="there is no"):
        look(tmp_path, tmp_path / "absent")
    with pytest.raises(NoInputError, match="no files under"):
        look(tmp_path, tmp_path)


def test_link_loop_ends(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    found = {name: source.status for name, source in by_name(look(tmp_path, tmp_path)).items()}
    assert found == {"a.txt": "present", "dead": "refused"}


def test_too_large_and_odd_files_are_refused_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "big.txt", "x" * 2000)
    os.mkfifo(tmp_path / "pipe")
    found = by_name(look(tmp_path, tmp_path, max_bytes=1000))
    assert {name: source.reason for name, source in found.items()} == {
        "big.txt": "too_large",
        "pipe": "not_a_file",
    }


def test_the_runs_own_files_are_no_inputs(tmp_path: Path) -> None:
    for name in ("a.txt", "report.html", "x.history/x.duckdb"):
        write(tmp_path / name)
    own = frozenset({str(tmp_path / "report.html"), str(tmp_path / "x.history")})
    assert list(by_name(look(tmp_path, tmp_path, leave_out=own))) == ["a.txt"]


def test_known_hash_is_used_only_while_the_file_was_not_touched(tmp_path: Path, old_clock: None) -> None:
    path = write(tmp_path / "a.txt", "one")
    first = look(tmp_path, path).sources[0]
    known = {first.source: Source(**{**_fields(first), "sha256": "remembered"})}
    assert look(tmp_path, path, known=known).sources[0].sha256 == "remembered"
    write(path, "two")  # as long, and with the modification time of the first
    assert look(tmp_path, path, known=known).sources[0].sha256 != "remembered"


def test_a_file_changed_just_now_gets_no_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    assert look(tmp_path, path).sources[0].stamp == ""


def _fields(source: Source) -> dict[str, object]:
    return {name: getattr(source, name) for name in Source.__slots__}


def test_context_nearest_word_wins(tmp_path: Path) -> None:
    folder = tmp_path / "spring"
    for name in ("a-2024-05-01.txt", "b.txt", "c.txt", "d.vtt.gz"):
        write(folder / name)
    write(folder / "metadata.csv", "file,study,product\nb.txt,csv study,Hob\nc.txt,csv study,Hob\n")
    write(folder / "c.toml", 'study = "toml study"\ndate = 2024-06-01\n')
    write(folder / "d.json", '{"segment": "family"}')
    found = by_name(look(tmp_path, folder, name_pattern=r"(?P<date>\d{4}-\d\d-\d\d)"))
    said = {name.removeprefix("spring/"): context(source) for name, source in found.items()}
    assert said == {
        "a-2024-05-01.txt": {"folder": "spring", "date": "2024-05-01"},
        "b.txt": {"folder": "spring", "study": "csv study", "product": "Hob"},
        "c.txt": {"folder": "spring", "study": "toml study", "product": "Hob", "date": "2024-06-01"},
        "d.vtt.gz": {"folder": "spring", "segment": "family"},
    }


def test_a_transcript_in_json_beside_its_recording_is_no_sidecar(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", b"\x00")
    write(tmp_path / "a.json", '{"segments": [{"text": "hi"}]}')
    write(tmp_path / "b.vtt")
    write(tmp_path / "b.json", '{"date": "2024-05-01"}')
    assert set(by_name(look(tmp_path, tmp_path))) == {"a.mp3", "a.json", "b.vtt"}


def test_lists_and_roles_of_a_sidecar_are_read(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(
        tmp_path / "a.toml",
        'study = "Hobs"\ntags = ["new", "old"]\n[roles]\nAnna = "interviewer"\nSam = "other"\n',
    )
    write(tmp_path / "b.txt")
    write(tmp_path / "b.json", '{"Segment": ["family", 2]}')
    found = {name: context(one) for name, one in by_name(look(tmp_path, tmp_path)).items()}
    folder = {"folder": tmp_path.name}
    assert found == {
        "a.txt": folder | {"study": "Hobs", "tags": "new, old", "roles": "Anna=interviewer; Sam=other;"},
        "b.txt": folder | {"segment": "family, 2"},
    }


@pytest.mark.parametrize(
    ("text", "values", "told"),
    [
        ("study = Hobs", {}, "the .toml beside it is not read: it is not valid"),
        (b"study = '\xe9'", {}, "the .toml beside it is not read: it is not valid"),
        ("#" * 70_000, {}, "the .toml beside it is not read: larger than 65,536 bytes"),
        (
            'study = "Hobs"\n[product]\nname = "x"\n',
            {"study": "Hobs"},
            "1 keys of the .toml beside it are not read: no plain values",
        ),
    ],
    ids=["broken", "encoding", "large", "table"],
)
def test_what_cannot_be_read_of_a_sidecar_is_told(
    tmp_path: Path, text: str | bytes, values: dict[str, str], told: str
) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "a.toml", text)
    (found,) = look(tmp_path, tmp_path).sources
    assert context(found) == {"folder": tmp_path.name, **values, SIDECAR_WARNINGS: told}


@pytest.mark.parametrize(
    "table",
    [
        "file,product\na.txt,Café\n".encode(),
        "\ufefffile;product\r\na.txt;Café\r\n".encode(),
        "File;Product\na;Café\n".encode("cp1252"),
        "filename\tproduct\na\tCafé\n".encode(),
    ],
    ids=["plain", "semicolons", "Windows", "tabs"],
)
def test_the_folders_table_is_read_as_spreadsheets_write_it(tmp_path: Path, table: bytes) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "metadata.csv", table)
    (found,) = look(tmp_path, tmp_path).sources
    assert context(found) == {"folder": tmp_path.name, "product": "Café"}


def test_a_table_that_names_no_file_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "metadata.csv", "interview,product\na.txt,Hob\n")
    (found,) = look(tmp_path, tmp_path).sources
    assert context(found)[SIDECAR_WARNINGS] == "metadata.csv is not read: no column 'file' names a file"


def test_bad_name_pattern_names_the_setting(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(ConfigError, match=r"ingest\.name_pattern"):
        look(tmp_path, tmp_path, name_pattern="(?P<x")


def test_source_that_changed_since_the_scan_is_not_read_as_the_old_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "one")
    found = look(tmp_path, path)
    assert opened(found, tmp_path)["a.txt"].data == b"one"
    write(path, "two")
    with pytest.raises(SourceChanged):
        opened(found, tmp_path)


# -- what a scan should have found ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "covered", "not_covered"),
    [
        ("in", {"in/a.txt", "in/sub/b.txt"}, {"inside.txt", "other/a.txt"}),
        (".", {"in/a.txt", "inside.txt"}, set()),
        ("in/*.txt", {"in/gone.txt"}, {"in/gone.vtt", "in/sub/b.txt"}),
        ("**/*.txt", {"gone.txt", "in/sub/gone.txt"}, {"gone.vtt"}),
        ("in/[ab].txt", {"in/b.txt"}, {"in/c.txt"}),
    ],
)
def test_a_scan_covers_what_it_would_have_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, covered: set[str], not_covered: set[str]
) -> None:
    write(tmp_path / "in" / "a.txt")
    monkeypatch.chdir(tmp_path)
    found = look(tmp_path, given)
    names = covered | not_covered
    sources = {n: Source(n, "x", 0, 0, "", "{}", None, "present") for n in names}
    assert {name for name in names if found.covers(sources[name])} == covered


def test_a_glob_as_regular_expression() -> None:
    assert matcher("/a/*/c?.txt").match("/a/b/cd.txt")
    assert not matcher("/a/*.txt").match("/a/b/c.txt")
    assert matcher("/a/**/c.txt").match("/a/c.txt")
    assert matcher("/a/[!x].txt").match("/a/y.txt")
    assert matcher("/a/2024").match("/a/2024/b.txt")
    assert matcher("/a/(1)+.txt").match("/a/(1)+.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "closed" / "b.txt")
    (tmp_path / "closed").chmod(0)
    try:
        found = look(tmp_path, tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    source = Source("closed/b.txt", "x", 0, 0, "", "{}", None, "present")
    assert not found.could_look(source)
    assert [folder.location for folder in found.unreadable] == [str(tmp_path / "closed")]


# -- archives -------------------------------------------------------------------------------------------------


def test_members_of_an_archive_are_sources_of_their_own(tmp_path: Path) -> None:
    inner = archive({"deep/e.txt": "deep"})
    members = {
        "a.txt": "one", "sub/b.vtt": "two", "metadata.csv": "file,product\na.txt,Hob\n",
        "a.toml": 'date = "2024-01-02"',        "c.zip": inner, "__MACOSX/._a.txt": "junk", "sub/.hidden": "junk",
    }  # fmt: skip
    write(tmp_path / "spring.zip", archive(members))
    found = look(tmp_path, tmp_path)
    present = {name: source for name, source in by_name(found).items() if source.status == "present"}
    assert {name: context(source) for name, source in present.items()} == {
        "spring.zip!a.txt": {"folder": "spring", "product": "Hob", "date": "2024-01-02"},
        "spring.zip!c.zip!deep/e.txt": {"folder": "deep"},
        "spring.zip!sub/b.vtt": {"folder": "sub"},
    }
    assert by_name(found)["spring.zip"].status == "archive"
    data = {name: one.data for name, one in opened(found, tmp_path).items()}
    assert data == {
        "spring.zip!a.txt": b"one",
        "spring.zip!c.zip!deep/e.txt": b"deep",
        "spring.zip!sub/b.vtt": b"two",
    }


def test_a_gzip_file_is_the_transcript_in_it(tmp_path: Path) -> None:
    write(tmp_path / "a.vtt.gz", gzip.compress(b"WEBVTT"))
    write(tmp_path / "a.vtt", "another")
    write(tmp_path / "a.toml", 'date = "2024-01-02"')
    found = look(tmp_path, tmp_path)
    assert {name: source.status for name, source in by_name(found).items()} == {
        "a.vtt": "present",
        "a.vtt.gz": "present",
    }
    assert context(by_name(found)["a.vtt.gz"])["date"] == "2024-01-02"
    assert opened(found, tmp_path)["a.vtt.gz"].data == b"WEBVTT"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive({"../a.txt": "out"}), "unsafe_path"),
        (archive({"a.txt": "one"})[:40], "damaged"),
        (b"PK\x03\x04 no", "damaged"),
        (archive({}), "empty"),
        (archive({"a.zip": archive({"b.zip": archive({"c.txt": "x"})})}), "too_deep"),
    ],
    ids=["outside", "cut", "none", "empty", "deep"],
)
def test_bad_archives_are_refused_whole(tmp_path: Path, data: bytes, reason: str) -> None:
    write(tmp_path / "bad.zip", data)
    assert [(s.source, s.status, s.reason) for s in look(tmp_path, tmp_path).sources] == [
        ("bad.zip", "refused", reason)
    ]


def test_an_archive_that_was_not_touched_is_not_opened_again(
    tmp_path: Path, old_clock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.zip", archive({"a.txt": "one", "b.txt": "x" * 900}))
    first = look(tmp_path, tmp_path, max_bytes=500)
    monkeypatch.setattr(
        sys.modules["pipeline.inputs.scan"], "members", lambda *_: pytest.fail("it was opened")
    )
    again = look(tmp_path, tmp_path, known=by_name(first), max_bytes=500)
    assert again.sources == first.sources
    assert {s.source: s.reason for s in first.sources if s.status == "refused"} == {
        "a.zip!b.txt": "too_large"
    }


def test_a_member_that_left_its_archive_does_not_come_back(tmp_path: Path, old_clock: None) -> None:
    path = write(tmp_path / "a.zip", archive({"a.txt": "one", "b.txt": "two"}))
    known = by_name(look(tmp_path, tmp_path))
    write(path, archive({"a.txt": "one!"}))
    second = by_name(look(tmp_path, tmp_path, known=known))
    third = by_name(look(tmp_path, tmp_path, known=known | second))
    assert set(second) == set(third) == {"a.zip", "a.zip!a.txt"}


# -- URLs -----------------------------------------------------------------------------------------------------


@pytest.fixture
def bucket() -> str:
    """A bucket in memory with two interviews and a sidecar."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    for name, data in {
        "/bucket/spring/a.txt": b"one",
        "/bucket/spring/metadata.csv": b"file,product\na.txt,Hob\n",
        "/bucket/b.txt.gz": gzip.compress(b"two"),
        "/bucket/.hidden/c.txt": b"no",
        "/other/d.txt": b"no",
    }.items():
        system.pipe_file(name, data)
    return "memory://bucket"


def test_files_of_a_bucket(tmp_path: Path, bucket: str) -> None:
    found = look(tmp_path, bucket)
    assert {name: context(source) for name, source in by_name(found).items()} == {
        "memory:///bucket/b.txt.gz": {"folder": "bucket"},
        "memory:///bucket/spring/a.txt": {"folder": "spring", "product": "Hob"},
    }
    wanted = [
        Found(s.source, s.sha256 or "", s.context, "m", s.source, bool(s.packed_in)) for s in found.sources
    ]
    assert [one.data for one in open_sources(wanted)] == [b"two", b"one"]


class Hiccup(Exception):
    """What a network's library raises: no error of the system."""


def failing(monkeypatch: pytest.MonkeyPatch, method: str, times: int) -> None:
    """Let a method of the bucket fail so often before it works; pauses take no time."""
    from fsspec.implementations.memory import MemoryFileSystem

    works, left = getattr(MemoryFileSystem, method), [times]

    def fails(*arguments: object, **named: object) -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise Hiccup("the network's words")
        return works(*arguments, **named)

    monkeypatch.setattr(MemoryFileSystem, method, fails)
    monkeypatch.setattr("pipeline.inputs.open.time.sleep", lambda _: None)


@pytest.mark.parametrize("method", ["find", "cat_file"])
def test_a_hiccup_of_a_bucket_passes(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    failing(monkeypatch, method, 3)
    found = look(tmp_path, bucket)
    assert {source.status for source in found.sources} == {"present"}
    assert len(found.sources) == 2


def test_a_bucket_that_fails_for_long_is_told_by_its_kind_of_failure(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "cat_file", 99)
    assert {(s.status, s.reason, s.detail) for s in look(tmp_path, bucket).sources} == {
        ("refused", "unreadable", "Hiccup")
    }
    failing(monkeypatch, "find", 99)
    with pytest.raises(NoInputError, match="cannot list"):
        look(tmp_path, bucket)


def test_what_passes_is_no_lasting_reject_of_a_worker(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(tmp_path, bucket).sources[1]
    failing(monkeypatch, "cat_file", 99)
    wanted = Found(found.source, found.sha256 or "", found.context, "m", found.source)
    done = work("ingest", load_settings(), [wanted])
    assert [(lost.reason, lost.detail) for lost in done.failures] == [("unreadable", "Hiccup")]


def test_what_a_url_covers(tmp_path: Path, bucket: str) -> None:
    found = look(tmp_path, bucket)
    gone = Source("memory:///bucket/gone.txt", "x", 0, 0, "", "{}", None, "present")
    assert found.covers(gone)
    assert not look(tmp_path, bucket + "/spring").covers(gone)
    assert look(tmp_path, bucket + "/*.txt*").covers(gone)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A web server on this machine that shows the folder ``web``; ``/endless`` never stops sending."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path / "web"))

        def do_GET(self) -> None:
            if self.path == "/broken":
                self.send_error(500)
            elif self.path != "/endless":
                super().do_GET()
            else:  # no length is told
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(b"Dana: hello " * 1000)

        def do_HEAD(self) -> None:
            if self.path == "/endless":
                self.send_response(200)
                self.end_headers()
            else:
                super().do_HEAD()

        def log_message(self, *given: object) -> None:
            """Say nothing."""

    write(tmp_path / "web" / "spring" / "a b.txt", "one")
    write(tmp_path / "web" / "spring" / "metadata.csv", "file,product\na b.txt,Hob\n")
    write(tmp_path / "web" / "spring" / "deep" / "c.zip", archive({"d.txt": "two"}))
    write(tmp_path / "web" / "page.html", '<cite>Dana</cite><p>Look at <a href="page.html/x">this</a></p>')
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_files_of_a_web_server(tmp_path: Path, server: str) -> None:
    for given in (f"{server}/spring/", f"{server}/spring"):
        found = [one for one in look(tmp_path, given).sources if one.status == "present"]
        assert {one.source: context(one) for one in found} == {
            f"{server}/spring/a%20b.txt": {"folder": "spring", "product": "Hob"},
            f"{server}/spring/deep/c.zip!d.txt": {"folder": "c"},
        }
    wanted = [Found(one.source, one.sha256 or "", "{}", "m", one.packed_in or one.source, bool(one.packed_in))
              for one in found]  # fmt: skip
    assert [one.data for one in open_sources(wanted)] == [b"one", b"two"]


def test_a_web_page_with_links_is_one_file(tmp_path: Path, server: str) -> None:
    (found,) = look(tmp_path, f"{server}/page.html").sources
    assert (found.source, found.status) == (f"{server}/page.html", "present")
    assert "Last-Modified" in found.stamp
    again = look(tmp_path, f"{server}/page.html", known={found.source: replace(found, sha256="remembered")})
    assert again.sources[0].sha256 == "remembered"


def test_a_web_server_that_never_stops_is_refused(tmp_path: Path, server: str) -> None:
    (found,) = look(tmp_path, f"{server}/endless", max_bytes=100_000).sources
    assert (found.status, found.reason) == ("refused", "too_large")


def test_what_a_web_server_does_not_give_is_told(tmp_path: Path, server: str) -> None:
    write(
        tmp_path / "web" / "old" / "index.html", '<a href="gone.txt">gone</a> <a href="?order=name">name</a>'
    )
    (found,) = look(tmp_path, f"{server}/old/").sources
    assert (found.source, found.status, found.reason) == (f"{server}/old/gone.txt", "refused", "unreadable")
    for name in ("absent.txt", "broken"):
        with pytest.raises(NoInputError):
            look(tmp_path, f"{server}/{name}")


def test_file_urls_are_read_too(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    found = look(tmp_path, (tmp_path / "in").as_uri())
    assert [s.source for s in found.sources] == [(tmp_path / "in" / "a.txt").as_uri()]


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("memory://nowhere", NoInputError, "there is no"),
        ("nonsense://bucket", UsageError, "cannot open"),
        ("ftp://me:secret@host/folder", UsageError, "holds a password"),
        ("zip://a.txt::memory://b.zip", UsageError, "chains"),
    ],
)
def test_bad_urls_are_wrong_use_and_no_password_is_repeated(
    tmp_path: Path, url: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        look(tmp_path, url)
    assert "secret" not in str(caught.value)
