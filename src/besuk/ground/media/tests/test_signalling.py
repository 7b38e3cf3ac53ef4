"""What passes the door and what does not, frame by frame."""

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from besuk.ground.media import grants
from besuk.ground.media.grants import Privilege, SupervisedCall
from besuk.ground.media.signalling import MAX_FRAME, DoorPolicy, Flow, Notice, Ruling

ALLOWED = {
    "offer",
    "answer",
    "trickle",
    "add_track",
    "mute",
    "subscription",
    "track_setting",
    "leave",
    "subscription_permission",
    "sync_state",
    "ping",
    "ping_req",
    "update_audio_track",
    "update_video_track",
}
EVERY_REQUEST = [field.name for field in rtc.SignalRequest.DESCRIPTOR.fields]


def party(*, encrypted: bool = False) -> DoorPolicy:
    return DoorPolicy("v-1", grants.visitor(floor_open=False), encrypted=encrypted)


def watcher() -> DoorPolicy:
    return DoorPolicy("s-1", grants.supervisor(SupervisedCall("call", "room", Privilege.NONE)))


def sent(policy: DoorPolicy, now: float = 0.0, **message: object) -> tuple[Ruling, str]:
    verdict = policy.check_client_frame(rtc.SignalRequest(**message).SerializeToString(), now)  # type: ignore[arg-type]
    return verdict.ruling, verdict.reason


def told(policy: DoorPolicy, **message: object) -> Notice:
    return policy.check_server_frame(rtc.SignalResponse(**message).SerializeToString()).notice  # type: ignore[arg-type]


def camera(cid: str = "c1", **more: object) -> rtc.AddTrackRequest:
    return rtc.AddTrackRequest(cid=cid, type="VIDEO", source="CAMERA", **more)  # type: ignore[arg-type]


def microphone(cid: str = "m1", **more: object) -> rtc.AddTrackRequest:
    return rtc.AddTrackRequest(cid=cid, type="AUDIO", source="MICROPHONE", **more)  # type: ignore[arg-type]


def published(cid: str, sid: str) -> rtc.TrackPublishedResponse:
    return rtc.TrackPublishedResponse(cid=cid, track=models.TrackInfo(sid=sid))


PASSED = (Ruling.PASS, "")
HELD = (Ruling.HOLD, "second_camera")


@pytest.mark.parametrize("name", EVERY_REQUEST)
def test_only_the_listed_requests_pass(name: str) -> None:
    request = rtc.SignalRequest()
    field = getattr(request, name)
    if isinstance(field, Message):
        field.SetInParent()
    else:
        setattr(request, name, 1)
    if name == "add_track":
        request.add_track.CopyFrom(camera())
    if name == "subscription_permission":
        request.subscription_permission.all_participants = True
    verdict = party().check_client_frame(request.SerializeToString(), 0.0)
    assert (verdict.ruling is Ruling.PASS) == (name in ALLOWED), verdict


def test_text_frames_and_unreadable_or_empty_ones_close() -> None:
    assert party().check_client_frame("{}", 0.0).reason == "text_frame"
    assert party().check_client_frame(b"\xff\xff\xff", 0.0).reason == "not_a_request"
    assert party().check_client_frame(b"", 0.0).ruling is Ruling.CLOSE


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_judge(frame: bytes) -> None:
    verdict = party().check_client_frame(frame, 0.0)
    assert verdict.ruling in (Ruling.PASS, Ruling.CLOSE)
    assert bool(verdict.frame) == (verdict.ruling is Ruling.PASS)


def test_what_passes_is_written_anew_without_what_we_do_not_know() -> None:
    unknown_field = b"\xfa\x7f\x03abc"
    known = rtc.SignalRequest(ping=7).SerializeToString()
    assert party().check_client_frame(known + unknown_field, 0.0).frame == known


