"""Concerns as they come on some days: two lines between lessons, or a page with everything in it."""

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, HARMED, NAMED, PHONE_APPS, WITNESS, Setting, Story

STORIES = (
    Story(
        Category.CONDUCT,
        (3, 13),
        Setting.BREAK,
        Place.UNKNOWN,
        {"a": HARMED},
        "{a} crying by the coats, phone in hand. Would not say why.",
        "Sat with {a.him}. Nothing else yet.",
        "Unkind message from a cousin. Families have sorted it out between them.",
        services=("Not known",),
        where=("By the coats", "Cloakroom"),
    ),
    Story(
        Category.CONTENT,
        (5, 13),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"b": NAMED},
        "{b} searched for something worrying on laptop 9. Screen note kept by ICT.",
        "Nothing yet, class was leaving.",
        "It was for a history project on the plague. Talked it through with {b}, who was mortified.",
        services=("Web search",),
        where=("Laptop 9",),
        level=Level.LOW,
        outcome=Outcome.NO_FURTHER_ACTION,
    ),
    Story(
        Category.CONTACT,
        (4, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a}: “someone I don't know sent me a heart {count} times.” On {app}.",
        "Said well done for telling. More when I have time.",
        "Blocked and reported with mum. Settings changed.",
        services=PHONE_APPS,
        stranger="Somebody {a} does not know",
    ),
    Story(
        Category.COMMERCE,
        (4, 11),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"b": ALLEGED, "a": HARMED},
        "{b} sold {a} a {game} account for {money}. It does not work.",
        "Told {b} to bring the money back tomorrow.",
        "Money returned, both parents told.",
        services=("Roblox", "Fortnite"),
        where=("Playground", "Lunch queue"),
        level=Level.LOW,
        outcome=Outcome.BEHAVIOUR,
    ),
    Story(
        Category.CONDUCT,
        (6, 13),
        Setting.JOURNEY,
        Place.OFF_SITE,
        {"a": HARMED, "b": ALLEGED},
        "Bus driver says {b} was filming {a} again. {a} says it's fine. I don't think it is.",
        "Nothing yet. Driver is happy to be rung.",
        "{b} moved to the front of the bus for a term. {a} admitted that it was not fine.",
        where=("School bus",),
        outcome=Outcome.BEHAVIOUR,
    ),
    Story(
        Category.CONTENT,
        (6, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "c": NAMED, "d": WITNESS},
        "I want to set this down in order, because it came out in pieces.\n\n"
        "Registration: {d} asked to change seats away from {a}. No reason given.\n\n"
        "Period 2: {a} put {a.his} head on the desk. I asked if {a.he} was ill. “No. Just tired of it.” I asked "
        "tired of what and {a.he} said “the videos”. I did not press in front of the others.\n\n"
        "Break: {a} came to find me. {a.He} said that {c} sends {a.him} clips on {app}, “not of us, just people "
        "getting hurt, and you never know when it comes”. It began {when}. {a.He} opens them “because if you "
        "don't they say you're scared”. {a.He} has not told anybody at home, because {a.his} gran is ill and "
        "“they've got enough”.\n\n"
        "Lunch: {d} told the assistant that {a} had shown {d.him} one, and that this is why {d.he} asked to "
        "move. {d} was upset about having told.\n\n"
        "What I noticed myself: {a} flinched at the phone buzzing in {a.his} bag; {a.he} usually has lunch and "
        "today did not; {a.he} asked twice whether {c} would find out.",
        "Told {a} I have to pass it on and why. Told {d} the same, separately. Did not look at any phone. Did "
        "not speak to {c}. {a} is in the library with {s} until the end of lunch.",
        "Clips stopped after both families met. {a} sleeps better, gran is home. {c} had been sent them by "
        "somebody older: followed up as a concern of its own.",
        services=("WhatsApp", "Snapchat"),
        notes=(
            "Met {a}, then {d}. Both accounts agree. Rang both homes; {a}'s dad will collect {a.him}.",
            "{c} spoken to with {c.his} mother. Tearful. Shown by a boy at the gym, and did not know how to "
            "stop it either.",
        ),
        level=Level.HIGH,
    ),
)
