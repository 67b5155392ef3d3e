"""A small pack in which everything is right, and the ways to break it."""

from dataclasses import dataclass

from policies.engine.capabilities import HOLDS_CASES
from policies.engine.facts import FACT_NAMES, MOMENTS
from policies.engine.vocabulary import CAPABILITIES, Agency, Deed, IncidentType, Kind, OwnerRole

FILE = "oakfield-2026.yaml"
SOUND = """\
pack: oakfield-2026
title: Online safety policy
edition: 2026-09
layer: school
source: {document: oakfield-2026.md, date: 2026-09}
extends: [england-statutory]
grace: 60
review: {every: 1 year, due: 2027-09, triggers: [new_guidance], clause: "3-1"}
retention: Until the pupil is 25, then reviewed.
taxonomy: {categories: [content, contact, conduct], maps: {commerce: content}, clause: "1"}
also_categories:
  - {categories: [content, contact, conduct, commerce], clause: "1"}
roles:
  - {key: governors, title: Governing body}
  - {key: headteacher, title: Headmaster, answers_to: governors, clause: "2-1"}
  - {key: dsl, title: Designated Safeguarding Lead, answers_to: headteacher, deputies: [deputy_dsl],
     clause: "2-2", may: [incident.log, incident.read]}
sections:
  - {id: "1", title: Aims}
  - {id: "2", title: Roles}
references:
  - {clause: "2-1", to: "1", really: "1", about: aims}
mentions:
  - {clause: "1", name: kcsie, edition: 2025-09}
clauses:
  - {id: "2-1", says: The head answers for this policy., met: enforced}
  - {id: "2-2", says: The lead receives every concern., met: enforced}
  - {id: "2-3", says: A device with such an image is kept safe., met: enforced}
  - {id: "3-1", says: This policy is reviewed every year., met: recorded}
  - {id: "3-2", says: Everybody signs for fair use., met: recorded}
  - {id: "3-3", says: Everybody is trained., met: recorded}
  - {id: "3-4", says: Pupils are kind to each other., met: guidance}
  - {id: "3-5", says: The county keeps its own list., met: outside, reason: The county does that.}
  - {id: "3-6", says: Searches are written down., met: recorded, by: ["register:searches"]}
rules:
  - id: tell-the-lead
    clause: "2-2"
    when: {not: {types: staff_misuse}}
    then:
      - {notify: dsl, any_of: [deputy_dsl, dsl], owner: reporter, within: immediately}
  - id: nudes-device
    clause: "2-3"
    when: {all: [{types: {any: [nudes, iioc]}}, {devices: {not: []}}]}
    then:
      - {do: store_device_securely, owner: dsl, within: 24h}
      - {restrict: [dsl, headteacher]}
      - {do: delete_copies, after: "do:confirm_deletion_allowed", clause: "2-2"}
duties:
  - {key: policy-review, do: update_policy, owner: dsl, every: 1 year, clause: "3-1", evidence: approved version}
escalation:
  - {when: missed, after: 4h, notify: answers_to, clause: "2-1"}
agreements:
  - {kind: acceptable_use, audience: [staff, pupils], renew: 1 year, clause: "3-2"}
training:
  - {kind: online_safety, audience: [staff], every: 1 year, clause: "3-3"}
"""

ROLES = ", ".join(OwnerRole)
HOLDERS = ", ".join(HOLDS_CASES)
TOLD = ", ".join(role for role in OwnerRole if role not in (OwnerRole.EVERYONE, OwnerRole.REPORTER))
AGENCIES = ", ".join(Agency)
DEEDS = ", ".join(Deed)
TYPES = ", ".join(IncidentType)
KINDS = ", ".join(Kind)
POWERS = ", ".join(sorted(CAPABILITIES))
FACTS = ", ".join(name for name in FACT_NAMES if name not in MOMENTS)


@dataclass(frozen=True)
class Broken:
    """A way to break the sound pack: what is written instead of what, and everything that is then said of it."""

    name: str
    edits: dict[str, str]
    said: list[str]

    @property
    def text(self) -> str:
        """The text of the broken pack."""
        text = SOUND
        for old, new in self.edits.items():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the sound pack"
            text = text.replace(old, new)
        return text


def broken(name: str, old: str, new: str, *said: str) -> Broken:
    """Return a pack that is broken in one place."""
    return Broken(name, {old: new}, list(said))
