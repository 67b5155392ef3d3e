"""The role that serves pages: it can do its work, and it cannot hide its traces."""

# ruff: noqa: S608 - the tables' names are ours

from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from accounts import heartbeats, outbox
from accounts.audit import verify_chain
from accounts.grants import append_only_tables, apply_grants, kept_tables
from accounts.models import AuditEvent, Membership, OutboxMessage
from accounts.operations import keys, members
from accounts.queries.people import search_people
from accounts.roles import Role
from incidents.models import ChronologyEntry, Incident
from incidents.operations import notes, questions, workflow
from incidents.operations.incidents import open_case
from incidents.statuses import Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member, make_school

LEDGERS = ("accounts_auditevent", "incidents_chronologyentry")


@pytest.fixture
def as_runtime(db: None) -> Iterator[None]:
    """Do everything in the test as the role that serves pages."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.DATABASE_RUNTIME_ROLE)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def runtime(db: None) -> Iterator[psycopg2.extensions.connection]:
    """A connection that signed in as the runtime role, from which there is no way back to the owner."""
    own = connection.get_connection_params() | {"user": settings.DATABASE_RUNTIME_ROLE}
    for unwanted in ("cursor_factory", "context"):
        own.pop(unwanted, None)
    connected = psycopg2.connect(**own, connect_timeout=5)
    connected.autocommit = True
    with connected.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    yield connected
    connected.close()


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def _privileges(table: str) -> set[str]:
    names = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    with connection.cursor() as cursor:
        # A privilege of its own since version 17.
        names += ["MAINTAIN"] if cursor.connection.server_version >= 170000 else []
        cursor.execute(
            "SELECT privilege FROM unnest(%s) privilege WHERE has_table_privilege(%s, %s, privilege)",
            [names, settings.DATABASE_RUNTIME_ROLE, f'public."{table}"'],
        )
        return {row[0] for row in cursor.fetchall()}


def test_the_two_ledgers_are_known_to_be_append_only() -> None:
    assert set(LEDGERS) <= set(append_only_tables())


def test_on_every_table_the_runtime_role_holds_exactly_what_it_needs(db: None) -> None:
    ordinary = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    special = {table: {"SELECT", "INSERT"} for table in append_only_tables()} | {"django_migrations": {"SELECT"}}
    special |= {table: ordinary - {"DELETE"} for table in set(kept_tables()) - set(special)}

    held = {table: _privileges(table) for table in _tables()}

    assert held == {table: special.get(table, ordinary) for table in held}
    assert len(held) > 30


def test_the_runtime_role_is_nobody_special_and_owns_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
                EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid),
                EXISTS (SELECT 1 FROM pg_proc WHERE proowner = pg_roles.oid),
                EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid),
                has_schema_privilege(rolname, 'public', 'CREATE')
            FROM pg_roles WHERE rolname = %s
            """,
            [settings.DATABASE_RUNTIME_ROLE],
        )
        assert cursor.fetchone() == (False,) * 9


@pytest.mark.parametrize("table", LEDGERS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET at = now()",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "ALTER TABLE {} ADD COLUMN note text",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "ALTER TABLE {} RENAME TO elsewhere",
        "DROP TABLE {}",
        "DROP TABLE {} CASCADE",
        "BEGIN; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        "CREATE RULE silent AS ON INSERT TO {} DO INSTEAD NOTHING",
        "CREATE TRIGGER silent BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "COPY {} FROM '/etc/hostname'",
        "COPY {} FROM PROGRAM 'true'",
        "COPY {} TO PROGRAM 'true'",
        "MERGE INTO {} AS row USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
        "INSERT INTO {} (id) VALUES (gen_random_uuid()) ON CONFLICT (id) DO UPDATE SET at = now()",
        "SELECT * FROM {} FOR UPDATE",
    ],
)
def test_the_runtime_role_cannot_touch_what_was_written(
    runtime: psycopg2.extensions.connection, table: str, statement: str
) -> None:
    with runtime.cursor() as cursor, pytest.raises(psycopg2.Error) as refusal:
        cursor.execute(statement.format(table))

    assert refusal.value.pgcode == "42501", refusal.value


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        f"SET ROLE {connection.ops.quote_name('postgres')}",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER SYSTEM SET fsync = off",
        "CREATE TABLE public.hoard (note text)",
        "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA hoard",
        "CREATE EXTENSION dblink",
        "CREATE ROLE friend",
        "DELETE FROM django_migrations",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_runtime_role_cannot_make_itself_stronger(runtime: psycopg2.extensions.connection, statement: str) -> None:
    with runtime.cursor() as cursor, pytest.raises(psycopg2.Error) as refusal:
        cursor.execute(statement)

    assert refusal.value.pgcode == "42501", refusal.value


