"""Who hears of a run's end, and that nobody's deafness fails it."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import NotifySettings
from pipeline.notices import give_notice, metrics
from pipeline.runner import Summary

COUNTS = {"interviews": 12, "statements": {"push": 30, "pull": 4}, "rejects": 1, "themes": 3, "waiting": 0}
DONE = Summary("run-a", 7, "done", True, 61.5, COUNTS, {"ingest": {"items": 2, "seconds": 1.5}})
FAILED = Summary("run-b", 8, "failed", True, 3.0, {}, {}, reason="the state is held")


class Told:
    """Remembers events."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def tell(self, event: str, **fields: object) -> None:
        """Remember it."""
        self.events.append((event, fields))

    def stage(self, name: str, total: int | None) -> Any:  # noqa: ARG002
        """Not used here."""
        raise AssertionError


class Server:
    """Answers POSTs with the given codes, one after the other, and keeps what it got."""

    def __init__(self, codes: list[int]) -> None:
        got = self.got = []  # type: ignore[var-annotated]

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(codes.pop(0) if codes else 200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Nothing is logged."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.notices.FIRST_PAUSE_S", 0.01)


def give(summary: Summary, folder: Path, **settings: Any) -> Told:
    told = Told()
    give_notice(summary, folder / "studies.duckdb", NotifySettings(**settings), told)
    return told


def test_summary_file_per_run(tmp_path: Path) -> None:
    give(DONE, tmp_path, summaries="runs")
    give(FAILED, tmp_path, summaries="runs")
    names = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert names == ["000007.run-a.json", "000008.run-b.json"]
    told = json.loads((tmp_path / "runs" / names[1]).read_text())
    assert (told["db"], told["status"], told["reason"]) == ("studies.duckdb", "failed", "the state is held")


def test_metrics_of_a_failed_run_keep_the_last_success(tmp_path: Path) -> None:
    give(DONE, tmp_path, metrics="sub/whyswitch.prom")
    text = (tmp_path / "sub" / "whyswitch.prom").read_text()
    assert 'whyswitch_statements{db="studies.duckdb",label="push"} 30\n' in text
    assert 'whyswitch_stage_seconds{db="studies.duckdb",stage="ingest"} 1.5\n' in text
    assert 'whyswitch_last_run_success{db="studies.duckdb"} 1\n' in text
    success = next(line for line in text.splitlines() if line.startswith("whyswitch_last_success"))
    give(FAILED, tmp_path, metrics="sub/whyswitch.prom")
    after = (tmp_path / "sub" / "whyswitch.prom").read_text()
    assert success in after
    assert 'whyswitch_last_run_success{db="studies.duckdb"} 0\n' in after


def test_metrics_are_of_the_text_format() -> None:
    told = {"time": "2026-03-01T02:00:00+00:00", "db": 'a"b.duckdb', "status": "done", "seconds": 1.0}
    lines = metrics(told | {"counts": COUNTS, "work": {}}, 0.0).splitlines()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert all(line.startswith("# ") or 'db="a\\"b.duckdb"' in line for line in lines)


def test_webhook_gets_the_summary_and_is_tried_again(tmp_path: Path, no_pause: None) -> None:
    server = Server([503, 500])
    try:
        assert give(DONE, tmp_path, webhook=server.url).events == []
    finally:
        server.close()
    assert [got["run_id"] for got in server.got] == ["run-a"] * 3


def test_webhook_that_asks_to_wait_is_tried_again(tmp_path: Path, no_pause: None) -> None:
    server = Server([429])
    try:
        assert give(DONE, tmp_path, webhook=server.url).events == []
    finally:
        server.close()
    assert len(server.got) == 2


@pytest.mark.parametrize("answer", [b"", b"\x00\x01 no HTTP at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_webhook_that_answers_nonsense_is_an_event(tmp_path: Path, no_pause: None, answer: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answers() -> None:
        for _ in range(3):
            with listener.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=answers, daemon=True)
    thread.start()
    told = give(DONE, tmp_path, webhook=f"http://127.0.0.1:{listener.getsockname()[1]}/")
    thread.join(10)
    listener.close()
    assert [(event, fields["notice"]) for event, fields in told.events] == [("notice_failed", "webhook")]


@pytest.mark.parametrize("damage", [b"\xff\xfe\x00", b"whyswitch_last_success_timestamp_seconds{} soon\n"])
def test_a_damaged_metrics_file_is_replaced(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "x.prom").write_bytes(damage)
    assert give(FAILED, tmp_path, metrics="x.prom").events == []
    assert 'whyswitch_last_success_timestamp_seconds{db="studies.duckdb"} 0\n' in (
        tmp_path / "x.prom"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(("codes", "tries"), [([404], 1), ([500] * 3, 3)])
def test_webhook_that_refuses_is_an_event(
    tmp_path: Path, no_pause: None, codes: list[int], tries: int
) -> None:
    server = Server(list(codes))
    try:
        told = give(DONE, tmp_path, webhook=server.url)
    finally:
        server.close()
    assert len(server.got) == tries
    assert [(event, fields["notice"]) for event, fields in told.events] == [("notice_failed", "webhook")]


def test_nobody_there_fails_nothing(tmp_path: Path, no_pause: None) -> None:
    (tmp_path / "file").write_text("in the way")
    told = give(DONE, tmp_path, webhook="http://127.0.0.1:9/", summaries="file/runs", metrics="file/x.prom")
    assert sorted(str(fields["notice"]) for _, fields in told.events) == ["metrics", "summary", "webhook"]
