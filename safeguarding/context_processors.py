"""What every page knows: the school, the user's role and menu, and whether this is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import heartbeats
from safeguarding.nav import menu_for, role_titles


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the page's frame."""
    access = getattr(request, "access", None)
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "at": getattr(request, "at", None),
        "demonstration": settings.DEMONSTRATION,
        "second_factor_skipped": not settings.SECOND_FACTOR_REQUIRED,
        # Whoever relies on deadlines has to know that nobody keeps them.
        "sweep_is_late": bool(user and user.is_authenticated and sweep_is_late()),
        "idle_minutes": int(settings.IDLE_LIMIT.total_seconds() // 60),
    }
    if access is not None:
        match = request.resolver_match
        context |= {
            "access": access,
            "emergency_until": access.emergency_until,
            "school": access.school,
            "role_title": role_titles(access),
            "menu": menu_for(access, match.url_name or "" if match else ""),
        }
    return context


def sweep_is_late() -> bool:
    """Say whether nobody watches the deadlines; asks the database four times a minute at most."""
    return heartbeats.is_late(f"{heartbeats.DUTIES}:timer")
