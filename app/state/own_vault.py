"""What a person does with their own vault: a new PIN, opening it again with the station's key, leaving the phone."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.state.drafting import PREFIX
from app.state.stored import Stored, measure_stored
from app.store.leaving import Left, Remains
from app.store.outcomes import LockedOut, Unlocked, WeakPin, WrongPin, WrongRecoveryKey
from journal.wire import WireUnreadable, from_text

if TYPE_CHECKING:
    from app.state.session import Session


@dataclass(frozen=True)
class StillOut:
    """A patrol is under way: it is ended first."""


class OwnVault:
    """The verbs of one person; each of them asks for what proves who that is."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    async def change_pin(self, pin: str, new_pin: str) -> Unlocked | WeakPin | WrongPin | LockedOut:
        return await self._session.notebook.change_pin(pin, new_pin)

    async def recover(self, key_text: str, new_pin: str) -> Unlocked | WeakPin | WrongRecoveryKey:
        """Opens the vault with the station's recovery key, as printed there, and sets a new PIN. Nothing in it changes."""
        try:
            key = X25519PrivateKey.from_private_bytes(from_text("".join(key_text.split())))
        except (WireUnreadable, ValueError):
            return WrongRecoveryKey()
        return await self._session.handset.recover(key, new_pin)

    async def remains(self) -> Remains:
        """What would keep this person's vault on the phone now."""
        return await self._session.notebook.remains(is_work)

    async def measure(self) -> Stored | None:
        """What of the phone this person's vault takes up; None without one."""
        vault = self._session.handset.vault
        return await asyncio.to_thread(measure_stored, vault) if vault is not None else None

    async def leave(self, pin: str) -> Left | Remains | StillOut | WrongPin | LockedOut:
        """Takes this person off the phone, once the station has all that is theirs."""
        if self._session.patrol is not None:
            return StillOut()
        tried = await self._session.notebook.check_pin(pin)
        if not isinstance(tried, Unlocked):
            return tried
        return await self._session.handset.phone.let_leave(self._session.handset)


def is_work(draft_name: str) -> bool:
    """Whether a draft is of an observation; settings lie among the drafts too."""
    return draft_name.startswith(PREFIX)
