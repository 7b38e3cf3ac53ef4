"""Real browsers for tests and benchmarks: Debian's Chromium with fake devices, and eyes and ears on them."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from besuk.ground.kernel import clock
from besuk.testing.fake_devices import FakeDevices
from besuk.testing.networks import Line, program_on

CHROMIUM = "/usr/bin/chromium"
ASK_TIMES = 9
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage",
]  # fmt: skip

EYES_AND_EARS = (Path(__file__).parent / "eyes_and_ears.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Media:
    """What one page has received up to now, over all of its connections."""

    video_packets: int
    audio_packets: int
    frames_decoded: int
    last_packet_ms: float
    """When the newest RTP packet came, or the connection that received was closed; 0: never. On `clock.monotonic`."""


class Window:
    """One browser of its own, signed in as one person."""

    def __init__(self, browser: Browser, context: BrowserContext, page: Page) -> None:
        self.browser, self.context, self.page = browser, context, page
        self.pids: list[int] = []
        """The browser's own processes, to be killed as a power cut would."""

    def received(self) -> Media:
        """Counters of everything received since the page was opened."""
        told = self.page.evaluate("window.__besuk.received()")
        last = told["last_packet_ms"]
        return Media(**{**told, "last_packet_ms": 0.0 if last is None else self.moment(last)})

    def moment(self, page_ms: float) -> float:
        """A page's `performance.now()` on our own monotonic clock, in ms: so moments of several pages can be compared.

        Both come from the machine's monotonic clock, whatever happens to its wall clock. The difference is asked
        for several times, and the quickest answer taken: wrong by half of its way at most (some 0.5 ms).
        """
        found = []
        for _ in range(ASK_TIMES):
            before = clock.monotonic()
            there: float = self.page.evaluate("performance.now()")
            after = clock.monotonic()
            found.append((after - before, (before + after) * 500 - there))
        return page_ms + min(found)[1]

    def sent(self) -> int:
        """RTP packets that the page has given to the connections it has open now."""
        found: int = self.page.evaluate("window.__besuk.sent()")
        return found

    def look_often(self, *, on: bool = True) -> None:
        """Read the counters every 15 ms, so that the last packet before silence is not missed by more."""
        self.page.evaluate("on => window.__besuk.lookOften(on)", on)

    def first_frames(self) -> list[float]:
        """When each remote picture's first frame reached the screen (ms on our monotonic clock)."""
        found: list[float] = self.page.evaluate("window.__besuk.firstFrames")
        shift = self.moment(0.0)
        return [one + shift for one in found]

    def asked_at(self, ending: str) -> float:
        """When the page first made a request whose address ends so (ms on our monotonic clock)."""
        found: float = self.page.evaluate("e => window.__besuk.asked.find(one => one.url.endsWith(e)).at", ending)
        return self.moment(found)

    def passes(self, seconds: float = 1.5) -> tuple[int, int]:
        """How many video frames were decoded and audio packets came within the next `seconds`."""
        before = self.received()
        self.page.wait_for_timeout(seconds * 1000)
        after = self.received()
        return after.frames_decoded - before.frames_decoded, after.audio_packets - before.audio_packets

    def colours(self, selector: str) -> list[str]:
        """The colour of each playing video that matches: red, green, blue or dark."""
        found: list[str] = self.page.evaluate("s => window.__besuk.colours(s)", selector)
        return found

    def tones(self) -> list[int]:
        """The strongest frequency (Hz) of each remote audio track that is playing audibly; silent ones are 0."""
        found: list[int] = self.page.evaluate("window.__besuk.tones()")
        return found

    def published_addresses(self) -> list[str]:
        """Every ICE server address this page was given."""
        found: list[str] = self.page.evaluate("window.__besuk.iceServers()")
        return found

    def text(self, testid: str) -> str:
        """The text of a control or state."""
        return self.page.get_by_test_id(testid).first.inner_text()

    def press(self, testid: str) -> None:
        """Click a control."""
        self.page.get_by_test_id(testid).first.click()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.browser.close()


class Browsers:
    """Opens windows; each is a Chromium process of its own with its own camera and microphone."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self.playwright, self.folder = playwright, folder
        self.windows: list[Window] = []

    def open(
        self,
        devices: FakeDevices | None = None,
        *,
        width: int = 1280,
        height: int = 800,
        phone: bool = False,
        flags: tuple[str, ...] = (),
        language: str = "id-ID",
        line: Line | None = None,
        **options: Any,
    ) -> Window:
        """A new browser with a page at about:blank, on a machine of its own where it has a `line`."""
        args = [*FLAGS, *flags]
        if devices is not None:
            camera, microphone = devices.write(self.folder)
            args += [
                f"--use-file-for-fake-video-capture={camera}",
                f"--use-file-for-fake-audio-capture={microphone}",
            ]
        before = _chromiums()
        program = CHROMIUM if line is None else program_on(line, CHROMIUM, self.folder)
        browser = self.playwright.chromium.launch(executable_path=program, args=args)
        context = browser.new_context(
            viewport={"width": 390 if phone else width, "height": 844 if phone else height},
            has_touch=phone,
            locale=language,
            ignore_https_errors=True,
            **options,
        )
        context.add_init_script(EYES_AND_EARS)
        page = context.new_page()
        page.set_default_timeout(15_000)
        window = Window(browser, context, page)
        window.pids = sorted(_chromiums() - before)
        self.windows.append(window)
        return window

    def close(self) -> None:
        """Close every window."""
        for window in self.windows:
            window.close()


def _chromiums() -> set[int]:
    """Browsers that this process started (not their helpers, which end with them)."""
    found = set()
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # one that dies meanwhile is none
            if "chromium" in one.name() and "--type=" not in " ".join(one.cmdline()):
                found.add(one.pid)
    return found


@contextlib.contextmanager
def browsers(folder: Path) -> Iterator[Browsers]:
    """Browsers for the block; all are closed at its end."""
    with sync_playwright() as playwright:
        opened = Browsers(playwright, folder)
        try:
            yield opened
        finally:
            opened.close()