def test_two_requests_in_one_frame_are_judged_by_the_one_that_counts() -> None:
    harmless = rtc.SignalRequest(ping=7).SerializeToString()
    harmful = rtc.SignalRequest(simulate=rtc.SimulateScenario()).SerializeToString()
    assert party().check_client_frame(harmless + harmful, 0.0).ruling is Ruling.CLOSE
    assert party().check_client_frame(harmful + harmless, 0.0).frame == harmless


def test_everybody_may_see_me_is_the_only_permission_that_passes() -> None:
    chosen = [rtc.TrackPermission(participant_identity="i-1", all_tracks=True)]
    assert sent(party(), subscription_permission=rtc.SubscriptionPermission(all_participants=True)) == PASSED
    for shutting_out in (
        rtc.SubscriptionPermission(all_participants=False),
        rtc.SubscriptionPermission(all_participants=False, track_permissions=chosen),
        rtc.SubscriptionPermission(all_participants=True, track_permissions=chosen),
    ):
        assert sent(party(), subscription_permission=shutting_out) == (Ruling.CLOSE, "shutting_out")


def test_one_camera_and_one_microphone_and_no_second() -> None:
    policy = party()
    assert sent(policy, add_track=camera()) == PASSED
    assert sent(policy, add_track=microphone()) == PASSED
    assert sent(policy, add_track=camera("c2")) == (Ruling.CLOSE, "second_camera")
    assert sent(policy, add_track=microphone("m2")) == (Ruling.CLOSE, "second_microphone")


def test_a_second_camera_waits_while_the_first_is_there() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    told(policy, track_published=published("c1", "TR_1"))
    assert sent(policy, add_track=camera("c1")) == HELD


def showing(policy: DoorPolicy, *sids: str) -> None:
    """The server tells which tracks the party has now."""
    tracks = [models.TrackInfo(sid=sid, type="VIDEO", source="CAMERA") for sid in sids]
    told(policy, update=rtc.ParticipantUpdate(participants=[models.ParticipantInfo(identity="v-1", tracks=tracks)]))


def test_a_camera_that_was_taken_away_may_come_back() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    told(policy, track_published=published("c1", "TR_1"))
    showing(policy, "TR_1")
    showing(policy)
    assert sent(policy, add_track=camera("c2")) == PASSED


def test_a_camera_that_the_server_took_away_may_come_back() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    told(policy, track_published=published("c1", "TR_1"))
    told(policy, track_unpublished=rtc.TrackUnpublishedResponse(track_sid="TR_1"))
    assert sent(policy, add_track=camera("c2")) == PASSED


def test_a_camera_that_does_not_run_yet_is_not_taken_for_gone() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    showing(policy)
    told(policy, track_published=published("c1", "TR_1"))
    showing(policy)
    assert sent(policy, add_track=camera("c2")) == HELD
    showing(policy, "TR_1")
    assert sent(policy, add_track=camera("c2")) == HELD


def test_two_cameras_at_the_server_are_noticed_however_they_got_there() -> None:
    policy = party()
    two = [models.TrackInfo(sid=sid, type="VIDEO", source="CAMERA") for sid in ("TR_1", "TR_2")]
    update = rtc.ParticipantUpdate(participants=[models.ParticipantInfo(identity="v-1", tracks=two)])
    verdict = policy.check_server_frame(rtc.SignalResponse(update=update).SerializeToString())
    assert (verdict.notice, verdict.frame) == (Notice.TWICE, b"")


def test_what_others_show_is_not_mine() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    told(policy, track_published=published("c1", "TR_1"))
    showing(policy, "TR_1")
    told(policy, update=rtc.ParticipantUpdate(participants=[models.ParticipantInfo(identity="i-1")]))
    assert sent(policy, add_track=camera("c2")) == HELD


def test_a_camera_that_the_server_refused_may_be_tried_again() -> None:
    policy = party()
    sent(policy, add_track=camera("c1"))
    told(policy, request_response=rtc.RequestResponse(reason="QUEUED", add_track=camera("c1")))
    assert sent(policy, add_track=camera("c2")) == (Ruling.CLOSE, "second_camera")
    told(policy, request_response=rtc.RequestResponse(reason="NOT_ALLOWED", add_track=camera("c1")))
    assert sent(policy, add_track=camera("c2")) == PASSED


