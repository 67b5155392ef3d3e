"""A small policy about which there is nothing to say, and the floor it stands on."""

from datetime import date

from policies.catalogue import parse_catalogued
from policies.linting import Finding, lint

TODAY = date(2026, 11, 20)
FLOOR = """\
pack: floor
title: The floor
edition: 2025-09
layer: floor
current:
  - {name: kcsie, title: Keeping children safe in education, edition: 2025-09}
  - {name: nudes_advice, title: Sharing nudes and semi-nudes, edition: 2024-03}
  - {name: board, title: Safeguarding Children Board, replaced_by: the safeguarding partners}
  - {name: next_year, title: Guidance that is to come, edition: 2027-01}
clauses:
  - {id: parents, says: Parents are told., met: enforced}
  - {id: police, says: The police are told., met: enforced}
rules:
  - id: nudes
    clause: parents
    when: {types: nudes}
    then:
      - {inform_parents: parents, unless: parents_unsafe_to_tell}
      - {refer: police, owner: dsl, within: immediately, clause: police}
      - {forbid: view_imagery, owner: everyone}
      - {restrict: [dsl, headteacher]}
  - id: danger
    clause: police
    when: {all: [{types: cyberbullying}, {immediate_danger: true}]}
    then:
      - {refer: childrens_social_care, owner: dsl, within: immediately}
"""
CLEAN = """\
pack: hazel-2026
title: Online safety policy
edition: 2026-09
layer: school
extends: [floor]
review: {every: 1 year, due: 2026-11, clause: "1-1"}
retention: Until the pupil is 25, then reviewed.
taxonomy: {categories: [content, contact, conduct], clause: "1-1"}
also_categories:
  - {categories: [conduct, contact, content], clause: "2-1"}
roles:
  - {key: dsl, title: Designated Safeguarding Lead, answers_to: headteacher, clause: "2-1"}
sections:
  - {id: "1", title: Aims}
  - {id: "2", title: Procedures}
  - {id: "2.1", title: Concerns}
  - {id: "2.2", title: Staff}
  - {id: "3", title: Records}
  - {id: appendix-1, title: Form}
references:
  - {clause: "1-1", to: "1", really: "1", about: form}
  - {clause: "2-1", to: "2.2", about: staff}
mentions:
  - {clause: "1-1", name: kcsie, edition: 2025-09}
  - {clause: "1-1", name: kcsie}
  - {clause: "2-1", name: nudes_advice, edition: 2024}
  - {clause: "2-1", name: next_year, edition: 2020-01}
  - {clause: "2-1", name: something_local, edition: 1999-01}
clauses:
  - {id: "1-1", says: This policy is reviewed every year., met: recorded}
  - {id: "2-1", says: The DSL receives every concern., met: enforced}
  - {id: "2.2-1", says: Staff misuse goes to the head., met: enforced}
  - {id: "2.2-2", says: "Who is told of the head, and who of the lead.", met: enforced}
  - {id: "2.2-3", says: Serious misuse goes to the head as well., met: enforced}
  - {id: "3-1", says: Parents and the police are told., met: enforced}
rules:
  - id: staff-misuse
    clause: "2.2-1"
    route: staff_misuse
    when: {types: staff_misuse}
    then: [{notify: headteacher, owner: reporter}, {consult: lado, owner: headteacher}]
  - id: about-the-head
    clause: "2.2-2"
    when: {alleged: headteacher}
    then: [{notify: chair_of_governors}]
  - id: about-the-lead
    clause: "2.2-2"
    when: {alleged: {any: [dsl, deputy_dsl]}}
    then: [{refer: lado, owner: headteacher}]
  - {id: serious-misuse, clause: "2.2-3", route: staff_misuse, when: {serious: true}, then: [{notify: headteacher}]}
  - id: nudes
    clause: "3-1"
    when: {types: nudes}
    then: [{inform_parents: parents}, {refer: police, within: immediately}, {restrict: [dsl]}]
  - id: bullying
    clause: "3-1"
    when: {types: cyberbullying}
    then: [{refer: childrens_social_care, strength: consider}]
"""


def findings(text: str = CLEAN, *, floor: str = FLOOR, today: date = TODAY) -> list[Finding]:
    """Return what the linter finds about a policy on the floor."""
    pack = parse_catalogued(text, file="hazel-2026.yaml")
    return lint(pack, today, [parse_catalogued(floor, file="floor.yaml")])


def changed(edits: dict[str, str], text: str = CLEAN) -> str:
    """Return the text with each passage, which stands in it once, replaced."""
    for old, new in edits.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text
