"""Starting and stopping one child process so that it never outlives the program that started it."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """For `preexec_fn`. On Linux the kernel signals the child when its parent dies, even by kill -9."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask_the_kernel


def open_log(path: Path) -> int:
    """A log to append to; the one before is kept once it has grown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".1.log"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    user: pwd.struct_passwd | None = None,
    cwd: Path | None = None,
    last_signal: int | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches the supervisor alone, which then stops them in order."""
    output = open_log(log)
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            # What it hears when we die; None for a server that may outlive us.
            # It runs after the change of user, which would have cleared the request.
            preexec_fn=die_with_parent(last_signal) if last_signal else None,
        )
    finally:
        os.close(output)


def stop(process: subprocess.Popen[bytes], *, signal_number: int = signal.SIGTERM, seconds: float = 20) -> None:
    """Ask, wait, and only then kill."""
    if process.poll() is not None:
        return
    process.send_signal(signal_number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie that nobody has collected yet."""
    state = process_state(pid)
    if state is not None:
        return state not in {"Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not Path("/proc/self").exists()


def process_state(pid: int) -> str | None:
    """The letter Linux shows for a process; None where there is no such process or no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return None


def command_line(pid: int) -> str | None:
    """What a process was started as; None where that cannot be read."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder this is; none where there is no /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cwd").readlink() == folder.resolve():
                found.append(int(path.name))
        except OSError:
            continue
    return sorted(found)


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask again and again; False when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
