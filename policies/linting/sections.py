"""Where the document itself is broken: headings without text, numbers that are skipped, ways that lead nowhere."""

import re
from collections.abc import Iterator

from policies.linting.findings import Finding, FindingKind, Subject
from policies.loading.fields import ReferenceSource

_NUMBERED = re.compile(r"(?:(\d+(?:\.\d+)*)\.)?(\d+)")


def dead_references(subject: Subject) -> Iterator[Finding]:
    """Yield every place that sends its reader to a part that is elsewhere, was taken out or is not there."""
    for reference in subject.source.references:
        wrong = _wrong(subject, reference)
        if wrong:
            text = f"Sends the reader to {reference.to} for the {reference.about}, {wrong}."
            yield subject.finding(FindingKind.DEAD_REFERENCE, reference.clause, text)


def _wrong(subject: Subject, reference: ReferenceSource) -> str:
    if reference.really and reference.really != reference.to:
        return f"which is in {reference.really}"
    states = {section.id: section.state for section in subject.source.sections}
    place = next((one for one in (reference.to, f"appendix-{reference.to}") if one in states), None)
    if place is None:
        return "" if reference.really else "which is not in this policy"
    return "which was taken out" if states[place] == "removed" else ""


def numbering_gaps(subject: Subject) -> Iterator[Finding]:
    """Yield every numbered heading that does not follow the one before it under the same heading."""
    last: dict[str, int] = {}
    for section in subject.source.sections:
        match = _NUMBERED.fullmatch(section.id)
        if match is None:
            continue
        above, number = match[1] or "", int(match[2])
        before = last.get(above, 0)
        if number != before + 1:
            follows = f"follows {_joined(above, before)}" if before else "is the first of its part"
            text = f"{section.id} {follows}. There is no {_joined(above, before + 1)}."
            yield subject.finding(FindingKind.NUMBERING_GAP, section.id, text)
        last[above] = number


def _joined(above: str, number: int) -> str:
    return f"{above}.{number}" if above else str(number)


def removed_sections(subject: Subject) -> Iterator[Finding]:
    """Yield every heading that is still listed although its text was taken out."""
    for section in subject.source.sections:
        if section.state == "removed":
            text = f"“{section.title}” is listed, and its text was taken out."
            yield subject.finding(FindingKind.REMOVED_SECTION, section.id, text)


def empty_sections(subject: Subject) -> Iterator[Finding]:
    """Yield every heading with nothing under it."""
    for section in subject.source.sections:
        if section.state == "empty":
            text = f"Nothing stands under the heading “{section.title}”."
            yield subject.finding(FindingKind.EMPTY_SECTION, section.id, text)
