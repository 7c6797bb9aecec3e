"""Photos taken by day: markers, trails, traces, a fence, a hut."""

import math

from demo.drawn_paint import Canvas, Colour, Points, blend

EARTH: Colour = (158, 116, 78)
LEAF: Colour = (74, 112, 62)
MEADOW: Colour = (128, 148, 84)
STONE: Colour = (196, 192, 182)
BAMBOO: Colour = (176, 152, 92)


def draw_hills(canvas: Canvas, horizon: float = 0.52) -> None:
    """A hazy morning over three ranges."""
    haze: Colour = (226, 231, 220)
    canvas.fade(0, horizon + 0.1, (150, 188, 204), (240, 236, 218))
    for _ in range(5):
        x, y = canvas.rng.uniform(0.05, 0.95), canvas.rng.uniform(0.06, 0.24)
        for _ in range(5):
            puff = (x + canvas.rng.gauss(0, 0.05), y + canvas.rng.gauss(0, 0.008))
            canvas.disc(*puff, canvas.rng.uniform(0.03, 0.07), (255, 252, 242), 0.30, 0.012, flat=0.35)
    canvas.ridge(horizon - 0.04, 0.24, (146, 172, 174), 2, haze)
    canvas.ridge(horizon + 0.01, 0.17, (108, 144, 132), 3, blend(haze, (150, 176, 150), 0.5))
    canvas.ridge(horizon + 0.06, 0.11, (72, 112, 84), 5, (128, 154, 112))


def draw_ground(canvas: Canvas, level: float, colour: Colour = MEADOW) -> None:
    """Rolling ground from `level` to the bottom, with grass."""
    edge: Points = [(step / 40, level + 0.018 * math.sin(step / 4.0 + 1.0)) for step in range(41)]
    canvas.shape([*edge, (1, 1), (0, 1)], blend(colour, (230, 230, 170), 0.18))
    canvas.shape([(0, level + 0.14), (0.5, level + 0.19), (1, level + 0.12), (1, 1), (0, 1)], colour, 0.9, 0.03)
    canvas.shape([(0, 0.9), (1, 0.86), (1, 1.05), (0, 1.05)], blend(colour, (30, 50, 30), 0.4), 0.8, 0.04)


def draw_forest(canvas: Canvas, level: float, count: int, colour: Colour = LEAF, tall: float = 0.2) -> None:
    """A row of trees with their feet near a height."""
    for index in range(count):
        x = (index + canvas.rng.uniform(0.1, 0.9)) / count
        canvas.tree(
            x,
            level + canvas.rng.uniform(-0.01, 0.02),
            tall * canvas.rng.uniform(0.65, 1.15),
            blend(colour, (120, 140, 80), canvas.rng.random() * 0.4),
        )


def path_shape(bends: Points, wide_far: float, wide_near: float) -> Points:
    """The outline of a path along its middle line, from far to near."""
    left: Points = []
    right: Points = []
    for index in range(61):
        share = index / 60 * (len(bends) - 1)
        piece = min(int(share), len(bends) - 2)
        local = share - piece
        ease = local * local * (3 - 2 * local)
        (ax, ay), (bx, by) = bends[piece], bends[piece + 1]
        x, y = ax + (bx - ax) * ease, ay + (by - ay) * local
        half = wide_far + (wide_near - wide_far) * (index / 60) ** 1.6
        left.append((x - half, y))
        right.append((x + half, y))
    return left + right[::-1]


def draw_path(canvas: Canvas, bends: Points, wide_far: float, wide_near: float, colour: Colour = EARTH) -> None:
    """A trodden path with a soft border."""
    canvas.shape(path_shape(bends, wide_far * 1.5, wide_near * 1.25), blend(colour, (70, 74, 40), 0.45), 0.7, 0.006)
    canvas.shape(path_shape(bends, wide_far, wide_near), colour)
    canvas.shape(path_shape(bends, wide_far * 0.4, wide_near * 0.45), blend(colour, (255, 236, 200), 0.3), 0.8, 0.008)