def test_the_runtime_role_cannot_become_the_owner(runtime: psycopg2.extensions.connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'accounts_auditevent'")
        owner = cursor.fetchone()[0]

    with runtime.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(f'SET ROLE "{owner}"')


def test_the_runtime_role_cannot_give_itself_more(runtime: psycopg2.extensions.connection) -> None:
    before = _privileges("accounts_auditevent")

    with runtime.cursor() as cursor:
        cursor.execute("GRANT ALL ON accounts_auditevent TO CURRENT_USER")  # answers with a warning

    assert _privileges("accounts_auditevent") == before == {"SELECT", "INSERT"}


def test_switching_the_triggers_library_off_opens_nothing(runtime: psycopg2.extensions.connection) -> None:
    with runtime.cursor() as cursor:
        cursor.execute("SET pgtrigger.ignore = '{accounts_auditevent:never_changed,never_changed}'")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM accounts_auditevent")


def test_the_runtime_role_reads_every_table(runtime: psycopg2.extensions.connection) -> None:
    tables = _tables()

    with runtime.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted = cursor.fetchone()
            assert counted is not None, table


def test_the_whole_work_is_done_as_the_runtime_role(as_runtime: None, mailoutbox: list[object]) -> None:
    school = make_school()
    teacher, dsl = make_member(school=school), make_member(school=school, role=Role.DSL)
    administrator = make_member(school=school, role=Role.SCHOOL_ADMINISTRATOR)
    members.invite(
        school=school,
        email="new@school.example",
        given_name="New",
        family_name="Member",
        role=Role.STAFF,
        starts_on=NOW.date(),
        at=NOW,
        by=administrator,
    )
    members.end_membership(membership=Membership.objects.get(user__email="new@school.example"), at=NOW, by=dsl)
    incident = make_incident(school=school, by=teacher)
    open_case(incident=incident, by=dsl, at=NOW)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=dsl, at=NOW)
    incident = Incident.objects.get(pk=incident.pk)
    notes.add_note(incident=incident, text="Called home.", by=dsl, at=NOW)
    question = questions.ask(incident=incident, text="Which site?", by=dsl, at=NOW)
    questions.answer(incident=incident, question=question, text="A game.", by=teacher, at=NOW)
    keys.rewrap(school=school, at=NOW)
    outbox.deliver_due(NOW)
    heartbeats.beat("deliver_outbox:timer", handled=1, now=NOW)

    assert ChronologyEntry.objects.filter(incident=incident).count() > 3
    assert AuditEvent.objects.filter(school=school).count() > 6
    assert OutboxMessage.objects.filter(sent_at__isnull=True).count() == 0
    assert search_people(school, "Member") != []
    assert verify_chain(school) == []


def test_somebody_signs_in_and_out_as_the_runtime_role(cast: Cast, as_runtime: None, client: Client) -> None:
    signed_in = client.post(
        reverse("account_login"), {"login": cast.teacher.email, "password": "a long enough password"}
    )
    page = client.get(reverse("profile"))
    signed_out = client.post(reverse("account_logout"))

    assert (signed_in.status_code, page.status_code, signed_out.status_code) == (302, 200, 302)


def test_grants_are_not_given_to_the_owner_itself_or_to_nobody(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]

    assert apply_grants(connection, owner) is False
    assert apply_grants(connection, "a_role_that_does_not_exist") is False
    assert apply_grants(connection, settings.DATABASE_RUNTIME_ROLE) is True


def test_a_failure_in_the_middle_leaves_the_grants_as_they_were(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {table: _privileges(table) for table in _tables()}
    monkeypatch.setattr("accounts.grants._READ_ONLY", ["a_table_that_does_not_exist"])

    with pytest.raises(ProgrammingError, match="a_table_that_does_not_exist"):
        apply_grants(connection, settings.DATABASE_RUNTIME_ROLE)

    assert {table: _privileges(table) for table in _tables()} == before


def test_the_check_finds_a_runtime_role_that_owns_tables(cast: Cast) -> None:
    from accounts.checks import runtime_role_owns_nothing

    assert [found.id for found in runtime_role_owns_nothing(databases=["default"])] == ["accounts.E001"]
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.DATABASE_RUNTIME_ROLE)}")
        found = runtime_role_owns_nothing(databases=["default"])
        cursor.execute("RESET ROLE")

    assert found == []


def test_nothing_of_a_case_can_be_removed_but_what_says_so(runtime: psycopg2.extensions.connection) -> None:
    kept = kept_tables()

    assert {"incidents_incident", "incidents_obligation", "incidents_referral", "accounts_auditchain"} <= set(kept)
    assert "incidents_casegrant" not in kept
    for table in kept:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), runtime.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE false")
    with runtime.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_casegrant WHERE false")
