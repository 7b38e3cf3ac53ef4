"""Reading ties."""

from datetime import date, datetime

from django.db.models import Q

from besuk.flow.approvals.models import Document, Tie
from besuk.flow.approvals.rules import TieFacts, may_talk
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.models import Inmate
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.errors import Refusal
from besuk.ground.kernel.models import Facility


def facts_of(tie: Tie) -> TieFacts:
    """The tie as the rules see it. Its inmate, visitor and facility should be loaded."""
    inmate = tie.inmate
    return TieFacts(
        state=tie.state,
        relation=tie.relation,
        expires_on=tie.expires_on,
        is_remand=inmate is not None and inmate.legal_status == Inmate.LegalStatus.REMAND,
        permit_expires_on=tie.permit_expires_on,
        has_permit=bool(tie.permit_issuer),
        inmate_is_here=inmate is None or inmate.place == Inmate.Place.HERE,
        visitor_is_barred=tie.visitor.barred_at is not None,
    )


def talk_refusals(tie: Tie, now: datetime) -> list[Refusal]:
    """Everything that speaks against this tie's people talking now (on the facility's local day)."""
    return may_talk(facts_of(tie), today=local_day(tie.facility, now))


def local_day(facility: Facility, now: datetime) -> date:
    """The facility's date at this moment."""
    return now.astimezone(zone_of(facility)).date()


def ties_of(visitor: Visitor, near: Tie | None = None) -> list[Tie]:
    """The visitor's ties, newest first; with `near` only those at its prison, since others are not its business."""
    rows = Tie.objects.select_related("facility", "inmate", "visitor").filter(visitor=visitor)
    if near is not None:
        rows = rows.filter(facility=near.facility_id)
    return list(rows.order_by("-submitted_at"))


def queue(facility: Facility, limit: int = 50) -> list[Tie]:
    """Applications that wait for the desk, oldest first."""
    rows = Tie.objects.select_related("visitor", "inmate").filter(facility=facility, state="submitted")
    return list(rows.order_by("submitted_at", "pk")[:limit])


def find_ties(facility: Facility, words: str, limit: int = 20) -> list[Tie]:
    """Ties of this prison in which every word is part of a name, newest first. For the desk only."""
    rows = Tie.objects.select_related("visitor", "inmate").filter(facility=facility)
    for word in words.split():
        named = Q(visitor__name__icontains=word) | Q(inmate__name__icontains=word) | Q(inmate_named__icontains=word)
        rows = rows.filter(named)
    return list(rows.order_by("-submitted_at")[:limit]) if words.strip() else []


def documents_of(visitor: Visitor) -> list[Document]:
    """The visitor's papers, newest first."""
    return list(Document.objects.select_related("file").filter(visitor=visitor).order_by("-added_at"))


def find_inmates(facility: Facility, words: str, limit: int = 12) -> list[Inmate]:
    """Inmates whose name, call name or number holds every word. For the desk only."""
    rows = Inmate.objects.select_related("block").filter(facility=facility)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(call_name__icontains=word) | Q(number__icontains=word))
    return list(rows.order_by("name")[:limit]) if words.strip() else []
