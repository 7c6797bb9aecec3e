"""A new phone joins: a code from the desk, the same number on both screens, a word of the commander, then a lost one goes."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator

from demo.__main__ import host
from demo.processes import Running
from demo.story import DESK_PIN
from tests.browser.driver import FletPage
from tests.browser.post import ANY_PORT, Post, desk_page, new_post, phone_page, unlock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

PERSON = "Phó Đồn trưởng"
PERSON_CODE = "PHO_DON"
NEW_PIN = "604918"


async def start_new_phone(post: Post) -> Running:
    """The app of a phone out of its box: an empty folder."""
    running = host("fresh", PERSON_CODE, post.folder, wanted_port=ANY_PORT)
    post.running["fresh"] = running
    await asyncio.to_thread(running.wait_until_it_answers)
    return running


async def issue_a_code(desk: FletPage) -> str:
    """Chooses the person at the desk and gives the code that it shows."""
    await desk.press("rail-settings")
    await desk.by_id("invite-person").wait_for(state="attached")
    await desk.press("invite-person")
    await desk.page.get_by_role("button", name=f"{PERSON} ·").click()
    await desk.press("invite-issue")
    shown = desk.by_id("join-code-text").last
    await shown.wait_for(state="attached")
    await desk.picture("joining-01-desk-code")
    code = await words_of(shown)
    assert code.startswith("TT1.")
    await desk.press("code-done")
    return code


async def words_of(part: Locator) -> str:
    """A name without parts under it is drawn as text."""
    return (await part.inner_text() or await part.get_attribute("aria-label") or "").strip()


async def paste(page: FletPage, ident: str, text: str) -> None:
    """Into the field with this identifier: its hint is part of its name."""
    field = page.by_id(ident).locator("input, textarea").last
    for _ in range(5):  # the client may take a field's text back right after the focus
        await field.click()
        await page.page.wait_for_timeout(300)  # a page that slides in takes no text yet, though its field does
        await field.fill(text)
        await page.page.wait_for_timeout(300)
        await page.page.keyboard.press("Tab")  # a field that is left shows what the client holds
        await page.page.wait_for_timeout(300)
        if await field.input_value() == text:
            return
    raise AssertionError(f"{ident} does not take what is pasted")


async def press_join(phone: FletPage, code: str) -> None:
    """Until the phone shows its number. A field that lost what was pasted, while its page slid in, asks for it once more."""
    for _ in range(3):
        await phone.press("join")
        for _ in range(100):
            if await phone.by_id("check-number").count():
                return
            if "Dán hoặc gõ mã" in await phone.text():
                break
            await phone.page.wait_for_timeout(400)
        await paste(phone, "join-code", code)
    raise AssertionError("the phone shows no number")


async def ask_to_join(phone: FletPage, code: str) -> str:
    """Pastes the code, chooses a PIN, and gives the number that the phone shows."""
    await phone.by_id("join").wait_for(state="attached")
    await phone.picture("joining-02-new-phone")
    await paste(phone, "join-code", code)
    await phone.fill("Đặt mã PIN", NEW_PIN)
    await phone.fill("Nhập lại mã PIN", NEW_PIN)
    await press_join(phone, code)
    number = phone.by_id("check-number")
    await number.wait_for(state="attached")
    await phone.picture("joining-03-phone-shows-number")
    return "".join(filter(str.isdigit, await words_of(number.last)))


async def number_at_the_desk(desk: FletPage) -> tuple[str, str]:
    """The writer that waits, and the number that the desk shows for it."""
    waiting = desk.by_start("check-")
    await waiting.first.wait_for(state="attached")
    await desk.picture("joining-04-desk-compares")
    ident = await waiting.first.get_attribute("flt-semantics-identifier") or ""
    return ident.removeprefix("check-"), "".join(filter(str.isdigit, await words_of(waiting.first)))


async def revoke(desk: FletPage, writer: str) -> None:
    await desk.press(f"revoke-{writer}")
    await desk.fill("Lý do, dặn dò", "Mất trên đường tuần tra")
    await desk.picture("joining-07-desk-revokes")
    await desk.press("revoke-yes")
    await desk.see("Đã thu hồi")
    await desk.picture("joining-08-desk-revoked")


async def test_a_new_phone_is_let_in_by_its_number_and_shut_out_when_it_is_lost(browser, built, tmp_path: Path):
    async with new_post(built, tmp_path) as post, desk_page(browser) as desk, phone_page(browser) as phone:
        await start_new_phone(post)
        await desk.open(post.address("desk"))
        await unlock(desk, DESK_PIN)
        await desk.by_id("rail-settings").wait_for(state="attached")
        code = await issue_a_code(desk)
        await phone.open(post.address("fresh"))
        shown = await ask_to_join(phone, code)
        writer, compared = await number_at_the_desk(desk)
        assert len(shown) == 6
        assert compared == shown
        await desk.press(f"confirm-{writer}")
        await phone.by_id("start-patrol").wait_for(state="attached")
        await phone.picture("joining-05-phone-home")
        await desk.by_id(f"revoke-{writer}").wait_for(state="attached")
        await desk.picture("joining-06-desk-lists-it")
        await revoke(desk, writer)
        assert "Traceback" not in post.log("fresh") + post.log("desk") + post.log("station")
