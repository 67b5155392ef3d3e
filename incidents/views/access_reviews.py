"""Who may read cases, looked at again and again: the page, that it was looked at, and the list to take away.

It stands in this app because only here is known which cases whoever looks may not learn of.
"""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.operations import access_reviews as operations
from accounts.permissions import Permission
from accounts.queries.access_reviews import Review, earlier_reviews, review_of
from incidents.access import kept_from_ledger
from incidents.forms.access_reviews import ReviewForm

# Once a term or so.
_AGAIN = timedelta(days=90)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.AUDIT_READ)
def detail(request: SchoolRequest) -> HttpResponse:
    """Show who may read cases and what there is to ask; note that it was looked at."""
    review = _review(request)
    today = timezone.localtime(request.at).date()
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"next_on": today + _AGAIN})
    if request.method == "POST" and form.is_valid():
        try:
            operations.mark_reviewed(
                school=request.school, review=review, by=request.user, at=request.at, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("next_on", refusal.sentence)
        else:
            messages.success(request, "It is noted that you looked at this, and when you will look again.")
            return redirect("access-review", school=request.school.slug)
    context = {"review": review, "form": form, "earlier": earlier_reviews(request.school), "today": today}
    return render(request, "incidents/access_reviews/detail.html", context)


@require_POST
@member_view(Permission.AUDIT_READ, fresh=True)
def export(request: SchoolRequest) -> HttpResponse:
    """Take the list away for a spreadsheet."""
    text = operations.as_list(school=request.school, review=_review(request), by=request.user, at=request.at)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    day = timezone.localtime(request.at).date().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="access-{day}.csv"'
    return answer


def _review(request: SchoolRequest) -> Review:
    return review_of(request.school, without=kept_from_ledger(request.access), at=request.at)
