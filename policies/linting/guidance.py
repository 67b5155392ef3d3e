"""Where a policy is out of date: its own review, and the documents and bodies it relies on."""

import re
from collections.abc import Iterator
from datetime import date

from policies.linting.findings import Finding, FindingKind, Subject
from policies.loading.fields import CurrentSource, MentionSource

_MONTHS = {"year": 12, "term": 4, "month": 1, "week": 0}
_INTERVAL = re.compile(r"(\d+) (year|term|month|week)s?")
# A new edition comes every September; one that is a year and a half old was not the newest for some months.
_YEARLY = frozenset({"kcsie"})
_STALE_MONTHS = 18


def no_retention(subject: Subject) -> Iterator[Finding]:
    """Yield one finding where the policy does not say how long records are kept."""
    if not subject.source.retention:
        text = "Does not say how long records of incidents are kept. No law gives a period, so the school has to."
        yield subject.finding(FindingKind.NO_RETENTION, "", text)


def review_overdue(subject: Subject) -> Iterator[Finding]:
    """Yield one finding where the month of the next review has passed."""
    review = subject.source.review
    due = _due(subject)
    if review and due is not None and due < _month(f"{subject.today:%Y-%m}"):
        year, month = divmod(due, 12)
        text = f"The next review was due by {date(year, month + 1, 1):%B %Y}."
        yield subject.finding(FindingKind.REVIEW_OVERDUE, review.clause, text)


def outdated_guidance(subject: Subject) -> Iterator[Finding]:
    """Yield every mention of a document or body that was superseded, or of which there is a newer edition."""
    current = {one.name: one for layer in subject.below for one in layer.source.current}
    for mention in subject.source.mentions:
        known = current.get(mention.name)
        if known is None:
            continue
        if known.replaced_by:
            text = f"{known.title} was replaced by {known.replaced_by}."
            yield subject.finding(FindingKind.SUPERSEDED_GUIDANCE, mention.clause, text)
        elif _is_older(mention.edition, known.edition) and not _is_to_come(known, subject.today):
            yield _older(subject, mention, known)


def _older(subject: Subject, mention: MentionSource, known: CurrentSource) -> Finding:
    age = _month(subject.pack.edition) - _month(mention.edition)
    is_stale = mention.name in _YEARLY and age >= _STALE_MONTHS
    kind = FindingKind.SUPERSEDED_GUIDANCE if is_stale else FindingKind.NEWER_GUIDANCE
    when = ", out of date when this was written" if is_stale else ""
    text = f"{known.title}: names the edition of {mention.edition}{when}; the newest known here is of {known.edition}."
    return subject.finding(kind, mention.clause, text)


def _due(subject: Subject) -> int | None:
    review = subject.source.review
    if review is None:
        return None
    if review.due:
        return _month(review.due)
    match = _INTERVAL.fullmatch(review.every)
    return _month(subject.pack.edition) + int(match[1]) * _MONTHS[match[2]] if match else None


def _is_older(edition: str, newest: str) -> bool:
    """Say whether an edition is older, as exactly as both are named: 2023 is not older than 2023-12."""
    exact = min(len(edition), len(newest))
    return bool(edition and newest) and edition[:exact] < newest[:exact]


def _is_to_come(known: CurrentSource, today: date) -> bool:
    return known.edition > today.isoformat()


def _month(edition: str) -> int:
    """Return the number of a month, counted from year 0; a year alone counts as its January."""
    year, _, month = edition[:7].partition("-")
    return int(year) * 12 + int(month or 1) - 1
