"""Reaching a family: who is to be reached when, the number only on record, a message to send by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from besuk.flow.checkin.models import RingAttempt
from besuk.ground.audit.models import Entry
from besuk.testing.builders import approved_tie, booked_visit
from besuk.testing.clock import THURSDAY

if TYPE_CHECKING:
    from besuk.flow.bookings.models import Visit
    from besuk.testing.cast import Cast
    from besuk.testing.clock import FixedClock
    from besuk.web.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return booked_visit(approved_tie(cast.siti, cast.lapas.convicted), starts_at=THURSDAY + timedelta(minutes=20))


def page(browse_as: Browse, cast: Cast, visit: Visit, **post: str) -> str:
    client, address = browse_as(cast.lapas.staff["desk"]), f"/desk/day/{visit.ref}/"
    return (client.post(address, post, follow=True) if post else client.get(address)).content.decode()


def test_the_number_is_shown_to_who_asks_and_that_is_on_record(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    assert cast.siti.phone not in page(browse_as, cast, visit)
    assert not Entry.objects.filter(code="visit.phone").exists()
    html = page(browse_as, cast, visit, act="show_phone")
    assert f'href="tel:{cast.siti.phone}"' in html
    assert f"/visits/{visit.ref}/check-in/" in html
    assert "https://wa.me/62" in html
    assert cast.lapas.convicted.name not in html.split('data-testid="message">')[1].split("<")[0]
    entry = Entry.objects.get(code="visit.phone")
    assert (entry.object_ref, entry.data) == (visit.ref, {"owner": cast.siti.subject})
    assert cast.siti.phone not in page(browse_as, cast, visit), "the next look asks again"


def test_a_message_counts_as_an_attempt_and_as_nobody_reached(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    assert "Pesan dikirim" in page(browse_as, cast, visit, act="messaged")
    assert [(row.how, row.reached) for row in RingAttempt.objects.all()] == [("message", False)]
    page(browse_as, cast, visit, act="reached")
    assert [(row.how, row.reached) for row in RingAttempt.objects.order_by("pk")][1:] == [("phone", True)]


def test_the_day_lists_a_family_ten_minutes_before_and_once_more_after_the_beginning(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    client = browse_as(cast.lapas.staff["desk"])

    def is_listed() -> bool:
        return f'data-testid="reach-{visit.ref}"' in client.get("/desk/day/").content.decode()

    assert not is_listed()
    clock_at.move(minutes=10)
    assert is_listed()
    client.post(f"/desk/day/{visit.ref}/", {"act": "not_reached"})
    assert not is_listed()
    clock_at.move(minutes=10, seconds=59)
    assert not is_listed()
    clock_at.move(seconds=1)
    assert is_listed(), "once more when the visit has begun"
    client.post(f"/desk/day/{visit.ref}/", {"act": "reached"})
    assert not is_listed()


def test_another_prisons_desk_is_shown_no_number(
    cast: Cast, clock_at: FixedClock, visit: Visit, browse_as: Browse
) -> None:
    answer = browse_as(cast.rutan.staff["desk"]).post(f"/desk/day/{visit.ref}/", {"act": "show_phone"})
    assert answer.status_code == 404
    assert cast.siti.phone not in answer.content.decode()
    assert not Entry.objects.filter(code="visit.phone").exists()
