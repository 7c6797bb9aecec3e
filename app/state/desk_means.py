"""What every room of the desk works with: the notebook, the verbs, the catalogue, the clock, the map; and the names of things."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session as Views

from app.device.voice import FletVoice, Voice
from app.record import DeskRecorder
from app.state.who import Who
from app.store.notebook import Notebook
from app.store.queries import PersonLine, PlaceLine, UnitLine, persons, persons_by_writer, places, units
from app.sync.server_client import ServerClient
from journal.access import Ability, Standing, may_use
from journal.catalogue import Catalogue

RunTask = Callable[[Callable[[], Awaitable[None]]], object]
FetchPhoto = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a photo by its hash, from this device or from the station; None when neither gives it now."""


@dataclass(frozen=True)
class Ground:
    """The map to draw on: where its tiles are, how deep they go, its middle in degrees."""

    tiles: str
    min_zoom: int
    max_zoom: int
    centre: tuple[float, float]
    attribution: str


@dataclass(frozen=True)
class DeskMeans:
    """``ground`` is None without a map pack: tracks are then drawn on plain paper."""

    notebook: Notebook
    verbs: DeskRecorder
    catalogue: Catalogue
    now_ms: Callable[[], int]
    fetch_photo: FetchPhoto
    who: Callable[[], Who | None]
    run_task: RunTask
    client: Callable[[], ServerClient | None]
    """The way to the station; None while this device does not know where it is."""
    random_bytes: Callable[[int], bytes]
    ground: Ground | None = None
    voice: Voice = field(default_factory=FletVoice)

    def standing(self) -> Standing:
        """Who acts here, as the rules of access ask it; nobody in particular before that is known."""
        who = self.who()
        writer = self.notebook.writer
        return Standing(self.notebook.person, writer, dict(who.roles) if who else {})

    def may(self, ability: Ability, unit: str | None = None) -> bool:
        return may_use(self.standing(), ability, unit)

    def units_with(self, ability: Ability) -> tuple[str, ...]:
        """Units in which the person has this ability."""
        standing = self.standing()
        return tuple(sorted(unit for unit in standing.roles if may_use(standing, ability, unit)))


@dataclass(frozen=True)
class Names:
    """Words for codes, as the station registers them."""

    units: Mapping[str, UnitLine] = field(default_factory=dict)
    persons: Mapping[str, PersonLine] = field(default_factory=dict)
    by_writer: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, PlaceLine] = field(default_factory=dict)

    def unit(self, code: str) -> str:
        known = self.units.get(code)
        return code if known is None else known.short_name or known.name

    def person(self, who: str) -> str:
        """The name of ``person:CODE`` or of the person whose device wrote it; the code while the register is not here."""
        subject = self.by_writer.get(who, who)
        known = self.persons.get(subject)
        return subject.partition(":")[2] or subject if known is None else known.name

    def place(self, subject: str) -> str:
        known = self.places.get(subject)
        return subject.partition(":")[2] or subject if known is None else known.name


def read_names(views: Views, now_ms: int) -> Names:
    """The register as it is now."""
    return Names(
        units(views), persons(views, now_ms), persons_by_writer(views), {place.subject: place for place in places(views)}
    )
