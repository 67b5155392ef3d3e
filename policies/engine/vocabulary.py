"""The words of the policy pack contract: every value a rule may ask about or an obligation may hold.

Lists may grow when a source needs a word; an entry is never renamed, because packs, records and reports hold it.
"""

from enum import IntEnum, StrEnum


class IncidentType(StrEnum):
    """What exactly happened; an incident may be several at once."""

    HARMFUL_CONTENT = "harmful_content"
    ONLINE_HATE = "online_hate"
    RADICALISATION = "radicalisation"
    MISINFORMATION = "misinformation"
    SELF_HARM_CONTENT = "self_harm_content"
    IIOC = "iioc"
    GROOMING = "grooming"
    CRIMINAL_EXPLOITATION = "criminal_exploitation"
    STRANGER_CONTACT = "stranger_contact"
    CYBERBULLYING = "cyberbullying"
    NUDES = "nudes"
    SEXUAL_HARASSMENT = "sexual_harassment"
    UPSKIRTING = "upskirting"
    IMAGE_MISUSE = "image_misuse"
    DEVICE_MISUSE = "device_misuse"
    ACCOUNT_MISUSE = "account_misuse"
    AI_MISUSE = "ai_misuse"
    OFFENSIVE_MESSAGE = "offensive_message"
    GAMBLING = "gambling"
    SCAM = "scam"
    ADVERTISING = "advertising"
    FILTERING_BREACH = "filtering_breach"
    OVERBLOCKING = "overblocking"
    FILTERING_FAILURE = "filtering_failure"
    MONITORING_ALERT = "monitoring_alert"
    DATA_BREACH = "data_breach"
    STAFF_MISUSE = "staff_misuse"
    LOW_LEVEL_CONCERN = "low_level_concern"
    PARENT_CONDUCT = "parent_conduct"
    OTHER = "other"


class PartHolder(StrEnum):
    """What somebody with a part in an incident is to the school."""

    PUPIL = "pupil"
    STAFF = "staff"
    HEADTEACHER = "headteacher"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    ONLINE_SAFETY_LEAD = "online_safety_lead"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    GOVERNOR = "governor"
    ICT = "ict"
    VOLUNTEER = "volunteer"
    CONTRACTOR = "contractor"
    PARENT = "parent"
    VISITOR = "visitor"
    OUTSIDER = "outsider"
    UNKNOWN = "unknown"


class OwnerRole(StrEnum):
    """Who may own an obligation or be told. `governors` is the body; `external_contact` a contact card, no login."""

    REPORTER = "reporter"
    EVERYONE = "everyone"
    STAFF = "staff"
    LINE_MANAGER = "line_manager"
    CLASS_TEACHER = "class_teacher"
    HEAD_OF_KEY_STAGE = "head_of_key_stage"
    SENCO = "senco"
    ICT_TECHNICIAN = "ict_technician"
    NETWORK_MANAGER = "network_manager"
    ONLINE_SAFETY_LEAD = "online_safety_lead"
    DEPUTY_DSL = "deputy_dsl"
    DSL = "dsl"
    BURSAR = "bursar"
    SLT = "slt"
    DPO = "dpo"
    HEADTEACHER = "headteacher"
    SAFEGUARDING_GOVERNOR = "safeguarding_governor"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    GOVERNORS = "governors"
    TRUST_SAFEGUARDING_LEAD = "trust_safeguarding_lead"
    SCHOOL_ADMINISTRATOR = "school_administrator"
    EXTERNAL_CONTACT = "external_contact"


class Suspicion(StrEnum):
    """How far something is suspected."""

    NO = "no"
    UNSURE = "unsure"
    SUSPECTED = "suspected"


class Imagery(StrEnum):
    """Whether images of a child are involved."""

    NONE = "none"
    POSSIBLE = "possible"
    INDECENT = "indecent"


class Exposure(StrEnum):
    """Whether somebody came upon material, and how."""

    NONE = "none"
    INADVERTENT = "inadvertent"
    DELIBERATE = "deliberate"


class DeviceKind(StrEnum):
    """Whose device is involved."""

    SCHOOL = "school"
    PERSONAL = "personal"


class FoundOn(StrEnum):
    """Where material was found."""

    SCHOOL_DEVICE = "school_device"
    PERSONAL_DEVICE = "personal_device"
    SCHOOL_NETWORK = "school_network"
    EMAIL = "email"
    ELSEWHERE = "elsewhere"


class HarmThreshold(StrEnum):
    """Whether an allegation meets the harm tests of KCSIE part four."""

    MET = "met"
    NOT_MET = "not_met"
    UNSURE = "unsure"


class Strength(IntEnum):
    """How binding an obligation is. A larger number wins where two layers ask for the same thing."""

    CONSIDER = 1
    MUST = 2
    MUST_NOT = 3

    @property
    def key(self) -> str:
        """The word as packs write it."""
        return self.name.lower()


