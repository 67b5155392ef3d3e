"""What is known of every agency that a policy may name, whatever the school: what to call it, where it is reached all
over England, and what it asks for. A school writes its own entries over these.
"""

from dataclasses import dataclass

from policies.engine.vocabulary import Agency

_WHO = "Names, dates of birth and address of the children, and who is responsible for them."
_WHAT = "What happened, when and where, in the child’s own words where you have them."
_DONE = "What you have done so far, who knows of it, and whether the parents do."
_NO_IMAGES = "Describe images in words. Do not open, copy or send any."


@dataclass(frozen=True)
class KnownAgency:
    """One agency. A telephone number or web address is the same all over England; empty where each area has its own."""

    name: str
    purpose: str
    # What to have at hand before getting in touch.
    asks_for: tuple[str, ...]
    phone: str = ""
    website: str = ""
    # Said where the school has written nothing down and nothing is the same everywhere.
    when_empty: str = ""


KNOWN: dict[Agency, KnownAgency] = {
    Agency.POLICE_EMERGENCY: KnownAgency(
        name="Police, in an emergency",
        purpose="Somebody is in danger now, or a crime is going on.",
        asks_for=("Where you are and who is in danger.", "What is happening now.", _NO_IMAGES),
        phone="999",
    ),
    Agency.POLICE: KnownAgency(
        name="Police",
        purpose="A crime may have been committed, and nobody is in danger now.",
        asks_for=(_WHO, _WHAT, "Which devices and accounts are involved, and where they are now.", _NO_IMAGES),
        phone="101",
    ),
    Agency.CHILDRENS_SOCIAL_CARE: KnownAgency(
        name="Children’s social care",
        purpose="A child may be suffering harm, or be likely to.",
        asks_for=(_WHO, _WHAT, "What worries you, what protects the child, and what you are asking for.", _DONE),
        when_empty="Every local authority has its own front door. Write down the number of yours, also out of hours.",
    ),
    Agency.LADO: KnownAgency(
        name="Local authority designated officer (LADO)",
        purpose="An adult who works or helps with children may have harmed a child or may be a risk to them.",
        asks_for=(
            "Name, date of birth and post of the adult, and other work with children that you know of.",
            "Which of the harm tests may be met, and why.",
            _WHAT,
            "What you have done so far. Ask before you speak with the adult.",
        ),
        when_empty="Every local authority has its own officer. Write down whom to call.",
    ),
    Agency.EDUCATION_SAFEGUARDING_SERVICE: KnownAgency(
        name="Education safeguarding service",
        purpose="Advice for schools, when you are not sure what something is or what to do.",
        asks_for=(_WHAT, "What your policy says, and where you are not sure.", _DONE),
        when_empty="Most local authorities advise their schools. Write down whom to call in yours.",
    ),
    Agency.OTHER_SETTING_DSL: KnownAgency(
        name="Safeguarding lead of another school",
        purpose="Children of another school are involved.",
        asks_for=(
            "Which of their children are involved, and how.",
            "No more than they need to keep their children safe.",
            "Whether the police have advised, and what they said.",
        ),
        when_empty="Each school has its own. Write down the schools nearby with which you have most to do.",
    ),
    Agency.CEOP: KnownAgency(
        name="CEOP, child exploitation and online protection",
        purpose="A child is groomed or sexually abused online. The child can report it too.",
        asks_for=(_WHAT, "Names of accounts and apps, and when there was contact.", _NO_IMAGES),
        website="https://www.ceop.police.uk/safety-centre/",
    ),
    Agency.IWF: KnownAgency(
        name="Internet Watch Foundation (IWF)",
        purpose="The address at which an indecent image of a child is found.",
        asks_for=("The web address alone. Never the image.", "When it was found."),
        website="https://www.iwf.org.uk",
    ),
    Agency.REPORT_REMOVE: KnownAgency(
        name="Report Remove (Childline with the IWF)",
        purpose="A child under 18 wants an image of themselves taken down.",
        asks_for=("The child reports it, with somebody beside them if they wish.", _NO_IMAGES),
        website="https://www.childline.org.uk",
    ),
    Agency.PREVENT: KnownAgency(
        name="Prevent",
        purpose="Somebody may be drawn into terrorism.",
        asks_for=("The national referral form.", _WHO, "What you have noticed, and since when.", _DONE),
        when_empty="Referrals go to the police or the local authority of your area. Write down whom to call.",
    ),
    Agency.EXAM_BOARD: KnownAgency(
        name="Exam board",
        purpose="Malpractice in an exam, or a device in the exam room.",
        asks_for=("Centre number, paper and date.", "What was found, and who saw it."),
        when_empty="Write down the boards whose papers your pupils sit.",
    ),
    Agency.ICO: KnownAgency(
        name="Information Commissioner’s Office (ICO)",
        purpose="Personal data were lost, or came to somebody who should not have them.",
        asks_for=("What data, of how many people, and since when you have known.", "What you have done about it."),
        when_empty="Your data protection officer knows how a breach is reported. Write it down here.",
    ),
}


def name_of(agency: str) -> str:
    """Return what an agency is called on its own, as a heading or in a list."""
    return KNOWN[Agency(agency)].name
