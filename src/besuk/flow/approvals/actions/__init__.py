"""What can be done with a tie and its papers."""

from besuk.flow.approvals.actions.apply import add_document, apply
from besuk.flow.approvals.actions.decide import approve, ask_for_more, refuse, restore, revoke, suspend
from besuk.flow.approvals.actions.view import view_document

__all__ = [
    "add_document", "apply", "approve", "ask_for_more", "refuse", "restore", "revoke", "suspend", "view_document",
]  # fmt: skip
