"""Looking at somebody's card."""

from datetime import datetime

import pytest

from besuk.flow.approvals.actions import view_document
from besuk.flow.approvals.models import Document, Tie
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.audit.models import Entry
from besuk.ground.kernel import files
from besuk.ground.kernel.errors import Refused
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(cast: Cast, applied: Tie, now: datetime) -> Document:
    file = files.store(b"jpeg", facility=cast.lapas.facility, purpose="identity", mime="image/jpeg", now=now)
    return Document.objects.create(visitor=cast.siti, kind="id_card", file=file, added_at=now)


def test_each_look_is_an_entry_with_its_purpose(card: Document, cast: Cast, now: datetime) -> None:
    desk = cast.lapas.actor("desk", now)
    for purpose in ("vetting", "identity"):
        assert view_document(document_ref=card.ref, actor=desk, now=now, purpose=purpose) == b"jpeg"
    entries = list(Entry.objects.filter(code="document.view").order_by("number"))
    assert [one.purpose for one in entries] == ["vetting", "identity"]
    assert {one.data["owner"] for one in entries} == {cast.siti.subject}
    assert {one.object_ref for one in entries} == {card.ref}


def test_a_paper_of_somebody_who_never_applied_here_does_not_exist(card: Document, cast: Cast, now: datetime) -> None:
    strangers = [
        cast.rutan.actor("desk", now),
        cast.lapas.actor("inspector", now),
        visitor_actor(cast.siti),
        visitor_actor(cast.outsider),
    ]
    for actor in strangers:
        with pytest.raises(Refused) as refused:
            view_document(document_ref=card.ref, actor=actor, now=now)
        assert refused.value.codes == ("NOT_FOUND",)
    assert not Entry.objects.filter(code="document.view").exists()


def test_a_paper_that_is_not_there_is_not_found(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        view_document(document_ref="nowhere", actor=cast.lapas.actor("desk", now), now=now)
    assert refused.value.codes == ("NOT_FOUND",)
