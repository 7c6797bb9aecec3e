"""Opening who told a tip: asked of the station with a reason, held while its dialog is open, kept nowhere."""

from dataclasses import dataclass

import flet as ft

from app.state.desk_means import DeskMeans
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.desk import OpenedSource, open_source


@dataclass(eq=False)
class SourceDesk(ft.Observable):
    """``trouble`` says why nothing was opened: ``reason_missing``, ``unreachable``, or the code of the station's problem."""

    means: DeskMeans
    opened: tuple[OpenedSource, ...] | None = None
    trouble: str | None = None
    asking: bool = False

    def __post_init__(self) -> None:
        self._reason = ""

    def note_reason(self, text: str) -> None:
        """What is typed; read when the button is pressed."""
        self._reason = text

    @property
    def reason(self) -> str:
        return self._reason

    async def open(self, subject: str) -> None:
        reason, client = self._reason.strip(), self.means.client()
        if self.asking:
            return
        if not reason:
            self.trouble = "reason_missing"
            return
        if client is None:
            self.trouble = "unreachable"
            return
        self.asking, self.trouble = True, None
        try:
            self.opened = await open_source(client, subject, reason)
        except ServerRefused as refused:
            self.trouble = refused.problem.code
        except ExchangeFailed:
            self.trouble = "unreachable"
        finally:
            self.asking = False

    def forget(self) -> None:
        """The dialog is closed: what was read is on this device no more."""
        self.opened, self.trouble, self._reason = None, None, ""
