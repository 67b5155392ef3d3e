"""What happened with the filter of a school of late: what was blocked or let through, put right, tested and checked."""

from datetime import date, datetime, time, timedelta

from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Role
from incidents.access import unfinished_cases
from incidents.models import BypassRequest, FilteringChange, FilteringTicket
from incidents.operations import (
    bypass_requests,
    filtering_breaches,
    filtering_changes,
    filtering_checks,
    filtering_tickets,
)
from incidents.operations.filtering_tickets import Met
from incidents.statuses import BypassState, TicketKind, TicketState
from policies.operations.filtering_checks import Checked
from policies.statuses import CheckKind, CheckResult, UserGroup
from safeguarding.demonstration.calendars import at_local
from safeguarding.demonstration.histories import Timeline
from safeguarding.demonstration.houses import House

_ARCADE = "https://unblocked-arcade.example/play"
_VOLCANO = "https://volcano-watch.example/live"
_RADIO = "https://radio-en-vivo.example/noticias"
_OBSERVATORY = "https://observatory-chat.example/live"
_MUSEUM = "https://museum-films.example/trenches"
_MOST_DAYS = 45


def write_websites(house: House, timeline: Timeline, *, today: date) -> None:
    """Write the last weeks: a page blocked without need, one let through, two bypasses, and the checks."""
    days = house.days.before(today)[-_MOST_DAYS:]
    diary = _Diary(house)
    for place, hour, act in (
        (-40, time(15, 20), diary.check),
        (-20, time(15, 35), diary.check),
        (-12, time(11, 20), diary.report_blocked),
        (-12, time(15, 10), diary.put_right),
        (-11, time(8, 30), diary.consent),
        (-11, time(10, 15), diary.test_again),
        (-9, time(12, 35), diary.ask_for_museum),
        (-9, time(15, 50), diary.agree),
        (-8, time(8, 15), diary.switch_on),
        (-6, time(9, 40), diary.report_let_through),
        (-6, time(13, 5), diary.put_right),
        (-4, time(7, 50), diary.end_what_is_over),
        (-3, time(8, 20), diary.take_off),
        (-2, time(10, 30), diary.report_radio),
        (-1, time(14, 5), diary.check_that_fails),
        (-1, time(15, 40), diary.ask_for_observatory),
    ):
        timeline.add(at_local(days[place], hour), act)


