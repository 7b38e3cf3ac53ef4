"""What a browser may say: nothing it sends can break or flood us."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.live.hints import Hint
from besuk.flow.live.presence import Counters
from besuk.web.door import incoming
from besuk.web.door.incoming import Nonsense

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(st.text(max_size=200) | json_values.map(json.dumps))
def test_anything_is_a_message_or_nonsense(text: str) -> None:
    try:
        message = incoming.read(text)
    except Nonsense:
        return
    assert isinstance(message["t"], str)


@given(json_values)
def test_any_heartbeat_is_read_or_nonsense(value: object) -> None:
    for read in (incoming.beats, incoming.hints, incoming.sample):
        try:
            read({"t": "beat", "calls": value, "hints": value, "sent": value, "quality": value})
        except Nonsense:
            continue


@pytest.mark.parametrize("text", [None, "", "[]", "1", "{", '{"t":1}', '{"x":1}', "[" * 5000, '"' + "x" * 20000 + '"'])
def test_what_is_no_message_is_nonsense(text: str | None) -> None:
    with pytest.raises(Nonsense):
        incoming.read(text)


@pytest.mark.parametrize("value", [-1, 1.5, True, "1", None, 2**60])
def test_a_count_is_a_whole_number_from_nought(value: object) -> None:
    with pytest.raises(Nonsense):
        incoming.number(value)


def test_a_walls_heartbeat_is_read_by_call_and_end() -> None:
    calls = {"abc": {"inmate": {"frames": 3, "audio": 4}, "visitor": {"frames": 5, "audio": 6}}, "def": {}}
    assert incoming.beats({"t": "beat", "calls": calls}) == {
        "abc": {"inmate": Counters(3, 4), "visitor": Counters(5, 6)},
        "def": {},
    }


def test_hints_are_read_by_call_and_end_and_may_be_missing() -> None:
    said = {"visitor": {"light": 12, "contrast": 3.5, "motion": 0, "sound": None}, "inmate": {"sound": 1}}
    assert incoming.hints({"t": "beat", "hints": {"abc": said}}) == {
        "abc": {"visitor": Hint(12.0, 3.5, 0.0, None), "inmate": Hint(sound=1.0)}
    }
    assert incoming.hints({"t": "beat"}) == {}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "256", "1e999", '"5"', "true", "[]", "{}"])
@pytest.mark.parametrize("name", ["light", "contrast", "motion", "sound"])
def test_a_silly_hint_is_nonsense(name: str, value: str) -> None:
    message = incoming.read(f'{{"t":"beat","hints":{{"abc":{{"visitor":{{"{name}":{value}}}}}}}}}')
    with pytest.raises(Nonsense):
        incoming.hints(message)


def test_sound_is_of_one() -> None:
    with pytest.raises(Nonsense):
        incoming.hints({"t": "beat", "hints": {"abc": {"visitor": {"sound": 1.01}}}})


@pytest.mark.parametrize("hints", [[], "x", {"abc": 1}, {"abc": {"visitor": 3}}, {str(n): {} for n in range(17)}])
def test_hints_of_another_shape_are_nonsense(hints: object) -> None:
    with pytest.raises(Nonsense):
        incoming.hints({"t": "beat", "hints": hints})


def test_too_many_calls_are_nonsense() -> None:
    with pytest.raises(Nonsense):
        incoming.beats({"t": "beat", "calls": {str(n): {} for n in range(17)}})


def test_a_sample_keeps_known_numbers_and_short_words_only() -> None:
    message = {
        "t": "beat",
        "visible": True,
        "sent": {"audio": 1, "secret": 5},
        "quality": {"line": "good", "rtt_ms": float("nan"), "loss": "x" * 30, "fps": None, "bytes": 10},
    }
    assert incoming.sample(message) == {
        "visible": True,
        "sent_audio": 1,
        "quality_line": "good",
        "quality_bytes": 10,
    }


def test_a_page_may_speak_five_times_a_second_in_the_long_run() -> None:
    flow = incoming.flow()
    assert all(flow.take(0.0) for _ in range(incoming.BURST))
    assert not flow.take(0.0)
    steady = incoming.flow()
    assert all(steady.take(n / incoming.PER_SECOND) for n in range(500))
