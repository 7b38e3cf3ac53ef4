"""The cast is whole: tests stand on it."""

from datetime import datetime, timedelta

from besuk.flow.bookings.models import Claim, LedgerEntry
from besuk.ground.accounts.capabilities import CONDUCT, ROLES
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.actors import station_of
from besuk.testing.builders import approved_tie, booked_visit, call_ready
from besuk.testing.cast import PASSWORD, Cast


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
