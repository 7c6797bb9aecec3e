"""Map packs: which ones are here, how much room they take, and how to get another, from a file or from the station."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.device.network import Link
from app.maps.shelf import InstalledPack
from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import danger_button, icon_button, primary_button, secondary_button
from app.screens.parts.surfaces import banner, card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.phone.frame import screen, scrolled
from app.screens.phone.picked_file import PickFile
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.map_packs import GIVEN, Coming
from app.state.mapping import Mapping
from app.state.session import Session
from journal.map_packs import OfferedPack


@ft.component
def MapPacksScreen() -> ft.View:
    """Draw the packs of this phone and what the station offers."""
    session, look = use_session(), use_look()
    return screen(session, look, look.say("map.packs_title"), PackList(session, session.mapping), back="/map", ident="packs")


@ft.component
def PackList(session: Session, mapping: Mapping) -> ft.Control:
    """Draw what is coming, what is here, what can be had."""
    look = use_look()
    link = session.handset.phone.link.link
    asked, set_asked = ft.use_state(0)
    offered = use_loaded(mapping.ask_offered, asked, len(mapping.packs))
    controls: list[ft.Control] = []
    if mapping.coming is not None:
        controls.append(_coming(look, mapping, mapping.coming))
    controls += _here(look, mapping)
    controls += _offers(look, mapping, link, offered, lambda: set_asked(asked + 1))
    controls += [
        section_header(look, look.say("map.from_file")),
        PickFile(session, mapping.take_in, label=look.say("map.pick_pack"), ident="pick-pack"),
        small(look, look.say("map.pack_kinds")),
    ]
    return scrolled(look, controls)


def _coming(look: Look, mapping: Mapping, coming: Coming) -> ft.Control:
    done, whole = look.texts.size(coming.done_bytes), look.texts.size(coming.size_bytes)
    if coming.fault is not None:
        key = f"map.fault.{coming.fault}"
        said = look.say(key if look.texts.has(key) else "map.fault.failed")
        lines: list[ft.Control] = [body(look, coming.name, strong=True), banner(look, said, "warning")]
        if coming.offered is not None and coming.done_bytes:
            lines.append(small(look, look.say("map.kept_part", done=done, whole=whole)))
        again = coming.offered
        if again is not None:
            lines.append(primary_button(look, look.say("verb.retry"), lambda: mapping.start_fetching(again), ident="fetch-again"))
        lines.append(secondary_button(look, look.say("verb.close"), mapping.phone_maps.forget_coming, ident="coming-close"))
        return card(look, lines, ident="coming-fault")
    share = coming.done_bytes / coming.size_bytes if coming.size_bytes else None
    key = "map.fetching" if coming.offered is not None else "map.copying"
    notice = progress_notice(look, look.say(key, name=coming.name, done=done, whole=whole), done=share)
    lines = [notice]
    if coming.offered is not None:
        lines.append(secondary_button(look, look.say("map.stop"), mapping.phone_maps.stop_fetching, ident="stop-fetching"))
    return card(look, lines, ident="coming")


def _here(look: Look, mapping: Mapping) -> list[ft.Control]:
    used = look.say("map.used", size=look.texts.size(mapping.phone_maps.used_bytes))
    header = section_header(look, look.say("map.here"), trailing=small(look, used))
    if not mapping.packs:
        nothing = empty_state(look, look.say("map.none"), look.say("map.none_hint"), icon=ft.Icons.MAP_OUTLINED)
        return [header, nothing]
    rows = [_pack(look, mapping, pack) for pack in mapping.packs]
    usable = [pack for pack in mapping.packs if pack.fault is None]
    if len(usable) > 1:
        by_place = mapping.chosen is None or mapping.chosen not in {pack.key for pack in usable}
        label = look.say("map.by_place_now" if by_place else "map.by_place")
        icon = ft.Icons.CHECK_CIRCLE if by_place else ft.Icons.AUTO_AWESOME_MOTION
        rows.append(
            secondary_button(look, label, lambda: mapping.phone_maps.choose(None), ident="by-place", icon=icon, disabled=by_place)
        )
    return [header, *rows]


def _pack(look: Look, mapping: Mapping, pack: InstalledPack) -> ft.Control:
    is_chosen = pack.key == mapping.chosen
    sizes = look.say("map.pack_told", size=look.texts.size(pack.size_bytes), near=pack.min_zoom, far=pack.max_zoom)
    lines: list[ft.Control] = [body(look, pack.name, strong=True), small(look, sizes)]
    if pack.attribution:
        lines.append(small(look, pack.attribution))
    if pack.fault is not None:
        lines.append(small(look, look.say(f"map.fault.{pack.fault.value}"), strong=True, colour=look.palette.high.mark))
    elif is_chosen:
        lines.append(small(look, look.say("map.chosen"), strong=True, colour=look.palette.good.mark))
    told: list[ft.Control] = [ft.Column(lines, spacing=0, tight=True, expand=True)]
    if pack.key != GIVEN:
        told.append(DropPack(look, mapping, pack, key=f"drop-{pack.key}"))
    inside: list[ft.Control] = [ft.Row(told, spacing=SPACE_2)]
    if pack.fault is None and not is_chosen and len(mapping.packs) > 1:

        async def choose() -> None:
            await mapping.phone_maps.choose(pack.key)

        inside.append(secondary_button(look, look.say("map.choose"), choose, ident=f"choose-{pack.key}"))
    shown = card(look, inside, ident=f"pack-{pack.key}")
    shown.key = f"pack-{pack.key}-{is_chosen}"
    return shown


@ft.component
def DropPack(look: Look, mapping: Mapping, pack: InstalledPack, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the way to throw a pack away; it asks once, since the way back is the post's Wi-Fi."""
    sure, set_sure = ft.use_state(initial=False)

    async def drop() -> None:
        await mapping.phone_maps.drop(pack.key)

    if not sure:
        name = look.say("map.drop", name=pack.name)
        return icon_button(look, ft.Icons.DELETE_OUTLINE, name, lambda: set_sure(True), ident=f"drop-{pack.key}")
    return danger_button(look, look.say("map.drop_sure"), drop, ident=f"drop-sure-{pack.key}")


