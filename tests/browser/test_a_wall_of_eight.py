"""Eight live calls on one wall in a real browser: layers as large as shown, one call heard, as many tiles as chosen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator

from bench.crowd import Crowd, crowd, pause
from bench.people import Party
from bench.wall_8 import watch_all
from besuk.testing import needs
from besuk.testing.browsers import Window, browsers
from tools.build import load_binary

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.slow]

SMALL, LARGE = 160, 320
"""Widths of the load generator's two layers."""

WIDTHS = """async () => {
  const rows = new Map((await window.__besuk.inbound()).filter(r => r.kind === "video").map(r => [r.track, r.width]));
  return [...document.querySelectorAll("[data-ref]")].map(tile => [tile.dataset.ref, [...tile.querySelectorAll("video")]
    .map(video => rows.get(video.srcObject?.getVideoTracks()[0]?.id) ?? 0)]);
}"""
HEARD = """() => [...document.querySelectorAll("[data-ref]")].filter(
  tile => [...tile.querySelectorAll("audio")].some(one => !one.muted && one.srcObject)).map(tile => tile.dataset.ref)"""
IN_SIGHT = """() => [...document.querySelectorAll("[data-ref]")].filter(tile => {
  const box = tile.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}).length"""


@pytest.fixture(scope="module")
def people() -> Iterator[Crowd]:
    needs.media_server()
    needs.chromium()
    if not load_binary().exists():
        pytest.fail("there is no load generator: run `make setup`", pytrace=False)
    with crowd(8, officers=1, spare_officers=1) as everybody:
        everybody.start()
        everybody.become_live()
        yield everybody


