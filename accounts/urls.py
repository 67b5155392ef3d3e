"""Addresses of this app: signing in and one's own account, and a school's settings."""

from allauth.account import views as account_views
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from accounts.views import (
    absences,
    approvals,
    calendar,
    emergency_access,
    factors,
    login,
    members,
    messages,
    notices,
    preferences,
    profile,
    role_limits,
    second_factor,
    sessions,
)


class LettersAndDigits(StringConverter):
    """A user's id in a link: without a hyphen, since what follows the first one is the key, hyphens and all."""

    regex = "[0-9A-Za-z]+"


register_converter(LettersAndDigits, "letters")

sign_in_urls = [
    path("sign-in/", login.sign_in, name="account_login"),
    path("sign-out/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("invitation-only/", account_views.signup, name="account_signup"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account_views.password_change, name="account_change_password"),
    path("password/set/", account_views.password_set, name="account_set_password"),
    path("password/reset/", account_views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account_views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/<letters:uidb36>-<str:key>/",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", include("allauth.mfa.urls")),
    path("second-factor-needed/", second_factor.second_factor_needed, name="second-factor-needed"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/end/", sessions.end_all, name="sessions-end"),
    path("profile/", profile.profile, name="profile"),
    path("messages/", preferences.preferences, name="preference-detail"),
    path("keepalive/", profile.keepalive, name="session-keepalive"),
]

school_urls = [
    path("members/", members.members, name="member-list"),
    path("members/add/", members.add, name="member-add"),
    path("members/<uuid:membership_id>/end/", members.end, name="member-end"),
    path("members/<uuid:membership_id>/sign-out/", sessions.of_member, name="member-sign-out"),
    path("members/<uuid:membership_id>/absences/", absences.of_member, name="member-absences"),
    path("members/absences/<uuid:absence_id>/end/", absences.end, name="member-absence-end"),
    path("members/roles/", role_limits.listing, name="role-limit-list"),
    path("approvals/", approvals.listing, name="approval-list"),
    path("approvals/<uuid:approval_id>/agree/", approvals.agree, name="approval-agree"),
    path("approvals/<uuid:approval_id>/decline/", approvals.decline, name="approval-decline"),
    path("factors/", factors.listing, name="factor-list"),
    path("factors/lost/", factors.lost, name="factor-lost"),
    path("factors/<uuid:factor_id>/", factors.answer, name="factor-answer"),
    path("absences/", absences.mine, name="absence-list"),
    path("absences/<uuid:absence_id>/end/", absences.end_own, name="absence-end"),
    path("messages/", messages.sent, name="message-list"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<uuid:message_id>/", notices.open_notice, name="notice-open"),
    path("emergency/", emergency_access.overview, name="emergency-access-list"),
    path("emergency/<uuid:emergency_id>/agree/", emergency_access.agree, name="emergency-access-agree"),
    path("emergency/<uuid:emergency_id>/decline/", emergency_access.decline, name="emergency-access-decline"),
    path("emergency/<uuid:emergency_id>/open/", emergency_access.open_alone, name="emergency-access-open"),
    path("emergency/<uuid:emergency_id>/end/", emergency_access.end, name="emergency-access-end"),
    path("calendar/", calendar.calendar, name="calendar-detail"),
    path("calendar/terms/<uuid:term_id>/remove/", calendar.remove_term, name="term-remove"),
    path("calendar/closed-days/<uuid:day_id>/remove/", calendar.remove_closed_day, name="closed-day-remove"),
]
