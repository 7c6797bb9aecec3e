"""A sealed file that somebody brought to the desk: delivered to the station, and what it says to it."""

import logging
from dataclasses import dataclass
from pathlib import Path

import flet as ft

from app.state.desk_means import DeskMeans
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.delivery import deliver_file
from journal.bundle import BundleReply, BundleUnreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TakenIn:
    """What the station signed for: how far it holds this writer's chain now, and how many files came."""

    writer: str
    held_to: int | None
    photos: int

    @classmethod
    def of(cls, reply: BundleReply) -> "TakenIn":
        return cls(reply.writer, reply.push.held_to if reply.push is not None else None, len(reply.photos))


@dataclass(eq=False)
class BundlesDesk(ft.Observable):
    """``trouble`` says why a file was not taken in: ``unreadable``, ``unreachable`` or the code of the station's problem."""

    means: DeskMeans
    busy: bool = False
    taken: TakenIn | None = None
    trouble: str | None = None

    async def take(self, file: Path, _name: str) -> None:
        """Brings this file to the station; it stays where it is. Bringing it twice changes nothing."""
        client = self.means.client()
        self.taken, self.trouble, self.busy = None, None, True
        try:
            if client is None:
                self.trouble = "unreachable"
            else:
                self.taken = TakenIn.of(await deliver_file(client, self.means.notebook.station, file))
        except (BundleUnreadable, OSError) as unreadable:
            log.info("no bundle: %s", unreadable)
            self.trouble = "unreadable"
        except ServerRefused as refused:
            self.trouble = refused.problem.code
        except ExchangeFailed as failed:
            log.info("a bundle was not delivered: %s", failed)
            self.trouble = "unreachable"
        finally:
            self.busy = False
