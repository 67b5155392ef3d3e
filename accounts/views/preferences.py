"""How somebody wants to hear of what can wait."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.decorators import SignedInRequest, signed_in_view
from accounts.errors import Refused
from accounts.forms.preferences import PreferenceForm
from accounts.models import Preference
from accounts.operations import preferences as operations


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def preferences(request: SignedInRequest) -> HttpResponse:
    """Show how messages come, and change it."""
    choice = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    form = PreferenceForm(request.POST or None, choice=choice)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_preferences(user=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is saved. What was held back follows your new choice.")
            return redirect("preference-detail")
    return render(request, "accounts/preferences/detail.html", {"form": form})
