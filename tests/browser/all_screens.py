"""Photographs every screen: ``python -m tests.browser.all_screens [phone|desk] [360|412|...] [vi|en] [day|...] [100|200]``.

At every size, in both languages, all themes, with text as usual and twice as large, into build/screens/all; one contact sheet for
each of these goes to build/screens/sheets. Words that are named narrow the choice. The demo's week is filled once into build/demo
and copied for each tour, so that every one begins with the same week and none ends another. One tour a size of screen and of text
(a screen that is laid out anew forgets what was unfolded on it): at each stop it is dressed in all languages and themes.
"""

import asyncio
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, product
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from app.screens.tokens import ThemeName
from app.texts import Language
from demo.processes import ROOT
from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.contact_sheets import lay_sheet
from tests.browser.driver import SCREENS, FletPage, new_page, open_browser
from tests.browser.faults import find_faults
from tests.browser.post import at, unlock
from tests.browser.studio import Studio, open_studio
from tests.browser.tour import DESK, PHONE, tour_on
from tests.browser.tourist import HOME, OnStop
from tests.demo_week import running_demo

FILLED: Final = ROOT / "build" / "demo"
SOURCES: Final = ("demo", "journal", "sync_server", "app/store", "app/record", "app/sync", "app/patrol")
SIZES: Final = {"phone": ((360, 800), (412, 915), (800, 1280)), "desk": ((1280, 800), (1440, 900), (1920, 1080))}
WIDTHS: Final = frozenset(str(width) for sizes in SIZES.values() for width, _ in sizes)
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
THEMES: Final[tuple[ThemeName, ...]] = ("day", "night", "red")
PERCENTS: Final = (100, 200)
CHOICES: Final = frozenset({*SIZES, *LANGUAGES, *THEMES, *map(str, PERCENTS), *WIDTHS})


@dataclass(frozen=True)
class Variant:
    """One way in which all screens are shown."""

    device: str
    width: int
    height: int
    language: Language
    theme: ThemeName
    percent: int

    @property
    def name(self) -> str:
        return f"{self.device}-{self.width}-{self.language}-{self.theme}-{self.percent}"

    def fits(self, asked: frozenset[str]) -> bool:
        """Whether this is among what was asked for; a group of choices of which nothing is named is not narrowed."""
        mine = (self.device, str(self.width), self.language, self.theme, str(self.percent))
        groups = (set(SIZES), WIDTHS, set(LANGUAGES), set(THEMES), {str(one) for one in PERCENTS})
        return all(word in asked or not (group & asked) for word, group in zip(mine, groups, strict=True))


@dataclass
class Album:
    """What was photographed, and what is wrong with it."""

    faults: list[str] = field(default_factory=list)

    def photographer(self, page: FletPage, studio: Studio, same_size: list[Variant]) -> OnStop:
        """Photographs each stop in all these ways, and notes what is wrong with it."""

        async def stop(name: str) -> None:
            for variant in same_size:
                await studio.dress(page, variant.language, variant.theme)
                await page.screenshot(f"all/{variant.name}/{len(list(self._folder(variant).glob('*.png'))):02d}-{name}")
                # Colours move nothing: what a screen lacks by day it lacks at night.
                if variant.theme == same_size[0].theme:
                    self.faults += [f"{variant.name} {name}: {fault}" for fault in await find_faults(page)]
            await studio.dress(page, "vi", "day")

        return stop

    def lay(self, variant: Variant) -> None:
        photographs = sorted(self._folder(variant).glob("*.png"))
        if photographs:
            lay_sheet(photographs, SCREENS / "sheets" / f"{variant.name}.png")

    def begin(self, variant: Variant) -> None:
        shutil.rmtree(self._folder(variant), ignore_errors=True)

    def _folder(self, variant: Variant) -> Path:
        return SCREENS / "all" / variant.name


def variants(asked: frozenset[str]) -> Iterator[Variant]:
    for device, sizes in SIZES.items():
        for (width, height), percent, language, theme in product(sizes, PERCENTS, LANGUAGES, THEMES):
            variant = Variant(device, width, height, language, theme, percent)
            if variant.fits(asked):
                yield variant


def fingerprint() -> str:
    """Of all that decides what a filled demo looks like on disk."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".json"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fill_once() -> Path:
    """The folder of a filled demo made by this very code."""
    folder = FILLED / fingerprint()
    if not (folder / "ready").exists():
        shutil.rmtree(FILLED, ignore_errors=True)
        with running_demo(folder):
            pass
    return folder


async def photograph(browser: Browser, studio: Studio, same_size: list[Variant], album: Album) -> None:
    """One tour; every stop of it in all these ways."""
    first = same_size[0]
    allowed = {"geolocation": at(0), "permissions": ["geolocation", "camera", "microphone"]}
    async with new_page(browser, width=first.width, height=first.height, **allowed) as page:
        await page.open(studio.address)
        for variant in same_size:
            album.begin(variant)
        on_phone = first.device == "phone"
        await unlock(page, PHONE_PIN if on_phone else DESK_PIN)
        await page.by_id(HOME if on_phone else "desk-theme").wait_for(state="attached")
        await page.enlarge_text(first.percent)
        troubles = await tour_on(page, PHONE if on_phone else DESK, album.photographer(page, studio, same_size))
    album.faults += [f"{first.device}-{first.width}-{first.percent} {trouble}" for trouble in troubles]
    for variant in same_size:
        album.lay(variant)


async def photograph_all(filled: Path, chosen: list[Variant]) -> list[str]:
    album = Album()
    async with open_browser() as browser:
        for (device, width, percent), group in groupby(
            chosen, key=lambda variant: (variant.device, variant.width, variant.percent)
        ):
            sys.stdout.write(f"{device} {width} {percent}\n")
            sys.stdout.flush()
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(shutil.copytree(filled, Path(folder) / "run"))
                async with open_studio(copy, device) as studio:
                    await photograph(browser, studio, list(group), album)
    return album.faults


def main(words: list[str]) -> int:
    unknown = [word for word in words if word not in CHOICES]
    if unknown:
        sys.stdout.write(f"unknown: {', '.join(unknown)}; there are {', '.join(sorted(CHOICES))}\n")
        return 2
    faults = asyncio.run(photograph_all(fill_once(), list(variants(frozenset(words)))))
    sys.stdout.write("\n".join([*faults, f"{len(faults)} faults; contact sheets are in build/screens/sheets"]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
