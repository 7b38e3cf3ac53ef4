"""Steps of a visit, as people take them: pages through HTTP, the call itself through its actions.

What happens inside the media server is told by tests/browser; here the record is what matters.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.models import Visit
from besuk.flow.live import actions as live
from besuk.flow.live.models import Call
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.facilities.models import Inmate, Station
from besuk.run.demo.pictures import identity_card
from besuk.testing.cast import PASSWORD, Cast
from besuk.testing.clock import FixedClock

OFFER = r'name="station" value="(\d+)">\s*<input type="hidden" name="starts_at" value="([^"]+)"'
"""The first free slot on the booking page."""
PHONE, NIK, PIN = "0812 3456 7999", "9971015507850001", "730416"


def key_in(page: bytes) -> str:
    """The idempotency key that the page has put into its form."""
    found = re.search(r'name="key" value="([^"]+)"', page.decode())
    assert found is not None, page.decode()
    return found[1]


@dataclass
class Journey:
    """One facility's day with a family's phone, a station and two officers' computers."""

    cast: Cast
    clock: FixedClock
    phone: Client = field(default_factory=Client)
    station: Client = field(default_factory=Client)
    desk: Client = field(default_factory=Client)
    office: Client = field(default_factory=Client)

    @property
    def now(self) -> datetime:
        return self.clock.at

    def register(self, inmate: Inmate) -> Tie:
        """A woman answers the five questions on her phone, with a picture of her card."""
        card = identity_card(1, name="Sumarni", nik=NIK, sex="f")
        named = {"facility": inmate.facility.code, "inmate_named": inmate.name, "inmate_hint": "bin Karto"}
        answers: list[dict[str, str]] = [
            {"phone": PHONE},
            {"name": "Sumarni", "honorific": "ibu", "nik": NIK},
            named,
            {"relation": "spouse"},
        ]
        for step, answer in enumerate(answers, 1):
            sent = self.phone.post(f"/register/{step}/", answer)
            assert sent["Location"] == f"/register/{step + 1}/"
        key = key_in(self.phone.get("/register/5/").content)
        photo = SimpleUploadedFile("ktp.jpg", card, "image/jpeg")
        sent = self.phone.post("/register/5/", {"pin": PIN, "consent": "on", "key": key, "photo": photo})
        assert sent["Location"] == "/my-visits/", sent.content.decode()
        return Tie.objects.get(inmate_named=inmate.name, state="submitted")

    def approve(self, tie: Tie, inmate: Inmate) -> Tie:
        """The desk looks at the picture, finds the inmate and approves."""
        path = f"/desk/vetting/{tie.ref}/"
        page = self.desk.get(path)
        assert inmate.ref in page.content.decode()
        paper = tie.visitor.documents.get()
        assert self.desk.get(f"/desk/documents/{paper.ref}/")["Content-Type"] == "image/jpeg"
        sent = self.desk.post(path, {"act": "approve", "inmate": inmate.ref, "key": key_in(page.content)})
        assert sent.status_code == 302, sent.content.decode()
        tie.refresh_from_db()
        return tie

    def book(self, tie: Tie) -> Visit:
        """She takes the first slot that the page offers, names her child, accepts the rules."""
        path = f"/ties/{tie.ref}/book/"
        page = self.phone.get(path)
        offer = re.search(OFFER, page.content.decode())
        assert offer is not None, page.content.decode()
        slot = {"station": offer[1], "starts_at": unescape(offer[2])}
        held = self.phone.post(path, {**slot, "key": key_in(page.content)})
        confirm = held["Location"]
        wanted = {"name_1": "Anak Sumarni", "child_1": "on", "rules": "on"}
        sent = self.phone.post(confirm, {**wanted, "key": key_in(self.phone.get(confirm).content)})
        assert sent["Location"] == "/my-visits/", sent.content.decode()
        return Visit.objects.get(ref=confirm.split("/")[2])

    def cancel(self, visit: Visit) -> None:
        """She cancels; the page asks once."""
        path = f"/visits/{visit.ref}/cancel/"
        sent = self.phone.post(path, {"key": key_in(self.phone.get(path).content)})
        assert sent["Location"] == "/my-visits/", sent.content.decode()

    def vetted_and_booked(self) -> Visit:
        """Registered, approved and booked: where most stories begin."""
        inmate = self.cast.lapas.convicted
        tie = self.register(inmate)
        self.clock.move(hours=3)
        self.sign_in_staff(self.desk, "desk")
        return self.book(self.approve(tie, inmate))

    def sign_in_staff(self, client: Client, role: str) -> None:
        """An officer signs in with name and password."""
        answer = client.post("/staff/sign-in/", {"username": f"{role}.lapas", "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()

    def go_to(self, visit: Visit, **before: float) -> None:
        """The clock moves on to the visit, or to some time before it."""
        self.clock.move(seconds=(visit.starts_at - timedelta(**before) - self.now).total_seconds())

    def pair(self, station: Station) -> None:
        """The desk shows a code, and a computer in the prison becomes the station."""
        page = self.desk.post(f"/desk/stations/{station.ref}/pair/").content.decode()
        code = re.search(r"\b(\d{4} \d{4})\b", page)
        assert code is not None
        answer = self.station.post("/station/pair/", {"code": code[1]})
        assert (answer.status_code, answer["Location"]) == (302, "/station/")

    def check_in(self, visit: Visit) -> None:
        """She is there, accepts the rules, and waits."""
        path = f"/visits/{visit.ref}/check-in/"
        for step in ({"act": "arrive"}, {"act": "ready", "rules": "yes", "will_not_record": "yes"}):
            answer = self.phone.post(path, step)
            assert answer.status_code == 302, answer.content.decode()

    def inmate_is_ready(self, visit: Visit) -> None:
        """The inmate presses "Saya siap" at the station."""
        answer = self.station.post("/station/", {"visit": visit.ref, "rules": "yes"})
        assert answer.status_code == 302

    def admitted(self, visit: Visit) -> Call:
        """The keeper prepares the call, an officer watches it, compares the faces and admits."""
        officer = self.cast.lapas.actor("supervisor", self.now)
        call = live.prepare(visit_ref=visit.ref, actor=SYSTEM, now=self.now)
        live.take_watch(call_ref=call.ref, actor=officer, now=self.now)
        live.lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=self.now)
        return live.admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=self.now)
