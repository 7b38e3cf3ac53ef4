"""Every address x every role x both prisons: who may is let in, who may not is not, and nobody sees a stranger's name.

What is expected is derived from the capability the view names and from ROLES. A new address is covered by
itself; one with arguments needs a line in EXAMPLES, and the test says so when it is missing.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from besuk.flow.approvals.models import Document, Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.complaints.models import Complaint
from besuk.flow.live.models import Call
from besuk.flow.oversight.models import Support
from besuk.ground.accounts.actors import staff_actor, visitor_actor
from besuk.ground.accounts.capabilities import ANYONE, STATION_OWN, VISITOR_OWN
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.kernel import files
from besuk.ground.kernel.actor import NOBODY, Actor
from besuk.testing import builders
from besuk.testing.cast import Cast, Site, new_visitor
from besuk.testing.clock import THURSDAY, FixedClock

DOORS = ("/sign-in/", "/staff/sign-in/", "/station/pair/")
LET_IN = {200, 204, 302, 303, 400, 409, 503}
"""503: an act on a call while no media server runs in this test."""


@dataclass
class Things:
    """One of everything that an address can name, at one prison."""

    site: Site
    family: Visitor
    tie: Tie
    incomplete: Tie
    visit: Visit
    held: Visit
    call: Call
    document: Document
    support: Support
    complaint: Complaint

    @property
    def names(self) -> set[str]:
        """Names that nobody outside may read."""
        people = {self.family.name, *(one.name for one in self.site.inmates)}
        return people | {self.visit.ref, self.tie.ref, self.held.ref}


@dataclass
class Someone:
    """A browser, and who sits at it."""

    label: str
    client: Client
    actor: Actor = NOBODY
    family_of: frozenset[int] = field(default_factory=frozenset)
    """Prisons at which this visitor is the family of `Things`."""
    knows: str = ""
    """The inmate of another family."""


EXAMPLES: dict[str, Callable[[Things], dict[str, Any]]] = {
    "facility": lambda x: {"code": x.site.facility.code},
    "register_step": lambda x: {"step": 1},
    "demo_enter": lambda x: {"window": "wall"},
    "book": lambda x: {"ref": x.tie.ref},
    "complete_tie": lambda x: {"ref": x.incomplete.ref},
    "confirm_visit": lambda x: {"ref": x.held.ref},
    "cancel_visit": lambda x: {"ref": x.visit.ref},
    "check_in": lambda x: {"ref": x.visit.ref},
    "call": lambda x: {"ref": x.visit.ref},
    "visit_support": lambda x: {"ref": x.visit.ref},
    "visit_result": lambda x: {"ref": x.visit.ref},
    "desk_vetting_tie": lambda x: {"ref": x.tie.ref},
    "desk_document": lambda x: {"ref": x.document.ref},
    "desk_day_visit": lambda x: {"ref": x.visit.ref},
    "visit_rating": lambda x: {"ref": x.visit.ref},
    "visit_complaint": lambda x: {"ref": x.visit.ref},
    "desk_day_complaint": lambda x: {"ref": x.visit.ref},
    "office_complaint": lambda x: {"ref": x.complaint.ref},
    "desk_day_outcome": lambda x: {"ref": x.visit.ref},
    "desk_pair_code": lambda x: {"ref": x.site.stations[0].ref},
    "wall_confirm": lambda x: {"ref": x.visit.ref},
    "wall_photo": lambda x: {"ref": x.call.ref},
    "wall_document": lambda x: {"ref": x.call.ref},
    "wall_act": lambda x: {"ref": x.call.ref, "act": "note"},
    "office_look": lambda x: {"ref": x.call.ref},
    "office_support_one": lambda x: {"ref": x.support.ref},
    "office_visit": lambda x: {"ref": x.visit.ref},
    "door_validate_voice": lambda x: {"participation": "v-nothing"},
    "door_validate": lambda x: {"participation": "v-nothing"},
}
MAY_LACK = {"wall_photo", "wall_document"}
"""Answer 404 also to who may, when there is no picture."""


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


ADDRESSES = {str(one.name): one for one in patterns() if hasattr(one.callback, "capability")}


def capability_of(name: str) -> str:
    """What the view asks for."""
    return str(ADDRESSES[name].callback.capability)  # type: ignore[attr-defined]


def has_arguments(name: str) -> bool:
    """Whether the address names a thing."""
    return "<" in str(ADDRESSES[name].pattern) or "(?P" in str(ADDRESSES[name].pattern)


def things_at(site: Site, family: Visitor) -> Things:
    """An approved family with a visit due now, a held one tomorrow, a call, and an identity card."""
    tie = builders.approved_tie(family, site.convicted)
    visit = builders.booked_visit(tie)
    card = files.store(b"card", facility=site.facility, purpose="id-card", mime="image/jpeg", now=THURSDAY)
    held = builders.booked_visit(builders.approved_tie(family, site.inmates[1]), station=site.stations[-1], minutes=10,
                                 starts_at=THURSDAY.replace(day=4))  # fmt: skip
    Visit.objects.filter(pk=held.pk).update(state="held", held_until=THURSDAY.replace(hour=3))
    call = builders.call_ready(visit)
    asked = Support.objects.create(call=call, side=Support.Side.OFFICER, by_subject="staff", at=THURSDAY)
    return Things(
        site=site,
        family=family,
        tie=tie,
        incomplete=builders.tie(family, site.remand, state="needs_more")
        if site.remand.pk != site.inmates[1].pk
        else builders.tie(family, site.convicted, state="refused"),
        visit=visit,
        held=held,
        call=call,
        support=asked,
        complaint=Complaint.objects.create(
            facility=site.facility, number=1, visit=visit, side="inmate", filed_by="x", reason="line", filed_at=THURSDAY
        ),
        document=Document.objects.create(visitor=family, kind="id_card", file=card, added_at=THURSDAY),
    )


@pytest.fixture
def world(cast: Cast, clock_at: FixedClock) -> list[Things]:
    """Both prisons, each with its family."""
    return [things_at(cast.lapas, cast.siti), things_at(cast.rutan, cast.yosina)]


def as_staff(staff: Staff) -> Client:
    """A browser in which this member of staff is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    return client


