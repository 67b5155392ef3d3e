"""Every page says who may use it. A page that says nothing cannot be merged."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.urls.converters import SlugConverter, UUIDConverter

from accounts.access_rules import RULES
from accounts.decorators import ANYONE, SIGNED_IN, member_view, public_view
from accounts.permissions import Permission
from tests.architecture.addresses import Address, addresses
from tests.architecture.source import must_be_none

# Nothing else may stand in an address of ours: an integer can be counted up, a free text may be a name.
CONVERTERS = (UUIDConverter, SlugConverter)
# A library's page may count its own rows where each belongs to whoever is signed in.
COUNTED = {
    "mfa_remove_webauthn": "looks the key up among the user's own",
    "mfa_edit_webauthn": "looks the key up among the user's own",
}
# Whose pages need nobody to be signed in, each with its reason; another one is a decision to be taken here.
OPEN_PAGES = {
    "healthz": "says only whether the sweep runs",
    "account_login": "where everybody begins",
    "duty-calendar": "a calendar program cannot sign in: the address is the key, and what it opens names nothing",
}


def complaints(found: list[Address]) -> list[str]:
    wrong = [f"{address}: has no name" for address in found if not address.name]
    names = Counter(address.name for address in found if address.name)
    wrong += [f"{name}: stands for {times} addresses" for name, times in names.items() if times > 1]
    for address in found:
        wrong += [f"{address}: {problem}" for problem in _problems(address)]
    return wrong


def _problems(address: Address) -> list[str]:
    problems = []
    if not _is_declared(address):
        problems.append("does not say who may use it")
    if address.is_ours and address.name in RULES:
        problems.append("has a rule for libraries' pages, and is ours: its view must say it")
    if address.is_ours and address.who == ANYONE and address.name not in OPEN_PAGES:
        problems.append("is open to anybody without a reason in OPEN_PAGES")
    if "<school>" in _plain(address) and not isinstance(address.who, frozenset):
        problems.append("names a school and asks for no permission there")
    if address.is_ours and "(?P" in address.route:
        problems.append("is a regular expression")
    for name, converter in address.converters.items():
        if not isinstance(converter, CONVERTERS) and address.is_ours:
            problems.append(f"takes {name} as neither uuid nor slug")
        if type(converter).__name__ == "IntConverter" and not address.is_ours and address.name not in COUNTED:
            problems.append(f"counts {name}")
    return problems


def _is_declared(address: Address) -> bool:
    who = address.who
    if isinstance(who, frozenset):
        return bool(who) and all(isinstance(permission, Permission) for permission in who)
    return who in (ANYONE, SIGNED_IN)


def _plain(address: Address) -> str:
    return address.route.replace("slug:", "").replace("uuid:", "")


def test_every_page_says_who_may_use_it(record_property: Callable[[str, object], None]) -> None:
    record_property("pages", len(addresses()))
    must_be_none(complaints(addresses()))


def test_every_rule_is_for_a_page_that_exists() -> None:
    names = {address.name for address in addresses()}

    assert set(RULES) | set(COUNTED) | set(OPEN_PAGES) <= names


def test_every_page_of_a_school_is_below_its_name() -> None:
    """What asks for a permission can only be asked at the school that the address names."""
    strays = [str(address) for address in addresses() if isinstance(address.who, frozenset)]

    assert [name for name in strays if not _by_name(name).route.startswith("s/<slug:school>/")] == []


def _by_name(name: str) -> Address:
    return next(address for address in addresses() if address.name == name)


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _open_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


# As if they stood in an app of ours: views of the tests themselves are nobody's pages.
_view.__module__ = _open_view.__module__ = "incidents.views.notes"


@pytest.mark.parametrize(
    "pattern",
    [
        path("dummy/", _view, name="dummy"),
        path("dummy/", include([path("inner/", _view, name="dummy")])),
        path("dummy/", member_view()(_view), name="dummy"),
        path("dummy/", member_view(Permission.INCIDENT_LOG)(_view)),
        path("dummy/", public_view(_open_view), name="dummy"),
        path("s/<slug:school>/dummy/", _view, name="dummy"),
        path("s/<slug:school>/dummy/<int:pk>/", member_view(Permission.INCIDENT_LOG)(_view), name="dummy"),
        path("s/<slug:school>/dummy/<str:name>/", member_view(Permission.INCIDENT_LOG)(_view), name="dummy"),
        re_path(r"^s/(?P<school>\w+)/dummy/$", member_view(Permission.INCIDENT_LOG)(_view), name="dummy"),
        path("other/", member_view(Permission.INCIDENT_LOG)(_view), name="incident-list"),
    ],
)
def test_a_page_that_hides_who_may_use_it_is_found(pattern: object) -> None:
    dummy = addresses([pattern])  # type: ignore[list-item]

    assert complaints(addresses()) == []
    assert complaints([*addresses(), *dummy])


def test_a_page_that_says_it_is_left_alone() -> None:
    page = path("s/<slug:school>/dummy/<uuid:row>/", member_view(Permission.INCIDENT_LOG)(_view), name="dummy")

    assert complaints(addresses([page])) == []
