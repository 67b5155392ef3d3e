"""Secrets made on a machine that was given none."""

import base64
import stat
from pathlib import Path

import pytest

from safeguarding.embedded import local_keys
from safeguarding.env import env_keys, parse_database


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_each_secret_is_named_by_its_file_and_closed_to_others(tmp_path: Path) -> None:
    made = local_keys.missing_keys({}, tmp_path / "new")
    assert set(made) == {"SECRET_KEY_FILE", "DATA_KEYS_FILE", "AUDIT_KEYS_FILE"}
    assert {mode(Path(path)) for path in made.values()} == {0o600}


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = local_keys.key_file(tmp_path, "DATA_KEYS").read_text()
    assert local_keys.key_file(tmp_path, "DATA_KEYS").read_text() == first


def test_an_open_file_is_closed_again(tmp_path: Path) -> None:
    local_keys.key_file(tmp_path, "SECRET_KEY").chmod(0o644)
    assert mode(local_keys.key_file(tmp_path, "SECRET_KEY")) == 0o600


@pytest.mark.parametrize("given", [{"DATA_KEYS": "mine"}, {"DATA_KEYS_FILE": "/run/secrets/data_keys"}])
def test_what_the_user_gives_is_left_alone(given: dict[str, str], tmp_path: Path) -> None:
    made = local_keys.missing_keys(given, tmp_path)
    assert "DATA_KEYS_FILE" not in made
    assert not (tmp_path / "data_keys").exists()


def test_settings_accept_the_key_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_KEYS")
    monkeypatch.setenv("DATA_KEYS_FILE", str(local_keys.key_file(tmp_path, "DATA_KEYS")))
    assert [len(key) for key in env_keys("DATA_KEYS").values()] == [32]


def test_no_two_secrets_are_alike() -> None:
    rings = {local_keys.key_ring() for _ in range(20)}
    assert len(rings) == 20
    assert all(len(base64.b64decode(ring.partition(":")[2])) == 32 for ring in rings)
    assert len(local_keys.secret_key()) >= 50


def test_compose_gets_its_files_in_a_closed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    paths = local_keys.write_compose_secrets(folder)
    assert mode(folder) == 0o700
    assert {mode(path) for path in paths} == {0o644}
    assert {path.name for path in paths} == {
        "secret_key", "data_keys", "audit_keys", "database_url", "database_owner_url", "postgres_password",
    }  # fmt: skip
    database = parse_database("DATABASE_URL", (folder / "database_url").read_text())
    assert (database["USER"], database["HOST"], database["NAME"]) == ("safeguarding_app", "db", "safeguarding")


def test_compose_secrets_are_kept_when_made_again(tmp_path: Path) -> None:
    before = {path.name: path.read_text() for path in local_keys.write_compose_secrets(tmp_path)}
    assert {path.name: path.read_text() for path in local_keys.write_compose_secrets(tmp_path)} == before
