"""The pages of what takes two people, of what roles may do here, and of the access review; and how to get there."""

from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Approval, Membership
from accounts.operations import approvals
from accounts.roles import Role
from incidents.models import Interest
from incidents.operations import approvals as case_approvals
from incidents.operations import sharing
from incidents.statuses import Kept
from tests.journeys.walking import Stop, case, open_details, press, school
from tests.journeys.worlds import LONG_NAME, World

# Their buttons answer POST alone.
POSTED = (
    "approval-agree",
    "approval-decline",
    "access-review-export",
    "case-approval-agree",
    "case-approval-decline",
    "case-approval-let-back",
    "case-approval-part",
    "case-approval-unseal",
)


def _deputy(world: World) -> dict[str, object]:
    return {**school(world), "membership_id": Membership.objects.get(user=world.cast.deputy).pk}


def _somebody_asks(page: Page, world: World) -> None:
    """An administrator asks for a role for somebody new, and for the end of another; one thing is answered already."""
    if not Approval.objects.exists():
        at, by = timezone.now(), world.cast.administrator
        given, family = LONG_NAME.split(" ", 1)
        for email, role in (("new@school.example", Role.DEPUTY_DSL), ("other@school.example", Role.ONLINE_SAFETY_LEAD)):
            approvals.give_role(
                school=world.cast.school,
                email=email,
                given_name=given,
                family_name=family,
                role=role,
                starts_on=timezone.localtime(at).date(),
                at=at,
                by=by,
                is_somebody_else=True,
            )
        held = Membership.objects.select_related("school", "user").get(user=world.cast.online_safety_lead)
        approvals.end_role(membership=held, reason="She leaves at Christmas.", by=by, at=at)
        last = Approval.objects.get(data__email="other@school.example")
        approvals.decline(approval=last, reason="We have one already.", by=world.cast.chair, at=at)
    page.reload()


def _say_no_without_words(page: Page, world: World) -> None:
    _somebody_asks(page, world)
    open_details(page, world)
    page.get_by_role("button", name="Say no").first.click()


def _somebody_is_kept_away(page: Page, world: World) -> None:
    """The online safety lead is too close to the open case, and the deputy asks to let them back."""
    incident, at = world.cases["open"], timezone.now()
    if not Interest.objects.filter(incident=incident).exists():
        lead, deputy = world.cast.online_safety_lead, world.cast.deputy
        interest = sharing.step_back(
            incident=incident, user=lead, kind=Kept.DECLARED, reason="They are my neighbours.", by=lead, at=at
        )
        case_approvals.ask_to_let_back(interest=interest, reason="The family moved away in summer.", by=deputy, at=at)
    page.reload()


def _ask_without_words(page: Page, world: World) -> None:
    _somebody_is_kept_away(page, world)
    open_details(page, world)
    page.get_by_role("button", name="Change the part").click()


def _look_again_yesterday(page: Page, world: World) -> None:
    page.get_by_label("When will you look again?").fill("2025-01-06")
    page.get_by_role("button", name="Note it").click()


ADMINISTRATORS = [
    Stop("member-end", "member-end", _deputy, is_main=True),
    Stop("member-end-errors", "member-end", _deputy, then=press("Ask a second person to agree")),
    Stop("approvals-asked", "approval-list", school, then=_somebody_asks),
]
LEADERS = [
    Stop("access-review", "access-review", school, is_main=True),
    Stop("access-review-errors", "access-review", school, then=_look_again_yesterday),
    Stop("role-limits", "role-limit-list", school, then=open_details, is_main=True),
    Stop("approvals", "approval-list", school, then=_somebody_asks, is_main=True),
    Stop("approvals-errors", "approval-list", school, then=_say_no_without_words),
    Stop("my-day-to-agree", "school-home", school, then=_somebody_asks),
]
HANDLERS = [
    Stop("case-approvals", "case-approval-list", case("open"), then=_somebody_is_kept_away, is_main=True),
    Stop("case-approvals-errors", "case-approval-list", case("open"), then=_ask_without_words),
]
