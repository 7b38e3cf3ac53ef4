"""The cast is whole: tests stand on it."""

from datetime import datetime, timedelta

from django.forms.models import model_to_dict

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings import actions
from besuk.flow.bookings.models import Claim, LedgerEntry, Visit
from besuk.ground.accounts.capabilities import CONDUCT, ROLES
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.actors import station_of
from besuk.ground.facilities.models import Station
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import PASSWORD, Cast, as_visitor


def test_two_prisons_are_in_two_zones(cast: Cast, now: datetime) -> None:
    assert cast.lapas.facility.zone != cast.rutan.facility.zone
    assert [len(site.stations) for site in cast.sites] == [3, 1]


def test_every_role_works_somewhere(cast: Cast, now: datetime) -> None:
    for role in set(ROLES) - {"system_administrator"}:
        actor = cast.lapas.actor(role, now)
        assert ROLES[role] <= actor.may[cast.lapas.facility.pk], role


def test_an_officer_of_one_prison_may_nothing_at_the_other(cast: Cast, now: datetime) -> None:
    assert not cast.lapas.actor("supervisor", now).can(CONDUCT, cast.rutan.facility.pk)


def test_the_outsider_has_no_tie(cast: Cast) -> None:
    approved_tie(cast.siti, cast.lapas.convicted)
    assert not cast.outsider.ties.exists()
    assert cast.siti.ties.exists()


def test_staff_sign_in_with_the_password(cast: Cast) -> None:
    assert cast.lapas.staff["desk"].check_password(PASSWORD)


def test_stations_are_known_by_their_key(cast: Cast) -> None:
    found = station_of(cast.rutan.station_keys[0])
    assert found == cast.rutan.stations[0]


def test_everybody_outside_has_another_nik(cast: Cast) -> None:
    indexes = list(Visitor.objects.values_list("nik_index", flat=True))
    assert len(indexes) == len(set(indexes)) == 6


def test_a_booked_visit_takes_its_cells_and_one_unit(cast: Cast, now: datetime) -> None:
    visit = booked_visit(approved_tie(cast.siti, cast.lapas.convicted))
    counted = {kind: Claim.objects.filter(visit=visit, kind=kind).count() for kind in ("station", "inmate", "visitor")}
    assert counted == {"station": 4, "inmate": 3, "visitor": 3}
    row = LedgerEntry.objects.get(visit=visit)
    assert (row.units, row.week.isoformat()) == (-1, "2026-11-30")


def test_a_ready_call_waits_for_an_officer(cast: Cast, now: datetime) -> None:
    call = call_ready(booked_visit(approved_tie(cast.siti, cast.lapas.convicted)), now=now + timedelta(minutes=1))
    assert call.state == "prepared"
    assert set(call.holds.values_list("cause", flat=True)) == {"identity", "no_supervisor"}


def test_a_built_visit_is_what_booking_would_have_made(cast: Cast, now: datetime) -> None:
    """The builders write rows themselves; this holds them to the real actions."""
    starts_at = now + timedelta(days=1, minutes=10)
    real = _really_booked(approved_tie(cast.siti, cast.lapas.inmates[0]), cast.lapas.stations[0], starts_at, now)
    built = booked_visit(
        approved_tie(cast.yosina, cast.lapas.inmates[1]), starts_at=starts_at, station=cast.lapas.stations[1], now=now
    )
    assert _shape(built) == _shape(real)


def _really_booked(tie: Tie, station: Station, starts_at: datetime, now: datetime) -> Visit:
    family = as_visitor(tie.visitor)
    held = actions.hold(tie_ref=tie.ref, station_id=station.pk, starts_at=starts_at, key="hold", actor=family, now=now)
    return actions.confirm(visit_ref=held.ref, people=[], rules_accepted=True, key="book", actor=family, now=now)


def _shape(visit: Visit) -> dict[str, object]:
    """Everything about a booked visit but who and where."""
    left_out = {"id", "ref", "inmate", "station", "booked_by"}
    fields = {name: value for name, value in model_to_dict(visit).items() if name not in left_out}
    cells = sorted((one.kind, one.cell) for one in visit.claims.all())
    ledger = [(row.kind, row.units, row.week, row.reason) for row in visit.ledger.all()]
    attendance = sorted((row.side, row.state) for row in visit.attendance.all())
    people = [(row.is_host, row.is_child, row.tie_id is not None) for row in visit.people.all()]
    return {**fields, "cells": cells, "ledger": ledger, "attendance": attendance, "people": people}