def draw_pillar(canvas: Canvas, words: dict[str, str], x: float, foot: float) -> None:
    """A granite border marker on its plinth, with its number."""
    shade = blend(STONE, (60, 66, 80), 0.35)
    canvas.disc(x + 0.06, foot + 0.02, 0.17, (40, 50, 34), 0.55, 0.012, flat=0.22)
    canvas.shape(
        [(x - 0.135, foot + 0.03), (x - 0.12, foot - 0.05), (x + 0.12, foot - 0.05), (x + 0.135, foot + 0.03)],
        blend(STONE, (90, 90, 90), 0.2),
    )
    canvas.shape(
        [(x - 0.12, foot - 0.05), (x - 0.10, foot - 0.085), (x + 0.10, foot - 0.085), (x + 0.12, foot - 0.05)],
        blend(STONE, (255, 255, 250), 0.3),
    )
    canvas.shape(
        [(x - 0.082, foot - 0.075), (x - 0.062, foot - 0.46), (x + 0.062, foot - 0.46), (x + 0.082, foot - 0.075)], STONE
    )
    canvas.shape(
        [(x + 0.034, foot - 0.075), (x + 0.026, foot - 0.46), (x + 0.062, foot - 0.46), (x + 0.082, foot - 0.075)], shade, 0.75
    )
    canvas.shape([(x - 0.062, foot - 0.46), (x, foot - 0.515), (x + 0.062, foot - 0.46)], blend(STONE, (255, 255, 250), 0.35))
    for _ in range(260):
        down = canvas.rng.random()
        speck = (x + canvas.rng.uniform(-1, 1) * (0.06 + 0.018 * down), foot - 0.455 + 0.375 * down)
        canvas.disc(*speck, 0.0009, canvas.rng.choice(((150, 146, 138), (226, 222, 212), (120, 118, 112))))
    canvas.words(x - 0.006, foot - 0.40, words["marker_country"], 0.0125, (150, 40, 34))
    canvas.words(x - 0.006, foot - 0.32, words["number"], 0.058 if len(words["number"]) < 5 else 0.036, (160, 34, 28))


def draw_marker(canvas: Canvas, words: dict[str, str]) -> None:
    """A marker in order, on a cleared knoll."""
    draw_hills(canvas)
    draw_ground(canvas, 0.62)
    draw_forest(canvas, 0.64, 9, tall=0.13)
    canvas.grass(700, (0, 0.66, 1, 0.99), (112, 136, 70), 0.035)
    draw_pillar(canvas, words, 0.47, 0.84)
    canvas.grass(260, (0.26, 0.855, 0.72, 0.99), (104, 130, 66), 0.045)


def draw_cracked_marker(canvas: Canvas, words: dict[str, str]) -> None:
    """A marker whose plinth has a crack and lost a corner."""
    draw_hills(canvas, 0.48)
    draw_ground(canvas, 0.58, (146, 142, 92))
    canvas.grass(420, (0, 0.62, 1, 0.99), (130, 136, 78), 0.03)
    draw_pillar(canvas, words, 0.53, 0.82)
    crack: Points = [(0.47, 0.58), (0.478, 0.63), (0.468, 0.67), (0.487, 0.72), (0.476, 0.76), (0.497, 0.80), (0.489, 0.85)]
    canvas.stroke(crack, 0.0042, (52, 48, 46))
    canvas.stroke([(0.487, 0.72), (0.51, 0.745), (0.525, 0.79)], 0.003, (62, 58, 54))
    canvas.stroke([(0.476, 0.76), (0.448, 0.785), (0.43, 0.83)], 0.003, (62, 58, 54))
    canvas.shape([(0.655, 0.772), (0.668, 0.855), (0.60, 0.855), (0.615, 0.82), (0.602, 0.80)], (112, 98, 80))
    canvas.stones(16, (0.58, 0.85, 0.76, 0.92), STONE, 0.017)
    canvas.grass(160, (0.25, 0.88, 0.95, 0.99), (118, 126, 68), 0.045)


def draw_landslide(canvas: Canvas, words: dict[str, str]) -> None:
    """A trail on a slope, buried by fresh earth and stones."""
    draw_hills(canvas, 0.42)
    canvas.shape([(0, 0.22), (0.2, 0.34), (0.52, 0.56), (1, 0.72), (1, 1), (0, 1)], (92, 122, 70))
    draw_forest(canvas, 0.42, 5, tall=0.2)
    draw_path(canvas, [(0.98, 0.66), (0.72, 0.70), (0.42, 0.78), (0.16, 1.02)], 0.012, 0.12)
    canvas.grass(420, (0, 0.62, 1, 0.99), (96, 124, 64), 0.035)
    scar: Points = [
        (0.17, 0.31),
        (0.25, 0.30),
        (0.36, 0.46),
        (0.50, 0.60),
        (0.68, 0.78),
        (0.80, 0.99),
        (0.30, 1.0),
        (0.32, 0.78),
        (0.25, 0.52),
    ]
    canvas.shape(scar, (132, 84, 52), 0.9, 0.008)
    canvas.shape(
        [(0.19, 0.33), (0.27, 0.42), (0.40, 0.62), (0.56, 0.84), (0.60, 1.0), (0.42, 1.0), (0.40, 0.80), (0.28, 0.52)],
        (176, 122, 78),
        0.75,
        0.012,
    )
    for _ in range(26):
        x, y = canvas.rng.uniform(0.22, 0.4), canvas.rng.uniform(0.36, 0.62)
        canvas.stroke([(x, y), (x + 0.035, y + 0.06)], 0.0025, (112, 70, 44))
    canvas.stones(58, (0.34, 0.70, 0.76, 0.97), (164, 140, 116), 0.036)
    for x, y in ((0.36, 0.66), (0.62, 0.86)):
        canvas.stroke([(x, y), (x + 0.2, y + 0.055)], 0.012, (92, 68, 48))
        canvas.stroke([(x + 0.12, y + 0.03), (x + 0.17, y - 0.02)], 0.005, (92, 68, 48))


