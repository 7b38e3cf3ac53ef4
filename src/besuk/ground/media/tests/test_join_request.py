"""The request in the door's address: read, cleaned, held to the rules, written anew."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import rtc

from besuk.ground.media import grants
from besuk.ground.media.join_request import MAX_QUERY, check_join_request
from besuk.ground.media.signalling import MAX_FRAME, DoorPolicy, NotAllowed, Ruling


def party() -> DoorPolicy:
    return DoorPolicy("v-1", grants.visitor(floor_open=False))


def wrapped(plain: bytes, *, squeeze: bool = True) -> str:
    packed = gzip.compress(plain, mtime=0) if squeeze else plain
    compression = rtc.WrappedJoinRequest.GZIP if squeeze else rtc.WrappedJoinRequest.NONE
    wrap = rtc.WrappedJoinRequest(compression=compression, join_request=packed)
    return base64.urlsafe_b64encode(wrap.SerializeToString()).decode()


def unwrapped(query: str) -> rtc.JoinRequest:
    wrap = rtc.WrappedJoinRequest.FromString(base64.urlsafe_b64decode(query))
    return rtc.JoinRequest.FromString(gzip.decompress(wrap.join_request))


def cleaned(request: rtc.JoinRequest, *, squeeze: bool = True, policy: DoorPolicy | None = None) -> rtc.JoinRequest:
    query = {"join_request": wrapped(request.SerializeToString(), squeeze=squeeze)}
    return unwrapped(check_join_request(query, policy or party()).query["join_request"])


def why_not(query: dict[str, str]) -> str:
    with pytest.raises(NotAllowed) as refusal:
        check_join_request(query, party())
    return str(refusal.value)


@pytest.mark.parametrize("squeeze", [True, False])
def test_the_first_offer_arrives_as_it_was(squeeze: bool) -> None:
    offer = rtc.SessionDescription(type="offer", sdp="v=0", id=3)
    settings = rtc.ConnectionSettings(auto_subscribe=True, adaptive_stream=True)
    after = cleaned(rtc.JoinRequest(publisher_offer=offer, connection_settings=settings), squeeze=squeeze)
    assert after.publisher_offer == offer
    assert after.connection_settings.auto_subscribe
    assert after.connection_settings.adaptive_stream


def test_words_about_oneself_are_taken_out() -> None:
    after = cleaned(rtc.JoinRequest(metadata="secret", participant_attributes={"a": "b"}))
    assert after.metadata == ""
    assert dict(after.participant_attributes) == {}


def test_nothing_but_the_join_request_goes_on() -> None:
    query = {
        "access_token": "home-made",
        "publish": "x",
        "attributes": "e30=",
        "sdk": "js",
        "join_request": wrapped(rtc.JoinRequest().SerializeToString()),
    }
    assert set(check_join_request(query, party()).query) == {"join_request"}


def test_tracks_in_the_request_count_as_tracks() -> None:
    camera = rtc.AddTrackRequest(cid="c", type="VIDEO", source="CAMERA")
    policy = party()
    cleaned(rtc.JoinRequest(add_track_requests=[camera]), policy=policy)
    second = rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid="d", type="VIDEO", source="CAMERA"))
    assert policy.check_client_frame(second.SerializeToString(), 0.0).ruling is Ruling.CLOSE
    with pytest.raises(NotAllowed, match="second_camera"):
        cleaned(rtc.JoinRequest(add_track_requests=[camera, camera]))
    with pytest.raises(NotAllowed, match="track_not_allowed"):
        cleaned(rtc.JoinRequest(add_track_requests=[rtc.AddTrackRequest(type="VIDEO", source="SCREEN_SHARE")]))


def test_resuming_is_noticed() -> None:
    query = {"join_request": wrapped(rtc.JoinRequest(reconnect=True, participant_sid="PA_1").SerializeToString())}
    policy = party()
    join = check_join_request(query, policy)
    assert join.resuming
    assert unwrapped(join.query["join_request"]).participant_sid == "PA_1"
    camera = rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid="c", type="VIDEO", source="CAMERA"))
    assert policy.check_client_frame(camera.SerializeToString(), 0.0).reason == "track_before_resume"


def test_a_zip_bomb_stays_packed() -> None:
    bomb = wrapped(b"\0" * (50 * 1024 * 1024))
    assert why_not({"join_request": bomb[: MAX_QUERY + 1]}) in {"join_request_too_large", "join_request_unreadable"}
    small = wrapped(b"\0" * (MAX_FRAME + 1))
    assert len(small) < 1000
    assert why_not({"join_request": small}) == "join_request_too_large"
    assert why_not({"join_request": wrapped(b"\0" * (MAX_FRAME + 1), squeeze=False)[: MAX_QUERY + 9]}) == (
        "join_request_too_large"
    )


@pytest.mark.parametrize("query", ["%%%", "AAAA", "eA==", wrapped(b"\xff\xff")])
def test_what_cannot_be_read_is_refused(query: str) -> None:
    assert why_not({"join_request": query}) == "join_request_unreadable"


def test_a_missing_request_is_refused() -> None:
    assert why_not({}) == "join_request_missing"


@given(st.text(max_size=100))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    try:
        check_join_request({"join_request": text}, party())
    except NotAllowed:
        return
