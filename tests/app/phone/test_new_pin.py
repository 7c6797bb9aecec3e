"""A new PIN for who knows the old one: judged before it is tried, and what to mend is said beside its field."""

import pytest

from app.state.handset import Stage
from tests.app.phone.fakes import PhoneMade
from tests.app.store.fakes import OTHER_PIN, PIN


@pytest.fixture
async def phone(tmp_path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    opened = await made.open()
    await opened.unlock()
    await opened.go("/settings/pin")
    yield opened
    await opened.close()


async def change(phone, old: str, new: str, again: str) -> None:
    for field, typed in (("pin-proof", old), ("pin-pin", new), ("pin-again", again)):
        await phone.page.enter(field, typed)
    await phone.press("pin-change")


async def opens_with(phone, pin: str) -> bool:
    await phone.session.lock()
    await phone.rest()
    await phone.session.unlock(pin)
    await phone.rest()
    return phone.session.stage is Stage.OPEN


async def test_the_new_pin_opens_once_the_old_one_was_right(phone):
    await change(phone, PIN, OTHER_PIN, OTHER_PIN)
    assert not await opens_with(phone, PIN)
    assert await opens_with(phone, OTHER_PIN)


async def test_a_wrong_old_pin_or_two_that_differ_are_told_and_change_nothing(phone):
    await change(phone, PIN, OTHER_PIN, PIN)
    assert phone.page.sees("Hai lần nhập chưa giống nhau")
    await change(phone, "999000", OTHER_PIN, OTHER_PIN)
    assert not phone.page.sees("Hai lần nhập chưa giống nhau")
    assert phone.page.sees("Còn 9 lần")
    assert await opens_with(phone, PIN)
