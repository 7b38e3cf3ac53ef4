"""The three people of a visit at their windows, and how each gets into the call."""

from dataclasses import dataclass

from besuk.testing.browsers import Browsers, Window
from besuk.testing.fake_devices import BLUE, RED, FakeDevices
from besuk.testing.networks import Line, Network
from besuk.testing.site import Site

ATTENTIVE_S = 6
"""So long a wall needs at most to see both sides and to be counted as watching."""


@dataclass(frozen=True)
class Lines:
    """How each of the three reaches the site; None: on the same machine."""

    family: Line | None = None
    station: Line | None = None
    officer: Line | None = None


def lines_of(network: Network) -> Lines:
    """Three machines on a network."""
    return Lines(network.line(), network.line(), network.line())


class Scene:
    """Family (red, 880 Hz), inmate's station (blue, 440 Hz) and officer (no camera) of one visit."""

    def __init__(
        self,
        site: Site,
        chromium: Browsers,
        lines: Lines | None = None,
        *,
        family: FakeDevices = RED,
        station: FakeDevices = BLUE,
    ) -> None:
        self.site, self.chromium = site, chromium
        self.lines = lines or Lines()
        self.family = chromium.open(family, phone=True, line=self.lines.family)
        self.station = chromium.open(station, line=self.lines.station)
        self.officer = chromium.open(line=self.lines.officer)

    @classmethod
    def live(cls, site: Site, chromium: Browsers, lines: Lines | None = None) -> "Scene":
        """A visit that is due now, both sides in its call, watched and admitted."""
        site.make_due()
        built = cls(site, chromium, lines)
        built.gather()
        built.admit()
        return built

    def end(self) -> None:
        """The officer ends the call, giving the first reason."""
        self.officer.press("end")
        self.officer.page.get_by_test_id("end-list").get_by_role("button").first.click()

    def act(self, testid: str) -> None:
        """The officer presses an act of the tile; where the tile is small it stands under "Lainnya"."""
        if not self.officer.page.get_by_test_id(testid).first.is_visible():
            self.officer.press("more")
        self.officer.press(testid)

    def gather(self) -> None:
        """Both sides get into the call; the officer watches it. Nobody is admitted."""
        for role, window in (("family", self.family), ("station", self.station), ("officer", self.officer)):
            self.site.enter(window, role)
        self._family_checks_in()
        self.station.page.reload()
        self.station.press("ready")
        self.station.page.wait_for_url("**/station/call/**")
        if "/call/" not in self.family.page.url:
            self.family.press("enter")
            self.family.page.wait_for_url("**/call/**")
        self.start_shift(self.officer)
        self.officer.press("watch")
        self.sees_both(self.officer)

    def start_shift(self, officer: Window) -> None:
        """The officer begins a shift at their wall, if none runs."""
        officer.page.wait_for_selector("[data-testid=shift-form]:visible, [data-testid=shift-end]:visible")
        if officer.page.get_by_test_id("shift-form").is_visible():
            officer.page.get_by_test_id("shift-pin").fill(self.site.window("officer")["sign_in"]["by_hand"]["pin"])
            officer.press("shift-start")
            officer.page.get_by_test_id("shift-end").wait_for()

    def _family_checks_in(self) -> None:
        page = self.family.page
        self.family.press("check-in")
        page.wait_for_load_state()
        for testid in ("arrive", "skip", "next"):
            if page.get_by_test_id(testid).count():
                self.family.press(testid)
                page.wait_for_load_state()
        for testid in ("accept-rules", "no-recording"):
            if page.get_by_test_id(testid).count():
                page.get_by_test_id(testid).check()
        if page.get_by_test_id("check-in").count():
            self.family.press("check-in")
        page.wait_for_load_state()

    def sees_both(self, officer: Window) -> None:
        """Wait until the wall shows both pictures."""
        for role in ("inmate", "visitor"):
            officer.page.wait_for_function(
                "s => [...document.querySelectorAll(s)].some(v => v.videoWidth > 0)",
                arg=f"[data-testid=video-{role}]",
            )

    def admit(self) -> None:
        """The officer compares the faces and lets the two meet."""
        self.officer.press("identity-check")
        self.officer.page.get_by_test_id("admit").wait_for()
        self.officer.page.wait_for_timeout(1500)
        self.officer.press("admit")
        self.becomes("live")

    def becomes(self, state: str, within_s: float = 8) -> None:
        """Wait until both parties' pages say that the call is in `state`."""
        for window in (self.family, self.station):
            window.page.wait_for_selector(
                f'[data-testid=call-state][data-state="{state}"]', state="attached", timeout=within_s * 1000
            )

    def reopen_officer(self) -> None:
        """The officer comes back in a new browser."""
        self.officer = self.chromium.open(line=self.lines.officer)
        self.site.enter(self.officer, "officer")

    def passing(self, seconds: float = 1.2) -> tuple[bool, bool]:
        """Whether anything reaches the family, and the station: decoded frames or sound packets."""
        before = [one.received() for one in (self.family, self.station)]
        self.family.page.wait_for_timeout(seconds * 1000)
        after = [one.received() for one in (self.family, self.station)]
        pairs = zip(before, after, strict=True)
        moved = [b.frames_decoded > a.frames_decoded or b.audio_packets > a.audio_packets for a, b in pairs]
        return moved[0], moved[1]
