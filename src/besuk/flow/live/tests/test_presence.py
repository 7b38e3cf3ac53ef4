"""Presence: who counts as watching. The clock is a number, so every moment can be tried."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.live import presence
from besuk.flow.live.presence import GRACE_S, STALE_S, WARN_S, Attention, Counters, Line, Publishing, Watch

BOTH: dict[presence.End, Publishing] = {"inmate": Publishing(True, True), "visitor": Publishing(True, True)}


def counters(frames: int, audio: int | None = None) -> dict[presence.End, Counters]:
    sound = frames if audio is None else audio
    return {"inmate": Counters(frames, sound), "visitor": Counters(frames, sound)}


def watching(at: float = 0.0) -> Watch:
    """Both sockets open, a good heartbeat just now."""
    watch = presence.opened(Watch(), "control", 1, at)
    watch = presence.opened(watch, "door", 1, at)
    return presence.beat(watch, 1, visible=True, counters=counters(10), publishing=BOTH, at=at)


def test_a_good_heartbeat_makes_the_watch_count() -> None:
    assert presence.is_fresh(watching(), 0.0)


def test_nobody_watches_before_the_first_heartbeat() -> None:
    watch = presence.opened(presence.opened(Watch(), "control", 1, 0), "door", 1, 0)
    assert not presence.is_fresh(watch, 0.0)


def test_a_heartbeat_is_good_for_two_and_a_half_seconds() -> None:
    watch = watching()
    assert presence.is_fresh(watch, STALE_S - 0.001)
    assert not presence.is_fresh(watch, STALE_S)
    assert presence.runs_out_at(watch) == STALE_S


@pytest.mark.parametrize("which", ["control", "door"])
def test_a_closed_socket_gives_a_newer_one_seven_tenths_of_a_second(which: presence.Which) -> None:
    watch = presence.closed(watching(), which, 1, 1.0)
    assert presence.is_fresh(watch, 1.0 + GRACE_S - 0.001)
    assert not presence.is_fresh(watch, 1.0 + GRACE_S)
    assert presence.runs_out_at(watch) == pytest.approx(1.0 + GRACE_S)


@pytest.mark.parametrize("which", ["control", "door"])
def test_a_newer_socket_within_the_grace_keeps_the_watch(which: presence.Which) -> None:
    watch = presence.closed(watching(), which, 1, 1.0)
    watch = presence.opened(watch, which, 2, 1.5)
    assert presence.is_fresh(watch, 2.0)


@pytest.mark.parametrize("which", ["control", "door"])
def test_a_newer_socket_after_the_grace_needs_a_new_heartbeat(which: presence.Which) -> None:
    watch = presence.closed(watching(), which, 1, 1.0)
    watch = presence.opened(watch, which, 2, 1.8)
    assert not presence.is_fresh(watch, 1.9)


@pytest.mark.parametrize("which", ["control", "door"])
def test_the_close_of_an_old_socket_means_nothing(which: presence.Which) -> None:
    watch = presence.opened(watching(), which, 2, 0.5)
    assert presence.closed(watch, which, 1, 0.6) == watch


@pytest.mark.parametrize("which", ["control", "door"])
def test_an_older_socket_does_not_take_over(which: presence.Which) -> None:
    watch = presence.opened(watching(), which, 5, 0.5)
    assert presence.opened(watch, which, 4, 0.6) == watch


def test_a_second_close_does_not_prolong_the_grace() -> None:
    watch = presence.closed(watching(), "control", 1, 1.0)
    assert presence.closed(watch, "control", 1, 1.6) == watch


def test_without_a_door_the_wall_alone_does_not_count() -> None:
    watch = presence.opened(Watch(), "control", 1, 0)
    watch = presence.beat(watch, 1, visible=True, counters=counters(9), publishing=BOTH, at=0)
    assert not presence.is_fresh(watch, 0)


def test_a_hidden_page_does_not_watch() -> None:
    watch = presence.beat(watching(), 1, visible=False, counters=counters(20), publishing=BOTH, at=2.0)
    assert not presence.is_fresh(watch, STALE_S)


def test_a_heartbeat_of_an_old_socket_does_not_count() -> None:
    watch = presence.opened(watching(), "control", 2, 0.5)
    watch = presence.beat(watch, 1, visible=True, counters=counters(20), publishing=BOTH, at=2.0)
    assert not presence.is_fresh(watch, STALE_S)


def test_a_heartbeat_after_the_close_does_not_count() -> None:
    watch = presence.closed(watching(), "control", 1, 1.0)
    assert presence.beat(watch, 1, visible=True, counters=counters(20), publishing=BOTH, at=1.1) == watch


CASES = list(product([False, True], repeat=4))


@pytest.mark.parametrize(("inmate_frames", "inmate_audio", "visitor_frames", "visitor_audio"), CASES)
def test_every_counter_of_every_publishing_end_must_go_on(
    inmate_frames: bool, inmate_audio: bool, visitor_frames: bool, visitor_audio: bool
) -> None:
    now: dict[presence.End, Counters] = {
        "inmate": Counters(10 + inmate_frames, 10 + inmate_audio),
        "visitor": Counters(10 + visitor_frames, 10 + visitor_audio),
    }
    watch = presence.beat(watching(), 1, visible=True, counters=now, publishing=BOTH, at=2.0)
    assert presence.is_fresh(watch, 3.0) == all([inmate_frames, inmate_audio, visitor_frames, visitor_audio])


@pytest.mark.parametrize(("camera", "microphone", "picture_goes_on", "sound_goes_on"), CASES)
def test_only_what_is_published_and_not_muted_must_go_on(
    camera: bool, microphone: bool, picture_goes_on: bool, sound_goes_on: bool
) -> None:
    publishing: dict[presence.End, Publishing] = {"inmate": Publishing(camera, microphone), "visitor": Publishing()}
    now: dict[presence.End, Counters] = {"inmate": Counters(10 + picture_goes_on, 10 + sound_goes_on)}
    watch = presence.beat(watching(), 1, visible=True, counters=now, publishing=publishing, at=2.0)
    counts = (picture_goes_on or not camera) and (sound_goes_on or not microphone)
    assert presence.is_fresh(watch, 3.0) == counts


def test_an_end_that_does_not_publish_yet_is_not_waited_for() -> None:
    publishing: dict[presence.End, Publishing] = {"inmate": Publishing(True, True), "visitor": Publishing()}
    now: dict[presence.End, Counters] = {"inmate": Counters(11, 11)}
    assert presence.is_fresh(presence.beat(watching(), 1, visible=True, counters=now, publishing=publishing, at=2), 3)


def test_an_end_left_out_of_the_heartbeat_does_not_count_as_seen() -> None:
    now: dict[presence.End, Counters] = {"inmate": Counters(11, 11)}
    watch = presence.beat(watching(), 1, visible=True, counters=now, publishing=BOTH, at=2.0)
    assert not presence.is_fresh(watch, STALE_S)


def test_a_new_track_counts_from_nought_again() -> None:
    watch = presence.beat(watching(), 1, visible=True, counters=counters(3), publishing=BOTH, at=2.0)
    assert presence.is_fresh(watch, 3.0)
    none_yet = presence.beat(watching(), 1, visible=True, counters=counters(0), publishing=BOTH, at=2.0)
    assert not presence.is_fresh(none_yet, STALE_S)


def test_two_officers_are_there_while_one_of_them_is() -> None:
    assert presence.anybody([Watch(), watching()], 1.0)
    assert not presence.anybody([Watch(), watching()], STALE_S)


EVENTS = ["open_control", "open_door", "close_control", "close_door", "close_old", "beat", "frozen", "hidden", "wait"]


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from([0.0, 0.2, 0.7, 1.0, 2.5])), max_size=14))
def test_no_order_of_events_makes_an_absent_officer_count(events: list[tuple[str, float]]) -> None:
    """Against a plain retelling: what is open, when it was closed, when something good was last seen."""
    watch, at, frames = Watch(), 0.0, 1
    generations = {"control": 0, "door": 0}
    for name, pause in events:
        at += pause
        watch, frames = _do(watch, name, at, generations, frames)
        if presence.is_fresh(watch, at):
            assert watch.good_at is not None
            assert at - watch.good_at < STALE_S
            for line in (watch.control, watch.door):
                assert line.is_open or at - line.closed_at < GRACE_S
            ends = presence.runs_out_at(watch)
            assert ends is not None
            assert ends > at
            assert not presence.is_fresh(watch, ends)


def _do(watch: Watch, name: str, at: float, generations: dict[str, int], frames: int) -> tuple[Watch, int]:
    verb, _, which = name.partition("_")
    if name == "close_old":
        return presence.closed(watch, "control", generations["control"] - 1, at), frames
    if verb == "open":
        generations[which] += 1
        return presence.opened(watch, which, generations[which], at), frames  # type: ignore[arg-type]
    if verb == "close":
        return presence.closed(watch, which, generations[which], at), frames  # type: ignore[arg-type]
    if verb in {"beat", "hidden", "frozen"}:
        frames += verb != "frozen"
        seen = dict(watch.seen) if verb == "frozen" else counters(frames)
        visible = verb != "hidden"
        now = presence.beat(watch, generations["control"], visible=visible, counters=seen, publishing=BOTH, at=at)
        if verb != "beat":
            assert now.good_at == watch.good_at
        return now, frames
    return watch, frames


@given(st.lists(st.tuples(st.sampled_from(["tap", "pin", "look"]), st.floats(0, 700)), max_size=12))
def test_attention_is_overdue_exactly_when_nothing_came_in_time(story: list[tuple[str, float]]) -> None:
    """Against a plain retelling: a tap counts only in time, the PIN always."""
    attention, at, last, missed = Attention(0.0, 600.0), 0.0, 0.0, False
    for deed, pause in story:
        at += pause
        missed = missed or at - last >= 600
        assert presence.is_overdue(attention, at) == missed
        assert presence.is_asked(attention, at) == (not missed and at - last >= 600 - WARN_S)
        if deed == "tap":
            attention = presence.renewed(attention, at)
        elif deed == "pin":
            attention, missed = presence.confirmed(attention, at), False
        if deed != "look" and not missed:
            last = at


def test_an_inattentive_heartbeat_does_not_count() -> None:
    watch = presence.beat(watching(), 1, visible=True, counters=counters(20), publishing=BOTH, at=2.0, attentive=False)
    assert not presence.is_fresh(watch, STALE_S)


def test_lines_start_closed() -> None:
    assert not Line().holds(0.0)


officers_and_beats = st.lists(st.tuples(st.integers(1, 3), st.floats(0, 5)), max_size=6)


@given(officers_and_beats, st.floats(0, 8), st.integers(1, 2))
def test_enough_counts_different_officers_and_says_until_when(
    beats: list[tuple[int, float]], at: float, needed: int
) -> None:
    watches = [(officer, watching(begun)) for officer, begun in beats]
    fresh = {officer for officer, watch in watches if presence.is_fresh(watch, at)}
    assert presence.enough(watches, at, needed) == (len(fresh) >= needed)
    until = presence.enough_until(watches, at, needed)
    assert (until is not None) == (len(fresh) >= needed)
    if until is not None:
        assert presence.enough(watches, max(at, until - 0.001), needed)
        assert not presence.enough(watches, until, needed)


def test_one_officer_at_two_places_is_one() -> None:
    assert not presence.enough([(7, watching()), (7, watching())], 0.0, 2)
    assert presence.enough([(7, watching()), (8, watching())], 0.0, 2)
