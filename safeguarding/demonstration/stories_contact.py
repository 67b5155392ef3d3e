"""Concerns about contact: somebody got in touch in a harmful way."""

from functools import partial

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, GAMES, HARMED, NAMED, WITNESS, Setting, Story

_contact = partial(Story, Category.CONTACT)

STORIES = (
    _contact(
        (2, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} told me during reading that a new friend in {game} asked “how old are you really and what school”. "
        "{a.He} answered the first and not the second “because of the assembly”. The friend gives {a.him} "
        "coins.",
        "Told {a.him} it was clever not to say. Said it is fine to tell a grown-up every time somebody asks.",
        "Parents have switched chat to friends only and gone through the friends list with {a.him}. Nothing since.",
        services=GAMES,
        stranger="A player in the game who calls themselves “{handle}”",
        where=("At home",),
        notes=("Rang dad. Console is in the living room. He will check the chat and tell us what he finds.",),
        question="Do you know whether {a} gave the name of the school in the end?",
        answer="Asked {a.him} again at home time, lightly. “No, I said it's a secret.”",
    ),
    _contact(
        (5, 8),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "d": WITNESS},
        "{d} was worried because somebody {a} met in {game} wants to talk on {app} instead, “where there's no "
        "reporting”. {a} told me the same when I asked. The person says they are 13. {a.He} has not moved yet.",
        "Explained why people ask that. {a} agreed to leave it until we have talked to {a.his} mum.",
        "Profile reported to the game and to CEOP by mum with our help. {a} handled it well and told the class how.",
        services=("Discord", "Snapchat", "Telegram"),
        stranger="“{handle}”, met in a game, says they are 13",
        notes=("Mum has screenshots of the request. Advised her to keep them and not to write back.",),
    ),
    _contact(
        (7, 11),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} has been talking to a boy “from another school” on {app} for a month. {when_start} he asked for a "
        "picture in uniform, and then where {a.he} gets off the bus. {a.He} said “he gets angry if I don't "
        "answer quickly”. I do not think it is a boy.",
        "Stayed calm. Told {a.him} it is not {a.his} fault. Asked {a.him} not to delete anything and not to reply.",
        "CEOP report made, police spoke to the family, account was an adult's. {a} has a support plan and a "
        "trusted adult.",
        services=("Snapchat", "Instagram", "Wizz"),
        stranger="Somebody who says he is 15, calls himself “{handle}”",
        notes=(
            "Parents informed in school. Phone handed to them, switched off, for the police.",
            "CEOP confirm receipt. Officer will ring tomorrow before 10.",
            "Staff on bus duty told only that {a} is to be met by a parent this fortnight.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _contact(
        (8, 11),
        Setting.LESSON,
        Place.OFF_SITE,
        {"a": HARMED, "d": WITNESS},
        "{d} came to me in tears: {a} is meeting someone from {app} in town on Saturday and has told {a.his} "
        "parents {a.he} is at {d}'s. {d} does not want to be a grass but is scared. The person is “17 or "
        "something”.",
        "Told {d} this is what a friend does. Did not speak to {a}. Came straight to write this.",
        "Meeting did not take place. {a} angry at first, later relieved. Parents, {a} and {s} agreed on a plan "
        "for the phone.",
        services=("Snapchat", "Yubo", "Instagram"),
        stranger="A person of about 17 whom {a} knows from an app",
        where=("The shopping centre, planned for Saturday",),
        notes=("Saw {a} with {s}. {a.He} showed us the messages. Parents in at 15:30.",),
        level=Level.HIGH,
    ),
    _contact(
        (7, 11),
        Setting.HOME,
        Place.OFF_SITE,
        {"a": HARMED},
        "{a} said a man was by the swings {when} who “knew my username” and asked whether {a.he} was {a}. "
        "{a.He} ran home. {a.His} location is on for everyone on {app}; we looked at the setting together and "
        "{a.he} turned it off.",
        "Rang mum at once, she came in. Gave her the 101 number; she rang from my room.",
        "Police have the description; patrols in the park after school. Location settings checked by the whole "
        "year in tutor time.",
        services=("Snapchat",),
        stranger="A man at the park, description given to police by mum",
        where=("The park by the war memorial",),
        notes=(
            "Crime reference received from mum and kept with this case.",
            "Tutor time session for all of {year} held.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _contact(
        (6, 9),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": NAMED},
        "{a} was added to a group on {app} with over 200 people, “some are definitely grown men”. {b} is in it "
        "as well. People post where they live and ask for others to join calls. {a} left, was added again, and "
        "left again.",
        "Showed {a.him} how to stop strangers adding {a.him}. Asked both to tell their parents tonight.",
        "Both out of the group and their settings changed at home. Group reported to the service.",
        services=("WhatsApp", "Snapchat", "Telegram"),
        notes=("{b}'s parents not aware. Spoke to them at collection.",),
    ),
    _contact(
        (9, 13),
        Setting.BREAK,
        Place.OFF_SITE,
        {"a": HARMED},
        "{a} has a new phone and new trainers and would not say from whom. A friend says from a “boyfriend”, "
        "who is 20 and picks {a.him} up in a car. They met on {app}. {a.He} was collected at the back gate "
        "{when}; I have part of the number plate.",
        "Wrote down time and plate. Did not confront {a.him}. Told duty staff to keep an eye on the back gate.",
        "Social care assessment open, exploitation screening done, police aware. School part complete; core "
        "group continues.",
        services=("Instagram", "Snapchat"),
        stranger="A man of about 20 with a dark hatchback",
        where=("The back gate", "Corner by the garage"),
        notes=(
            "Referral to children's social care by telephone, confirmed in writing the same day.",
            "Strategy meeting attended. Minutes kept in the child's file.",
            "{a} is talking to {s} and has asked for a later lunch pass. Agreed.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _contact(
        (4, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "d": NAMED},
        "{a} and {d} do dances live on {app} from {a}'s bedroom. {a.He} said “sometimes we get {count} people "
        "and they send roses if you do what they say”. They think it is funny. They said people ask them to do "
        "handstands.",
        "Told them I am pleased they said. Did not ask to see the account.",
        "Account deleted by parents, devices out of bedrooms. Both families came to the online safety evening.",
        services=("TikTok", "Likee"),
        where=("{a}'s bedroom",),
        notes=("Both mums phoned. Neither knew that live was switched on. Older brothers and sisters asked to help.",),
        level=Level.HIGH,
    ),
    _contact(
        (8, 11),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "{a} said {b} keeps asking for a picture {a.he} does not want to send, every night on {app}, and says "
        "“everyone else does” and that {b.he} will tell people things about {a.him}. {a.He} has not sent "
        "anything. {a.He} blocked {b.him} and {b.he} came back from another account.",
        "Believed {a.him} and said so. Told {a.him} to keep the messages and that nobody here will need to see "
        "pictures.",
        "Treated as sexual harassment. {b} sanctioned and working with the youth worker; timetable changed so "
        "they do not meet.",
        services=("Snapchat", "Instagram"),
        notes=(
            "Both sets of parents in, separately. {b}'s parents supportive.",
            "Risk assessment for shared lessons written and given to teaching staff who need it.",
        ),
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _contact(
        (4, 7),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} was shaken when {a.he} came in. In voice chat in {game} {when} somebody said “I know where you "
        "live” and other things {a.he} would not repeat. {a.He} had beaten them. {a.He} checked the locks with "
        "dad before bed.",
        "Explained that people say this when they lose. Told {a.him} that telling dad was exactly right.",
        "Player reported, voice chat off for now. {a} reassured by our local officer's visit to the class.",
        services=GAMES,
        stranger="A player called “{handle}”",
    ),
    _contact(
        (9, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} has been offered a “test shoot” by a scout on {app}. They want {money} for a portfolio and “more "
        "pictures first, from home”. {a.He} was proud and then unsure, and asked me what I thought.",
        "Said I was glad {a.he} asked. We looked the company up together: it does not seem to exist.",
        "Reported to CEOP and to the service. {a} talked to {a.his} mum, nothing was sent and nothing was paid.",
        services=("Instagram", "TikTok"),
        stranger="A “scout” using the name “{handle}”",
        notes=("Told {s}, who runs the photography club, to watch out for the same approach.",),
    ),
    _contact(
        (9, 12),
        Setting.JOURNEY,
        Place.OFF_SITE,
        {"a": HARMED},
        "{a} has two phones and said one is “for work”. {a.He} got off the bus three stops early {when} to meet "
        "lads in a grey car. A message lit up on the desk: “u owe us 1 more run”. {a.He} said it is a joke. "
        "{a.He} looked frightened.",
        "Did not challenge {a.him} in front of others. Kept {a.him} in my room on a pretext until {s} came.",
        "Referral to exploitation team accepted. Police have the second phone. Case closed here, plan led by "
        "social care.",
        services=("Snapchat", "WhatsApp"),
        stranger="Several young men in a grey car",
        where=("Bus stop at the retail park",),
        notes=("Mum says {a} has been out until one. She is relieved that somebody else has seen it.",),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _contact(
        (1, 6),
        Setting.PARENT,
        Place.ONLINE,
        {"a": HARMED},
        "{a}'s mum rang the office. {a.His} father, who is not to have contact, has been sending messages to "
        "{a.him} through the chat in {game} on the tablet {when}. {a} had not said anything to her. Mum is "
        "worried he will come to school.",
        "Told mum I would pass it on at once. Gave the class teacher and the gate a reminder of who may collect.",
        "Solicitor has the messages; order varied. Tablet account is new. {a} has had play sessions and is doing well.",
        services=GAMES,
        stranger="{a}'s father, who has no contact under a court order",
        notes=("Copy of the order checked in the office: still in force.", "Social worker informed by telephone."),
        level=Level.HIGH,
        reporters=("office",),
    ),
    _contact(
        (6, 9),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} gets video calls on {app} from a number {a.he} does not know, {count} times {when}. {a.He} picked "
        "up once, “it was just someone breathing” and {a.he} dropped the phone. {a.He} has not told anyone at "
        "home because {a.he} is not supposed to have the app.",
        "Told {a.him} nobody will be cross about the app today. Helped {a.him} block the number.",
        "Parents told with {a} in the room, went well. Number reported. Calls have stopped.",
        services=("WhatsApp", "FaceTime"),
        stranger="An unknown number",
    ),
    _contact(
        (5, 8),
        Setting.BOARDING,
        Place.IN_SCHOOL,
        {"a": HARMED, "c": WITNESS},
        "In the common room {a} was playing {game} and a man's voice on the headset asked what boarding is like "
        "and whether {a.he} has {a.his} own room. {c} heard it too and fetched me. {a.He} had told him the name "
        "of the house.",
        "Ended the game. Praised {c}. Checked that the front door code has not been given to anybody.",
        "Headsets only in the common room with chat off. House talk given. Parents rung the next morning.",
        services=GAMES,
        stranger="A man with the player name “{handle}”",
        where=("Boarding house common room",),
        reporters=("houseparent", "matron"),
    ),
    _contact(
        (8, 11),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": NAMED},
        "{a} has been writing to “a girl from another school” on {app} since half-term and has told her a lot. "
        "This morning somebody read {a.his} messages aloud in the corridor. It looks as if the girl does not "
        "exist. {a.He} thinks {b} is behind it but is not sure.",
        "Took {a.him} out of lesson for a breather. Asked {a.him} to write down what {a.he} remembers.",
        "Account was run by two pupils of another school. Their school has dealt with it. {a} has apologised to {b}.",
        services=("Instagram", "Snapchat"),
        stranger="A made-up girl called “{handle}”",
        notes=("Spoke to {b}: had nothing to do with it and was hurt. Told {a} so.",),
    ),
)
