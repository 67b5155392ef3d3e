"""Every page there is, and how to get there: what the tests of accessibility and the pictures walk through.

A page that is not here, nor in NOT_PAGES with a reason, fails `test_accessibility.py`.
"""

import re
import uuid

from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from accounts.models import Membership
from tests.journeys import (
    allegation_stops,
    approval_stops,
    care_stops,
    chronology_stops,
    device_stops,
    factor_stops,
    filtering_stops,
    proof_stops,
)
from tests.journeys.handler_stops import HANDLERS
from tests.journeys.sign_in_stops import FORGETFULS, NOBODYS
from tests.journeys.walking import (
    Stop,
    asked,
    case,
    duty,
    give_authenticator,
    next_door,
    open_details,
    press,
    press_first,
    school,
    signed_out_and,
    told,
)
from tests.journeys.worlds import PASSWORD, World

# Nobody is signed in: on most pages, and with a new password on its way.
NOBODY, FORGETFUL = "nobody", "forgetful"
POST_ONLY = "answers POST alone"
NOT_PAGES = {
    "healthz": "JSON for machines",
    "session-keepalive": "JSON for the page's own script",
    "mfa_login_webauthn": "JSON for the library's own script",
    "mfa_download_recovery_codes": "a text file",
    "draft-save": POST_ONLY,
    "draft-drop": POST_ONLY,
    "person-search": POST_ONLY,
    "question-answer": POST_ONLY,
    "question-ask": POST_ONLY,
    "note-add": POST_ONLY,
    "incident-advance": POST_ONLY,
    "closing-ask": POST_ONLY,
    "closing-agree": POST_ONLY,
    "closing-decline": POST_ONLY,
    "owner-set": POST_ONLY,
    "level-set": POST_ONLY,
    **dict.fromkeys(("sharing-share", "sharing-seal", "sharing-step-back", "sharing-take-back"), POST_ONLY),
    "attachment-add": POST_ONLY,
    "attachment-release": POST_ONLY,
    "attachment-scan": POST_ONLY,
    "attachment-withdraw": POST_ONLY,
    "attachment-file": "a file",
    **dict.fromkeys(("referral-answer", "referral-chase", "referral-close", "referral-decline"), POST_ONLY),
    "agency-verify": POST_ONLY,
    "my-attachment-add": POST_ONLY,
    "incident-pulse": POST_ONLY,
    "import-take": POST_ONLY,
    "import-drop": POST_ONLY,
    "import-account": "a file for spreadsheets",
    "incident-assign-many": POST_ONLY,
    "saved-view-save": POST_ONLY,
    "saved-view-drop": POST_ONLY,
    "link-add": POST_ONLY,
    "link-merge": POST_ONLY,
    "link-split": POST_ONLY,
    "link-undo": POST_ONLY,
    "identifier-add": POST_ONLY,
    "identifier-remove": POST_ONLY,
    **dict.fromkeys(approval_stops.POSTED, POST_ONLY),
    "member-sign-out": POST_ONLY,
    "sessions-end": POST_ONLY,
    **dict.fromkeys(factor_stops.POSTED, POST_ONLY),
    "absence-end": POST_ONLY,
    "told-concern-write": POST_ONLY,
    "told-concern-remind": POST_ONLY,
    "told-concern-withdraw": POST_ONLY,
    "member-absence-end": POST_ONLY,
    "notice-open": POST_ONLY,
    "notices-read": POST_ONLY,
    "term-remove": POST_ONLY,
    "closed-day-remove": POST_ONLY,
    "adoption-withdraw": POST_ONLY,
    "obligation-settle": POST_ONLY,
    "duty-done": POST_ONLY,
    "duty-waive": POST_ONLY,
    **dict.fromkeys((*care_stops.POSTED, *chronology_stops.POSTED), POST_ONLY),
    **dict.fromkeys((*filtering_stops.POSTED, *proof_stops.POSTED), POST_ONLY),
    **dict.fromkeys(device_stops.POSTED, POST_ONLY),
    **dict.fromkeys(allegation_stops.POSTED, POST_ONLY),
    "feed-make": POST_ONLY,
    "feed-end": POST_ONLY,
    "duty-calendar": "a text for calendar programs",
}


# A member of staff


def _with_people(page: Page, world: World) -> None:
    for name in ("Amira", "Żół"):
        page.get_by_role("combobox", name=re.compile("Name of a pupil|Add somebody")).press_sequentially(name)
        with page.expect_navigation():
            page.get_by_role("listbox").get_by_role("option").first.click()
        page.wait_for_load_state()
    press(re.compile("I do not know who it is"))(page, world)


def _say_danger(page: Page, world: World) -> None:
    page.get_by_label("Yes", exact=True).check()


