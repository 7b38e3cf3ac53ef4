"""Staff sign in by password; each try leaves a mark at their facility."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from besuk.ground.accounts.actions import note_sign_in, note_sign_out, prove_password
from besuk.ground.accounts.actions.sign_in_staff import BY_NAME
from besuk.ground.accounts.models import Membership, Staff
from besuk.ground.accounts.queries import facilities_of
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.actor import NOBODY
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import PASSWORD, Cast

SOMEBODY = replace(NOBODY, address="192.0.2.1")


def prove(now: datetime, username: str = "desk.lapas", password: str = PASSWORD) -> Staff:
    """Try."""
    return prove_password(username=username, password=password, actor=SOMEBODY, now=now)


def codes(now: datetime, **other: str) -> tuple[str, ...]:
    """With what it is refused."""
    with pytest.raises(Refused) as refused:
        prove(now, **other)
    return refused.value.codes


def test_the_right_password_is_known_whatever_the_case_of_the_name(cast: Cast, now: datetime) -> None:
    assert prove(now) == prove(now, username=" Desk.LAPAS ") == cast.lapas.staff["desk"]


def test_unknown_name_wrong_password_and_closed_account_look_the_same(cast: Cast, now: datetime) -> None:
    Staff.objects.filter(username="head.lapas").update(is_active=False)
    answers = {codes(now, username="nobody"), codes(now, password="wrong"), codes(now, username="head.lapas")}
    assert answers == {("STAFF_SIGN_IN_FAILED",)}


def test_a_failure_is_noted_at_the_facility_although_it_is_refused(cast: Cast, now: datetime) -> None:
    codes(now, password="wrong")
    entry = Entry.objects.get()
    assert (entry.code, entry.facility, entry.data) == (
        "staff.sign_in_failed", cast.lapas.facility, {"how": "password"},
    )  # fmt: skip
    assert (entry.actor_kind, entry.address) == ("nobody", "192.0.2.1")
    assert entry.object_ref == cast.lapas.staff["desk"].subject


def test_an_unknown_name_leaves_no_mark(cast: Cast, now: datetime) -> None:
    codes(now, username="nobody")
    assert not Entry.objects.exists()


def test_who_works_at_two_facilities_is_noted_at_both(cast: Cast, now: datetime) -> None:
    regional = cast.lapas.staff["regional"]
    note_sign_in(staff=regional, how="totp", actor=cast.lapas.actor("regional", now), now=now)
    note_sign_out(staff=regional, actor=cast.lapas.actor("regional", now), now=now)
    codes_of = {site.facility.pk: [e.code for e in Entry.objects.filter(facility=site.facility)] for site in cast.sites}
    assert set(map(tuple, codes_of.values())) == {("staff.signed_in", "staff.signed_out")}


def test_a_membership_that_has_ended_or_not_begun_does_not_count(cast: Cast, now: datetime) -> None:
    desk = cast.lapas.staff["desk"]
    Membership.objects.filter(staff=desk).update(until=now)
    Membership.objects.create(staff=desk, facility=cast.rutan.facility, role="desk", since=now + timedelta(seconds=1))
    assert facilities_of(desk, now) == []
    assert facilities_of(desk, now - timedelta(seconds=1)) == [cast.lapas.facility.pk]
    assert facilities_of(desk, now + timedelta(seconds=1)) == [cast.rutan.facility.pk]


def test_tries_on_one_name_run_out(cast: Cast, now: datetime) -> None:
    for _ in range(BY_NAME.tries):
        codes(now, password="wrong")
    assert codes(now) == ("TOO_MANY_TRIES",)
    assert prove(now + BY_NAME.per) == cast.lapas.staff["desk"]
