"""What the linter finds in the five policies, all of it and nothing else, read on one fixed day.

The defects listed for the five are in here; what stands beside them was looked up in each source.
"""

from datetime import date

import pytest

from policies.catalogue import shipped, shipped_ids
from policies.linting import lint

TODAY = date(2026, 11, 20)
WHOLE_POLICY = ""

FOUND: dict[str, dict[str, list[str]]] = {
    "canterbury-cross-2023": {
        # The log is appendix 4, the self-audit 3, the agreement of staff 2, that of pupils 1.
        "dead_reference": [
            *("3.1-5.2", "3.3-7", "3.3-9", "3.4-5", "3.5-3.1", "3.5-3.2", "3.5-6", "3.6-2", "3.7"),
            *("7-1.1", "7-4", "9-6", "12-1"),
        ],
        "missing_lado": ["10-2.1"],
        "missing_route_dsl": ["10-2.1"],
        "missing_route_head": ["10-2.1"],
        "no_retention": [WHOLE_POLICY],
        "repeated_clause": ["3.3-14"],
        "review_overdue": ["12-2.1"],
    },
    "junior-kings-canterbury-2023": {
        "empty_section": ["staff-flow-chart-for-concerns", "student-flow-chart-for-concerns"],
        # The online safety policy sends misuse by staff to discipline and names no designated officer either.
        "missing_lado": ["reporting-a-concern-about-a-student-5"],
        "missing_route_dsl": ["reporting-a-concern-about-a-student-5"],
        "missing_route_head": ["reporting-a-concern-about-a-student-5"],
        "newer_guidance": ["policy-aims"],
        "no_retention": [WHOLE_POLICY],
        "two_lists_of_categories": ["managing-online-safety-outside-of-school"],
    },
    "kingsmeadow-2019": {
        # "Differentiates which incidents are to be reported": to social care, to the police and to the LADO.
        "looser_than_floor": ["designated-safeguarding-lead"] * 3,
        "missing_route_dsl": ["designated-safeguarding-lead"],
        "missing_route_head": ["designated-safeguarding-lead"],
        "newer_guidance": ["documents-to-be-referred-to-1"],
        "no_retention": [WHOLE_POLICY],
        "review_overdue": ["reviewing-and-evaluating-online-safety-and-ensuring-good-practice-10"],
        "superseded_guidance": ["documents-to-be-referred-to-2"],
    },
    "maidstone-grammar-2020": {
        # 1: the DSL and the Bursar; 9.2: the Headmaster; 10.4: the Headmaster "and / or" the DSL.
        "contradictory_routes": ["9.2-1", "10.4-8.1"],
        # Section 5 sends the reader to 11 for personal data, which is 13.
        "dead_reference": ["5-6"],
        "looser_than_floor": ["9-7", "10.3-6.3"],
        "missing_route_dsl": ["1-5.3"],
        "missing_route_head": ["1-5.3"],
        "newer_guidance": [
            "10.1-1",
            "online-safety-policy-january-2020.2",
            *["online-safety-policy-january-2020.4"] * 2,
        ],
        "no_retention": [WHOLE_POLICY],
        "review_overdue": ["13-11"],
        "superseded_guidance": ["10.1-1"],
    },
    "shipbourne-2018": {
        "missing_route_dsl": ["10.2-1"],
        "missing_route_head": ["10.2-1"],
        "newer_guidance": ["1", "1", "11.1-1"],
        "no_retention": [WHOLE_POLICY],
        # 2.2 has no 2.1 before it; 7.3.2 is followed by 7.3.4.
        "numbering_gap": ["2.2", "7.3.4"],
        "removed_section": ["7.9", "7.10", "8.4"],
        "review_overdue": ["3-1"],
        "several_holders": ["4.2"],
        # The Safeguarding Children Board six times; in 11.1-1 advice that is part of another document now.
        "superseded_guidance": ["1", "10.1-2", "11.1-1", "11.2-2", "11.2-7.1", "11.3-6.1", "11.4-5.1"],
    },
}


def found(pack_id: str) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for finding in lint(shipped(pack_id), TODAY):
        by_kind.setdefault(finding.kind.value, []).append(finding.clause)
    return by_kind


@pytest.mark.parametrize("pack_id", sorted(FOUND))
def test_a_policy_has_these_findings_and_no_others(pack_id: str) -> None:
    assert found(pack_id) == FOUND[pack_id]


@pytest.mark.parametrize("pack_id", sorted(set(shipped_ids()) - set(FOUND)))
def test_what_is_ours_has_no_findings(pack_id: str) -> None:
    assert found(pack_id) == {}


@pytest.mark.parametrize("pack_id", sorted(FOUND))
def test_every_finding_stands_on_something_that_is_in_the_pack(pack_id: str) -> None:
    source = shipped(pack_id).source
    places = {clause.id for clause in source.clauses} | {section.id for section in source.sections}

    findings = lint(shipped(pack_id), TODAY)

    assert [finding.clause for finding in findings if finding.clause and finding.clause not in places] == []
    assert [finding.text for finding in findings if not finding.text.endswith(".")] == []
