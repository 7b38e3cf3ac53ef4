"""Drawn pictures of people who do not exist: a portrait, and an identity card that says CONTOH all over.

Simple shapes, but each face its own (hair, skin, beard, glasses, shirt), so that comparing two faces at the
wall means something. Everything follows from a number: the same person always looks the same.
"""

import io
import random

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 300, 380
_SKIN = ("#8d5a3b", "#a06a45", "#b57f56", "#c49067", "#6f4630", "#d1a37c")
_HAIR = ("#17120f", "#241a15", "#2f2a28", "#5b5856")
_SHIRT = ("#2d5d46", "#34507a", "#7a3b34", "#6a5a2c", "#4b4b55", "#5d3a6b", "#20666b")
_WALL = ("#c9d3d6", "#d6cfc2", "#c8d1c4", "#d3c8c8")

Box = tuple[float, float, float, float]


def portrait(number: int, *, sex: str = "m", size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """The face of person `number`."""
    chance = random.Random(number * 7919 + (1 if sex == "f" else 0))
    image = Image.new("RGB", (WIDTH, HEIGHT), chance.choice(_WALL))
    draw = ImageDraw.Draw(image)
    skin, hair = chance.choice(_SKIN), chance.choice(_HAIR)
    wide, tall = chance.randint(58, 74), chance.randint(80, 98)
    covered = sex == "f" and chance.random() < 0.45
    if sex == "f" and not covered:
        draw.rounded_rectangle((150 - wide - 14, 110, 150 + wide + 14, 300 + chance.randint(0, 30)), 60, fill=hair)
    _body(draw, chance.choice(_SHIRT), skin)
    _hair_behind(draw, chance, hair, wide, tall)
    draw.ellipse(_around(150, 175, wide, tall), fill=skin)
    if covered:
        _scarf(draw, chance.choice(_SHIRT), skin, wide, tall)
    else:
        _fringe(draw, chance, hair, wide, tall)
    _features(draw, chance, skin)
    if sex == "m":
        _beard(draw, chance, hair)
    if chance.random() < 0.25:
        _glasses(draw)
    return image.resize(size, Image.Resampling.LANCZOS) if size != (WIDTH, HEIGHT) else image


def _around(x: float, y: float, dx: float, dy: float) -> Box:
    return (x - dx, y - dy, x + dx, y + dy)


def _body(draw: ImageDraw.ImageDraw, shirt: str, skin: str) -> None:
    draw.rounded_rectangle((40, 300, 260, 460), 60, fill=shirt)
    draw.rectangle((124, 240, 176, 310), fill=skin)
    draw.polygon([(118, 300), (182, 300), (150, 338)], fill=skin)


def _hair_behind(draw: ImageDraw.ImageDraw, chance: random.Random, hair: str, wide: int, tall: int) -> None:
    draw.ellipse(_around(150, 165, wide + 8, tall + 10), fill=hair)
    ear = chance.randint(8, 13)
    for side in (-1, 1):
        draw.ellipse(_around(150 + side * (wide + 2), 182, ear, ear + 6), fill="#9b6a48")


def _fringe(draw: ImageDraw.ImageDraw, chance: random.Random, hair: str, wide: int, tall: int) -> None:
    """Hair over the forehead: bald, short, parted or full."""
    kind = chance.choice(("short", "parted", "full", "high"))
    depth = {"short": 34, "parted": 46, "full": 56, "high": 18}[kind]
    top = 175 - tall
    draw.pieslice((150 - wide, top - 6, 150 + wide, top + depth * 2), 180, 360, fill=hair)
    if kind == "parted":
        draw.polygon([(150 - wide, top + 30), (150 + 10, top + 8), (150 - wide + 20, top + 60)], fill=hair)


def _scarf(draw: ImageDraw.ImageDraw, colour: str, skin: str, wide: int, tall: int) -> None:
    draw.ellipse(_around(150, 178, wide + 22, tall + 26), fill=colour)
    draw.rounded_rectangle((70, 240, 230, 340), 50, fill=colour)
    draw.ellipse(_around(150, 182, wide - 6, tall - 14), fill=skin)


def _features(draw: ImageDraw.ImageDraw, chance: random.Random, skin: str) -> None:
    apart, high, eye = chance.randint(24, 32), chance.randint(160, 174), chance.randint(7, 10)
    for side in (-1, 1):
        x = 150 + side * apart
        draw.ellipse(_around(x, high, eye + 4, eye - 1), fill="#f4efe8")
        draw.ellipse(_around(x, high, 5, 5), fill="#241a15")
        brow = chance.randint(3, 7)
        draw.line((x - 13, high - 15 + side * 1, x + 13, high - 15 - side * 1), fill="#1f1814", width=brow)
    nose = chance.randint(8, 16)
    draw.polygon([(150, high + 6), (150 - nose, high + 38), (150 + nose, high + 38)], fill=_shade(skin, 0.88))
    mouth = chance.randint(18, 28)
    smile = chance.randint(4, 14)
    draw.chord((150 - mouth, 218, 150 + mouth, 226 + smile), 0, 180, fill="#8c3f3a")


def _beard(draw: ImageDraw.ImageDraw, chance: random.Random, hair: str) -> None:
    if chance.random() < 0.45:
        draw.rounded_rectangle((128, 211, 172, 217), 3, fill=hair)
    if chance.random() < 0.25:
        draw.ellipse((132, 246, 168, 272), fill=hair)


def _glasses(draw: ImageDraw.ImageDraw) -> None:
    for side in (-1, 1):
        draw.rounded_rectangle(_around(150 + side * 29, 168, 23, 16), 8, outline="#2b2b30", width=4)
    draw.line((145, 168, 155, 168), fill="#2b2b30", width=4)


def _shade(colour: str, by: float) -> str:
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{int(part * by):02x}" for part in parts)


def jpeg(image: Image.Image, quality: int = 82) -> bytes:
    """The picture as JPEG bytes."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def identity_card(number: int, *, name: str, nik: str, sex: str) -> bytes:
    """A card that looks like a KTP from afar and says CONTOH from near, as JPEG."""
    card = Image.new("RGB", (856, 540), "#bcd8ea")
    draw = ImageDraw.Draw(card)
    for y in range(0, 540, 18):
        draw.line((0, y, 856, y + 60), fill="#b2d0e4", width=3)
    draw.text((428, 34), "PROVINSI CONTOH", fill="#12243a", font=_font(30), anchor="mm")
    draw.text((428, 70), "KABUPATEN REKAAN", fill="#12243a", font=_font(26), anchor="mm")
    draw.text((40, 112), f"NIK   {nik}", fill="#12243a", font=_font(36))
    for n, (label, value) in enumerate((("Nama", name.upper()), *_rows(nik, sex))):
        draw.text((40, 176 + n * 42), label, fill="#12243a", font=_font(22))
        draw.text((230, 176 + n * 42), value, fill="#12243a", font=_font(22))
    card.paste(portrait(number, sex=sex, size=(210, 266)), (620, 160))
    _mark(card)
    return jpeg(card)


def _rows(nik: str, sex: str) -> tuple[tuple[str, str], ...]:
    born = f"{int(nik[6:8]) % 40:02d}-{nik[8:10]}-19{nik[10:12]}"
    return (
        ("Tempat/Tgl Lahir", f"CONTOH, {born}"),
        ("Jenis kelamin", "PEREMPUAN" if sex == "f" else "LAKI-LAKI"),
        ("Alamat", "JL. REKAAN NO. 1"),
        ("Berlaku hingga", "BUKAN KARTU SUNGGUHAN"),
    )


def _mark(card: Image.Image) -> None:
    """CONTOH across the card, so that nobody takes it for a document."""
    layer = Image.new("RGBA", (900, 220), (0, 0, 0, 0))
    ImageDraw.Draw(layer).text((450, 110), "CONTOH", fill=(178, 34, 34, 105), font=_font(180), anchor="mm")
    turned = layer.rotate(18, expand=True, resample=Image.Resampling.BICUBIC)
    card.paste(turned, (-20, 20), turned)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
