"""What the supervisor and the check decide, without starting everything."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeguarding.embedded import check, house, processes, static_files, supervisor


@pytest.fixture
def quiet_house(tmp_path: Path) -> Iterator[house.House]:
    made = house.House(tmp_path, {}, 8123)
    yield made
    for process in made.running.values():
        processes.stop(process)


def sleeper(tmp_path: Path, seconds: str) -> subprocess.Popen[bytes]:
    return processes.spawn(["sleep", seconds], env=os.environ, log=tmp_path / "sleeper.log")


def test_the_programs_are_not_told_who_owns_the_tables(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://app@/x", "DATABASE_OWNER_URL": "postgresql://owner@/x"}
    made = house.House(tmp_path, given, 8123)
    assert "postgresql://owner@/x" in made.environment.values(), "migrating needs it"
    assert "postgresql://owner@/x" not in made.program_environment().values()


def test_new_keys_are_never_made_for_old_data(tmp_path: Path) -> None:
    house.House(tmp_path, {}, 8123)
    (tmp_path / "postgres").mkdir()
    house.House(tmp_path, {}, 8123)
    (tmp_path / "data_keys").unlink()
    with pytest.raises(house.StartFailed, match="DATA_KEYS of the data in"):
        house.House(tmp_path, {}, 8123)
    assert not (tmp_path / "data_keys").exists()
    house.House(tmp_path, {"DATA_KEYS": "brought-back"}, 8123)


def test_what_dies_is_started_again(quiet_house: house.House, tmp_path: Path) -> None:
    said: list[str] = []
    quiet_house.keep("worker", lambda: sleeper(tmp_path, "60"))
    first = quiet_house.running["worker"]
    quiet_house.restart_the_dead(said.append)
    assert quiet_house.running["worker"] is first
    first.kill()
    first.wait()
    quiet_house.restart_the_dead(said.append)
    assert quiet_house.running["worker"] is not first
    assert said == ["worker stopped with code -9: starting it again"]


def test_what_dies_again_and_again_is_given_up(quiet_house: house.House, tmp_path: Path) -> None:
    quiet_house.keep("worker", lambda: sleeper(tmp_path, "0"))

    def restart_until_it_gives_up() -> None:
        for _ in range(house.RESTARTS + 1):
            quiet_house.running["worker"].wait()
            quiet_house.restart_the_dead(lambda sentence: None)

    with pytest.raises(house.StartFailed, match="worker keeps stopping"):
        restart_until_it_gives_up()


def test_the_state_names_what_runs(quiet_house: house.House, tmp_path: Path) -> None:
    quiet_house.keep("worker", lambda: sleeper(tmp_path, "60"))
    supervisor.write_state(tmp_path / "run.json", quiet_house)
    state = supervisor.read_state(tmp_path / "run.json")
    assert state["url"] == "http://localhost:8123"
    assert state["processes"] == {"worker": quiet_house.running["worker"].pid}


def test_a_state_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    assert supervisor.read_state(tmp_path / "missing.json") == {}
    (tmp_path / "half.json").write_text('{"url": ')
    assert supervisor.read_state(tmp_path / "half.json") == {}


def test_one_supervisor_at_a_time(tmp_path: Path) -> None:
    with supervisor.only_one(tmp_path) as first:
        assert first
        with supervisor.only_one(tmp_path) as second:
            assert not second
    with supervisor.only_one(tmp_path) as third:
        assert third


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(house.StartFailed, match="PORT must be a number"):
        supervisor.choose_port({"PORT": port})


def test_static_files_are_collected_again_when_one_changes(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("django==5.2\n")
    (tmp_path / "static").mkdir()
    sheet = tmp_path / "static" / "own.css"
    sheet.write_text("a{}")
    collected, stamp = tmp_path / "collected", tmp_path / "static.stamp"

    def wanted() -> str:
        return static_files.fingerprint({}, tmp_path, tmp_path / "frontend")

    assert not static_files.is_current(stamp, wanted(), collected)
    collected.mkdir()
    stamp.write_text(wanted())
    assert static_files.is_current(stamp, wanted(), collected)
    sheet.write_text("a{color:red}")
    assert not static_files.is_current(stamp, wanted(), collected)


def test_the_check_reads_heartbeats_by_who_asked() -> None:
    printed = '{"deliver_outbox": {"worker": "2030-01-01T00:00:00Z"}}'
    assert check.heartbeat(printed, "worker") == "2030-01-01T00:00:00Z"
    assert check.heartbeat(printed, "timer") is None
    assert check.heartbeat("{}", "worker") is None


def test_the_check_finds_the_stylesheets_of_a_page() -> None:
    page = '<link rel="stylesheet" href="/static/css/base.1a.css"><link rel="icon" href="/static/icon.svg">'
    assert check.stylesheets(page) == ["/static/css/base.1a.css"]
