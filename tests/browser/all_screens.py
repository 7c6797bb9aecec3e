"""Photographs every screen: ``python -m tests.browser.all_screens [phone|desk] [360|412|...] [vi|en] [day|...] [100|200]``.

At every size, in both languages, all themes, with text as usual and twice as large, into build/screens/all; one contact sheet for
each of these goes to build/screens/sheets. Words that are named narrow the choice. The demo's week is filled once into build/demo
and copied for each of them, so that every tour begins with the same week and none ends another.
"""

import asyncio
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from demo.processes import ROOT
from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.contact_sheets import lay_sheet
from tests.browser.driver import SCREENS, FletPage, new_page, open_browser
from tests.browser.faults import find_faults
from tests.browser.post import at, unlock
from tests.browser.tour import DESK, PHONE, tour_on
from tests.browser.tourist import TODAY, OnStop
from tests.demo_week import RunningDemo, running_demo

FILLED: Final = ROOT / "build" / "demo"
SOURCES: Final = ("demo", "journal", "sync_server", "app/store", "app/record", "app/sync", "app/patrol")
SIZES: Final = {"phone": ((360, 800), (412, 915), (800, 1280)), "desk": ((1440, 900),)}
LANGUAGES: Final = ("vi", "en")
THEMES: Final = ("day", "night", "red")
PERCENTS: Final = (100, 200)
CHOICES: Final = frozenset({*SIZES, *LANGUAGES, *THEMES, *map(str, PERCENTS), "360", "412", "800", "1440"})


@dataclass(frozen=True)
class Variant:
    """One way in which all screens are shown."""

    device: str
    width: int
    height: int
    language: str
    theme: str
    percent: int

    @property
    def name(self) -> str:
        return f"{self.device}-{self.width}-{self.language}-{self.theme}-{self.percent}"

    def fits(self, asked: frozenset[str]) -> bool:
        """Whether this is among what was asked for; a group of choices of which nothing is named is not narrowed."""
        mine = (self.device, str(self.width), self.language, self.theme, str(self.percent))
        groups = (set(SIZES), {"360", "412", "800", "1440"}, set(LANGUAGES), set(THEMES), {str(one) for one in PERCENTS})
        return all(word in asked or not (group & asked) for word, group in zip(mine, groups, strict=True))


@dataclass
class Album:
    """What was photographed, and what is wrong with it."""

    faults: list[str] = field(default_factory=list)

    def photographer(self, page: FletPage, variant: Variant) -> OnStop:
        """Photographs each stop and notes what is wrong with it."""

        async def stop(name: str) -> None:
            await page.screenshot(f"all/{variant.name}/{len(list(self._folder(variant).glob('*.png'))):02d}-{name}")
            self.faults += [f"{variant.name} {name}: {fault}" for fault in await find_faults(page)]

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
        for (width, height), language, theme, percent in product(sizes, LANGUAGES, THEMES, PERCENTS):
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


async def dress_phone(phone: FletPage, variant: Variant) -> None:
    await phone.open_tab(TODAY)
    await phone.press("open-settings")
    for choice in (f"theme-{variant.theme}", f"language-{variant.language}"):
        await phone.press(choice)
    await phone.press("back")


async def turn_desk(desk: FletPage, variant: Variant) -> None:
    """From Vietnamese by day, which a new page shows."""
    for _ in range(LANGUAGES.index(variant.language)):
        await desk.press("desk-language")
        await desk.page.wait_for_timeout(600)
    for _ in range(THEMES.index(variant.theme)):
        await desk.press("desk-theme")
        await desk.page.wait_for_timeout(600)


async def photograph(browser: Browser, demo: RunningDemo, variant: Variant, album: Album) -> None:
    """One tour, and its contact sheet."""
    allowed = {"geolocation": at(0), "permissions": ["geolocation", "camera", "microphone"]}
    async with new_page(browser, width=variant.width, height=variant.height, **allowed) as page:
        await page.open(demo.phone if variant.device == "phone" else demo.desk)
        album.begin(variant)
        stop = album.photographer(page, variant)
        await page.by_id("pin-1").wait_for(state="attached", timeout=30_000)
        if variant.device == "phone":
            await unlock(page, PHONE_PIN)
            await dress_phone(page, variant)
            await page.enlarge_text(variant.percent)
            troubles = await tour_on(page, PHONE, stop)
        else:
            await unlock(page, DESK_PIN)
            await page.by_id("desk-theme").wait_for(state="attached")
            await turn_desk(page, variant)
            await page.enlarge_text(variant.percent)
            troubles = await tour_on(page, DESK, stop)
    album.faults += [f"{variant.name} {trouble}" for trouble in troubles]
    album.lay(variant)


async def photograph_all(filled: Path, chosen: list[Variant]) -> list[str]:
    album = Album()
    async with open_browser() as browser:
        for variant in chosen:
            sys.stdout.write(f"{variant.name}\n")
            sys.stdout.flush()
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(shutil.copytree(filled, Path(folder) / "run"))
                with running_demo(copy) as demo:
                    await photograph(browser, demo, variant, album)
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
