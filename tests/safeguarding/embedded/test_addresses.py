"""Ports, and asking what answers there."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from safeguarding.embedded import addresses, health


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, format: str, *args: object) -> None:
        """The tests' output is quiet."""


@pytest.fixture
def server() -> Iterator[int]:
    with HTTPServer((addresses.HOST, 0), Echo) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running.server_port
        running.shutdown()
        thread.join()


def test_a_free_port_is_taken_as_wanted() -> None:
    port = addresses.free_port(0)
    assert addresses.free_port(port) == port


def test_another_is_chosen_for_one_in_use() -> None:
    with socket.socket() as taken:
        taken.bind((addresses.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not addresses.port_is_free(port)
        assert addresses.free_port(port) not in {0, port}


def test_an_answer_with_an_error_is_an_answer(server: int) -> None:
    answer = addresses.get(f"http://127.0.0.1:{server}/elsewhere")
    assert answer is not None
    assert answer.status == 503


def test_nobody_answers_where_nobody_listens() -> None:
    assert addresses.get(f"http://127.0.0.1:{addresses.free_port(0)}/") is None


def test_no_proxy_is_asked(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert addresses.get(f"http://127.0.0.1:{server}/healthz") is not None


def test_the_health_check_asks_by_a_name_the_server_knows(
    server: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", str(server))
    monkeypatch.setenv("SITE_URL", "https://safeguarding.example")
    assert health.main() == 0
    assert capsys.readouterr().out.strip() == "safeguarding.example"


def test_the_health_check_fails_when_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(addresses.free_port(0)))
    assert health.main() == 1
