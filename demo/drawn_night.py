"""Photos taken in the dark: water, a raft, a vehicle at the junction, a house front; no people."""

import math

from demo.drawn_paint import Canvas, Colour, Points, blend

NIGHT: Colour = (10, 18, 28)


def draw_dark_hills(canvas: Canvas, horizon: float, moon: float = 0.78) -> None:
    """A moonlit sky over black ranges; the moon stands at `moon` from the left."""
    canvas.fade(0, horizon + 0.05, (12, 22, 40), (52, 74, 92))
    for _ in range(150):
        canvas.disc(
            canvas.rng.random(), canvas.rng.uniform(0, horizon * 0.75), canvas.rng.uniform(0.0004, 0.0012), (214, 224, 230)
        )
    canvas.disc(moon, 0.15, 0.09, (150, 170, 180), 0.35, 0.04)
    canvas.disc(moon, 0.15, 0.03, (236, 238, 224))
    canvas.disc(moon - 0.011, 0.142, 0.006, (212, 214, 200))
    canvas.disc(moon + 0.009, 0.162, 0.004, (212, 214, 200))
    canvas.ridge(horizon, 0.26, (30, 46, 60), 2, (44, 62, 74))
    canvas.ridge(horizon + 0.03, 0.16, (18, 32, 42), 3, (26, 42, 50))


def draw_water(canvas: Canvas, top: float, bottom: float) -> None:
    """A dark stream with the moon's glitter."""
    canvas.fade(top, bottom, (58, 82, 98), (12, 24, 36))
    for _ in range(330):
        down = canvas.rng.random() ** 1.3
        y = top + 0.005 + (bottom - top - 0.01) * down
        near_moon = math.exp(-(((x := canvas.rng.random()) - 0.76) ** 2) / (0.006 + 0.02 * down))
        long = canvas.rng.uniform(0.01, 0.05) * (0.3 + down)
        tone = blend((40, 62, 78), (220, 228, 220), 0.9 * near_moon * canvas.rng.uniform(0.3, 1.0))
        canvas.stroke([(x - long / 2, y), (x + long / 2, y + canvas.rng.uniform(-0.001, 0.001))], 0.0012 + 0.0016 * down, tone)


def draw_night_stream(canvas: Canvas, words: dict[str, str]) -> None:
    """A shallow crossing by moonlight."""
    draw_dark_hills(canvas, 0.44)
    for index in range(15):
        canvas.tree(
            index / 14 + canvas.rng.uniform(-0.03, 0.03), 0.50, canvas.rng.uniform(0.12, 0.26), (16, 30, 34), lit=(40, 60, 62)
        )
    canvas.shape([(0, 0.47), (1, 0.48), (1, 0.55), (0, 0.56)], (14, 26, 30))
    draw_water(canvas, 0.53, 0.90)
    for index in range(7):
        x, y = 0.24 + index * 0.075 + canvas.rng.uniform(-0.01, 0.01), 0.60 + index * 0.042
        canvas.stones(1, (x, y, x + 0.001, y + 0.001), (92, 106, 112), 0.05 + 0.008 * index)
    canvas.shape([(0, 0.86), (0.3, 0.90), (0.7, 0.885), (1, 0.84), (1, 1), (0, 1)], (16, 24, 26))
    canvas.stones(46, (0, 0.88, 1, 0.99), (66, 76, 80), 0.03)
    canvas.grass(130, (0, 0.84, 0.16, 1.02), (24, 44, 38), 0.1)


