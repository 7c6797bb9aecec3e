"""The way through every room of the desk, and what its rooms lay over themselves."""

from typing import Final

from tests.browser.tourist import Tourist

ROOM_SETTLES_MS: Final = 3_000
"""Tiles come after the room."""


async def see_rooms(tourist: Tourist) -> None:
    desk = tourist.page
    await desk.by_start("rail-").first.wait_for(state="attached")
    rooms = await desk.by_start("rail-").evaluate_all("all => all.map(one => one.getAttribute('flt-semantics-identifier'))")
    for room in dict.fromkeys(rooms):
        await desk.press(room)
        await desk.page.wait_for_timeout(ROOM_SETTLES_MS)
        await tourist.stop(room.removeprefix("rail-"))


async def see_review(tourist: Tourist) -> None:
    """The second record of the week's inbox is the ambulance, which has a photo."""
    desk = tourist.page
    await desk.press("rail-review")
    await desk.by_start("review-row-").nth(1).click()
    await desk.by_id("photo-0").first.wait_for(state="attached")
    await tourist.stop("record")
    await desk.press("photo-0")
    await desk.by_id("photo-close").first.wait_for(state="attached")
    await tourist.stop("photo")
    await desk.press("photo-close")
    await desk.by_id("photo-close").first.wait_for(state="detached")
    await desk.press("filter-add")
    await desk.by_id("filter-done").first.wait_for(state="attached")
    await tourist.stop("filters")
    await desk.press("filter-done")
    await desk.by_id("filter-done").first.wait_for(state="detached")


async def see_course(tourist: Tourist) -> None:
    """The keys of the review desk, and from there the patrol of the open record, left by a key as it was entered."""
    desk = tourist.page
    await desk.press("rail-review")
    await desk.by_start("review-row-").nth(1).click()
    await desk.page.wait_for_timeout(ROOM_SETTLES_MS)
    await desk.page.keyboard.press("?")
    await desk.by_id("keys-close").first.wait_for(state="attached")
    await tourist.stop("keys")
    await desk.press("keys-close")
    await desk.by_id("keys-close").first.wait_for(state="detached")
    await desk.page.keyboard.press("t")
    await desk.by_id("course-title").first.wait_for(state="attached")
    await desk.page.keyboard.press("ArrowRight")
    await desk.page.wait_for_timeout(ROOM_SETTLES_MS)
    await tourist.stop("course")
    await desk.page.keyboard.press("Escape")
    await desk.by_start("review-row-").first.wait_for(state="attached")


async def see_line(tourist: Tourist) -> None:
    """Each side of the line, and who was at its worst place."""
    desk = tourist.page
    await desk.press("rail-route")
    await desk.by_start("worst-").first.wait_for(state="attached")
    await desk.by_start("worst-").first.click()
    await desk.by_id("line-close").first.wait_for(state="attached")
    await tourist.stop("line-place")
    await desk.press("line-close")  # in large text a list takes the whole room
    for tab in ("effort", "habits", "heat"):
        await desk.press(f"line-tab-{tab}")
        await desk.page.wait_for_timeout(ROOM_SETTLES_MS)
        await tourist.stop(f"line-{tab}")


async def see_sealed(tourist: Tourist) -> None:
    """A tip whose source is sealed, if the queue has one."""
    desk = tourist.page
    await desk.press("rail-review")
    rows = desk.by_start("review-row-")
    await rows.first.wait_for(state="attached")
    for number in range(await rows.count()):
        await rows.nth(number).click()
        await desk.page.wait_for_timeout(500)
        if await tourist.is_there("open-source"):
            await tourist.open("open-source", "source-dialog", "source")
            await tourist.tap("source-cancel")
            await tourist.page.gone("source-dialog")
            return


async def see_behalf(tourist: Tourist) -> None:
    """The forms of the phone for patrols that have none; written at the desk."""
    await tourist.page.press("rail-plan")
    await tourist.open("desk-behalf", "behalf", "behalf")
    await tourist.open("behalf-new", "behalf-form", "behalf-new")
    await tourist.back("behalf")
    await tourist.page.press("back")
    await tourist.page.by_start("rail-").first.wait_for(state="attached")


async def see_books(tourist: Tourist) -> None:
    desk = tourist.page
    await desk.press("rail-register")
    await desk.by_start("book-").first.wait_for(state="attached")
    books = await desk.by_start("book-").evaluate_all("all => all.map(one => one.getAttribute('flt-semantics-identifier'))")
    for book in list(dict.fromkeys(books))[1:]:
        await desk.press(book)
        await desk.page.wait_for_timeout(ROOM_SETTLES_MS)
        await tourist.stop(f"register-{book.removeprefix('book-')}")
