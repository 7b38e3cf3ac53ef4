"""A visitor asks to be allowed to talk with somebody."""

from datetime import datetime, timedelta

import pytest

from besuk.flow.approvals.actions import add_document, apply, ask_for_more
from besuk.flow.approvals.models import Document, Tie
from besuk.flow.approvals.tests.conftest import painted
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.audit.models import Entry
from besuk.ground.kernel import files
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import Refused
from besuk.ground.kernel.models import SealedFile
from besuk.ground.notices.models import Notice
from besuk.testing.cast import Cast

pytestmark = pytest.mark.django_db


class Asker:
    """Siti at the form; anything may be said differently."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast, self.now = cast, now

    def __call__(self, **other: object) -> Tie:
        said: dict[str, object] = {
            "visitor": self.cast.siti,
            "facility": self.cast.lapas.facility,
            "inmate_named": self.cast.lapas.convicted.name,
            "inmate_hint": "Karto",
            "relation": "spouse",
            "image": painted(),
            "key": "k1",
            "actor": visitor_actor(self.cast.siti),
            "now": self.now,
            **other,
        }
        return apply(**said)  # type: ignore[arg-type]

    def refused(self, **other: object) -> tuple[str, ...]:
        with pytest.raises(Refused) as error:
            self(**other)
        return error.value.codes


@pytest.fixture
def ask(cast: Cast, now: datetime) -> Asker:
    return Asker(cast, now)


def test_an_application_waits_for_the_desk_with_its_picture(ask: Asker) -> None:
    tie = ask()
    assert (tie.state, tie.inmate, tie.relation) == ("submitted", None, "spouse")
    document = Document.objects.get()
    assert files.read(document.file)[:3] == b"\xff\xd8\xff"
    assert Notice.objects.get().template == "tie_submitted"


def test_the_log_knows_no_names(ask: Asker, cast: Cast) -> None:
    ask()
    entry = Entry.objects.get(code="tie.apply")
    assert cast.siti.name not in str(entry.__dict__)
    assert cast.lapas.convicted.name not in str(entry.__dict__)
    assert entry.actor_subject == cast.siti.subject


def test_a_name_nobody_has_gets_the_same_answer_as_a_right_one(ask: Asker) -> None:
    right = ask()
    wrong = ask(inmate_named="Tidak Ada Orang Ini", key="k2")
    silent = {"id", "ref", "inmate_named", "_state"}
    assert {n: v for n, v in vars(right).items() if n not in silent} == {
        n: v for n, v in vars(wrong).items() if n not in silent
    }


def test_sent_twice_it_is_one_application_with_one_picture(ask: Asker) -> None:
    assert ask().pk == ask().pk
    assert (Tie.objects.count(), Document.objects.count(), Notice.objects.count()) == (1, 1, 1)


def test_the_same_wish_again_is_told_instead_of_filed(ask: Asker) -> None:
    ask()
    assert ask.refused(key="k2", inmate_named="  SUYATNO ") == ("TIE_EXISTS",)


def test_the_same_key_with_another_wish_is_refused(ask: Asker) -> None:
    ask()
    assert ask.refused(inmate_named="Togar") == ("SENT_BEFORE_DIFFERENTLY",)


@pytest.mark.parametrize("relation", ["lawyer", "consul", "ombudsman"])
def test_a_privileged_visitor_is_told_plainly_to_come_in_person(ask: Asker, relation: str) -> None:
    assert ask.refused(relation=relation) == ("PRIVILEGED_NOT_YET",)
    assert not Tie.objects.exists()


def test_everything_that_is_wrong_is_told_at_once(ask: Asker) -> None:
    assert ask.refused(relation="boss", inmate_named="  ") == ("FORM_INCOMPLETE", "NAME_MISSING")


def test_a_broken_picture_files_nothing(ask: Asker) -> None:
    assert ask.refused(image=b"no picture") == ("IMAGE_UNREADABLE",)
    assert not Tie.objects.exists()
    assert not SealedFile.objects.exists()


def test_nobody_applies_for_somebody_else(ask: Asker, cast: Cast, now: datetime) -> None:
    assert ask.refused(actor=visitor_actor(cast.budi)) == ("NOT_ALLOWED",)
    assert ask.refused(actor=cast.lapas.actor("desk", now)) == ("NOT_ALLOWED",)


def test_a_thirteenth_picture_in_an_hour_has_to_wait(ask: Asker, now: datetime) -> None:
    for number in range(12):
        ask.refused(image=b"rubbish", key=f"k{number}")
    assert ask.refused(key="more") == ("TOO_MANY_TRIES",)
    assert ask(key="later", now=now + timedelta(hours=1)).state == "submitted"


def test_an_application_that_needs_more_goes_back_to_the_desk_when_completed(
    ask: Asker, siti: Actor, desk: Actor, now: datetime
) -> None:
    tie = ask()
    ask_for_more(tie_ref=tie.ref, reasons=["clearer_id_photo"], key="d", actor=desk, now=now)
    later = now + timedelta(days=1)
    add_document(tie_ref=tie.ref, image=painted(), actor=siti, now=later)
    tie.refresh_from_db()
    assert (tie.state, tie.submitted_at, Document.objects.count()) == ("submitted", later, 2)


def test_a_decided_application_takes_no_more_pictures(ask: Asker, siti: Actor, cast: Cast, now: datetime) -> None:
    tie = ask()
    with pytest.raises(Refused) as error:
        add_document(tie_ref=tie.ref, image=painted(), actor=siti, now=now)
    assert error.value.codes == ("STATE_CHANGED",)
    assert Document.objects.count() == 1
    with pytest.raises(Refused) as foreign:
        add_document(tie_ref=tie.ref, image=painted(), actor=visitor_actor(cast.budi), now=now)
    assert foreign.value.codes == ("NOT_FOUND",)
