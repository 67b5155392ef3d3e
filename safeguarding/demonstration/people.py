"""Somebody of a demonstration school, and how a text speaks of them."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Person, User


@dataclass(frozen=True, eq=False)
class Someone:
    """A person with what only a story needs to know: how they are addressed, what their work is, since when."""

    person: Person
    is_female: bool
    title: str = ""
    job: str = ""
    year: int = 0
    user: User | None = None
    since: date = date.min

    def __str__(self) -> str:
        return f"{self.title} {self.person.family_name}" if self.title else self.person.given_name

    @property
    def he(self) -> str:
        """The pronoun as subject."""
        return "she" if self.is_female else "he"

    @property
    def him(self) -> str:
        """The pronoun as object."""
        return "her" if self.is_female else "him"

    @property
    def his(self) -> str:
        """The pronoun that possesses."""
        return "her" if self.is_female else "his"

    @property
    def himself(self) -> str:
        """The pronoun that turns back."""
        return "herself" if self.is_female else "himself"

    @property
    def He(self) -> str:  # noqa: N802 - stands so in the stories, at the beginning of a sentence
        """The pronoun as subject, at the beginning of a sentence."""
        return self.he.capitalize()

    @property
    def His(self) -> str:  # noqa: N802 - stands so in the stories, at the beginning of a sentence
        """The pronoun that possesses, at the beginning of a sentence."""
        return self.his.capitalize()

    @property
    def account(self) -> User:
        """The user that somebody who works at the school is."""
        if self.user is None:
            raise LookupError("This person does not sign in.")
        return self.user
