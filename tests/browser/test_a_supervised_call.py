"""Who sees and hears whom, from before admit to after the end, on real media in three real browsers.

One story: each test goes on where the one before it left off.
"""

import re
from collections.abc import Callable

import pytest

from besuk.testing.browsers import Browsers, Window
from besuk.testing.scene import Scene
from besuk.testing.site import Site
from besuk.testing.waiting import until

pytestmark = pytest.mark.browser
REMOTE = "[data-testid=remote-video]"


@pytest.fixture(scope="module")
def scene(site: Site, chromium: Browsers) -> Scene:
    site.make_due()  # with nobody after it: minutes can be added whatever the hour
    built = Scene(site, chromium)
    built.gather()
    return built


def minutes_left(scene: Scene) -> int:
    found = re.search(r"\d+", scene.family.text("time-left"))
    return int(found[0]) if found else -1


def nobody_but_the_officer_sees(scene: Scene) -> None:
    assert scene.passing() == (False, False)
    frames, _ = scene.officer.passes(1.5)
    assert frames > 5
    assert scene.officer.colours("[data-testid=video-visitor]") == ["red"]
    assert scene.officer.colours("[data-testid=video-inmate]") == ["blue"]


def both_see_and_hear_each_other(scene: Scene) -> None:
    scene.family.page.wait_for_timeout(1500)
    assert scene.family.colours(REMOTE) == ["blue"]
    assert scene.station.colours(REMOTE) == ["red"]
    assert [abs(hertz - 440) < 15 for hertz in scene.family.tones()] == [True]
    assert [abs(hertz - 880) < 15 for hertz in scene.station.tones()] == [True]


def test_before_admit_only_the_officer_sees_anybody(scene: Scene) -> None:
    nobody_but_the_officer_sees(scene)


def test_no_address_but_ours_reaches_a_browser(scene: Scene) -> None:
    for window in (scene.family, scene.station, scene.officer):
        assert all("127.0.0.1" in address for address in window.published_addresses())


def test_after_admit_both_see_and_hear_each_other_and_nobody_else(scene: Scene) -> None:
    scene.admit()
    both_see_and_hear_each_other(scene)
    assert 1 <= minutes_left(scene) <= 10


def test_a_warning_appears_on_both_sides(scene: Scene) -> None:
    scene.officer.press("warn")
    scene.officer.page.get_by_test_id("warn-list").get_by_role("button").first.click()
    for window in (scene.family, scene.station):
        window.page.get_by_test_id("warning").wait_for(state="visible")
        window.press("warning-read")


def hears(window: Window) -> bool:
    """Whether any tone of the other side is heard now."""
    return any(hertz > 0 for hertz in window.tones())


def test_a_muted_family_is_seen_and_not_heard_within_a_second(scene: Scene) -> None:
    assert hears(scene.station)
    scene.act("mute-visitor")
    assert until(lambda: not hears(scene.station)) < 1.0
    scene.family.page.get_by_text("Petugas mematikan mikrofon Anda sebentar.").wait_for(state="visible")
    scene.station.page.get_by_test_id("muted").wait_for(state="visible")
    scene.officer.page.get_by_test_id("mic-visitor").get_by_text("Mikrofon dimatikan petugas").wait_for()
    frames, sound = scene.station.passes(1.5)
    assert frames > 5
    assert sound == 0
    assert scene.station.colours(REMOTE) == ["red"]
    assert [abs(hertz - 440) < 15 for hertz in scene.family.tones()] == [True]


def test_a_reload_does_not_bring_the_muted_voice_back(scene: Scene) -> None:
    scene.family.page.reload()
    scene.becomes("live", within_s=15)
    scene.family.page.wait_for_timeout(4000)
    scene.becomes("live")
    assert scene.station.colours(REMOTE) == ["red"]
    assert not hears(scene.station)
    assert scene.station.passes(1.5)[1] == 0


def test_unmuted_the_family_is_heard_again(scene: Scene, record_property: Callable[[str, object], None]) -> None:
    scene.act("mute-visitor")
    took = until(lambda: hears(scene.station))
    record_property("unmute_to_heard_s", took)
    print(f"unmute to heard: {took:.2f} s")
    assert took < 3.0
    both_see_and_hear_each_other(scene)
    assert scene.family.page.get_by_test_id("muted").is_hidden()


def test_an_officer_adds_a_minute_and_both_are_told(scene: Scene) -> None:
    before = minutes_left(scene)
    scene.act("extend")
    scene.officer.page.get_by_test_id("extend-minutes").fill("1")
    scene.officer.press("choose-technical")
    for window in (scene.family, scene.station):
        window.page.get_by_text("Petugas menambah 1 menit.").wait_for(state="visible")
    assert minutes_left(scene) in {before, before + 1}


def test_an_incident_is_kept_with_one_click(scene: Scene) -> None:
    scene.act("incident")
    scene.officer.press("choose-threat")
    scene.officer.page.get_by_text("Kejadian dicatat.").wait_for(state="visible")
    assert scene.officer.text("line-visitor") == "Sambungan baik"


def test_paused_nothing_passes_while_the_officer_still_sees(scene: Scene) -> None:
    scene.officer.press("pause")
    scene.becomes("paused")
    nobody_but_the_officer_sees(scene)


def test_the_officers_pause_survives_leaving_and_coming_back(scene: Scene) -> None:
    scene.officer.close()
    scene.family.page.wait_for_timeout(1500)
    scene.reopen_officer()
    scene.sees_both(scene.officer)
    scene.officer.page.wait_for_timeout(4000)
    assert scene.passing() == (False, False)


def test_resume_lets_them_go_on(scene: Scene) -> None:
    scene.officer.press("resume")
    scene.becomes("live")
    both_see_and_hear_each_other(scene)


def test_a_frozen_wall_pauses_the_call_and_a_thawed_one_resumes_it(scene: Scene) -> None:
    debugger = scene.officer.context.new_cdp_session(scene.officer.page)
    debugger.send("Debugger.enable")
    debugger.send("Debugger.pause")
    scene.becomes("paused", within_s=5)
    assert scene.passing() == (False, False)
    debugger.send("Debugger.resume")
    debugger.detach()
    scene.becomes("live")


def test_a_killed_wall_pauses_and_coming_back_resumes_with_the_minutes_kept(scene: Scene) -> None:
    before = minutes_left(scene)
    scene.officer.close()
    scene.becomes("paused", within_s=5)
    assert scene.passing(3) == (False, False)
    scene.reopen_officer()
    scene.becomes("live", within_s=15)
    both_see_and_hear_each_other(scene)
    assert before - minutes_left(scene) <= 1


def test_after_the_end_nothing_passes(scene: Scene) -> None:
    scene.end()
    scene.becomes("ended")
    assert scene.passing() == (False, False)
    scene.family.press("next")
    scene.family.page.wait_for_url("**/result/**")


def test_timeline_and_verifier_tell_the_same_story(scene: Scene, site: Site) -> None:
    verdict = site.verify()
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    head = scene.chromium.open()
    head.page.goto(f"{site.base}/demo/")
    head.press("enter-kalapas")
    visit = scene.family.page.url.split("/visits/")[1].split("/")[0]
    head.page.goto(f"{site.base}/office/visits/{visit}/")
    story = head.page.inner_text("main")
    told = ("mempertemukan mereka", "menghentikan sementara", "melanjutkan", "pengawas tidak tersambung",
            "Panggilan selesai")  # fmt: skip
    for words in told:
        assert words in story, words
