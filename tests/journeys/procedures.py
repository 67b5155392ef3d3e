"""The procedures of two policies, section by section, and the acts with which a safeguarding lead meets them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from incidents.models import Incident, Obligation
from policies.statuses import State

Act = Callable[[Page, Obligation], None]
SHIPBOURNE, MAIDSTONE = "shipbourne-2018", "maidstone-grammar-2020"
SAID = "What happened on Tuesday, without names.\nWe asked what to do next."


@dataclass(frozen=True)
class Procedure:
    """One section: what is chosen at triage, which of its clauses then stand on the case, and what discharges one."""

    pack: str
    section: str
    kind: str
    # The rest of each number after the section's own.
    clauses: str
    key: str
    act: Act
    state: State = State.DONE
    # What is known, by the name of the question: a value, or several.
    known: dict[str, str | list[str]] = field(default_factory=dict)
    # Whether another pupil is said to have caused it.
    is_between_pupils: bool = True
    is_about_adult: bool = False
    bans: tuple[str, ...] = ("Do not promise to keep it secret",)

    def __str__(self) -> str:
        return f"{self.pack.split('-')[0]} {self.section}"

    @property
    def numbers(self) -> set[str]:
        """The clauses by their whole numbers."""
        return {f"{self.section}-{rest}" for rest in self.clauses.split()}


def to_page(page: Page, name: str) -> None:
    """Go to one of the pages of a case."""
    page.get_by_role("navigation", name="Pages of this case").get_by_role("link", name=name, exact=True).click()


def refer(page: Page, duty: Obligation) -> None:
    """Record that an agency was told or asked, and that nothing more is expected of it."""
    to_page(page, "Referrals")
    page.locator(f"#duty-{duty.pk} button[name=agency][value={duty.target}]").click()
    page.get_by_label("What you told them").fill(SAID)
    if not page.get_by_role("group", name="How did you tell them?").locator("input:checked").count():
        page.get_by_text("Other telephone call").click()
    page.get_by_label("What they said").fill("Keep everything as it is. Call again if it changes.")
    page.get_by_text("No, nothing more is expected").click()
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("what it fulfils of our policy is done").wait_for()


def decline(page: Page, duty: Obligation) -> None:
    """Decide not to ask or not to refer, with the reason."""
    to_page(page, "Referrals")
    asked = page.locator(f"#duty-{duty.pk}")
    asked.get_by_text(re.compile("^Decided not to (refer|ask): why")).click()
    asked.get_by_label("Why not?").fill("There is no sign of it beyond one video. We look again on Friday.")
    asked.get_by_role("button", name="Record the decision").click()
    page.get_by_text("The decision is recorded, with your reason.").wait_for()


def tell_parents(page: Page, duty: Obligation) -> None:
    """Record that the parents of every pupil it is about were told."""
    to_page(page, "Parents")
    while (buttons := page.get_by_role("button", name=re.compile("^They were told"))).count():
        homes = page.locator(".sg-home").filter(has_text="Nothing is written down yet")
        if not homes.count():
            break
        buttons.nth(_place(page)).click()
        page.get_by_label("Who?").fill("Mrs Hadley, mother")
        page.get_by_text("By telephone").click()
        page.get_by_label("What were they told?").fill("What happened, and that she is safe.")
        page.get_by_role("button", name="Keep it with the case").click()
        page.get_by_text("It is kept that the home of").wait_for()


def leave_parents_untold(page: Page, duty: Obligation) -> None:
    """Record, for each pupil, the decision that the parents are not told."""
    to_page(page, "Parents")
    while page.locator(".sg-home").filter(has_text="Nothing is written down yet").count():
        page.get_by_role("button", name=re.compile("^They are not told")).nth(_place(page)).click()
        page.get_by_label("Who?").fill("Mr Reed, father")
        page.get_by_text("Telling them would put a child at risk", exact=True).click()
        page.get_by_label("What makes you think so?").fill("She is afraid of what he would do.")
        page.get_by_text("This is our decision: they are not told").click()
        page.get_by_role("button", name="Keep it with the case").click()
        page.get_by_text("It is kept why the home of").wait_for()


def assess_risk(page: Page, duty: Obligation) -> None:
    """Write a risk assessment that is looked at again in two weeks."""
    to_page(page, "Plans")
    page.get_by_role("link", name="Risk assessment", exact=True).click()
    page.get_by_text("Everybody in this case").click()
    page.get_by_label("What is the risk, and to whom?").fill("That it goes on, on the way home.")
    page.get_by_text("Likely", exact=True).click()
    page.get_by_label("What makes it less likely").fill("Mr Cole walks with them from today.")
    page.get_by_label("When is it looked at again?").fill(_in_two_weeks())
    page.get_by_role("button", name="Keep the plan").click()
    page.get_by_text("comes up when it is to be reviewed").wait_for()


def sanction(page: Page, duty: Obligation) -> None:
    """Record which sanction was decided for the pupil who did it."""
    to_page(page, "Sanctions")
    page.get_by_role("group", name="About whom?").get_by_text("Ben Reed").click()
    page.get_by_text("A sanction", exact=True).click()
    page.get_by_label("Which sanction?").fill("Two days without the phone")
    page.get_by_label("Why?").fill("He knew what he did.")
    page.get_by_role("button", name="Keep the decision").click()
    page.locator(".sg-duty").filter(has_text="Two days without the phone").wait_for()


def look_back(page: Page, duty: Obligation) -> None:
    """Review how it was handled."""
    to_page(page, "Lessons")
    page.get_by_role("button", name="Review how it was handled").click()
    page.get_by_label("Who took part?").fill("The safeguarding team")
    page.get_by_label("What went well?").fill("She was heard on the same day.")
    page.get_by_label("What was late or was missed").fill("Nothing was late.")
    page.get_by_label("What do we change?").fill("We ring home before three.")
    page.get_by_role("button", name="Keep it with the case").click()
    page.get_by_role("heading", name="Lessons", exact=True).wait_for()


def tick(page: Page, duty: Obligation) -> None:
    """Write beside the duty what was done."""
    listed = page.locator(f"#duty-{duty.pk}")
    listed.locator(".sg-duty__box summary").click()
    listed.locator("textarea").fill("Spoke with both of them and with the form tutor.")
    listed.get_by_role("button", name=re.compile("with these words")).click()
    page.locator(f".sg-settled #duty-{duty.pk}").wait_for(state="attached")


def owed(case: Incident, key: str) -> Obligation:
    """Return what is asked of a case, by its key."""
    return Obligation.objects.get(incident=case, key=key)


def _place(page: Page) -> int:
    """Return the number of the first home of which nothing is written down."""
    homes = page.locator(".sg-home").all()
    return next(number for number, home in enumerate(homes) if "Nothing is written down yet" in home.inner_text())


def _in_two_weeks() -> str:
    return (timezone.localdate() + timedelta(days=14)).isoformat()


_IMAGES = ("Do not view the image", "Do not send or share the image", "Do not delete anything yet")
_YET = ("Do not share it beyond the school yet",)
_BEYOND: dict[str, str | list[str]] = {"crime": "suspected", "other_setting": "yes", "devices": ["personal"]}
_UNCLEAR: dict[str, str | list[str]] = {"crime": "unsure", "other_setting": "yes", "devices": ["personal"]}
_OURS: dict[str, str | list[str]] = {"imagery": "indecent", "imagery_viewed": "yes", "on_school_systems": "yes"}
_MET: dict[str, str | list[str]] = {
    "crime": "unsure",
    "exposure": "inadvertent",
    "on_school_systems": "yes",
    "found_on": ["school_device"],
}

PROCEDURES = [
    Procedure(
        *(SHIPBOURNE, "11.1", "sexual_harassment", "8.1 8.2 8.3 8.4 8.5 8.6 8.7 8.8 8.9"),
        *("do:apply_sanction", sanction),
        known=_BEYOND,
        bans=_YET,
    ),
    Procedure(
        *(SHIPBOURNE, "11.2", "nudes", "1 6.1 6.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9 7.10 7.11"),
        *("inform_parents:parents", tell_parents),
        known={**_OURS, "devices": ["school"]},
        bans=_IMAGES,
    ),
    Procedure(
        *(SHIPBOURNE, "11.3", "grooming", "2 6.2 6.3 6.4 6.5 6.6 6.7 7.1 8 10"),
        *("do:risk_assessment", assess_risk),
        known=_UNCLEAR,
        is_between_pupils=False,
        bans=_YET,
    ),
    Procedure(
        *(SHIPBOURNE, "11.4", "iioc", "4 5.2 5.3 6.1 6.2 6.3 6.4 7.4 7.5"),
        *("refer:police", refer),
        known=_MET,
        is_between_pupils=False,
        bans=_IMAGES,
    ),
    Procedure(SHIPBOURNE, "11.5", "cyberbullying", "2", "do:behaviour_route", tick, known={"devices": ["personal"]}),
    Procedure(
        *(SHIPBOURNE, "11.6", "online_hate", "1 4"),
        *("consult:education_safeguarding_service", refer),
        known={"crime": "unsure"},
    ),
    Procedure(
        *(SHIPBOURNE, "11.7", "radicalisation", "2", "refer:prevent", decline, State.WAIVED), is_between_pupils=False
    ),
    Procedure(
        *(MAIDSTONE, "9", "sexual_harassment", "4 6", "refer:police", refer),
        known={"crime": "suspected", "other_setting": "yes"},
        bans=_YET,
    ),
    Procedure(
        *(MAIDSTONE, "9.1", "offensive_message", "1 2 3 4 5 6"),
        *("inform_parents:parents", leave_parents_untold, State.WAIVED),
        known={"serious": "yes"},
    ),
    Procedure(
        *(MAIDSTONE, "9.2", "staff_misuse", "1 2 3 4", "consult:lado", refer),
        is_about_adult=True,
        bans=("Do not investigate", "Do not tell"),
    ),
    Procedure(
        *(MAIDSTONE, "9.3", "parent_conduct", "1", "do:document_decision", tick),
        is_between_pupils=False,
    ),
    Procedure(
        *(MAIDSTONE, "10.1", "sexual_harassment", "4.1 4.2 4.3 4.4 4.5 4.6 4.7 4.7.1 4.8"),
        *("do:review_handling", look_back),
        known=_BEYOND,
        bans=_YET,
    ),
    Procedure(
        *(MAIDSTONE, "10.2", "nudes", "1 5.1 5.1.1 5.2 6.2 6.3 6.3.1 6.3.2 6.4 6.5 6.6 6.7 6.8 6.9 6.9.1 6.10"),
        *("do:apply_sanction", sanction),
        known={**_OURS, "devices": ["personal"]},
        bans=_IMAGES,
    ),
    Procedure(
        *(MAIDSTONE, "10.3", "grooming", "1 6.2 6.2.1 6.3 6.4 6.5 6.6 6.7 7.1 8 9 10"),
        *("do:risk_assessment", assess_risk),
        known=_UNCLEAR,
        is_between_pupils=False,
        bans=_YET,
    ),
    Procedure(
        *(MAIDSTONE, "10.4", "iioc", "4 5.2 5.3 6.1 6.2 6.3 6.4 7.3 7.4", "refer:iwf", refer),
        known=_MET,
        is_between_pupils=False,
        bans=_IMAGES,
    ),
    # 10.5-3, that it is recorded, was met when it was logged, under the clause that then asked for it.
    Procedure(MAIDSTONE, "10.5", "cyberbullying", "2 4 5 6.2 6.3", "do:contain_spread", tick),
    Procedure(
        *(MAIDSTONE, "10.6", "online_hate", "1 4", "consult:education_safeguarding_service", decline, State.WAIVED),
        known={"crime": "unsure"},
    ),
    Procedure(MAIDSTONE, "10.7", "radicalisation", "1", "consult:prevent", refer, is_between_pupils=False),
]