def _late(page: Page, world: World) -> None:
    page.get_by_role("group", name="When did you find out?").get_by_label("Day").fill("2025-01-06")
    press("Send the concern")(page, world)


def _find_many(page: Page, world: World) -> None:
    page.get_by_role("combobox").press_sequentially("Amir")
    page.get_by_role("listbox").get_by_role("option").nth(1).wait_for()


def _away_yesterday(page: Page, world: World) -> None:
    page.get_by_label("First day").fill("2025-01-06")
    press("Mark as away")(page, world)


def _half_a_quiet_night(page: Page, world: World) -> None:
    page.get_by_label("By one e-mail a day").check()
    page.get_by_label("Quiet from").fill("20:00")
    press("Save")(page, world)


STAFFS = [
    Stop("my-day-staff", "school-home", school, is_main=True),
    Stop("concern", "incident-report", school, is_main=True),
    Stop("concern-errors", "incident-report", school, then=press("Send the concern")),
    Stop(
        "concern-danger", "incident-report", school, then=lambda page, _: page.get_by_label("Yes", exact=True).check()
    ),
    Stop("concern-finding", "incident-report", school, then=_find_many),
    Stop("concern-people", "incident-report", school, then=_with_people, is_main=True),
    Stop("concern-late", "incident-report", school, then=_late),
    Stop("concern-draft", "draft-detail", lambda world: {**school(world), "draft_id": world.draft.pk}),
    Stop("receipt", "incident-receipt", case("reported"), is_main=True),
    Stop("receipt-adult", "incident-receipt", case("adult")),
    Stop("my-concerns", "my-concerns", school, is_main=True),
    Stop("my-concern", "my-concern", case("open"), is_main=True),
    Stop("my-files", "my-attachments", case("open"), is_main=True),
    Stop("my-files-never", "my-attachments", case("acknowledged")),
    Stop("policy", "pack-detail", school, is_main=True),
    Stop("policy-law", "pack-layers", school, is_main=True),
    Stop("policy-findings", "pack-findings", school, is_main=True),
    Stop("agencies-read", "agency-list", school),
    Stop("profile", "profile", is_main=True),
    Stop("told", "told-concern-list", school),
    Stop("told-add", "told-concern-add", school, is_main=True),
    Stop("told-mine", "told-concern-detail", told, is_main=True),
    Stop("away", "absence-list", school, then=press("Mark as away")),
    Stop("away-errors", "absence-list", school, then=_away_yesterday),
    Stop("preferences", "preference-detail", is_main=True),
    Stop("preferences-errors", "preference-detail", then=_half_a_quiet_night),
    Stop("sign-out", "account_logout"),
    Stop("not-for-you", "incident-list", school),
    Stop("not-found", "incident-detail", path="/s/nowhere/incidents/OAK-0000/"),
    Stop("session-ended-draft-kept", "incident-report", school, then=signed_out_and("Send the concern")),
]
NEWCOMERS = [
    Stop("password-first", "account_set_password"),
    Stop("no-school", "home"),
]
NEIGHBOURS = [
    Stop("policy-default", "pack-detail", next_door, then=open_details),
    Stop("policy-findings-none", "pack-findings", next_door),
    Stop("my-day-empty", "school-home", next_door),
    Stop("my-concerns-empty", "my-concerns", next_door),
]

EMPTY_QUEUES = [
    Stop("my-day-dsl-empty", "school-home", next_door),
    Stop("queue-empty", "incident-list", next_door),
    Stop("duties-none", "duty-list", next_door),
    Stop("my-duties-none", "obligation-list", next_door),
]


def _plan_a_policy(page: Page, world: World) -> None:
    page.get_by_label("First day").fill("2031-09-01")
    page.get_by_label("Who decided it, and when").fill("Approved by the governing body on 3 November")
    press("Adopt the policy")(page, world)


HEADS = [
    Stop("my-day-head", "school-home", school),
    Stop("case-adult", "incident-detail", case("adult")),
    Stop("adoptions", "adoption-list", school, is_main=True),
    Stop("adoption-errors", "adoption-list", school, then=press("Adopt the policy")),
    Stop("adoption-planned", "adoption-list", school, then=_plan_a_policy),
    Stop("duties", "duty-list", school, is_main=True),
    Stop("duty", "duty-detail", duty("online-safety-audit"), then=open_details, is_main=True),
    Stop("duty-errors", "duty-detail", duty("online-safety-audit"), then=press("Record it as done")),
    Stop("calendar-feed", "feed-detail", school, is_main=True),
    Stop("calendar-feed-made", "feed-detail", school, then=press("Make an address")),
]
OF_ANOTHER_ROLE = [
    Stop("my-day-ict", "school-home", school, is_main=True),
    Stop("my-duties-ict", "obligation-list", school),
    Stop("duty-alone", "obligation-detail", asked("do:support_pupil"), is_main=True),
    Stop("duty-alone-refused", "obligation-detail", asked("do:support_pupil"), then=press("Record it as done")),
]
TRUSTS = [Stop("choose-school", "home")]
GOVERNORS = [
    Stop("my-day-governor", "school-home", school),
    Stop("duties-governor", "duty-list", school),
    Stop("duty-governor", "duty-detail", duty("website-check")),
    Stop("duty-done", "duty-detail", duty("policy-review")),
]

