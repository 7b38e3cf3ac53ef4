"""A change of state happens once, with its history and its entry, or not at all."""

from datetime import datetime

import pytest

from besuk.flow.approvals.lifecycle import TIE
from besuk.flow.approvals.models import Tie
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.audit.actions import transition
from besuk.ground.audit.models import Entry, Transition
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.unit import unit
from besuk.testing import builders
from besuk.testing.cast import Cast


@pytest.fixture
def submitted(cast: Cast) -> Tie:
    """A tie that waits for a decision."""
    return builders.tie(cast.siti, cast.lapas.convicted, state="submitted")


def approve(tie: Tie, now: datetime) -> None:
    """Approve it, in a unit of its own."""
    with unit():
        transition(tie, TIE, "approve", facility_id=tie.facility_id, actor=SYSTEM, now=now)


def test_it_changes_the_row_and_the_object(submitted: Tie, now: datetime) -> None:
    approve(submitted, now)
    assert submitted.state == "approved"
    assert Tie.objects.get(pk=submitted.pk).state == "approved"


def test_it_writes_history_and_log(submitted: Tie, now: datetime) -> None:
    approve(submitted, now)
    row = Transition.objects.get(kind="approvals.tie", object_pk=submitted.pk)
    assert (row.verb, row.before, row.after, row.at) == ("approve", "submitted", "approved", now)
    entry = Entry.objects.get(object_ref=submitted.ref)
    assert (entry.code, entry.data) == ("tie.approve", {"before": "submitted", "after": "approved"})


def test_a_move_that_is_not_in_the_table_is_refused(submitted: Tie, now: datetime) -> None:
    with pytest.raises(Refused) as refused, unit():
        transition(submitted, TIE, "suspend", facility_id=submitted.facility_id, actor=SYSTEM, now=now)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert not Transition.objects.exists()


def test_the_loser_of_a_race_is_refused(submitted: Tie, now: datetime) -> None:
    seen_by_another = Tie.objects.get(pk=submitted.pk)
    approve(submitted, now)
    with pytest.raises(Refused) as refused:
        approve(seen_by_another, now)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert Transition.objects.count() == 1
    assert Entry.objects.count() == 1
