"""The embedded broker."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from safeguarding.embedded import binaries, broker


@pytest.fixture
def running(tmp_path: Path) -> Iterator[broker.Broker]:
    made = broker.Broker(tmp_path / "broker", log=tmp_path / "broker.log")
    made.start(os.environ)
    yield made
    made.destroy()
    assert not made.folder.exists()


def test_it_forgets_nothing_to_make_room_and_writes_everything_down(running: broker.Broker) -> None:
    with redis.Redis(unix_socket_path=str(running.socket)) as client:
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert client.config_get("port")["port"] == "0"


def test_what_was_queued_is_there_after_a_restart(running: broker.Broker) -> None:
    with redis.Redis(unix_socket_path=str(running.socket)) as client:
        client.rpush("queue", "one")
    running.stop()
    assert not broker.answers(running.socket)
    running.start(os.environ)
    with redis.Redis(unix_socket_path=str(running.socket)) as client:
        assert client.lrange("queue", 0, -1) == [b"one"]


def test_it_can_be_killed_and_started_again(running: broker.Broker) -> None:
    assert running.process is not None
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    running.start(os.environ)
    assert broker.answers(running.socket)


def test_a_missing_program_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "package_directory", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(binaries.NotInstalled, match="set CELERY_BROKER_URL"):
        binaries.broker_program()
