"""Taking in a picture that somebody sent."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from besuk.flow.approvals import picture
from besuk.flow.approvals.picture import TOO_SMALL
from besuk.ground.kernel.errors import refuse

PATIENCE_S = 20
MEGABYTE = 1024 * 1024
COMMAND = [sys.executable, "-I", str(Path(picture.__file__))]
"""Alone and without our environment: a decoder that is taken over finds no secret in it."""


def clean_image(raw: bytes) -> bytes:
    """The picture as a fresh JPEG without metadata.

    Raises Refused: IMAGE_MISSING, IMAGE_TOO_LARGE, IMAGE_UNREADABLE, IMAGE_TOO_SMALL.
    """
    limit: int = settings.BESUK_UPLOAD_LIMIT
    if not raw:
        raise refuse("IMAGE_MISSING")
    if len(raw) > limit:
        raise refuse("IMAGE_TOO_LARGE", megabytes=round(len(raw) / MEGABYTE), limit=limit // MEGABYTE)
    try:
        done = subprocess.run(COMMAND, input=raw, capture_output=True, timeout=PATIENCE_S, check=False, env={})
    except subprocess.TimeoutExpired as error:
        raise refuse("IMAGE_UNREADABLE") from error
    if done.returncode == TOO_SMALL:
        raise refuse("IMAGE_TOO_SMALL")
    if done.returncode != 0 or not done.stdout:
        raise refuse("IMAGE_UNREADABLE")
    return done.stdout
