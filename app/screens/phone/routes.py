"""Which address of the phone shows which screen."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.phone.behalf import BehalfEnd, BehalfList, BehalfNew, BehalfPatrol
from app.screens.phone.camera import CameraScreen
from app.screens.phone.carry import CarryFile
from app.screens.phone.carry_give import CarryGive
from app.screens.phone.carry_take import CarryTake
from app.screens.phone.check import CheckScreen
from app.screens.phone.checked_places import CheckedPlaces
from app.screens.phone.choose_kind import ChooseKind
from app.screens.phone.drafts import DraftsScreen
from app.screens.phone.end_patrol import ClosePatrol, EndPatrol
from app.screens.phone.frame import PhoneShell
from app.screens.phone.hand_in import HandInScreen
from app.screens.phone.home import Home
from app.screens.phone.leave import LeaveScreen
from app.screens.phone.log import Log
from app.screens.phone.map_layers import MapLayers
from app.screens.phone.map_tab import MapTab
from app.screens.phone.new_pin import ChangePinScreen
from app.screens.phone.packs import MapPacksScreen
from app.screens.phone.patrol import PatrolScreen
from app.screens.phone.photo import DraftPhotoScreen, PhotoScreen
from app.screens.phone.photo_reason import PhotoReasonScreen
from app.screens.phone.pick_point import PickForRecord, PickForSheet
from app.screens.phone.place import PlaceScreen
from app.screens.phone.places import Places
from app.screens.phone.quick_report import QuickReportScreen
from app.screens.phone.record import RecordScreen
from app.screens.phone.record_detail import RecordDetail
from app.screens.phone.safety import WatchScreen
from app.screens.phone.send import Send
from app.screens.phone.settings import SettingsScreen
from app.screens.phone.share_photo import SharePhotoScreen
from app.screens.phone.sheets import Sheets, SheetScreen
from app.screens.phone.sos import SosScreen
from app.screens.phone.source import SourceScreen
from app.screens.phone.start_patrol import StartPatrol
from app.screens.phone.trail import TrailScreen

OVER: Final = {
    "/start": StartPatrol,
    "/patrol": PatrolScreen,
    "/patrol/end": EndPatrol,
    "/patrol/close": ClosePatrol,
    "/hand-in/:subject": HandInScreen,
    "/check": CheckScreen,
    "/behalf": BehalfList,
    "/behalf-new": BehalfNew,
    "/behalf-of/:subject": BehalfPatrol,
    "/behalf-end/:subject": BehalfEnd,
    "/kinds": ChooseKind,
    "/record/:key": RecordScreen,
    "/camera/:key": CameraScreen,
    "/record-of/:subject": RecordDetail,
    "/report/:subject": QuickReportScreen,
    "/checked/:subject": CheckedPlaces,
    "/drafts": DraftsScreen,
    "/photo/:sha": PhotoScreen,
    "/draft-photo/:key/:sha": DraftPhotoScreen,
    "/photo-reason/:key": PhotoReasonScreen,
    "/share-photo/:sha": SharePhotoScreen,
    "/source/:key": SourceScreen,
    "/trail/:subject": TrailScreen,
    "/settings": SettingsScreen,
    "/settings/pin": ChangePinScreen,
    "/settings/leave": LeaveScreen,
    "/map-layers": MapLayers,
    "/map-packs": MapPacksScreen,
    "/places": Places,
    "/place/:subject": PlaceScreen,
    "/pick-point/:key": PickForRecord,
    "/sheets": Sheets,
    "/sheet/:key": SheetScreen,
    "/pick-corner/:key/:corner": PickForSheet,
    "/carry/give": CarryGive,
    "/carry/file": CarryFile,
    "/carry/take": CarryTake,
    "/sos": SosScreen,
    "/safety": WatchScreen,
}
"""The screens that stand over the tabs."""
AT_THE_DESK: Final = (
    "/behalf", "/behalf-new", "/behalf-of/:subject", "/behalf-end/:subject", "/kinds", "/record/:key", "/camera/:key",
    "/record-of/:subject", "/photo/:sha", "/draft-photo/:key/:sha", "/photo-reason/:key", "/share-photo/:sha", "/source/:key",
)  # fmt: skip
"""Those by which the desk, too, writes down what others tell it."""


def phone_routes() -> list[ft.Route]:
    """Four tabs in a shell, and the screens that stand over them."""
    tabs = [
        ft.Route(index=True, component=Home),
        ft.Route(path="map", component=MapTab),
        ft.Route(path="log", component=Log),
        ft.Route(path="send", component=Send),
    ]
    return [
        ft.Route(path="/", component=PhoneShell, outlet=True, children=tabs),
        *(ft.Route(path=path, component=component, modal=True) for path, component in OVER.items()),
    ]


def behalf_routes() -> list[ft.Route]:
    """The forms of the phone that the desk uses for patrols without one."""
    return [ft.Route(path=path, component=OVER[path], modal=True) for path in AT_THE_DESK]
