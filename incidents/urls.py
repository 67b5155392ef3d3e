"""Addresses of this app, below /s/<school>/. No name, category or search stands in any of them."""

from django.urls import path

from incidents.views import incidents, notes, people, questions, reporting, workflow

urlpatterns = [
    path("people/search/", people.search, name="person-search"),
    path("incidents/", incidents.queue, name="incident-list"),
    path("incidents/new/", reporting.report, name="incident-report"),
    path("incidents/drafts/<uuid:draft_id>/", reporting.draft, name="draft-detail"),
    path("incidents/drafts/<uuid:draft_id>/save/", reporting.save, name="draft-save"),
    path("incidents/drafts/<uuid:draft_id>/drop/", reporting.drop, name="draft-drop"),
    path("incidents/mine/", questions.mine, name="my-concerns"),
    path("incidents/mine/<slug:reference>/", questions.my_concern, name="my-concern"),
    path("incidents/mine/<slug:reference>/receipt/", reporting.receipt, name="incident-receipt"),
    path("incidents/mine/<slug:reference>/answers/<uuid:question_id>/", questions.answer, name="question-answer"),
    path("incidents/<slug:reference>/", incidents.detail, name="incident-detail"),
    path("incidents/<slug:reference>/advance/<slug:status>/", workflow.advance, name="incident-advance"),
    path("incidents/<slug:reference>/owner/", workflow.set_owner, name="owner-set"),
    path("incidents/<slug:reference>/level/", workflow.set_level, name="level-set"),
    path("incidents/<slug:reference>/notes/", notes.add, name="note-add"),
    path("incidents/<slug:reference>/questions/", questions.ask, name="question-ask"),
]
