"""An inmate comes and goes; where to is never told."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import set_inmate_place
from besuk.ground.facilities.events import InmateMoved
from besuk.ground.kernel import outbox
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.locks import Rank
from besuk.ground.kernel.unit import current
from besuk.testing.cast import Cast

heard: list[tuple[InmateMoved, int]] = []


def hear(event: InmateMoved, now: datetime) -> None:
    """Inside the transaction: it can see which lock is held."""
    heard.append((event, current().rank))


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    heard.clear()
    outbox.listen_at_once(InmateMoved, hear)
    yield
    outbox._at_once[InmateMoved.topic].remove(hear)


def test_the_news_is_heard_in_the_transaction_under_the_inmates_lock(cast: Cast, now: datetime) -> None:
    inmate = cast.lapas.convicted
    set_inmate_place(inmate=inmate, place="away", actor=cast.lapas.actor("desk", now), now=now)
    inmate.refresh_from_db()
    assert inmate.place == "away"
    assert heard == [(InmateMoved(inmate.pk, cast.lapas.facility.pk, "away"), Rank.INMATE)]


def test_it_is_noted_with_before_and_after_and_without_a_name(cast: Cast, now: datetime) -> None:
    inmate = cast.lapas.convicted
    set_inmate_place(inmate=inmate, place="away", actor=cast.lapas.actor("head", now), now=now)
    entry = Entry.objects.get()
    assert (entry.code, entry.data) == ("inmate.moved", {"before": "here", "after": "away"})
    assert entry.object_ref == inmate.subject
    assert inmate.name not in str(entry.__dict__)


def test_moving_to_where_one_is_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        set_inmate_place(inmate=cast.lapas.convicted, place="here", actor=cast.lapas.actor("desk", now), now=now)
    assert refused.value.codes == ("STATE_CHANGED",)
    assert heard == []


def test_an_unknown_place_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        set_inmate_place(inmate=cast.lapas.convicted, place="moon", actor=cast.lapas.actor("desk", now), now=now)
    assert refused.value.codes == ("FORM_INCOMPLETE",)


def test_another_facility_cannot(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        set_inmate_place(inmate=cast.lapas.convicted, place="away", actor=cast.rutan.actor("desk", now), now=now)
    assert refused.value.codes == ("NOT_ALLOWED",)
