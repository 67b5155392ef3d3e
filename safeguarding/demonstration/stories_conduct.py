"""Concerns about conduct: something children did online, to each other or with a device."""

from functools import partial

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, GAMES, HARMED, NAMED, PHONE_APPS, WITNESS, Setting, Story

_conduct = partial(Story, Category.CONDUCT)

STORIES = (
    _conduct(
        (4, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED, "c": ALLEGED},
        "{a} has been taken out of the {form} chat on {app} and there is a new one “for everyone except {a}”. "
        "{b} and {c} made it {when}. {a.He} knew because it was read out in the line. {a.He} ate {a.his} lunch "
        "with me.",
        "Moved {a} to another table for the afternoon with a friend. Have not spoken to {b} or {c}.",
        "Circle time and a talk with both families. New chat closed. {a} was invited to {b}'s birthday.",
        services=("WhatsApp",),
        notes=("{b} was sorry and wrote a card. {c} needed longer; learning mentor saw {c.him}.",),
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (7, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "There is an account on {app} in {a}'s name with {a.his} photograph from the school website, posting "
        "rude things about other pupils. {a.He} found out because people stopped speaking to {a.him}. Two "
        "pupils say {b} showed it round.",
        "Told {a.him} we believe {a.him}. Asked {a.him} to report the account and keep the address.",
        "Account removed after the report. {b} admitted it with {b.his} father present and apologised to the form.",
        services=("Instagram", "TikTok", "Snapchat"),
        notes=("Site team has taken the photograph off the website until {a}'s parents decide.",),
        question="Do you know which two pupils saw {b} showing the account?",
        answer="Both sit at the front in my period 4. I have written the names on a note in your pigeonhole.",
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (7, 11),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED, "c": ALLEGED, "d": WITNESS},
        "{b} pushed {a} in the corridor and {c} was already filming. It was on {app} by the next lesson with a "
        "caption. {d} told me because {d.he} saw the post in the dinner queue. {a} has a sore arm, seen by "
        "first aid.",
        "First aid for {a}. Took {c}'s phone to the office, switched off. Asked {d} not to share it.",
        "Clip taken down within the hour. Fixed sanctions for both; {c}'s for filming. {a}'s parents satisfied.",
        services=("Snapchat", "TikTok"),
        where=("English corridor", "Stairs by the hall", "Outside the gym"),
        notes=(
            "CCTV kept for 30 days by the site manager.",
            "{a} does not want to meet {b} yet. Mediation offered for later.",
        ),
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (8, 11),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "{a} told me a picture {a.he} sent to {b} “that I shouldn't have sent” has been passed on {when}. "
        "{a.He} was crying and kept saying {a.he} would be in trouble. I told {a.him} {a.he} is not. I did not "
        "ask to see it and nobody here has looked at any phone.",
        "Stayed with {a.him}. {s} sat with us. Phones not touched. Came straight to the safeguarding team.",
        "Police gave advice and recorded it; no prosecution. Report Remove used with {a}. Support for both families.",
        services=PHONE_APPS,
        notes=(
            "{b}'s phone switched off and in the safe, not viewed. Police informed, officer calls back at 14:00.",
            "{a} made the Report Remove report with {a.his} mother beside {a.him}.",
            "Names of those who may have received it taken from {a} only. Each family spoken to.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _conduct(
        (7, 12),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED, "d": WITNESS},
        "{d} came to say that {b} has used an app to make a picture that looks like {a} and is showing it to "
        "people. {a} knows. {a.He} said “it isn't even me but it's my face”. I have not seen it and have told "
        "pupils not to show any adult or child.",
        "Told {a.him} that it counts as much as a real one would. Collected nobody's phone, told {s}.",
        "Police recorded it and spoke to {b} with a parent. App blocked. {a} supported by the counsellor, feels "
        "listened to.",
        services=("An AI picture app", "Snapchat"),
        notes=("Asked ICT to block the app's address; they were given the address and nothing else.",),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _conduct(
        (7, 9),
        Setting.HOME,
        Place.ONLINE,
        {"b": ALLEGED, "c": ALLEGED},
        "An account on {app} posts clips of staff with silly voices over them, {count} so far. One is of {s} "
        "and is unkind about {s}'s accent. {b} and {c} talk about it openly in my form.",
        "Made a note of the account name. Have not followed or commented. {s} knows.",
        "Account deleted by the pupils after a meeting with parents. Apology to {s} in person.",
        services=("TikTok",),
        notes=("{s} offered support and the union's guidance. Would like it dealt with quietly.",),
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (5, 8),
        Setting.LESSON,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "{a} was in trouble for rude messages in the class's shared work but says {a.he} did not write them. "
        "{a.He} told {b} {a.his} password in September “because we're best friends”. The times fit when {a} was "
        "at the dentist.",
        "Changed {a}'s password with {a.him}. Apologised to {a.him} for assuming.",
        "{b} owned up. Whole class reset their passwords and talked about why we do not share them.",
        services=("Google Classroom", "Microsoft Teams", "Seesaw"),
        outcome=Outcome.BEHAVIOUR,
        level=Level.LOW,
    ),
    _conduct(
        (4, 7),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED},
        "While we were all typing in one shared document, somebody wrote “{a} smells” and worse about {a.his} "
        "packed lunch. It was gone in seconds but {a} saw it, and so did the whole class on the board. The "
        "history shows it was {b}'s login.",
        "Stopped the lesson. Saved the history. Spoke to the class about it without names.",
        "{b} talked about why; things are hard at home. Apology made. Early help offered to {b}'s family.",
        services=("Google Docs", "Microsoft Teams"),
        where=("ICT suite", "Classroom"),
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (9, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED, "c": ALLEGED},
        "{a} came out to a few friends last month. {when_start} {b} and {c} posted about it in a group on {app} "
        "with {count} people in it, with slurs. {a.He} said {a.his} parents do not know yet and “now they'll "
        "hear it from someone's mum”.",
        "Asked {a} what {a.he} would like me to do. {a.He} agreed that I write this. Found {a.him} a quiet room.",
        "Recorded as a homophobic incident. Sanctions given. {a} told {a.his} parents in {a.his} own time and "
        "it went well.",
        services=("Instagram", "Snapchat", "Discord"),
        notes=("Agreed with {a} that we ring {a.his} home only about the bullying, in words chosen with {a.him}.",),
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (7, 11),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED},
        "After PE {a} said {b} had {b.his} phone out in the changing room and pointed it at {a.him}. {b} says "
        "{b.he} was checking the time. No one knows whether a picture was taken. {a} does not want to get "
        "changed there again.",
        "Asked {b} to hand over the phone, switched off, in front of {s}. Not looked at. Room is now supervised "
        "at the door.",
        "Phone checked by {b}'s mother in our presence: no picture. Rule and sanction explained. {a} uses the "
        "other room for now.",
        where=("PE changing room", "Swimming pool changing room"),
        is_alike=True,
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (3, 6),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED},
        "{b} wears a watch that records. {b.He} recorded {a} talking about {a.his} mum and dad's arguments and "
        "played it to the others on the climbing frame. {a} was very upset and hid behind the shed.",
        "Sat with {a} in the reflection area. Watch handed in until home time.",
        "Watches that record stay at home from now on; letter sent. {a}'s worries followed up separately with mum.",
        services=("A smart watch",),
        where=("Playground, climbing frame", "Field"),
        question="Could you write down what {a} said about the arguments, in {a.his} words, as a concern of its own?",
        answer="Yes, done this afternoon, it should be with you.",
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (8, 12),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "{a} showed me {count} messages on {app} from {b}: “watch your back”, “wait till you're on your own”. "
        "It goes back to something at a party. {a.He} walked the long way round today and was late.",
        "Read only what {a.he} showed me. Asked {a.him} to keep everything. Arranged for {a.him} to leave by "
        "the side gate.",
        "Mediation held with both families. Bus arrangements for a month. No further messages.",
        services=PHONE_APPS,
        notes=(
            "{b} says {a} began it. Both accounts written down and signed.",
            "Community officer will be at the gate this week.",
        ),
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (6, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED, "c": WITNESS},
        "{c} told me that in the game chat {when} {b} wrote that nobody would miss {a} “if you just weren't "
        "here”. {a} logged off without a word. This morning {a.he} said {a.he} was fine. {a.He} was not; {a.he} "
        "has hardly spoken.",
        "Asked {a} straight out how {a.he} is. {a.He} said “bit rubbish”. Stayed with {a.him} and rang the office.",
        "{a} safe, seen by the counsellor, parents involved. {b} understood the weight of it and has written to {a}.",
        services=GAMES,
        notes=("Saw {a} with {s}. No thoughts of harming {a.himself}. Mum is collecting {a.him} today.",),
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _conduct(
        (5, 11),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED},
        "{a} fell asleep in period 2 for the third time this fortnight. {a.He} says {a.he} plays {game} “with "
        "the Americans” until three because “mum's asleep and dad's on nights”. {a.He} had not had breakfast.",
        "Toast and a drink. Let {a.him} rest ten minutes. Told {a.him} I would talk to somebody who can help.",
        "Family has put the console away on school nights, breakfast club place given. Attendance and sleep "
        "much better.",
        services=GAMES,
        notes=("Early help offered, family thinking about it.",),
        level=Level.LOW,
    ),
    _conduct(
        (10, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "Since they broke up, {b} has been posting pieces of {a}'s private messages on {app}, a few every "
        "evening. {a.He} has stopped coming to the common room. {a.He} said {b} has {a.his} passwords as well "
        "and once tracked {a.his} phone.",
        "Changed {a.his} school password with ICT at once. Suggested {a.he} changes the rest from a computer "
        "here today.",
        "Posts removed. {b} has agreed in writing to keep away online. {a} had advice from a domestic abuse "
        "charity for teenagers.",
        services=("Instagram", "Snapchat", "BeReal"),
        notes=("Parents of {a} in. They want to wait with the police; number given.",),
        level=Level.HIGH,
    ),
    _conduct(
        (7, 11),
        Setting.JOURNEY,
        Place.OFF_SITE,
        {"a": HARMED, "d": WITNESS},
        "{a} and {d} both had a picture pop up on their phones on the train {when}, sent to everyone nearby. "
        "They declined it and moved carriages. {a} is shaken: “you could see it before you said no”.",
        "Helped both switch the setting to contacts only. Did not ask what was in it.",
        "Reported to British Transport Police by text with {a}'s mother. Setting explained to all year groups.",
        services=("AirDrop", "Quick Share"),
        stranger="Somebody in the same train carriage",
        where=("The 8:02 train",),
        outcome=Outcome.REFERRED_ON,
    ),
    _conduct(
        (9, 13),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED, "d": WITNESS},
        "Going up the science stairs {d} saw {b} hold a phone low behind {a} and shouted. {a} turned round. {b} "
        "put the phone away and laughed. {a} is upset and worried about what may be on it.",
        "{b} waited with the duty head, phone switched off on the desk. Not looked at. {a} with {s} in the "
        "medical room.",
        "Treated as a possible offence: police took the phone. {b} educated off site during the investigation; "
        "{a} supported.",
        where=("Science block stairs",),
        notes=(
            "Police attended at 13:10 and took the phone. Reference kept here.",
            "Both families informed by telephone.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _conduct(
        (4, 7),
        Setting.PARENT,
        Place.ONLINE,
        {"a": HARMED},
        "A neighbour told {a}'s mother that {a} has a channel on {app} with {count} videos in which you can see "
        "{a.his} badge, {a.his} full name on a certificate, and the front of the house. Mum rang {when} to ask "
        "what to do.",
        "Talked mum through setting the videos to private. Said we would have a word with {a} too.",
        "Channel private, name and badge gone. {a} gave a very good talk to the class about it.",
        services=("YouTube",),
        level=Level.LOW,
        reporters=("office",),
    ),
    _conduct(
        (7, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "c": NAMED, "d": NAMED},
        "A poll went round on {app} {when} that puts girls and boys of {year} in order of looks. {a} is near "
        "the bottom and will not take {a.his} coat off. {c} and {d} are “top” and do not like it either. Nobody "
        "says who made it.",
        "Spoke to {a} and to {c} and {d} together. Tutor group knows I have passed it on.",
        "Poll gone. Maker not found. Assembly on respect, and two tutor sessions written by {c} and {d}.",
        services=("Snapchat", "Instagram"),
        outcome=Outcome.NO_FURTHER_ACTION,
    ),
    _conduct(
        (5, 8),
        Setting.BOARDING,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED},
        "On my round I found that {b} had filmed {a} asleep with shaving foam on {a.his} face and sent it to "
        "the day pupils. {a} laughed with them, then asked me if {a.he} could ring home.",
        "Rang home with {a.him}. All phones of the dormitory handed in for the night.",
        "Film deleted by everybody who had it. {b} lost phone time and helped matron for a week. {a} happy with that.",
        services=("Snapchat", "WhatsApp"),
        where=("Boarding house, Middle dormitory",),
        is_alike=True,
        outcome=Outcome.BEHAVIOUR,
        reporters=("houseparent", "matron"),
    ),
)
