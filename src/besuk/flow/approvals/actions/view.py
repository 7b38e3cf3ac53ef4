"""Looking at a paper leaves a mark."""

from datetime import datetime

from besuk.flow.approvals.models import Document, Tie
from besuk.ground.accounts.capabilities import DOCUMENT_VIEW
from besuk.ground.audit.actions import record
from besuk.ground.kernel import files
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.unit import unit


def view_document(*, document_ref: str, actor: Actor, now: datetime, purpose: str = "vetting") -> bytes:
    """The picture (JPEG), for an officer of a facility at which its owner has applied. Each view is an entry.

    Raises Refused(NOT_FOUND) for everybody else.
    """
    document = Document.objects.select_related("file", "visitor").filter(ref=document_ref).first()
    allowed = actor.facilities_with(DOCUMENT_VIEW)
    ties = Tie.objects.filter(visitor=document.visitor, facility_id__in=allowed) if document else Tie.objects.none()
    tie = ties.order_by("-submitted_at").first()
    if document is None or tie is None:
        raise refuse("NOT_FOUND")
    with unit():
        record(
            "document.view", facility_id=tie.facility_id, actor=actor, about=document, now=now, purpose=purpose,
            data={"owner": document.visitor.subject},
        )  # fmt: skip
    return files.read(document.file)
