"""What a pack's fields say is checked against the contract and against the pack itself."""

import pytest

from policies.engine.vocabulary import IncidentType
from policies.errors import PackInvalid
from policies.loading import parse_pack
from policies.loading.means import LIMITS, REGISTERS
from tests.policies.loading.sound import FILE, POWERS, ROLES, SOUND, TOLD, Broken, broken

_EVERY = "Allowed: a number of years, terms, months or weeks, such as 1 year or 2 terms."
_DUTY = "{key: policy-review, do: update_policy, owner: dsl, every: 1 year"
_BY = (
    "rule:…, duty:…, agreement:…, training:…, role:…, capability:…, register:…, page:…, limit:…, escalation:…, "
    "closing:…, review:…"
)


def gives(role: str, *capabilities: str) -> str:
    return f"{{key: {role}, title: Somebody, may: [{', '.join(capabilities)}]}}"


GOVERNORS = "{key: governors, title: Governing body}"
BROKEN = [
    # Clauses and what stands on them
    broken("two clauses of one id", 'id: "3-5"', 'id: "3-4"', "clauses[3-4]: stands 2 times. Keep one of them."),
    broken(
        "two rules of one id",
        "id: nudes-device",
        "id: tell-the-lead",
        "rules[tell-the-lead]: stands 2 times. Keep one of them.",
    ),
    broken(
        "a closing of what there is not",
        "grace: 60",
        'closing: {second_person: [danger, gravest], clause: "2-1"}',
        "closing.second_person: cannot hold 'gravest'. Allowed: danger, high, standard, low, "
        + ", ".join(kind.value for kind in IncidentType)
        + ".",
    ),
    broken(
        "a closing that cites nothing",
        "grace: 60",
        "closing: {second_person: [nudes]}",
        "closing: cites no clause. Name the clause it stands on.",
    ),
    broken(
        "a closing on a clause that is not there",
        "grace: 60",
        'closing: {second_person: [nudes], clause: "9"}',
        "closing: cites the clause '9', which is not in this pack.",
    ),
    broken("a role twice", "key: governors", "key: dsl", "roles[dsl]: stands 2 times. Keep one of them."),
    broken(
        "a section twice",
        '{id: "2", title: Roles}',
        '{id: "1", title: Roles}',
        "sections[1]: stands 2 times. Keep one of them.",
    ),
    broken("a layer twice", "[england-statutory]", "[kent, kent]", "extends[kent]: stands 2 times. Keep one of them."),
    broken(
        "a clause met in a way that there is not",
        "says: Pupils are kind to each other., met: guidance",
        "says: Pupils are kind to each other., met: mostly",
        "clauses[3-4].met: cannot be 'mostly'. Allowed: enforced, recorded, guidance, outside.",
    ),
    broken(
        "enforced by nothing",
        "says: Pupils are kind to each other., met: guidance",
        "says: Pupils are kind to each other., met: enforced",
        "clauses[3-4]: is said to be enforced, and nothing in this pack does it. Name what does under `by`.",
    ),
    broken(
        "recorded by nothing",
        'met: recorded, by: ["register:searches"]',
        "met: recorded",
        "clauses[3-6]: is said to be recorded, and nothing in this pack does it. Name what does under `by`.",
    ),
    broken(
        "outside without a reason",
        ", reason: The county does that.",
        "",
        "clauses[3-5]: lies outside the system and gives no reason. Say why under `reason`.",
    ),
    broken(
        "met by something of no kind",
        '["register:searches"]',
        '["the searches"]',
        f"clauses[3-6].by: cannot hold 'the searches'. Allowed: {_BY}.",
    ),
    broken(
        "met by a rule that is not there",
        '["register:searches"]',
        '["rule:search"]',
        "clauses[3-6].by: names the rule 'search', which is not in this pack.",
    ),
    broken(
        "met by a record that there is not",
        "register:searches",
        "register:unicorns",
        f"clauses[3-6].by: names the register 'unicorns'. Allowed: {', '.join(REGISTERS)}.",
    ),
    broken(
        "met by a limit that there is not",
        "register:searches",
        "limit:anything",
        f"clauses[3-6].by: names the limit 'anything'. Allowed: {', '.join(LIMITS)}.",
    ),
    broken(
        "met by a page that there is not",
        "register:searches",
        "page:x",
        "clauses[3-6].by: names the page 'x'. Allowed: our_policy, public_help, report_concern.",
    ),
    broken(
        "met by a record in other letters",
        "register:searches",
        "register:Searches",
        f"clauses[3-6].by: names the register 'Searches'. Allowed: {', '.join(REGISTERS)}.",
    ),
    broken(
        "met by an escalation that is not there",
        "register:searches",
        "escalation:headteacher",
        "clauses[3-6].by: names the escalation 'headteacher', which is not in this pack.",
    ),
    broken(
        "met by a review of something else",
        "register:searches",
        "review:yearly",
        "clauses[3-6].by: names the review 'yearly', which is not in this pack.",
    ),
    broken(
        "met by a capability that there is not",
        '["register:searches"]',
        '["capability:incident.erase"]',
        f"clauses[3-6].by: names the capability 'incident.erase'. Allowed: {POWERS}.",
    ),
    broken(
        "a clause that repeats one that is not there",
        "says: Pupils are kind to each other.,",
        'says: Pupils are kind to each other., repeats: "9-9",',
        "clauses[3-4].repeats: cites the clause '9-9', which is not in this pack.",
    ),
    broken(
        "a clause that repeats itself",
        "says: Pupils are kind to each other.,",
        'says: Pupils are kind to each other., repeats: "3-4",',
        "clauses[3-4].repeats: names the clause itself.",
    ),
    broken(
        "a role of a clause that is not there",
        'answers_to: governors, clause: "2-1"',
        'answers_to: governors, clause: "2-9"',
        "roles[headteacher]: cites the clause '2-9', which is not in this pack.",
    ),
    broken(
        "an agreement without a clause",
        'renew: 1 year, clause: "3-2"',
        "renew: 1 year",
        *[
            "clauses[3-2]: is said to be recorded, and nothing in this pack does it. Name what does under `by`.",
            "agreements[acceptable_use]: cites no clause. Name the clause it stands on.",
        ],
    ),
    broken(
        "an escalation of a clause that is not there",
        'notify: answers_to, clause: "2-1"',
        'notify: answers_to, clause: "7"',
        "escalation[0]: cites the clause '7', which is not in this pack.",
    ),
    broken(
        "a mention in a section that is not there",
        '{clause: "1", name: kcsie',
        '{clause: "11.1", name: kcsie',
        "mentions[0].clause: stands in '11.1', which is neither a clause nor a section of this pack.",
    ),
    broken(
        "a reference in a section that is not there",
        '{clause: "2-1", to: "1"',
        '{clause: "21", to: "1"',
        "references[0].clause: stands in '21', which is neither a clause nor a section of this pack.",
    ),
    # Roles
    broken(
        "a role that there is not",
        "key: governors",
        "key: governor",
        f"roles[governor].key: cannot be 'governor'. Allowed: {ROLES}.",
    ),
    broken(
        "answering to nobody known",
        "answers_to: governors",
        "answers_to: trustees",
        f"roles[headteacher].answers_to: cannot be 'trustees'. Allowed: {ROLES}.",
    ),
    broken(
        "answering to each other",
        GOVERNORS,
        "{key: governors, title: Governing body, answers_to: headteacher}",
        "roles[governors].answers_to: goes round in a ring: governors > headteacher > governors.",
    ),
    broken(
        "a deputy nobody knows",
        "deputies: [deputy_dsl]",
        "deputies: [assistant]",
        f"roles[dsl].deputies: cannot be 'assistant'. Allowed: {ROLES}.",
    ),
    broken(
        "a capability that there is not",
        "may: [incident.log, incident.read]",
        "may: [incident.log, incident.delete]",
        f"roles[dsl].may: cannot hold 'incident.delete'. Allowed: {POWERS}.",
    ),
    broken(
        "no whole number of holders",
        GOVERNORS,
        "{key: governors, title: Governing body, holders: several}",
        "roles[governors].holders: must be a whole number of 1 or more, not 'several'.",
    ),
    broken(
        "governors who read cases",
        GOVERNORS,
        gives("governors", "incident.read", "incident.work", "report.read"),
        "roles[governors].may: gives governors incident.read, incident.work. A pack narrows, never widens."
        " At most: incident.log, person.read, policy.adopt, policy.read, report.read.",
    ),
    broken(
        "a login for a contact card",
        GOVERNORS,
        gives("external_contact", "incident.log"),
        "roles[external_contact].may: gives external_contact incident.log. A pack narrows, never widens."
        " At most: nothing.",
    ),
    # What comes round again
    broken(
        "a review every so often",
        "review: {every: 1 year",
        "review: {every: often",
        f"review.every: cannot be 'often'. {_EVERY}",
    ),
    broken(
        "a review due some day",
        "due: 2027-09",
        "due: next autumn",
        "review.due: must be a year and a month such as 2019-09, not 'next autumn'.",
    ),
    broken(
        "a review due in a thirteenth month",
        "due: 2027-09",
        "due: 2027-13",
        "review.due: must be a year and a month such as 2019-09, not '2027-13'.",
    ),
    broken(
        "a review of a clause that is not there",
        'triggers: [new_guidance], clause: "3-1"',
        'triggers: [new_guidance], clause: "30-1"',
        "review.clause: cites the clause '30-1', which is not in this pack.",
    ),
    broken(
        "a duty twice daily",
        _DUTY,
        _DUTY.replace("1 year", "1 day"),
        f"duties[policy-review].every: cannot be '1 day'. {_EVERY}",
    ),
    broken(
        "a duty of nobody known",
        _DUTY,
        _DUTY.replace("owner: dsl", "owner: safeguarding_lead"),
        f"duties[policy-review].owner: cannot be 'safeguarding_lead'. Allowed: {ROLES}.",
    ),
    broken(
        "a duty in no words",
        _DUTY,
        _DUTY.replace("do: update_policy", "do: walk_round"),
        "duties[policy-review].text: is needed, because 'walk_round' is not one of the contract's own words.",
    ),
    broken(
        "an agreement renewed never",
        "renew: 1 year",
        "renew: never",
        f"agreements[acceptable_use].renew: cannot be 'never'. {_EVERY}",
    ),
    broken(
        "training every 0 years",
        "audience: [staff], every: 1 year",
        "audience: [staff], every: 0 years",
        f"training[online_safety].every: cannot be '0 years'. {_EVERY}",
    ),
    broken(
        "an escalation after a while",
        "after: 4h",
        "after: a while",
        "escalation[0].after: 'a while' is not a duration. Allowed: immediately, same school day,"
        " 24h (any number of hours), 1 working day, 5 school days, 10 days.",
    ),
    broken(
        "an escalation to nobody known",
        "notify: answers_to",
        "notify: boss",
        f"escalation[0].notify: cannot be 'boss'. Allowed: answers_to, owner, owner_deputy, {TOLD}.",
    ),
    broken(
        "an escalation to everybody",
        "notify: answers_to",
        "notify: everyone",
        f"escalation[0].notify: cannot be 'everyone'. Allowed: answers_to, owner, owner_deputy, {TOLD}.",
    ),
    broken(
        "an escalation to whoever wrote it down",
        "notify: answers_to",
        "notify: reporter",
        f"escalation[0].notify: cannot be 'reporter'. Allowed: answers_to, owner, owner_deputy, {TOLD}.",
    ),
    # The pack as a whole
    broken(
        "an edition that is no month",
        "edition: 2026-09\n",
        "edition: autumn 2026\n",
        "edition: must be a year and a month such as 2019-09, not 'autumn 2026'.",
    ),
    broken(
        "the edition of a document in words",
        "edition: 2025-09",
        "edition: newest",
        "mentions[0].edition: must be a year, or a year and a month such as 2018-09, not 'newest'.",
    ),
    broken(
        "a grace that is no number", "grace: 60", "grace: ²", "grace: must be a whole number of 0 or more, not '²'."
    ),
    broken(
        "a fifth C",
        "taxonomy: {categories: [content, contact, conduct]",
        "taxonomy: {categories: [content, contact, culture]",
        "taxonomy.categories: cannot be 'culture'. Allowed: content, contact, conduct, commerce.",
    ),
    broken(
        "a category mapped to none",
        "maps: {commerce: content}",
        "maps: {commerce: money}",
        "taxonomy.maps: cannot be 'money'. Allowed: content, contact, conduct, commerce.",
    ),
    broken(
        "a second list with a fifth C",
        "conduct, commerce], clause",
        "conduct, culture], clause",
        "also_categories[0].categories: cannot be 'culture'. Allowed: content, contact, conduct, commerce.",
    ),
    Broken(
        "a floor that uses not",
        {"layer: school": "layer: floor"},
        ["rules[tell-the-lead].when: uses not. The floor never does: a new fact must not drop a duty."],
    ),
    Broken(
        "everything at once",
        {
            "grace: 60": "grace: soon",
            "due: 2027-09": "due: soon",
            "within: 24h": "within: soon",
            'id: "3-5"': 'id: "3-4"',
        },
        [
            "clauses[3-4]: stands 2 times. Keep one of them.",
            "rules[nudes-device].then[0].within: 'soon' is not a duration. Allowed: immediately, same school day,"
            " 24h (any number of hours), 1 working day, 5 school days, 10 days.",
            "review.due: must be a year and a month such as 2019-09, not 'soon'.",
            "grace: must be a whole number of 0 or more, not 'soon'.",
        ],
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_what_does_not_hold_is_said_with_its_path(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said


def test_a_fault_names_its_file() -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(SOUND.replace("grace: 60", "grace: soon"), file=FILE)

    assert str(refused.value) == f"{FILE}: grace: must be a whole number of 0 or more, not 'soon'."


def test_a_clause_knows_everything_that_stands_on_it() -> None:
    pack = parse_pack(SOUND, file=FILE)

    by = {clause.id: clause.by for clause in pack.clauses}
    assert by["2-1"] == ("role:headteacher", "escalation:answers_to")
    assert by["2-2"] == ("rule:tell-the-lead", "rule:nudes-device", "role:dsl")
    assert by["3-1"] == ("duty:policy-review", "review:policy")
    assert (by["3-2"], by["3-3"]) == (("agreement:acceptable_use",), ("training:online_safety",))
    assert (by["3-4"], by["3-6"]) == ((), ("register:searches",))
