"""What can be done with accounts; one file per act."""

from besuk.ground.accounts.actions.office_computer import (
    pair_office_computer,
    revoke_office_computer,
    set_staff_pin,
    switch_staff_by_pin,
)
from besuk.ground.accounts.actions.own_pin import prove_own_pin
from besuk.ground.accounts.actions.register_visitor import register_visitor
from besuk.ground.accounts.actions.second_factor import (
    confirm_authenticator,
    offer_authenticator,
    offered_address,
    prove_second_factor,
)
from besuk.ground.accounts.actions.set_visitor_pin import set_visitor_language, set_visitor_pin
from besuk.ground.accounts.actions.sign_in_staff import note_sign_in, note_sign_out, prove_password
from besuk.ground.accounts.actions.sign_in_visitor import sign_in_visitor, who_knows

__all__ = [
    "confirm_authenticator",
    "note_sign_in",
    "note_sign_out",
    "offer_authenticator",
    "offered_address",
    "pair_office_computer",
    "prove_own_pin",
    "prove_password",
    "prove_second_factor",
    "register_visitor",
    "revoke_office_computer",
    "set_staff_pin",
    "set_visitor_language",
    "set_visitor_pin",
    "sign_in_visitor",
    "switch_staff_by_pin",
    "who_knows",
]