@pytest.fixture(scope="module")
def wall(people: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with browsers(tmp_path_factory.mktemp("devices")) as opened:
        window = opened.open(width=1920, height=1080)
        watch_all(people, window)
        yield window


def refs_of(people: Crowd) -> list[str]:
    return [call["ref"] for call in people.told["calls"]]


def becomes(wall: Window, script: str, wanted: Any, within_s: float = 12) -> None:
    """Wait until the page says so."""
    found = None
    for _ in range(int(within_s * 5)):
        found = wall.page.evaluate(script)
        if found == wanted:
            return
        wall.page.wait_for_timeout(200)
    assert found == wanted


def listen(wall: Window, ref: str) -> None:
    wall.page.get_by_test_id(f"tile-{ref}").get_by_test_id("listen").click()


def test_the_small_layer_in_the_grid_and_the_large_one_where_it_is_enlarged(people: Crowd, wall: Window) -> None:
    refs = refs_of(people)
    small = [[ref, [SMALL, SMALL]] for ref in refs]
    becomes(wall, WIDTHS, small)
    wall.page.get_by_test_id(f"tile-{refs[2]}").locator("[data-part=pictures]").click()
    becomes(wall, WIDTHS, [[ref, [LARGE, LARGE] if ref == refs[2] else [SMALL, SMALL]] for ref in refs])
    wall.page.keyboard.press("b")
    becomes(wall, WIDTHS, small)


def test_one_call_is_heard_and_none_by_accident(people: Crowd, wall: Window) -> None:
    one, other = refs_of(people)[:2]
    assert wall.page.evaluate(HEARD) == []
    listen(wall, one)
    becomes(wall, HEARD, [one])
    listen(wall, other)
    becomes(wall, HEARD, [other])
    listen(wall, one)
    listen(wall, other)  # before the first is answered
    for _ in range(15):
        assert len(wall.page.evaluate(HEARD)) <= 1
        wall.page.wait_for_timeout(100)
    becomes(wall, HEARD, [other])
    for key in ("3", "b", "b", "l", "l", "l", "l", "l", "l"):
        wall.page.keyboard.press(key)
    assert wall.page.evaluate(HEARD) == [other]
    wall.page.reload()
    wall.page.wait_for_function("n => window.__besuk.firstFrames.length >= n", arg=16)
    assert wall.page.evaluate(HEARD) == []


def test_what_nobody_is_told_of_is_not_heard(people: Crowd, wall: Window) -> None:
    """Another page of the same officer takes the listening away: this one must fall silent by itself."""
    one = refs_of(people)[0]
    listen(wall, one)
    becomes(wall, HEARD, [one])
    wall.page.evaluate(
        "ref => fetch(`/wall/calls/${ref}/unlisten`, {method: 'POST', body: '{}', headers: {'X-CSRFToken': "
        "JSON.parse(document.getElementById('page-data').textContent).csrf, 'Content-Type': 'application/json'}})",
        one,
    )
    becomes(wall, HEARD, [])


def test_as_many_tiles_as_the_officer_likes_and_so_again_next_time(wall: Window) -> None:
    for number, below in (("4", "4"), ("6", "2"), ("8", "")):
        wall.press(f"tiles-{number}")
        becomes(wall, IN_SIGHT, int(number))
        assert wall.text("tiles-below")[:1] == below
    wall.press("tiles-2")
    wall.page.reload()
    becomes(wall, IN_SIGHT, 2)
    wall.page.keyboard.press("l")
    becomes(wall, IN_SIGHT, 4)
    wall.press("tiles-auto")
    becomes(wall, IN_SIGHT, 8)


CUT = """() => [...document.querySelectorAll("[data-ref]")].flatMap(tile => {
  const box = tile.getBoundingClientRect();
  const seen = [...tile.querySelectorAll("button, .pill")].filter(one => one.checkVisibility());
  const out = seen.filter(one => {
    const it = one.getBoundingClientRect();
    return it.left < box.left || it.right > box.right || it.top < box.top || it.bottom > box.bottom;
  });
  const under = seen.filter(one => one.matches(".who") && seen.some(other => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    return other !== one && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }));
  return [...out, ...under].map(one => one.textContent.trim());
})"""
LINES_OF_ACTS = """() => Math.max(...[...document.querySelectorAll("[data-ref] .acts")].map(
  acts => new Set([...acts.querySelectorAll("button")].filter(one => one.checkVisibility()).map(
    one => Math.round(one.getBoundingClientRect().bottom))).size))"""


@pytest.fixture
def busy_tile(people: Crowd, wall: Window) -> Iterator[Locator]:
    """A tile with the longest words: heard, paused, and its family muted."""
    tile = wall.page.get_by_test_id(f"tile-{refs_of(people)[1]}")
    tile.get_by_test_id("listen").click()
    tile.get_by_test_id("pause").click()
    tile.get_by_test_id("resume").wait_for(state="visible")
    _press_seldom(tile, "mute-visitor")
    tile.get_by_test_id("mic-visitor").wait_for(state="visible")
    yield tile
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    _press_seldom(tile, "mute-visitor")
    tile.get_by_test_id("mic-visitor").wait_for(state="hidden")
    tile.get_by_test_id("resume").click()
    tile.get_by_test_id("listen").click()


def _press_seldom(tile: Locator, testid: str) -> None:
    if not tile.get_by_test_id(testid).is_visible():
        tile.get_by_test_id("more").click()
    tile.get_by_test_id(testid).click()


def test_no_act_is_cut_and_no_name_covered_at_any_size(wall: Window, busy_tile: Locator) -> None:
    for width, height, large in ((1920, 1080, ""), (1280, 800, ""), (1280, 800, "1"), (390, 844, "")):
        wall.page.set_viewport_size({"width": width, "height": height})
        if large:
            keys(wall, large, "b")
        assert (width, wall.page.evaluate(CUT), wall.page.evaluate(LINES_OF_ACTS)) == (width, [], 1)
        busy_tile.get_by_test_id("more").click()
        busy_tile.get_by_test_id("mute-inmate").click(trial=True)
        busy_tile.get_by_test_id("unwatch").click(trial=True)
        wall.page.keyboard.press("Escape")
        assert not busy_tile.get_by_test_id("unwatch").is_visible()
        if large:
            keys(wall, large, "b")


def keys(wall: Window, *pressed: str) -> None:
    for key in pressed:
        wall.page.keyboard.press(key)


def by_keys(wall: Window, act: str, *pressed: str) -> None:
    """These keys, and nothing else, make the server take this act.

    A page that was just loaded is counted as watching once its beats have shown that both pictures come.
    """
    for _ in range(20):
        with wall.page.expect_response(lambda answer: answer.url.endswith(f"/{act}")) as answer:
            keys(wall, *pressed)
        told = answer.value.json()
        if told["ok"]:
            return
        assert [one["code"] for one in told["refusals"]] == ["NO_SUPERVISOR"], told
        wall.page.wait_for_timeout(500)
    pytest.fail(f"{act} is refused for too long")


def tab_to(wall: Window, testid: str) -> None:
    """Go on until the focus is there or inside."""
    for _ in range(30):
        if wall.page.evaluate("id => document.activeElement.closest(`[data-testid=${id}]`) !== null", testid):
            return
        wall.page.keyboard.press("Tab")
    pytest.fail(f"no way to {testid} by Tab")


def both(people: Crowd, what: str, told: Callable[[Party], bool], within_s: float = 8) -> None:
    """Both sides of the fifth call are told so."""
    for _ in range(int(within_s * 10)):
        if all(told(party) for party in people.parties[8:10]):
            return
        pause(0.1)
    pytest.fail(f"not {what} within {within_s} s: {[party.state for party in people.parties[8:10]]}")


@pytest.fixture
def fifth(people: Crowd, wall: Window) -> str:
    """The call whose tile the key 5 has chosen, and which the officer's own page alone answers for."""
    wall.page.wait_for_function("n => window.__besuk.firstFrames.length >= n", arg=16)
    keys(wall, "5")
    ref = refs_of(people)[4]
    wall.page.get_by_test_id(f"tile-{ref}").get_by_test_id("end").wait_for(state="visible")
    return ref


def test_what_needs_no_dialog_is_done_by_one_key(people: Crowd, wall: Window, fifth: str) -> None:
    tile = wall.page.get_by_test_id(f"tile-{fifth}")
    by_keys(wall, "listen", "d")
    becomes(wall, HEARD, [fifth])
    by_keys(wall, "unlisten", "d")
    becomes(wall, HEARD, [])
    for key, role in (("m", "inmate"), ("k", "visitor")):
        by_keys(wall, "mute", key)
        tile.locator(f"[data-part=silent-{role}]").get_by_text("Mikrofon dimatikan petugas").wait_for()
        by_keys(wall, "unmute", key)
    by_keys(wall, "speak", "v")
    wall.page.wait_for_selector(f"[data-testid=tile-{fifth}][data-speaking=yes]")
    by_keys(wall, "hush", "v")
    by_keys(wall, "pause", "j")
    wall.page.wait_for_selector(f"[data-testid=tile-{fifth}][data-tone=paused]")
    both(people, "paused", lambda party: party.state["floor"] is False)
    by_keys(wall, "resume", "j")
    wall.page.wait_for_selector(f"[data-testid=tile-{fifth}][data-floor=true]")


def test_who_speaks_sees_how_to_stop_in_the_smallest_tile(wall: Window, fifth: str) -> None:
    wall.page.set_viewport_size({"width": 1280, "height": 800})
    by_keys(wall, "speak", "v")
    with wall.page.expect_response(lambda answer: answer.url.endswith("/hush")):
        wall.page.get_by_test_id(f"tile-{fifth}").get_by_test_id("speak").click()
    wall.page.set_viewport_size({"width": 1920, "height": 1080})


@pytest.mark.parametrize(("act", "key", "menu"), [
    ("warn", "i", "warn-list"), ("extend", "t", "extend-list"), ("incident", "e", "incident-list"),
])  # fmt: skip
def test_what_asks_for_a_reason_is_chosen_by_keys(wall: Window, fifth: str, act: str, key: str, menu: str) -> None:
    keys(wall, key)
    tab_to(wall, menu)
    by_keys(wall, act, "Enter")
    assert wall.page.locator("dialog[open]").count() == 0
    keys(wall, key, "Escape")
    assert wall.page.locator("dialog[open]").count() == 0


def test_what_is_written_is_written_and_sent_by_keys(wall: Window, fifth: str) -> None:
    for act, key, words, send in (
        ("note", "c", "dilihat", "note-save"),
        ("count_people", "o", "1", "count-save"),
        ("support", "n", "sedih", "support-send"),
    ):
        keys(wall, key)
        wall.page.keyboard.type(words)
        tab_to(wall, send)
        by_keys(wall, act, "Enter")


def test_letting_a_call_go_takes_more_than_one_key_and_taking_it_up_one(wall: Window, fifth: str) -> None:
    tab_to(wall, "more")
    keys(wall, "Enter")
    tab_to(wall, "unwatch")
    by_keys(wall, "unwatch", "Enter")
    wall.page.get_by_test_id(f"tile-{fifth}").get_by_test_id("watch").wait_for(state="visible")
    keys(wall, "5")
    by_keys(wall, "watch", "w")


def test_ending_asks_first_and_enter_alone_ends_nothing(people: Crowd, wall: Window, fifth: str) -> None:
    keys(wall, "a", "Enter")
    assert wall.page.locator("dialog[open]").count() == 0
    keys(wall, "a")
    tab_to(wall, "end-list")
    by_keys(wall, "end", "Enter")
    # a tile that has ended goes away soon
    wall.page.wait_for_selector(f"[data-testid=tile-{fifth}][data-state=live]", state="detached")
    both(people, "told of the end", lambda party: party.line.is_over)
