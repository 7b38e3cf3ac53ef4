"""An inmate's photo is kept encrypted, and every look at it leaves a mark."""

from datetime import datetime

import pytest

from besuk.ground.audit.models import Entry
from besuk.ground.facilities.actions import set_photo, view_photo
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

PICTURE = b"\xff\xd8 face"


@pytest.fixture
def photographed(cast: Cast, now: datetime) -> Cast:
    """The first inmate has a photo."""
    desk = cast.lapas.actor("desk", now)
    set_photo(inmate=cast.lapas.convicted, image=PICTURE, mime="image/jpeg", actor=desk, now=now)
    return cast


def test_an_officer_sees_it_and_is_noted(photographed: Cast, now: datetime) -> None:
    inmate, actor = photographed.lapas.convicted, photographed.lapas.actor("supervisor", now)
    assert view_photo(inmate=inmate, purpose="identity", actor=actor, now=now) == (PICTURE, "image/jpeg")
    entry = Entry.objects.get(code="inmate.photo_viewed")
    assert (entry.actor_subject, entry.object_ref, entry.purpose) == (actor.subject, inmate.subject, "identity")


@pytest.mark.parametrize(("site", "role"), [("rutan", "supervisor"), ("lapas", "regional"), ("lapas", "inspector")])
def test_others_do_not_see_it(photographed: Cast, now: datetime, site: str, role: str) -> None:
    with pytest.raises(Refused) as refused:
        view_photo(inmate=photographed.lapas.convicted, actor=getattr(photographed, site).actor(role, now), now=now)
    assert refused.value.codes == ("NOT_ALLOWED",)
    assert not Entry.objects.filter(code="inmate.photo_viewed").exists()


def test_an_inmate_without_a_photo_is_told_so(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        view_photo(inmate=cast.lapas.convicted, actor=cast.lapas.actor("supervisor", now), now=now)
    assert refused.value.codes == ("NOT_FOUND",)


def test_only_the_desk_sets_it(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused):
        set_photo(
            inmate=cast.lapas.convicted,
            image=b"x",
            mime="image/jpeg",
            actor=cast.lapas.actor("supervisor", now),
            now=now,
        )
