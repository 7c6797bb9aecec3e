"""Photographs every screen in both languages and all themes: ``python -m tests.browser.all_screens``, into build/screens/all.

The demo's week is filled once into build/demo and copied for each run, so that every run begins with the same week.
"""

import asyncio
import hashlib
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from demo.__main__ import READY
from demo.processes import ROOT
from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage, open_browser
from tests.browser.post import desk_page, phone_page, unlock
from tests.browser.tour import TODAY, OnStop, find_faults, tour_desk, tour_phone
from tests.demo_week import RunningDemo, running_demo

FILLED: Final = ROOT / "build" / "demo"
SOURCES: Final = ("demo", "journal", "sync_server", "app/store", "app/record", "app/sync")
LANGUAGES: Final = ("vi", "en")
THEMES: Final = ("day", "night", "red")
KEY_SCREENS: Final = frozenset(
    {"today", "kinds", "record", "record-care", "log", "record-detail", "send", "settings", "start", "patrol", "end"}
)
"""Those that are also photographed with text twice as large."""


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
    if not (folder / READY).exists():
        shutil.rmtree(FILLED, ignore_errors=True)
        with running_demo(folder):
            pass
    return folder


def photographer(page: FletPage, device: str, variant: str, faults: list[str], only: frozenset[str] | None = None) -> OnStop:
    """Photographs each stop, or only some, and notes what is wrong with it."""

    async def stop(name: str) -> None:
        if only is None or name in only:
            await page.screenshot(f"all/{device}-{name}-{variant}")
            faults.extend(f"{device} {name} {variant}: {fault}" for fault in await find_faults(page))

    return stop


async def dress_phone(phone: FletPage, language: str, theme: str) -> None:
    await phone.open_tab(TODAY)
    await phone.press("open-settings")
    await phone.by_id(f"theme-{theme}").wait_for(state="attached")
    for choice in (f"theme-{theme}", f"language-{language}"):
        await phone.press(choice)
    await phone.press("back")


async def photograph_phone(browser: Browser, demo: RunningDemo, faults: list[str]) -> None:
    async with phone_page(browser) as phone:
        await phone.open(demo.phone)
        await phone.by_id("pin-1").wait_for(state="attached", timeout=30_000)
        await phone.screenshot("all/phone-unlock-vi-day")
        await unlock(phone, PHONE_PIN)
        for language, theme in product(LANGUAGES, THEMES):
            await dress_phone(phone, language, theme)
            await tour_phone(phone, photographer(phone, "phone", f"{language}-{theme}", faults))
        for language in LANGUAGES:
            await dress_phone(phone, language, "day")
            await phone.enlarge_text(200)
            await tour_phone(phone, photographer(phone, "phone", f"{language}-day-200", faults, KEY_SCREENS))
            await phone.enlarge_text(100)


async def photograph_desk(browser: Browser, demo: RunningDemo, faults: list[str]) -> None:
    async with desk_page(browser) as desk:
        await desk.open(demo.desk)
        await unlock(desk, DESK_PIN)
        await desk.by_id("desk-theme").wait_for(state="attached")
        for theme in THEMES:
            for language in LANGUAGES:
                await tour_desk(desk, photographer(desk, "desk", f"{language}-{theme}", faults))
                await turn(desk, "desk-language")
            await turn(desk, "desk-theme")


async def turn(desk: FletPage, switch: str) -> None:
    """To the other language, or to the next theme."""
    await desk.press(switch)
    await desk.page.wait_for_timeout(600)


async def photograph(demo: RunningDemo, devices: list[str]) -> list[str]:
    faults: list[str] = []
    async with open_browser() as browser:
        if "phone" in devices:
            await photograph_phone(browser, demo, faults)
        if "desk" in devices:
            await photograph_desk(browser, demo, faults)
    return faults


def main(devices: list[str]) -> int:
    filled = fill_once()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(filled, Path(folder) / "run"))
        with running_demo(copy) as demo:
            faults = asyncio.run(photograph(demo, devices))
    sys.stdout.write("\n".join([*faults, f"{len(faults)} faults; the screens are in build/screens/all"]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["phone", "desk"]))
