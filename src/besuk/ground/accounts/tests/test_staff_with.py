"""Who holds a capability at a prison."""

from datetime import datetime, timedelta

import pytest

from besuk.ground.accounts.capabilities import SUPPORT
from besuk.ground.accounts.models import Membership
from besuk.ground.accounts.queries import staff_with
from besuk.testing.cast import Cast


@pytest.mark.django_db
def test_somebody_with_two_fitting_roles_is_told_once_and_by_the_narrower(cast: Cast, now: datetime) -> None:
    head, companion = cast.lapas.staff["head"], cast.lapas.staff["companion"]
    before = staff_with(SUPPORT, cast.lapas.facility.pk, now)
    assert before[0] == companion
    assert head in before
    since = now - timedelta(days=1)
    Membership.objects.create(staff=head, facility=cast.lapas.facility, role="companion", since=since)
    after = staff_with(SUPPORT, cast.lapas.facility.pk, now)
    assert len(after) == len(before)
    assert set(after) == set(before)
