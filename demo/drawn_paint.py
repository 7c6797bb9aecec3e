"""The brushes of the demo's photos: skies, ridges, ground, trees, mist, light and the stamp, on a double-size canvas."""

import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from demo.drawn_labels import font

WIDTH, HEIGHT = 1280, 960
FINER = 2
Colour = tuple[int, int, int]
Points = list[tuple[float, float]]


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """`share` (0..1) of the way from one colour to another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass
class Canvas:
    """A picture under the brush; all measures are shares of its width (x, lengths) and height (y)."""

    picture: Image.Image
    rng: random.Random

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a place."""
        return x * WIDTH * FINER, y * HEIGHT * FINER

    def shape(self, points: Points, colour: Colour, strength: float = 1.0, blur: float = 0.0) -> None:
        """Fill a polygon, if wanted see-through and with a soft edge (`blur` as a share of the width)."""
        pixels = [self.at(x, y) for x, y in points]
        if strength >= 1.0 and not blur:
            ImageDraw.Draw(self.picture).polygon(pixels, fill=colour)
            return
        # Soft shapes need no fine edge, so they are made at a quarter of the size, and only where they reach.
        reach = 3 * blur * WIDTH * FINER
        left = max(0, math.floor((min(x for x, _ in pixels) - reach) / 4))
        top = max(0, math.floor((min(y for _, y in pixels) - reach) / 4))
        right = min(self.picture.width // 4, math.ceil((max(x for x, _ in pixels) + reach) / 4))
        bottom = min(self.picture.height // 4, math.ceil((max(y for _, y in pixels) + reach) / 4))
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x / 4 - left, y / 4 - top) for x, y in pixels], fill=round(255 * strength))
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * WIDTH * FINER / 4))
        fine = mask.resize((mask.width * 4, mask.height * 4), Image.Resampling.BILINEAR)
        self.picture.paste(colour, (left * 4, top * 4), fine)

    def disc(
        self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0, blur: float = 0.0, flat: float = 1.0
    ) -> None:
        """Fill a circle or, with `flat` under 1, an ellipse; the radius is a share of the width."""
        tall = radius * WIDTH / HEIGHT * flat
        ring = [
            (x + radius * math.cos(2 * math.pi * step / 72), y + tall * math.sin(2 * math.pi * step / 72)) for step in range(72)
        ]
        self.shape(ring, colour, strength, blur)

    def stroke(self, points: Points, width: float, colour: Colour) -> None:
        """A line with round ends; the width is a share of the picture's width."""
        pixels = [self.at(x, y) for x, y in points]
        thick = max(1, round(width * WIDTH * FINER))
        draw = ImageDraw.Draw(self.picture)
        draw.line(pixels, fill=colour, width=thick, joint="curve")
        for x, y in (pixels[0], pixels[-1]):
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=colour)

    def fade(self, top: float, bottom: float, upper: Colour, lower: Colour) -> None:
        """A gradient from `upper` to `lower` over the full width between two heights."""
        ramp = Image.new("RGB", (1, 256))
        ramp.putdata([blend(upper, lower, step / 255) for step in range(256)])
        first, last = round(self.at(0, top)[1]), round(self.at(0, bottom)[1])
        self.picture.paste(ramp.resize((self.picture.width, last - first), Image.Resampling.BICUBIC), (0, first))

    def ridge(self, level: float, height: float, colour: Colour, lumps: int, below: Colour | None = None) -> None:
        """A range of mountains to the bottom of the picture, paler towards `below` like hills in mist."""
        waves = [(self.rng.uniform(0, 6.3), lumps * 2**octave, 0.5**octave) for octave in range(5)]
        line: Points = []
        for step in range(161):
            x = step / 160
            rise = sum(weight * abs(math.sin(phase + x * often * 1.7)) for phase, often, weight in waves) / 1.9
            line.append((x, level - height * rise))
        points = [*line, (1.0, 1.0), (0.0, 1.0)]
        if below is None:
            self.shape(points, colour)
            return
        mask = Image.new("L", self.picture.size)
        ImageDraw.Draw(mask).polygon([self.at(x, y) for x, y in points], fill=255)
        layer = Canvas(Image.new("RGB", self.picture.size, below), self.rng)
        layer.fade(max(0.0, level - height), min(1.0, level + height * 0.6), colour, below)
        self.picture.paste(layer.picture, None, mask)

    def tree(self, x: float, y: float, tall: float, colour: Colour, lit: Colour = (240, 244, 190)) -> None:
        """A round-crowned forest tree standing at a place, `tall` as a share of the height."""
        self.stroke([(x, y), (x, y - tall * 0.5)], tall * 0.035, blend(colour, (62, 44, 32), 0.6))
        small = 0.75 if tall > 0.4 else 1.0
        for _ in range(round(9 / small**4)):
            lobe = (self.rng.gauss(0, tall * 0.13), self.rng.uniform(0.42, 0.9))
            shade = blend(colour, lit if lobe[1] > 0.7 else (10, 30, 26), self.rng.uniform(0.02, 0.16))
            self.disc(x + lobe[0], y - tall * lobe[1], tall * small * self.rng.uniform(0.11, 0.17), shade)

    def grass(self, count: int, area: tuple[float, float, float, float], colour: Colour, tall: float = 0.03) -> None:
        """Blades of grass with their roots in an area (left, top, right, bottom), farther ones smaller."""
        left, top, right, bottom = area
        for root_y in sorted(self.rng.uniform(top, bottom) for _ in range(count)):
            near = 0.35 + 0.65 * (root_y - top) / max(0.01, bottom - top)
            root_x, lean = self.rng.uniform(left, right), self.rng.gauss(0, 0.008) * near
            tone = blend(colour, self.rng.choice(((20, 50, 30), (226, 224, 150))), self.rng.uniform(0.0, 0.35))
            tip = root_y - tall * near * self.rng.uniform(0.5, 1.2)
            self.shape([(root_x - 0.0016 * near, root_y), (root_x + 0.0016 * near, root_y), (root_x + lean, tip)], tone)

    def stones(self, count: int, area: tuple[float, float, float, float], colour: Colour, size: float) -> None:
        """Rounded stones with a lit top, in an area, farther ones smaller; `size` as a share of the width."""
        left, top, right, bottom = area
        for y in sorted(self.rng.uniform(top, bottom) for _ in range(count)):
            near = 0.35 + 0.65 * (y - top) / max(0.01, bottom - top)
            x, radius = self.rng.uniform(left, right), size * near * self.rng.uniform(0.4, 1.0)
            tone = blend(colour, (40, 40, 44), self.rng.uniform(0.0, 0.3))
            self.disc(x, y + radius * 0.25, radius * 1.05, blend(tone, (10, 14, 18), 0.55), flat=0.55)
            self.disc(x, y, radius, tone, flat=0.62)
            self.disc(x - radius * 0.2, y - radius * 0.28, radius * 0.62, blend(tone, (255, 250, 235), 0.22), flat=0.5)

    def words(self, x: float, y: float, text: str, size: float, colour: Colour, weight: str = "Bold") -> None:
        """Letters with their middle at a place; the size is a share of the height."""
        letters: ImageFont.FreeTypeFont = font(weight, size * HEIGHT * FINER)
        ImageDraw.Draw(self.picture).text(self.at(x, y), text, colour, letters, anchor="mm")