class _Diary:
    """What each of those concerned did about the filter."""

    def __init__(self, house: House) -> None:
        self._school = house.school
        self._teacher, self._colleague = house.staff[0].account, house.staff[1].account
        self._offices = {role: someone.account for role, someone in house.offices.items()}
        self._group = UserGroup.KEY_STAGE_2 if house.plan.years[0] < 7 else UserGroup.KEY_STAGE_3

    def check(self, at: datetime) -> None:
        """Check that the filter works."""
        self._enter(at, CheckResult.WORKS, "")

    def check_that_fails(self, at: datetime) -> None:
        """Find that the filter does not reach every device."""
        self._enter(at, CheckResult.FAILED, "Two tablets from the new trolley open the test page for adult content.")

    def report_blocked(self, at: datetime) -> None:
        """Report a page that is needed and blocked."""
        said = "Category: streaming. We need it for the lesson on volcanoes on Thursday."
        self._report(at, TicketKind.OVER_BLOCKING, _VOLCANO, said, self._teacher)

    def report_radio(self, at: datetime) -> None:
        """Report another, which nobody has looked at yet."""
        said = "Category: unrated. It is the listening homework in Spanish."
        self._report(at, TicketKind.OVER_BLOCKING, _RADIO, said, self._colleague)

    def report_let_through(self, at: datetime) -> None:
        """Report a page that should be blocked: from the case that tells of it where there is one."""
        met = self._met(at, TicketKind.BREACH, _ARCADE, "")
        dsl = self._offices[Role.DSL]
        cases = unfinished_cases(self._school).filter(handled_by=Role.DSL.value, logged_at__lt=at).order_by("logged_at")
        case = next((one for one in cases if "filter" in one.narrative.lower()), None)
        try:
            if case is not None:
                case.school = self._school
                filtering_breaches.report_from_case(incident=case, met=met, by=dsl, at=at)
                return
        except Refused:
            # Somebody who would read it is close to the case: it is told without one.
            pass
        filtering_tickets.report(school=self._school, met=met, role=Role.DSL.value, by=dsl, at=at)

    def put_right(self, at: datetime) -> None:
        """Put right what is open."""
        for ticket in FilteringTicket.objects.for_school(self._school).filter(state=TicketState.OPEN):
            blocks = ticket.kind == TicketKind.BREACH
            changed = "Blocked the domain and its mirrors." if blocks else "Allowed this one page for all pupils."
            risk = "No other page of ours stands there." if blocks else "The rest of the site stays blocked."
            by = self._offices[Role.ICT_TECHNICIAN]
            filtering_tickets.fix(ticket=ticket, changed=changed, risk=risk, by=by, at=at)

    def consent(self, at: datetime) -> None:
        """Consent, for the leadership, to what was changed."""
        for change in FilteringChange.objects.for_school(self._school).filter(answered_at__isnull=True):
            head = self._offices[Role.HEADTEACHER]
            filtering_changes.answer(change=change, is_agreed=True, words="", role=Role.HEADTEACHER, by=head, at=at)

    def test_again(self, at: datetime) -> None:
        """Look again, as whoever reported it."""
        for ticket in FilteringTicket.objects.for_school(self._school).filter(state=TicketState.FIXED):
            words = "Opened it on a pupil account in Room 3."
            filtering_tickets.verify(ticket=ticket, works=True, words=words, by=self._teacher, at=at)

    def ask_for_museum(self, at: datetime) -> None:
        """Ask for a website for four days."""
        self._ask(at, _MUSEUM, "Films of the trenches for the local history project.", timedelta(days=4))

    def ask_for_observatory(self, at: datetime) -> None:
        """Ask for another, which nobody has decided yet."""
        self._ask(
            at, _VOLCANO, "The live chat of the observatory, with me at the board. Two lessons.", timedelta(days=8)
        )

    def agree(self, at: datetime) -> None:
        """Agree to what is asked for."""
        for row in self._bypasses(BypassState.ASKED):
            reason = "Needed, and the class works from one screen. Closed again at the end of the project."
            bypass_requests.decide(bypass=row, is_agreed=True, reason=reason, by=self._offices[Role.DSL], at=at)

    def switch_on(self, at: datetime) -> None:
        """Let through what was agreed, unless a holiday came between."""
        for row in (row for row in self._bypasses(BypassState.AGREED) if row.ends_at > at):
            bypass_requests.switch_on(bypass=row, by=self._offices[Role.NETWORK_MANAGER], at=at)

    def end_what_is_over(self, at: datetime) -> None:
        """End what has run out of time, as the sweep does."""
        bypass_requests.expire_due(now=at)

    def take_off(self, at: datetime) -> None:
        """Take off what is over."""
        for row in self._bypasses(BypassState.EXPIRED):
            bypass_requests.take_off(bypass=row, by=self._offices[Role.NETWORK_MANAGER], at=at)

    def _bypasses(self, state: BypassState) -> list[BypassRequest]:
        return list(BypassRequest.objects.for_school(self._school).filter(state=state))

    def _enter(self, at: datetime, result: CheckResult, noticed: str) -> None:
        checked = Checked(
            kind=CheckKind.FILTERING,
            checked_on=at.date(),
            device="Tablet 14, trolley B",
            location="Library",
            user_group=self._group,
            tested="Test pages for illegal, adult and extremist material, a search for each, and one game.",
            result=result,
            noticed=noticed,
        )
        by = self._offices[Role.NETWORK_MANAGER]
        filtering_checks.enter(school=self._school, checked=checked, role=Role.NETWORK_MANAGER.value, by=by, at=at)

    def _met(self, at: datetime, kind: TicketKind, url: str, said: str) -> Met:
        seen_at = at - timedelta(minutes=25)
        return Met(kind=kind, user_group=self._group, seen_at=seen_at, url=url, device="Room 3, laptop 8", said=said)

    def _report(self, at: datetime, kind: TicketKind, url: str, said: str, by: User) -> None:
        met = self._met(at, kind, url, said)
        filtering_tickets.report(school=self._school, met=met, role=Role.STAFF.value, by=by, at=at)

    def _ask(self, at: datetime, url: str, purpose: str, time_asked: timedelta) -> None:
        bypass_requests.ask(
            school=self._school,
            url=url,
            purpose=purpose,
            user_group=self._group,
            starts_at=at,
            ends_at=at_local((at + time_asked).date(), time(0)),
            by=self._teacher,
            at=at,
        )
