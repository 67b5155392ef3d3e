"""Signing in. In a demonstration the page lists the invented people one can sign in as."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts.decorators import public_view
from accounts.queries.demonstration import demo_sign_ins


class SignIn(LoginView):
    """The library's page with the demonstration's sign-ins beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["ended"] = "ended" in self.request.GET
        if settings.DEMONSTRATION:
            context["demo_sign_ins"] = demo_sign_ins(at=self.request.at)
            context["demo_password"] = settings.DEMONSTRATION_PASSWORD
        return context


sign_in = public_view(SignIn.as_view())
