"""What a school took away of late, searched for, and allowed: phones, a bag, and who walks home alone."""

import uuid
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Person, PersonKind
from accounts.roles import Role
from incidents.access import unfinished_cases
from incidents.devices import AllowanceGround, AllowanceKind, Authority, DeviceKind, Ending, Giver
from incidents.models import HeldDevice
from incidents.operations import allowances, custody, searches, transfers
from incidents.operations.allowances import Given
from incidents.operations.custody import Taken
from incidents.operations.searches import Searched
from incidents.operations.transfers import Handing, Outside
from safeguarding.demonstration.calendars import at_local
from safeguarding.demonstration.histories import Timeline
from safeguarding.demonstration.houses import House

_MOST_DAYS = 20
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_WATCH, _TABLET = "silver, strap with stars", "school tablet 17, scratched screen"


def write_devices(house: House, timeline: Timeline, *, today: date) -> None:
    """Write the last weeks: one given back, one held too long, one handed to the police, one to be signed for."""
    days = house.days.before(today)[-_MOST_DAYS:]
    cupboard = _Cupboard(house)
    for place, hour, act in (
        (-18, time(8, 50), cupboard.allow),
        (-9, time(11, 10), cupboard.take_watch),
        (-9, time(15, 25), cupboard.give_back),
        (-7, time(10, 20), cupboard.take_of_case),
        (-6, time(14, 30), cupboard.hand_to_police),
        (-4, time(12, 15), cupboard.take_phone),
        (-3, time(13, 5), cupboard.search),
        (-1, time(14, 40), cupboard.take_tablet),
        (-1, time(15, 10), cupboard.ask_to_sign),
    ):
        timeline.add(at_local(days[place], hour), act)


