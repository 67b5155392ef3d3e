"""A few files on the latest cases of a school: what the office wrote down, and one that waits to be looked at."""

from datetime import datetime

from accounts.roles import Role
from incidents.imagery import Holding, holding_of
from incidents.models import Incident
from incidents.operations import attachments
from incidents.operations.attachments import Sent
from incidents.queries.attachments import takes_files
from incidents.statuses import Status
from safeguarding.demonstration.histories import Act, Timeline
from safeguarding.demonstration.houses import House

_LOG = (
    "Log of the office\r\n\r\n"
    "9:05  The parent rang and asked what had happened.\r\n"
    "9:20  Rang back. They will come at 15:45 and bring a list of the messages.\r\n"
    "15:50 They came. The list is with the safeguarding lead.\r\n"
)
_TABLE = (
    "day,time,app,from\r\nMonday,21:14,a game,unknown\r\nMonday,21:20,a game,unknown\r\nTuesday,7:45,a game,unknown\r\n"
)
_CASES = 3


def write_files(house: House, timeline: Timeline, *, ends: datetime) -> None:
    """At the very end of the history, attach what was written down to the latest open cases that may hold a file."""
    timeline.add(ends, _attach(house))


def _attach(house: House) -> Act:
    def act(at: datetime) -> None:
        if not takes_files():
            return
        by = house.offices[Role.DSL].account
        cases = Incident.objects.for_school(house.school).filter(handled_by=Role.DSL, status=Status.OPEN)
        latest = cases.select_related("school", "owner").order_by("-logged_at")[: 4 * _CASES]
        for case in [case for case in latest if holding_of(case) is not Holding.NOTHING][:_CASES]:
            log, table = (
                Sent(name, text.encode(), len(text)) for name, text in (("Log.txt", _LOG), ("List.csv", _TABLE))
            )
            row = attachments.attach(incident=case, sent=log, by=by, at=at)
            reason = "Written in the school office, on a computer of the school."
            attachments.release(attachment=row, reason=reason, by=by, at=at)
            attachments.attach(incident=case, sent=table, by=by, at=at)

    return act
