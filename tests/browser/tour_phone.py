"""The way through every screen of the phone that needs no patrol, in parts that each begin and end on the first tab."""

from typing import Final

from tests.browser.tourist import HOME, LOG, MAP, SEND, TODAY, Tourist

SPOKEN_MS: Final = 1_500
MAP_SETTLES_MS: Final = 1_500
LONG_PRESS_MS: Final = 1_000
CHECKED_WITHIN_MS: Final = 30_000
MOST_ROWS: Final = 8
HOLD_MS: Final = 2_200
DRAFTS: Final = ("dau_vet", "moc", "duong_mon", "luu_tru")
"""Kinds of forms left half written; with more than three there is a list of them."""


async def see_today(tourist: Tourist) -> None:
    await tourist.tab(TODAY, HOME, "today")


async def see_forms(tourist: Tourist) -> None:
    """A form from its kind to what is missing, its care card, its photo, and where it was."""
    await tourist.open("quick-report", "kind-van_chuyen", "kinds")
    await tourist.open("kind-van_chuyen", "save-record", "record")
    await tourist.open("save-record", "missing", "record-missing")
    await tourist.tap("field-vehicle-more")
    await tourist.open("field-vehicle-xe_cuu_thuong", "care-xe_cuu_thuong", "record-care")
    await _see_photo_reason(tourist)
    await tourist.see("shutter")
    await tourist.page.page.wait_for_timeout(MAP_SETTLES_MS)
    await tourist.stop("camera")
    await tourist.open("shutter", "last-shot", "camera-taken")
    await tourist.open("camera-done", "thumb-0", "record-photo")
    await tourist.open("thumb-0", "drop-photo", "photo-of-draft")
    await tourist.back("save-record")
    await tourist.open("more-fields", "field-description", "record-more")
    await tourist.back("draft-drop")
    await tourist.stop("today-draft")
    await _drop_drafts(tourist)


async def _see_photo_reason(tourist: Tourist) -> None:
    """Who may be ill is not photographed without a reason."""
    await tourist.tap("take-photo")
    await tourist.page.by_id("shutter").or_(tourist.page.by_id("photo-reason")).last.wait_for(state="attached")
    if await tourist.is_there("photo-reason"):
        await tourist.stop("photo-reason")
        await tourist.page.by_start("photo-reason-").first.click()


async def see_tip(tourist: Tourist) -> None:
    """A tip: who told it, and a spoken note; another place for it on the map."""
    await tourist.open("quick-report", "kind-tin_bao")
    await tourist.open("kind-tin_bao", "save-record", "record-tip")
    await tourist.open("seal-source", "source-seal", "source")
    await tourist.back("save-record")
    await tourist.open("speak", "listening", "voice-listening")
    await tourist.page.page.wait_for_timeout(SPOKEN_MS)
    await tourist.open("voice-keep", "voice-play-1", "voice-kept")
    await tourist.open("move", "where-map", "record-where")
    await tourist.open("where-map", "pick-this", "pick-point")
    await tourist.back("save-record")
    await tourist.back("draft-drop")
    await _drop_drafts(tourist)


async def see_drafts(tourist: Tourist) -> None:
    for kind in DRAFTS:
        await tourist.open("quick-report", "kinds")
        await tourist.open(f"kind-{kind}", "more-fields")
        await tourist.open("more-fields", "field-priority-cao")
        await tourist.tap("field-priority-cao")
        await tourist.back(HOME)
    await tourist.open("drafts-all", "drafts", "drafts")
    await tourist.back(HOME)
    await _drop_drafts(tourist)


async def _drop_drafts(tourist: Tourist) -> None:
    await tourist.see(HOME)
    await tourist.page.page.wait_for_timeout(600)
    while left := await tourist.page.by_id("draft-drop").count():
        await tourist.page.by_id("draft-drop").first.click()
        for _ in range(20):
            await tourist.page.page.wait_for_timeout(150)
            if await tourist.page.by_id("draft-drop").count() != left:
                break


async def see_report(tourist: Tourist) -> None:
    """A quick report to its text; what was saved stays."""
    await tourist.open("quick-report", "kind-van_chuyen")
    await tourist.open("kind-van_chuyen", "save-record")
    await tourist.tap("field-vehicle-xe_may")
    await tourist.tap("field-direction-vao_noi_dia")
    await tourist.open("save-record", "report-text", "report")
    await tourist.open("report-radio", "report-done", "report-read")
    await tourist.open("report-done", HOME)