def as_visitor(visitor: Visitor) -> Client:
    """A browser in which this visitor is signed in."""
    client = Client(raise_request_exception=False)
    session = client.session
    session["visitor"] = visitor.pk
    session.save()
    return client


def everybody(cast: Cast, world: list[Things]) -> list[Someone]:
    """Every kind of person, at both prisons."""
    found = [Someone("nobody", Client(raise_request_exception=False))]
    neighbour = new_visitor("Dewi Tetangga", phone="+6281234567811")
    builders.approved_tie(neighbour, cast.lapas.inmates[-1])
    for things in world:
        pk = things.site.facility.pk
        mine = frozenset({pk})
        found.append(Someone(f"family {pk}", as_visitor(things.family), visitor_actor(things.family), mine))
        for role, staff in things.site.staff.items():
            found.append(Someone(f"{role} {pk}", as_staff(staff), staff_actor(staff, THURSDAY)))
        station = Client(raise_request_exception=False)
        station.cookies["besuk_station"] = things.site.station_keys[0]
        found.append(Someone(f"station {pk}", station, things.site.station()))
    known = {neighbour.pk: cast.lapas.inmates[-1].name}
    for one in (neighbour, cast.outsider):
        found.append(  # noqa: PERF401
            Someone(one.name, as_visitor(one), visitor_actor(one), knows=known.get(one.pk, ""))
        )
    administrator = cast.administrator
    return [*found, Someone("administrator", as_staff(administrator), staff_actor(administrator, THURSDAY))]


def ask(client: Client, url: str) -> HttpResponse:
    """Open the address; one that only takes forms is sent an empty one. What it changes is taken back."""
    with transaction.atomic():
        answer = client.get(url)
        if answer.status_code == 405:
            answer = client.post(url, data=json.dumps({}), content_type="application/json")
        transaction.set_rollback(True)
    return answer  # type: ignore[return-value]


def at_the_door(answer: HttpResponse) -> bool:
    """Whether the answer is: sign in first."""
    return answer.status_code == 302 and answer["Location"].split("?")[0] in DOORS


def wants(name: str) -> str:
    """Which kind of person the address is for."""
    capability = capability_of(name)
    return {ANYONE: "anyone", VISITOR_OWN: "visitor", STATION_OWN: "station"}.get(capability, "staff")