def draw_footprints(canvas: Canvas, words: dict[str, str]) -> None:
    """Prints of shoes in wet earth, seen from above, going up the picture."""
    mud: Colour = (140, 106, 76)
    canvas.fade(0, 1, blend(mud, (200, 180, 150), 0.25), mud)
    for _ in range(240):
        spot = blend(mud, canvas.rng.choice(((80, 56, 40), (206, 184, 150))), canvas.rng.uniform(0.1, 0.4))
        canvas.disc(canvas.rng.random(), canvas.rng.random(), canvas.rng.uniform(0.003, 0.02), spot, flat=0.6)
    canvas.disc(0.82, 0.3, 0.13, (150, 158, 152), 0.6, 0.008, flat=0.45)
    canvas.disc(0.80, 0.285, 0.07, (214, 222, 216), 0.5, 0.012, flat=0.3)
    for index, (x, y) in enumerate(
        ((0.34, 0.87), (0.50, 0.70), (0.33, 0.50), (0.49, 0.33), (0.34, 0.14), (0.66, 0.79), (0.73, 0.52), (0.62, 0.2))
    ):
        _draw_print(canvas, x, y, 0.12 if index < 5 else 0.09, 1 if index % 2 else -1, mud)
    canvas.grass(170, (0, 0.2, 0.14, 1.02), (96, 122, 62), 0.09)
    canvas.grass(130, (0.9, 0.45, 1.0, 1.02), (96, 122, 62), 0.09)
    canvas.stones(14, (0.1, 0.1, 0.95, 0.95), (150, 140, 128), 0.012)


def _draw_print(canvas: Canvas, x: float, y: float, long: float, side: int, mud: Colour) -> None:
    deep, rim = blend(mud, (46, 30, 22), 0.62), blend(mud, (236, 214, 180), 0.45)
    for shift, colour in ((0.004, rim), (0.0, deep)):
        canvas.disc(x + shift, y - long * 0.42 + shift, long * 0.27, colour, flat=1.35)
        canvas.disc(x + shift - side * 0.006, y + long * 0.05 + shift, long * 0.18, colour, flat=1.6)
        canvas.disc(x + shift - side * 0.004, y + long * 0.56 + shift, long * 0.2, colour, flat=1.1)
    for step in range(9):
        bar = y - long * 0.78 + step * long * 0.19
        half = long * (0.19 if step < 5 else 0.12)
        if step != 5:
            canvas.stroke([(x - half, bar), (x, bar - long * 0.05), (x + half, bar)], 0.0035, blend(deep, mud, 0.45))


def draw_fence(canvas: Canvas, words: dict[str, str]) -> None:
    """A path closed with posts, wire and a board."""
    draw_hills(canvas, 0.46)
    draw_ground(canvas, 0.56)
    draw_forest(canvas, 0.60, 10, tall=0.2)
    draw_path(canvas, [(0.5, 0.58), (0.56, 0.7), (0.46, 0.82), (0.5, 1.02)], 0.02, 0.2)
    canvas.grass(420, (0, 0.64, 0.34, 0.99), (108, 132, 70), 0.045)
    canvas.grass(420, (0.68, 0.64, 1, 0.99), (108, 132, 70), 0.045)
    for step in range(8):
        x = 0.06 + step * 0.127
        canvas.shape([(x - 0.011, 0.86), (x - 0.010, 0.50), (x + 0.010, 0.49), (x + 0.011, 0.86)], (186, 182, 170))
        canvas.shape([(x + 0.002, 0.86), (x + 0.002, 0.495), (x + 0.010, 0.49), (x + 0.011, 0.86)], (128, 126, 120))
    for y in (0.53, 0.60, 0.67, 0.74, 0.81):
        canvas.stroke([(0, y), (0.25, y + 0.006), (0.5, y), (0.75, y + 0.007), (1, y)], 0.0022, (74, 76, 78))
        for step in range(44):
            x = 0.012 + step / 44
            canvas.stroke([(x - 0.003, y - 0.006), (x + 0.003, y + 0.012)], 0.0014, (74, 76, 78))
    canvas.shape([(0.325, 0.575), (0.675, 0.575), (0.675, 0.70), (0.325, 0.70)], (96, 30, 26))
    canvas.shape([(0.331, 0.583), (0.669, 0.583), (0.669, 0.692), (0.331, 0.692)], (246, 238, 214))
    canvas.words(0.5, 0.637, words["closed_opening"], 0.044, (150, 34, 28))


