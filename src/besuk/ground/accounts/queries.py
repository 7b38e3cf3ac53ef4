"""Reading people."""

from datetime import datetime

from django.db.models import Q, QuerySet

from besuk.ground.accounts.capabilities import ROLES
from besuk.ground.accounts.models import Membership, OfficeComputer, SecondFactor, Staff, Visitor
from besuk.ground.kernel import crypto

NIK = "nik"


def facilities_of(staff: Staff, now: datetime) -> list[int]:
    """Primary keys of the facilities at which this member of staff works now."""
    mine = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=now), staff=staff, since__lte=now)
    return list(mine.order_by("facility_id").values_list("facility_id", flat=True).distinct())


def staff_with(capability: str, facility_id: int, now: datetime) -> list[Staff]:
    """Active members of staff who hold `capability` at the facility now, whoever has it by the narrowest role first."""
    roles = sorted((role for role, may in ROLES.items() if capability in may), key=lambda role: len(ROLES[role]))
    running = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now, staff__is_active=True)
    found = running.filter(facility_id=facility_id, role__in=roles).select_related("staff")
    narrowest_first = sorted(found, key=lambda one: (roles.index(one.role), one.staff_id))
    return list({one.staff_id: one.staff for one in reversed(narrowest_first)}.values())[::-1]


def people_with_phone(phone: str) -> QuerySet[Visitor]:
    """Everybody who gave this number (E.164), oldest first. For the desk: never shown before a PIN was right."""
    return Visitor.objects.filter(phone=phone).order_by("pk")


def nik_of(visitor: Visitor) -> str:
    """The NIK in clear. Only for vetting, beside the picture of the card."""
    return crypto.unseal(bytes(visitor.nik_sealed), purpose=NIK, about=visitor.subject).decode()


def first_with_nik(visitor: Visitor) -> Visitor | None:
    """Who registered this NIK before, if anybody: what the desk must see before it decides."""
    return visitor.duplicate_of


def factor_of(staff: Staff) -> SecondFactor | None:
    """The confirmed authenticator of this member of staff."""
    return SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=False).first()


def computer_with(key: str) -> OfficeComputer | None:
    """The paired office computer that holds this key."""
    if not key:
        return None
    fingerprint = crypto.blind_index(key, purpose="office-computer")
    return OfficeComputer.objects.filter(key_hash=fingerprint, revoked_at__isnull=True).first()
