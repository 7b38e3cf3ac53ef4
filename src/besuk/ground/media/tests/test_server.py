"""The media server as a child: its configuration, ports, start, and end whatever happens."""

import json
import stat
import time
from pathlib import Path

import pytest

from besuk.ground.media.server import (
    RELAY_PORTS,
    MediaDidNotStart,
    MediaProcess,
    ServerPlan,
    answers,
    binary_path,
    configuration,
    free_ports,
    new_secret,
)
from besuk.ground.media.tests.conftest import start_media


def plan(**more: str) -> ServerPlan:
    return ServerPlan(free_ports(), new_secret(), **more)


def test_the_configuration_keeps_signalling_on_loopback_and_rooms_to_us() -> None:
    content = json.loads(configuration(plan()))
    assert content["bind_addresses"] == ["127.0.0.1"]
    assert content["room"]["auto_create"] is False
    assert content["room"]["enable_remote_unmute"] is False
    assert [codec["mime"] for codec in content["room"]["enabled_codecs"]] == ["audio/opus", "audio/red", "video/vp8"]
    assert content["turn"]["enabled"] is True
    assert "stun_servers" not in content["rtc"]
    assert "webhook" not in content


def test_loopback_candidates_are_for_loopback_alone() -> None:
    here = json.loads(configuration(plan()))
    assert (here["rtc"]["node_ip"], here["rtc"]["enable_loopback_candidate"]) == ("127.0.0.1", True)
    lan = json.loads(configuration(plan(node_ip="192.168.1.7")))
    assert lan["rtc"]["enable_loopback_candidate"] is False
    assert lan["rtc"]["ips"]["includes"] == lan["turn"]["allow_restricted_peer_cidrs"] == ["192.168.1.7/32"]


def test_a_webhook_is_signed_with_the_key() -> None:
    content = json.loads(configuration(plan(webhook_url="http://127.0.0.1:1/hooks/media")))
    assert content["webhook"] == {"api_key": "besuk", "urls": ["http://127.0.0.1:1/hooks/media"]}


def test_secrets_stay_out_of_words_for_logs() -> None:
    secret = plan()
    assert secret.api_secret not in repr(secret)
    assert secret.api_secret not in repr(secret.cluster)
    assert len(secret.api_secret) >= 32


def test_ports_are_free_and_apart() -> None:
    ports = free_ports()
    assert len({ports.signalling, ports.rtc_udp, ports.rtc_tcp, ports.turn_udp}) == 4
    assert ports.relay_end - ports.relay_start == RELAY_PORTS - 1
    assert ports.relay_end < 65536


def test_a_named_binary_counts_only_when_it_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BESUK_LIVEKIT_BINARY", str(tmp_path / "none"))
    assert binary_path() is None
    (tmp_path / "some").touch()
    monkeypatch.setenv("BESUK_LIVEKIT_BINARY", str(tmp_path / "some"))
    assert binary_path() == tmp_path / "some"


def test_a_program_that_ends_at_once_says_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no such luck\nexit 3\n")
    broken.chmod(0o700)
    process = MediaProcess(plan(), tmp_path, broken)
    process.start()
    with pytest.raises(MediaDidNotStart, match="exit code 3: no such luck"):
        process.wait_until_ready()


@pytest.mark.media
def test_two_run_at_once_and_their_secrets_are_for_their_owner(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    both = [start_media(folder) for folder in folders]
    assert all(answers(process.plan.ports.signalling) for process in both)
    assert stat.S_IMODE((folders[0] / "media.json").stat().st_mode) == 0o600
    for process in both:
        process.stop()
    assert not any(answers(process.plan.ports.signalling) for process in both)


@pytest.mark.media
def test_it_stops_soon_and_can_be_killed(tmp_path: Path) -> None:
    process = start_media(tmp_path)
    started = time.monotonic()
    process.stop()
    assert time.monotonic() - started < 4
    process.start()
    process.wait_until_ready()
    process.kill()
    assert process.exit_code() == -9
