"""Run as a process of its own: reads a picture from standard input, writes a clean JPEG to standard output.

A decoder that is attacked or overfed takes only this process with it. Exit code 3: unreadable; 4: too small.
"""

import io
import resource
import sys

UNREADABLE, TOO_SMALL = 3, 4
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 15
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2000
SHORTEST_SIDE = 240


def main() -> int:
    """Convert; returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    raw = sys.stdin.buffer.read()
    try:
        clean = cleaned(raw)
    except Exception:  # noqa: BLE001  whatever a decoder throws means: not a picture for us
        return UNREADABLE
    if clean is None:
        return TOO_SMALL
    sys.stdout.buffer.write(clean)
    return 0


def cleaned(raw: bytes) -> bytes | None:
    """The picture as a JPEG without metadata, turned upright, at most 2000 pixels long. None: too small to read."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow raises at twice this
    picture = _first_page(raw) if raw[:5] == b"%PDF-" else _opened(raw)
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.info.clear()  # a comment would be written back into the new file
    if min(picture.size) < SHORTEST_SIDE:
        return None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _opened(raw: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    picture = Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP", "HEIF"))
    picture.load()
    return picture


def _first_page(raw: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202
    import pypdfium2

    with pypdfium2.PdfDocument(raw) as document:
        return document[0].render(scale=2).to_pil()


if __name__ == "__main__":
    sys.exit(main())