# The office, and keeping an account one's own


def _still_me(page: Page, world: World) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    press_first(page, world)
    page.wait_for_url(lambda url: "reauthenticate" not in url)


def _membership(world: World) -> dict[str, object]:
    return {**school(world), "membership_id": Membership.objects.get(user=world.cast.deputy).pk}


ADMINISTRATORS = [
    Stop("members", "member-list", school, is_main=True),
    Stop("member-add", "member-add", school, is_main=True),
    Stop("member-away", "member-absences", _membership),
    Stop("member-add-errors", "member-add", school, then=press("Give the role")),
    Stop("calendar", "calendar-detail", school, is_main=True),
    Stop("calendar-errors", "calendar-detail", school, then=press("Add the term")),
    Stop("messages", "message-list", school, then=open_details),
    Stop("still-you", "account_reauthenticate"),
    Stop("second-step-none", "mfa_index"),
    Stop("app-set-up", "mfa_activate_totp", then=_still_me),
    Stop("app-set-up-wrong", "mfa_activate_totp", then=press_first),
    Stop("passkey-add", "mfa_add_webauthn"),
    Stop("passkeys-none", "mfa_list_webauthn"),
    Stop("sessions", "usersessions_list"),
    Stop("password-change", "account_change_password"),
    Stop("password-change-errors", "account_change_password", then=press_first),
]


def _add_passkey(page: Page, world: World) -> None:
    give_authenticator(page)
    page.get_by_role("textbox").fill("Laptop at school")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))


def _key(world: World) -> dict[str, object]:
    return {"pk": Authenticator.objects.get(user=world.cast.deputy, type=Authenticator.Type.WEBAUTHN).pk}


SECURED = [
    Stop("still-you-first", "account_reauthenticate", then=_still_me),
    Stop("passkey-added", "mfa_add_webauthn", then=_add_passkey),
    Stop("second-step-all", "mfa_index", is_main=True),
    Stop("app-remove", "mfa_deactivate_totp"),
    Stop("codes", "mfa_view_recovery_codes"),
    Stop("codes-new", "mfa_generate_recovery_codes"),
    Stop("passkeys", "mfa_list_webauthn"),
    Stop("passkey-name", "mfa_edit_webauthn", _key),
    Stop("passkey-remove", "mfa_remove_webauthn", _key),
    Stop("still-you-code", "mfa_reauthenticate"),
    Stop("still-you-passkey", "mfa_reauthenticate_webauthn"),
]

# Who walks where. `stranger` and `newcomer` belong to no school.
WALKS: dict[str, list[Stop]] = {
    NOBODY: NOBODYS,
    FORGETFUL: FORGETFULS,
    "teacher": [*filtering_stops.STAFFS, *STAFFS],
    "newcomer": NEWCOMERS,
    "next_door_teacher": [*NEIGHBOURS, *filtering_stops.NEIGHBOURS],
    # Whose session ends on the way: that comes last.
    "dsl": [
        *chronology_stops.HANDLERS,
        *care_stops.HANDLERS,
        *device_stops.HANDLERS,
        *filtering_stops.HANDLERS,
        *proof_stops.HANDLERS,
        *approval_stops.HANDLERS,
        *HANDLERS,
    ],
    "next_door_dsl": [*EMPTY_QUEUES, *care_stops.EMPTY, *device_stops.EMPTY, *filtering_stops.EMPTY],
    "head": [
        *HEADS,
        *allegation_stops.HEADS,
        *filtering_stops.LEADERS,
        *proof_stops.LEADERS,
        *approval_stops.LEADERS,
        *factor_stops.LEADERS,
    ],
    "ict": [*OF_ANOTHER_ROLE, *device_stops.FIXERS, *filtering_stops.FIXERS],
    "trust_lead": [*TRUSTS, *allegation_stops.EMPTY],
    "governor": [*GOVERNORS, *proof_stops.GOVERNORS],
    "administrator": [*ADMINISTRATORS, *approval_stops.ADMINISTRATORS, *factor_stops.ADMINISTRATORS],
    "deputy": [*SECURED, *factor_stops.WAITING],
}


def any_values(converters: dict[str, object]) -> dict[str, object]:
    """Return values that fit the parts of an address, for asking whether it answers a GET at all."""
    return {name: uuid.uuid4() if "UUID" in type(kind).__name__ else "oakfield" for name, kind in converters.items()}
