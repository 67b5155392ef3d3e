"""Say what a policy asks for, given facts: every obligation with its clause, who may see the case, who is told."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from policies.catalogue import with_layers
from policies.engine.evaluate import Decision, explain
from policies.engine.facts import FactsInvalid, IncidentFacts, facts_from
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack
from policies.engine.phrases import ROLE_WORDS
from policies.engine.vocabulary import OwnerRole
from policies.errors import PackInvalid
from policies.loading.faults import shown
from policies.management.packs import UNUSABLE, WRONGLY_ASKED, PackCommand, one_pack

_SHAPE = 'Give one JSON object such as {"types": ["nudes"]}, or a list of them.'
_WITH_REASONS = 2


class Command(PackCommand):
    help = "Say what a pack asks for, given facts as JSON; -v 2 adds why. Exits 2 when facts, file or pack are unknown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", metavar="PACK", help="id of a shipped pack or path of a .yaml file")
        parser.add_argument("--facts", required=True, metavar="FILE", help="a JSON file, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print JSON: one decision, or a list of them")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = one_pack(options["pack"]).pack
        layers = _layers(pack)
        given = _read(options["facts"])
        decisions = [explain(layers, facts) for facts in _all_facts(given if isinstance(given, list) else [given])]
        if options["json"]:
            told = [decision.as_json(pack) for decision in decisions]
            self.say_json(told if isinstance(given, list) else told[0])
            return
        for decision in decisions:
            self.say("\n".join(_in_words(pack, decision, with_reasons=options["verbosity"] >= _WITH_REASONS)))


def _layers(pack: Pack) -> tuple[Pack, ...]:
    try:
        return with_layers(pack)
    except PackInvalid as invalid:
        raise CommandError(str(invalid), returncode=UNUSABLE) from invalid


def _read(name: str) -> Any:
    """Return the JSON of a file, or of standard input; stop the command with a sentence where there is none."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except OSError as error:
        raise _refused(f"{name} cannot be read: {error.strerror}. {_SHAPE}") from error
    except UnicodeDecodeError as error:
        raise _refused(f"The facts are not text in UTF-8. {_SHAPE}") from error
    except json.JSONDecodeError as error:
        raise _refused(f"The facts are not JSON (line {error.lineno}: {error.msg}). {_SHAPE}") from error
    except ValueError as error:
        # The one thing left that can be wrong with a value of JSON.
        raise _refused(f"The facts hold a number that is too long to read. {_SHAPE}") from error
    except RecursionError as error:
        raise _refused(f"The facts are nested too deeply. {_SHAPE}") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise _refused(f"{', '.join(map(shown, twice))} stands twice in one object. Keep one of them.")
    return held


def _all_facts(given: list[Any]) -> list[IncidentFacts]:
    """Return the facts of every object; stop the command with every sentence about every one of them."""
    read, faults = [], []
    for number, one in enumerate(given, start=1):
        place = f"Number {number} of the list: " if len(given) > 1 else ""
        if not isinstance(one, dict):
            faults.append(f"{place}{_SHAPE}")
            continue
        try:
            read.append(facts_from(one))
        except FactsInvalid as invalid:
            faults += [f"{place}{fault}" for fault in invalid.faults]
    if faults:
        raise _refused("\n".join(faults))
    return read


def _refused(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONGLY_ASKED)


def _in_words(pack: Pack, decision: Decision, *, with_reasons: bool) -> Iterator[str]:
    yield f"{pack.title} ({pack.id}, {pack.edition}) on {', '.join(decision.layers)}"
    for obligation in decision.obligations:
        yield from _of_one(obligation, with_reason=with_reasons)
    yield f"  May see the case: {', '.join(ROLE_WORDS[role] for role in decision.may_see)}. Never whoever it is about."
    for step in decision.escalation:
        yield f"  When something is missed, after {step.after or '0h'}: {_recipient(step.notify)} is told."


def _recipient(notify: str) -> str:
    relative = {
        "owner": "whoever owns it",
        "owner_deputy": "their deputy",
        "answers_to": "whoever they answer to",
    }
    return relative.get(notify) or ROLE_WORDS[OwnerRole(notify)]


def _of_one(obligation: Obligation, *, with_reason: bool) -> Iterator[str]:
    due = f", {obligation.within}" if obligation.within else ""
    owner = f" ({ROLE_WORDS[obligation.owner]})" if obligation.owner else ""
    yield f"  {obligation.strength.key}: {obligation.text}{owner}{due}"
    said = [f"    {obligation.kind.value} {obligation.target}; {obligation.pack} {obligation.clause}"]
    for word, value in (
        ("one of", ", ".join(obligation.any_of)),
        ("after", obligation.after),
        ("until", obligation.until),
        ("unless", obligation.unless),
        ("except", obligation.exception),
    ):
        said += [f"{word} {value}"] if value else []
    yield "; ".join(said)
    if with_reason:
        yield f"    because: {obligation.why}"
    if obligation.silent_in_policy:
        yield "    The school's policy does not say this."
