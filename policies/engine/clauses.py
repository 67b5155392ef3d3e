"""The clauses of a policy: what each obligation cites."""

from dataclasses import dataclass

from policies.engine.vocabulary import Met


@dataclass(frozen=True)
class Clause:
    """One normative clause of a source, in our words, and how the system meets it.

    `id` is the source's own section number; bullets are numbered after a dash, sub-bullets after a dot: `11.2-6.3`.
    `by` names what meets it besides rules (`duty:…`, `capability:…`, `register:…`, `limit:…`); `reason` says why a
    clause is outside. `mark` is `S` where the figure was read in a source, `K` where it still has to be checked.
    """

    id: str
    title: str
    says: str
    met: Met
    by: tuple[str, ...] = ()
    reason: str = ""
    mark: str = ""
