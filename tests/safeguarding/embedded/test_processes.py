"""Children end with whoever started them, and a process id alone proves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from safeguarding.embedded import processes
from safeguarding.embedded.paths import ROOT

PARENT = """
import os, signal, sys, time
from pathlib import Path
from safeguarding.embedded import processes
child = processes.spawn(["sleep", "60"], env=os.environ, log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent was killed")
def test_kill_9_of_the_parent_leaves_no_child(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert processes.is_running(child)
        parent.send_signal(signal.SIGKILL)
        assert processes.wait_until(lambda: not processes.is_running(child), seconds=5)


def test_stop_kills_what_will_not_listen(tmp_path: Path) -> None:
    script = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    log = tmp_path / "stubborn.log"
    child = processes.spawn(["sh", "-c", script], env=os.environ, log=log)
    assert processes.wait_until(lambda: "ready" in log.read_text(), seconds=5)
    processes.stop(child, seconds=0.3)
    assert child.returncode == -signal.SIGKILL


def test_stop_asks_first(tmp_path: Path) -> None:
    child = processes.spawn(["sleep", "60"], env=os.environ, log=tmp_path / "log")
    processes.stop(child)
    assert child.returncode == -signal.SIGTERM


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a zombie is told apart by /proc")
def test_a_zombie_does_not_run() -> None:
    with subprocess.Popen(["true"]) as child:
        assert processes.wait_until(lambda: processes.process_state(child.pid) == "Z", seconds=5)
        assert not processes.is_running(child.pid)


def test_we_run_and_nobody_has_the_highest_number() -> None:
    assert processes.is_running(os.getpid())
    assert not processes.is_running(2**22 + 1)


def test_a_log_that_has_grown_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_BYTES", 10)
    log = tmp_path / "logs" / "web.log"
    os.close(processes.open_log(log))
    log.write_text("a long line of yesterday")
    os.close(processes.open_log(log))
    assert log.read_text() == ""
    assert (log.parent / "web.1.log").read_text() == "a long line of yesterday"


def test_waiting_ends_when_the_time_is_up() -> None:
    began = time.monotonic()
    assert not processes.wait_until(lambda: False, seconds=0.1, every=0.02)
    assert time.monotonic() - began < 2
