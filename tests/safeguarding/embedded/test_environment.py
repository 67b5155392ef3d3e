"""Who wins: what the user has set, or what is embedded."""

from pathlib import Path

import pytest

from safeguarding.embedded import environment
from safeguarding.embedded.house import House


def test_the_user_wins_over_a_default() -> None:
    result = environment.for_this_machine({"SITE_URL": "https://school.example", "DEMONSTRATION": "0"}, 8123)
    assert result["SITE_URL"] == "https://school.example"
    assert result["DEMONSTRATION"] == "0"
    assert result["ALLOWED_HOSTS"] == "localhost,127.0.0.1"


def test_a_default_stays_out_where_the_user_names_a_file() -> None:
    assert "SITE_URL" not in environment.for_this_machine({"SITE_URL_FILE": "/run/site"}, 8123)


def test_the_address_follows_the_port() -> None:
    assert environment.for_this_machine({}, 8123)["SITE_URL"] == "http://localhost:8123"


def test_an_empty_value_counts_as_none() -> None:
    assert environment.for_this_machine({"DEMONSTRATION": ""}, 8123)["DEMONSTRATION"] == "1"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_a_database_that_was_given_is_no_demonstration_unless_told(tmp_path: Path, name: str) -> None:
    given = {name: "postgresql://app@/real", "DEMONSTRATION": ""}
    assert not environment.for_this_machine(given, 8123)["DEMONSTRATION"]
    assert "DEMONSTRATION" not in environment.for_this_machine({name: given[name]}, 8123)
    assert not House(tmp_path, given, 8123).demonstrates()
    assert House(tmp_path, given | {"DEMONSTRATION": "1"}, 8123).demonstrates()


def test_both_forms_of_a_name_are_taken_away() -> None:
    given = {"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b", "HOME": "/root"}
    assert environment.without(given, ["SECRET_KEY"]) == {"HOME": "/root"}


def test_tests_ignore_the_settings_of_the_machine() -> None:
    given = {"SECRET_KEY": "real", "DATA_KEYS_FILE": "/real", "EMAIL_HOST_PASSWORD": "real", "HOME": "/root"}
    result = environment.for_tests(given)
    assert "real" not in result.values()
    assert "/real" not in result.values()
    assert result["HOME"] == "/root"
    assert result["CELERY_BROKER_URL"] == "memory://"


def test_tests_keep_a_database_that_was_given() -> None:
    assert environment.for_tests({"DATABASE_URL": "postgresql://ci@/ci"})["DATABASE_URL"] == "postgresql://ci@/ci"


def test_production_values_replace_those_of_tests() -> None:
    result = environment.like_production({}, "postgresql://app@/x", "postgresql://owner@/x")
    assert result["DEMONSTRATION"] == "0"
    assert result["SITE_URL"].startswith("https:")
    assert result["DATABASE_OWNER_URL"] == "postgresql://owner@/x"


def test_a_house_starts_neither_database_nor_broker_when_both_are_given(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://app@/x", "CELERY_BROKER_URL": "redis://broker:6379/0"}
    house = House(tmp_path, given, 8123)
    house.start_database()
    house.start_broker()
    assert (house.cluster, house.broker, house.running) == (None, None, {})
    assert house.environment["DATABASE_URL"] == "postgresql://app@/x"
    assert house.environment["CELERY_BROKER_URL"] == "redis://broker:6379/0"
