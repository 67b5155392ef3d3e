"""The shape of a pack's file, field by field. `policies/packs/README.md` explains each; `building.py` makes the
engine's types of them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from policies.loading.characters import LONGEST_NAME

Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]*$", max_length=LONGEST_NAME)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]*$", max_length=LONGEST_NAME)]


class Strict(BaseModel):
    """No field may be unknown, nothing is changed after reading, and text is never made out of something else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DocumentSource(Strict):
    document: Text
    date: str = ""


class ReviewSource(Strict):
    every: str = ""
    due: str = ""
    triggers: list[Key] = []
    clause: str = ""


class TaxonomySource(Strict):
    """A list of risk categories. `words` are the source's own words for them, where it has others."""

    categories: list[Text]
    words: list[Text] = []
    maps: dict[str, str] = {}
    clause: str = ""


class RoleSource(Strict):
    key: Key
    title: Text
    answers_to: str = ""
    deputies: list[Key] = []
    may: list[Text] = []
    clause: str = ""
    holders: str = "1"


class ClauseSource(Strict):
    id: Id
    title: str = ""
    says: Text
    met: Text
    by: list[Text] = []
    reason: str = ""
    repeats: str = ""
    mark: Literal["", "S", "K"] = ""


class SectionSource(Strict):
    """A heading of the source. `state` says what a reader of the source finds under it."""

    id: Id
    title: Text
    state: Literal["present", "removed", "empty"] = "present"


class ReferenceSource(Strict):
    """A place where the source sends its reader to another part of itself, and where that part really is."""

    clause: Text
    to: Text
    really: str = ""
    about: Text


class MentionSource(Strict):
    """A document or body the source relies on, in the edition it names."""

    clause: Text
    name: Key
    edition: str = ""


class CurrentSource(Strict):
    """What is in force for a document or body: the edition, or what took its place."""

    name: Key
    title: Text
    edition: str = ""
    replaced_by: str = ""
    mark: str = ""


class RuleSource(Strict):
    id: Key
    clause: str = ""
    route: str = ""
    when: Any = None
    then: list[dict[str, Any]] = Field(min_length=1)


class DutySource(Strict):
    key: Key
    do: Text
    owner: Key
    every: Text
    clause: str = ""
    text: str = ""
    evidence: str = ""


class EscalationSource(Strict):
    when: Literal["missed"] = "missed"
    after: Text
    notify: Text
    clause: str = ""


class AgreementSource(Strict):
    kind: Key
    audience: list[Key]
    renew: str = ""
    clause: str = ""


class TrainingSource(Strict):
    kind: Key
    audience: list[Key]
    every: str = ""
    clause: str = ""


class ClosingSource(Strict):
    """When a second person has to agree before a case is closed: levels and types of incidents."""

    second_person: list[Key] = Field(min_length=1)
    clause: str = ""


class PackSource(Strict):
    """A whole pack as its file has it."""

    pack: Key
    title: Text
    edition: Text
    layer: Literal["floor", "partnership", "school"] = "school"
    source: DocumentSource | None = None
    extends: list[Key] = []
    grace: str = "60"
    review: ReviewSource | None = None
    retention: str = ""
    taxonomy: TaxonomySource | None = None
    also_categories: list[TaxonomySource] = []
    roles: list[RoleSource] = []
    sections: list[SectionSource] = []
    references: list[ReferenceSource] = []
    mentions: list[MentionSource] = []
    current: list[CurrentSource] = []
    clauses: list[ClauseSource] = []
    rules: list[RuleSource] = []
    duties: list[DutySource] = []
    escalation: list[EscalationSource] = []
    closing: ClosingSource | None = None
    agreements: list[AgreementSource] = []
    training: list[TrainingSource] = []
