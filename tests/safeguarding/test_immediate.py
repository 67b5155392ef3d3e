"""What changes between two requests of one session is in force at the second: AZ-7 of the security plan.

Each kind of change is made through the operation that makes it in life. Before it the page opens; after it the case is
not there for that session, its file is not, nothing can be written to it, and the queue does not say that it exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import EmergencyAccess, Membership, Relation, User
from accounts.operations import emergency_access, members, people, role_limits, users
from accounts.roles import ROLES, Role
from incidents.models import Attachment, CaseGrant, ChronologyEntry, Incident
from incidents.operations import attachments, parts, routing, sharing
from incidents.statuses import Kept
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, make_person, person_of
from tests.incidents.pages import address, browser, case_address

TOMORROW = NOW.date() + timedelta(days=1)


@dataclass
class Scene:
    """Somebody at their keyboard with a case open, everybody else, and the moment it is."""

    cast: Cast
    user: User
    case: Incident
    file: Attachment


Change = Callable[[Scene], object]
Tell = Callable[[str, object], None]


def _scene(cast: Cast, who: str) -> Scene:
    user = cast[who]
    case = make_incident(school=cast.school, by=cast.teacher)
    file = attachments.attach(incident=case, sent=attachments.Sent("a.txt", b"words", 5), by=cast.teacher, at=NOW)
    attachments.release(attachment=file, reason="Looked at.", by=cast.dsl, at=NOW)
    if who == "governor":
        naming = sharing.Naming(user, "To advise.", TOMORROW)
        sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)
    if who == "head":
        asked = emergency_access.ask(
            school=cast.school, reason="Danger.", is_danger=True, hours=1, by=cast.head, at=NOW
        )
        emergency_access.agree(emergency=asked, by=cast.deputy, at=NOW)
    return Scene(cast, User.objects.get(pk=user.pk), Incident.objects.get(pk=case.pk), file)


def _membership(scene: Scene) -> Membership:
    return Membership.objects.get(user=scene.user, school=scene.cast.school)


def _end_role(scene: Scene) -> None:
    members.end_membership(membership=_membership(scene), at=NOW, by=scene.cast.administrator, second=scene.cast.head)


def _last_day_was_yesterday(scene: Scene) -> None:
    Membership.objects.filter(user=scene.user).update(ends_on=NOW.date() - timedelta(days=1))


def _next_door(scene: Scene) -> None:
    """Leave for the other school, with the same work there."""
    make_member(school=scene.cast.next_door, role=Role.DEPUTY_DSL, user=scene.user)
    _end_role(scene)


def _deactivate(scene: Scene) -> None:
    users.close_account(user=scene.user, at=NOW)


def _is_accused(scene: Scene) -> None:
    accused = alleged(person_of(scene.user, scene.cast.school))
    parts.name(incident=scene.case, named=accused, by=scene.cast.dsl, at=NOW)


def _is_relative(scene: Scene) -> None:
    pupil = make_person(school=scene.cast.school)
    parts.name(incident=scene.case, named=alleged(pupil), by=scene.cast.dsl, at=NOW)
    own = person_of(scene.user, scene.cast.school)
    people.relate(person=pupil, related=own, relation=Relation.PARENT, at=NOW)


def _seal(scene: Scene) -> None:
    named = [scene.cast.online_safety_lead]
    sharing.seal(incident=scene.case, named=named, reason="Few.", by=scene.cast.dsl, at=NOW)


def _step_back(scene: Scene) -> None:
    said = {"kind": Kept.TAKEN_OFF, "reason": "Too close.", "by": scene.cast.dsl, "at": NOW}
    sharing.step_back(incident=scene.case, user=scene.user, **said)


def _goes_to_the_head(scene: Scene) -> None:
    routing.reroute(incident=scene.case, by=scene.cast.dsl, at=NOW, is_about_adult=True)


def _take_back(scene: Scene) -> None:
    sharing.take_back(grant=CaseGrant.objects.get(user=scene.user), by=scene.cast.dsl, at=NOW)


def _share_runs_out(scene: Scene) -> None:
    CaseGrant.objects.filter(user=scene.user).update(ends_on=NOW.date() - timedelta(days=1))


def _emergency_ends(scene: Scene) -> None:
    emergency_access.end(emergency=EmergencyAccess.objects.get(asked_by=scene.user), by=scene.cast.dsl, at=NOW)


def _emergency_runs_out(scene: Scene) -> None:
    EmergencyAccess.objects.filter(asked_by=scene.user).update(
        opened_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(seconds=1)
    )


def _policy_takes_it(scene: Scene) -> None:
    may = frozenset(one.value for one in ROLES[Role.DEPUTY_DSL].permissions if not one.value.startswith("incident."))
    period = role_limits.Period(NOW, "own policy", {Role.DEPUTY_DSL: role_limits.Limit(may, "1.1")})
    role_limits.set_limits(school=scene.cast.school, periods=[period], by=scene.cast.head, at=NOW)


CHANGES: dict[str, tuple[str, Change]] = {
    "their role ended": ("deputy", _end_role),
    "the last day of their role was yesterday": ("deputy", _last_day_was_yesterday),
    "they moved to the school next door": ("deputy", _next_door),
    "the policy came to give their role no case": ("deputy", _policy_takes_it),
    "their account was closed": ("deputy", _deactivate),
    "they were named as alleged to have caused harm": ("deputy", _is_accused),
    "a relative of theirs was": ("deputy", _is_relative),
    "it was sealed without them": ("deputy", _seal),
    "they were taken off it": ("deputy", _step_back),
    "it went up to the headteacher": ("deputy", _goes_to_the_head),
    "what was shared with them was taken back": ("governor", _take_back),
    "the last day it was shared was yesterday": ("governor", _share_runs_out),
    "the emergency was ended": ("head", _emergency_ends),
    "the emergency ran out": ("head", _emergency_runs_out),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_shut_at_the_next_request(
    cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, change: str, record_property: Tell
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    who, happens = CHANGES[change]
    record_property("changes", 1)
    scene = _scene(cast, who)
    client = browser(scene.user)
    assert _opened(client, scene) >= {"incident-detail", "chronology-detail"}

    happens(scene)

    entries = ChronologyEntry.objects.filter(incident=scene.case).count()
    assert _opened(client, scene) == set()
    client.post(case_address("note-add", scene.case), {"note-text": "Still here."})
    assert ChronologyEntry.objects.filter(incident=scene.case).count() == entries


def _opened(client: Client, scene: Scene) -> set[str]:
    """Return the pages on which this session still finds the case."""
    pages = {name: case_address(name, scene.case) for name in ("incident-detail", "chronology-detail")}
    pages["attachment-list"] = case_address("attachment-list", scene.case)
    pages["attachment-file"] = case_address("attachment-file", scene.case, attachment_id=scene.file.pk)
    lists = {name: address(name, scene.cast.school) for name in ("incident-list", "school-home", "duty-list")}
    answers = {name: client.get(path) for name, path in pages.items()}
    opened = {name for name, answer in answers.items() if answer.status_code == 200}
    for name, path in lists.items():
        answer = client.get(path)
        if answer.status_code == 200 and scene.case.reference in answer.content.decode():
            opened.add(name)
    return opened
