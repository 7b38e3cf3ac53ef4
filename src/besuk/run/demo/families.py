"""Seeding, part two: the families, each as far as the cast says, through the same actions that pages use."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from besuk.flow.approvals import actions as approvals
from besuk.flow.approvals.lifecycle import TIE
from besuk.flow.approvals.models import Document, Tie
from besuk.ground.accounts.actions import register_visitor
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.queries import NIK
from besuk.ground.accounts.rules import normal_phone
from besuk.ground.audit import actions as audit
from besuk.ground.facilities.models import Inmate
from besuk.ground.kernel import crypto, files
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.refs import new_ref, new_subject
from besuk.ground.kernel.unit import unit
from besuk.run.demo import cast, pictures
from besuk.run.demo.cast import Family
from besuk.run.demo.identity import nik, phone
from besuk.run.demo.names import Name
from besuk.run.demo.prisons import Seeded
from besuk.run.demo.story import Story

PERMIT_ISSUER = "Kejaksaan Negeri Contoh"


def family_story(seeded: Seeded, family: Family, number: int, now: datetime) -> Story:
    """One family from registering to what became of it. `now` is today."""
    applied_at = now - _applied(family, number)
    yield applied_at
    tie = _apply(seeded, family, number, applied_at)
    if tie is None or family.stage == "submitted":
        return
    at = applied_at + timedelta(hours=3)
    yield at
    _decide(seeded, family, tie, at)
    if family.stage == "suspended":
        at = now - timedelta(days=6)
        yield at
        head = seeded.actor("head", at)
        approvals.suspend(tie_ref=tie.ref, reason=cast.SUSPENSION_REASON, key=new_ref(), actor=head, now=at)


def _applied(family: Family, number: int) -> timedelta:
    """How long ago a family applied: what still waits is recent."""
    recent = {"submitted": timedelta(hours=5 + 19 * (number % 5)), "needs_more": timedelta(days=4)}
    if family.stage in recent:
        return recent[family.stage]
    return timedelta(days=9) if family.stage == "refused" else timedelta(days=40, minutes=-7 * (number % 100))


def _apply(seeded: Seeded, family: Family, number: int, now: datetime) -> Tie | None:
    """Register and apply as on the page. None: an account is all there is."""
    digits = nik(number, family.sex)
    visitor = register_visitor(
        name=family.name,
        honorific="ibu" if family.sex == "f" else "bapak",
        phone=family.phone or phone(number),
        nik=digits,
        pin=family.pin,
        zone=seeded.facility.zone,
        actor=NOBODY,
        now=now,
    )
    if family.stage == "account_only":
        return None
    inmate = seeded.inmates[family.inmate - 1]
    try:
        return approvals.apply(
            visitor=visitor,
            facility=seeded.facility,
            inmate_named=inmate.name,
            inmate_hint=f"bin {inmate.father_name}",
            relation=family.relation,
            image=pictures.identity_card(number, name=family.name, nik=digits, sex=family.sex),
            key=new_ref(),
            actor=visitor_actor(visitor),
            now=now,
        )
    except Refused:
        if family.stage == "lawyer":  # PRIVILEGED_NOT_YET, as the page would tell
            return None
        raise


def _decide(seeded: Seeded, family: Family, tie: Tie, now: datetime) -> None:
    """What the desk did with it."""
    desk = seeded.actor("desk", now)
    if family.stage == "needs_more":
        reasons = cast.MORE_REASONS if family.permit else ["permit"]
        approvals.ask_for_more(tie_ref=tie.ref, reasons=reasons, key=new_ref(), actor=desk, now=now)
        return
    if family.stage == "refused":
        approvals.refuse(tie_ref=tie.ref, reasons=cast.REFUSE_REASONS, key=new_ref(), actor=desk, now=now)
        return
    inmate = seeded.inmates[family.inmate - 1]
    with_permit = inmate.legal_status == Inmate.LegalStatus.REMAND
    approvals.approve(
        tie_ref=tie.ref,
        inmate_ref=inmate.ref,
        permit_issuer=PERMIT_ISSUER if with_permit else "",
        permit_expires_on=_permit_until(now) if with_permit else None,
        key=new_ref(),
        actor=desk,
        now=now,
    )


def _permit_until(now: datetime) -> date:
    return (now + timedelta(days=120)).date()


def quiet_story(seeded: Seeded, first_number: int, now: datetime, ties: list[Tie]) -> Story:
    """One approved family for each of the other inmates, for the visits of the day.

    They have the same PIN, so it is hashed once, and their pictures need no cleaning, since we drew them.
    Their ties stand in the log like everybody's.
    """
    now -= timedelta(days=38)
    yield now
    hashed, desk = make_password(cast.PIN), seeded.actor("desk", now)
    for number, inmate in enumerate(seeded.inmates[seeded.prison.quiet_from - 1 :], first_number):
        sex = "m" if number % 5 == 0 else "f"
        with unit():
            visitor = _quiet_visitor(_relative_of(inmate, number, sex), number, hashed, seeded, now)
            _quiet_card(visitor, number, sex, seeded, now)
            remand = inmate.legal_status == Inmate.LegalStatus.REMAND
            tie = Tie.objects.create(
                facility=seeded.facility,
                visitor=visitor,
                inmate=inmate,
                inmate_named=inmate.name,
                relation=("spouse", "parent", "sibling", "child")[number % 4],
                submitted_at=now,
                permit_issuer=PERMIT_ISSUER if remand else "",
                permit_expires_on=_permit_until(now) if remand else None,
            )
            audit.record(
                "tie.apply",
                facility_id=seeded.facility.pk,
                actor=visitor_actor(visitor),
                about=tie,
                now=now,
                data={"relation": tie.relation},
            )
            decided = {"decided_at": now, "decided_by_id": desk.pk, "expires_on": (now + timedelta(days=700)).date()}
            audit.transition(tie, TIE, "approve", facility_id=seeded.facility.pk, actor=desk, now=now, changes=decided)
        ties.append(tie)


_MOTHERS = (
    "Sumiyati",
    "Wagiyem",
    "Nurhayati",
    "Endang",
    "Kartini",
    "Partinah",
    "Lilis",
    "Yuningsih",
    "Marni",
    "Aisyah",
)
_FATHERS = ("Sudarto", "Wiryo", "Harun", "Samin", "Tarjo")


def _relative_of(inmate: Inmate, number: int, sex: str) -> Name:
    first = _MOTHERS[number % len(_MOTHERS)] if sex == "f" else _FATHERS[number % len(_FATHERS)]
    words = inmate.name.split()
    full = f"{first} {words[-1]}" if len(words) > 1 else first
    return Name(full, first, inmate.father_name, sex)


def _quiet_card(visitor: Visitor, number: int, sex: str, seeded: Seeded, now: datetime) -> None:
    card = pictures.identity_card(number, name=visitor.name, nik=nik(number, sex), sex=sex)
    file = files.store(card, facility=seeded.facility, purpose="identity", mime="image/jpeg", now=now)
    Document.objects.create(visitor=visitor, kind=Document.Kind.ID_CARD, file=file, added_at=now)


def _quiet_visitor(who: Name, number: int, hashed: str, seeded: Seeded, now: datetime) -> Visitor:
    digits, subject = nik(number, who.sex), new_subject()
    return Visitor.objects.create(
        subject=subject,
        name=who.full,
        honorific="ibu" if who.sex == "f" else "bapak",
        phone=normal_phone(phone(number)),
        pin_hash=hashed,
        nik_sealed=crypto.seal(digits.encode(), purpose=NIK, about=subject),
        nik_index=crypto.blind_index(digits, purpose=NIK),
        nik_last4=digits[-4:],
        zone=seeded.facility.zone,
        created_at=now,
    )
