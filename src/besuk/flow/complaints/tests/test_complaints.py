"""Rating a visit, complaining about it, and answering: rules, records and what is told to whom."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, strategies

from besuk.flow.bookings.actions import cancel_by_facility, conclude
from besuk.flow.bookings.models import Visit
from besuk.flow.complaints import rules
from besuk.flow.complaints.actions import answer, complain, complain_for_inmate, rate
from besuk.flow.complaints.models import Complaint, Rating
from besuk.flow.complaints.words import REASONS
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.audit.models import Entry, EntryText
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.notices.models import Notice
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.cast import Cast

STATES = strategies.sampled_from(["held", "booked", "concluded", "cancelled"])
HOURS = strategies.integers(-100, 2000)


@given(STATES, HOURS, strategies.sampled_from([*REASONS, "", "x"]), strategies.sampled_from(["", "a", "b" * 1001]))
def test_a_complaint_is_taken_exactly_when_there_is_something_and_time_and_a_reason(
    state: str, hours: int, reason: str, words: str
) -> None:
    now = datetime.fromisoformat("2026-12-03T02:20:00+00:00")
    since = timedelta(hours=hours)
    over = rules.is_over(state, now - since, now)
    assert over == (state in {"concluded", "cancelled"} or (state == "booked" and hours >= 0))
    codes = rules.may_complain(over=over, since_start=since, reason=reason, words=words, days=30)
    fits = reason in REASONS and (reason != "other" or words) and len(words) <= 1000
    assert (codes == []) == (over and hours <= 720 and bool(fits))


@given(STATES, strategies.integers(-3, 9))
def test_one_to_five_points_for_a_visit_that_is_over(state: str, points: int) -> None:
    assert (rules.may_rate(state, points, "") == []) == (state == "concluded" and 1 <= points <= 5)


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted))


@pytest.fixture
def over(visit: Visit) -> Visit:
    """It was no fault of the family."""
    conclude(visit=visit, outcome="no_supervisor", actor=SYSTEM, now=visit.ends_at)
    return visit


@pytest.fixture
def siti(cast: Cast) -> Actor:
    return visitor_actor(cast.siti)


def file(visit: Visit, actor: Actor, now: datetime, key: str = "k", **more: str) -> Complaint:
    values = {"reason": "line", "words": "Gambar beku", **more}
    return complain(visit_ref=visit.ref, reason=values["reason"], words=values["words"], key=key, actor=actor, now=now)


@pytest.mark.django_db
def test_a_rating_is_one_and_can_be_changed_and_its_words_stay_out_of_the_log(over: Visit, siti: Actor) -> None:
    for points in (2, 5):
        rate(visit_ref=over.ref, points=points, words="Petugasnya ramah", actor=siti, now=over.ends_at)
    assert [(one.points, one.words) for one in Rating.objects.all()] == [(5, "Petugasnya ramah")]
    assert [one.data["points"] for one in Entry.objects.filter(code="visit.rate").order_by("number")] == [2, 5]
    assert not EntryText.objects.filter(words__contains="ramah").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.update(points=6)


@pytest.mark.django_db
def test_nobody_else_rates_or_complains(over: Visit, cast: Cast, now: datetime) -> None:
    for actor in (visitor_actor(cast.budi), visitor_actor(cast.outsider), cast.lapas.actor("head", now)):
        with pytest.raises(Refused, match="NOT_FOUND"):
            rate(visit_ref=over.ref, points=5, words="", actor=actor, now=over.ends_at)
        with pytest.raises(Refused, match="NOT_FOUND"):
            file(over, actor, over.ends_at)


@pytest.mark.django_db
def test_a_complaint_gets_a_number_goes_to_the_head_and_its_answer_back_to_the_family(
    over: Visit, cast: Cast, siti: Actor, now: datetime
) -> None:
    at = over.ends_at
    filed = file(over, siti, at)
    assert file(over, siti, at) == filed
    assert (filed.number, filed.state, Complaint.objects.count()) == (1, "open", 1)
    head = cast.lapas.actor("head", now)
    assert [one.recipient for one in Notice.objects.filter(template="complaint_filed")] == [head.subject]
    with pytest.raises(Refused, match="COMPLAINT_OPEN"):
        file(over, siti, at, key="k2", words="Lagi")
    for actor in (cast.lapas.actor("desk", now), cast.lapas.actor("supervisor", now), cast.rutan.actor("head", now)):
        with pytest.raises(Refused, match="NOT_ALLOWED"):
            answer(complaint_ref=filed.ref, words="Maaf", actor=actor, now=at)
    with pytest.raises(Refused, match="ANSWER_MISSING"):
        answer(complaint_ref=filed.ref, words=" ", actor=head, now=at)
    answer(complaint_ref=filed.ref, words="Kabelnya sudah diganti.", actor=head, now=at)
    told = Notice.objects.get(template="complaint_answered")
    assert (told.recipient, "Kabel" in str(told.values)) == (siti.subject, False)
    with pytest.raises(Refused, match="STATE_CHANGED"):
        answer(complaint_ref=filed.ref, words="Lain", actor=head, now=at)
    filed.refresh_from_db()
    assert (filed.state, filed.answer, filed.answered_by_id) == ("answered", "Kabelnya sudah diganti.", head.pk)
    assert file(over, siti, at, key="k3", words="Masih beku").number == 2
    assert "Gambar beku" not in str(list(Entry.objects.values_list("data", flat=True)))


@pytest.mark.django_db
def test_numbers_are_each_prisons_own(over: Visit, cast: Cast, siti: Actor) -> None:
    elsewhere = booked_visit(approved_tie(cast.yosina, cast.rutan.convicted))
    assert file(over, siti, over.ends_at).number == 1
    assert file(elsewhere, visitor_actor(cast.yosina), over.ends_at).number == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.update(facility=cast.lapas.facility)


@pytest.mark.django_db
def test_a_visit_that_never_took_place_can_be_complained_of(visit: Visit, cast: Cast, siti: Actor) -> None:
    with pytest.raises(Refused, match="VISIT_NOT_OVER"):
        file(visit, siti, visit.starts_at - timedelta(minutes=1), reason="not_held")
    desk = cast.lapas.actor("desk", visit.starts_at)
    cancel_by_facility(
        visit_ref=visit.ref, outcome="inmate_unavailable", reason="Sidang", key="c", actor=desk, now=visit.starts_at
    )
    assert file(visit, siti, visit.starts_at, reason="not_held").number == 1


@pytest.mark.django_db
def test_it_is_too_late_after_the_days_of_the_policy(over: Visit, siti: Actor) -> None:
    with pytest.raises(Refused, match="TOO_LATE_TO_COMPLAIN"):
        file(over, siti, over.starts_at + timedelta(days=31))


@pytest.mark.django_db
def test_an_officer_writes_for_an_inmate_beside_the_familys_own(over: Visit, cast: Cast, siti: Actor) -> None:
    at = over.ends_at
    file(over, siti, at)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        complain_for_inmate(visit_ref=over.ref, reason="line", words="", key="i", actor=siti, now=at)
    desk, head = cast.lapas.actor("desk", at), cast.lapas.actor("head", at)
    row = complain_for_inmate(visit_ref=over.ref, reason="too_short", words="", key="i", actor=desk, now=at)
    assert (row.number, row.side, row.filed_by) == (2, "inmate", desk.subject)
    answer(complaint_ref=row.ref, words="Menitnya dikembalikan.", actor=head, now=at)
    assert not Notice.objects.filter(template="complaint_answered").exists()
