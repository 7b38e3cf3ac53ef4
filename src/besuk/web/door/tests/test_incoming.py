"""What a browser may say: nothing it sends can break or flood us."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.flow.live.presence import Counters
from besuk.web.door import incoming
from besuk.web.door.incoming import Flow, Nonsense

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
    for read in (incoming.beats, incoming.sample):
        try:
            read({"t": "beat", "calls": value, "sent": value, "quality": value})
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
    flow = Flow()
    assert all(flow.take(0.0) for _ in range(incoming.BURST))
    assert not flow.take(0.0)
    steady = Flow()
    assert all(steady.take(n / incoming.PER_SECOND) for n in range(500))