def draw_raft(canvas: Canvas, words: dict[str, str]) -> None:
    """A bamboo raft under cut branches at the bank, in the light of a lamp."""
    draw_dark_hills(canvas, 0.34)
    canvas.shape([(0, 0.36), (1, 0.37), (1, 0.45), (0, 0.45)], (14, 26, 30))
    draw_water(canvas, 0.42, 0.95)
    canvas.disc(0.46, 0.68, 0.34, (196, 186, 140), 0.28, 0.07, flat=0.62)
    canvas.shape([(0.16, 0.75), (0.72, 0.60), (0.82, 0.70), (0.28, 0.88)], (8, 14, 20), 0.7, 0.008)
    for index in range(9):
        dx, dy = index * 0.0128, index * 0.0142
        pole = blend((196, 166, 96), (90, 70, 42), 0.08 * (index % 3) + 0.04 * index)
        start, end = (
            (0.155 + dx + canvas.rng.uniform(-0.012, 0.012), 0.725 + dy),
            (0.69 + dx + canvas.rng.uniform(-0.015, 0.015), 0.578 + dy),
        )
        canvas.stroke([start, end], 0.0155, blend(pole, (20, 16, 12), 0.55))
        canvas.stroke([(start[0], start[1] - 0.003), (end[0], end[1] - 0.003)], 0.0115, pole)
        for share in (0.15, 0.36, 0.58, 0.8):
            x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            canvas.stroke([(x, y - 0.009), (x + 0.003, y + 0.005)], 0.0022, (92, 70, 40))
    for share in (0.14, 0.5, 0.86):
        x, y = 0.155 + 0.535 * share, 0.725 - 0.147 * share
        canvas.stroke([(x - 0.006, y - 0.016), (x + 0.112, y + 0.124)], 0.009, (70, 50, 32))
        canvas.stroke([(x - 0.006, y - 0.019), (x + 0.112, y + 0.121)], 0.0055, (146, 116, 66))
    for _ in range(130):
        x, y = canvas.rng.gauss(0.66, 0.06), canvas.rng.gauss(0.62, 0.04)
        angle, long = canvas.rng.uniform(-0.9, 0.9), canvas.rng.uniform(0.02, 0.045)
        tip = (x + long * math.cos(angle), y + long * math.sin(angle))
        leaf: Points = [
            (x, y),
            ((x + tip[0]) / 2 + 0.004, (y + tip[1]) / 2 - 0.009),
            tip,
            ((x + tip[0]) / 2 - 0.004, (y + tip[1]) / 2 + 0.009),
        ]
        canvas.shape(leaf, blend((64, 96, 52), (20, 34, 28), canvas.rng.random() * 0.8))
    canvas.shape([(0, 0.90), (0.4, 0.945), (1, 0.90), (1, 1), (0, 1)], (18, 26, 26))
    canvas.grass(420, (0, 0.9, 1, 1.03), (34, 54, 42), 0.09)


def draw_ambulance(canvas: Canvas, words: dict[str, str]) -> None:
    """A white ambulance, lights off, standing at the road junction under a lamp."""
    draw_dark_hills(canvas, 0.50, 0.43)
    canvas.shape([(0, 0.56), (1, 0.55), (1, 1), (0, 1)], (24, 34, 34))
    canvas.shape([(0, 0.68), (1, 0.66), (1, 1), (0, 1)], (46, 50, 54))
    canvas.disc(0.44, 0.80, 0.42, (226, 196, 130), 0.30, 0.07, flat=0.36)
    for index in range(6):
        x = -0.05 + index * 0.21
        canvas.shape([(x, 0.90), (x + 0.11, 0.898), (x + 0.12, 0.915), (x + 0.005, 0.917)], (206, 198, 170))
    canvas.stroke([(0.87, 0.84), (0.87, 0.14), (0.80, 0.11)], 0.009, (70, 76, 78))
    canvas.shape([(0.745, 0.10), (0.815, 0.095), (0.81, 0.122), (0.75, 0.124)], (250, 226, 160))
    canvas.shape([(0.75, 0.12), (0.81, 0.12), (1.0, 0.84), (0.42, 0.84)], (250, 220, 150), 0.13, 0.02)
    canvas.stroke([(0.13, 0.80), (0.13, 0.34)], 0.008, (110, 112, 110))
    canvas.shape([(0.02, 0.34), (0.245, 0.34), (0.27, 0.385), (0.245, 0.43), (0.02, 0.43)], (236, 238, 234))
    canvas.shape([(0.026, 0.348), (0.242, 0.348), (0.262, 0.385), (0.242, 0.422), (0.026, 0.422)], (24, 74, 140))
    canvas.words(0.134, 0.385, words["junction_board"], 0.034, (246, 246, 240))
    _draw_van(canvas, words)


def _draw_van(canvas: Canvas, words: dict[str, str]) -> None:
    body, shade = (232, 234, 230), (168, 176, 180)
    canvas.disc(0.50, 0.845, 0.29, (8, 10, 12), 0.7, 0.01, flat=0.13)
    canvas.shape(
        [
            (0.25, 0.80),
            (0.25, 0.535),
            (0.27, 0.51),
            (0.61, 0.51),
            (0.635, 0.525),
            (0.70, 0.635),
            (0.765, 0.665),
            (0.775, 0.70),
            (0.775, 0.80),
        ],
        body,
    )
    canvas.shape([(0.25, 0.745), (0.775, 0.745), (0.775, 0.805), (0.25, 0.805)], shade)
    canvas.shape([(0.25, 0.665), (0.72, 0.665), (0.765, 0.685), (0.25, 0.692)], (192, 40, 36))
    canvas.shape([(0.565, 0.55), (0.622, 0.55), (0.678, 0.64), (0.565, 0.645)], (26, 38, 48))
    canvas.shape([(0.58, 0.555), (0.60, 0.555), (0.63, 0.64), (0.61, 0.642)], (70, 90, 104), 0.8)
    canvas.shape([(0.30, 0.555), (0.395, 0.555), (0.395, 0.635), (0.30, 0.635)], (34, 46, 56))
    canvas.shape([(0.55, 0.53), (0.553, 0.53), (0.553, 0.79), (0.55, 0.79)], (150, 156, 158))
    canvas.shape([(0.42, 0.53), (0.423, 0.53), (0.423, 0.79), (0.42, 0.79)], (150, 156, 158))
    canvas.words(0.487, 0.595, words["ambulance"], 0.036, (192, 40, 36))
    canvas.shape([(0.479, 0.70), (0.495, 0.70), (0.495, 0.735), (0.479, 0.735)], (192, 40, 36))
    canvas.shape([(0.469, 0.711), (0.505, 0.711), (0.505, 0.724), (0.469, 0.724)], (192, 40, 36))
    canvas.shape([(0.50, 0.512), (0.505, 0.487), (0.585, 0.487), (0.59, 0.512)], (60, 84, 130))
    canvas.shape([(0.745, 0.70), (0.775, 0.705), (0.775, 0.73), (0.75, 0.728)], (250, 240, 196))
    canvas.disc(0.775, 0.715, 0.04, (255, 240, 190), 0.35, 0.02)
    for x in (0.355, 0.675):
        canvas.disc(x, 0.805, 0.047, (24, 26, 28))
        canvas.disc(x, 0.805, 0.026, (150, 156, 158))
        canvas.disc(x, 0.805, 0.010, (60, 64, 66))


