"""What the ledger says: the events of one chain, narrowed and page by page. It shows no numbers: a gap would tell."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import SCHOOL_CHAIN
from accounts.models import AuditEvent, School, SignedEnd

PAGE = 100
# What begins so is a formula to a spreadsheet, also where it is written in wide letters or behind blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
# Nobody reads on from here: narrowing finds what is older.
_LAST_PAGE = 500


@dataclass(frozen=True)
class Happening:
    """One sort of what happens, as the filter offers it: how the names of its events begin."""

    key: str
    label: str
    begins: tuple[str, ...]


KINDS = (
    Happening("cases", "Cases: logged, opened, changed", ("incident", "draft", "told", "import", "log")),
    Happening("emergency", "Cases opened in an emergency", ("emergency",)),
    Happening("people", "People, roles and the school", ("member", "approval", "absence", "people", "school")),
    Happening("accounts", "Signing in, second factors and keys", ("account", "keys")),
    Happening("record", "This record: looked at, taken away", ("audit",)),
    Happening("policy", "Policy, duties and agencies", ("policy", "school_duty", "calendar_feed", "agency")),
    Happening("filtering", "Filtering", ("filtering_ticket", "filtering_change", "filtering_check", "bypass")),
    Happening("devices", "Devices, phones and photographs", ("device", "custody", "allowance")),
)


@dataclass(frozen=True)
class AuditFilter:
    """What the ledger is narrowed to; nothing chosen means everything."""

    who: str = ""
    what: str = ""
    about: str = ""
    from_date: date | None = None
    to_date: date | None = None

    @property
    def is_active(self) -> bool:
        """Say whether anything is narrowed."""
        return any((self.who.strip(), self.what, self.about.strip(), self.from_date, self.to_date))


@dataclass(frozen=True)
class AuditPage:
    """One page: its events, the newest first, and whether there are others before and after."""

    events: list[AuditEvent]
    number: int
    has_next: bool

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.has_next and self.number < _LAST_PAGE else None


def events_of(
    school: School,
    chain: str = SCHOOL_CHAIN,
    *,
    target: str = "",
    chosen: AuditFilter | None = None,
    without: Collection[str] = (),
) -> "QuerySet[AuditEvent]":
    """Return the events of a chain, the newest first: about one target where it is named, and never about `without`.

    Who may read a chain, the caller decides: that of a case is for whoever may read the case.
    """
    rows = AuditEvent.objects.filter(chain__school=school, chain__name=chain).order_by("-seq")
    if target:
        rows = rows.filter(target=target)
    if without:
        rows = rows.exclude(target__in=list(without))
    return _narrowed(rows, chosen or AuditFilter())


def audit_page(school: School, chosen: AuditFilter, *, without: Collection[str] = (), number: int = 1) -> AuditPage:
    """Return one page of the school's own chain. Two statements, however long it is."""
    number = min(max(1, number), _LAST_PAGE)
    rows = events_of(school, chosen=chosen, without=without)
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    return AuditPage(found[:PAGE], number, len(found) > PAGE)


def rows_for_export(school: School, last_seq: int) -> Iterator[AuditEvent]:
    """Yield every row of the school's own chain up to a number, in order."""
    rows = AuditEvent.objects.filter(chain__school=school, chain__name=SCHOOL_CHAIN, seq__lte=last_seq)
    return rows.order_by("seq").iterator(chunk_size=2000)


def _narrowed(rows: "QuerySet[AuditEvent]", chosen: AuditFilter) -> "QuerySet[AuditEvent]":
    if chosen.who.strip():
        rows = rows.filter(actor_name__icontains=chosen.who.strip())
    if chosen.what:
        begins = "|".join(next((kind.begins for kind in KINDS if kind.key == chosen.what), ()))
        rows = rows.filter(event__regex=rf"^({begins})\.")
    if chosen.about.strip():
        rows = rows.filter(summary__icontains=chosen.about.strip())
    if chosen.from_date:
        rows = rows.filter(at__gte=_first_minute(chosen.from_date))
    if chosen.to_date:
        rows = rows.filter(at__lt=_first_minute(chosen.to_date + timedelta(days=1)))
    return rows


def _first_minute(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def last_end(school: School) -> SignedEnd | None:
    """Return the newest signed end of a school."""
    found: SignedEnd | None = SignedEnd.objects.for_school(school).order_by("-day").first()
    return found


def plain_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: a sign stands before what could begin one."""
    text = text.replace("\0", " ").replace("\r", " ").replace("\n", " ")
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text
