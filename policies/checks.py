"""Checks at start-up: every pack that comes with the product can be used, and stands on what it names."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from policies.catalogue import shipped, shipped_ids, with_layers
from policies.errors import Fault, PackInvalid

_HINT = "Put it right in policies/packs/. manage.py pack_check says the same."


@register()
def packs_can_be_used(**kwargs: Any) -> list[CheckMessage]:
    """E001: a pack that cannot be read. E002: its layers do not hold. E003: no pack at all."""
    if not shipped_ids():
        return [Error("No policy pack comes with this installation.", hint=_HINT, id="policies.E003")]
    return [message for pack_id in shipped_ids() for message in _messages(pack_id)]


def _messages(pack_id: str) -> list[CheckMessage]:
    try:
        pack = shipped(pack_id).pack
    except PackInvalid as invalid:
        return _errors(invalid.faults, "policies.E001")
    try:
        with_layers(pack)
    except PackInvalid as invalid:
        # What is wrong with a pack below is said once, of that pack.
        own = [fault for fault in invalid.faults if fault.file == f"{pack_id}.yaml"]
        return _errors(own, "policies.E002")
    return []


def _errors(faults: list[Fault], check_id: str) -> list[CheckMessage]:
    return [Error(str(fault), hint=_HINT, id=check_id) for fault in faults]
