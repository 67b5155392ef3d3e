"""Addresses of this app: the school's policy, its adoption, what it would ask for, and the duties of the school."""

from django.urls import path

from policies.views import adoptions, duties, feeds, packs, what_if

urlpatterns = [
    path("packs/", packs.detail, name="pack-detail"),
    path("packs/layers/", packs.layers, name="pack-layers"),
    path("packs/findings/", packs.findings, name="pack-findings"),
    path("packs/adoptions/", adoptions.adoptions, name="adoption-list"),
    path("packs/adoptions/<uuid:adoption_id>/withdraw/", adoptions.withdraw, name="adoption-withdraw"),
    path("what-if/", what_if.what_if, name="what-if"),
    path("duties/", duties.duties, name="duty-list"),
    path("duties/<uuid:duty_id>/", duties.duty, name="duty-detail"),
    path("duties/<uuid:duty_id>/done/", duties.done, name="duty-done"),
    path("duties/<uuid:duty_id>/waive/", duties.waive, name="duty-waive"),
    path("duties/calendar/", feeds.feed, name="feed-detail"),
    path("duties/calendar/make/", feeds.make, name="feed-make"),
    path("duties/calendar/end/", feeds.end, name="feed-end"),
]
