"""What the family reads about a visit, and what a decision elsewhere does to one that is booked."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from besuk.flow.approvals.actions import restore, revoke, suspend
from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.actions import cancel, cancel_by_facility, conclude, confirm, hold
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.queries import offers
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import set_inmate_place
from besuk.ground.kernel.actor import Actor
from besuk.ground.notices.models import Notice
from besuk.ground.notices.queries import inbox
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


def templates() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("template", flat=True))


def told(cast: Cast, language: str = "id") -> str:
    with translation.override(language):
        return inbox(cast.siti.subject)[0].body


def test_a_booking_is_told_with_day_time_zone_and_name(tie: Tie, cast: Cast, siti: Actor, now: datetime) -> None:
    day = now.date() + timedelta(days=1)
    slot = next(one.slot for one in offers(tie, day, day, now) if one.is_free)
    start = slot.interval.start
    visit = hold(tie_ref=tie.ref, station_id=slot.station_id, starts_at=start, key="h", actor=siti, now=now)
    assert templates() == []
    confirm(visit_ref=visit.ref, people=[], rules_accepted=True, key="c", actor=siti, now=now)
    assert templates() == ["visit_booked"]
    assert "Jumat, 4 Desember 2026, 08.30 WIB, dengan Suyatno" in told(cast)
    assert "Friday" in told(cast, "en")


def test_a_cancellation_tells_the_outward_reason_only(visit: Visit, cast: Cast, desk: Actor, now: datetime) -> None:
    cancel_by_facility(
        visit_ref=visit.ref, outcome="inmate_unavailable", reason="Sidang di PN", key="c", actor=desk, now=now
    )
    assert "Warga binaan berhalangan. Jatah Anda tidak berkurang." in told(cast)
    assert "Sidang" not in str(Notice.objects.values_list("values", flat=True))


def test_ones_own_cancellation_is_told_too(visit: Visit, cast: Cast, siti: Actor, now: datetime) -> None:
    cancel(visit_ref=visit.ref, key="c", actor=siti, now=now)
    assert templates() == ["visit_cancelled"]


def test_a_conclusion_is_told(visit: Visit, cast: Cast) -> None:
    conclude(visit=visit, outcome="no_supervisor", actor=SYSTEM, now=visit.ends_at)
    assert "Terganggu karena kami. Yang hilang kami ganti." in told(cast)


@pytest.mark.parametrize("act", [suspend, revoke])
def test_a_decision_against_a_tie_cancels_nothing_but_asks_for_a_look(
    act: object, visit: Visit, tie: Tie, desk: Actor, now: datetime
) -> None:
    assert callable(act)
    act(tie_ref=tie.ref, reason="Ancaman", key="s", actor=desk, now=now)
    visit.refresh_from_db()
    assert visit.state == "booked"
    entry = Entry.objects.get(code="visit.review")
    assert (entry.object_ref, entry.actor_kind) == (visit.ref, "system")
    assert templates().count("visit_under_review") == 1


def test_lifting_a_suspension_puts_nothing_under_review(visit: Visit, tie: Tie, desk: Actor, now: datetime) -> None:
    suspend(tie_ref=tie.ref, reason="Ancaman", key="s", actor=desk, now=now)
    restore(tie_ref=tie.ref, reason="Keliru", key="r", actor=desk, now=now)
    assert Entry.objects.filter(code="visit.review").count() == 1


def test_a_visit_that_is_over_is_left_alone(visit: Visit, tie: Tie, desk: Actor) -> None:
    suspend(tie_ref=tie.ref, reason="Ancaman", key="s", actor=desk, now=visit.ends_at)
    assert not Entry.objects.filter(code="visit.review").exists()


def test_an_inmate_who_is_away_is_never_told_as_such(visit: Visit, cast: Cast, desk: Actor, now: datetime) -> None:
    set_inmate_place(inmate=cast.lapas.convicted, place="away", actor=desk, now=now)
    assert Entry.objects.get(code="visit.review").data == {"cause": "inmate_away"}
    body = told(cast)
    assert "petugas sedang memeriksa" in body
    assert "Suyatno" not in body
    set_inmate_place(inmate=cast.lapas.convicted, place="here", actor=desk, now=now)
    assert templates() == ["visit_under_review"]
