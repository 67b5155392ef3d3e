"""Settings from the environment: what is missing or malformed is refused in a sentence that names the variable."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from safeguarding.env import env_bool, env_int, env_keys, env_list, env_text, parse_database

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THING", "THING_FILE"):
        monkeypatch.delenv(name, raising=False)


def _must_refuse(read: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(*arguments, **options)
    sentence = str(refusal.value)
    assert "THING" in sentence or "DATABASE_URL" in sentence
    assert sentence.endswith((".", ")."))
    return sentence


# Text and files


def test_a_value_is_read_without_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "  value \n")

    assert env_text("THING") == "value"


def test_a_missing_value_without_a_default_is_must_refuse() -> None:
    assert "Set it, or set THING_FILE" in _must_refuse(env_text, "THING")
    assert env_text("THING", "default") == "default"


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_value_where_one_is_needed_is_a_missing_one(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("THING", blank)

    _must_refuse(env_text, "THING")


def test_a_value_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("THING_FILE", str(secret))
    monkeypatch.setenv("THING", "from the environment")

    assert env_text("THING") == "from a file"


def test_a_blank_file_where_a_value_is_needed_is_a_missing_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("\n")
    monkeypatch.setenv("THING_FILE", str(secret))

    _must_refuse(env_text, "THING")


def test_a_file_that_cannot_be_read_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THING_FILE", str(tmp_path / "none"))

    assert "THING_FILE names a file that cannot be read" in _must_refuse(env_text, "THING", "default")


# Yes and no, numbers, lists


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)])
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("THING", text)

    assert env_bool("THING", default=not value) is value


@pytest.mark.parametrize("text", ["2", "maybe", "tru", "-1"])
def test_anything_else_is_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("THING", text)

    _must_refuse(env_bool, "THING")


@pytest.mark.parametrize("text", ["-1", "1.5", "ten", "", "²", "1_000", "0"])
def test_a_number_is_whole_and_large_enough(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("THING", text)

    assert "at least 1" in _must_refuse(env_int, "THING", 5, least=1)


def test_a_list_has_no_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", " a.example, ,b.example,")

    assert env_list("THING") == ["a.example", "b.example"]
    assert env_list("OTHER_THING", "x,y") == ["x", "y"]


# Keys


def test_keys_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", f"2026-2:{KEY}, 2026-1:{OTHER}")

    assert list(env_keys("THING").items()) == [("2026-2", b"k" * 32), ("2026-1", b"o" * 32)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        KEY,
        f":{KEY}",
        "a:",
        "a:not base64!",
        f"a:{base64.b64encode(b'k' * 31).decode()}",
        f"a:{base64.b64encode(b'k' * 33).decode()}",
        f"a:{KEY},a:{OTHER}",
        f"a:{KEY},b",
    ],
)
def test_a_malformed_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("THING", text)

    sentence = _must_refuse(env_keys, "THING")

    assert KEY not in sentence
    assert OTHER not in sentence


# Databases


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://app:p%40ss@db.example:5433/cases?sslmode=verify-full",
            {
                "NAME": "cases",
                "USER": "app",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "verify-full"},
            },
        ),
        (
            "postgres://app@/cases?host=/run/sockets",
            {"NAME": "cases", "USER": "app", "PASSWORD": "", "HOST": "/run/sockets", "PORT": "", "OPTIONS": {}},
        ),
    ],
)
def test_an_address_of_a_database_is_taken_apart(url: str, expected: dict[str, object]) -> None:
    parsed = parse_database("DATABASE_URL", url)

    assert parsed == {"ENGINE": "django.db.backends.postgresql", **expected}


@pytest.mark.parametrize(
    "url", ["", "mysql://a@b/c", "sqlite:///x.db", "cases", "postgresql", "postgresql://a@b:port/c"]
)
def test_no_other_database_and_no_rubbish(url: str) -> None:
    _must_refuse(parse_database, "DATABASE_URL", url)


def test_a_refused_address_shows_no_password() -> None:
    assert "hunter2" not in _must_refuse(parse_database, "DATABASE_URL", "mysql://app:hunter2@db/cases")
