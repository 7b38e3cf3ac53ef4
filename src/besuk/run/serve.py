"""A small site as one tree of processes: this one is the guard, its children are media, web and worker. No Django.

The parent holds nothing but the guard, so that it stays alive and light when everything else is in trouble.
Children cannot outlive it; what dies is started again; Ctrl-C ends all of them.
"""

import asyncio
import http.client
import json
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from besuk.ground.media.port import MediaCluster
from besuk.ground.media.server import ServerPlan, answers, binary_path, configuration
from besuk.run.guard import Guard, Rooms, TwirpRooms
from besuk.run.plan import SitePlan, inner_port_for, media_plan, must_be_free
from besuk.run.speak import NOT_CONFIGURED, Stop
from besuk.run.tree import ProcessTree, Program
from besuk.run.variables import variable

READY_WITHIN_S = 30.0
LOOK_S = 0.05
PYTHON = (sys.executable, "-X", "faulthandler", "-m", "besuk.run.cli")


def site_from_environment(*, host: str, port: int) -> SitePlan:
    """The plan of `besuk serve`: the `BESUK_*` variables, with a media server of our own unless one is named."""
    must_be_free(host, port)
    site_url = variable("BESUK_SITE_URL") or f"http://{host}:{port}"
    named = [name for name in variable("BESUK_HOSTS").split(",") if name.strip()]
    own_media = media_kind() == "livekit" and not variable("BESUK_MEDIA_URL")
    inner = inner_port_for(host, tls=False)
    node_ip = variable("BESUK_MEDIA_ADDRESS", "127.0.0.1")
    return SitePlan(
        data_dir=Path(variable("BESUK_DATA_DIR") or Path.cwd() / "build" / "data").expanduser().absolute(),
        host=host,
        port=port,
        site_url=site_url,
        hosts=tuple(named),
        inner_port=inner,
        media=media_plan(webhook_port=inner or port, node_ip=node_ip) if own_media else None,
        extra={"BESUK_MEDIA": media_kind()},
    )


def programs(plan: SitePlan) -> list[Program]:
    """The parts that use Django, in order of start."""
    environment = plan.environment()
    web = [*PYTHON, "web", "--host", plan.host, "--port", str(plan.port)]
    if plan.tls is not None:
        web += ["--certificate", str(plan.tls.certificate), "--key", str(plan.tls.key)]
    if plan.inner_port is not None:
        web += ["--inner-port", str(plan.inner_port)]
    return [
        Program("web", web, plan.logs / "web.log", environment, stop_patience_s=2.5),
        Program("worker", [*PYTHON, "worker"], plan.logs / "worker.log", environment, stop_patience_s=2.5),
    ]


def _media(plan: SitePlan, media: ServerPlan) -> Program:
    """The first SIGTERM would wait for people without limit, so a second one follows."""
    written = plan.data_dir / "media.json"
    written.touch(mode=0o600)
    written.chmod(0o600)
    settings = json.loads(configuration(media))
    # The guard asks four times a second; a line for each question would fill the disk.
    settings["logging"]["component_levels"] = {"api": "warn"}
    written.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    command = [str(binary_path()), "--config", str(written)]
    return Program(
        "media", command, plan.logs / "media.log", stop_signals=(signal.SIGTERM, signal.SIGTERM), stop_patience_s=1.0
    )


def run_site(plan: SitePlan, when_ready: Callable[[], None]) -> None:
    """Run the site until Ctrl-C or SIGTERM. Raises Stop when a part cannot work as it is configured."""
    for folder in (plan.logs, plan.data_dir / "static"):
        folder.mkdir(parents=True, exist_ok=True)
    plan.leases.mkdir(mode=0o700, parents=True, exist_ok=True)
    _log_to(plan.logs / "guard.log")
    asyncio.run(_run(plan, when_ready))


def _log_to(file: Path) -> None:
    """The guard's and the tree's own words: everything into a file, what is serious to the terminal too."""
    shape = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    kept, shown = logging.FileHandler(file, encoding="utf-8"), logging.StreamHandler()
    kept.setFormatter(shape)
    shown.setLevel(logging.ERROR)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers = [kept, shown]