def _offers(
    look: Look, mapping: Mapping, link: Link, offered: tuple[OfferedPack, ...] | None, ask: Callable[[], None]
) -> list[ft.Control]:
    again = icon_button(look, ft.Icons.REFRESH, look.say("map.ask_again"), ask, ident="ask-offered")
    header = section_header(look, look.say("map.at_station"), trailing=again)
    if offered is None:
        return [header, body(look, look.say("map.station_silent"))]
    if not offered:
        return [header, body(look, look.say("map.nothing_offered"))]
    lines: list[ft.Control] = [header]
    if link is Link.MOBILE:
        lines.append(banner(look, look.say("map.mobile_link"), "warning"))
    busy = mapping.coming is not None and mapping.coming.runs
    return [*lines, *(_offer(look, mapping, link, pack, busy=busy) for pack in offered)]


def _offer(look: Look, mapping: Mapping, link: Link, pack: OfferedPack, *, busy: bool) -> ft.Control:
    had = mapping.phone_maps.fetched_of(pack)
    size = look.texts.size(pack.size_bytes)
    told = look.say("map.kept_part", done=look.texts.size(had), whole=size) if had else size
    words = look.say("map.fetch_mobile" if link is Link.MOBILE else "map.fetch_rest" if had else "map.fetch", size=size)
    make = secondary_button if link is Link.MOBILE else primary_button

    def fetch() -> None:
        mapping.start_fetching(pack)

    button = make(look, words, fetch, ident=f"fetch-{pack.sha256[:16]}", icon=ft.Icons.DOWNLOAD, disabled=busy)
    return card(look, [body(look, pack.name, strong=True), small(look, told), button], spacing=SPACE_3)
