"""Addresses of the floor."""

from django.urls import path

from bench.floor import views

urlpatterns = [
    path("healthz", views.alive),
    path("account/login/", views.alive, name="account_login"),
    path("bare/", views.bare),
    path("<slug:school>/queue/", views.queue),
    path("<slug:school>/status/", views.by_status),
    path("<slug:school>/detail/<slug:reference>/", views.detail),
    path("<slug:school>/create/", views.create),
]
