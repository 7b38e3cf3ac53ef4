"""Whatever is wrong: one plain sentence and a next step, in the reader's language, and no stack trace."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from besuk.testing.cast import Cast
from besuk.web.shared.errors import broken, form_too_old
from besuk.web.shared.uploads import Pages, most_bytes

NUMBER = "X-Request-Id"


def test_an_unknown_address_is_told_with_a_way_back(db: None, client: Client) -> None:
    answer = client.get("/nothing/here/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Halaman atau data ini tidak ditemukan." in page
    assert 'href="/"' in page
    assert answer[NUMBER] in page


def test_scripts_get_json(db: None, client: Client) -> None:
    answer = client.get("/nothing/", headers={"Accept": "application/json"})
    assert answer.json()["refusals"][0]["code"] == "HTTP_404"


def test_a_form_left_open_over_a_sign_in_is_told_so(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"phone": "1", "pin": "1"})
    assert answer.status_code == 403
    assert "terlalu lama terbuka" in answer.content.decode()


def test_an_error_of_ours_needs_nothing_that_may_be_broken(rf: RequestFactory) -> None:
    answer = broken(rf.get("/"))
    assert answer.status_code == 500
    assert "Ada gangguan di sistem kami." in answer.content.decode()


def test_an_error_of_ours_shows_no_stack_trace(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from besuk.web.public import facility

    def fails(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(facility, "opening_of", fails)
    answer = Client(raise_request_exception=False).get("/f/lapas/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret detail" not in page
    assert "Traceback" not in page
    assert "secret detail" in caplog.text


def test_csrf_failures_need_no_reason(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/")
    request.session = {}  # type: ignore[assignment]
    assert form_too_old(request).status_code == 403


def test_an_announced_40_mb_is_refused_in_words(db: None, client: Client) -> None:
    answer = client.post("/sign-in/", CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Kiriman ini terlalu besar." in answer.content.decode()
    assert "15 MB" in answer.content.decode()


async def post(chunks: list[bytes], *, length: int | None) -> tuple[int, bytes, int]:
    """Send a body in chunks over ASGI; returns status, page, and how many chunks were taken."""
    headers = [(b"host", b"testserver"), (b"content-type", b"multipart/form-data; boundary=x")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/sign-in/", "query_string": b"", "headers": headers,
        "http_version": "1.1", "scheme": "http", "server": ("testserver", 80), "client": ("192.0.2.1", 1),
    }  # fmt: skip
    taken, sent = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        if taken == len(chunks):
            import asyncio

            await asyncio.sleep(3600)
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    await Pages()(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]), taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("announced", [True, False])
async def test_40_mb_are_read_to_the_end_and_then_told(announced: bool) -> None:
    chunks = [b"x" * (4 * 1024 * 1024)] * 10
    status, page, taken = await post(chunks, length=sum(map(len, chunks)) if announced else None)
    assert status == 413
    assert "Kiriman ini terlalu besar." in page.decode()
    assert taken == 10


@pytest.mark.django_db(transaction=True)
async def test_a_body_within_the_limit_reaches_the_page() -> None:
    status, page, _ = await post([b"x" * 1000], length=1000)
    assert status in {400, 403}
    assert "terlalu besar" not in page.decode()


def test_the_limit_of_a_request_is_two_pictures(settings: Any) -> None:
    settings.BESUK_UPLOAD_LIMIT = 10
    assert most_bytes() == 20
