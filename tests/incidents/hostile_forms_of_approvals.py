"""Every form in which people write about what takes two of them, and about who may read cases."""

from tests.incidents.hostile_ground import Written, at, named, of

_CHRONOLOGY = of("chronology-detail")

OF_APPROVALS = [
    Written(
        "approvals.ReasonForm",
        {"reason": lambda g: f"back-{g.kept_away.pk}-reason"},
        of("case-approval-let-back", interest_id=lambda g: g.kept_away.pk),
        shown=(of("case-approval-list"), _CHRONOLOGY),
    ),
    Written(
        "approvals.PartForm",
        named("reason", prefix="part-"),
        of("case-approval-part"),
        lambda g: {"part-row": g.harmed.pk, "part-part": "witness"},
        (_CHRONOLOGY,),
    ),
    Written(
        "approvals.DeclineForm",
        {"reason": lambda g: f"no-{g.asked.pk}-reason"},
        of("case-approval-decline", approval_id=lambda g: g.asked.pk),
        shown=(_CHRONOLOGY,),
    ),
    Written(
        "access_reviews.ReviewForm",
        named("note"),
        at("access-review"),
        lambda g: {"next_on": "2027-01-15"},
        (at("access-review"),),
        who="head",
    ),
]