def draw_hut(canvas: Canvas, words: dict[str, str]) -> None:
    """An old hut of bamboo and thatch, left for long."""
    draw_hills(canvas, 0.40)
    draw_ground(canvas, 0.56, (112, 130, 76))
    draw_forest(canvas, 0.60, 8, (58, 96, 58), 0.36)
    canvas.grass(300, (0, 0.66, 1, 0.8), (104, 128, 66), 0.05)
    canvas.disc(0.54, 0.84, 0.3, (36, 46, 30), 0.5, 0.02, flat=0.2)
    canvas.shape([(0.31, 0.56), (0.74, 0.54), (0.74, 0.83), (0.31, 0.84)], (134, 112, 72))
    for step in range(36):
        x = 0.314 + step * 0.012
        canvas.stroke([(x, 0.56), (x, 0.835)], 0.0036, blend(BAMBOO, (70, 52, 32), canvas.rng.uniform(0.0, 0.5)))
    canvas.shape([(0.47, 0.62), (0.56, 0.617), (0.56, 0.838), (0.47, 0.84)], (36, 30, 24))
    canvas.shape([(0.47, 0.62), (0.50, 0.64), (0.505, 0.85), (0.47, 0.84)], (104, 84, 54))
    canvas.shape([(0.63, 0.63), (0.70, 0.627), (0.70, 0.70), (0.63, 0.705)], (40, 34, 28))
    roof: Points = [(0.24, 0.61), (0.36, 0.36), (0.68, 0.35), (0.81, 0.58), (0.62, 0.60)]
    canvas.shape(roof, (124, 100, 66))
    for _ in range(420):
        across, down = canvas.rng.random(), canvas.rng.random()
        x = 0.36 + 0.32 * across + (across - 0.45) * 0.24 * down
        y = 0.36 + 0.23 * down
        straw = blend((150, 124, 82), (64, 50, 34), canvas.rng.uniform(0, 0.8))
        canvas.stroke([(x, y), (x + (across - 0.45) * 0.03, y + 0.035)], 0.0022, straw)
    canvas.shape([(0.55, 0.42), (0.60, 0.41), (0.625, 0.485), (0.57, 0.50)], (42, 34, 26))
    canvas.stroke([(0.55, 0.43), (0.63, 0.49)], 0.006, (96, 76, 48))
    canvas.stones(9, (0.2, 0.87, 0.34, 0.91), (84, 80, 76), 0.018)
    canvas.disc(0.27, 0.89, 0.04, (30, 28, 26), 0.8, 0.004, flat=0.35)
    canvas.grass(420, (0, 0.84, 1, 1.0), (98, 124, 62), 0.07)


def draw_new_trail(canvas: Canvas, words: dict[str, str]) -> None:
    """A narrow new path cut through tall growth."""
    canvas.fade(0, 0.6, (206, 222, 206), (236, 236, 206))
    canvas.ridge(0.5, 0.2, (150, 178, 158), 3, (220, 228, 204))
    draw_forest(canvas, 0.52, 12, (106, 140, 98), 0.26)
    draw_ground(canvas, 0.52, (110, 134, 74))
    draw_path(canvas, [(0.55, 0.53), (0.47, 0.62), (0.58, 0.74), (0.47, 1.03)], 0.008, 0.13, (170, 126, 84))
    canvas.grass(900, (0, 0.56, 0.36, 1.02), (92, 124, 58), 0.13)
    canvas.grass(900, (0.66, 0.56, 1.0, 1.02), (92, 124, 58), 0.13)
    for x in (0.06, 0.2, 0.82, 0.95):
        canvas.tree(x, 0.86, 0.62, (58, 98, 54))
    for _ in range(22):
        x, y = canvas.rng.choice((canvas.rng.uniform(0.3, 0.4), canvas.rng.uniform(0.62, 0.72))), canvas.rng.uniform(0.72, 0.96)
        canvas.stroke([(x, y), (x + 0.004, y - 0.03)], 0.006, (150, 128, 78))
        canvas.disc(x + 0.004, y - 0.031, 0.0045, (236, 220, 168), flat=0.6)
