"""Starting a process that cannot outlive the one that started it. No Django: the guard uses it."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def start_child(
    command: Sequence[str], *, output: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; the kernel kills it when this process dies.

    A session of its own, because Ctrl-C in a terminal reaches a whole group at once, and the parent
    wants to end its children in order. `output` (appended to) takes stdout and stderr.

    The kernel's rule watches the *thread* that started the child: call this from the main thread.
    """
    sink = output.open("ab") if output else None
    try:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT if sink else None,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509  two system calls, nothing that takes a lock
        )
    finally:
        if sink is not None:
            sink.close()


def _dying_with(parent: int) -> Callable[[], None]:
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return tie


def stop_child(
    child: subprocess.Popen[bytes], *, patience_s: float, signals: Sequence[signal.Signals] = (signal.SIGTERM,)
) -> int:
    """End the child: each of `signals` with `patience_s` to obey, then SIGKILL. Its exit code."""
    for wish in signals:
        if child.poll() is not None:
            break
        child.send_signal(wish)
        with suppress(subprocess.TimeoutExpired):
            return child.wait(patience_s)
    child.kill()
    return child.wait()
