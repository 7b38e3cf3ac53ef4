"""What can be done before a call: test the device, come, get ready, ring, call absent."""

from besuk.flow.checkin.actions.absent import conclude_absence, decline_rules, mark_absent
from besuk.flow.checkin.actions.attend import arrive, get_ready, leave
from besuk.flow.checkin.actions.device import save_device_test
from besuk.flow.checkin.actions.expect import expect
from besuk.flow.checkin.actions.ring import ring, show_phone

__all__ = [
    "arrive",
    "conclude_absence",
    "decline_rules",
    "expect",
    "get_ready",
    "leave",
    "mark_absent",
    "ring",
    "save_device_test",
    "show_phone",
]
