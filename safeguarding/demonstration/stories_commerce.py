"""Concerns about commerce: money, gambling, scams, blackmail and selling."""

from functools import partial

from incidents.statuses import Level, Outcome, Place
from policies.engine.taxonomy import Category
from safeguarding.demonstration.stories import ALLEGED, GAMES, HARMED, NAMED, WITNESS, Setting, Story

_commerce = partial(Story, Category.COMMERCE)

STORIES = (
    _commerce(
        (3, 6),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} was in bits this morning. {a.He} spent {money} on {game} “by accident” with dad's card and dad "
        "shouted. {a.He} said the button “was just there”. {a.He} thinks there is no money for food now.",
        "Reassured {a.him}. Gave {a.him} breakfast. Did not promise anything about the money.",
        "Company refunded most of it. Dad set a spending code and told {a} he was sorry for shouting.",
        services=GAMES,
        notes=("Rang dad: he had calmed down and was worried about {a}. Sent the refund link.",),
        level=Level.LOW,
    ),
    _commerce(
        (9, 13),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"a": HARMED, "c": NAMED},
        "{a} has been placing bets on football at {site} with {a.his} brother's account, at first for {c} and "
        "others for fun. {a.He} told me {a.he} is {money} down and “has to win it back before Friday”. {a.He} "
        "could not sit still.",
        "Listened. Told {a.him} that chasing is how it gets worse, and that there is help for under-18s.",
        "Account closed by the brother. {a} has a worker from the young people's gambling service. Debt known at home.",
        services=("A betting site ({site})",),
        where=("Common room", "Behind the canteen", "Library"),
        notes=(
            "Parents in, calm meeting. They did not know. Brother is 19.",
            "{c} and two others spoken to: stakes of a pound or two.",
        ),
        question="Did {a} say whether {a.he} owes money to anybody in school?",
        answer="To {c}, a tenner. Nobody else that {a.he} named.",
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _commerce(
        (7, 11),
        Setting.LESSON,
        Place.ONLINE,
        {"a": HARMED},
        "{a} got an e-mail at {a.his} school address saying {a.he} had won a gift card, and typed in {a.his} "
        "password at {site}. In the next hour {count} of the same e-mails went out from {a.his} account. {a.He} "
        "came to tell me by {a.himself}.",
        "Took {a.him} to ICT, password changed on the spot. Told {a.him} that owning up quickly saved a lot of people.",
        "ICT cleared the messages from other mailboxes and blocked the site. {a} was thanked, not punished.",
        services=("School e-mail",),
        where=("School e-mail, opened in the library",),
        notes=("ICT: nine others opened it, two typed a password, both changed.",),
        level=Level.LOW,
    ),
    _commerce(
        (9, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} asked how quickly a bank can be made to take money back. Somebody {a.he} met on {app} {when} says "
        "they “have something of mine” and will send it to everyone {a.he} follows unless {a.he} pays {money}. "
        "{a.He} has paid once. {a.He} said “please don't tell my dad”.",
        "Told {a.him} {a.he} is the victim of a crime and has done nothing we would be angry about. Stayed with "
        "{a.him}.",
        "Police and CEOP have it. No more was paid. Report Remove done. {a}'s dad was kind. Weekly check-in "
        "until Easter.",
        services=("Instagram", "Snapchat", "Telegram"),
        stranger="An account called “{handle}”",
        notes=(
            "Rang 101, reference kept here. Advice: do not pay, do not reply, keep everything.",
            "Asked {a} directly about how {a.he} feels. Safe tonight, brother is staying with {a.him}.",
            "Childline number saved on {a.his} phone; {a.he} rang it from my room.",
        ),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _commerce(
        (10, 13),
        Setting.LESSON,
        Place.ONLINE,
        {"a": HARMED},
        "{a} told {a.his} economics group that {a.he} “gets {money} for doing nothing”: somebody from {app} "
        "sends money to {a.his} account, {a.he} sends it on and keeps a cut. {a.He} was proud of it. I do not "
        "think {a.he} knows it is a crime.",
        "Spoke to {a.him} after the lesson. Asked {a.him} to stop today and to bring a parent in.",
        "Bank told by the family, account frozen, then reopened. Police treat {a} as exploited. Lesson written "
        "for sixth form.",
        services=("Snapchat", "Telegram", "Instagram"),
        stranger="A “recruiter” on social media",
        where=("Room E7", "Economics room"),
        notes=("Exploitation screening tool completed: medium.",),
        level=Level.HIGH,
        outcome=Outcome.REFERRED_ON,
    ),
    _commerce(
        (8, 11),
        Setting.BREAK,
        Place.IN_SCHOOL,
        {"b": ALLEGED, "a": HARMED, "d": WITNESS},
        "{d} says {b} takes orders for vapes in a story on {app} and hands them over in the toilets. {a} bought "
        "one {when} and was sick in my lesson. I found a box with a price list in the bin.",
        "{a} seen by first aid, parents rung. Box in the office safe. Have not searched anybody.",
        "{b} excluded for two days, supplier's account reported. {a} fine. Trading standards have the box.",
        services=("Snapchat",),
        where=("Toilets by the hall", "Upper school toilets"),
        outcome=Outcome.BEHAVIOUR,
    ),
    _commerce(
        (6, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "c": NAMED},
        "{a} has “lost a knife worth {money}”. It took me a while to see that it is a picture in a game and "
        "that {a.he} stakes such things on a wheel at {site}. {c} showed {a.him} how. {a.He} used birthday "
        "money to start again.",
        "Asked {a.him} to explain it to me, which {a.he} liked. Said it sounds like gambling and I would ask about it.",
        "Site blocked at home. Both tutor groups had the lesson on skins and loot boxes.",
        services=("Counter-Strike", "Roblox", "Rust"),
        notes=("{c}'s parents told as well. Similar story there.",),
    ),
    _commerce(
        (4, 8),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} was told in {game} that {a.he} would get free coins if {a.he} typed {a.his} password into {site}. "
        "{a.He} did, and now {a.his} account and “everything I ever made” is gone. {a.He} cried through "
        "assembly.",
        "Told {a.him} that grown-ups fall for that too. Wrote down the name of the site with {a.him}.",
        "Account recovered with mum's help after a week. {a} made a poster about it for the ICT suite.",
        services=GAMES,
        level=Level.LOW,
    ),
    _commerce(
        (7, 11),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": NAMED},
        "{a} fainted in drama. {a.He} had drunk three cans of a drink {b} sells from {b.his} bag; a woman on "
        "{app} sends it free to pupils who post about it. Both said “it's basically vitamins”. It says not for "
        "under 18s.",
        "First aid and {a}'s dad called. One can kept for you. Asked {b} to leave the rest with the office.",
        "GP advice given. {b}'s mum ended the arrangement. Canteen and tutor notice about such drinks.",
        services=("TikTok", "Instagram"),
        stranger="A seller who sends drinks to pupils",
        where=("Drama studio",),
    ),
    _commerce(
        (9, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "b": ALLEGED},
        "{b} runs a “signals” group on {app} and has talked {count} pupils into buying a coin. {a} put in "
        "{money} of exam resit money. {when_start} the coin was worth nothing. {b} says {b.he} lost more than "
        "anybody and only passed on tips.",
        "Asked both to leave the group up so that it can be looked at. No sides taken.",
        "Action Fraud report made by {a}'s parents. {b} was used by somebody older. School hardship fund paid "
        "the resit.",
        services=("Telegram", "Discord"),
        notes=(
            "Eight pupils named so far; between five pounds and two hundred.",
            "{b} is receiving unpleasant messages. Watch.",
        ),
    ),
    _commerce(
        (8, 10),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED},
        "{a} saved {money} from {a.his} paper round and birthdays for trainers from an advert on {app}. An "
        "empty envelope came {when}. {a.He} was ashamed to tell anyone at home because nan warned {a.him}.",
        "Looked at the site with {a.him}: no address, made two weeks ago. Rang nan together with {a.him}.",
        "Bank is refunding it. {a} now knows three checks to make and teaches them to everybody.",
        services=("Instagram", "TikTok Shop", "Facebook"),
        level=Level.LOW,
    ),
    _commerce(
        (1, 5),
        Setting.LESSON,
        Place.IN_SCHOOL,
        {"a": HARMED},
        "The counting game we use in class has begun to show a wheel after each round, “spin to win”, and asks "
        "for an e-mail address. {a} typed {a.his} mum's. {a.He} told me “I won a phone but it needs a number "
        "off the card”.",
        "Stopped all the tablets. Rang mum so that she is warned. Have told ICT the name of the game.",
        "Game taken off all tablets. Mum got four e-mails and deleted them. Replacement chosen by the computing lead.",
        services=("A counting game",),
        where=("Classroom, tablet trolley",),
        level=Level.LOW,
    ),
    _commerce(
        (9, 13),
        Setting.BREAK,
        Place.ONLINE,
        {"b": ALLEGED, "c": NAMED},
        "{b} sells finished essays for {money} through a channel on {app}; a chatbot writes them and {b} “makes "
        "them worse so it looks real”. {c} bought one for coursework. I noticed because two read alike.",
        "Have spoken to nobody. Kept both pieces. The exams officer should know.",
        "Exam board informed about the coursework. {b} and {c} sanctioned; {b} turned out to be under pressure "
        "from older buyers.",
        services=("Discord", "Telegram"),
        outcome=Outcome.BEHAVIOUR,
        level=Level.LOW,
    ),
    _commerce(
        (6, 8),
        Setting.BOARDING,
        Place.IN_SCHOOL,
        {"a": HARMED, "b": ALLEGED},
        "{a} asked me for an advance on {a.his} pocket money, the third time. It turns out {a.he} owes {b} "
        "{money}: {b} lends to the dormitory for {game} and wants more back each week. {a} has been giving "
        "{b.him} {a.his} tuck as well.",
        "Told {a.him} debts like that do not count here. Wrote down the sums as {a.he} remembers them.",
        "Debts cancelled in front of both housemasters. {b}'s parents rung. Pocket money talk for the whole house.",
        services=GAMES,
        where=("Boarding house",),
        is_alike=True,
        outcome=Outcome.BEHAVIOUR,
        reporters=("houseparent", "matron"),
    ),
    _commerce(
        (6, 10),
        Setting.PARENT,
        Place.ONLINE,
        {"a": HARMED},
        "{a}'s aunt rang the office: there is a page collecting money “for {a}'s operation” with {a.his} "
        "photograph. {a} is well and there is no operation. {money} has been given so far, some of it by "
        "families of this school.",
        "Took the aunt's number. Have not shared the page. Told her somebody would ring before the end of the day.",
        "Page taken down, police have the payee. Letter to families without naming {a}. {a} found it mostly "
        "embarrassing.",
        services=("A fundraising page", "Facebook"),
        stranger="Whoever set up the page",
        outcome=Outcome.REFERRED_ON,
        reporters=("office",),
    ),
    _commerce(
        (10, 13),
        Setting.HOME,
        Place.ONLINE,
        {"a": HARMED, "d": NAMED},
        "{a} and {d} sent {money} to somebody on {app} for concert tickets that never came. Now the same person "
        "offers to “make it up” if they sell tickets to others. {a} has already asked two people in {year}.",
        "Explained that this would make them part of it. They have stopped and will tell the two.",
        "Reported to Action Fraud. The two had not paid. No further contact from the seller.",
        services=("X", "Instagram", "Facebook Marketplace"),
        stranger="A ticket seller called “{handle}”",
        level=Level.LOW,
    ),
)