@pytest.mark.parametrize(
    "wish",
    [
        rtc.AddTrackRequest(cid="x", type="VIDEO", source="SCREEN_SHARE"),
        rtc.AddTrackRequest(cid="x", type="AUDIO", source="SCREEN_SHARE_AUDIO"),
        rtc.AddTrackRequest(cid="x", type="AUDIO", source="CAMERA"),
        rtc.AddTrackRequest(cid="x", type="VIDEO", source="MICROPHONE"),
        rtc.AddTrackRequest(cid="x", type="VIDEO"),
        rtc.AddTrackRequest(cid="x", type="DATA", source="CAMERA"),
    ],
)
def test_what_is_no_camera_and_no_microphone_is_refused(wish: rtc.AddTrackRequest) -> None:
    assert sent(party(), add_track=wish) == (Ruling.CLOSE, "track_not_allowed")


def test_media_that_the_supervisor_could_not_read_is_refused() -> None:
    assert sent(party(), add_track=camera(encryption="GCM")) == (Ruling.CLOSE, "sealed_track")
    assert sent(party(encrypted=True), add_track=camera(encryption="GCM")) == PASSED
    trailer = camera(packet_trailer_features=[1])
    assert sent(party(), add_track=trailer) == (Ruling.CLOSE, "sealed_track")


def test_a_second_encoding_of_a_track_is_refused() -> None:
    assert sent(party(), add_track=camera(sid="TR_1")) == (Ruling.CLOSE, "second_encoding")
    two = [rtc.SimulcastCodec(codec="vp8"), rtc.SimulcastCodec(codec="h264")]
    assert sent(party(), add_track=camera(simulcast_codecs=two)) == (Ruling.CLOSE, "second_encoding")
    assert sent(party(), add_track=camera(simulcast_codecs=two[:1])) == PASSED


def test_a_track_carries_no_words_for_the_other_end() -> None:
    frame = rtc.SignalRequest(add_track=camera(name="secret", stream="message")).SerializeToString()
    passed = rtc.SignalRequest.FromString(party().check_client_frame(frame, 0.0).frame)
    assert (passed.add_track.name, passed.add_track.stream, passed.add_track.cid) == ("", "", "c1")


def test_a_supervisor_publishes_nothing() -> None:
    assert sent(watcher(), add_track=camera()) == (Ruling.CLOSE, "track_not_allowed")
    assert sent(watcher(), add_track=microphone()) == (Ruling.CLOSE, "track_not_allowed")
    assert sent(watcher(), subscription=rtc.UpdateSubscription(subscribe=True)) == PASSED


def test_an_officers_voice_is_a_microphone_alone() -> None:
    policy = DoorPolicy("s-1", grants.officer_speaking())
    assert sent(policy, add_track=microphone()) == PASSED
    assert sent(policy, add_track=camera()) == (Ruling.CLOSE, "track_not_allowed")


def test_whoever_resumes_publishes_nothing_new_until_the_server_has_told_what_is_there() -> None:
    policy = party()
    policy.expect_resume()
    assert told(policy, reconnect=rtc.ReconnectResponse()) is Notice.RESUMED
    assert sent(policy, add_track=camera("c2")) == (Ruling.CLOSE, "track_before_resume")
    other = models.ParticipantInfo(identity="i-1")
    told(policy, update=rtc.ParticipantUpdate(participants=[other]))
    assert sent(policy, add_track=camera("c2")) == (Ruling.CLOSE, "track_before_resume")
    shown = models.TrackInfo(sid="TR_1", type="VIDEO", source="CAMERA")
    me = models.ParticipantInfo(identity="v-1", tracks=[shown])
    told(policy, update=rtc.ParticipantUpdate(participants=[other, me]))
    assert sent(policy, add_track=camera("c2")) == HELD
    assert sent(policy, add_track=microphone()) == PASSED
    told(policy, track_unpublished=rtc.TrackUnpublishedResponse(track_sid="TR_1"))
    assert sent(policy, add_track=camera("c2")) == PASSED


