"""The site map."""

from django.urls import include, path

from accounts.urls import school_urls, sign_in_urls
from incidents.views import feeds
from safeguarding import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("calendar/<slug:token>.ics", feeds.calendar, name="duty-calendar"),
    path("account/", include(sign_in_urls)),
    path("s/<slug:school>/", views.school_home, name="school-home"),
    path("s/<slug:school>/registers/", views.registers, name="register-list"),
    path("s/<slug:school>/", include("incidents.urls")),
    path("s/<slug:school>/policies/", include("policies.urls")),
    path("s/<slug:school>/settings/", include(school_urls)),
]
