"""Records and patrols of this desk as a file for other programs: made here, without a network, and written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import flet as ft

from app.later import Later
from app.state.desk_means import DeskMeans
from app.state.desk_register import PATROLS
from app.store.outcomes import StoreLocked
from app.store.queries import ObservationFilter
from app.store.queries_export import observations_to_export, patrols_to_export, states_of
from journal.catalogue.kinds import Language
from journal.clock import moment
from journal.entries import DeviceReported
from journal.names import register
from journal.open_formats.feature import Feature
from journal.open_formats.geojson import write_geojson
from journal.open_formats.gpx import write_gpx
from journal.open_formats.in_words import tell_in_words
from journal.open_formats.kml import write_kml
from journal.open_formats.leaving import Scope, let_all_leave, plain_kinds
from journal.open_formats.shaping import shape
from journal.open_formats.tables import Table, make_table, write_csv

if TYPE_CHECKING:
    from journal.open_formats import xlsx
else:
    xlsx = Later("journal.open_formats.xlsx")

ENDINGS = ("xlsx", "csv", "geojson", "gpx", "kml")
MOST = 5_000
"""Features in one file: more are narrowed by a filter first."""
AT_ONCE = 100
EXPORTED = "exported"


@dataclass(frozen=True)
class Words:
    """What the page calls the whole and each column, in its language."""

    name: str
    language: Language
    column: Callable[[str], str]


@dataclass(frozen=True)
class MadeFile:
    """``features`` is how many are in it; ``left_out`` how many records that were chosen may not leave or have no form here."""

    raw: bytes
    ending: str
    features: int
    left_out: int


@dataclass(eq=False)
class ExportDesk(ft.Observable):
    """``trouble`` is ``too_many`` or ``nothing``; ``made`` the file that was handed out last."""

    means: DeskMeans
    busy: bool = False
    made: MadeFile | None = None
    trouble: str | None = None

    def may(self) -> bool:
        return self.means.may("export")

    async def make(self, book: str, chosen: ObservationFilter, ending: str, words: Words) -> MadeFile | None:
        """The chosen records, or the patrols, as a file; None when none was made, and ``trouble`` says why."""
        self.busy, self.made, self.trouble = True, None, None
        try:
            subjects = await self._subjects(book, chosen)
            self.trouble = "too_many" if len(subjects) > MOST else None
            if self.trouble is None:
                features = await self._gather(subjects, self._scope(chosen))
                self.trouble = None if features else "nothing"
            if self.trouble is not None:
                return None
            raw = self._write(features, ending, words)
            return MadeFile(raw, ending, len(features), len(subjects) - len(features))
        except StoreLocked:
            return None
        finally:
            self.busy = False

    async def note(self, made: MadeFile, book: str) -> None:
        """The file left: who took how many of what along stays in the journal."""
        body = DeviceReported(what=EXPORTED, figures={"features": made.features}, text=f"{book}.{made.ending}")
        about = register("writer", self.means.notebook.writer)
        await self.means.notebook.act(lambda pen: pen.write(body, subject=about))
        self.made = made

    def _scope(self, chosen: ObservationFilter) -> Scope:
        """Whoever filters by a sensitive kind asks for it by name."""
        kinds = plain_kinds(self.means.catalogue) | frozenset(chosen.kinds)
        return Scope(units=frozenset(self.means.units_with("export")), kinds=kinds, plates=True, texts=True)

    async def _subjects(self, book: str, chosen: ObservationFilter) -> list[str]:
        if book == PATROLS:
            return await self.means.notebook.ask(lambda views: patrols_to_export(views, MOST + 1))
        return await self.means.notebook.ask(lambda views: observations_to_export(views, chosen, MOST + 1))

    async def _gather(self, subjects: Sequence[str], scope: Scope) -> list[Feature]:
        """Some at a time, so that screens get between them."""
        features: list[Feature] = []
        for start in range(0, len(subjects), AT_ONCE):
            some = list(subjects[start : start + AT_ONCE])
            states = await self.means.notebook.ask(partial(states_of, subjects=some))
            shaped = [feature for state in states if (feature := shape(state)) is not None]
            features += let_all_leave(shaped, scope, self.means.catalogue)
        return features

    def _write(self, features: Sequence[Feature], ending: str, words: Words) -> bytes:
        now_ms = self.means.now_ms()
        match ending:
            case "xlsx":
                return xlsx.write_xlsx(self._table(features, words), sheet=words.name[:31], made=moment(now_ms), say=words.column)
            case "csv":
                return write_csv(self._table(features, words), words.column)
            case "gpx":
                return write_gpx(features, made_ms=now_ms)
            case "kml":
                return write_kml(features, name=words.name)
        return write_geojson(features)

    def _table(self, features: Sequence[Feature], words: Words) -> Table:
        """People read tables."""
        return make_table(tell_in_words(feature, self.means.catalogue, words.language) for feature in features)
