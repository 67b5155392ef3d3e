"""The commands of those who run an installation: a first school, proof of the ledger, new master keys."""

import secrets
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from accounts.audit import verify_chain
from accounts.encryption import opened_keys
from accounts.models import AuditEvent, DataKey, Membership, OutboxMessage, School, User
from accounts.roles import Role
from incidents.models import Incident
from tests.accounts.tampering import tamper
from tests.conftest import Cast
from tests.factories import make_incident

ARGUMENTS = {
    "name": "Harebell School",
    "slug": "harebell",
    "prefix": "har",
    "phase": "primary",
    "phone": "01632 960555",
    "contact_name": "Designated officer",
    "contact_phone": "01632 960556",
    "contact_email": "officer@harebell-council.example",
    "administrator": ["Ada@harebell.example", "Ada", "Office"],
}


def create_school(**changes: object) -> str:
    out = StringIO()
    call_command("create_school", **(ARGUMENTS | changes), stdout=out)
    return out.getvalue()


def test_a_first_school_has_keys_chains_and_people_who_are_invited(db: None) -> None:
    said = create_school(dsl=["dora@harebell.example", "Dora", "Safe"])

    school = School.objects.get()
    assert (school.slug, school.reference_prefix) == ("harebell", "HAR")
    held = dict(Membership.objects.values_list("user__email", "role"))
    assert held == {"ada@harebell.example": Role.SCHOOL_ADMINISTRATOR, "dora@harebell.example": Role.DSL}
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert set(OutboxMessage.objects.values_list("kind", "address")) == {
        ("accounts/invited", "ada@harebell.example"),
        ("accounts/invited", "dora@harebell.example"),
    }
    assert DataKey.objects.filter(school=school).count() == 1
    assert verify_chain(school) == []
    assert set(AuditEvent.objects.values_list("actor_name", flat=True)) == {"The system"}
    assert "Headteacher, Chair of governors" in said
    assert "/s/harebell/settings/members/" in said


def test_somebody_who_signs_in_elsewhere_keeps_their_sign_in(cast: Cast) -> None:
    create_school(administrator=[cast.administrator.email, "Ada", "Office"])

    assert Membership.objects.filter(user=cast.administrator, school__slug="harebell").count() == 1
    assert User.objects.filter(email=cast.administrator.email).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "Hare Bell"}, "short name"),
        ({"slug": "h" * 41}, "short name"),
        ({"prefix": "HAREB"}, "two to four letters"),
        ({"prefix": "H-1"}, "two to four letters or digits"),
        ({"contact_email": "nobody"}, "'nobody' is not an e-mail address"),
        ({"head": ["hetty at harebell", "Hetty", "Head"]}, "is not an e-mail address"),
    ],
)
def test_what_would_break_later_is_refused_at_once(db: None, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        create_school(**changes)

    assert not School.objects.exists()


def test_what_may_be_a_short_name_or_prefix_is_said_in_one_place(db: None) -> None:
    create_school(slug="Hare-Bell", prefix="h1")

    school = School.objects.get()
    assert (school.slug, school.reference_prefix) == ("hare-bell", "H1")


def test_the_same_short_name_twice_is_refused_and_changes_nothing(db: None) -> None:
    create_school()

    with pytest.raises(CommandError, match="already uses that short name"):
        create_school(administrator=["ben@harebell.example", "Ben", "Office"])

    assert School.objects.count() == 1
    assert not User.objects.filter(email="ben@harebell.example").exists()


def verify_audit(*arguments: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as stopped:
        return out.getvalue(), int(str(stopped.code))
    return out.getvalue(), 0


def test_an_untouched_ledger_verifies(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    assert verify_audit() == ("birchwood: OK\noakfield: OK\n", 0)


def test_an_altered_row_is_named_and_the_command_fails(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    row = AuditEvent.objects.filter(school=cast.school, chain__name="school").order_by("seq")[4]
    tamper("UPDATE accounts_auditevent SET summary = 'Nothing happened.' WHERE id = %(row)s", row=row.pk)

    said, code = verify_audit()

    assert code == 1
    assert "birchwood: OK" in said
    assert f"chain school, row {row.seq}: Row {row.seq} was altered" in said
    assert verify_audit("--school", "birchwood") == ("birchwood: OK\n", 0)
    assert verify_audit("--school", "oakfield")[1] == 1


def test_a_school_that_is_not_there_is_not_called_verified(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no school 'nowhere'"):
        call_command("verify_audit", "--school", "nowhere")


def test_an_empty_installation_is_not_called_verified(db: None) -> None:
    with pytest.raises(CommandError, match="No school yet"):
        call_command("verify_audit")


def test_rotation_wraps_every_school_anew_and_text_stays_readable(cast: Cast, settings: LazySettings) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, narrative="She told me on the stairs.")
    old = settings.DATA_KEYS
    settings.DATA_KEYS = {"new-1": secrets.token_bytes(32), **old}
    out = StringIO()

    call_command("rotate_keys", stdout=out)

    assert "oakfield: 1 data keys wrapped anew." in out.getvalue()
    assert "2 in all; the master key in use is new-1." in out.getvalue()
    assert set(DataKey.objects.values_list("master_key_id", flat=True)) == {"new-1"}
    settings.DATA_KEYS = {"new-1": settings.DATA_KEYS["new-1"]}
    opened_keys.forget()
    assert Incident.objects.get(pk=incident.pk).narrative == "She told me on the stairs."
    assert verify_chain(cast.school) == []


def test_a_second_rotation_changes_nothing(cast: Cast) -> None:
    out = StringIO()

    call_command("rotate_keys", stdout=out)

    assert "0 in all" in out.getvalue()


def test_a_rotation_without_the_old_key_fails_and_leaves_the_keys_alone(cast: Cast, settings: LazySettings) -> None:
    before = list(DataKey.objects.order_by("pk").values_list("pk", "master_key_id"))
    settings.DATA_KEYS = {"new-1": secrets.token_bytes(32)}
    errors = StringIO()

    with pytest.raises(CommandError, match="birchwood, oakfield are as they were"):
        call_command("rotate_keys", stdout=StringIO(), stderr=errors)

    assert list(DataKey.objects.order_by("pk").values_list("pk", "master_key_id")) == before
    assert "is not among DATA_KEYS" in errors.getvalue()
