"""The door with real browsers, the real client library and a real media server."""

import re
import time
from collections.abc import Callable, Iterator

import pytest

from besuk.ground.media.door import Ending
from besuk.ground.media.server import MediaProcess
from besuk.ground.media.tests.doorway import LIBRARY, Doorway
from besuk.testing import needs
from besuk.testing.browsers import Browsers, Window, browsers
from besuk.testing.fake_devices import BLUE, RED, FakeDevices
from besuk.testing.waiting import within

pytestmark = [
    pytest.mark.media,
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def chromiums(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    needs.chromium()
    assert LIBRARY.exists(), "there is no livekit-client: run `make setup`"
    with browsers(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def doorway(media_process: MediaProcess) -> Iterator[Doorway]:
    with Doorway(media_process) as opened:
        yield opened


class Party:
    """One person in a browser of their own."""

    def __init__(self, doorway: Doorway, chromiums: Browsers, identity: str, devices: FakeDevices) -> None:
        self.identity, self.doorway = identity, doorway
        self.window: Window = chromiums.open(devices)
        self.frames: list[str | bytes] = []
        self.window.page.on("websocket", lambda ws: ws.on("framereceived", self._note))
        self.window.page.goto(doorway.url)

    def _note(self, frame: str | bytes) -> None:
        self.frames.append(frame)

    def join(self, *, publish: bool = True) -> "Party":
        self.window.page.evaluate("([who, publish]) => call.join(who, publish)", [self.identity, publish])
        return self

    def tries(self, script: str) -> str:
        """The error a script ends with, or an empty string."""
        wrapped = f"async () => {{ try {{ await {script}; return '' }} catch (e) {{ return String(e.message || e) }} }}"
        return str(self.window.page.evaluate(wrapped))

    def states(self) -> list[str]:
        found: list[str] = self.window.page.evaluate("call.states")
        return found


@pytest.fixture
def meet(doorway: Doorway, chromiums: Browsers) -> Iterator[Callable[[str, FakeDevices], Party]]:
    parties: list[Party] = []

    def party(identity: str, devices: FakeDevices) -> Party:
        parties.append(Party(doorway, chromiums, identity, devices))
        return parties[-1]

    yield party
    for one in parties:
        one.window.close()


Meet = Callable[[str, FakeDevices], Party]


def test_both_ends_see_and_hear_through_the_door_and_nobody_gets_a_token(doorway: Doorway, meet: Meet) -> None:
    doorway.floor_open = False
    visitor, inmate = meet("v-1", RED).join(), meet("i-1", BLUE).join()
    supervisor = meet("s-1", RED).join(publish=False)
    assert visitor.window.passes(1.0) == (0, 0)
    assert inmate.window.passes(1.0) == (0, 0)
    assert within(5, lambda: sorted(supervisor.window.colours("video")) == ["blue", "red"])
    assert within(8, lambda: visitor.window.page.evaluate("call.room.numParticipants") == 2)
    everybody = {who: doorway.grant(who, floor_open=True) for who in ("v-1", "i-1")}
    doorway.set_floor(floor_open=True, people=everybody)
    assert within(5, lambda: visitor.window.colours("video") == ["blue"])
    assert within(5, lambda: inmate.window.colours("video") == ["red"])
    assert any(abs(tone - 440) < 15 for tone in visitor.window.tones())
    doorway.set_floor(floor_open=False, people={who: doorway.grant(who) for who in everybody})
    time.sleep(0.5)
    assert visitor.window.passes(1.0) == (0, 0)
    assert supervisor.window.passes(1.0)[0] > 5
    for party in (visitor, inmate, supervisor):
        assert party.window.page.evaluate("call.token()") == "home-made"
        assert not [
            frame for frame in party.frames if b"eyJ" in (frame if isinstance(frame, bytes) else frame.encode())
        ]
    assert sum(policy.kept_back for policy in doorway.policies) >= 4, "the server must have sent fresh tokens"
    assert max(doorway.queries) < 4096


def test_no_address_but_ours_reaches_a_browser(doorway: Doorway, meet: Meet) -> None:
    visitor = meet("v-1", RED).join()
    ours = f"turn:127.0.0.1:{doorway.process.plan.ports.turn_udp}?transport=udp"
    assert visitor.window.published_addresses() == [ours]
    sent = b"".join(frame for frame in visitor.frames if isinstance(frame, bytes))
    assert ours.encode() in sent
    assert set(re.findall(rb"(?:stun|turn)s?:[0-9a-z.:-]+", sent)) == {ours.removesuffix("?transport=udp").encode()}


def test_whoever_shuts_the_supervisor_out_loses_the_connection(doorway: Doorway, meet: Meet) -> None:
    visitor = meet("v-1", RED).join()
    meet("i-1", BLUE).join()
    visitor.tries("call.shutOut('i-1')")
    assert within(3, lambda: ("v-1", "shutting_out") in doorway.broken)
    assert within(3, lambda: [who for who, how in doorway.ended if how.ending is Ending.RULE_BROKEN] == ["v-1"])
    supervisor = meet("s-1", RED).join(publish=False)
    assert within(8, lambda: sorted(supervisor.window.colours("video")) == ["blue", "red"])


def test_a_second_camera_closes_the_connection(doorway: Doorway, meet: Meet) -> None:
    visitor = meet("v-1", RED).join()
    visitor.tries("Promise.race([call.secondCamera(), new Promise(r => setTimeout(r, 2500))])")
    assert ("v-1", "second_camera") in doorway.broken


def test_turning_the_camera_off_and_on_and_publishing_anew_pass(doorway: Doorway, meet: Meet) -> None:
    visitor = meet("v-1", RED).join()
    watcher = meet("s-1", RED).join(publish=False)
    for script in (
        "call.room.localParticipant.setCameraEnabled(false)",
        "call.room.localParticipant.setCameraEnabled(true)",
        "call.room.localParticipant.setMicrophoneEnabled(false)",
        "call.room.localParticipant.setMicrophoneEnabled(true)",
        "call.republish()",
        "call.republish()",
    ):
        assert visitor.tries(script) == "", script
    assert within(5, lambda: watcher.window.colours("video") == ["red"])
    assert doorway.broken == []


def test_an_ejected_party_is_out_and_cannot_come_back(doorway: Doorway, meet: Meet) -> None:
    visitor = meet("v-1", RED).join()
    inmate = meet("i-1", BLUE).join()
    assert within(5, lambda: inmate.window.colours("video") == ["red"])
    doorway.eject("v-1")
    assert within(5, lambda: inmate.window.colours("video") == [])
    assert within(15, lambda: any(state.startswith("Disconnected") for state in visitor.states())), visitor.states()
    assert doorway.present() == {"i-1"}
    assert visitor.tries("call.join('v-1')") != ""
    assert doorway.present() == {"i-1"}
    assert ("v-1", 403) in doorway.validated


def test_a_restart_of_the_web_application_costs_no_picture(doorway: Doorway, meet: Meet) -> None:
    visitor, inmate = meet("v-1", RED).join(), meet("i-1", BLUE).join()
    assert within(5, lambda: visitor.window.colours("video") == ["blue"])
    doorway.drop_sockets()
    assert visitor.window.passes(1.0)[0] > 5, "media goes on without signalling"
    assert within(10, lambda: {("v-1", True), ("i-1", True)} <= set(doorway.joined)), doorway.joined
    assert visitor.tries("call.republish()") == ""
    assert within(5, lambda: inmate.window.colours("video") == ["red"])
    assert doorway.broken == []


def test_whoever_joins_a_second_time_replaces_the_first(doorway: Doorway, meet: Meet) -> None:
    first = meet("v-1", RED).join()
    meet("v-1", BLUE).join()
    assert within(5, lambda: any(state.startswith("Disconnected") for state in first.states()))
    assert doorway.present() == {"v-1"}
    assert any(who == "v-1" and how.put_out for who, how in doorway.ended)