def may_open(name: str, someone: Someone, things: Things) -> bool:
    """What capability and roles say about this person, this address, and the thing it names."""
    capability, pk = capability_of(name), things.site.facility.pk
    if not has_arguments(name):
        return any(capability in held for held in someone.actor.may.values())
    if capability == VISITOR_OWN:
        return pk in someone.family_of
    return someone.actor.can(capability, pk)


def address(name: str, things: Things) -> str:
    """The address of that thing."""
    return reverse(name, kwargs=EXAMPLES[name](things) if has_arguments(name) else {})


def test_every_address_with_arguments_has_an_example() -> None:
    missing = {name for name in ADDRESSES if has_arguments(name)} - set(EXAMPLES)
    assert not missing, f"add to EXAMPLES: {', '.join(sorted(missing))}"
    gone = set(EXAMPLES) - set(ADDRESSES)
    assert not gone, f"remove from EXAMPLES: {', '.join(sorted(gone))}"


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_may_is_let_in_and_who_may_not_is_not(name: str, cast: Cast, world: list[Things]) -> None:
    kind, wrong = wants(name), []
    for someone in everybody(cast, world):
        for things in world if has_arguments(name) else world[:1]:
            answer = ask(someone.client, address(name, things))
            told = judged(name, kind, someone, things, answer)
            if told:
                wrong.append(f"{someone.label} at {address(name, things)}: {answer.status_code}, {told}")
    assert not wrong, "\n".join(wrong)


def judged(name: str, kind: str, someone: Someone, things: Things, answer: HttpResponse) -> str:
    """What is wrong with this answer; empty when nothing is."""
    status = answer.status_code
    if status == 500:
        return "an error of ours"
    if kind == "anyone":
        return (
            "a public page asks to sign in" if at_the_door(answer) and name != "home" and not public_door(name) else ""
        )
    if someone.actor.kind != kind:
        return "" if at_the_door(answer) else "should be asked to sign in"
    if may_open(name, someone, things):
        fine = status in LET_IN and not at_the_door(answer)
        return "" if fine or (status == 404 and name in MAY_LACK) else "should be let in"
    if has_arguments(name) and any(capability_of(name) in held for held in someone.actor.may.values()):
        return "" if status == 404 else "a foreign thing must not exist"
    return "" if status == 403 else "should be refused"


def public_door(name: str) -> bool:
    """Sign-in steps lead back to the first one when they come out of order."""
    return name in {"choose_person", "second_factor", "enrol_factor", "staff_sign_out", "sign_out", "demo_enter"}


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_no_page_shows_a_name_of_a_prison_one_has_nothing_to_do_with(
    name: str, cast: Cast, world: list[Things]
) -> None:
    leaks = []
    for someone in everybody(cast, world):
        for things in world:
            pk = things.site.facility.pk
            if pk in someone.actor.may or pk in someone.family_of:
                continue
            body = ask(someone.client, address(name, things)).content.decode("utf-8", "replace")
            own = someone.knows + (json.dumps(EXAMPLES[name](things)) if has_arguments(name) else "")
            shown = {one for one in things.names if one in body and one not in own}
            leaks += [f"{someone.label}: {one}" for one in sorted(shown)]
    assert not leaks, "\n".join(leaks)


def test_a_family_sees_nobody_elses_name_at_its_own_prison(cast: Cast, world: list[Things]) -> None:
    neighbour = new_visitor("Dewi Tetangga", phone="+6281234567811")
    builders.approved_tie(neighbour, cast.lapas.inmates[-1])
    client = as_visitor(cast.siti)
    secret = {"Dewi Tetangga", "Yosina Wenda", "Orang Luar", cast.lapas.staff["desk"].name}
    for name in ADDRESSES:
        if wants(name) == "visitor":
            body = ask(client, address(name, world[0])).content.decode("utf-8", "replace")
            assert not {one for one in secret if one in body}, name


def test_the_test_can_fail(cast: Cast, world: list[Things]) -> None:
    desk = Someone("desk", as_staff(cast.lapas.staff["desk"]), cast.lapas.actor("desk", THURSDAY))
    assert judged("office_board", "staff", desk, world[0], HttpResponse(status=200)) == "should be refused"
    assert (
        judged("desk_day_visit", "staff", desk, world[1], HttpResponse(status=200)) == "a foreign thing must not exist"
    )
    assert judged("desk_day_visit", "staff", desk, world[0], HttpResponse(status=403)) == "should be let in"
