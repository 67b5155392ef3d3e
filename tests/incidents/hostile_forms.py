"""Every form in which people write about a case: where it is sent, what else it needs, where it is read again."""

import uuid

from incidents.care import LookingBack
from incidents.models import Incident
from incidents.queries.triage import as_seen
from tests.incidents.hostile_forms_of_adults import OF_ADULTS
from tests.incidents.hostile_forms_of_approvals import OF_APPROVALS
from tests.incidents.hostile_forms_of_devices import OF_DEVICES
from tests.incidents.hostile_forms_of_school import FRIDAY, OF_SCHOOL, TODAY
from tests.incidents.hostile_ground import Ground, Written, at, named, of


def _seen(ground: Ground) -> str:
    return as_seen(Incident.objects.get(pk=ground.new.pk))


CASE, CHRONOLOGY = of("incident-detail"), of("chronology-detail")
_MOMENT = {"made_date": TODAY, "made_time": "08:00"}
_LOOK = {"held_on": "2026-11-16"}

OF_CASES = [
    Written(
        "actions.ActionForm",
        named("words"),
        of("action-add"),
        lambda g: {"assignee": "team", "due_date": FRIDAY},
        (of("action-list"), CASE, CHRONOLOGY),
    ),
    Written(
        "actions.MoveForm",
        {"reason": lambda g: f"move-{g.action.pk}-reason"},
        of("action-move", action_id=lambda g: g.action.pk),
        lambda g: {f"move-{g.action.pk}-due_date": FRIDAY},
        (CHRONOLOGY,),
    ),
    Written(
        "attachments.ReleaseForm",
        {"reason": lambda g: f"release-{g.file.pk}-reason"},
        of("attachment-release", attachment_id=lambda g: g.file.pk),
        shown=(of("attachment-list"), CHRONOLOGY),
    ),
    Written(
        "attachments.WithdrawForm",
        {"reason": lambda g: f"withdraw-{g.file.pk}-reason"},
        of("attachment-withdraw", attachment_id=lambda g: g.file.pk),
        shown=(of("attachment-list"), CHRONOLOGY),
    ),
    Written("chronology.EntryForm", named("text"), of("chronology-add"), shown=(CHRONOLOGY, CASE)),
    Written(
        "chronology.CorrectionForm",
        named("text", "reason"),
        of("entry-correct", entry_id=lambda g: g.entry.pk),
        shown=(CHRONOLOGY,),
    ),
    Written(
        "contacts.ToldForm",
        named("described", "teller", "said", "heard"),
        of("contact-told", pupil_id=lambda g: g.harmed.pk),
        lambda g: {"told_date": TODAY, "told_time": "08:00", "way": "phone"},
        (of("contact-list"), CHRONOLOGY),
    ),
    Written(
        "contacts.NotToldForm",
        named("described", "reason"),
        of("contact-not-told", pupil_id=lambda g: g.harmed.pk),
        lambda g: {"why_not": "unsafe", "then": "final"},
        (of("contact-list"), CHRONOLOGY),
    ),
    Written(
        "lessons.HandlingForm",
        named("took_part", "went_well", "was_late", "came_of_it"),
        of("lesson-look-back", look=lambda g: LookingBack.REVIEW.value),
        lambda g: _LOOK,
        (of("lesson-list"), CHRONOLOGY),
    ),
    Written(
        "lessons.DebriefForm",
        named("took_part", "came_of_it"),
        of("lesson-look-back", look=lambda g: LookingBack.DEBRIEF.value),
        lambda g: _LOOK,
        (of("lesson-list"), CHRONOLOGY),
    ),
    Written(
        "lessons.LessonForm",
        named("words"),
        of("lesson-add"),
        lambda g: {"kind": "practice", "assignee": "team", "due_date": FRIDAY},
        (of("lesson-list"), at("lesson-register")),
    ),
    Written(
        "links.LinkForm",
        named("reason", prefix="link-"),
        of("link-add"),
        lambda g: {"link-reference": g.new.reference},
        (of("link-list"), of("link-list", "new"), CHRONOLOGY),
    ),
    Written(
        "links.MergeForm",
        named("reason", prefix="merge-"),
        of("link-merge", "other"),
        lambda g: {"merge-reference": g.new.reference},
        (of("link-list", "new"), of("chronology-detail", "new")),
    ),
    Written(
        "links.UndoForm",
        {"reason": lambda g: f"undo-{g.tie.pk}-reason"},
        of("link-undo", link_id=lambda g: g.tie.pk),
        shown=(CHRONOLOGY,),
    ),
    Written(
        "links.SplitForm",
        named("words", prefix="split-"),
        of("link-split"),
        lambda g: {"split-people": [str(g.alleged.pk)], "split-category": "conduct"},
    ),
    Written(
        "links.PersonForm",
        named("description"),
        of("case-people"),
        lambda g: {"part": "named", "query": "", "action": "describe"},
        (of("case-people"), CASE),
    ),
    Written(
        "sharing.ShareForm",
        named("purpose", prefix="share-"),
        of("sharing-share"),
        lambda g: {"share-user": g.cast.ict.pk, "share-ends_on": FRIDAY},
        (of("sharing-detail"), CHRONOLOGY),
    ),
    Written(
        "sharing.SealForm",
        named("reason", prefix="seal-"),
        of("sharing-seal"),
        lambda g: {"seal-named": [g.cast.deputy.pk]},
        (of("sharing-detail"), CHRONOLOGY),
    ),
    Written(
        "sharing.StepBackForm",
        named("reason", prefix="back-"),
        of("sharing-step-back"),
        shown=(CHRONOLOGY,),
        reads="deputy",
    ),
    Written(
        "links.IdentifierForm",
        named("value", prefix="identifier-"),
        of("identifier-add"),
        lambda g: {"identifier-kind": "account"},
        (of("link-list"), CHRONOLOGY),
        # A name of an account has no blanks around it; what is compared is the name alone.
        kept=str.strip,
    ),
    Written(
        "obligations.DutyForm",
        {"words": lambda g: f"duty-{g.duty.pk}-words"},
        at("obligation-settle", obligation_id=lambda g: g.duty.pk, deed=lambda g: "waive"),
        shown=(CASE, CHRONOLOGY),
    ),
    Written(
        "plans.PlanForm",
        named("worries", "measures", "wishes"),
        of("plan-add", plan_kind=lambda g: "risk"),
        lambda g: {"pupil": "everybody", "likelihood": "likely", "review_on": FRIDAY},
        (of("plan-list"), CHRONOLOGY),
        unseen=frozenset({"worries", "wishes"}),
    ),
    Written(
        "plans.ReviewForm",
        named("worries", "measures", "wishes", "found"),
        of("plan-review", plan_id=lambda g: g.plan.pk),
        lambda g: {"after": "1", "review_on": FRIDAY},
        (of("plan-detail", plan_id=lambda g: g.plan.pk),),
    ),
    Written(
        "plans.EndForm",
        named("reason", prefix="end-"),
        of("plan-end", plan_id=lambda g: g.plan.pk),
        shown=(of("plan-detail", plan_id=lambda g: g.plan.pk), CHRONOLOGY),
    ),
    Written(
        "prints.PrintForm",
        named("words"),
        of("chronology-print"),
        lambda g: {"style": "evidential", "names": "everybody", "purpose": "police", "as": "page"},
        (CHRONOLOGY,),
    ),
    Written(
        "referrals.ReferralForm",
        named("spoken_to", "said", "advice", "agency_reference"),
        of("referral-add"),
        lambda g: {
            **_MOMENT,
            "step": "record",
            "referral_id": str(uuid.uuid4()),
            "agency": "childrens_social_care",
            "kind": "refer",
            "method": "phone",
            "made_by": str(g.cast.dsl.pk),
            "expects": "again",
            "chase_date": FRIDAY,
        },
        (CHRONOLOGY,),
    ),
    Written(
        "referrals.AnswerForm",
        named("given_by", "text", prefix="answer-"),
        of("referral-answer", referral_id=lambda g: g.referral.pk),
        lambda g: {
            "answer-given_date": TODAY,
            "answer-given_time": "08:20",
            "answer-expects": "over",
            "answer-outcome": "advice_given",
            "answer-chase_date": "",
        },
        (of("referral-detail", referral_id=lambda g: g.referral.pk), CHRONOLOGY),
    ),
    Written(
        "referrals.ChaseForm",
        named("reason", prefix="chase-"),
        of("referral-chase", referral_id=lambda g: g.referral.pk),
        lambda g: {"chase-chase_date": FRIDAY},
        (CHRONOLOGY,),
    ),
    Written(
        "referrals.CloseForm",
        named("words", prefix="close-"),
        of("referral-close", referral_id=lambda g: g.referral.pk),
        lambda g: {"close-outcome": "taken_back"},
        (of("referral-detail", referral_id=lambda g: g.referral.pk), CHRONOLOGY),
    ),
    Written(
        "referrals.DeclineForm",
        {"reason": lambda g: f"decline-{g.refer.pk}-reason"},
        of("referral-decline"),
        lambda g: {"duty": str(g.refer.pk)},
        (of("referral-list"), CHRONOLOGY),
    ),
    Written(
        "sanctions.SanctionForm",
        named("what", "reason", "decided_by"),
        of("sanction-add"),
        lambda g: {"pupil": str(g.alleged.pk), "decision": "some", "decided_on": TODAY},
        (of("sanction-list"), CHRONOLOGY),
    ),
    Written(
        "triage.TriageForm",
        named("reason", "level_reason"),
        of("triage-detail", "new"),
        lambda g: {
            "seen": _seen(g),
            "category": "commerce",
            "decision": "behaviour",
            "level": "1",
            "owner": "",
            "duplicate_of": "",
        },
        (of("triage-detail", "new"), of("chronology-detail", "new")),
    ),
    Written(
        "workflow.CloseForm",
        named("reason", prefix="close-"),
        of("incident-advance", "ready", status=lambda g: "closed"),
        lambda g: {"close-outcome": "resolved"},
        (of("incident-detail", "ready"),),
    ),
    Written(
        "workflow.WatchForm",
        named("reason", prefix="watch-"),
        of("incident-advance", status=lambda g: "monitoring"),
        lambda g: {"watch-review_date": FRIDAY},
        (CASE,),
    ),
    Written(
        "workflow.ReasonForm",
        named("reason", prefix="reopen-"),
        of("incident-advance", "closed", status=lambda g: "open"),
        shown=(of("incident-detail", "closed"),),
    ),
    Written(
        "workflow.LevelForm",
        named("reason"),
        of("level-set"),
        lambda g: {"level": "0"},
        (CASE, CHRONOLOGY),
    ),
    Written("workflow.NoteForm", named("text", prefix="note-"), of("note-add"), shown=(CASE, CHRONOLOGY)),
    Written(
        "workflow.QuestionForm",
        named("text", prefix="question-"),
        of("question-ask"),
        shown=(of("my-concern"), at("my-concerns")),
        reads="teacher",
    ),
    Written(
        "workflow.AnswerForm",
        {"text": lambda g: f"{g.question.pk}-text"},
        of("question-answer", question_id=lambda g: g.question.pk),
        shown=(CASE, CHRONOLOGY),
        who="teacher",
        reads="dsl",
    ),
]
FORMS = [*OF_CASES, *OF_ADULTS, *OF_APPROVALS, *OF_DEVICES, *OF_SCHOOL]
# Text fields that are no evidence, or whose own tests stand elsewhere; each with the reason.
NOT_HERE = {
    "allowances.AllowanceForm.whose_query": "is a search",
    "allowances.RegisterForm": "is a search",
    "custody.DeviceForm.whose_query": "is a search",
    "searches.SearchForm.whose_query": "is a search",
    "agencies.AgencyForm.email": "takes an e-mail address alone",
    "agencies.AgencyForm.website": "takes a web address alone",
    "filtering_tickets.MetForm": "is sent as BreachForm and TicketForm",
    "incidents.QueueForm.text": "is a search: test_any_filter_at_all_gets_a_queue",
    "low_level_concerns.ConcernForm.whose_query": "is a search",
    "links.LinkForm.reference": "is the reference of a case",
    "links.MergeForm.reference": "is the reference of a case",
    "links.PersonForm.query": "is a search",
    "reporting.ConcernForm": "has its own tests in test_hostile_text",
    "triage.TriageForm.seen": "is a fingerprint",
    "triage.TriageForm.duplicate_of": "is the reference of a case",
    "workflow.DeclineForm": "needs a policy that wants two people: tests/incidents/views/test_workflow.py",
}
