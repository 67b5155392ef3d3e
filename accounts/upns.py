"""Unique pupil numbers: thirteen signs, of which the first checks the rest."""

import re

_UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn_is_valid(upn: str) -> bool:
    """Say whether a unique pupil number has the right form and check letter (DfE guide: weights 2 to 13, modulo 23)."""
    if not _UPN.fullmatch(upn):
        return False
    total = sum(
        weight * (int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign))
        for weight, sign in enumerate(upn[1:], start=2)
    )
    return _UPN_LETTERS[total % 23] == upn[0]
