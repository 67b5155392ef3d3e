"""Each thing the linter finds, in a policy that is clean but for it."""

from datetime import date

import pytest

from policies.catalogue import parse_catalogued
from policies.linting import Finding, FindingKind, lint
from tests.policies.linting.clean import CLEAN, FLOOR, TODAY, changed, findings

KCSIE = "Keeping children safe in education"
_SERIOUS = "route: staff_misuse, when: {serious: true}, then: [{notify: headteacher}]"
_NO_LADO = "Misuse by a member of staff never leads to the local authority designated officer (LADO)."
_NO_HEAD = "Does not say who receives an allegation about the headteacher."
_NO_DSL = "Does not say who receives an allegation about the Designated Safeguarding Lead."
_PARENTS = "“Tell the parents or carers” is only to be considered; floor (parents) requires it and wins."
_PERHAPS = "{inform_parents: parents, strength: consider}"
_TWO_ROUTES = "Sends a concern about a member of staff to"
_CASES = [
    (
        "a reference to another part than the one it means",
        {'to: "1", really: "1", about: form': 'to: "5", really: "1", about: form'},
        ("1-1", "dead_reference", "Sends the reader to 5 for the form, which is in 1."),
    ),
    (
        "a reference to a part that is not there",
        {'to: "2.2", about: staff': 'to: "2.3", about: staff'},
        ("2-1", "dead_reference", "Sends the reader to 2.3 for the staff, which is not in this policy."),
    ),
    (
        "a heading out of order",
        {'{id: "2.2", title: Staff}': '{id: "2.3", title: Staff}', 'to: "2.2"': 'to: "2.3"'},
        ("2.3", "numbering_gap", "2.3 follows 2.1. There is no 2.2."),
    ),
    (
        "a part that does not begin with its first heading",
        {'  - {id: "2.1", title: Concerns}\n': ""},
        ("2.2", "numbering_gap", "2.2 is the first of its part. There is no 2.1."),
    ),
    (
        "a heading whose text was taken out",
        {'{id: "3", title: Records}': '{id: "3", title: Records, state: removed}'},
        ("3", "removed_section", "“Records” is listed, and its text was taken out."),
    ),
    (
        "a heading with nothing under it",
        {'{id: "3", title: Records}': '{id: "3", title: Records, state: empty}'},
        ("3", "empty_section", "Nothing stands under the heading “Records”."),
    ),
    (
        "a clause that stands twice",
        {"says: Serious misuse goes to the head as well.,": 'says: Misuse goes to the head., repeats: "2.2-1",'},
        ("2.2-3", "repeated_clause", "Says again what 2.2-1 says. Keep one of them."),
    ),
    (
        "two lists of categories",
        {"[conduct, contact, content]": "[content, contact, conduct, commerce]"},
        (
            "2-1",
            "two_lists_of_categories",
            "Lists content, contact, conduct, commerce as the kinds of risk; elsewhere content, contact, conduct.",
        ),
    ),
    (
        "a second list of categories in the source's own words",
        {"[conduct, contact, content]": "[content, contact, conduct], words: [content, contact, culture]"},
        (
            "2-1",
            "two_lists_of_categories",
            "Lists content, contact, culture as the kinds of risk; elsewhere content, contact, conduct.",
        ),
    ),
    (
        "two people of whom the policy speaks as one",
        {"answers_to: headteacher, clause": 'answers_to: headteacher, holders: "2", clause'},
        (
            "2-1",
            "several_holders",
            "Names 2 people as Designated Safeguarding Lead and goes on to say “the Designated Safeguarding Lead”."
            " Say who does what.",
        ),
    ),
    (
        "two routes for one concern",
        {_SERIOUS: "route: staff_misuse, when: {serious: true}, then: [{notify: bursar}]"},
        (
            "2.2-3",
            "contradictory_routes",
            f"{_TWO_ROUTES} the bursar; in 2.2-1 to the headteacher. Both are followed until one is changed.",
        ),
    ),
    (
        "a route that leaves a choice",
        {
            _SERIOUS: "route: staff_possession, when: {staff_possession: true},"
            " then: [{notify: headteacher, any_of: [dsl, headteacher]}]"
        },
        (
            "2.2-3",
            "contradictory_routes",
            f"{_TWO_ROUTES} the Designated Safeguarding Lead or the headteacher; in 2.2-1 to the headteacher."
            " Both are followed until one is changed.",
        ),
    ),
    (
        "nobody named for the head",
        {"when: {alleged: headteacher}": "when: {alleged: pupil}"},
        ("2.2-1", "missing_route_head", _NO_HEAD),
    ),
    (
        "the head told of the head",
        {"notify: chair_of_governors": "notify: headteacher"},
        ("2.2-1", "missing_route_head", _NO_HEAD),
    ),
    (
        "the head as one of the staff",
        {"when: {alleged: headteacher}": "when: {alleged: {any: [staff, headteacher]}}"},
        ("2.2-1", "missing_route_head", _NO_HEAD),
    ),
    (
        "nobody named for the lead",
        {"{any: [dsl, deputy_dsl]}": "{any: [deputy_dsl]}"},
        ("2.2-1", "missing_route_dsl", _NO_DSL),
    ),
    (
        "the lead asked about the lead",
        {"{refer: lado, owner: headteacher}": "{refer: lado, owner: dsl}"},
        ("2.2-1", "missing_route_dsl", _NO_DSL),
    ),
    (
        "misuse without the LADO",
        {
            ", {consult: lado, owner: headteacher}": "",
            "when: {alleged: {any: [dsl, deputy_dsl]}}": "when: {all: [{alleged: dsl}, {types: iioc}]}",
        },
        ("2.2-1", "missing_lado", _NO_LADO),
    ),
    (
        "no word on keeping records",
        {"retention: Until the pupil is 25, then reviewed.\n": ""},
        (
            "",
            "no_retention",
            "Does not say how long records of incidents are kept. No law gives a period, so the school has to.",
        ),
    ),
    (
        "a review that is past",
        {"due: 2026-11": "due: 2026-10"},
        ("1-1", "review_overdue", "The next review was due by October 2026."),
    ),
    (
        "a yearly review after an old edition",
        {"every: 1 year, due: 2026-11": "every: 2 terms", "edition: 2026-09": "edition: 2026-02"},
        ("1-1", "review_overdue", "The next review was due by October 2026."),
    ),
    (
        "guidance out of date when the policy was written",
        {"name: kcsie, edition: 2025-09": "name: kcsie, edition: 2025-03"},
        (
            "1-1",
            "superseded_guidance",
            f"{KCSIE}: names the edition of 2025-03, out of date when this was written;"
            " the newest known here is of 2025-09.",
        ),
    ),
    (
        "guidance of which there is a newer edition",
        {"name: kcsie, edition: 2025-09": "name: kcsie, edition: 2025-04"},
        ("1-1", "newer_guidance", f"{KCSIE}: names the edition of 2025-04; the newest known here is of 2025-09."),
    ),
    (
        "old guidance that does not come out every year",
        {"name: nudes_advice, edition: 2024": "name: nudes_advice, edition: 2016-08"},
        (
            "2-1",
            "newer_guidance",
            "Sharing nudes and semi-nudes: names the edition of 2016-08; the newest known here is of 2024-03.",
        ),
    ),
    (
        "a body that is no more",
        {"name: something_local, edition: 1999-01": "name: board"},
        ("2-1", "superseded_guidance", "Safeguarding Children Board was replaced by the safeguarding partners."),
    ),
    (
        "less than the floor",
        {"{inform_parents: parents}": _PERHAPS},
        ("3-1", "looser_than_floor", f"Where it is nude or semi-nude images of a pupil: {_PARENTS}"),
    ),
    (
        "later than the floor",
        {"{refer: police, within: immediately}": "{refer: police, within: 24h}"},
        (
            "3-1",
            "looser_than_floor",
            "Where it is nude or semi-nude images of a pupil: “Refer to the police (101)” is due within 24h;"
            " floor (police) says immediately and wins.",
        ),
    ),
    (
        "less than the floor in one of several cases",
        {"when: {types: nudes}": "when: {types: {any: [iioc, nudes]}}", "{inform_parents: parents}": _PERHAPS},
        ("3-1", "looser_than_floor", f"Where it is nude or semi-nude images of a pupil: {_PARENTS}"),
    ),
]


