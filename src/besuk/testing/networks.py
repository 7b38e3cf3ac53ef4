"""Network faults for real: a site and its people's browsers in network namespaces of their own, joined by a switch.

A cut line is one of two things. *Cut*: nothing gets through any more, and both ends believe that the line is
there (a router lost its provider, a wall of a lift). *Unplugged*: the browser's machine sees that its line is
gone. Namespaces need root; there is no firewall tool in the way, so it works where the kernel has little.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SITE_ADDRESS = "10.77.0.1"
"""Where browsers reach the site and its media server."""
SWITCH_MAC = "02:00:00:00:00:01"
"""Of its own: otherwise it is that of one of the lines, changes when that one is cut, and the cut lets half through."""
NARROW = 24
FIRST, MOVES_BY = 10, 50


class Network:
    """A switch with the site at it. Made by `network`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[Line] = []
        self.inside = _inside(name)
        """What stands before a command that is to run where the site is."""

    def make(self) -> None:
        """Make switch and address. Raises RuntimeError where the machine does not let us."""
        _ip("netns", "add", self._name)
        _in(self._name, "link", "set", "lo", "up")
        _in(self._name, "link", "add", "switch", "type", "bridge", "forward_delay", "0")
        _in(self._name, "link", "set", "switch", "address", SWITCH_MAC)
        _in(self._name, "address", "add", f"{SITE_ADDRESS}/{NARROW}", "dev", "switch")
        _in(self._name, "link", "set", "switch", "up")
        _in(self._name, "route", "add", "default", "dev", "switch")

    def line(self) -> "Line":
        """One more machine at the switch, with an address of its own."""
        made = Line(self._name, len(self._lines) + 1)
        self._lines.append(made)
        made.make()
        return made

    def remove(self) -> None:
        """Take everything away; what still runs in it keeps running without a line."""
        for line in self._lines:
            line.remove()
        subprocess.run(["ip", "netns", "delete", self._name], check=False, capture_output=True)


class Line:
    """One machine's way to the switch."""

    def __init__(self, switch: str, number: int) -> None:
        self._switch, self._port = switch, f"port{number}"
        self._machine = f"{switch}-{number}"
        self._host = FIRST + number
        self.inside = _inside(self._machine)
        """What stands before a command that is to run on this machine."""

    def make(self) -> None:
        """Make the machine and connect it."""
        _ip("netns", "add", self._machine)
        _in(self._machine, "link", "set", "lo", "up")
        peer = ("peer", "name", "eth0", "netns", self._machine)
        _in(self._switch, "link", "add", self._port, "type", "veth", *peer)
        _in(self._machine, "link", "set", "eth0", "up")
        _in(self._machine, "address", "add", self._address, "dev", "eth0")
        self.plug_in()
        self.mend()

    def cut(self) -> None:
        """Nothing gets through in either direction, and nobody is told."""
        _in(self._switch, "link", "set", self._port, "nomaster")

    def mend(self) -> None:
        """Let everything through again."""
        _in(self._switch, "link", "set", self._port, "master", "switch")

    def unplug(self) -> None:
        """The cable is pulled: the machine sees that it has no line."""
        _in(self._switch, "link", "set", self._port, "down")

    def plug_in(self) -> None:
        """The cable is in: the line is there again at once."""
        _in(self._switch, "link", "set", self._port, "up")

    def move(self) -> None:
        """From Wi-Fi to mobile: the old address is gone at once, another one is there."""
        _in(self._machine, "address", "delete", self._address, "dev", "eth0")
        self._host += MOVES_BY
        _in(self._machine, "address", "add", self._address, "dev", "eth0")

    @property
    def _address(self) -> str:
        return f"10.77.0.{self._host}/{NARROW}"

    def remove(self) -> None:
        """Take the machine away."""
        subprocess.run(["ip", "netns", "delete", self._machine], check=False, capture_output=True)


@contextmanager
def network() -> Iterator[Network]:
    """A switch for the block. Raises RuntimeError where the machine does not let us."""
    made = Network(f"besuk{os.getpid()}")
    try:
        made.make()
        yield made
    finally:
        made.remove()


def program_on(line: Line, program: str, folder: Path) -> Path:
    """A program that is `program`, run on the line's machine."""
    written = folder / f"{Path(program).name}-{line.inside[1].rpartition('/')[2]}"
    written.write_text(f'#!/bin/sh\nexec {" ".join(line.inside)} {program} "$@"\n')
    written.chmod(0o700)
    return written


def _inside(name: str) -> tuple[str, ...]:
    return ("nsenter", f"--net=/run/netns/{name}", "--")


def _in(name: str, *words: str) -> None:
    _ip("-n", name, *words)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