async def _run(plan: SitePlan, when_ready: Callable[[], None]) -> None:
    stop, ready, failed = asyncio.Event(), asyncio.Event(), list[Stop]()

    def fail(reason: Stop) -> None:
        failed.append(reason)
        stop.set()

    def died(name: str, code: int) -> None:
        # a site that worked is started again whatever a part says: its database may only be away for now
        if code == NOT_CONFIGURED and not ready.is_set():
            fail(Stop(_last_words(plan.logs / f"{name}.log"), "", NOT_CONFIGURED))

    def announce() -> None:
        ready.set()
        when_ready()

    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(wish, stop.set)
    media = ProcessTree([_media(plan, plan.media)] if plan.media is not None else [])
    guard = guard_of(plan, kill=lambda: media.kill("media"))
    parts, silent = ProcessTree(programs(plan), on_death=died), asyncio.Event()
    media.start()
    parts.start()

    async def keep_parts() -> None:
        """The web closes every floor as it ends, so the media server must outlive it."""
        try:
            await parts.run(stop)
        finally:
            silent.set()

    everything = (media.run(silent), keep_parts(), _watch(plan, guard, silent))
    async with asyncio.TaskGroup() as group:
        for one in (*everything, _announce(plan, stop, announce, fail)):
            group.create_task(one)
    if failed:
        raise failed[0]


async def _watch(plan: SitePlan, guard: Guard, stop: asyncio.Event) -> None:
    """Guard, from the moment the media server first answers (at most a second: then it has something to say)."""
    for _ in range(20):
        if plan.media is None or stop.is_set() or await asyncio.to_thread(answers, plan.media.ports.signalling):
            break
        await asyncio.sleep(LOOK_S)
    await guard.run(stop)


def guard_of(plan: SitePlan, kill: Callable[[], None]) -> Guard:
    """The guard of our own media server, which it may `kill`, or of one elsewhere, which it may not.

    Raises Stop where there is media and nobody could guard it: no site runs unguarded.
    """
    if plan.media is not None:
        return Guard(TwirpRooms(plan.media.cluster), plan.leases, kill=kill)
    rooms: Rooms = _NoRooms() if media_kind() == "stub" else TwirpRooms(known_cluster())
    return Guard(rooms, plan.leases)


def run_guard_alone() -> None:
    """Guard a media server that the environment names, until SIGTERM or Ctrl-C. Raises Stop without a secret."""
    cluster = known_cluster()
    data_dir = Path(variable("BESUK_DATA_DIR") or Path.cwd() / "build" / "data")
    leases = Path(variable("BESUK_LEASES_DIR") or data_dir / "leases")
    leases.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def guard() -> None:
        stop = asyncio.Event()
        for wish in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(wish, stop.set)
        await Guard(TwirpRooms(cluster), leases).run(stop)

    asyncio.run(guard())


def media_kind() -> str:
    """`livekit`, or `stub`: no media at all."""
    return variable("BESUK_MEDIA", "livekit")


def known_cluster() -> MediaCluster:
    """The media server that the environment names. Raises Stop when its key is not known: nobody could guard it."""
    cluster = outer_cluster()
    if not cluster.api_secret:
        raise Stop("the guard needs the key of the media server.", "Set BESUK_MEDIA_URL and BESUK_MEDIA_API_SECRET.")
    return cluster


def outer_cluster() -> MediaCluster:
    """The media server that the environment names."""
    return MediaCluster(
        variable("BESUK_MEDIA_URL", "http://127.0.0.1:7880"),
        variable("BESUK_MEDIA_API_KEY", "besuk"),
        variable("BESUK_MEDIA_API_SECRET"),
    )


class _NoRooms:
    """Without media there are no rooms to guard."""

    async def names(self) -> list[str]:
        return []

    async def delete(self, room: str) -> None:
        return


async def _announce(
    plan: SitePlan, stop: asyncio.Event, when_ready: Callable[[], None], fail: Callable[[Stop], None]
) -> None:
    """Wait until pages and media answer, then say so; give up after `READY_WITHIN_S`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + READY_WITHIN_S
    while not stop.is_set():
        if await asyncio.to_thread(is_ready, plan):
            when_ready()
            return
        if loop.time() > deadline:
            fail(Stop(f"the site did not answer within {READY_WITHIN_S:.0f} s.", f"Read the logs in {plan.logs}."))
        await asyncio.sleep(LOOK_S)


def is_ready(plan: SitePlan) -> bool:
    """Whether the web answers, and the media server where it is ours."""
    return _pages_answer(plan.loopback_port) and (plan.media is None or answers(plan.media.ports.signalling))


def _pages_answer(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _last_words(log: Path) -> str:
    """What a part said before it gave up."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    told = [line.removeprefix("besuk: ").strip() for line in lines]
    begin = max((n for n, line in enumerate(lines) if line.startswith("besuk: ")), default=max(0, len(lines) - 3))
    return "\n       ".join(told[begin:]) or "a part ended at once; see its log."
