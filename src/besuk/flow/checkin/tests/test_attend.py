from datetime import datetime, timedelta

import pytest

from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import house_rules
from besuk.flow.checkin.actions import arrive, get_ready, leave
from besuk.flow.checkin.house_rules import version_for
from besuk.flow.checkin.models import Attendance
from besuk.flow.checkin.queries import attendance_of, place_in_line, waiting
from besuk.flow.checkin.rules import Side
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import OutboxMessage
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast, as_visitor


def test_the_family_arrives_and_gets_ready(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    row = get_ready(
        visit_ref=visit.ref, side="visitor", rules_accepted=True, will_not_record=True, actor=actor, now=now
    )
    assert (row.state, row.arrived_at, row.ready_at) == ("ready", now, now)
    assert Entry.objects.filter(code="attendance.get_ready").count() == 1


@pytest.mark.parametrize("side", ["visitor", "inmate"])
def test_each_side_accepts_the_rules_it_read_and_their_version_is_on_record(
    visit: Visit, cast: Cast, now: datetime, side: Side
) -> None:
    actor = as_visitor(cast.siti) if side == "visitor" else cast.lapas.station(1)
    get_ready(visit_ref=visit.ref, side=side, rules_accepted=True, will_not_record=True, actor=actor, now=now)
    row = Attendance.objects.get(visit=visit, side=side)
    assert (row.rules_accepted_at, row.rules_version) == (now, version_for(side))
    assert Entry.objects.get(code="attendance.get_ready").data["rules"] == version_for(side)


def test_the_version_names_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_for("visitor"), version_for("inmate")
    assert before[0] != before[1], "only the family brings an identity card"
    monkeypatch.setattr(house_rules, "RULES", house_rules.RULES[:-1])
    assert version_for("visitor") not in before
    assert version_for("inmate") not in before


def test_without_the_tap_the_inmate_is_not_ready_and_nothing_is_on_record(
    visit: Visit, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Refused, match="RULES_NOT_ACCEPTED"):
        get_ready(
            visit_ref=visit.ref,
            side="inmate",
            rules_accepted=False,
            will_not_record=False,
            actor=cast.lapas.station(1),
            now=now,
        )
    assert attendance_of(visit)["inmate"].rules_accepted_at is None


def test_ready_again_keeps_what_was_accepted_first(visit: Visit, cast: Cast, now: datetime) -> None:
    for later in (now, now + timedelta(minutes=1)):
        get_ready(
            visit_ref=visit.ref,
            side="inmate",
            rules_accepted=True,
            will_not_record=True,
            actor=cast.lapas.station(1),
            now=later,
        )
    assert attendance_of(visit)["inmate"].rules_accepted_at == now


def test_arriving_twice_changes_nothing(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    row = arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now + timedelta(minutes=1))
    assert row.arrived_at == now
    assert Entry.objects.filter(code="attendance.arrive").count() == 1


def test_getting_ready_without_the_promise_not_to_record_is_refused(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="RULES_NOT_ACCEPTED"):
        get_ready(
            visit_ref=visit.ref,
            side="visitor",
            rules_accepted=True,
            will_not_record=False,
            actor=as_visitor(cast.siti),
            now=now,
        )
    assert attendance_of(visit)["visitor"].state == "expected"


@pytest.mark.parametrize("who", ["outsider", "budi", "yosina"])
def test_somebody_elses_visit_does_not_exist(visit: Visit, cast: Cast, now: datetime, who: str) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        arrive(visit_ref=visit.ref, side="visitor", actor=as_visitor(getattr(cast, who)), now=now)


def test_a_visitor_cannot_come_for_the_inmate(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        arrive(visit_ref=visit.ref, side="inmate", actor=as_visitor(cast.siti), now=now)


def test_an_officer_brings_the_inmate(visit: Visit, cast: Cast, now: datetime) -> None:
    row = arrive(visit_ref=visit.ref, side="inmate", actor=cast.lapas.actor("desk", now), now=now)
    assert row.state == "present"


def test_an_officer_of_another_prison_is_refused(visit: Visit, cast: Cast, now: datetime) -> None:
    foreign = cast.rutan.station(1)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        arrive(visit_ref=visit.ref, side="inmate", actor=foreign, now=now)


def test_the_station_of_the_visit_and_no_other_makes_the_inmate_ready(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        arrive(visit_ref=visit.ref, side="inmate", actor=cast.lapas.station(2), now=now)
    row = arrive(visit_ref=visit.ref, side="inmate", actor=cast.lapas.station(1), now=now)
    assert row.state == "present"


def test_an_officer_cannot_come_for_the_family(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        arrive(visit_ref=visit.ref, side="visitor", actor=cast.lapas.actor("desk", now), now=now)


def test_too_early_tells_when_the_room_opens(visit: Visit, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="TOO_EARLY_TO_CHECK_IN") as refused:
        arrive(visit_ref=visit.ref, side="visitor", actor=as_visitor(cast.siti), now=now - timedelta(minutes=31))
    assert refused.value.reasons[0].detail["minutes"] == 30


def test_who_left_may_come_again(visit: Visit, cast: Cast, now: datetime) -> None:
    actor = as_visitor(cast.siti)
    arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now)
    assert leave(visit_ref=visit.ref, side="visitor", actor=actor, now=now).state == "expected"
    assert arrive(visit_ref=visit.ref, side="visitor", actor=actor, now=now).state == "present"


def test_missing_attendance_rows_are_made(visit: Visit, cast: Cast, now: datetime) -> None:
    Attendance.objects.all().delete()
    arrive(visit_ref=visit.ref, side="visitor", actor=as_visitor(cast.siti), now=now)
    assert Attendance.objects.filter(visit=visit).count() == 2


def test_getting_ready_is_told_in_the_transaction(visit: Visit, cast: Cast, now: datetime) -> None:
    before = OutboxMessage.objects.count()
    actor = as_visitor(cast.siti)
    get_ready(visit_ref=visit.ref, side="visitor", rules_accepted=True, will_not_record=True, actor=actor, now=now)
    assert OutboxMessage.objects.count() == before, "nobody listens later, so nothing waits in the outbox"


def test_the_waiting_room_knows_who_waits_and_who_is_before(visit: Visit, cast: Cast, now: datetime) -> None:
    later = booked_visit(
        approved_tie(cast.budi, cast.lapas.inmates[1]), starts_at=visit.starts_at + timedelta(minutes=20)
    )
    arrive(visit_ref=later.ref, side="visitor", actor=as_visitor(cast.budi), now=now)
    assert waiting(cast.lapas.facility, now) == [later]
    assert place_in_line(later, now) == 2
    assert place_in_line(visit, now) == 1