def told(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.clause, finding.kind.value, finding.text) for finding in found]


def test_a_clean_policy_has_no_findings() -> None:
    assert findings() == []


@pytest.mark.parametrize(("edits", "found"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_what_is_wrong_is_found_and_nothing_else(edits: dict[str, str], found: tuple[str, str, str]) -> None:
    assert told(findings(changed(edits))) == [found]


def test_every_kind_of_finding_has_its_case() -> None:
    assert {found[1] for *_, found in _CASES} == {kind.value for kind in FindingKind}


_POLICE = "{refer: police, within: immediately}"
_RIGHT = [
    (
        "routes that never meet",
        {_SERIOUS: "route: staff_misuse, when: {not: {types: staff_misuse}}, then: [{notify: bursar}]"},
    ),
    ("a route without receivers", {_SERIOUS: "route: staff_misuse, when: {serious: true}, then: [{do: debrief}]"}),
    ("another question", {_SERIOUS: "route: pupil_concern, when: {serious: true}, then: [{notify: dsl}]"}),
    ("silence on time", {_POLICE: "{refer: police}"}),
    ("stricter elsewhere in the same policy", {_POLICE: f"{{refer: police, strength: consider}}, {_POLICE}"}),
    ("a restriction", {"{restrict: [dsl]}": "{restrict: [dsl, headteacher]}"}),
    ("the LADO by referral", {"{consult: lado, owner: headteacher}": "{refer: lado, owner: headteacher}"}),
    (
        "two people, of whom nobody speaks as one",
        {
            "says: The DSL receives": "says: Somebody receives",
            "title: Designated Safeguarding Lead": 'holders: "2", title: DSL',
        },
    ),
    (
        "the same categories in the same words, otherwise written",
        {"[conduct, contact, content]": "[conduct, contact, content], words: [Conduct, Contact, Content]"},
    ),
    ("a review to come", {"due: 2026-11": "due: 2031-01"}),
    ("a review that is never due", {"every: 1 year, due: 2026-11, ": ""}),
]


@pytest.mark.parametrize("edits", [case[1] for case in _RIGHT], ids=[case[0] for case in _RIGHT])
def test_what_is_right_is_left_alone(edits: dict[str, str]) -> None:
    assert told(findings(changed(edits))) == []


def test_only_a_school_s_own_policy_is_judged() -> None:
    floor = parse_catalogued(FLOOR, file="floor.yaml")

    assert lint(floor, TODAY, []) == []
    assert (
        lint(parse_catalogued(CLEAN.replace("layer: school", "layer: partnership"), file="x.yaml"), TODAY, [floor])
        == []
    )


def test_a_duty_only_the_floor_asks_for_is_no_finding() -> None:
    silent = changed({"{inform_parents: parents}, ": ""})

    assert told(findings(silent)) == []


def test_findings_depend_on_the_day_they_are_read() -> None:
    assert told(findings(today=date(2026, 12, 1))) == [
        ("1-1", "review_overdue", "The next review was due by November 2026.")
    ]
    assert [kind for _, kind, _ in told(findings(today=date(2027, 1, 1)))] == ["review_overdue", "newer_guidance"]


def test_findings_come_in_the_order_people_count() -> None:
    sections = "".join(f'  - {{id: "{number}", title: T, state: empty}}\n' for number in ("10", "9", "9.2", "9.1"))
    found = findings(CLEAN.replace("  - {id: appendix-1, title: Form}\n", sections))

    assert [finding.clause for finding in found if finding.kind is FindingKind.EMPTY_SECTION] == [
        "9",
        "9.1",
        "9.2",
        "10",
    ]


def test_a_finding_is_printed_in_four_words() -> None:
    (found,) = findings(changed({"due: 2026-11": "due: 2026-10"}))

    assert found.as_json() == {
        "pack": "hazel-2026",
        "clause": "1-1",
        "kind": "review_overdue",
        "text": "The next review was due by October 2026.",
    }
