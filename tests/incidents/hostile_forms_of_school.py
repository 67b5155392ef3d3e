"""Every form in which people write that hangs on no case: agencies, filtering, what was told, kept views."""

from tests.incidents.hostile_ground import Written, at, named, of

TODAY, FRIDAY = "2026-11-17", "2026-11-20"
MET = {"user_group": "key_stage_2", "seen_date": TODAY, "seen_time": "07:30"}
URL = {"url": "https://example.org/?q={}"}

OF_SCHOOL = [
    Written(
        "agencies.AgencyForm",
        named("contact", "phone", "hours", "notes"),
        at("agency-edit", agency=lambda g: "prevent"),
        lambda g: {"email": "", "website": ""},
        (at("agency-list"), at("agency-edit", agency=lambda g: "prevent")),
        kept=str.strip,
    ),
    Written(
        "bypass_requests.BypassForm",
        named("url", "purpose"),
        at("bypass-add"),
        lambda g: {"user_group": "staff", "first_day": TODAY, "last_day": FRIDAY},
        (at("bypass-list"),),
        who="teacher",
        reads="ict",
        wrap=URL,
        unseen=frozenset({"purpose"}),
    ),
    Written(
        "bypass_requests.DecisionForm",
        named("reason"),
        at("bypass-decide", bypass_id=lambda g: g.bypass.pk),
        lambda g: {"decision": "agreed"},
        (at("bypass-detail", bypass_id=lambda g: g.bypass.pk),),
        reads="teacher",
    ),
    Written(
        "filtering_breaches.BreachForm",
        named("url", "device"),
        of("filtering-breach-add"),
        lambda g: MET,
        (of("filtering-breach-list"),),
        wrap=URL,
        unseen=frozenset({"device"}),
    ),
    Written(
        "filtering_changes.ChangeForm",
        named("what", "why", "risk"),
        at("filtering-change-add"),
        shown=(at("filtering-change-list"),),
        who="ict",
        reads="head",
    ),
    Written(
        "filtering_changes.AnswerForm",
        {"words": lambda g: f"{g.change.pk}-words"},
        at("filtering-change-answer", change_id=lambda g: g.change.pk),
        lambda g: {f"{g.change.pk}-answer": "declined"},
        (at("filtering-change-list"),),
        who="head",
        reads="ict",
    ),
    Written(
        "filtering_checks.CheckForm",
        named("device", "location", "tested", "noticed"),
        at("filtering-check-add"),
        lambda g: {"kind": "filtering", "checked_on": TODAY, "user_group": "staff", "result": "works"},
        (at("filtering-check-list"),),
        who="ict",
        reads="head",
    ),
    Written(
        "filtering_tickets.TicketForm",
        named("url", "device", "said"),
        at("filtering-ticket-add"),
        lambda g: {**MET, "kind": "over_blocking"},
        who="teacher",
        wrap=URL,
    ),
    Written(
        "filtering_tickets.FixForm",
        named("changed", "risk", prefix="fix-"),
        at("filtering-ticket-fix", ticket_id=lambda g: g.ticket.pk),
        shown=(at("filtering-change-list"),),
        who="ict",
        reads="head",
    ),
    Written(
        "filtering_tickets.TestForm",
        named("words", prefix="test-"),
        at("filtering-ticket-test", ticket_id=lambda g: g.fixed.pk),
        lambda g: {"test-found": "does_not"},
        (at("filtering-ticket-detail", ticket_id=lambda g: g.fixed.pk),),
        reads="ict",
    ),
    Written(
        "told_concerns.ToldForm",
        named("memory"),
        at("told-concern-add"),
        lambda g: {"writer": "me", "aware_date": TODAY, "aware_time": "08:00"},
        who="teacher",
    ),
    Written(
        "told_concerns.WithdrawForm",
        named("reason"),
        at("told-concern-withdraw", told_id=lambda g: g.told.pk),
        shown=(at("told-concern-detail", told_id=lambda g: g.told.pk),),
        who="teacher",
    ),
    Written(
        "saved_views (a name)",
        named("view_name"),
        at("saved-view-save"),
        lambda g: {"status": "acknowledged"},
        (at("incident-list"),),
        longest=60,
        kept=lambda text: " ".join(text.split()),
    ),
]
