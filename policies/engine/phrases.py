"""The plain words for every thing an obligation may ask for, used where a pack gives none of its own."""

from policies.engine.vocabulary import Agency, Ban, Deed, Kind, OwnerRole

ROLE_WORDS: dict[OwnerRole, str] = {
    OwnerRole.REPORTER: "the person who logged it",
    OwnerRole.EVERYONE: "everybody",
    OwnerRole.STAFF: "staff",
    OwnerRole.LINE_MANAGER: "the line manager",
    OwnerRole.CLASS_TEACHER: "the class teacher",
    OwnerRole.HEAD_OF_KEY_STAGE: "the head of key stage",
    OwnerRole.SENCO: "the special educational needs coordinator",
    OwnerRole.ICT_TECHNICIAN: "the ICT technician",
    OwnerRole.NETWORK_MANAGER: "the network manager",
    OwnerRole.ONLINE_SAFETY_LEAD: "the online safety lead",
    OwnerRole.DEPUTY_DSL: "the deputy Designated Safeguarding Lead",
    OwnerRole.DSL: "the Designated Safeguarding Lead",
    OwnerRole.BURSAR: "the bursar",
    OwnerRole.SLT: "the senior leadership team",
    OwnerRole.DPO: "the data protection officer",
    OwnerRole.HEADTEACHER: "the headteacher",
    OwnerRole.SAFEGUARDING_GOVERNOR: "the safeguarding governor",
    OwnerRole.CHAIR_OF_GOVERNORS: "the chair of governors",
    OwnerRole.GOVERNORS: "the governors",
    OwnerRole.TRUST_SAFEGUARDING_LEAD: "the trust safeguarding lead",
    OwnerRole.SCHOOL_ADMINISTRATOR: "the school administrator",
    OwnerRole.EXTERNAL_CONTACT: "the local authority's contact",
}

AGENCY_WORDS: dict[Agency, str] = {
    Agency.POLICE: "the police (101)",
    Agency.POLICE_EMERGENCY: "the police (999)",
    Agency.CEOP: "CEOP, the child exploitation and online protection command",
    Agency.IWF: "the Internet Watch Foundation (IWF)",
    Agency.CHILDRENS_SOCIAL_CARE: "children's social care",
    Agency.LADO: "the local authority designated officer (LADO)",
    Agency.PREVENT: "Prevent",
    Agency.EDUCATION_SAFEGUARDING_SERVICE: "the education safeguarding service",
    Agency.OTHER_SETTING_DSL: "the Designated Safeguarding Lead of the other school",
    Agency.EXAM_BOARD: "the exam board",
    Agency.REPORT_REMOVE: "Report Remove (Childline with the IWF)",
    Agency.ICO: "the Information Commissioner",
}

DEED_WORDS: dict[Deed, str] = {
    Deed.STAY_WITH_PUPIL: "Stay with the pupil",
    Deed.MINIMISE_PAGE: "Minimise the page or turn the screen off",
    Deed.STORE_DEVICE_SECURELY: "Store the device securely",
    Deed.QUARANTINE_DEVICE: "Quarantine the device until the police have advised",
    Deed.BLOCK_ACCESS: "Block access to it for everybody",
    Deed.ISOLATE_CONTENT: "Isolate the content",
    Deed.CONTAIN_SPREAD: "Stop it from spreading further",
    Deed.REPORT_URL_TO_ICT: "Report the address to ICT",
    Deed.REPORT_URL_TO_IWF: "Report the address to the Internet Watch Foundation",
    Deed.DELETE_COPIES: "Delete every copy",
    Deed.CONFIRM_DELETION_ALLOWED: "Confirm that deleting is allowed: no agency needs it and no child is put at risk",
    Deed.PRESERVE_EVIDENCE: "Keep the evidence",
    Deed.RISK_ASSESSMENT: "Write a risk assessment",
    Deed.AGENCY_CHECKS: "Check with the other agencies that know the child",
    Deed.SUPPORT_PUPIL: "Support every pupil involved",
    Deed.SUPPORT_STAFF: "Support the member of staff",
    Deed.APPLY_SANCTION: "Apply a sanction under the behaviour policy",
    Deed.CONSIDER_SANCTION: "Consider a sanction under the behaviour policy",
    Deed.DISCIPLINARY_ROUTE: "Follow the staff disciplinary policy",
    Deed.BEHAVIOUR_ROUTE: "Follow the behaviour policy",
    Deed.REVIEW_HANDLING: "Review how it was handled",
    Deed.DEBRIEF: "Debrief those who were involved",
    Deed.DOCUMENT_VIEWING: "Write down why the image was viewed, by whom and who was there",
    Deed.DOCUMENT_DECISION: "Write down the decision and the reason",
    Deed.VERIFY_FIX: "Check that the fix works",
    Deed.LOG_CHANGE: "Enter the change in the log",
    Deed.SEARCH_RECORD: "Record the search",
    Deed.UPDATE_POLICY: "Review and update the policy",
}

BAN_WORDS: dict[Ban, str] = {
    Ban.VIEW_IMAGERY: "Do not view the image",
    Ban.COPY_IMAGERY: "Do not copy or print the image",
    Ban.SHARE_IMAGERY: "Do not send or share the image",
    Ban.STORE_IMAGERY: "Do not save or store the image",
    Ban.ASK_CHILD_TO_SHARE: "Do not ask a child to send, share or show the image",
    Ban.DELETE_EVIDENCE: "Do not delete anything yet",
    Ban.INVESTIGATE_FIRST: "Do not investigate before you have passed it on",
    Ban.TELL_SUBJECT: "Do not tell the person it is about",
    Ban.PROMISE_CONFIDENTIALITY: "Do not promise to keep it secret",
    Ban.SHARE_BEYOND_SCHOOL: "Do not share it beyond the school yet",
}


def target_words(kind: Kind, target: str) -> str:
    """Return what one of several alternatives is called: a role, an agency, a deed."""
    if kind in (Kind.NOTIFY, Kind.ACKNOWLEDGE):
        return ROLE_WORDS[OwnerRole(target)]
    if kind in (Kind.CONSULT, Kind.REFER):
        return AGENCY_WORDS[Agency(target)]
    return default_text(kind, target)


def default_text(kind: Kind, target: str) -> str:
    """Return the plain words for an obligation of this kind and target."""
    if kind is Kind.RECORD:
        return "Log what happened"
    if kind is Kind.NOTIFY:
        return f"Tell {ROLE_WORDS[OwnerRole(target)]}"
    if kind is Kind.ACKNOWLEDGE:
        return f"Seen by {ROLE_WORDS[OwnerRole(target)]}"
    if kind is Kind.CONSULT:
        return f"Ask {AGENCY_WORDS[Agency(target)]} for advice"
    if kind is Kind.REFER:
        return f"Refer to {AGENCY_WORDS[Agency(target)]}"
    if kind is Kind.INFORM_PARENTS:
        return "Tell the parents or carers"
    if kind is Kind.FORBID:
        return BAN_WORDS[Ban(target)]
    if kind is Kind.RESTRICT:
        roles = [ROLE_WORDS[OwnerRole(role)] for role in target.split(",")]
        return f"Only for {', '.join(roles)}"
    return DEED_WORDS[Deed(target)]
