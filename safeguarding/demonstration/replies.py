"""What those who handle cases write when a story has no words of its own for it."""

from incidents.statuses import Level

LEVEL_REASONS = {
    Level.HIGH: (
        "Possible harm outside school and more than one person involved.",
        "The child is frightened and it is still going on.",
        "Needs action today, and the parents need to hear it from us.",
        "More than one pupil is involved and it is growing.",
    ),
    Level.LOW: (
        "Handled at home already; we keep an eye on it.",
        "No sign of harm, worth a conversation and a note.",
        "Teaching point rather than a safeguarding need.",
    ),
    Level.STANDARD: ("Calmer than it looked at first.",),
}
LEVEL_REASONS_ON_ADULT = {
    Level.HIGH: ("May meet the harm threshold: advice of the designated officer is needed today.",),
    Level.LOW: ("Inconsistent with the code of conduct, below the threshold as far as is known.",),
}
OUT_OF_DANGER = "The child is safe and with an adult. Police have what they need. Work on the case goes on."

ACKNOWLEDGEMENTS = (
    "",
    "",
    "Thank you, I will see the child before the end of the day.",
    "Seen. Please carry on as normal with the class for now.",
    "Thank you for the exact words, that helps.",
)
ACKNOWLEDGEMENT_ON_ADULT = "Thank you for telling me. Please speak to nobody else about it."
NOTES = (
    "Checked earlier concerns about {a}: nothing similar this year.",
    "Spoke to the form tutor. No change seen in lessons.",
    "Left a message for {a}'s home. Will try again at four.",
    "Home rang back. Calm and helpful, happy with the plan.",
    "Saw {a} for ten minutes at break. Settled, chatting with friends.",
    "Attendance looked at together with the office: no pattern.",
    "Checked again: {a} says it has stopped. Form tutor agrees.",
    "Discussed at the weekly safeguarding meeting. Plan stays as it is.",
)
# For concerns in which no pupil was harmed.
NOTES_WITHOUT_CHILD = (
    "Discussed at the weekly safeguarding meeting. Plan stays as it is.",
    "Spoke to the head of year. They will watch it in the corridors and at lunch.",
    "Form tutors asked for anything similar. Two short replies, nothing new.",
)
# For concerns about an adult who works here.
NOTES_ON_ADULT = (
    "Discussed with HR. File opened and kept apart from the personnel file.",
    "Checked the register of low-level concerns: no earlier entry.",
    "Took advice by telephone, date and time noted.",
)
QUESTIONS = (
    ("Who else in school knows about this, as far as you know?", "Only me and those I have named."),
    ("Have you spoken to anybody at home about it?", "Not yet. I thought you would want to."),
    ("Was that the exact wording?", "As near as I can remember. I wrote it down about ten minutes later."),
    ("Is there anything else that was said and is not in here?", "No, that is all of it."),
)
DUPLICATES = (
    "The form tutor had written the same thing up an hour before. Both accounts are kept.",
    "Same matter as a concern logged yesterday by a colleague; followed up there.",
)
NO_ACTION = (
    "Looked into it the same day. A misunderstanding between friends, cleared up; parents informed. No sign of harm.",
    "Parents already knew and had dealt with it well. No referral, because no harm and no adult was involved.",
)
TRANSFERS = ("{a} has moved to another school. File handed over in person, receipt kept with this case.",)
REOPENINGS = (
    "It has started again: {a} came to see us this morning.",
    "New information from home. We look at it again with what we know now.",
    "The review after a month showed that it had not stopped.",
)
REOPENED_NOTES = ("Met {a} again with the head of year. Plan from last time restarted, parents in on Thursday.",)
SECOND_CLOSINGS = (
    "Checked weekly for a month. Quiet since. {a} knows how to reach us.",
    "Settled. Support handed over to the pastoral team with a review at the end of term.",
)
OPEN_QUESTIONS = (
    "Can you remember what time {a} told you, and whether anybody else was in the room?",
    "Did {a} say who else knows about it? A name is enough, please do not ask {a.him} again.",
)

# At triage, and when a case has become quiet.
TAKEN_ON = "It is about a child's safety, so the safeguarding team takes it on."
TAKEN_ON_ADULT = "It is about the conduct of an adult who works here, so this office takes it on."
WATCHED = "It has been quiet since. Nothing more is to be done now."
