"""Every model of this app; the only path by which other apps import them."""

from policies.models.adoptions import PackAdoption, PackEdition
from policies.models.duties import SchoolDuty, SchoolDutyEscalation
from policies.models.feeds import CalendarFeed
from policies.models.filtering_checks import FilteringCheck
from policies.models.obligations import ASKED, DOERS, STANDING, STUCK, Owed, OwedQuerySet

__all__ = [
    "ASKED",
    "DOERS",
    "STANDING",
    "STUCK",
    "CalendarFeed",
    "FilteringCheck",
    "Owed",
    "OwedQuerySet",
    "PackAdoption",
    "PackEdition",
    "SchoolDuty",
    "SchoolDutyEscalation",
]
