"""What a policy asks of the school about one incident."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from policies.engine.durations import IMMEDIATELY, Calendar, Within, due_at, rank_of
from policies.engine.vocabulary import Gate, Kind, OwnerRole, Strength


@dataclass(frozen=True)
class Override:
    """Another layer's line that asks for the same, as that layer has it."""

    pack: str
    clause: str
    strength: Strength
    within: Within | None

    def as_json(self) -> dict[str, Any]:
        """Return the line as the command prints it."""
        return {
            "pack": self.pack,
            "clause": self.clause,
            "strength": self.strength.key,
            "within": str(self.within) if self.within else None,
        }


@dataclass(frozen=True)
class Obligation:
    """One thing that is asked, by whom it is owed, how binding it is, by when, and the clause that asks it.

    `target` is a role, an agency, a deed or a ban; for `restrict` the roles, comma between them. `any_of` are
    alternatives of which one is enough, the target among them. `after` is the key of the obligation that comes first.
    `owner` is None only inside a pack that leaves it to another layer.
    """

    kind: Kind
    target: str
    owner: OwnerRole | None
    strength: Strength
    within: Within | None
    clause: str
    pack: str
    text: str
    why: str
    any_of: tuple[str, ...] = ()
    after: str | None = None
    until: Gate | None = None
    unless: Gate | None = None
    exception: str | None = None
    evidence: str | None = None
    silent_in_policy: bool = False
    overrides: tuple[Override, ...] = ()
    # The rule that asks for it, within its pack; and the line as that pack has it, once others are united with it.
    rule: str = ""
    own: Override | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """What makes two lines the same obligation: kind and target."""
        return f"{self.kind.value}:{self.target}"

    @cached_property
    def order(self) -> tuple[object, ...]:
        """Where it stands in a decision: bans first, then by due; what is due at the same time in a fixed order."""
        is_ban = self.strength is Strength.MUST_NOT
        return not is_ban, rank_of(self.within), -self.strength, self.kind, self.target

    def but(self, **fields: Any) -> "Obligation":
        """Return the same with other fields: as `replace` does, in a tenth of its time."""
        other = object.__new__(Obligation)
        vars(other).update(vars(self))
        vars(other).pop("order", None)
        vars(other).update(fields)
        return other

    def due_at(self, start: datetime, calendar: Calendar) -> datetime | None:
        """Return by when it is due if it begins at `start`: the earliest moment any layer asks for. None has no clock.

        Which of two times is the earlier may depend on the day: on a Friday evening 24 hours are over before the next
        school day is.
        """
        return min((due_at(time, start, calendar) for time in self.times), default=None)

    @property
    def times(self) -> tuple[Within, ...]:
        """The durations of which one is the earliest, whatever the day: its own first, then other layers' that may be.

        A longer time counted in the same unit never comes first, and nothing comes before at once.
        """
        if self.within is None or self.within == IMMEDIATELY:
            return (self.within,) if self.within else ()
        shortest = {self.within.unit: self.within}
        for time in sorted((line.within for line in self.overrides if line.within), key=rank_of):
            shortest.setdefault(time.unit, time)
        return tuple(shortest.values())

    def as_json(self) -> dict[str, Any]:
        """Return the obligation as the command prints it."""
        restricts = self.kind is Kind.RESTRICT
        return {
            "kind": self.kind.value,
            "target": self.target.split(",") if restricts else self.target,
            "any_of": list(self.any_of),
            "owner": self.owner.value if self.owner else None,
            "strength": self.strength.key,
            "within": str(self.within) if self.within else None,
            "clause": self.clause,
            "pack": self.pack,
            "text": self.text,
            "why": self.why,
            "after": self.after,
            "until": self.until.value if self.until else None,
            "unless": self.unless.value if self.unless else None,
            "exception": self.exception,
            "evidence": self.evidence,
            "silent_in_policy": self.silent_in_policy,
            "overrides": [line.as_json() for line in self.overrides],
        }
