"""Devices of the station's people: a code for a new one, the number to compare, confirming, refusing, revoking."""

from contextlib import suppress
from dataclasses import dataclass

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.qr import draw_code
from app.store.outcomes import StoreLocked
from app.store.queries_desk import KnownDevice, known_devices
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.desk import (
    WaitingDevice,
    confirm_device,
    issue_join_code,
    read_copied,
    read_relays,
    refuse_device,
    revoke_device,
    waiting_devices,
)
from journal.copied import Copied
from journal.parcel import RelayStands

LOOK_EVERY_S = 3.0
LOOK_UP_EVERY = 10
"""Looks between two questions of how far the province has come, and of the station's last copy."""


@dataclass(frozen=True)
class IssuedCode:
    """A join code for one person; ``picture`` is its QR as PNG."""

    person: str
    text: str
    picture: bytes


@dataclass(eq=False)
class DevicesDesk(ft.Observable):
    """``trouble`` says why the station did not answer: ``unreachable`` or the code of its problem."""

    means: DeskMeans
    waiting: tuple[WaitingDevice, ...] = ()
    known: tuple[KnownDevice, ...] = ()
    code: IssuedCode | None = None
    relays: tuple[RelayStands, ...] = ()
    """The servers that the station gives to, such as the province's, as it told last."""
    copied: Copied | None = None
    """When the station was copied last, as it told last."""
    trouble: str | None = None

    async def refresh(self) -> None:
        """The devices that the register knows; works without the station."""
        try:
            self.known = await self.means.notebook.ask(known_devices)
        except StoreLocked:
            return

    async def look(self) -> None:
        """Asks the station which devices wait; what does not differ is not drawn again."""
        client = self.means.client()
        if client is None:
            self._note("unreachable")
            return
        try:
            waiting = tuple(await waiting_devices(client))
        except ExchangeFailed as failed:
            self._note(_why(failed))
            return
        self._note(None)
        if waiting != self.waiting:
            self.waiting = waiting

    async def look_up(self) -> None:
        """Asks how far the province has what the station gave, and how old its copy is; what is not told now stays as it was."""
        client = self.means.client()
        if client is None:
            return
        with suppress(ExchangeFailed):
            relays = await read_relays(client)
            if relays != self.relays:
                self.relays = relays
        with suppress(ExchangeFailed):
            copied = await read_copied(client)
            if copied != self.copied:
                self.copied = copied

    async def issue(self, person: str) -> None:
        """A code for this person, good once and for a day."""
        client = self.means.client()
        if client is None:
            self._note("unreachable")
            return
        try:
            text = await issue_join_code(client, person)
        except ExchangeFailed as failed:
            self._note(_why(failed))
            return
        self._note(None)
        self.code = IssuedCode(person, text, draw_code(text))

    def put_away(self) -> None:
        self.code = None

    async def confirm(self, writer: str) -> None:
        await self._decide(writer, accept=True)

    async def refuse(self, writer: str) -> None:
        await self._decide(writer, accept=False)

    async def _decide(self, writer: str, *, accept: bool) -> None:
        client = self.means.client()
        if client is None:
            self._note("unreachable")
            return
        try:
            await (confirm_device(client, writer) if accept else refuse_device(client, writer))
        except ExchangeFailed as failed:
            self._note(_why(failed))
            return
        await self.look()

    async def revoke(self, writer: str, reason: str) -> bool:
        """Lost or stolen: needs a reason, which stays in the register. False when the station did not do it."""
        client = self.means.client()
        if client is None or not reason.strip():
            return False
        try:
            await revoke_device(client, writer, reason.strip())
        except ExchangeFailed as failed:
            self._note(_why(failed))
            return False
        return True

    def _note(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble


def _why(failed: ExchangeFailed) -> str:
    return failed.problem.code if isinstance(failed, ServerRefused) else "unreachable"