def new_canvas(seed: int) -> Canvas:
    """An empty canvas with its own dice."""
    return Canvas(Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER)), random.Random(seed))


def develop(canvas: Canvas, stamp: str, *, night: bool) -> bytes:
    """The finished JPEG: scaled down, darker towards the corners, with grain and the stamp in the lower right corner."""
    picture = canvas.picture.reduce(FINER)
    corner = Image.new("L", (WIDTH // 8, HEIGHT // 8), 150 if night else 205)
    ImageDraw.Draw(corner).ellipse((-12, -16, WIDTH // 8 + 12, HEIGHT // 8 + 16), fill=255)
    corner = corner.filter(ImageFilter.GaussianBlur(22)).resize(picture.size, Image.Resampling.BICUBIC)
    picture = ImageChops.multiply(picture, Image.merge("RGB", [corner] * 3))
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), canvas.rng.randbytes(WIDTH * HEIGHT // 4))
    grain = grain.resize(picture.size, Image.Resampling.BICUBIC)
    picture = Image.blend(picture, Image.merge("RGB", [grain] * 3), 0.05 if night else 0.035)
    _stamp(picture, stamp)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=86, optimize=True)
    return written.getvalue()


def _stamp(picture: Image.Image, text: str) -> None:
    letters = font("SemiBold", 22)
    width = letters.getlength(text)
    box = (WIDTH - width - 48, HEIGHT - 62, WIDTH - 20, HEIGHT - 20)
    plate = Image.new("L", picture.size)
    ImageDraw.Draw(plate).rounded_rectangle(box, 8, fill=190)
    picture.paste((12, 40, 28), None, plate)
    ImageDraw.Draw(picture).text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), text, (250, 247, 236), letters, anchor="mm")
