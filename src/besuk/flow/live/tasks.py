"""What an officer has to do: the task list, filled from what is known of the calls."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live.hub import Message
from besuk.flow.live.stage import Stage

TASK_WORDS = {
    "help_visitor": (_("Keluarga minta bantuan"), "high"),
    "help_inmate": (_("Warga binaan minta bantuan"), "high"),
    "no_supervisor": (_("Panggilan tanpa pengawas"), "high"),
    "technical": (_("Sambungan terputus"), "normal"),
    "late": (_("Belum dimulai padahal sudah waktunya"), "normal"),
    "identity": (_("Periksa wajah kedua pihak, lalu izinkan"), "normal"),
}


def flags(stage: Stage) -> list[str]:
    """Short words that a tile marks."""
    return [f"help_{seat.role}" for seat in stage.parties() if seat.help_wanted]


def tasks(stages: Iterable[Stage], now: datetime, at: float) -> list[Message]:
    """The task list, filled from what is known of the calls, most urgent first."""
    found = [_task(stage, code) for stage in stages for code in task_codes(stage, now, at)]
    order = {"high": 0, "normal": 1, "low": 2}
    return sorted(found, key=lambda task: order[str(task["urgency"])])


def task_codes(stage: Stage, now: datetime, at: float) -> list[str]:
    """What somebody has to do about this call."""
    codes = flags(stage)
    if stage.state == "live":
        codes += [cause for cause in ("no_supervisor", "technical") if cause in stage.holds]
    elif stage.both_seen() and stage.is_watched(at):
        codes.append("identity")
    elif now >= stage.starts_at:
        codes.append("no_supervisor" if not stage.is_watched(at) else "late")
    return codes


def _task(stage: Stage, code: str) -> Message:
    title, urgency = TASK_WORDS[code]
    detail = f"{stage.station} · {stage.inmate_name} – {stage.visitor_name}"
    return {
        "id": f"{stage.ref}:{code}", "title": gettext(title), "detail": detail, "urgency": urgency, "call": stage.ref,
    }  # fmt: skip