async def see_map(tourist: Tourist) -> None:
    await tourist.tab(MAP, "find-me")
    await tourist.page.page.wait_for_timeout(MAP_SETTLES_MS)
    await tourist.stop("map")
    await tourist.open("map-layers", "layer-list", "map-layers")
    await tourist.back("open-places")
    await tourist.open("open-places", "places", "places")
    await tourist.page.by_start("row-place:").first.wait_for(state="attached")
    await tourist.page.press_first("row-place:")
    await tourist.see("place")
    await tourist.stop("place")
    await tourist.back("place-search")
    await tourist.back("open-packs")
    await tourist.open("open-packs", "packs", "map-packs")
    await tourist.back("open-sheets")
    await tourist.open("open-sheets", "sheets", "map-sheets")
    await tourist.back("find-me")
    await _point_at_map(tourist)
    await tourist.tab(TODAY, HOME)


async def _point_at_map(tourist: Tourist) -> None:
    box = await tourist.page.by_id("ground").last.bounding_box()
    assert box is not None
    await tourist.page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    await tourist.page.page.mouse.down()
    await tourist.page.page.wait_for_timeout(LONG_PRESS_MS)
    await tourist.page.page.mouse.up()
    await tourist.see("pointed-close")
    await tourist.stop("map-pointed")
    await tourist.tap("pointed-close")


async def see_log(tourist: Tourist) -> None:
    await tourist.tab(SEND, "send-now", "send")
    for ident in ("carry-file", "carry-give", "carry-take"):
        await tourist.open(ident, f"{ident}-screen", ident)
        await tourist.back("send-now")
    await tourist.tab(LOG, "log-filter")
    await tourist.page.by_start("row-").first.wait_for(state="attached")
    await tourist.stop("log")
    await tourist.open("log-filter", "log-choices", "log-filter")
    await tourist.tap("log-filter")
    await tourist.page.gone("log-choices")
    await _see_record(tourist)
    await tourist.tab(TODAY, HOME)


async def _open_record_with_photo(tourist: Tourist) -> None:
    """The first row of the log that has one, or the last that was tried."""
    for number in range(MOST_ROWS):
        await tourist.page.by_start("row-").nth(number).click()
        await tourist.see("record-detail")
        await tourist.page.page.wait_for_timeout(800)
        if await tourist.is_there("thumb-0") or await tourist.page.by_start("row-").count() <= number + 1:
            return
        await tourist.back("log-filter")
        await tourist.page.by_start("row-").first.wait_for(state="attached")


async def _see_record(tourist: Tourist) -> None:
    """A record with a photo, its photo, and the copy of it that may be shared."""
    await _open_record_with_photo(tourist)
    await tourist.stop("record-detail")
    if await tourist.is_there("thumb-0"):
        await tourist.open("thumb-0", "share-photo", "photo")
        await tourist.open("share-photo", "share-screen", "photo-share")
        await tourist.back("share-photo")
        await tourist.back("record-detail")
    await tourist.scroll(4_000)
    await tourist.stop("record-history")
    if await tourist.is_there("amend"):
        await tourist.open("amend", "amend-reason", "record-amend")
        await tourist.back("record-detail")
    await tourist.back("log-filter")


async def see_settings(tourist: Tourist) -> None:
    await tourist.open("open-settings", "settings", "settings")
    await tourist.open("open-check", "ready-check")
    await tourist.see("ready-answer", timeout_ms=CHECKED_WITHIN_MS)
    await tourist.stop("check")
    await tourist.back("settings")
    for way, screen in (("open-change-pin", "change-pin"), ("open-watch", "watch-screen"), ("open-leave", "leave-screen")):
        await tourist.open(way, screen, screen)
        await tourist.page.press("back")
        await tourist.page.by_id("settings").or_(tourist.page.by_id(HOME)).last.wait_for(state="attached")
        if not await tourist.is_there("settings"):
            await tourist.open("open-settings", "settings")
    await tourist.scroll(8_000)
    await tourist.stop("settings-end")
    await tourist.back(HOME)


async def see_behalf(tourist: Tourist) -> None:
    """What others tell by paper or radio; not everybody may write it down."""
    if not await tourist.is_there("open-behalf"):
        await tourist.scroll(4_000)
    if not await tourist.is_there("open-behalf"):
        return
    await tourist.open("open-behalf", "behalf", "behalf")
    await tourist.open("behalf-new", "behalf-form", "behalf-new")
    await tourist.back("behalf")
    await tourist.back(HOME)


async def see_call(tourist: Tourist) -> None:
    """A call for help, the line that leads to it, and its end; the desk sees it."""
    await tourist.page.hold("sos-shield", hold_ms=HOLD_MS)
    await tourist.see("sos-screen")
    await tourist.page.page.wait_for_timeout(MAP_SETTLES_MS)
    await tourist.stop("sos")
    await tourist.back("sos-bar")
    await tourist.stop("today-sos")
    await tourist.open("sos-bar", "sos-screen")
    await tourist.open("sos-end", "sos-end-mistake", "sos-end")
    await tourist.open("sos-end-mistake", "sos-put-away", "sos-over")
    await tourist.open("sos-put-away", HOME)
