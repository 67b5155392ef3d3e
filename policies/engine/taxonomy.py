"""The four Cs of online safety risk (KCSIE from 2021; Canterbury Cross 1), in the words shown to staff."""

from enum import StrEnum


class Category(StrEnum):
    """What kind of risk a concern is about. Exact types are set later, by the Designated Safeguarding Lead."""

    CONTENT = "content"
    CONTACT = "contact"
    CONDUCT = "conduct"
    COMMERCE = "commerce"

    @property
    def label(self) -> str:
        """The word itself, as policies use it."""
        return self.value.capitalize()

    @property
    def question(self) -> str:
        """What the category means, in a few plain words."""
        return _QUESTIONS[self]

    @property
    def example(self) -> str:
        """Examples that a member of staff recognises."""
        return _EXAMPLES[self]


_QUESTIONS = {
    Category.CONTENT: "They saw or shared something harmful",
    Category.CONTACT: "Somebody got in touch with them in a harmful way",
    Category.CONDUCT: "Something they or another person did online",
    Category.COMMERCE: "Money, gambling, scams or advertising",
}

_EXAMPLES = {
    Category.CONTENT: "For example violent or sexual material, racism, self-harm, extremism, conspiracy theories",
    Category.CONTACT: "For example an adult posing as a child, grooming, pressure from other children",
    Category.CONDUCT: "For example bullying messages, sending or asking for nude images, misuse of a device",
    Category.COMMERCE: "For example online betting, phishing, in-game purchases, blackmail for money",
}
