"""Pictures that people send: what is taken in, what comes out, and what is refused."""

import io
import struct
import zlib

import pillow_heif
import pytest
from django.test import override_settings
from PIL import Image

from besuk.flow.approvals import picture
from besuk.flow.approvals.images import clean_image
from besuk.flow.approvals.tests.conftest import painted
from besuk.ground.kernel.errors import Refused

TURNED_LEFT = 6
"""EXIF orientation: the camera was held upright."""


def opened(clean: bytes) -> Image.Image:
    return Image.open(io.BytesIO(clean))


def is_red(clean: Image.Image, at: tuple[int, int]) -> bool:
    pixel = clean.getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and max(pixel[1:]) < 60


def refused(raw: bytes) -> tuple[str, ...]:
    with pytest.raises(Refused) as error:
        clean_image(raw)
    return error.value.codes


def heic() -> bytes:
    stream = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), (250, 0, 0))).save(stream)
    return stream.getvalue()


def bomb(side: int) -> bytes:
    """A small PNG file that would unfold to `side` x `side` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side + 1) * 64, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "raw",
    [painted("JPEG"), painted("PNG"), painted("WEBP"), heic(), painted("PDF")],
    ids=["JPEG", "PNG", "WebP", "HEIC", "PDF"],
)
def test_every_kind_people_have_becomes_a_jpeg(raw: bytes) -> None:
    clean = opened(clean_image(raw))
    assert (clean.format, clean.mode) == ("JPEG", "RGB")
    assert is_red(clean, (5, 5))


def test_what_the_camera_noted_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = TURNED_LEFT, "Kamera rahasia", {1: "S", 2: (7.0, 25.0, 0.0)}
    clean = clean_image(painted("JPEG", exif=exif, comment=b"rumah di Purwokerto"))
    assert b"rahasia" not in clean
    assert b"Purwokerto" not in clean
    upright = opened(clean)
    assert dict(upright.getexif()) == {}
    assert upright.size == (500, 800)
    assert is_red(upright, (250, 20))
    assert not is_red(upright, (250, 780))


def test_a_huge_photo_becomes_a_handy_one() -> None:
    assert max(opened(clean_image(painted("JPEG", size=(5000, 3000)))).size) == picture.LONGEST_SIDE


def test_no_file_at_all_is_told() -> None:
    assert refused(b"") == ("IMAGE_MISSING",)


def test_a_file_over_the_limit_is_not_even_opened() -> None:
    with override_settings(BESUK_UPLOAD_LIMIT=1024 * 1024), pytest.raises(Refused) as error:
        clean_image(bytes(40 * 1024 * 1024))
    (reason,) = error.value.reasons
    assert (reason.code, dict(reason.detail)) == ("IMAGE_TOO_LARGE", {"megabytes": 40, "limit": 1})


@pytest.mark.parametrize(
    "raw",
    [
        b"not a picture",
        painted("JPEG")[:400],
        painted("PNG")[:60],
        b"%PDF-1.4 and then nothing",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        painted("GIF"),
        bomb(30_000),
    ],
    ids=["text", "half a JPEG", "half a PNG", "broken PDF", "SVG", "GIF", "900 million pixels"],
)
def test_what_is_no_picture_for_us_is_refused_in_one_word(raw: bytes) -> None:
    assert refused(raw) == ("IMAGE_UNREADABLE",)


def test_a_card_too_small_to_read_is_told_apart_from_a_broken_one() -> None:
    just_small = (picture.SHORTEST_SIDE - 1, 400)
    assert refused(painted("JPEG", size=just_small)) == ("IMAGE_TOO_SMALL",)
    assert clean_image(painted("JPEG", size=(picture.SHORTEST_SIDE, 400)))


def test_the_decoder_gets_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script in the decoder's place tells what it was given."""
    from besuk.flow.approvals import images

    spy = "import os, sys; sys.stdout.write(','.join(sorted(n for n in os.environ if n.startswith('BESUK'))) or 'none')"
    monkeypatch.setenv("BESUK_MASTER_KEYS", "k:secret")
    monkeypatch.setattr(images, "COMMAND", [images.COMMAND[0], "-I", "-c", spy])
    assert images.clean_image(b"x") == b"none"


def test_a_decoder_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from besuk.flow.approvals import images

    monkeypatch.setattr(images, "PATIENCE_S", 0.2)
    monkeypatch.setattr(images, "COMMAND", [images.COMMAND[0], "-I", "-c", "import time; time.sleep(30)"])
    assert refused(b"x") == ("IMAGE_UNREADABLE",)
