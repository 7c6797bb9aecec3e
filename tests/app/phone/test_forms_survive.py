"""A patrol's start and end, and one entered on behalf, are found again after a kill where they were left."""

import asyncio
import sys
from pathlib import Path

import flet as ft
import pytest

from app.store.queries import patrols_page
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.phone.test_patrol_and_record import set_out, type_pin
from tests.app.store.fakes import PIN

ROOT = Path(__file__).parents[3]
BOUND_S = 1.0
FILLS_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from tests.app.phone.fakes import PhoneMade
from tests.app.phone.test_forms_survive import fill_forms
from tests.app.phone.test_patrol_and_record import set_out

async def fill(folder):
    phone = await PhoneMade(folder).open()
    await phone.unlock()
    patrol = await set_out(phone)
    fill_forms(phone, patrol)
    sys.stdout.write("filled\\n")
    sys.stdout.flush()
    await asyncio.sleep(600)

asyncio.run(fill(Path(sys.argv[1])))
"""


def fill_forms(phone: OpenPhone, patrol: str) -> None:
    """As a hand does it on the three screens, half way."""
    patrolling = phone.session.patrolling
    start = patrolling.start_draft(None)
    start.type = "dot_xuat"
    start.set_people("bp", 4)
    start.put_text("plan", "Xem lại lối mòn")
    start.answers.put("cause", "Có tiếng xe lạ", quietly=True)
    end = patrolling.end_draft(patrol)
    end.weather = "mua"
    end.say_safe(safe=False)
    end.put_text("nothing_note", "Mưa to, quay về")
    behalf = patrolling.behalf_draft()
    behalf.channel = "radio"
    behalf.type_start("0:05", 1_790_000_000_000)


@pytest.fixture
async def made(tmp_path) -> PhoneMade:
    phone = PhoneMade(tmp_path)
    await phone.enrol()
    return phone


@pytest.fixture
async def phone(made):
    opened = await made.open()
    await opened.unlock()
    yield opened
    await opened.close()


async def kept_names(phone: OpenPhone) -> set[str]:
    return {name.split(":")[1] for name in await phone.session.keeping.read("patrol:")}


def typed(phone: OpenPhone, ident: str) -> str | None:
    return phone.page.identified(ident, ft.TextField).value


async def see_forms_as_left(phone: OpenPhone) -> None:
    await phone.go("/patrol/end")
    assert typed(phone, "end-nothing-note") == "Mưa to, quay về"
    end = phone.session.patrolling.end_draft(phone.session.patrol.subject)
    assert (end.weather, end.safe) == ("mua", False)
    await phone.go("/start")
    assert (typed(phone, "patrol-plan"), typed(phone, "field-cause")) == ("Xem lại lối mòn", "Có tiếng xe lạ")
    assert phone.page.sees("04 người")
    await phone.go("/behalf-new")
    assert typed(phone, "behalf-started") == "0:05"
    behalf = phone.session.patrolling.behalf_draft()
    assert (behalf.channel, behalf.on_behalf, behalf.started_ms) == ("radio", True, 1_790_000_000_000)


@pytest.mark.slow
async def test_a_killed_process_leaves_the_forms_of_a_patrol_as_they_were(made):
    words = (sys.executable, "-c", FILLS_UNTIL_KILLED, str(made.folder))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"filled\n"
    await asyncio.sleep(BOUND_S)
    process.kill()
    await process.wait()
    phone = await made.open()
    await phone.unlock()
    await see_forms_as_left(phone)
    await phone.close()


async def test_locking_forgets_the_forms_and_the_pin_brings_them_back(phone):
    patrol = await set_out(phone)
    fill_forms(phone, patrol)
    before = phone.session.patrolling.end_draft(patrol)
    await phone.session.lock()
    assert phone.session.keeping.find(before.key) is None
    await phone.unlock()
    await see_forms_as_left(phone)


async def test_changing_person_takes_the_open_forms_out_of_memory_too(phone):
    patrol = await set_out(phone)
    fill_forms(phone, patrol)
    session = phone.session
    await phone.front.ask_who()
    await phone.rest()
    assert session.keeping.find(f"patrol:end:{patrol}") is None


async def test_setting_out_and_closing_leave_no_form_behind(phone):
    await phone.go("/start")
    await phone.press("patrol-type-thuong_xuyen")
    await phone.press("force-bp-more")
    await phone.session.keeping.keep_now()
    assert await kept_names(phone) == {"start"}
    await phone.press("patrol-go")
    await phone.session.keeping.keep_now()
    assert await kept_names(phone) == set()
    await phone.go("/patrol/end")
    await phone.page.enter("end-nothing-note", "Mưa to, quay về")
    await phone.session.keeping.keep_now()
    assert await kept_names(phone) == {"end"}
    await phone.press("end-confirm")
    await type_pin(phone, PIN)
    await phone.session.keeping.keep_now()
    assert await kept_names(phone) == set()
    assert (await phone.session.notebook.ask(patrols_page))[0].ended_ms is not None


async def test_a_number_that_nobody_typed_is_proposed_anew(phone):
    await phone.go("/start")
    await phone.press("patrol-type-thuong_xuyen")
    assert phone.session.patrolling.start_draft(None).number.endswith("0001")
    await phone.go("/")
    await phone.session.lock()
    await phone.unlock()
    assert phone.session.patrolling.start_draft(None).number == ""
    await phone.go("/start")
    assert phone.session.patrolling.start_draft(None).number.endswith("0001")


async def test_the_start_of_one_order_does_not_wipe_that_of_another(phone):
    phone.session.patrolling.start_draft("K.1").put_text("plan", "Theo lệnh một")
    phone.session.patrolling.start_draft("K.2").put_text("plan", "Theo lệnh hai")
    await phone.session.lock()
    await phone.unlock()
    assert phone.session.patrolling.start_draft("K.1").text("plan") == "Theo lệnh một"


async def test_a_form_of_another_version_is_left_alone(phone):
    await phone.session.notebook.act(lambda pen: pen.keep_draft("patrol:start:", b'{"answers": 1}'))
    await phone.session.lock()
    await phone.unlock()
    assert phone.session.patrolling.start_draft(None).text("plan") == ""
    assert await kept_names(phone) == {"start"}
