"""Who may do what."""

from datetime import datetime, timedelta

from besuk.ground.accounts import capabilities as may
from besuk.ground.accounts.actors import SYSTEM, staff_actor, visitor_actor
from besuk.ground.accounts.models import Membership
from besuk.ground.kernel.actor import EVERYWHERE
from besuk.testing.cast import Cast


def test_only_supervisors_conduct_calls() -> None:
    assert {role for role, names in may.ROLES.items() if may.CONDUCT in names} == {"supervisor"}


def test_the_regional_office_and_inspectors_change_nothing() -> None:
    changing = {may.CONDUCT, may.VETTING, may.DAY_MARK, may.DESK_BOOK, may.SETTINGS_EDIT, may.TIMETABLE_EDIT}
    for role in ("regional", "inspector", "data_protection"):
        assert not may.ROLES[role] & changing


def test_a_system_administrator_has_no_power_over_visits() -> None:
    assert may.ROLES["system_administrator"] == frozenset()


def test_every_role_has_a_word() -> None:
    assert set(may.ROLES) == set(may.ROLE_WORDS)


def test_capabilities_hold_where_the_membership_is(cast: Cast, now: datetime) -> None:
    actor = cast.lapas.actor("supervisor", now)
    assert actor.can(may.CONDUCT, cast.lapas.facility.pk)
    assert not actor.can(may.CONDUCT, cast.rutan.facility.pk)


def test_two_roles_add_up(cast: Cast, now: datetime) -> None:
    staff = cast.lapas.staff["desk"]
    Membership.objects.create(staff=staff, facility=cast.rutan.facility, role="supervisor", since=now)
    actor = staff_actor(staff, now)
    assert actor.can(may.VETTING, cast.lapas.facility.pk)
    assert actor.can(may.CONDUCT, cast.rutan.facility.pk)
    assert not actor.can(may.CONDUCT, cast.lapas.facility.pk)
    assert actor.role == "desk+supervisor"


def test_an_ended_membership_gives_nothing(cast: Cast, now: datetime) -> None:
    staff = cast.lapas.staff["desk"]
    Membership.objects.filter(staff=staff).update(until=now)
    assert staff_actor(staff, now).may == {EVERYWHERE: {may.STAFF_ANY}}
    assert staff_actor(staff, now - timedelta(seconds=1)).can(may.VETTING, cast.lapas.facility.pk)


def test_an_unknown_role_gives_nothing_but_the_door(cast: Cast, now: datetime) -> None:
    staff = cast.lapas.staff["desk"]
    Membership.objects.filter(staff=staff).update(role="king")
    assert staff_actor(staff, now).may[cast.lapas.facility.pk] == {may.STAFF_ANY}


def test_an_active_administrator_has_their_own_pages_and_nothing_else(cast: Cast, now: datetime) -> None:
    actor = staff_actor(cast.administrator, now)
    assert dict(actor.may) == {EVERYWHERE: frozenset({may.STAFF_ANY})}
    assert actor.role == "system_administrator"
    cast.administrator.is_active = False
    assert not staff_actor(cast.administrator, now).may


def test_visitors_and_the_system_have_their_own(cast: Cast) -> None:
    assert visitor_actor(cast.siti).can(may.VISITOR_OWN, cast.lapas.facility.pk)
    assert not visitor_actor(cast.siti).can(may.STAFF_ANY, cast.lapas.facility.pk)
    assert SYSTEM.can(may.SYSTEM_RUN, cast.lapas.facility.pk)
