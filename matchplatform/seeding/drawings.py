"""Pictures of the demo: plain drawings of villages, schools and pipes, of nothing that exists."""

from collections.abc import Callable
from io import BytesIO
from math import sin
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = WIDTH, HEIGHT = (1280, 960)
Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw

DAY, DUSK = (222, 230, 232), (44, 56, 74)
FAR, NEAR, NEAREST = (178, 192, 196), (146, 160, 148), (196, 182, 146)
EARTH, FROST, STONE = (150, 122, 90), (168, 191, 208), (120, 116, 108)
WALL, ROOF, PANE, INK = (236, 228, 210), (134, 88, 70), (94, 118, 136), (60, 66, 72)
GREEN, ROAD, LAMP = (126, 146, 96), (168, 160, 150), (240, 210, 140)


def draw_scene(kind: str, serial: int) -> bytes:
    """Return a drawing of a kind as JPEG, marked as a demo; another one for each serial."""
    chance = Random(f"{kind}{serial}")
    picture = Image.new("RGB", SIZE, DUSK if kind == "road" else DAY)
    pen = ImageDraw.Draw(picture)
    SCENES[kind](pen, chance)
    _mark(pen)
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def _village(pen: Pen, chance: Random) -> None:
    _hills(pen, chance, 380, FAR)
    _hills(pen, chance, 500, NEAR)
    _ground(pen, 640, NEAREST)
    for left in range(120, 1100, 210):
        _house(pen, left + chance.randrange(60), 560 + chance.randrange(140), 150)


def _field(pen: Pen, chance: Random) -> None:
    _hills(pen, chance, 420, FAR)
    _ground(pen, 560, EARTH)
    for place in range(-9, 20):
        pen.line((640 + (place - 5) * 40, 560, 640 + (place - 5) * 210, HEIGHT), GREEN, 22)
    _house(pen, 140 + chance.randrange(700), 490, 170)


def _school(pen: Pen, chance: Random) -> None:
    _hills(pen, chance, 360, FAR)
    _ground(pen, 620, NEAREST)
    left = 180 + chance.randrange(80)
    pen.rectangle((left, 420, left + 780, 640), WALL)
    pen.polygon(((left - 30, 420), (left + 60, 340), (left + 720, 340), (left + 810, 420)), ROOF)
    for window in range(6):
        at = left + 50 + window * 122
        pen.rectangle((at, 470, at + 70, 560), PANE)
    pen.line((left + 900, 300, left + 900, 700), INK, 8)


def _road(pen: Pen, chance: Random) -> None:
    _hills(pen, chance, 420, (64, 76, 92))
    _ground(pen, 560, (74, 76, 72))
    middle = 560 + chance.randrange(160)
    pen.polygon(((middle - 30, 560), (middle + 30, 560), (900, HEIGHT), (240, HEIGHT)), ROAD)
    for _ in range(60):
        x, y = chance.randrange(420, 760), chance.randrange(700, HEIGHT)
        pen.ellipse((x, y, x + 26, y + 12), STONE)
    pen.ellipse((middle - 8, 520, middle + 8, 536), LAMP)


def _pipe(pen: Pen, chance: Random) -> None:
    _ground(pen, 280, EARTH)
    frost = 620 + chance.randrange(60)
    pen.rectangle((0, 280, WIDTH, frost), FROST)
    pen.line((0, frost, WIDTH, frost), INK, 6)
    pen.rectangle((0, 480, WIDTH, 520), PANE)
    for left in range(60, WIDTH, 90):
        pen.line((left, frost + 110, left + 50, frost + 110), ROOF, 26)
    _house(pen, 160, 200, 160)


def _cellar(pen: Pen, chance: Random) -> None:
    _ground(pen, 420, EARTH)
    pen.rectangle((260, 360, 1020, 800), WALL)
    pen.polygon(((230, 360), (640, 240), (1050, 360)), NEAR)
    pen.rectangle((610, 190, 670, 300), STONE)
    for row in range(6):
        for place in range(17):
            x = 290 + place * 42 + chance.randrange(8)
            y = 740 - row * 38 + chance.randrange(8)
            pen.ellipse((x, y, x + 38, y + 30), NEAREST)


SCENES: dict[str, Callable[[Pen, Random], None]] = {
    "village": _village,
    "field": _field,
    "school": _school,
    "road": _road,
    "pipe": _pipe,
    "cellar": _cellar,
}


def _hills(pen: Pen, chance: Random, top: int, colour: Colour) -> None:
    phase = chance.random() * 6
    line = [(x, top + 70 * sin(x / 210 + phase) + 30 * sin(x / 77)) for x in range(0, 1300, 20)]
    pen.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], colour)


def _ground(pen: Pen, top: int, colour: Colour) -> None:
    pen.rectangle((0, top, WIDTH, HEIGHT), colour)


def _house(pen: Pen, left: int, top: int, width: int) -> None:
    pen.rectangle((left, top, left + width, top + width // 2), WALL)
    peak = (left + width // 2, top - width // 3)
    pen.polygon(((left - 14, top), peak, (left + width + 14, top)), ROOF)
    pen.rectangle((left + width // 3, top + 16, left + width // 3 + 36, top + 56), PANE)


def _mark(pen: Pen) -> None:
    pen.rectangle((0, HEIGHT - 62, 300, HEIGHT), INK)
    pen.text((150, HEIGHT - 31), "DEMO DRAWING", (255, 255, 255), ImageFont.load_default(32), "mm")
