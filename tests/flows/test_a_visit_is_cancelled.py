"""A visit that does not take place: in time it costs nothing, and nobody is left uninformed."""

from besuk.flow.bookings.models import Claim, LedgerEntry
from besuk.ground.audit.command import main as audit
from besuk.ground.kernel.refs import new_ref
from besuk.ground.notices.models import Notice
from tests.flows.steps import Journey


def units_of(visit_pk: int) -> int:
    return sum(LedgerEntry.objects.filter(visit=visit_pk).values_list("units", flat=True))


def test_in_time_the_family_cancels_and_books_again(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    host = visit.people.get(is_host=True)
    assert host.tie is not None
    journey.go_to(visit, hours=5)
    journey.cancel(visit)
    assert units_of(visit.pk) == 0
    assert not Claim.objects.filter(visit=visit).exists()
    assert "Anda batalkan" in journey.phone.get(f"/visits/{visit.ref}/result/").content.decode()
    assert journey.book(host.tie).state == "booked"


def test_late_the_unit_stays_used(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    journey.go_to(visit, hours=1)
    journey.cancel(visit)
    assert units_of(visit.pk) == -1


def test_an_inmate_who_is_at_court_costs_the_family_nothing_and_is_not_told(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    journey.go_to(visit, minutes=30)
    answer = journey.desk.post(f"/desk/day/{visit.ref}/", {"act": "inmate_absent", "reason": "court", "key": new_ref()})
    assert answer.status_code == 302
    assert units_of(visit.pk) == 0
    page = journey.phone.get(f"/visits/{visit.ref}/result/").content.decode()
    assert "Warga binaan berhalangan. Jatah Anda tidak berkurang." in page
    assert "idang" not in page
    host = visit.people.get(is_host=True)
    assert host.visitor is not None
    assert Notice.objects.filter(recipient=host.visitor.subject, template__startswith="visit").exists()


def test_the_log_of_it_is_unbroken(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    journey.go_to(visit, hours=5)
    journey.cancel(visit)
    assert audit(["verify"]) == 0
