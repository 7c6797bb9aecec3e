"""Who has looked at what, as the station wrote it down: asked for when the book is opened, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import flet as ft

from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import ObservationLine
from app.store.queries.listed import records_among
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.desk import read_access_log
from journal.looked import Looked


@dataclass(eq=False)
class AccessDesk(ft.Observable):
    """``about`` is the record whose part is shown, ``person`` whose doings are; both empty show all. Fields are only replaced.

    ``trouble`` says why nothing is shown: ``unreachable``, or the code of the station's problem.
    """

    means: DeskMeans
    about: str = ""
    person: str = ""
    looked: Looked | None = None
    records: Mapping[str, ObservationLine] = field(default_factory=dict)
    """The records that are named, as far as they are here."""
    trouble: str | None = None
    asking: bool = False

    def may(self) -> bool:
        return self.means.may("inspect")

    async def of_record(self, subject: str) -> None:
        self.about, self.person = subject, ""
        await self.ask()

    async def of_person(self, person: str) -> None:
        """Empty means everybody."""
        self.about, self.person = "", person
        await self.ask()

    async def older(self) -> None:
        if self.looked is not None and self.looked.looks:
            await self.ask(before=self.looked.looks[-1].id)

    async def ask(self, *, before: int = 0) -> None:
        """Asks the station; what is older comes after what is shown."""
        client, about, person = self.means.client(), self.about, self.person
        if client is None:
            self.looked, self.trouble = None, "unreachable"
            return
        self.asking, self.trouble = True, None
        try:
            told = await read_access_log(client, about=about, person=person, before=before)
        except ServerRefused as refused:
            self.looked, self.trouble = None, refused.problem.code
        except ExchangeFailed:
            self.looked, self.trouble = None, "unreachable"
        else:
            if (about, person) == (self.about, self.person):
                await self._take(told, after=self.looked if before else None)
        finally:
            self.asking = False

    async def _take(self, told: Looked, *, after: Looked | None) -> None:
        looks = (*(after.looks if after else ()), *told.looks)
        named = list(dict.fromkeys([*([self.about] if self.about else []), *(one.subject for one in looks if one.subject)]))
        try:
            lines = await self.means.notebook.ask(lambda views: records_among(views, named))
        except StoreLocked:
            return
        self.records = {line.subject: line for line in lines}
        copies = told.copies or (after.copies if after else ())
        self.looked = Looked(looks=looks, more=told.more, copies=copies)
