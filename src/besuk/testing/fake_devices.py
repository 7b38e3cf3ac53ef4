"""Cameras of one colour and microphones of one tone, so that a test can tell who is seen and heard."""

import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT, FPS, SECONDS = 640, 480, 15, 2
RATE = 48_000


@dataclass(frozen=True)
class FakeDevices:
    """What one browser shows and says: a colour (Y, U, V) with its name, and a tone in hertz."""

    colour: str
    yuv: tuple[int, int, int]
    tone: int
    """0 is silence."""
    shaded: int = 0
    """So much lighter is the right edge than the left: a picture of something, not of a covered lens."""

    pauses: bool = False
    """Speaks every other second, as people do: the media server tells who speaks only when that changes."""

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write camera (y4m) and microphone (wav) files into `folder`; returns both paths."""
        camera, microphone = folder / f"{self.colour}.y4m", folder / f"{self.tone}{'p' if self.pauses else ''}.wav"
        if not camera.exists():
            _write_camera(camera, self.yuv, self.shaded)
        if not microphone.exists():
            _write_tone(microphone, self.tone, pauses=self.pauses)
        return camera, microphone


RED = FakeDevices("red", (76, 85, 255), 880)
"""The family's."""
BLUE = FakeDevices("blue", (40, 240, 110), 440)
"""The station's."""
GREEN = FakeDevices("green", (150, 44, 21), 1320)
"""The officer's, which nobody should ever see or hear."""
BLACK = FakeDevices("black", (16, 128, 128), 0)
"""A covered camera, and nobody who speaks."""
ROOM = FakeDevices("room", (40, 128, 128), 440, shaded=120, pauses=True)
"""A picture with light and shade, and somebody who speaks."""


def _write_camera(path: Path, yuv: tuple[int, int, int], shaded: int) -> None:
    """Frames of one colour with a dark bar that moves, so that every frame is a new one."""
    y, u, v = yuv
    line = bytes(y + shaded * x // WIDTH for x in range(WIDTH))
    chroma = bytes([u]) * (WIDTH * HEIGHT // 4) + bytes([v]) * (WIDTH * HEIGHT // 4)
    with path.open("wb") as stream:
        stream.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FPS * SECONDS):
            left = number * (WIDTH - 20) // (FPS * SECONDS)
            bar = line[:left] + bytes([30]) * 20 + line[left + 20 :]
            luma = line * (HEIGHT - 40) + bar * 40
            stream.write(b"FRAME\n" + luma + chroma)


def _write_tone(path: Path, hertz: int, *, pauses: bool) -> None:
    loud = [9000, 0 if pauses else 9000]
    samples = (int(loud[n // RATE % 2] * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(RATE * SECONDS))
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(RATE)
        stream.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
