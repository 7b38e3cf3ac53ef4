"""The vetting pages: the queue by age, the papers, the decision, and a tie that stands already."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from besuk.flow.approvals.models import Document, Tie
from besuk.ground.accounts.models import Visitor
from besuk.ground.audit.models import Entry
from besuk.ground.kernel import files
from besuk.testing.builders import approved_tie
from besuk.testing.builders import tie as any_tie
from besuk.testing.cast import Cast, new_inmate, new_visitor
from besuk.testing.clock import FixedClock

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_QUERIES = 16


@pytest.fixture
def desk(cast: Cast, client: Client, clock_at: FixedClock) -> Client:
    client.force_login(cast.lapas.staff["desk"], backend=BACKEND)
    return client


def applied(visitor: Visitor, cast: Cast, waited: timedelta, now: datetime) -> Tie:
    """An application that nobody has matched yet."""
    one = any_tie(visitor, cast.lapas.convicted, state="submitted")
    Tie.objects.filter(pk=one.pk).update(inmate=None, submitted_at=now - waited)
    one.refresh_from_db()
    return one


@pytest.fixture
def tie(cast: Cast, now: datetime) -> Tie:
    return applied(cast.siti, cast, timedelta(hours=5), now)


def decide(desk: Client, tie: Tie, **said: object) -> str:
    """Post a decision; returns the page, or where it leads."""
    sent = desk.post(f"/desk/vetting/{tie.ref}/", {"key": "k", **said})
    return sent["Location"] if sent.status_code == 302 else sent.content.decode()


def test_the_queue_has_the_oldest_first_and_marks_who_waits_for_a_day(
    desk: Client, tie: Tie, cast: Cast, now: datetime
) -> None:
    applied(cast.yosina, cast, timedelta(days=2, hours=1), now)
    page = desk.get("/desk/vetting/").content.decode()
    assert page.index("Yosina") < page.index("Siti")
    assert "menunggu 2 hari" in page
    assert "menunggu 5 jam" in page
    assert page.count("small old") == 1


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Tidak ada yang menunggu." in desk.get("/desk/vetting/").content.decode()


def test_what_is_compared_with_the_card_stands_beside_it(desk: Client, tie: Tie, cast: Cast, now: datetime) -> None:
    file = files.store(b"jpeg", facility=cast.lapas.facility, purpose="identity", mime="image/jpeg", now=now)
    paper = Document.objects.create(visitor=cast.siti, kind="id_card", file=file, added_at=now)
    page = desk.get(f"/desk/vetting/{tie.ref}/").content.decode()
    assert f'src="/desk/documents/{paper.ref}/"' in page
    assert "9971 0152 0000 0001" in page
    assert "I Wayan" not in page, "only inmates whose name fits are offered"
    assert cast.lapas.convicted.ref in page


def test_looking_at_the_card_is_noted_and_never_kept_by_the_browser(
    desk: Client, tie: Tie, cast: Cast, now: datetime
) -> None:
    file = files.store(b"jpeg", facility=cast.lapas.facility, purpose="identity", mime="image/jpeg", now=now)
    paper = Document.objects.create(visitor=cast.siti, kind="id_card", file=file, added_at=now)
    answer = desk.get(f"/desk/documents/{paper.ref}/")
    assert (answer.content, answer["Content-Type"]) == (b"jpeg", "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.get(code="document.view").object_ref == paper.ref


def test_inmates_are_searched_by_name_number_and_call_name(desk: Client, tie: Tie, cast: Cast) -> None:
    for words in ("togar", "LAPAS/0003"):
        page = desk.get(f"/desk/vetting/{tie.ref}/", {"find": words}).content.decode()
        assert cast.lapas.remand.ref in page
        assert cast.lapas.convicted.ref not in page
    nobody = desk.get(f"/desk/vetting/{tie.ref}/", {"find": "Yosep"}).content.decode()
    assert 'data-testid="nobody-found"' in nobody, "inmates of other prisons are not found"


def test_approving_leads_back_to_the_queue(desk: Client, tie: Tie, cast: Cast) -> None:
    assert decide(desk, tie, act="approve", inmate=cast.lapas.convicted.ref) == "/desk/vetting/"
    tie.refresh_from_db()
    assert tie.state == "approved"


def test_a_tahanan_without_a_permit_is_refused_and_the_choice_is_kept(desk: Client, tie: Tie, cast: Cast) -> None:
    page = decide(desk, tie, act="approve", inmate=cast.lapas.remand.ref)
    assert 'data-code="PERMIT_MISSING"' in page
    given = {"permit_issuer": "Kejaksaan", "permit_expires_on": "2027-01-31"}
    assert decide(desk, tie, act="approve", inmate=cast.lapas.remand.ref, **given) == "/desk/vetting/"
    tie.refresh_from_db()
    assert (tie.permit_issuer, str(tie.permit_expires_on)) == ("Kejaksaan", "2027-01-31")


def test_whoever_approves_without_choosing_is_told_to_choose(desk: Client, tie: Tie) -> None:
    page = decide(desk, tie, act="approve")
    assert "Warga binaan belum dipilih." in page
    assert "Hubungi petugas pendaftaran." not in page


@pytest.mark.parametrize(("act", "other"), [("refuse", "ask-for-more"), ("ask_for_more", "refuse")])
def test_a_refused_decision_opens_its_own_panel_again_and_no_other(
    desk: Client, tie: Tie, act: str, other: str
) -> None:
    page = decide(desk, tie, act=act)
    panels = dict(
        re.findall(r'<details class="card" (open)?>\s*<summary class="strong" data-testid="open-([\w-]+)"', page)
    )
    assert page.count("<details") == 3
    assert set(panels) == {"", "open"}
    assert panels["open"] == act.replace("_", "-")
    assert panels[""] == other


@pytest.mark.parametrize(
    ("act", "codes", "state"),
    [("refuse", {"reason": ["id_not_readable", "name_does_not_match"]}, "refused"),
     ("ask_for_more", {"missing": ["family_card"]}, "needs_more")],
)  # fmt: skip
def test_a_decision_against_needs_its_reasons(
    desk: Client, tie: Tie, act: str, codes: dict[str, list[str]], state: str
) -> None:
    assert 'data-code="REASON_MISSING"' in decide(desk, tie, act=act)
    assert decide(desk, tie, act=act, **codes) == "/desk/vetting/"
    tie.refresh_from_db()
    assert (tie.state, sorted(tie.reasons)) == (state, sorted(next(iter(codes.values()))))


@pytest.mark.parametrize("said", [{}, {"act": "delete"}, {"act": "approve", "permit_expires_on": "2027-02-31"}])
def test_an_act_that_does_not_exist_is_no_act(desk: Client, tie: Tie, said: dict[str, str]) -> None:
    assert 'data-code="FORM_INCOMPLETE"' in decide(desk, tie, **said)


def test_a_nik_that_came_before_is_shown_to_the_desk(desk: Client, tie: Tie, cast: Cast) -> None:
    Visitor.objects.filter(pk=cast.siti.pk).update(duplicate_of=cast.yosina)
    page = desk.get(f"/desk/vetting/{tie.ref}/").content.decode()
    assert "NIK ini sudah terdaftar atas nama <strong>Yosina Wenda</strong>" in page


def test_other_ties_are_shown_at_this_prison_only(desk: Client, tie: Tie, cast: Cast) -> None:
    here = approved_tie(cast.siti, cast.lapas.inmates[1])
    approved_tie(cast.siti, cast.rutan.convicted)
    page = desk.get(f"/desk/vetting/{tie.ref}/").content.decode()
    assert f"/desk/vetting/{here.ref}/" in page
    assert cast.rutan.convicted.name not in page


def test_a_tie_that_stands_is_found_suspended_and_restored_with_words(desk: Client, cast: Cast) -> None:
    tie = approved_tie(cast.siti, cast.lapas.convicted)
    page = desk.get("/desk/vetting/", {"find": "aminah suyatno"}).content.decode()
    assert f"/desk/vetting/{tie.ref}/" in page
    assert 'data-code="WORDS_MISSING"' in decide(desk, tie, act="suspend", words=" ")
    assert decide(desk, tie, act="suspend", words="Ancaman") == f"/desk/vetting/{tie.ref}/"
    stood = desk.get(f"/desk/vetting/{tie.ref}/").content.decode()
    assert 'data-state="suspended"' in stood
    assert ('data-testid="restore"' in stood, 'data-testid="suspend"' in stood) == (True, False)
    decide(desk, tie, act="restore", words="Keliru", key="k2")
    tie.refresh_from_db()
    assert tie.state == "approved"


def test_the_page_asks_as_little_with_a_long_queue_as_with_a_short_one(
    desk: Client, tie: Tie, cast: Cast, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        new_inmate(cast.lapas.facility, f"Suyatno {number}")
        applied(new_visitor(f"Keluarga {number}", phone=f"+62812{number:07d}"), cast, timedelta(days=number), now)
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(f"/desk/vetting/{tie.ref}/")
