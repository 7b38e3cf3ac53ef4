"""No combination of the grant functions gives anybody more than the table in media.md says."""

from dataclasses import replace
from functools import partial
from typing import Literal, Protocol, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models

from besuk.ground.media import grants
from besuk.ground.media.grants import Grant, Privilege, Role, Source, SupervisedCall
from besuk.ground.media.livekit import permission, video_grants

CALL = SupervisedCall("call", "room", Privilege.NONE)


class End(Protocol):
    def __call__(self, *, floor_open: bool) -> Grant: ...


any_grant = st.one_of(
    st.builds(grants.visitor, floor_open=st.booleans()),
    st.builds(grants.inmate, floor_open=st.booleans()),
    st.builds(grants.interpreter, floor_open=st.booleans()),
    st.just(grants.supervisor(CALL)),
    st.builds(grants.onlooker, st.just(CALL), floor_open=st.booleans()),
    st.just(grants.officer_speaking()),
    st.just(grants.addressed()),
    st.just(grants.recorder(CALL)),
)
ends: st.SearchStrategy[End] = st.sampled_from([grants.visitor, grants.inmate, grants.interpreter])


@given(any_grant)
def test_nobody_may_send_data_or_change_what_is_said_of_them(grant: Grant) -> None:
    sent, claims = permission(grant), video_grants("room", grant)
    assert not sent.can_publish_data
    assert not sent.can_update_metadata
    assert claims.can_publish_data is False
    assert claims.can_update_own_metadata is False
    assert not claims.room_admin
    assert not claims.room_create
    assert not claims.room_list


@given(ends)
def test_a_closed_floor_lets_neither_end_see_or_hear(end: End) -> None:
    assert permission(end(floor_open=False)).can_subscribe is False
    assert video_grants("room", end(floor_open=False)).can_subscribe is False
    assert permission(end(floor_open=True)).can_subscribe is True


@given(any_grant)
def test_hidden_people_publish_nothing_and_belong_to_one_supervised_room(grant: Grant) -> None:
    if grant.hidden:
        assert not permission(grant).can_publish
        assert list(permission(grant).can_publish_sources) == []
        assert grant.only_room == "room"
        assert not grant.fits("another")


@given(any_grant)
def test_only_camera_and_microphone_are_ever_published(grant: Grant) -> None:
    allowed = {models.TrackSource.CAMERA, models.TrackSource.MICROPHONE}
    assert set(permission(grant).can_publish_sources) <= allowed
    assert permission(grant).can_publish == bool(grant.can_publish_sources)


@given(any_grant)
def test_a_token_says_the_same_as_a_permission(grant: Grant) -> None:
    sent, claims = permission(grant), video_grants("room", grant)
    assert (sent.can_subscribe, sent.can_publish, sent.hidden, sent.recorder, sent.agent) == (
        claims.can_subscribe,
        claims.can_publish,
        claims.hidden,
        claims.recorder,
        claims.agent,
    )


def test_each_role_has_what_the_table_says() -> None:
    both = frozenset({Source.CAMERA, Source.MICROPHONE})
    assert grants.visitor(floor_open=True).can_publish_sources == both
    assert grants.inmate(floor_open=True).can_publish_sources == both
    watcher = grants.supervisor(CALL)
    assert (watcher.hidden, watcher.agent, watcher.recorder, watcher.can_subscribe) == (True, True, False, True)
    head = grants.onlooker(CALL, floor_open=False)
    assert (head.hidden, head.agent, head.recorder, head.can_subscribe) == (True, True, False, False)
    assert grants.onlooker(CALL, floor_open=True).can_subscribe
    voice = grants.officer_speaking()
    assert (voice.hidden, voice.can_subscribe, voice.can_publish_sources) == (
        False,
        False,
        frozenset({Source.MICROPHONE}),
    )
    ear = grants.addressed()
    assert (ear.hidden, ear.can_subscribe, ear.can_publish) == (False, True, False)
    tape = grants.recorder(CALL)
    assert (tape.hidden, tape.recorder, tape.can_publish, tape.can_subscribe) == (True, True, False, True)
    assert {grants.visitor(floor_open=True).role, tape.role, watcher.role} == {
        Role.VISITOR,
        Role.RECORDER,
        Role.SUPERVISOR,
    }


@pytest.mark.parametrize("privilege", [p for p in Privilege if p is not Privilege.NONE])
def test_a_privileged_call_never_becomes_a_supervised_one(privilege: Privilege) -> None:
    with pytest.raises(ValueError, match="privileged"):
        SupervisedCall("call", "room", cast(Literal[Privilege.NONE], privilege))
    with pytest.raises(ValueError, match="privileged"):
        replace(CALL, privilege=cast(Literal[Privilege.NONE], privilege))


def test_something_that_only_looks_like_a_supervised_call_gets_no_watcher() -> None:
    class Lookalike:
        ref, room, privilege = "call", "room", Privilege.NONE

    lookalike = cast(SupervisedCall, Lookalike())
    for maker in (grants.supervisor, grants.recorder, partial(grants.onlooker, floor_open=True)):
        with pytest.raises(TypeError):
            maker(lookalike)


def test_nobody_makes_a_grant_by_hand_or_changes_one() -> None:
    with pytest.raises(TypeError):
        Grant(Role.VISITOR, frozenset(), True)
    with pytest.raises(TypeError):
        replace(grants.visitor(floor_open=False), can_subscribe=True)