class _Cupboard:
    """What those who keep devices did."""

    def __init__(self, house: House) -> None:
        self._school = house.school
        self._dsl = house.offices[Role.DSL].account
        self._head = house.offices[Role.HEADTEACHER].account
        self._ict = house.offices[Role.ICT_TECHNICIAN].account
        self._teacher = house.staff[0]
        self._pupils = [child.person for child in house.children if child != house.deputys_child][-40:]

    def allow(self, at: datetime) -> None:
        """Enter who walks home alone, who agreed to photographs, and who may take some."""
        today = timezone.localtime(at).date()
        for number, person in enumerate(self._pupils[:4]):
            ground = AllowanceGround.WALKS_ALONE if number else AllowanceGround.HEALTH
            self._give(AllowanceKind.PHONE, person, Giver.PARENT, today, at, ground=ground)
        for person in self._pupils[4:9]:
            giver = Giver.THEMSELVES if _is_thirteen(person) else Giver.PARENT
            self._give(AllowanceKind.PHOTO_CONSENT, person, giver, today, at)
        until = today + 60 * _DAY
        self._give(AllowanceKind.IMAGES_OFF_SITE, self._teacher.person, Giver.SCHOOL, today, at, until=until)

    def take_watch(self, at: datetime) -> None:
        """Take a watch that was used in a test."""
        self._take(at, DeviceKind.WATCH, _WATCH, "Used in a test after a warning.", self._pupils[10])

    def give_back(self, at: datetime) -> None:
        """Give it back at the end of the day."""
        device = HeldDevice.objects.for_school(self._school).filter(ended_at__isnull=True).order_by("taken_at").first()
        if device is not None:
            custody.end(
                device=device,
                ending=Ending.RETURNED,
                words="The pupil, with their mother, at the office.",
                ended_at=at,
                by=self._dsl,
                at=at,
            )

    def take_of_case(self, at: datetime) -> None:
        """Keep a phone of a case that the safeguarding team works on, sealed and in quarantine."""
        cases = unfinished_cases(self._school).filter(handled_by=Role.DSL.value, logged_at__lt=at - _HOUR)
        case = cases.order_by("-logged_at").first()
        if case is None:
            return
        case.school = self._school
        taken = self._taken(at, DeviceKind.PHONE, "black, cracked corner", "It may hold what was sent.", None, days=9)
        custody.take(
            school=self._school, device_id=uuid.uuid5(case.pk, "phone"), taken=taken, by=self._dsl, at=at, incident=case
        )

    def hand_to_police(self, at: datetime) -> None:
        """Hand what is in quarantine to the police."""
        held = HeldDevice.objects.for_school(self._school).filter(quarantined_at__isnull=False, ended_at__isnull=True)
        for device in held:
            officer = Outside("PC Hartley", "Local policing team", "Collar 3312, receipt 88-04", is_police=True)
            handing = Handing(place="Police station", seal_intact=True, seal=device.seal)
            transfers.hand_over(device=device, to=officer, handing=handing, by=self._dsl, at=at)

    def take_phone(self, at: datetime) -> None:
        """Take a phone that nobody has asked for since."""
        self._take(at, DeviceKind.PHONE, "white, case with a fox", "It rang in assembly for the third time.", None)

    def search(self, at: datetime) -> None:
        """Search a bag, in which nothing was found."""
        searched = Searched(
            authority=Authority.HEADTEACHER,
            authoriser=self._head,
            searched_at=at - _HOUR,
            searched_by=self._head,
            witness=self._teacher.account,
            place="Office of the headteacher",
            grounds="Two pupils saw a vape in the bag.",
            sought="A vape",
            is_explained=True,
            is_agreed=True,
            has_found=False,
            is_parent_told=True,
            pupil=self._pupils[11],
            parent_words="Thanked us for ringing.",
        )
        searches.record(
            school=self._school, search_id=uuid.uuid5(self._school.pk, "bag"), searched=searched, by=self._head, at=at
        )

    def take_tablet(self, at: datetime) -> None:
        """Take a school tablet that was changed by somebody."""
        self._take(at, DeviceKind.TABLET, _TABLET, "Settings were changed to get round the filter.", None, days=3)

    def ask_to_sign(self, at: datetime) -> None:
        """Hand it to the technician, who has not signed yet."""
        for device in HeldDevice.objects.for_school(self._school).filter(kind=DeviceKind.TABLET, ended_at__isnull=True):
            handing = Handing(place="Server room", words="Please look at the settings.")
            transfers.hand_over(device=device, to=self._ict, handing=handing, by=self._dsl, at=at)

    def _take(
        self, at: datetime, kind: DeviceKind, description: str, why: str, owner: Person | None, days: int = 0
    ) -> None:
        taken = self._taken(at, kind, description, why, owner, days=days)
        device_id = uuid.uuid5(self._school.pk, description)
        custody.take(school=self._school, device_id=device_id, taken=taken, by=self._dsl, at=at)

    def _taken(
        self, at: datetime, kind: DeviceKind, description: str, why: str, owner: Person | None, *, days: int
    ) -> Taken:
        is_sealed = kind is DeviceKind.PHONE and days > 0
        return Taken(
            kind=kind,
            description=description,
            why=why,
            taken_at=at - _HOUR,
            taken_by=self._teacher.account,
            place="Locked cupboard in the safeguarding office",
            review_on=timezone.localtime(at).date() + days * _DAY,
            owner=owner,
            owner_words="" if owner else "Not known yet",
            seal="SG-00417" if is_sealed else "",
            is_quarantined=is_sealed,
        )

    def _give(
        self,
        kind: AllowanceKind,
        person: Person,
        giver: Giver,
        today: date,
        at: datetime,
        *,
        ground: AllowanceGround | None = None,
        until: date | None = None,
    ) -> None:
        given = Given(kind=kind, person=person, given_on=today, giver=giver, ground=ground, until=until)
        allowances.give(given=given, by=self._dsl, at=at)


def _is_thirteen(person: Person) -> bool:
    return person.kind == PersonKind.PUPIL and person.year_group.isdecimal() and int(person.year_group) >= 9
