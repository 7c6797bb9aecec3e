"""What looks for faults on a screen finds each that was planted, and none on a page that is whole."""

import pytest
import pytest_asyncio

from tests.browser.driver import new_page
from tests.browser.faults import find_faults
from tests.browser.faulty_page import FAULTS, main
from tests.browser.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("screens"), pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address():
    async with served(main) as url:
        yield url


async def faults_of(browser, address: str, fault: str) -> list[str]:
    async with new_page(browser, height=1_400) as page:
        await page.open(f"{address}/?fault={fault}")
        await page.page.wait_for_timeout(600)
        return await find_faults(page)


@pytest.mark.parametrize("fault", sorted(filter(None, FAULTS)))
async def test_a_planted_fault_is_found(browser, address, fault):
    found = await faults_of(browser, address, fault)
    assert any(one.startswith(fault.replace("-", " ")) for one in found), found


async def test_a_page_that_is_whole_has_none(browser, address):
    assert await faults_of(browser, address, "") == []
