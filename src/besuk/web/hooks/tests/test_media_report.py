"""Reports of the media server over HTTP."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from besuk.ground.kernel import clock
from besuk.ground.kernel.attempts import Attempts
from besuk.ground.media.models import RawMediaEvent
from besuk.ground.media.tests.test_events import CLUSTER, report, signed
from besuk.web.hooks import media

pytestmark = pytest.mark.django_db


REAL = {
    "BESUK_MEDIA": "livekit",
    "BESUK_MEDIA_API_KEY": CLUSTER.api_key,
    "BESUK_MEDIA_API_SECRET": CLUSTER.api_secret,
}


@pytest.fixture(autouse=True)
def real_server() -> Iterator[None]:
    with override_settings(**REAL):
        yield


def post(client: Client, body: bytes, signature: str | None) -> int:
    headers = {"authorization": signature} if signature else {}
    return client.post("/hooks/media", body, content_type="application/webhook+json", headers=headers).status_code


def test_a_signed_report_is_kept_and_handled_once(client: Client) -> None:
    body = report()
    assert [post(client, body, signed(body)), post(client, body, signed(body))] == [200, 200]
    kept = RawMediaEvent.objects.get()
    assert json.loads(kept.body)["event"] == "participant_joined"
    assert kept.handled_at is not None


def test_a_bad_signature_is_turned_away_and_leaves_nothing(client: Client) -> None:
    body = report()
    for signature in (None, "home-made", signed(b"another body")):
        assert post(client, body, signature) == 401
    assert not RawMediaEvent.objects.exists()


def test_a_flood_of_forgeries_is_one_line_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "attempts", Attempts(clock.monotonic))
    body = report()
    for _ in range(5):
        assert post(client, body, signed(b"another body")) == 401
    assert caplog.text.count("did not sign") == 1


def test_without_a_media_server_nothing_is_believed(client: Client) -> None:
    body = report()
    with override_settings(BESUK_MEDIA="stub"):
        assert post(client, body, signed(body)) == 401


def test_reading_is_no_reporting(client: Client) -> None:
    assert client.get("/hooks/media").status_code == 405