def draw_lodging(canvas: Canvas, words: dict[str, str]) -> None:
    """The front of a small lodging house in the evening, with a lit sign."""
    draw_dark_hills(canvas, 0.40, 0.93)
    canvas.shape([(0, 0.78), (1, 0.78), (1, 1), (0, 1)], (52, 54, 56))
    wall: Colour = (214, 190, 142)
    canvas.shape([(0.17, 0.22), (0.83, 0.22), (0.83, 0.82), (0.17, 0.82)], wall)
    canvas.shape([(0.17, 0.22), (0.25, 0.22), (0.25, 0.82), (0.17, 0.82)], blend(wall, NIGHT, 0.35), 0.7, 0.02)
    canvas.shape([(0.14, 0.235), (0.86, 0.235), (0.82, 0.15), (0.18, 0.15)], (116, 58, 44))
    for step in range(30):
        x = 0.15 + step * 0.0241
        canvas.stroke([(x, 0.233), (0.5 + (x - 0.5) * 0.9, 0.155)], 0.002, (88, 42, 34))
    for x in (0.22, 0.385, 0.55, 0.715):
        glow: Colour = (250, 214, 134) if x != 0.55 else (44, 52, 60)
        canvas.shape([(x - 0.008, 0.282), (x + 0.083, 0.282), (x + 0.083, 0.432), (x - 0.008, 0.432)], (104, 78, 56))
        canvas.shape([(x, 0.295), (x + 0.075, 0.295), (x + 0.075, 0.42), (x, 0.42)], glow)
        canvas.stroke([(x + 0.0375, 0.295), (x + 0.0375, 0.42)], 0.004, (104, 78, 56))
    canvas.shape([(0.15, 0.455), (0.85, 0.455), (0.85, 0.475), (0.15, 0.475)], (150, 126, 92))
    for step in range(40):
        canvas.stroke([(0.155 + step * 0.0177, 0.40), (0.155 + step * 0.0177, 0.455)], 0.0018, (84, 70, 58))
    canvas.stroke([(0.15, 0.40), (0.85, 0.40)], 0.004, (84, 70, 58))
    canvas.shape([(0.31, 0.49), (0.69, 0.49), (0.69, 0.58), (0.31, 0.58)], (16, 66, 44))
    canvas.disc(0.5, 0.535, 0.2, (120, 220, 160), 0.16, 0.03, flat=0.4)
    canvas.words(0.5, 0.534, words["lodging"], 0.062, (250, 240, 200))
    canvas.shape([(0.42, 0.61), (0.58, 0.61), (0.58, 0.82), (0.42, 0.82)], (250, 222, 150))
    canvas.shape([(0.47, 0.70), (0.57, 0.70), (0.57, 0.80), (0.47, 0.80)], (132, 92, 58))
    canvas.shape([(0.42, 0.61), (0.455, 0.62), (0.455, 0.835), (0.42, 0.82)], (96, 66, 44))
    for x in (0.235, 0.665):
        canvas.shape([(x, 0.62), (x + 0.10, 0.62), (x + 0.10, 0.75), (x, 0.75)], (104, 78, 56))
        canvas.shape([(x + 0.008, 0.632), (x + 0.092, 0.632), (x + 0.092, 0.738), (x + 0.008, 0.738)], (238, 200, 124))
    canvas.shape([(0.40, 0.82), (0.60, 0.82), (0.74, 1.0), (0.26, 1.0)], (250, 216, 140), 0.30, 0.03)
    for x in (0.2, 0.8):
        canvas.disc(x, 0.80, 0.026, (120, 70, 48), flat=0.8)
        canvas.grass(90, (x - 0.03, 0.775, x + 0.03, 0.785), (64, 104, 62), 0.09)
