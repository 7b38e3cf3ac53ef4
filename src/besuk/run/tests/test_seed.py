"""The people of the demo: whole, distinct, made by the real actions, and due whenever one starts."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.live.rules import PREPARE_BEFORE
from besuk.ground.accounts.capabilities import ROLES
from besuk.ground.accounts.models import Membership, Visitor
from besuk.ground.audit.actions import as_written
from besuk.ground.audit.chain import find_breaks
from besuk.ground.audit.models import Entry
from besuk.ground.facilities.models import Inmate
from besuk.ground.kernel import files
from besuk.ground.kernel.models import Facility
from besuk.run.demo import cast as people
from besuk.run.demo.big import seed_big
from besuk.run.demo.names import JAVA, PAPUA, Name
from besuk.run.demo.seed import seed
from besuk.run.demo.today import set_to_now
from besuk.run.demo.windows import who_plays
from besuk.testing.cast import Cast
from besuk.testing.clock import THURSDAY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demo_is_whole(now: datetime) -> None:
    """One seeding for many questions: it takes seconds."""
    seed(now)
    set_to_now(now)
    _prisons_and_people()
    _families_in_every_state()
    _the_log_reads_in_order()
    _the_past_has_good_and_bad()
    _somebody_is_due(now)
    _windows(now)
    _a_later_start(now)


def _prisons_and_people() -> None:
    lapas, rutan = Facility.objects.order_by("pk")
    assert lapas.zone != rutan.zone
    assert [one.stations.count() for one in (lapas, rutan)] == [3, 1]
    assert [one.inmates.count() for one in (lapas, rutan)] == [60, 60]
    assert set(Membership.objects.values_list("role", flat=True)) == set(ROLES) - {"system_administrator"}
    faces = {
        hashlib.sha256(files.read(one.photo)).hexdigest() for one in Inmate.objects.select_related("photo") if one.photo
    }
    assert len(faces) == 120
    assert Visitor.objects.filter(duplicate_of__isnull=False).count() == 0


def _families_in_every_state() -> None:
    states = set(Tie.objects.values_list("state", flat=True))
    assert {"approved", "submitted", "needs_more", "refused", "suspended"} <= states
    assert not Tie.objects.filter(relation__in=["lawyer", "consul", "ombudsman"]).exists()
    lawyer = Visitor.objects.get(name="R. Rangkuti, S.H.")
    outsider = Visitor.objects.get(name="Orang Luar")
    assert not lawyer.ties.exists()
    assert not outsider.ties.exists()
    shared = Visitor.objects.get(name="Siti Aminah").phone
    assert Visitor.objects.filter(phone=shared).count() == 2
    assert Tie.objects.filter(state="approved", inmate__legal_status="remand").exclude(permit_issuer="").exists()


def _the_log_reads_in_order() -> None:
    for facility in Facility.objects.all():
        entries = list(Entry.objects.filter(facility=facility).order_by("number"))
        written = [{**as_written(one), "previous": one.previous, "hash": one.hash} for one in entries]
        assert list(find_breaks(written)) == []
        moments = [one.at for one in entries]
        assert moments == sorted(moments)


def _the_past_has_good_and_bad() -> None:
    outcomes = list(Visit.objects.filter(state="concluded").values_list("outcome", flat=True))
    faults = [one for one in outcomes if OUTCOMES[one].fault == "facility"]
    assert len(outcomes) > 40
    assert 0.05 < len(faults) / len(outcomes) < 0.3
    siti = Visit.objects.filter(state="concluded", people__name="Siti Aminah", people__is_host=True)
    assert set(siti.values_list("outcome", flat=True)) == {"completed", "failed_technical"}


def _somebody_is_due(now: datetime) -> None:
    for facility in Facility.objects.order_by("pk"):
        starts = list(
            Visit.objects.filter(facility=facility, state="booked")
            .order_by("starts_at")
            .values_list("starts_at", flat=True)
        )
        longest = PREPARE_BEFORE if facility.stations.count() == 3 else timedelta(minutes=15)
        assert now < starts[0] <= now + longest
        assert starts[-1] > now + timedelta(hours=3)
        gaps = [after - before for before, after in pairwise(starts)]
        assert max(gaps) <= timedelta(minutes=30)


def _windows(now: datetime) -> None:
    told = who_plays(now)
    first = told["windows"][:3]
    assert [one["role"] for one in first] == ["family", "station", "officer"]
    assert first[0]["who"] == "Siti Aminah"
    assert first[0]["sign_in"]["by_hand"]["pin"] == people.PIN
    assert all(one["path"].startswith("/") for one in told["windows"])


def _a_later_start(now: datetime) -> None:
    """The next day at three in the morning: yesterday's visits are closed, and somebody is due again."""
    night = now.replace(hour=20, minute=1) + timedelta(days=1)
    set_to_now(night)
    assert not Visit.objects.filter(state="booked", ends_at__lte=night).exists()
    _somebody_is_due(night)
    first = Visit.objects.filter(state="booked").order_by("starts_at", "pk")[0]
    assert first.people.get(is_host=True).name == "Siti Aminah"


@pytest.mark.parametrize("names", [JAVA, PAPUA])
def test_names_are_sixty_and_different(names: tuple[Name, ...]) -> None:
    assert len({one.full for one in names}) == 60
    assert sum(" " not in one.full for one in names) >= (5 if names is JAVA else 0)


def test_a_big_prison_has_years_of_visits(cast: Cast) -> None:
    made = seed_big(cast.lapas.facility, inmates=50, years=1, now=THURSDAY)
    visits = Visit.objects.filter(facility=cast.lapas.facility)
    assert made == visits.count() == 52 * 216
    assert visits.order_by("starts_at")[0].starts_at < datetime(2026, 1, 1, tzinfo=UTC)
    assert not visits.filter(starts_at__gt=THURSDAY).exists()
