"""Somebody else's place, home-made tokens, the media server's own port: nobody comes in, and it is on record."""

import json
import urllib.error
import urllib.request
from datetime import timedelta

import psutil  # type: ignore[import-untyped]
import pytest
from livekit.protocol import rtc
from websockets.sync.client import ClientConnection

from besuk.ground.media.server import new_secret
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import within
from tests.redteam.attack import Changed, Media, Record, cookies, door, refused, socket

pytestmark = pytest.mark.browser
FAMILY, STATION, NOBODY = "family", "station", "nobody"


@pytest.fixture(scope="module")
def wallets(scene: Scene, stranger: str) -> dict[str, str]:
    """The cookies of everybody, by who they are."""
    found = {FAMILY: cookies(scene.family), STATION: cookies(scene.station), "officer": cookies(scene.officer)}
    return found | {"other prison": stranger, NOBODY: ""}


@pytest.mark.parametrize(
    ("place", "others", "why"),
    [
        ("inmate", (FAMILY, NOBODY), "SIGN_IN_NEEDED"),
        ("visitor", (STATION, "officer", NOBODY), "SIGN_IN_NEEDED"),
        ("supervisor", (FAMILY, STATION), "SIGN_IN_NEEDED"),
        ("supervisor", ("other prison",), "NOT_IN_THIS_CALL"),
    ],
)
def test_nobody_comes_through_the_door_of_another(
    *, site: Site, record: Record, wallets: dict[str, str], place: str, others: tuple[str, ...], why: str
) -> None:
    """One row for all who have no sign-in for such a place: to the door they are the same nobody."""
    for who in others:
        assert refused(site, door(record.place(place)), wallets[who]) == 403, who
    assert record.shows("turned_away", why, place)


@pytest.mark.parametrize("origin", ["https://besuk.example", None])
def test_a_page_of_another_site_has_no_sockets(
    site: Site, record: Record, wallets: dict[str, str], origin: str | None
) -> None:
    for path in (door(record.place("visitor")), f"/control/{record.place('visitor')}", "/control/wall"):
        for cookie in (wallets[FAMILY], wallets["officer"]):
            assert refused(site, path, cookie, origin=origin) == 403


@pytest.mark.parametrize("rest", ["rtc", "rtc/validate", "twirp/livekit.RoomService/CreateRoom", "agent", ""])
def test_only_one_address_of_the_media_server_is_behind_the_door(
    site: Site, record: Record, wallets: dict[str, str], rest: str
) -> None:
    place = record.place("visitor")
    assert refused(site, f"/door/{place}/{rest}", wallets[FAMILY]) == 403
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{site.base}/door/{place}/{rest}", timeout=5)


def test_a_token_brought_along_changes_nothing(
    site: Site, changed: Changed, record: Record, media: Media, wallets: dict[str, str]
) -> None:
    """Even one signed with the media server's own key: the door throws it away and gives the place's own."""
    stolen = media.token(record.call()[1], secret=media.secret)
    bearer = {"Authorization": f"Bearer {stolen}"}
    with socket(site, door(record.place("visitor"), access_token=stolen), wallets[FAMILY], **bearer) as line:
        me = first_word(line).join.participant
    assert me.identity == record.place("visitor")
    assert not me.permission.hidden
    assert not me.permission.recorder
    assert not me.permission.can_publish_data
    assert not me.permission.can_update_metadata
    changed.meet()


def first_word(line: ClientConnection) -> rtc.SignalResponse:
    """What the media server greets with."""
    frame = line.recv(timeout=5)
    assert isinstance(frame, bytes)
    return rtc.SignalResponse.FromString(frame)


@pytest.mark.parametrize("how", ["no token", "wrong key", "no signature", "expired", "half a token"])
def test_the_media_servers_own_port_takes_no_home_made_token(media: Media, record: Record, how: str) -> None:
    room = record.call()[1]
    right = media.token(room, secret=media.secret)
    token = {
        "no token": "",
        "wrong key": media.token(room, secret=new_secret()),
        "no signature": media.token(room, secret="", algorithm="none"),
        "expired": media.token(room, secret=media.secret, life=timedelta(minutes=-30)),
        "half a token": right.rpartition(".")[0] + ".",
    }[how]
    assert media.knock(token) in {401, 403, 404}


def test_nobody_opens_ends_or_lists_rooms_without_the_key(media: Media, record: Record) -> None:
    room = record.call()[1]
    forged = media.token(room, secret=new_secret())
    for method, body in (("CreateRoom", {"name": "mine"}), ("DeleteRoom", {"room": room}), ("ListRooms", {})):
        assert ask(media, method, body, forged) == 401
        assert ask(media, method, body, "") == 401
    assert room in media.rooms()
    assert "mine" not in media.rooms()


def ask(media: Media, method: str, body: dict[str, str], token: str) -> int:
    """The status of a request to the media server's interface."""
    request = urllib.request.Request(f"{media.url}/twirp/livekit.RoomService/{method}", json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_media_servers_signalling_listens_on_this_machine_alone(media: Media) -> None:
    port = int(media.url.rpartition(":")[2])
    listens = {one.laddr.ip for one in psutil.Process(media.pid).net_connections("tcp") if one.laddr.port == port}
    assert listens == {"127.0.0.1"}


def test_a_room_that_nobody_ordered_is_ended(media: Media, changed: Changed) -> None:
    """With the stolen key a room can be made; the keeper ends it, and no page leads to it."""
    name = "sv-00000000000000000000000000000000"
    assert ask(media, "CreateRoom", {"name": name}, media.token(name, secret=media.secret)) == 200
    assert within(10, lambda: name not in media.rooms())
    changed.meet()


def test_a_stranger_in_the_room_is_put_out(media: Media, record: Record, changed: Changed) -> None:
    """With the stolen key one can join past the door, on the machine itself; the keeper's next round ends that."""
    room = record.call()[1]
    with media.join(room) as line:
        assert first_word(line).WhichOneof("message") == "join"
        assert within(4, lambda: "attacker" not in media.people(room))
    told = "SELECT count(*) FROM live_happening WHERE code = 'put_out' AND data LIKE '%stranger%'"
    assert within(4, lambda: record.ask(told)[0][0] >= 1)
    changed.meet()
