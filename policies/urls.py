"""Addresses of this app: the school's policy, its adoption, and what it would ask for."""

from django.urls import path

from policies.views import adoptions, packs, what_if

urlpatterns = [
    path("packs/", packs.detail, name="pack-detail"),
    path("packs/layers/", packs.layers, name="pack-layers"),
    path("packs/findings/", packs.findings, name="pack-findings"),
    path("packs/adoptions/", adoptions.adoptions, name="adoption-list"),
    path("packs/adoptions/<uuid:adoption_id>/withdraw/", adoptions.withdraw, name="adoption-withdraw"),
    path("what-if/", what_if.what_if, name="what-if"),
]
