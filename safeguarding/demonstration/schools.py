"""The fictional trust and its five schools: their names, their size, and what they call their roles."""

from dataclasses import dataclass, field, replace
from datetime import time

from accounts.roles import Role

TRUST = "Lanternfield Learning Trust"
TRUST_DOMAIN = "lanternfield.example"

NORTH = ("Northmarsh Council, designated officer for allegations", "01632 960810", "lado@northmarsh-council.example")
SOUTH = ("Southwold Vale Council, designated officer", "01632 960870", "lado@southwoldvale-council.example")


@dataclass(frozen=True)
class SchoolPlan:
    """One school as it is to be: size, years, words, and how much has happened there."""

    name: str
    slug: str
    reference_prefix: str
    phase: str
    urn: str
    phone: str
    contact: tuple[str, str, str]
    years: tuple[int, int]
    pupils: int
    forms: tuple[str, ...]
    plain_staff: int
    incidents: int
    adult_cases: int
    role_titles: dict[str, str]
    closes_at_time: time = time(16, 0)
    # Weeks by which its summer term ends earlier than that of its neighbours.
    short_summer: int = 0
    boards: bool = False
    head_is_concerned: bool = False
    # The pack that the school follows.
    policy: str = "starter"
    jobs: tuple[str, ...] = field(default=("teacher", "assistant", "teacher", "office"))

    @property
    def domain(self) -> str:
        """The end of every e-mail address at the school; `.example` belongs to nobody."""
        return f"{self.slug}.example"


PLANS = (
    SchoolPlan(
        name="Tanglewick Village Primary School",
        slug="tanglewick",
        policy="shipbourne-2018",
        reference_prefix="TAN",
        phase="primary",
        urn="990101",
        phone="01632 960101",
        contact=NORTH,
        years=(0, 6),
        pupils=60,
        forms=("Wrens", "Robins", "Kestrels"),
        plain_staff=6,
        incidents=26,
        adult_cases=1,
        role_titles={
            Role.HEADTEACHER: "Head of School",
            Role.DSL: "Designated Safeguarding Lead",
            Role.DEPUTY_DSL: "Second Designated Safeguarding Lead",
            Role.SLT: "Assistant Head",
            Role.BURSAR: "School business manager",
            Role.ICT_TECHNICIAN: "Visiting ICT technician",
        },
        jobs=("teacher", "assistant", "teacher", "lunch supervisor", "office", "assistant"),
    ),
    SchoolPlan(
        name="Quillhampton Preparatory School",
        slug="quillhampton",
        policy="junior-kings-canterbury-2023",
        reference_prefix="QUI",
        phase="prep",
        urn="990102",
        phone="01632 960142",
        contact=SOUTH,
        years=(3, 8),
        pupils=180,
        forms=("L", "M", "U"),
        plain_staff=16,
        incidents=48,
        adult_cases=2,
        role_titles={
            Role.HEADTEACHER: "Headmaster",
            Role.DSL: "Deputy Head (Pastoral) and Designated Safeguarding Lead",
            Role.ONLINE_SAFETY_LEAD: "Head of Digital Learning",
            Role.SLT: "Director of Studies",
            Role.CHAIR_OF_GOVERNORS: "Chair of the Board",
            Role.NETWORK_MANAGER: "Director of ICT",
            Role.HEAD_OF_KEY_STAGE: "Head of Middle School",
        },
        closes_at_time=time(18, 0),
        short_summer=1,
        boards=True,
        jobs=("teacher", "houseparent", "teacher", "matron", "assistant", "office", "teacher", "sports coach"),
    ),
    SchoolPlan(
        name="Farrowgate Community School",
        slug="farrowgate",
        policy="kingsmeadow-2019",
        reference_prefix="FAR",
        phase="secondary",
        urn="990103",
        phone="01632 960215",
        contact=NORTH,
        years=(7, 11),
        pupils=900,
        forms=("Ash", "Birch", "Cedar", "Elder", "Hazel", "Rowan"),
        plain_staff=40,
        incidents=150,
        adult_cases=4,
        role_titles={
            Role.ONLINE_SAFETY_LEAD: "Online safety coordinator",
            Role.HEAD_OF_KEY_STAGE: "Progress leader",
            Role.BURSAR: "Director of finance and operations",
            Role.SCHOOL_ADMINISTRATOR: "Data and admissions manager",
            Role.GOVERNOR: "Community governor",
        },
        jobs=("teacher", "teacher", "assistant", "teacher", "office", "teacher", "librarian", "lunch supervisor"),
    ),
    SchoolPlan(
        name="Aldernesse Grammar School",
        slug="aldernesse",
        policy="maidstone-grammar-2020",
        reference_prefix="ALD",
        phase="grammar",
        urn="990104",
        phone="01632 960377",
        contact=SOUTH,
        years=(7, 13),
        pupils=640,
        forms=("A", "L", "N", "S"),
        plain_staff=28,
        incidents=95,
        adult_cases=3,
        role_titles={
            Role.HEADTEACHER: "Headmaster",
            Role.DSL: "Deputy Headmaster and Designated Safeguarding Lead",
            Role.ONLINE_SAFETY_LEAD: "E-safety officer",
            Role.BURSAR: "School Bursar",
            Role.NETWORK_MANAGER: "ICT Network Manager",
            Role.HEAD_OF_KEY_STAGE: "Head of Sixth Form",
            Role.SLT: "Assistant Headmaster",
        },
        head_is_concerned=True,
        jobs=("teacher", "teacher", "librarian", "teacher", "office", "assistant", "technician"),
    ),
    SchoolPlan(
        name="Kitewell Primary Academy",
        slug="kitewell",
        policy="canterbury-cross-2023",
        reference_prefix="KIT",
        phase="academy",
        urn="990105",
        phone="01632 960463",
        contact=NORTH,
        years=(0, 6),
        pupils=420,
        forms=("Curlew", "Heron"),
        plain_staff=22,
        incidents=64,
        adult_cases=2,
        role_titles={
            Role.HEADTEACHER: "Principal",
            Role.ONLINE_SAFETY_LEAD: "Computing and online safety lead",
            Role.CHAIR_OF_GOVERNORS: "Chair of Trustees",
            Role.SAFEGUARDING_GOVERNOR: "Safeguarding trustee",
            Role.GOVERNOR: "Trustee",
            Role.SLT: "Vice Principal",
            Role.HEAD_OF_KEY_STAGE: "Phase leader",
        },
        jobs=(
            "teacher",
            "assistant",
            "teacher",
            "assistant",
            "lunch supervisor",
            "office",
            "teacher",
            "learning mentor",
        ),
    ),
)

# The same kinds of people and stories in a few seconds, for tests and for a quick look.
SMALL_PLANS = (
    replace(PLANS[1], pupils=36, plain_staff=5, incidents=11, adult_cases=1),
    replace(PLANS[3], pupils=42, plain_staff=5, incidents=13, adult_cases=1),
)
SIZES = {"full": PLANS, "small": SMALL_PLANS}
