"""Addresses of this app, below /s/<school>/. No name, category or search stands in any of them."""

from django.urls import path

from incidents.views import incidents, notes, obligations, people, questions, reporting, told_concerns, workflow

urlpatterns = [
    path("people/search/", people.search, name="person-search"),
    path("incidents/", incidents.queue, name="incident-list"),
    path("incidents/new/", reporting.report, name="incident-report"),
    path("incidents/drafts/<uuid:draft_id>/", reporting.draft, name="draft-detail"),
    path("incidents/drafts/<uuid:draft_id>/save/", reporting.save, name="draft-save"),
    path("incidents/drafts/<uuid:draft_id>/drop/", reporting.drop, name="draft-drop"),
    path("incidents/told/", told_concerns.listing, name="told-concern-list"),
    path("incidents/told/new/", told_concerns.add, name="told-concern-add"),
    path("incidents/told/<uuid:told_id>/", told_concerns.detail, name="told-concern-detail"),
    path("incidents/told/<uuid:told_id>/write/", told_concerns.write, name="told-concern-write"),
    path("incidents/told/<uuid:told_id>/remind/", told_concerns.remind, name="told-concern-remind"),
    path("incidents/told/<uuid:told_id>/withdraw/", told_concerns.withdraw, name="told-concern-withdraw"),
    path("incidents/mine/", questions.mine, name="my-concerns"),
    path("incidents/mine/<slug:reference>/", questions.my_concern, name="my-concern"),
    path("incidents/mine/<slug:reference>/receipt/", reporting.receipt, name="incident-receipt"),
    path("incidents/mine/<slug:reference>/answers/<uuid:question_id>/", questions.answer, name="question-answer"),
    path("incidents/duties/", obligations.mine, name="obligation-list"),
    path("incidents/duties/<uuid:obligation_id>/", obligations.detail, name="obligation-detail"),
    path("incidents/duties/<uuid:obligation_id>/<slug:deed>/", obligations.settle, name="obligation-settle"),
    path("incidents/<slug:reference>/", incidents.detail, name="incident-detail"),
    path("incidents/<slug:reference>/advance/<slug:status>/", workflow.advance, name="incident-advance"),
    path("incidents/<slug:reference>/owner/", workflow.set_owner, name="owner-set"),
    path("incidents/<slug:reference>/level/", workflow.set_level, name="level-set"),
    path("incidents/<slug:reference>/notes/", notes.add, name="note-add"),
    path("incidents/<slug:reference>/questions/", questions.ask, name="question-ask"),
]
