"""A device goes from hand to hand: given, signed for, not taken, taken over."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from incidents.forms.transfers import DeclineTransferForm, HandOverForm, SignForm, TakeOverForm
from incidents.models import CustodyTransfer
from incidents.operations import transfers as operations
from incidents.queries.custody import DeviceRow, access_device, receivers
from incidents.queries.transfers import waiting_transfer
from incidents.views.custody import ANY_HAND, DECIDERS, answer


@sensitive_post_parameters()
@require_POST
@member_view(*ANY_HAND)
def hand_over(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Sign that it goes to somebody else."""
    row = access_device(request.access, device_id, at=request.at)
    users = receivers(request.school, row.device, at=request.at, without=request.user)
    form = HandOverForm(request.POST, receivers=users, seal=row.device.seal)

    def act(said: dict[str, Any]) -> str:
        transfer = operations.hand_over(
            device=row.device, to=said["taker"], handing=said["handing"], by=request.user, at=request.at
        )
        if transfer.to_user is None:
            return "It is handed over."
        return f"{transfer.to_user.full_name} is asked to sign. Until then it is in your hands."

    return answer(request, row, form, act, name="hand_form")


@sensitive_post_parameters()
@require_POST
@member_view(*ANY_HAND)
def sign(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Sign that one has it now."""
    row, transfer = _waiting(request, device_id)
    form = SignForm(request.POST, seal=transfer.seal)

    def act(said: dict[str, Any]) -> str:
        operations.sign(transfer=transfer, handing=said["handing"], by=request.user, at=request.at)
        return "You signed for it. It is in your hands."

    return answer(request, row, form, act, name="sign_form")


@sensitive_post_parameters()
@require_POST
@member_view(*ANY_HAND)
def decline(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Say that one did not get it; or, as the giver, take it back."""
    row, transfer = _waiting(request, device_id)
    form = DeclineTransferForm(request.POST)

    def act(said: dict[str, Any]) -> str:
        operations.decline(transfer=transfer, by=request.user, at=request.at, **said)
        return f"It stays with {row.device.hand}."

    return answer(request, row, form, act, name="decline_form")


@sensitive_post_parameters()
@require_POST
@member_view(*DECIDERS)
def take_over(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Take it out of a hand that cannot sign here."""
    row = access_device(request.access, device_id, at=request.at)
    if not row.manages:
        raise Http404
    form = TakeOverForm(request.POST, seal=row.device.seal)

    def act(said: dict[str, Any]) -> str:
        operations.take_over(device=row.device, handing=said["handing"], by=request.user, at=request.at)
        return "It is in your hands."

    return answer(request, row, form, act, name="take_form")


def _waiting(request: SchoolRequest, device_id: uuid.UUID) -> tuple[DeviceRow, CustodyTransfer]:
    """Return what waits for a signature, to whoever is asked for it or gave it; to others there is nothing to sign."""
    row = access_device(request.access, device_id, at=request.at)
    transfer = waiting_transfer(row.device)
    if transfer is None or request.user.pk not in (transfer.to_user_id, transfer.given_by_id):
        raise Http404
    return row, transfer
