"""Concerns about content: what children saw, heard or passed on."""

from functools import partial

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, HARMED, NAMED, VIDEO_APPS, WITNESS, Setting, Story

_content = partial(Story, Category.CONTENT)

STORIES = (
    _content(
        (1, 4),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "At carpet time {a} did not want to sit near the window. When I asked, {a.he} said {a.he} had watched a "
        "video on {app} {when} with “a scary face that jumps out” and now {a.he} “can't close my eyes”. {a.He} "
        "said {a.his} cousin put it on. {a.He} was tearful but settled after a story.",
        "Sat with {a.him} and told {a.him} it was right to say. Asked nothing more. Told {s} at lunch.",
        "Mum has taken the app off the family tablet and set up a child profile. {a} is sleeping in {a.his} own "
        "bed again.",
        services=VIDEO_APPS,
        where=("At home, on the family tablet", "At {a.his} cousin's house"),
        notes=("Rang mum. She had no idea and was grateful. Sent her the parents' guide to children's profiles.",),
        question="Did {a} say how old the cousin is, and whether a grown-up was in the room?",
        answer="{a.He} said the cousin is “in big school”. {a.He} did not mention a grown-up and I did not ask.",
    ),
    _content(
        (3, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": NAMED},
        "During writing {a} described a battle in a way that made me think {a.he} had seen an 18-rated game. "
        "When we talked about where the idea came from {a.he} said “my brother lets me play it when mum's on "
        "nights”. {b} joined in and said {b.he} plays it too.",
        "Kept the piece of writing. Said I would have a chat with somebody about it. Did not tell {a.him} off.",
        "Both families spoken to. Age ratings covered in the class assembly and the newsletter.",
        services=("Grand Theft Auto", "Call of Duty"),
        where=("At home",),
        notes=(
            "Spoke to dad at the gate. He will move the console downstairs and set the age limit.",
            "Checked with {s}: no change in {a.his} behaviour in class.",
        ),
        question="Could you put a copy of the writing in my tray?",
        answer="Done, in a sealed envelope with your name on it.",
    ),
    _content(
        (5, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED, "c": WITNESS},
        "{a} told me at registration that {b} put a video of a real fight into the class chat on {app} {when}. "
        "{a.He} said “somebody got really hurt and everyone put laughing faces”. {c} had seen it as well and "
        "looked pale. {a.He} left the chat and did not sleep much.",
        "Thanked them both for telling me. Asked them not to show it to anybody, me included.",
        "Video removed by {b} with {b.his} mum present. Restorative conversation held. Chat closed.",
        services=("WhatsApp", "Snapchat"),
        notes=(
            "{b} says an older pupil from another school sent it on. No one in our school is in the clip.",
            "{a} offered time with the learning mentor. Said {a.he} would rather be in class.",
        ),
        outcome=Outcome.BEHAVIOUR,
    ),
    _content(
        (7, 12),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "d": WITNESS},
        "{a} stayed behind and said {a.his} feed on {app} “is all sad stuff now, people saying nobody would "
        "miss them”. {a.He} said {a.he} is not going to do anything but “it gets in your head”. {d}, {a.his} "
        "friend, had told {a.him} to come and see me. {a.He} has been quiet for about a fortnight.",
        "Listened. Told {a.him} I could not keep it to myself. Walked {a.him} to the pastoral office and waited.",
        "Seen by the school counsellor weekly, feed reset with {a.his} parents, GP aware. {a} says things are lighter.",
        services=("TikTok", "Instagram", "Tumblr"),
        notes=(
            "Met {a} with {s}. No plan, no means. Safe tonight: aunt is collecting {a.him}.",
            "Spoke to both parents together. They will look at the phone with {a.him}, not behind {a.his} back.",
            "Counsellor can start on Monday. Agreed with {a} whom to go to in between.",
        ),
        level=Level.HIGH,
    ),
    _content(
        (8, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} has not eaten lunch with the others for a couple of weeks. Today {a.he} told me about “what I eat "
        "in a day” videos on {app} and that {a.he} follows people who “hardly need anything”. {a.He} said it "
        "makes {a.him} feel in control. {a.He} looked tired and was cold in the classroom with the heating on.",
        "Kept it light, did not comment on food or weight. Said I was glad {a.he} had told me and that I would "
        "pass it on.",
        "GP referral made by parents, food diary not asked for. Lunch with a friend in the library. Reviewed "
        "after four weeks.",
        services=("TikTok", "Instagram", "YouTube"),
        notes=("Rang home. Mum had noticed too and was relieved. She is making a GP appointment.",),
        question="Have you seen {a} eat anything in school this week?",
        answer="Half a banana after PE, and {a.he} drinks water. I have not watched {a.him} on purpose.",
        level=Level.HIGH,
    ),
    _content(
        (5, 10),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED, "c": ALLEGED},
        "{b} and {c} were laughing at a picture on a tablet behind the music block. {a} walked away upset and "
        "told me it was “a joke about people who look like my family”. I saw enough over their shoulders to "
        "know it was a racist meme. {c} said {c.he} “didn't make it, it was just sent”.",
        "Took the tablet, switched it off, put it in the office safe. Sat with {a} until the bell.",
        "Recorded as a racist incident. Sanction and restorative work for both; {a} and {a.his} family met the "
        "head of year.",
        services=("Instagram", "Discord", "WhatsApp"),
        where=("Behind the music block", "By the lockers", "The covered area"),
        notes=("Parents of all three informed. {a}'s father asked how we record this: explained.",),
        outcome=Outcome.BEHAVIOUR,
        level=Level.HIGH,
    ),
    _content(
        (8, 13),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"b": NAMED, "c": NAMED},
        "In form time {b} answered a girl with a phrase about women “knowing their place” and {c} gave the next "
        "line, as if they both knew it by heart. I asked where it came from and they said a man on {app} who "
        "“tells it like it is”. Several girls said they hear it most days. Third time this half-term in my "
        "group.",
        "Challenged it, moved on, spoke to the girls afterwards. I have not rung home.",
        "Small-group work over four weeks with the youth worker. {b} now questions it himself; {c} less so, "
        "mentor continues.",
        services=("YouTube", "TikTok", "X"),
        where=("Form room",),
        notes=("Two other tutors report the same phrases. Raised with the PSHE lead for the year group.",),
    ),
    _content(
        (9, 13),
        Setting.LESSON,
        Place.ONLINE,
        {"b": NAMED},
        "In a history lesson {b} said quite calmly that an attack in the news “was staged, they were actors”, "
        "and offered to show us the proof on {app}. {b.He} talked about “people who run everything”. {b.He} was "
        "not rude, just very sure. It was a change from last term.",
        "Moved the class on. Spoke with {b.him} alone for five minutes; mostly listened.",
        "Explored with {b} and {b.his} parents. No contact with any group. Media literacy sessions arranged; "
        "{b} took part well.",
        services=("Telegram", "YouTube", "X"),
        notes=(
            "Talked it through with the local Prevent officer without naming {b}: advice is to keep talking to "
            "{b.him}.",
        ),
        question="Did {b} mention anybody {b.he} talks to about this, online or in person?",
        answer="{b.He} said “a server I'm in”. No names. I did not press.",
    ),
    _content(
        (9, 13),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"b": NAMED, "d": WITNESS},
        "{d} handed me a sticker found inside a library book with a link printed on it and a slogan about "
        "“replacing” people. {d} thinks {b} has been leaving them. {b} has been drawing the same sign on "
        "{b.his} planner.",
        "Put the sticker in an envelope. Have not looked up the address. Library staff are checking the other books.",
        "Prevent referral accepted for advice and support. {b} meets the worker fortnightly. No further "
        "stickers found.",
        services=("Telegram",),
        where=("Library", "Sixth form study room"),
        notes=(
            "Eleven more stickers found. Site team keeping a list of where.",
            "{b} told {s} that a man in a chat posted them to {b.his} house. Address passed to police with the "
            "referral.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
        reporters=("librarian", "teacher", "assistant"),
    ),
    _content(
        (3, 6),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED, "c": WITNESS},
        "We were looking for pictures of volcanoes. {a} called me over because “a horrible picture came”. "
        "{a.He} had turned the screen down straight away as we have practised. {c}, beside {a.him}, had seen it "
        "too. An advert at the side of the page, nothing to do with volcanoes.",
        "Praised {a.him} for turning it over. Closed the page without looking further. Noted laptop and time for ICT.",
        "Address blocked by ICT the same day and checked from a pupil account. Parents of both children told.",
        services=("Web search",),
        where=("Classroom, laptop 14", "ICT suite, third row", "Classroom, trolley laptop 22"),
        notes=("ICT confirm: the advert came through a site that was allowed for Year 4 topic work. Now blocked.",),
    ),
    _content(
        (7, 11),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"b": ALLEGED, "c": NAMED},
        "{b} had a page of videos open in computing that our filter should have stopped. {b.He} was using a "
        "“homework helper” site that opens other sites inside itself. {c} said half the year knows the address. "
        "What I saw was men fighting for money.",
        "Turned the monitor off, wrote down the machine and the time. Have told the network manager about the "
        "site only.",
        "Site blocked and tested. {b} has lost internet access for a week under the acceptable use agreement.",
        services=("A proxy website",),
        where=("Room C4", "Computing lab", "Learning resource centre"),
        notes=("Filter report shows 31 visits by nine accounts since Monday. Letter to parents of that group.",),
        outcome=Outcome.BEHAVIOUR,
    ),
    _content(
        (7, 11),
        Setting.JOURNEY,
        Place.OFF_SITE,
        {"a": HARMED, "b": ALLEGED},
        "{a} came to find me before period 1. On the bus {when} {b} held up a phone with “a grown-ups' video "
        "that I didn't want to see” and would not put it away. {a.He} was embarrassed to say it. I stopped "
        "{a.him} there and did not ask what was in it.",
        "Told {a.him} {a.he} had done nothing wrong. Asked the office to keep {a.him} and {b} on different "
        "buses today.",
        "{b}'s phone checked by {b.his} parents, not by us. Bus seating plan, sessions on consent. {a} feels "
        "able to use the bus.",
        where=("School bus, route 12", "The 7:40 bus", "Coach home"),
        notes=("{b} admitted it. Says an older boy sent it. Mum will keep the phone for now.",),
        level=Level.HIGH,
        outcome=Outcome.BEHAVIOUR,
    ),
    _content(
        (4, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} asked me whether it is true that the world ends on Saturday. {a.He} had seen it on {app} and "
        "“there were millions of likes so it must be”. {a.He} has packed a bag. Three others at the table had "
        "heard it too.",
        "Talked about how to tell whether something is true. Looked at it as a class without the video.",
        "Class lesson on checking facts went well. {a} unpacked {a.his} bag. Gran was glad we rang.",
        services=VIDEO_APPS,
        where=("At {a.his} gran's",),
    ),
    _content(
        (6, 9),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"a": HARMED, "c": NAMED, "d": WITNESS},
        "Found {a} sitting on the floor by the toilets, dizzy. {d} said they were trying “the dare off {app}”. "
        "{c} had timed it. None of them thought it could go wrong. First aid saw {a} straight away.",
        "First aider called, {a} checked and fine within minutes. Sent {c} and {d} to wait in the office. Rang "
        "no parents yet.",
        "All parents spoken to the same day. Assembly on dares without naming this one. No copycats since.",
        services=("TikTok", "YouTube Shorts"),
        where=("Ground floor toilets", "Behind the sports hall"),
        notes=("Medical note added by first aid. {a}'s dad collected {a.him} and will see the GP to be safe.",),
        level=Level.HIGH,
        reporters=("lunch supervisor", "assistant", "teacher", "matron"),
    ),
    _content(
        (7, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} talks about somebody called “Nyx” as {a.his} best friend. Today it came out that it is a chatbot "
        "in {app}. {a.He} talks to it till late and said “it says I don't need the others”. {a.He} has stopped "
        "going to netball club.",
        "Asked open questions, did not laugh. Said I would like {a.him} to talk to somebody about sleep.",
        "App removed by agreement, bedtime for the phone. {a} is back at club and meets the mentor on Thursdays.",
        services=("A chatbot app", "Character chat", "Snapchat"),
        notes=("Home visit not needed. Parents did not know the app answers by itself.",),
        question="Does {a} say whether it ever asked {a.him} for pictures or where {a.he} lives?",
        answer="I asked only whether it wants to know things about {a.him}. “It asks what makes me sad.”",
    ),
    _content(
        (4, 8),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": NAMED},
        "{a} refused to go to the toilets alone. {a.He} had been sent a message on {app} that said to pass it "
        "on to {count} people or “something will come at night”. {b} sent it on to {a.him} “because I was "
        "scared too”.",
        "Told them both that such messages are made up, and that I had one when I was at school. Walked {a.him} there.",
        "Read out in assembly as an old trick with a new coat. Both children reassured, parents told.",
        services=("WhatsApp", "Messenger Kids", "Snapchat"),
        level=Level.LOW,
    ),
    _content(
        (4, 8),
        Setting.BOARDING,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": NAMED},
        "At lights out I found {a} awake and crying. {b} had a second phone under the pillow and they had "
        "watched part of a horror film together. {a} said “I said yes so they'd not think I was a baby”.",
        "Took the phone for the night. Hot chocolate in the matron's room. {a} slept in the end bed near my door.",
        "Second phones collected from the whole dormitory under an amnesty. {a} and {b} are friends again.",
        services=("Netflix", "YouTube"),
        where=("Boarding house, Lower dormitory", "Boarding house, first floor"),
        is_alike=True,
        reporters=("houseparent", "matron"),
    ),
    _content(
        (9, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} said {a.he} posts book reviews on {app} and {when} there were {count} comments about {a.his} "
        "religion, “the kind you don't repeat”. {a.He} has not answered. {a.He} showed me the number of "
        "messages, not the messages.",
        "Told {a.him} to keep them and not to answer. Reminded {a.him} how to report and block.",
        "Reported as a hate crime by the family; reference held. Account is private now and {a} is posting again.",
        services=("Instagram", "TikTok", "Goodreads"),
        notes=(
            "Family wanted advice on reporting. Shared the police page for hate crime and sat with mum while "
            "she did it.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
)
