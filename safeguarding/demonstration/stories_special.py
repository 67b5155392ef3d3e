"""Concerns about adults who work at a school, and those in which a child is in danger at this moment."""

from functools import partial

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, HARMED, NAMED, WITNESS, Setting, Story

_adult = partial(Story, Category.CONDUCT)

ADULTS = (
    _adult(
        (5, 13),
        Setting.BREAK,
        Place.ONLINE,
        {"e": ALLEGED, "a": NAMED},
        "{a} mentioned in passing that {e} “follows me back” on {app} and that {e.he} liked a photograph from "
        "{a.his} holiday. I know our code of conduct. {a} thought nothing of it. I have worked with {e} for "
        "years and this is not easy to write.",
        "Said nothing to {e} and nothing more to {a}. Wrote it down in the words used.",
        "Low-level concern. {e} spoken to, account private and pupils removed, code of conduct signed again. "
        "Kept on the register.",
        services=("Instagram", "TikTok"),
        notes=("{e} was open about it: the account is for choir news. No messages exchanged.",),
        level=Level.LOW,
    ),
    _adult(
        (7, 13),
        Setting.HOME,
        Place.ONLINE,
        {"e": ALLEGED, "a": HARMED},
        "{a}'s friends told me that {e} sends {a} messages on {app} late in the evening, “about revision "
        "mostly, but also that {a.he} is special”. {a} denies it. I saw {e} and {a} stop talking when I came "
        "in.",
        "Have not spoken to {e}. Made sure {a} was collected by {a.his} mother. Wrote down who told me.",
        "LADO: threshold met, investigation by the school with advice. Outcome recorded in the allegation file.",
        services=("WhatsApp", "Instagram"),
        notes=(
            "LADO contacted within the hour. Strategy discussion tomorrow at 9:30.",
            "{e} informed as agreed with the LADO, with HR present. Named contact for support given.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _adult(
        (3, 9),
        Setting.LESSON,
        Place.OFF_SITE,
        {"e": ALLEGED},
        "On the trip {e} took photographs of the children with {e.his} own telephone. The school camera was in "
        "the bag. When I said so {e.he} answered that it was quicker and that {e.he} would delete them later.",
        "Reminded {e} of the rule at the time. Do not know whether they have been deleted.",
        "Low-level concern. Photographs deleted in front of the business manager. Trip checklist changed: "
        "camera signed out by name.",
        where=("Trip to the museum", "Sports fixture, away"),
        level=Level.LOW,
        outcome=Outcome.NO_FURTHER_ACTION,
    ),
    _adult(
        (3, 13),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"e": ALLEGED, "c": WITNESS},
        "{c} told me at lunch that {e} showed the class a clip from {app} with swearing and “people being "
        "horrible to someone”, and said “don't tell your mums”. Several others nodded. {e} was covering for "
        "{s}.",
        "Thanked {c}. Did not ask the others anything. Came to write it down.",
        "{e} accepts poor judgement and the remark. Supervision arranged. No pattern with earlier concerns found.",
        services=("YouTube",),
        where=("Classroom",),
        question="Was another adult in the room at any time, as far as you know?",
        answer="The assistant came in for the last ten minutes, I think. I did not ask.",
    ),
    _adult(
        (6, 11),
        Setting.JOURNEY,
        Place.OFF_SITE,
        {"e": ALLEGED, "a": HARMED},
        "I saw {a} getting out of {e}'s car by the shops {when}. {a} said {e.he} arranges lifts after practice "
        "in a group on {app} and that “it's only me on Thursdays”. No one in the office knows of lifts.",
        "Did not challenge {e}. Told {a} to wait for {a.his} dad at reception this Thursday.",
        "LADO consulted: low-level, handled in school. {e} uses the minibus and the school's own messages only.",
        services=("WhatsApp",),
        where=("Parade of shops",),
        notes=(
            "Rang the LADO for advice, name not given at this stage.",
            "Parents of {a} informed with the LADO's agreement.",
        ),
    ),
    _adult(
        (3, 13),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"e": ALLEGED},
        "{e} left {e.his} laptop open in the staff room with pupils' records on the screen, and a pupil was "
        "sitting beside it waiting for {s}. It is the second time this term. I closed the lid.",
        "Told {e}. {e.He} laughed it off. That is why I am writing.",
        "Not a safeguarding matter in the end. Data protection lead and line manager have dealt with it.",
        where=("Staff room",),
        level=Level.LOW,
        outcome=Outcome.NO_FURTHER_ACTION,
    ),
)

HEAD = _adult(
    (9, 13),
    Setting.HOME,
    Place.ONLINE,
    {"e": ALLEGED, "a": NAMED},
    "{a} asked me whether it is normal that the headmaster writes to pupils from his own account. {e} has sent "
    "{a} {count} messages on {app}, some after ten at night, about the scholarship and about how {a.he} is. {a} "
    "said they are “nice but a lot”. I do not know whom else I could tell.",
    "Told {a} {a.he} was right to ask. Have not spoken to anybody. I would like to stay out of it as far as possible.",
    "Concluded with the LADO's advice.",
    services=("WhatsApp",),
    notes=(
        "Rang the local authority designated officer. Advised to keep this between us until tomorrow's discussion.",
        "Vice-chair is not to be told at this stage. Clerk has found me a private room for Thursday.",
    ),
    level=Level.HIGH,
    outcome=Outcome.REFERRED_ON,
)

DANGER = (
    Story(
        Category.CONTACT,
        (7, 13),
        Setting.LESSON,
        Place.OFF_SITE,
        {"a": HARMED, "d": WITNESS},
        "{a} left the site about ten minutes ago. {d} says {a.he} is meeting a man from {app} at the station "
        "“right now” and that he told {a.him} to leave {a.his} phone behind. The phone is in {a.his} locker, "
        "ringing.",
        "Rang 999. Office is ringing home. {s} has gone to the station in the car. {d} is with me.",
        "{a} found safe by police on the platform. Referral made, support in place.",
        services=("Snapchat", "Telegram"),
        stranger="A man {a} knows from an app, no name",
        where=("On the way to the railway station",),
        is_danger=True,
    ),
    Story(
        Category.CONTACT,
        (2, 8),
        Setting.PARENT,
        Place.OFF_SITE,
        {"a": HARMED},
        "A man is at the front gate asking for {a}. He says he is a friend from {game} and that {a} “knows he "
        "is coming”. {a} went white when {a.he} saw him through the window. He will not leave.",
        "Gate is locked. 999 called. All classes inside, {a} is with me in the office away from the windows.",
        "Police took the man away. {a} and the family supported by children's services.",
        services=("Roblox", "Fortnite"),
        stranger="A man at the gate, about 30, grey coat",
        where=("Front gate",),
        is_danger=True,
    ),
)
