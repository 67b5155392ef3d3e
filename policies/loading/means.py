"""What the product itself does about a clause: the records it keeps, the pages it shows, the limits it sets.

A clause names them under `by` as `register:searches`, `page:public_help` or `limit:small_numbers`. The lists are
closed: what is not in them does not exist. An entry is never renamed, because policies that schools adopted hold it.
"""

REGISTERS: dict[str, str] = {
    "agreements": "the record of agreements and who has signed them",
    "audit": "the record of who looked at or changed what",
    "contacts": "the record of contacts with parents and others",
    "data_requests": "the record of requests about personal data",
    "devices": "the record of devices taken in, kept and given back",
    "filtering_changes": "the record of changes to filtering and monitoring",
    "filtering_checks": "the record of checks of filtering and monitoring",
    "incidents": "the record of incidents",
    "lessons": "the record of lessons learnt and what was changed",
    "permissions": "the record of permissions and consents",
    "plans": "the record of support and safety plans",
    "referrals": "the record of referrals and advice from agencies",
    "reports": "the record of reports to leaders and governors",
    "retention": "the record of how long things are kept and what was deleted",
    "risk_assessments": "the record of risk assessments",
    "sanctions": "the record of sanctions",
    "searches": "the record of searches",
    "training": "the record of training",
    "transfers": "the record of files passed on to another school",
}
PAGES: dict[str, str] = {
    "our_policy": "the page that shows our policy",
    "public_help": "the public page with where to find help",
    "report_concern": "the page for reporting a concern",
}
LIMITS: dict[str, str] = {
    "append_only_chronology": "what is written in a case is never changed or removed, only added to",
    "four_categories": "every concern is sorted into content, contact, conduct or commerce",
    "governors_read_no_case": "governors never read a case",
    "messages_without_content": "messages never say what a case is about",
    "no_imagery_uploads": "images cannot be uploaded to a case",
    "nobody_handles_their_own_case": "nobody handles a case about themselves",
    "small_numbers": "reports leave out numbers so small that they could point to a child",
}
# The closed lists by the word in front of the colon.
MEANS: dict[str, dict[str, str]] = {"register": REGISTERS, "page": PAGES, "limit": LIMITS}
# Each as a clause names it, in words for people.
WORDS_OF_MEANS: dict[str, str] = {
    f"{kind}:{name}": words for kind, names in MEANS.items() for name, words in names.items()
}
