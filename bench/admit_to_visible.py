"""From the officer's click on "admit" to the inmate's first picture on the visitor's screen."""

from bench.figures import Figure, figure
from bench.site import scene
from besuk.testing.scene import Scene

CALLS = 12
LISTEN = (
    "() => addEventListener('click', e => {"
    " if (e.target.closest('[data-testid=admit]')) window.__admitted = e.timeStamp },"
    " { capture: true })"
)


def measure() -> list[Figure]:
    """Each call is a new one; both sides were in it and seen by the officer before."""
    visible: list[float] = []
    with scene() as stage:
        for _ in range(CALLS):
            stage.site.make_due()
            stage.gather()
            visible.append(_admit(stage))
            stage.end()
            stage.becomes("ended")
    return [figure("admit_to_visible.visitor", "ms", visible, goal="<= 300")]


def _admit(stage: Scene) -> float:
    """Milliseconds from the click as the officer's page got it."""
    stage.officer.page.evaluate(LISTEN)
    before = len(stage.family.first_frames())
    stage.admit()
    stage.family.page.wait_for_function("n => window.__besuk.firstFrames.length > n", arg=before)
    clicked: float = stage.officer.page.evaluate("window.__admitted")
    return stage.family.first_frames()[before] - stage.officer.moment(clicked)