class Kind(StrEnum):
    """What an obligation asks for."""

    RECORD = "record"
    NOTIFY = "notify"
    ACKNOWLEDGE = "acknowledge"
    CONSULT = "consult"
    REFER = "refer"
    INFORM_PARENTS = "inform_parents"
    DO = "do"
    FORBID = "forbid"
    RESTRICT = "restrict"


class Agency(StrEnum):
    """Whom the school consults or refers to."""

    POLICE = "police"
    POLICE_EMERGENCY = "police_emergency"
    CEOP = "ceop"
    IWF = "iwf"
    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    LADO = "lado"
    PREVENT = "prevent"
    EDUCATION_SAFEGUARDING_SERVICE = "education_safeguarding_service"
    OTHER_SETTING_DSL = "other_setting_dsl"
    EXAM_BOARD = "exam_board"
    REPORT_REMOVE = "report_remove"
    ICO = "ico"


class Deed(StrEnum):
    """What has to be done."""

    STAY_WITH_PUPIL = "stay_with_pupil"
    MINIMISE_PAGE = "minimise_page"
    STORE_DEVICE_SECURELY = "store_device_securely"
    QUARANTINE_DEVICE = "quarantine_device"
    BLOCK_ACCESS = "block_access"
    ISOLATE_CONTENT = "isolate_content"
    CONTAIN_SPREAD = "contain_spread"
    REPORT_URL_TO_ICT = "report_url_to_ict"
    REPORT_URL_TO_IWF = "report_url_to_iwf"
    DELETE_COPIES = "delete_copies"
    CONFIRM_DELETION_ALLOWED = "confirm_deletion_allowed"
    PRESERVE_EVIDENCE = "preserve_evidence"
    RISK_ASSESSMENT = "risk_assessment"
    AGENCY_CHECKS = "agency_checks"
    SUPPORT_PUPIL = "support_pupil"
    SUPPORT_STAFF = "support_staff"
    APPLY_SANCTION = "apply_sanction"
    CONSIDER_SANCTION = "consider_sanction"
    DISCIPLINARY_ROUTE = "disciplinary_route"
    BEHAVIOUR_ROUTE = "behaviour_route"
    REVIEW_HANDLING = "review_handling"
    DEBRIEF = "debrief"
    DOCUMENT_VIEWING = "document_viewing"
    DOCUMENT_DECISION = "document_decision"
    VERIFY_FIX = "verify_fix"
    LOG_CHANGE = "log_change"
    SEARCH_RECORD = "search_record"
    UPDATE_POLICY = "update_policy"


class Ban(StrEnum):
    """What must not be done."""

    VIEW_IMAGERY = "view_imagery"
    COPY_IMAGERY = "copy_imagery"
    SHARE_IMAGERY = "share_imagery"
    STORE_IMAGERY = "store_imagery"
    ASK_CHILD_TO_SHARE = "ask_child_to_share"
    DELETE_EVIDENCE = "delete_evidence"
    INVESTIGATE_FIRST = "investigate_first"
    TELL_SUBJECT = "tell_subject"
    PROMISE_CONFIDENTIALITY = "promise_confidentiality"
    SHARE_BEYOND_SCHOOL = "share_beyond_school"


class Gate(StrEnum):
    """A named condition until which, or unless which, an obligation holds."""

    POLICE_ADVICE = "police_advice"
    POLICE_REQUEST = "police_request"
    DELETION_CONFIRMED = "deletion_confirmed"
    PARENTS_UNSAFE_TO_TELL = "parents_unsafe_to_tell"


class Met(StrEnum):
    """How a clause of a policy is met."""

    ENFORCED = "enforced"
    RECORDED = "recorded"
    GUIDANCE = "guidance"
    OUTSIDE = "outside"


class Layer(IntEnum):
    """How near a pack is to the school. The nearer one names owners; the stricter one wins."""

    FLOOR = 0
    PARTNERSHIP = 1
    SCHOOL = 2


# How urgent a case may be, as a pack writes it.
LEVELS = ("danger", "high", "standard", "low")
# What a role may be allowed to do. The product sets the most a role can hold; a pack narrows, never widens.
CAPABILITIES = frozenset(
    {
        "incident.log",
        "incident.read",
        "incident.triage",
        "incident.work",
        "incident.close",
        "incident.seal",
        "adult_case.manage",
        "low_level.manage",
        "filtering.read",
        "filtering.work",
        "device.work",
        "report.draft",
        "report.approve",
        "report.read",
        "policy.read",
        "policy.adopt",
        "register.manage",
        "person.read",
        "person.manage",
        "member.manage",
        "member.approve",
        "audit.read",
        "integration.manage",
        "school.manage",
    }
)
# Whom an escalation step may name besides a role.
RELATIVE_RECIPIENTS = frozenset({"owner", "owner_deputy", "answers_to"})