def test_large_frames_close() -> None:
    frame = rtc.SignalRequest(offer=rtc.SessionDescription(sdp="x" * MAX_FRAME)).SerializeToString()
    assert party().check_client_frame(frame, 0.0).reason == "frame_too_large"


def test_a_flood_of_frames_closes_and_a_calm_stream_never_does() -> None:
    policy = DoorPolicy("v-1", grants.visitor(floor_open=False), flow=Flow(frames_burst=10, frames_per_s=5))
    for _ in range(10):
        assert sent(policy, 0.0, ping=1) == PASSED
    assert sent(policy, 0.0, ping=1) == (Ruling.CLOSE, "flood")
    calm = DoorPolicy("v-1", grants.visitor(floor_open=False), flow=Flow(frames_burst=10, frames_per_s=5))
    for n in range(200):
        assert sent(calm, n * 0.2, ping=1) == PASSED


def test_a_flood_of_bytes_closes() -> None:
    policy = DoorPolicy("v-1", grants.visitor(floor_open=False), flow=Flow(bytes_burst=3000, bytes_per_s=100))
    offer = rtc.SessionDescription(sdp="x" * 1400)
    assert sent(policy, 0.0, offer=offer) == PASSED
    assert sent(policy, 0.0, offer=offer) == PASSED
    assert sent(policy, 1.0, offer=offer) == (Ruling.CLOSE, "flood")


def test_time_that_stands_still_or_goes_back_refills_nothing() -> None:
    policy = DoorPolicy("v-1", grants.visitor(floor_open=False), flow=Flow(frames_burst=2, frames_per_s=1))
    assert sent(policy, 100.0, ping=1) == PASSED
    assert sent(policy, 90.0, ping=1) == PASSED
    assert sent(policy, 90.0, ping=1) == (Ruling.CLOSE, "flood")


def test_tokens_never_reach_a_browser() -> None:
    for message in ({"refresh_token": "secret"}, {"room_moved": rtc.RoomMovedResponse(token="secret")}):
        frame = rtc.SignalResponse(**message).SerializeToString()
        assert party().check_server_frame(frame).frame == b""


def test_other_server_frames_pass_as_they_came() -> None:
    for answer in (
        rtc.SignalResponse(join=rtc.JoinResponse(server_version="1")),
        rtc.SignalResponse(leave=rtc.LeaveRequest()),
        rtc.SignalResponse(speakers_changed=rtc.SpeakersChanged()),
    ):
        frame = answer.SerializeToString()
        assert party().check_server_frame(frame).frame == frame
    assert party().check_server_frame(b"\xff").frame == b"\xff"


def test_the_door_notices_joining_resuming_and_leaving() -> None:
    assert told(party(), join=rtc.JoinResponse()) is Notice.JOINED
    assert told(party(), reconnect=rtc.ReconnectResponse()) is Notice.RESUMED
    assert told(party(), leave=rtc.LeaveRequest()) is Notice.LEFT
    assert told(party(), pong=1) is Notice.NOTHING


@pytest.mark.parametrize("answer", ["join", "reconnect"])
@pytest.mark.parametrize("frame", [rtc.SignalResponse(answer=rtc.SessionDescription(sdp="v=0")),
                                   rtc.SignalResponse(offer=rtc.SessionDescription(sdp="v=0")),
                                   rtc.SignalResponse(trickle=rtc.TrickleRequest(candidateInit="{}"))])  # fmt: skip
def test_nothing_of_media_passes_before_the_answer_to_the_join(answer: str, frame: rtc.SignalResponse) -> None:
    policy = party()
    early = frame.SerializeToString()
    assert policy.check_server_frame(early).frame == b""
    told(policy, **{answer: rtc.JoinResponse() if answer == "join" else rtc.ReconnectResponse()})
    assert policy.check_server_frame(early).frame == early
